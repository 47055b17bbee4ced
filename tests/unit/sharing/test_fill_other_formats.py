"""Word documents, text files and Excel 97 workbooks, filled."""

import io
from decimal import Decimal

import docx
import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell

from pipelines.sharing.filling.fill import Put, Roster, SheetFill
from pipelines.sharing.filling.fill_csv import fill_csv
from pipelines.sharing.filling.fill_docx import fill_docx
from pipelines.sharing.filling.fill_xls import fill_xls, xls_to_xlsx
from pipelines.sharing.filling.read_back import read_back


def document() -> bytes:
    made = docx.Document()
    made.add_paragraph("编号：        填报日期：   年  月  日")
    table = made.add_table(rows=4, cols=4)
    for col, label in enumerate(("姓名", "性别", "面积", "备注")):
        table.cell(0, col).text = label
    table.cell(0, 1).paragraphs[0].runs[0].bold = True
    card = made.add_table(rows=2, cols=3)
    card.cell(0, 0).text, card.cell(1, 0).text = "性别", "住址"
    card.cell(0, 1).merge(card.cell(0, 2)).text = "□男  □女"
    card.cell(1, 1).merge(card.cell(1, 2))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def test_a_document_is_filled_and_its_roster_grows():
    rows = tuple((f"人{i}", "女", Decimal("1.50"), None) for i in range(6))
    fills = [
        SheetFill(
            "table 1",
            puts=(Put("para 1", "A-7", 1, "编号"), Put("para 1", "2025年12月31日", 2, "填报日期")),
            rosters=(Roster(("A2", "B2", "C2", "D2"), rows),),
        ),
        SheetFill("table 2", puts=(Put("B1", "女", 1, "性别", ("男", "女")), Put("B2", "=某村1号"))),
    ]
    data = fill_docx(document(), fills)
    made = docx.Document(io.BytesIO(data))
    assert made.paragraphs[0].text == "编号：A-7 填报日期：2025年12月31日"
    assert [cell.text for cell in made.tables[0].column_cells(0)] == ["姓名", *(f"人{i}" for i in range(6))]
    assert made.tables[0].cell(6, 2).text == "1.5"
    assert made.tables[1].cell(0, 1).text == "□男  ☑女"
    assert read_back(data, ".docx", "table 2", ["B2"]) == {"B2": "=某村1号"}


def test_a_document_that_is_none():
    with pytest.raises(ValueError, match="docx"):
        fill_docx(b"PK", [])
    with pytest.raises(KeyError):
        fill_docx(document(), [SheetFill("table 9")])


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_a_text_file_keeps_its_encoding_and_printed_lines(encoding):
    template = "救助台账,,\r\n填报单位：    ,,单位：元\r\n姓名,电话,金额\r\n,,\r\n".encode(encoding)
    rows = (("李四", "+8613", Decimal("-5.50")), ('𠮷,"野', "=cmd", None))
    data = fill_csv(
        template, [SheetFill("x", (Put("A2", "元马镇", 1, "填报单位"),), (Roster(("A4", "B4", "C4"), rows),))]
    )
    text = data.decode(encoding)
    assert text.startswith("救助台账,,\r\n填报单位：元马镇,,单位：元\r\n姓名,电话,金额\r\n李四,'+8613,-5.5\r\n")
    assert data.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    assert read_back(data, ".csv", "", ["A5", "B4", "B5"]) == {"A5": '𠮷,"野', "B4": "+8613", "B5": "=cmd"}


def test_an_excel_97_template_keeps_its_look(sample):
    """The sample's own .xls: same values, merges, widths, fonts and borders as xlrd reads from the original."""
    import xlrd

    path = sample / "templates" / "县残疾人联合会" / "持证残疾人花名册.xls"
    book = xlrd.open_workbook(path, formatting_info=True)
    sheet = book.sheet_by_index(0)
    page = openpyxl.load_workbook(io.BytesIO(xls_to_xlsx(path.read_bytes())))[sheet.name]
    merged = {(r.min_row - 1, r.max_row, r.min_col - 1, r.max_col) for r in page.merged_cells.ranges}
    assert merged == {m for m in sheet.merged_cells if (m[1] - m[0], m[3] - m[2]) != (1, 1)}
    for row in range(sheet.nrows):
        for col in range(sheet.row_len(row)):
            cell, xf = page.cell(row + 1, col + 1), book.xf_list[sheet.cell_xf_index(row, col)]
            assert (cell.value or "") == sheet.cell_value(row, col) or sheet.cell_type(row, col) != xlrd.XL_CELL_TEXT
            if isinstance(cell, MergedCell):
                continue
            font = book.font_list[xf.font_index]
            assert (cell.font.name, cell.font.b, cell.font.sz) == (font.name, font.weight >= 700, font.height / 20)
            assert bool(cell.border.left.style) == bool(xf.border.left_line_style)
            assert bool(cell.alignment.wrap_text) == bool(xf.alignment.text_wrapped)
    for col, info in sheet.colinfo_map.items():
        assert page.column_dimensions[openpyxl.utils.get_column_letter(col + 1)].width == pytest.approx(
            info.width / 256
        )
    filled = fill_xls(path.read_bytes(), [SheetFill(sheet.name, puts=(Put("B10", "某镇"),))])
    assert read_back(filled, ".xlsx", sheet.name, ["B10"]) == {"B10": "某镇"}
    assert filled == fill_xls(path.read_bytes(), [SheetFill(sheet.name, puts=(Put("B10", "某镇"),))])


def test_formulas_of_an_old_workbook_still_compute(sample):
    """亩产 is a formula in the department's .xls; its stored result was an error, for the form was empty."""
    path = sample / "templates" / "县农业农村局" / "粮食作物生产情况.xls"
    fill = SheetFill("A302", puts=(Put("C10", Decimal(20)), Put("E10", Decimal(8))))
    page = openpyxl.load_workbook(io.BytesIO(fill_xls(path.read_bytes(), [fill])))["A302"]
    assert (page["C10"].value, page["E10"].value) == (20, 8)
    assert page["D10"].value == "=E10/C10*1000.0"
    assert [c.value for c in page["D"] if isinstance(c.value, str) and "DIV" in c.value] == []
