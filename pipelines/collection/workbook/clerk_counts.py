"""What a clerk sees of her own progress: formulas that count what is still to fill, what she changed, what she added.

A very hidden sheet beside each filled one holds what was prefilled, cell for cell where it stands, and a formula a row
that counts the cells which differ. A row's formula points to that row alone, so that an edit costs one row, and follows
it when rows are inserted. Where a row is not the one it was (sorted by force, deleted) the cover says so instead of a
number. Nothing but SUMPRODUCT, IF and COUNTA: the same in Excel, WPS and LibreOffice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipelines.collection.columns import Column
from pipelines.collection.layout import COPY_PREFIX, FIRST_DATA_ROW, MOVED_OUT
from pipelines.collection.workbook.sheet_parts import FIRST_COLUMN
from pipelines.collection.workbook.styles import Styles
from pipelines.text import address, column_letters

ID_COL, CHANGE_COL, AREA_COL = 0, 2, 3
MOVED = "行次有变"
"""Shown instead of a number when rows stand elsewhere than they were issued."""


class AsIssued:
    """The very hidden copy of a sheet: what was prefilled, and the formulas that count against it."""

    def __init__(self, book: Any, shown: str, number: int, first_col: int, last_col: int) -> None:
        """shown: the name of the sheet that is filled; number: its place; columns counted from 0."""
        self.name = f"{COPY_PREFIX}{number}"
        self.sheet = book.add_worksheet(self.name)
        self.sheet.very_hidden()
        self._shown = shown
        self._first, self._last = column_letters(first_col), column_letters(last_col)
        self._end = 0

    def row(self, row: int, row_id: str) -> None:
        """Write a row's id and the formula that counts its changed cells; the values are written by the caller."""
        n = row + 1
        there = f"${self._first}{n}:${self._last}{n}"
        count = f"SUMPRODUCT(({there}<>\"\")*({there}<>'{self._shown}'!{there}))"
        self.sheet.write_string(row, 0, row_id)
        self.sheet.write_formula(row, 1, f"=IF('{self._shown}'!$A{n}=$A{n},{count},NA())", None, 0)
        self._end = n

    @property
    def changed(self) -> str:
        """A formula for the cover: how many prefilled cells are different now; "" when nothing was prefilled."""
        if not self._end:
            return ""
        total = f"SUM('{self.name}'!$B${FIRST_DATA_ROW + 1}:$B${self._end})"
        return f'=IF(ISERROR({total}),"{MOVED}",{total})'

    def still_to_fill(self, columns: Sequence[Column], last_row: int, is_all: bool) -> str:
        """Return a formula for the cover: how many cells of the rows that need them are empty; "" when none is needed.

        Each run of columns is counted in a cell of its own, so that an edit counts one run again. is_all: every row
        that has a village needs every column (sheets of one population).
        """
        place, runs = 0, list(needed(columns, is_all))
        for place, (first, last, marks) in enumerate(runs):
            cells = self._range(first, last, last_row)
            wanted = "+".join(f'({self._range(mark, mark, last_row)}="是")' for mark in marks)
            if is_all:
                wanted = f'({self._range(AREA_COL, AREA_COL, last_row)}<>"")'
            stays = f'({self._range(CHANGE_COL, CHANGE_COL, last_row)}<>"{MOVED_OUT}")'
            self.sheet.write_formula(0, place, f'=SUMPRODUCT((({wanted})>0)*{stays}*({cells}=""))', None, 0)
        return f"=SUM('{self.name}'!$A$1:${column_letters(place)}$1)" if runs else ""

    def added(self, last_row: int) -> str:
        """Return a formula for the cover: how many rows have a village and no hidden id."""
        ids, areas = self._range(ID_COL, ID_COL, last_row), self._range(AREA_COL, AREA_COL, last_row)
        return f'=SUMPRODUCT(({ids}="")*({areas}<>""))'

    def _range(self, first: int, last: int, last_row: int) -> str:
        left, right = column_letters(first), column_letters(last)
        return f"'{self._shown}'!${left}${FIRST_DATA_ROW + 1}:${right}${last_row + 1}"


def needed(columns: Sequence[Column], is_all: bool) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Yield the runs of columns that rows need (first, last; counted from 0), with the marks that they hang on.

    A row marked “是” for a population needs what the population's reports ask.
    """
    marks = {FIRST_COLUMN + n: set(c.report_ids) for n, c in enumerate(columns) if c.choices == ("是",)}
    runs: list[tuple[int, int, tuple[int, ...]]] = []
    for number, column in enumerate(columns):
        col = FIRST_COLUMN + number
        users = set(column.report_ids)
        by = () if col in marks or is_all else tuple(mark for mark, reports in marks.items() if reports & users)
        if not by and not (is_all and not column.is_key):
            continue
        if runs and runs[-1][1] == col - 1 and runs[-1][2] == by:
            runs[-1] = (runs[-1][0], col, by)
        else:
            runs.append((col, col, by))
    yield from runs


def show_needed(sheet: Any, columns: Sequence[Column], last_row: int, is_all: bool, styles: Styles) -> None:
    """Colour the empty cells that a row needs, until they are filled."""
    n = FIRST_DATA_ROW + 1
    for first, last, marks in needed(columns, is_all):
        wanted = ",".join(f'${column_letters(mark)}{n}="是"' for mark in marks)
        if is_all:
            wanted = f'${column_letters(AREA_COL)}{n}<>""'
        stays = f'${column_letters(CHANGE_COL)}{n}<>"{MOVED_OUT}"'
        formula = f'=AND({address(FIRST_DATA_ROW, first)}="",{stays},OR({wanted}))'
        look = {"type": "formula", "criteria": formula, "format": styles.needed}
        sheet.conditional_format(FIRST_DATA_ROW, first, last_row, last, look)
