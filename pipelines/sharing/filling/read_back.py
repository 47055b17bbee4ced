"""Reads filled reports again, cell by cell, with other readers than the writers: the proof that nothing was lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from pipelines.sharing.filling.fill_csv import FORMULA_STARTS, GUARD, encoding_of
from pipelines.text import position


def read_back(data: bytes, suffix: str, sheet: str, cells: Iterable[str]) -> dict[str, Any]:
    """Return what stands in each cell ("B4", "para 3") of a filled report; None for an empty cell.

    Values as the file types them: numbers and dates of workbooks are numbers and dates, everything of a .csv or .docx
    is text. A cell inside a merged range gives what the range shows.
    """
    if suffix in (".xlsx", ".xlsm"):
        return _workbook(data, sheet, cells)
    if suffix == ".docx":
        return _document(data, sheet, cells)
    if suffix == ".csv":
        return _text(data, cells)
    raise ValueError(f"no reader for {suffix}")


def _workbook(data: bytes, sheet: str, cells: Iterable[str]) -> dict[str, Any]:
    import openpyxl
    from openpyxl.utils.escape import unescape

    page = openpyxl.load_workbook(io.BytesIO(data))[sheet]
    shows = {
        f"{page.cell(row, col).coordinate}": page.cell(block.min_row, block.min_col)
        for block in page.merged_cells.ranges
        for row in range(block.min_row, block.max_row + 1)
        for col in range(block.min_col, block.max_col + 1)
    }
    found = {cell: (shows[cell] if cell in shows else page[cell]).value for cell in cells}
    return {cell: unescape(value) if isinstance(value, str) else value for cell, value in found.items()}


def _document(data: bytes, sheet: str, cells: Iterable[str]) -> dict[str, Any]:
    import docx

    document = docx.Document(io.BytesIO(data))
    rows = document.tables[int(sheet.removeprefix("table ")) - 1].rows
    known: dict[int, Any] = {}  # python-docx works out a row's cells, and for `table.cell` all of them, at every call
    found: dict[str, Any] = {}
    for cell in cells:
        if cell.startswith("para "):
            found[cell] = document.paragraphs[int(cell.removeprefix("para ")) - 1].text
        else:
            row, col = position(cell)
            if row not in known:
                known[row] = rows[row].cells
            found[cell] = known[row][col].text or None
    return found


def _text(data: bytes, cells: Iterable[str]) -> dict[str, Any]:
    text = data.decode(encoding_of(data))
    delimiter = max(",\t;", key=text.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    found: dict[str, Any] = {}
    for cell in cells:
        row, col = position(cell)
        value = rows[row][col] if row < len(rows) and col < len(rows[row]) else ""
        if value.startswith(GUARD) and value[1:].startswith(FORMULA_STARTS):
            value = value[1:]
        found[cell] = value or None
    return found
