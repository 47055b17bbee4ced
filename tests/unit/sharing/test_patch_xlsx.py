"""A department's workbook comes back with its values, and with nothing else changed."""

import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from pipelines.sharing.filling.fill import Put, Roster, SheetFill
from pipelines.sharing.filling.patch_xlsx import patch_xlsx


def template(blank_rows=3) -> bytes:
    """A roster with two header rows, a formula column, a total row, a signature line, rules, names and a comment."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page, other = book.add_worksheet("花名册"), book.add_worksheet("说明")
    box = book.add_format({"border": 1, "bg_color": "#EEEEEE"})
    page.merge_range("A1:E1", "花 名 册", box)
    page.write_row("A2", ["序号", "姓名", "面积（亩）", "标准", "金额"], box)
    for row in range(3, 3 + blank_rows):
        page.write_row(f"A{row}", [None] * 4, box)
        page.write_formula(f"E{row}", f"=C{row}*D{row}", box)
    total = 3 + blank_rows
    page.write(f"A{total}", "合计", box)
    page.write_formula(f"C{total}", f"=SUM(C3:C{total - 1})", box, 0)
    page.merge_range(f"A{total + 1}:E{total + 1}", "填表人：          审核人：", box)
    page.data_validation(f"B3:B{total - 1}", {"validate": "list", "source": ["甲", "乙"]})
    page.write_comment(f"A{total}", "合计行")
    page.print_area(f"A1:E{total + 1}")
    other.write_formula("A1", f"=花名册!C{total}")
    book.close()
    return buffer.getvalue()


def roster(count):
    rows = tuple((i + 1, f"人{i}", Decimal(i) / 2, Decimal("80.5"), None) for i in range(count))
    return SheetFill("花名册", rosters=(Roster(("A3", "B3", "C3", "D3", "E3"), rows),))


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def test_values_stand_in_their_cells_and_styles_stay():
    filled = opened(patch_xlsx(template(), [roster(2)]))["花名册"]
    assert [[c.value for c in row[:4]] for row in filled["A3:D4"]] == [[1, "人0", 0, 80.5], [2, "人1", 0.5, 80.5]]
    assert filled["B3"].fill.fgColor.rgb == filled["B5"].fill.fgColor.rgb == "FFEEEEEE"
    assert filled["E3"].value == "=C3*D3"


@pytest.mark.parametrize(
    ("printed", "period", "said"),
    [
        (["20     年   季"], "2025-Q4", ["2025年4季"]),
        (["20     年   季"], "2025-11", ["2025年4季"]),
        (["　　年　　月"], "2025-03", ["2025年3月"]),
        (["20  年"], "2025", ["2025年"]),
        (["20  年  月"], "2025", ["20  年  月"]),
        (["年   月   日"], "2025-03", ["年   月   日"]),
        (["20  年", "20  年"], "2025", ["20  年", "20  年"]),
        (["2024年"], "2025", ["2024年"]),
        (["20  年"], "", ["20  年"]),
    ],
)
def test_a_line_of_blanks_for_the_period_is_filled_where_there_is_one(printed, period, said):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet("表")
    page.write_row("A1", printed, book.add_format({"bg_color": "#EEEEEE"}))
    page.write_row("A2", ["人数", None])
    book.close()
    fill = SheetFill("表", (Put("B2", 3),), period=period)
    filled = opened(patch_xlsx(buffer.getvalue(), [fill]))["表"]
    assert [cell.value for cell in filled[1][: len(printed)]] == said
    assert filled["A1"].fill.fgColor.rgb == "FFEEEEEE"


def test_a_longer_roster_moves_what_is_below():
    data = patch_xlsx(template(), [roster(10)])
    book = opened(data)
    page = book["花名册"]
    assert [page[f"B{row}"].value for row in range(3, 13)] == [f"人{i}" for i in range(10)]
    assert page["A13"].value == "合计"
    assert page["C13"].value == "=SUM(C3:C12)"
    assert page["E12"].value == "=C12*D12"
    assert page["B12"].fill.fgColor.rgb == "FFEEEEEE"
    assert {str(m) for m in page.merged_cells.ranges} == {"A1:E1", "A14:E14"}
    assert str(page.data_validations.dataValidation[0].sqref) == "B3:B12"
    assert page.print_area == "'花名册'!$A$1:$E$14"
    assert page["A13"].comment.text == "合计行"
    assert book["说明"]["A1"].value == "=花名册!C13"


def test_untouched_parts_stay_byte_for_byte():
    same = template()
    before, after = (zipfile.ZipFile(io.BytesIO(data)) for data in (same, patch_xlsx(same, [roster(2)])))
    assert before.namelist() == after.namelist()
    changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert changed <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    sheet = after.read("xl/worksheets/sheet1.xml").decode()
    original = before.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.split("</sheetData>")[1] == original.split("</sheetData>")[1]
    assert re.search(r'<row r="2".*?</row>', sheet)[0] == re.search(r'<row r="2".*?</row>', original)[0]


def test_no_values_no_change():
    before = template()
    after = patch_xlsx(before, [])
    left, right = zipfile.ZipFile(io.BytesIO(before)), zipfile.ZipFile(io.BytesIO(after))
    assert {n: left.read(n) for n in left.namelist()} == {n: right.read(n) for n in right.namelist()}


@pytest.mark.parametrize("text", ["=1+1", "+86", "-3", "@x", "<b>&amp;</b>", "_x0041_", " a\n b ", "𠮷", "00123", '"'])
def test_text_is_text(text):
    filled = patch_xlsx(template(), [SheetFill("花名册", puts=(Put("B3", text),))])
    cell = opened(filled)["花名册"]["B3"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x005F_", "_") == text


def test_a_blank_within_text_and_a_date():
    line = SheetFill("花名册", puts=(Put("A7", "王五", 1, "填表人"), Put("A7", "赵六", 2, "审核人")))
    assert opened(patch_xlsx(template(), [line]))["花名册"]["A7"].value == "填表人：王五 审核人：赵六"


def test_formula_results_are_stored_beside_the_formula():
    rows = ((1, "甲", Decimal(2), Decimal(3), Decimal(6)),)
    fill = SheetFill("花名册", rosters=(Roster(("A3", "B3", "C3", "D3", "E3"), rows),))
    data = patch_xlsx(template(), [fill])
    assert opened(data)["花名册"]["E3"].value == "=C3*D3"
    assert openpyxl.load_workbook(io.BytesIO(data), data_only=True)["花名册"]["E3"].value == 6


def test_a_value_column_merged_by_mistake_is_split():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet("表")
    page.merge_range("B2:B4", "")
    book.close()
    filled = opened(patch_xlsx(buffer.getvalue(), [SheetFill("表", puts=(Put("B2", 1), Put("B3", 2), Put("B4", 3)))]))
    assert [filled["表"][f"B{row}"].value for row in (2, 3, 4)] == [1, 2, 3]
    assert not filled["表"].merged_cells.ranges


def test_same_input_same_bytes():
    same = template()
    assert patch_xlsx(same, [roster(10)]) == patch_xlsx(same, [roster(10)])


def test_bad_input_is_named():
    with pytest.raises(KeyError):
        patch_xlsx(template(), [SheetFill("没有")])
    with pytest.raises(ValueError, match="package"):
        patch_xlsx(b"not a workbook", [])


def test_a_frame_line_is_filled_in_the_cells_where_its_blanks_are_printed():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet("月报")
    page.write_row("A2", ["填报单位：", None, "     年   月"])
    book.close()
    puts = (Put("A2", "元谋县", 1, "填报单位"), Put("A2", "2025年12月31日", 2, "年月日"))
    filled = opened(patch_xlsx(buffer.getvalue(), [SheetFill("月报", puts)]))["月报"]
    assert (filled["A2"].value, filled["C2"].value.strip()) == ("填报单位：元谋县", "2025年12月")
