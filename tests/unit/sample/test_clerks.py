"""The clerks type into a workbook without losing anything, in the column's own unit, code and date format."""

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from answers import answer
from holdings import Element, Holdings
from mistakes import planned
from often import parts_of, told
from patch import open_parts, rename_sheet, save, type_into

MAKE = Path(__file__).resolve().parents[3] / "data" / "sample" / "make"
HOLDINGS = Holdings({}, {}, {"地块.面积": "亩", "户.总收入": "元"}, frozenset(), {})


def element(data_type: str, unit: str = "", choices: tuple[str, ...] = (), is_year: bool = False) -> Element:
    return Element("DE1", "户.x", data_type, unit, choices, (), frozenset(), 0, is_year)


@pytest.fixture
def issued(tmp_path: Path) -> Path:
    path = tmp_path / "issued.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("人员台账")
        money = book.add_format({"num_format": "0.00"})
        sheet.set_column(2, 2, 10, money)
        sheet.write_row(0, 0, ["姓名", "性别", "金额"])
        sheet.write_string(1, 0, "原来的<字>")
        sheet.data_validation(1, 1, 9, 1, {"validate": "list", "source": ["男", "女"]})
        book.add_worksheet("码").very_hidden()
    return path


def test_typing_keeps_everything_else(issued: Path, tmp_path: Path) -> None:
    parts = open_parts(issued)
    type_into(parts, "人员台账", {(1, 1): "女", (1, 2): 12.5, (4, 0): "李<四>&"})
    rename_sheet(parts, "人员台账", "定稿")
    save(parts, tmp_path / "back.xlsx")
    book = openpyxl.load_workbook(tmp_path / "back.xlsx")
    sheet = book["定稿"]
    assert [sheet[cell].value for cell in ("A2", "B2", "C2", "A5")] == ["原来的<字>", "女", 12.5, "李<四>&"]
    assert sheet["C2"].number_format == "0.00"
    assert len(sheet.data_validations.dataValidation) == 1
    assert book["码"].sheet_state == "veryHidden"


def test_the_same_answers_give_the_same_bytes(issued: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        parts = open_parts(issued)
        type_into(parts, "人员台账", {(2, 0): "张三"})
        save(parts, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    ("value", "concept", "column", "expected"),
    [
        ("15", "地块.面积", element("decimal", "公顷"), "1"),
        ("15", "地块.面积", element("decimal", "亩"), "15"),
        ("12345", "户.总收入", element("decimal", "万元"), "1.2345"),
        ("小学", "x", element("code", choices=("文盲", "小学及以下", "初中")), "小学及以下"),
        ("是", "x", element("boolean", choices=("是", "否")), "是"),
        ("1998", "x", element("date"), "1998-01-01"),
        ("1998-07-01", "x", element("integer", is_year=True), "1998"),
    ],
)
def test_a_value_is_put_into_the_columns_form(value: str, concept: str, column: Element, expected: str) -> None:
    assert answer(value, concept, column, HOLDINGS) == expected


def test_both_months_of_the_demonstration_have_mistakes() -> None:
    assert all(planned(MAKE / "facts", month) for month in ("2025-11", "2025-12"))


@pytest.mark.parametrize(
    ("period", "parts"), [("2025-12-X1", 3), ("2025-W52", 4), ("2025-10-X2", 3), ("2025-W40", 5), ("2025-12-05", 0)]
)
def test_parts_of_a_month_add_up_to_what_the_month_says(period: str, parts: int) -> None:
    month = "2025-12" if "12" in period or period == "2025-W52" else "2025-10"
    flow, total, stock = "行政区域.x[本旬]", "行政区域.x[累计]", "行政区域.x"
    before = "2025-11" if month == "2025-12" else "2025-09"
    figures = {
        ("V", month, flow): "20",
        ("V", before, total): "100",
        ("V", month, total): "120",
        ("V", month, stock): "7",
    }
    holdings = Holdings({}, figures, {}, frozenset({flow}), {})
    all_of_them = parts_of(period)
    assert len(all_of_them) == parts
    if parts:
        shares = [int(told(holdings, "V", each, flow) or 0) for each in all_of_them]
        assert sum(shares) == 20
        assert told(holdings, "V", all_of_them[-1], total) == "120"
        assert told(holdings, "V", all_of_them[0], total) == str(100 + shares[0])
        assert {told(holdings, "V", each, stock) for each in all_of_them} == {"7"}
