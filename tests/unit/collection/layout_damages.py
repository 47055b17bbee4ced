"""Kinds of damage to how a workbook is laid out: rows, columns, sheets, hidden ids."""

from __future__ import annotations

from pipelines.collection.layout import FIRST_DATA_ROW, ID_ROW, IDS_SHEET
from tests.unit.collection.county import EAST
from tests.unit.collection.damage_bench import Bench, kinds


def _rename_sheet(bench: Bench) -> None:
    bench.page.title = bench.case["value"]


def _edit_header(bench: Bench) -> None:
    bench.page.cell(FIRST_DATA_ROW - 1, bench.col).value = bench.case["value"]


def _swap_columns(bench: Bench) -> None:
    page, left, right = bench.page, bench.col, bench.col + 1
    for row in range(1, page.max_row + 1):
        a, b = page.cell(row, left).value, page.cell(row, right).value
        page.cell(row, left).value, page.cell(row, right).value = b, a


def _insert_column(bench: Bench) -> None:
    bench.page.insert_cols(6)


def _insert_row(bench: Bench) -> None:
    bench.page.insert_rows(bench.row)


def _insert_row_top(bench: Bench) -> None:
    bench.page.insert_rows(1, 2)


def _reverse_rows(bench: Bench) -> None:
    page, rows = bench.page, [row + 1 for row, key in bench.sheet.row_ids.items() if key]
    lines = [[cell.value for cell in page[row]] for row in rows]
    for row, line in zip(rows, reversed(lines), strict=True):
        for col, value in enumerate(line, 1):
            page.cell(row, col).value = value


def _reverse_sheets(bench: Bench) -> None:
    bench.book._sheets.reverse()


def _drop_named(bench: Bench) -> None:
    bench.book.remove(bench.book[bench.case["value"]])


def _drop_sheet(bench: Bench) -> None:
    bench.book.remove(bench.page)


def _delete_row(bench: Bench) -> None:
    bench.page.delete_rows(bench.row)


def _drop_column(bench: Bench) -> None:
    bench.page.delete_cols(bench.col)


def _edit_id(bench: Bench) -> None:
    bench.page.cell(ID_ROW + 1, bench.col).value = bench.case["value"]


def _copy_column(bench: Bench) -> None:
    page, last = bench.page, bench.page.max_column + 1
    for row in range(1, page.max_row + 1):
        page.cell(row, last).value = page.cell(row, bench.col).value


def _drop_village(bench: Bench) -> None:
    bench.page.delete_cols(bench.first_village)


def _drop_indicator(bench: Bench) -> None:
    bench.page.delete_rows(bench.row)


def _drop_id_row(bench: Bench) -> None:
    bench.page.delete_rows(ID_ROW + 1)
    bench.page.delete_cols(1)


def _drop_all_ids(bench: Bench) -> None:
    for sheet in bench.layout:
        bench.book[sheet.name].delete_rows(ID_ROW + 1)
    bench.book.remove(bench.book[IDS_SHEET])


def _never_issued(bench: Bench) -> None:
    _replace_everywhere(bench, EAST, "530100199000")


def _stale(bench: Bench) -> None:
    for line in bench.book[IDS_SHEET].iter_rows():
        if line[0].value == "version":
            line[1].value = "000000000000"


def _replace_everywhere(bench: Bench, old: str, new: str) -> None:
    for page in bench.book:
        for line in page.iter_rows(max_row=6):
            for cell in line:
                if isinstance(cell.value, str) and old in cell.value:
                    cell.value = cell.value.replace(old, new)


def _sort_without_ids(bench: Bench) -> None:
    """Rows sorted, the hidden column left as it was."""
    page, rows = bench.page, [row + 1 for row, key in bench.sheet.row_ids.items() if key]
    lines = [[cell.value for cell in page[row]][1:] for row in rows]
    for row, line in zip(rows, reversed(lines), strict=True):
        for col, value in enumerate(line, 2):
            page.cell(row, col).value = value


def _delete_sheet_row(bench: Bench) -> None:
    bench.page.delete_rows(bench.sheet.header_row + int(bench.case["value"]))


def _drop_id_column(bench: Bench) -> None:
    bench.page.delete_cols(1)


def _clear_id_row(bench: Bench) -> None:
    for cell in bench.page[ID_ROW + 1]:
        cell.value = None


def _all_ids_and_a_heading(bench: Bench) -> None:
    _edit_header(bench)
    _drop_all_ids(bench)


def _all_ids_and_the_cover(bench: Bench) -> None:
    _drop_all_ids(bench)
    bench.book.remove(bench.book["封面"])


def _clear_sheet(bench: Bench) -> None:
    bench.page.delete_rows(1, bench.page.max_row)


def _two_blank_rows_below_headings(bench: Bench) -> None:
    bench.page.insert_rows(bench.sheet.header_row + 3, 2)


def _insert_below_ids(bench: Bench) -> None:
    bench.page.insert_rows(ID_ROW + 2, 2)


LAYOUT_DAMAGES = kinds(globals())
