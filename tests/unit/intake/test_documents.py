"""Word tables on their grid, and the paragraphs round them with their numbers."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from pipelines.intake.sources import grids
from schemas.templates import Grid, Span

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: docx.document.Document, tmp_path: Path) -> list[Grid]:
    path = tmp_path / "a.docx"
    document.save(str(path))
    return grids(path)


def test_merged_cells_keep_their_place_on_the_grid(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 4)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "村名"
    table.cell(0, 1).merge(table.cell(0, 3)).text = "人口"
    for col, text in enumerate(["合计", "男", "女"], start=1):
        table.cell(1, col).text = text
    (grid,) = saved(document, tmp_path)
    assert (grid.sheet, grid.kind, grid.row_count, grid.col_count) == ("table 1", "document", 3, 4)
    assert grid.merges == (Span(0, 0, 1, 0), Span(0, 1, 0, 3))
    assert {at: cell.text.strip() for at, cell in grid.cells.items()} == {
        (0, 0): "村名", (0, 1): "人口", (1, 1): "合计", (1, 2): "男", (1, 3): "女",
    }  # fmt: skip


def test_paragraphs_outside_tables_are_numbered_with_the_empty_ones(tmp_path: Path) -> None:
    document = docx.Document()
    for text in ("登记表", "", "编号："):
        document.add_paragraph(text)
    document.add_table(1, 2).cell(0, 0).text = "姓名"
    for text in ("注：如实填写", "", "填表人："):
        document.add_paragraph(text)
    (grid,) = saved(document, tmp_path)
    assert grid.before == ((1, "登记表"), (3, "编号："))
    assert grid.after == ((4, "注：如实填写"), (6, "填表人："))


@pytest.mark.parametrize(
    ("between", "first", "second"),
    [
        (["填表人：", "", "", "表二"], ["填表人："], ["表二"]),
        (["注：一", "2. 二", "表二", "单位：元"], ["注：一", "2. 二"], ["表二", "单位：元"]),
        (["表二"], [], ["表二"]),
        (["注册登记信息栏"], [], ["注册登记信息栏"]),
        (["注：一", "表二", "表号：02表", "", "", "填报单位："], ["注：一"], ["表二", "表号：02表", "填报单位："]),
    ],
)
def test_paragraphs_between_tables_go_where_they_belong(
    tmp_path: Path, between: list[str], first: list[str], second: list[str]
) -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "甲"
    for text in between:
        document.add_paragraph(text)
    document.add_table(1, 1).cell(0, 0).text = "乙"
    one, other = saved(document, tmp_path)
    assert [text for _, text in one.after] == first
    assert [text for _, text in other.before] == second


def test_nested_tables_follow_their_table(tmp_path: Path) -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "外"
    cell.add_table(1, 1).cell(0, 0).text = "内"
    found = saved(document, tmp_path)
    assert [(grid.sheet, [cell.text.strip() for cell in grid.cells.values()]) for grid in found] == [
        ("table 1", ["外"]),
        ("table 1.1", ["内"]),
    ]


def test_drop_downs_symbols_and_deleted_text(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(1, 3)
    control = (
        f"<w:sdt {NS}><w:sdtPr><w:dropDownList><w:listItem w:displayText='城市' w:value='1'/>"
        "<w:listItem w:displayText='农村' w:value='2'/></w:dropDownList></w:sdtPr>"
        "<w:sdtContent><w:r><w:t>请选</w:t></w:r></w:sdtContent></w:sdt>"
    )
    table.cell(0, 0).paragraphs[0]._p.append(parse_xml(control))
    box = f"<w:r {NS}><w:sym w:font='Wingdings' w:char='F0A8'/><w:t>男</w:t></w:r>"
    table.cell(0, 1).paragraphs[0]._p.append(parse_xml(box))
    gone = f"<w:del {NS}><w:r><w:delText>旧</w:delText></w:r></w:del>"
    table.cell(0, 2).paragraphs[0]._p.append(parse_xml(gone))
    table.cell(0, 2).paragraphs[0].add_run("新")
    (grid,) = saved(document, tmp_path)
    assert grid.choices_by_cell == {(0, 0): ("城市", "农村")}
    assert [grid.cells[0, col].text for col in (0, 1, 2)] == ["请选", "□男", "新"]


def test_each_line_of_a_folded_cell_keeps_how_far_it_stands_in(tmp_path: Path) -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.text = "耕地面积"
    for text, steps in (("水田", 2), ("旱地", 2), ("园地面积", 0)):
        cell.add_paragraph(text).paragraph_format.first_line_indent = docx.shared.Pt(10.5 * steps)
    (grid,) = saved(document, tmp_path)
    assert (grid.cells[0, 0].text, grid.cells[0, 0].indent) == ("耕地面积\n　　水田\n　　旱地\n园地面积", 0)


def test_underlined_spaces_are_rules_drawn_to_write_on(tmp_path: Path) -> None:
    document = docx.Document()
    title = document.add_paragraph("    ")
    title.add_run("      ").underline = True
    title.add_run("镇培训记录卡")
    label = document.add_paragraph("联系人：")
    label.add_run("\t").underline = True
    bare = document.add_paragraph("单位名称")
    bare.add_run("    ").underline = True
    document.add_table(1, 1).cell(0, 0).text = "甲"
    (grid,) = saved(document, tmp_path)
    assert grid.before == ((1, "    ______镇培训记录卡"), (2, "联系人：____"), (3, "单位名称    "))


def test_a_table_in_a_text_box_is_a_table(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("年检情况")
    inner = document.add_table(1, 2)
    inner.cell(0, 0).text = "墓穴数"
    note = document.add_paragraph("年检意见：")
    box = parse_xml(f"<w:r {NS}><w:pict><w:txbxContent/></w:pict></w:r>")
    box[0][0].extend([inner._tbl, note._p])
    document.add_paragraph()._p.append(box)
    (grid,) = saved(document, tmp_path)
    assert [cell.text for cell in grid.cells.values()] == ["墓穴数"]
    assert (grid.before, grid.after) == (((1, "年检情况"),), ((2, "年检意见："),))
