"""A worksheet that is written in half the time of XlsxWriter's own, byte for byte the same.

A fill-once workbook of a month has some 100,000 texts and numbers, and a formula a row: these take a shorter way here,
everything else XlsxWriter's. `worksheet_class` of its Workbook is meant for this; the methods with an underscore are
not promised to stay, so a test compares the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any

from xlsxwriter.worksheet import CellNumberTuple, CellStringTuple, Worksheet

from pipelines.text import column_letters

_FUNCTION = re.compile(r"\b([A-Z][A-Z0-9.]*)\(")
_OLD = frozenset(
    (
        *("ABS", "AND", "COUNT", "COUNTA", "COUNTIF", "FIND", "IF", "IFERROR", "INDIRECT", "ISERROR", "ISNUMBER"),
        *("LEN", "MID", "MOD", "NA", "OR", "RIGHT", "ROW", "SUM", "SUMPRODUCT", "UPPER"),
    )
)
"""Functions that every Excel has: of a formula with others XlsxWriter tries 40 names, each with a search of its own."""
_SHORT = 16_383
"""Letters of a text that no program cuts off; what lies within the rows and columns so far needs no check of place."""
_SPAN = 16
"""So many rows share the `spans` that XlsxWriter writes."""


class QuickSheet(Worksheet):  # type: ignore[misc]
    """Takes rows and columns counted from 0 only, not addresses as text."""

    def write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> int:
        """Write a text; see XlsxWriter."""
        cells = self.table.get(row)
        if cells is None or not self.dim_colmin <= col <= self.dim_colmax or len(string) > _SHORT:
            return int(self._write_string(row, col, string, cell_format))
        cells[col] = CellStringTuple(self.str_table._get_shared_string_index(string), cell_format)
        return 0

    def write_number(self, row: int, col: int, number: float, cell_format: Any = None) -> int:
        """Write a number; see XlsxWriter."""
        cells = self.table.get(row)
        if cells is None or not self.dim_colmin <= col <= self.dim_colmax or not isfinite(number):
            return int(self._write_number(row, col, number, cell_format))
        cells[col] = CellNumberTuple(number, cell_format)
        return 0

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        if formula.startswith("=") and _OLD.issuperset(_FUNCTION.findall(formula)):
            return formula[1:].removesuffix("}")
        return str(super()._prepare_formula(formula, expand_future_functions))

    def _calculate_spans(self) -> None:
        spans: dict[int, tuple[int, int]] = {}
        for held in (self.table, self.comments):
            for row, cells in held.items():
                if cells:
                    least, most = spans.get(row // _SPAN, (self.xls_colmax, 0))
                    spans[row // _SPAN] = min(least, *cells), max(most, *cells)
        self.row_spans = {block: f"{least + 1}:{most + 1}" for block, (least, most) in spans.items()}

    def _write_rows(self) -> None:
        self._calculate_spans()
        by_column = {col: _style(info.column_format) for col, info in self.col_info.items()}
        letters = [column_letters(col) for col in range((self.dim_colmax or 0) + 1)]
        for row in sorted(self.table.keys() | self.row_info.keys() | self.comments.keys()):
            if not self.dim_rowmin <= row <= self.dim_rowmax:
                continue
            span, info, cells = self.row_spans.get(row // _SPAN), self.row_info.get(row), self.table.get(row)
            if cells:
                self._write_row(row, span, info)
                self._write_cells(row, cells, _style(info.row_format) if info else "", by_column, letters)
                self._xml_end_tag("row")
            else:
                self._write_empty_row(row, span, info)

    def _write_cells(
        self, row: int, cells: Mapping[int, Any], of_row: str, of_columns: Mapping[int, str], letters: list[str]
    ) -> None:
        """Write the cells of a row. of_row, of_columns: attributes of cells that have no format of their own."""
        done: list[str] = []
        number = row + 1
        for col in sorted(cells):
            cell = cells[col]
            kind = cell.__class__
            if kind is CellStringTuple:
                style = _style(cell.format) if cell.format else of_row or of_columns.get(col, "")
                done.append(f'<c r="{letters[col]}{number}"{style} t="s"><v>{cell.string}</v></c>')
            elif kind is CellNumberTuple:
                style = _style(cell.format) if cell.format else of_row or of_columns.get(col, "")
                done.append(f'<c r="{letters[col]}{number}"{style}><v>{cell.number:.16G}</v></c>')
            else:
                self.fh.write("".join(done))
                done.clear()
                self._write_cell(row, col, cell)
        self.fh.write("".join(done))


def _style(look: Any) -> str:
    return f' s="{look._get_xf_index()}"' if look else ""
