"""Kinds of damage to what stands in cells."""

from __future__ import annotations

from pipelines.collection.layout import AREA_COLUMN, read_layout
from tests.unit.collection import clerk, county
from tests.unit.collection.damage_bench import Bench, kinds


def _set(bench: Bench) -> None:
    bench.page.cell(bench.row, bench.col).value = bench.case["value"] or None


def _set_text(bench: Bench) -> None:
    cell = bench.page.cell(bench.row, bench.col)
    cell.value = bench.case["value"]
    cell.data_type = "s"


def _set_number(bench: Bench) -> None:
    cell = bench.page.cell(bench.row, bench.col)
    cell.number_format = "General"
    cell.value = float(bench.case["value"])


def _set_area(bench: Bench) -> None:
    col = next(col for col, element in bench.sheet.columns.items() if element == AREA_COLUMN) + 1
    bench.page.cell(bench.row, col).value = bench.case["value"]
    if bench.case["status"] == "接收":
        house = next(col for col, element in bench.sheet.columns.items() if element == county.HOUSE_NO) + 1
        bench.page.cell(bench.row, house).value = "无此项"


def _set_indicator(bench: Bench) -> None:
    value = bench.case["value"]
    number = float(value) if value.replace(".", "").isdigit() else value or None
    bench.page.cell(bench.row, bench.first_village).value = number


def _explain_indicator(bench: Bench) -> None:
    _set_indicator(bench)
    col = next(col for col, code in bench.sheet.columns.items() if code == "REMARK") + 1
    bench.page.cell(bench.row, col).value = "新修通了环线"


def _add_column(bench: Bench) -> None:
    bench.page.cell(bench.row, bench.page.max_column + 3).value = bench.case["value"]


def _add_sheet(bench: Bench) -> None:
    bench.book.create_sheet(bench.case["value"])["A1"] = "算一算"


def _lower_id(bench: Bench) -> None:
    for row, key in bench.sheet.row_ids.items():
        if key:
            bench.page.cell(row + 1, bench.col).value = str(key).lower()


def _append_blank(bench: Bench) -> None:
    bench.page.cell(bench.page.max_row + 40, bench.sheet.header_row + 4).value = "  "


def _comment(bench: Bench) -> None:
    from openpyxl.comments import Comment

    bench.page.cell(bench.row, bench.col).comment = Comment(bench.case["value"], "某人")


def _merge(bench: Bench) -> None:
    bench.page.merge_cells(start_row=bench.row, end_row=bench.row + 1, start_column=bench.col, end_column=bench.col)


def _wrong_digit(bench: Bench) -> None:
    cell = bench.page.cell(bench.row, bench.col)
    cell.value = str(cell.value)[:17] + ("1" if str(cell.value)[17] != "1" else "2")


def _copy_key(bench: Bench) -> None:
    bench.page.cell(bench.row + 1, bench.col).value = bench.page.cell(bench.row, bench.col).value


def _clear_row(bench: Bench) -> None:
    for cell in bench.page[bench.row]:
        cell.value = None


def _claim_elsewhere(bench: Bench) -> None:
    other = next(s for s in read_layout(bench.other) if s.ledger == "person")
    key = next(key for key in other.row_ids.values() if key)
    free = max(row for row, known in bench.sheet.row_ids.items() if known) + 2
    for col, element in bench.sheet.columns.items():
        answers = clerk.person_answers(0, next(iter(county.VILLAGES))) | {county.ID: key}
        bench.page.cell(free, col + 1).value = answers.get(element)


def _unmerge_all(bench: Bench) -> None:
    for span in list(bench.page.merged_cells.ranges):
        bench.page.unmerge_cells(str(span))


def _merge_title(bench: Bench) -> None:
    bench.page.merge_cells("B1:F2")


def _new_person(bench: Bench) -> None:
    """A new row below the known ones; value: what stands in the element's cell."""
    free = max(row for row, known in bench.sheet.row_ids.items() if known) + 2
    answers = clerk.person_answers(5, next(iter(county.VILLAGES)))
    answers[county.HOUSE_NO] = "无此项"
    if bench.element in answers:
        answers[bench.element] = bench.case["value"] or None
    for col, element in bench.sheet.columns.items():
        bench.page.cell(free, col + 1).value = answers.get(element)


def _fullwidth_id(bench: Bench) -> None:
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    cell = bench.page.cell(bench.row, bench.col)
    cell.value = str(cell.value).translate(wide)


def _spaced_id(bench: Bench) -> None:
    cell = bench.page.cell(bench.row, bench.col)
    cell.value = f" {str(cell.value)[:6]} {str(cell.value)[6:14]} {str(cell.value)[14:]} "


def _quoted_id(bench: Bench) -> None:
    cell = bench.page.cell(bench.row, bench.col)
    cell.value = f"'{cell.value}"


def _none(bench: Bench) -> None:
    """Saved again and nothing else."""


VALUE_DAMAGES = kinds(globals())
