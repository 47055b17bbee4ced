"""Cells with an error (#REF!) or a formula without a result, which the fast reader shows as empty."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

_SUSPECT = re.compile(rb't="e"|<f[ >/]')
NO_RESULT = "#NAME?"
"""What stands for a formula that was never calculated."""


def with_errors(path: Path, sheets: dict[str, list[list[Any]]]) -> dict[str, list[list[Any]]]:
    """Return the cells with errors put in; a second, slower look only at the sheets of .xlsx that need one."""
    if not zipfile.is_zipfile(path) or not _is_suspect(path):
        return sheets
    from openpyxl import load_workbook

    with path.open("rb") as handle:
        book = load_workbook(handle, read_only=True, data_only=False)
        for name, rows in sheets.items():
            if name not in book.sheetnames:
                continue
            for row, line in enumerate(book[name].iter_rows(min_row=1, min_col=1)):
                for col, cell in enumerate(line):
                    if cell.data_type in ("e", "f") and _at(rows, row, col) in ("", None):
                        _put(rows, row, col, str(cell.value) if cell.data_type == "e" else NO_RESULT)
    return sheets


def _is_suspect(path: Path) -> bool:
    with zipfile.ZipFile(path) as package:
        return any(
            _SUSPECT.search(package.read(name))
            for name in package.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )


def _at(rows: list[list[Any]], row: int, col: int) -> Any:
    return rows[row][col] if row < len(rows) and col < len(rows[row]) else None


def _put(rows: list[list[Any]], row: int, col: int, text: str) -> None:
    while row >= len(rows):
        rows.append([])
    rows[row].extend([""] * (col + 1 - len(rows[row])))
    rows[row][col] = text
