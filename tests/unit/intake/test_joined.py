"""续表 that a document prints as tables of their own are read with the table they continue."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import docx
import pytest

from pipelines.intake.joined import Joined, Part, part
from pipelines.intake.read import read_file
from schemas.templates import Check, FieldReading, Grid, TableReading

FIELD = FieldReading(path=("人口",), cell="C2#1", role="fill")
HEAD = ["指标名称", "计量单位", "代码", "数量"]
FIRST = [["一、人口", "—", "—", "—"], ["户籍人口", "人", "01", ""], ["二、土地", "—", "—", "—"]]
SECOND = [["耕地面积", "亩", "02", ""], ["其中：水田", "亩", "03", ""]]


def read(folder: Path, first: list[list[str]], second: list[list[str]], between: str) -> list[TableReading]:
    document = docx.Document()
    document.add_paragraph("村级基本情况表")
    document.add_paragraph("表号：村01表")
    for number, rows in enumerate((first, second)):
        if number:
            document.add_paragraph(between)
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in enumerate(rows):
            for col, text in enumerate(texts):
                table.cell(row, col).text = text
    document.save(str(folder / "a.docx"))
    return read_file(folder / "a.docx")


@pytest.mark.parametrize("marker", ["续表", "（续表一）", "接上表："])
@pytest.mark.parametrize("has_header", [True, False])
def test_rows_go_on_in_the_next_table(tmp_path: Path, marker: str, has_header: bool) -> None:
    second = [HEAD, *SECOND] if has_header else SECOND
    one, two = read(tmp_path, [HEAD, *FIRST], second, marker)
    shift = has_header
    assert [(field.path, field.cell) for field in one.fields] == [(("人口", "户籍人口"), "D3")]
    assert [(field.path, field.cell, field.code) for field in two.fields] == [
        (("土地", "耕地面积"), f"D{1 + shift}", "02"),
        (("土地", "耕地面积", "水田"), f"D{2 + shift}", "03"),
    ]
    assert (one.sheet, two.sheet) == ("table 1", "table 2")
    assert (two.title, two.form_code) == ("村级基本情况表", "村01表")


def test_other_columns_are_a_table_of_their_own_with_the_same_frame(tmp_path: Path) -> None:
    second = [["指标名称", "代码", "本年", "上年"], ["耕地面积", "02", "", ""], ["园地面积", "03", "", ""]]
    one, two = read(tmp_path, [HEAD, *FIRST], second, "续表")
    assert [field.cell for field in one.fields] == ["D3"]
    assert (two.fields[0].path, two.fields[0].cell) == (("耕地面积", "本年"), "C2")
    assert (two.title, two.form_code) == ("村级基本情况表", "村01表")


def test_without_a_mark_nothing_is_joined(tmp_path: Path) -> None:
    _, two = read(tmp_path, [HEAD, *FIRST], [HEAD, *SECOND], "农业情况表")
    assert (two.title, two.fields[0].path) == ("农业情况表", ("耕地面积",))


def test_a_cell_of_several_lines_keeps_its_line() -> None:
    grid = Grid(file="a.docx", sheet="table 1", kind="document", cells={}, row_count=5, col_count=3)
    checks = (Check("part", "C2#4", ("C2#1",), ""), Check("part", "C5#2", ("C4#1", "C4#2"), ""))
    reading = TableReading(file="a.docx", sheet="table 1", checks=checks)
    whole = Joined(grid, (Part("table 1", 0), Part("table 2", 3)))
    one, two = part(replace(reading, fields=(FIELD, replace(FIELD, cell="C5#2"))), whole)
    assert [(check.target, check.parts) for check in one.checks] == [("C2#4", ("C2#1",))]
    assert [(check.target, check.parts) for check in two.checks] == [("C2#2", ("C1#1", "C1#2"))]
    assert [field.cell for field in (*one.fields, *two.fields)] == ["C2#1", "C2#2"]


def test_a_table_right_under_another_has_its_head(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("村级基本情况表")
    for texts in (["村名", "", "电话", ""], ["姓名", "职务", "任职时间", "备注"]):
        table = document.add_table(2, 4)
        for col, text in enumerate(texts):
            table.cell(0, col).text = text
    document.save(str(tmp_path / "a.docx"))
    assert [table.title for table in read_file(tmp_path / "a.docx")] == ["村级基本情况表"] * 2


def test_a_box_with_nothing_but_the_frame_is_the_frame_of_the_tables_under_it(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("乡镇基本情况表")
    box = [
        ["", "表    号：", "农01表"],
        ["", "制定机关：", "某市统计局"],
        ["  县      乡(镇)  ", "有效期至：", "2027年6月"],
    ]
    box.append(["20　　年", "", ""])
    options = "01 乡镇类型   □ 1重点镇  2乡\n02 县城驻地   □ 1是 2否"
    for rows in (box, [[options, "", "", ""], HEAD, ["总户数", "户", "03", ""], ["总人口", "人", "04", ""]]):
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in enumerate(rows):
            for col, text in enumerate(texts):
                table.cell(row, col).text = text
    table.cell(0, 0).merge(table.cell(0, 3))
    document.save(str(tmp_path / "a.docx"))
    frame, two = read_file(tmp_path / "a.docx")
    assert [(field.path, field.role) for field in frame.fields] == [(("县",), "meta"), (("乡(镇)",), "meta")]
    assert (two.title, two.form_code, two.issuing_body) == ("乡镇基本情况表", "农01表", "某市统计局")
    assert [(field.path, field.code) for field in two.fields] == [
        (("乡镇类型",), "01"),
        (("县城驻地",), "02"),
        (("总户数",), "03"),
        (("总人口",), "04"),
    ]
    assert "OF-149" not in {finding.code for finding in two.findings}


def test_the_title_of_a_cover_page_is_found_behind_its_empty_lines(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("社会团体登记申请表")
    for _ in range(60):
        document.add_paragraph("")
    table = document.add_table(1, 4)
    for col, text in enumerate(["团体名称", "", "电话", ""]):
        table.cell(0, col).text = text
    document.save(str(tmp_path / "a.docx"))
    assert [table.title for table in read_file(tmp_path / "a.docx")] == ["社会团体登记申请表"]


def test_a_stub_with_the_same_title_is_read_with_what_it_is_torn_from(tmp_path: Path) -> None:
    document = docx.Document()
    for text in ("家庭关系证明", "申请人姓名：______，户籍地址：          。", "（此联留档）", "家庭关系证明"):
        document.add_paragraph(text)
    document.add_paragraph("申请人姓名：______，户籍地址：          。经核实，关系如下：")
    table = document.add_table(3, 3)
    for col, text in enumerate(["姓名", "性别", "称谓"]):
        table.cell(0, col).text = text
    document.save(str(tmp_path / "a.docx"))
    (reading,) = read_file(tmp_path / "a.docx")
    asked = [(field.path, field.cell) for field in reading.fields if field.cell.startswith("para")]
    assert asked == [
        (("申请人姓名",), "para 2"),
        (("户籍地址",), "para 2"),
        (("申请人姓名",), "para 5"),
        (("户籍地址",), "para 5"),
    ]


@pytest.mark.parametrize("between", ["注：以上内容由本人填写", "申请日期：    年  月  日", ""])
def test_a_later_table_without_a_title_goes_on_with_the_form(tmp_path: Path, between: str) -> None:
    card = [["姓名", "", "性别", ""], ["住址", "", "电话", ""]]
    one, two = read(tmp_path, card, [["乡镇意见", "", "", ""], ["县级意见", "", "", ""]], between)
    assert (one.title, one.form_code) == (two.title, two.form_code) == ("村级基本情况表", "村01表")
