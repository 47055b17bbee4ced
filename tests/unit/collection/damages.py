"""The kinds of damage of tests/golden/collection/damage.csv, done to a real workbook."""

from __future__ import annotations

import csv as text_csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from pipelines.collection.layout import AREA_COLUMN, FIRST_DATA_ROW, ID_ROW, IDS_SHEET, FilledSheet, read_layout
from pipelines.collection.returned_copy import write_returned_copy
from schemas.faults import collection as faults
from tests.unit.collection import county
from tests.unit.collection.county import EAST
from tests.unit.collection.package_damages import BYTE_DAMAGES, PACKAGE_DAMAGES, Parts


@dataclass
class Bench:
    """A workbook that is about to be damaged."""

    path: Path
    other: Path
    earlier: Path
    case: dict[str, str]

    def __post_init__(self) -> None:
        self.book = openpyxl.load_workbook(self.path)
        self.layout: list[FilledSheet] = read_layout(self.path)

    @property
    def sheet(self) -> FilledSheet:
        """The sheet of the case's ledger."""
        return next(s for s in self.layout if s.ledger == self.case["ledger"] and s.level in ("", "村"))

    @property
    def page(self) -> Any:
        """The openpyxl sheet of the case's ledger."""
        return self.book[self.sheet.name]

    @property
    def element(self) -> str:
        """The id that the case's word stands for."""
        return getattr(county, self.case["element"], self.case["element"])

    @property
    def col(self) -> int:
        """The element's column, counted from 1."""
        return next(col for col, element in self.sheet.columns.items() if element == self.element) + 1

    @property
    def row(self) -> int:
        """The case's row, counted from 1: the n-th subject, or the element's row among indicators."""
        if self.sheet.is_indicator:
            return next(row for row, element in self.sheet.row_ids.items() if element == self.element) + 1
        return [row for row, key in self.sheet.row_ids.items() if key][int(self.case["row"] or 0)] + 1

    @property
    def first_village(self) -> int:
        """The first village's column, counted from 1."""
        return min(col for col, code in self.sheet.columns.items() if code.isdigit()) + 1


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


def _add_column(bench: Bench) -> None:
    bench.page.cell(bench.row, bench.page.max_column + 3).value = bench.case["value"]


def _add_sheet(bench: Bench) -> None:
    bench.book.create_sheet(bench.case["value"])["A1"] = "算一算"


def _drop_named(bench: Bench) -> None:
    bench.book.remove(bench.book[bench.case["value"]])


def _drop_sheet(bench: Bench) -> None:
    bench.book.remove(bench.page)


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


def _delete_row(bench: Bench) -> None:
    bench.page.delete_rows(bench.row)


def _clear_row(bench: Bench) -> None:
    for cell in bench.page[bench.row]:
        cell.value = None


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


def _mix_township(bench: Bench) -> None:
    other = openpyxl.load_workbook(bench.other)
    source = other[next(s.name for s in read_layout(bench.other) if s.ledger == "household")]
    target = bench.book.create_sheet("借来的")
    for line in source.iter_rows():
        for cell in line:
            target.cell(cell.row, cell.column).value = cell.value


def _claim_elsewhere(bench: Bench) -> None:
    other = next(s for s in read_layout(bench.other) if s.ledger == "person")
    key = next(key for key in other.row_ids.values() if key)
    free = max(row for row, known in bench.sheet.row_ids.items() if known) + 2
    for col, element in bench.sheet.columns.items():
        answers = county.person_answers(0, next(iter(county.VILLAGES))) | {county.ID: key}
        bench.page.cell(free, col + 1).value = answers.get(element)


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


def _bytes(bench: Bench) -> bytes:
    return bench.case["value"].encode()


def _truncate(bench: Bench) -> bytes:
    return bench.path.read_bytes()[:4000]


def _encrypted(bench: Bench) -> bytes:
    stream = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream + bytes(512)


def _other_township(bench: Bench) -> bytes:
    return bench.other.read_bytes()


def _other_period(bench: Bench) -> bytes:
    return bench.earlier.read_bytes()


def _foreign(bench: Bench) -> None:
    for page in bench.book.worksheets[1:]:
        bench.book.remove(page)


def _csv(bench: Bench) -> bytes:
    target = bench.path.with_suffix(".tmp")
    with target.open("w", encoding=bench.case["value"], newline="") as handle:
        writer = text_csv.writer(handle)
        writer.writerows([["" if v is None else v for v in line] for line in bench.page.iter_rows(values_only=True)])
    return target.read_bytes()


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


def _unmerge_all(bench: Bench) -> None:
    for span in list(bench.page.merged_cells.ranges):
        bench.page.unmerge_cells(str(span))


def _merge_title(bench: Bench) -> None:
    bench.page.merge_cells("B1:F2")


def _new_person(bench: Bench) -> None:
    """A new row below the known ones; value: what stands in the element's cell."""
    free = max(row for row, known in bench.sheet.row_ids.items() if known) + 2
    answers = county.person_answers(5, next(iter(county.VILLAGES)))
    answers[county.HOUSE_NO] = "无此项"
    if bench.element in answers:
        answers[bench.element] = bench.case["value"] or None
    for col, element in bench.sheet.columns.items():
        bench.page.cell(free, col + 1).value = answers.get(element)


def _two_blank_rows_below_headings(bench: Bench) -> None:
    bench.page.insert_rows(bench.sheet.header_row + 3, 2)


def _insert_below_ids(bench: Bench) -> None:
    bench.page.insert_rows(ID_ROW + 2, 2)


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


def _filled_returned_copy(bench: Bench) -> bytes:
    """What a clerk does with a returned copy: corrects the marked cell and sends it back, list of problems and all."""
    address = f"{bench.page.cell(bench.row, bench.col).coordinate}"
    wrong = faults.VALUE_TYPE.at(
        file="交回.xlsx", sheet=bench.sheet.name, cell=address, column="x", expected="整数", example="12", value="三口"
    )
    copy = write_returned_copy(bench.path, "交回.xlsx", [wrong], bench.path.with_suffix(".copy.xlsx"))
    book = openpyxl.load_workbook(copy)
    book[bench.sheet.name][address].value = int(bench.case["value"])
    book.save(copy)
    return copy.read_bytes()


def _none(bench: Bench) -> None:
    """Saved again and nothing else."""


DAMAGES: dict[str, Callable[[Bench], bytes | None]] = {
    name.removeprefix("_"): function
    for name, function in list(globals().items())
    if name.startswith("_") and getattr(function, "__annotations__", {}).get("bench") == "Bench"
}


def damage(path: Path, other: Path, earlier: Path, case: dict[str, str]) -> None:
    """Do the case's damage to the workbook at `path`."""
    kind = case["damage"]
    if kind in BYTE_DAMAGES:
        path.write_bytes(BYTE_DAMAGES[kind](path.read_bytes(), case))
        return
    if kind in PACKAGE_DAMAGES:
        parts = Parts(path, case)
        PACKAGE_DAMAGES[kind](parts)
        parts.save()
        return
    bench = Bench(path, other, earlier, case)
    data = DAMAGES[case["damage"]](bench)
    if data is not None:
        path.write_bytes(data)
    else:
        bench.book.save(path)
