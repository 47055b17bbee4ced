"""A returned file as a workbook that can be marked, where it cannot be marked as it is.

Through openpyxl, which knows no macros, controls or links to elsewhere; where that cannot read it, its values only: the
marks matter, not the looks.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

from pipelines.collection.layout import IDS_SHEET, LISTS_SHEET
from pipelines.collection.parcel import LIST_SHEET, read_cells
from pipelines.collection.receiving.marking.plain import DANGEROUS
from pipelines.collection.receiving.marking.problem_list import neutral
from pipelines.collection.receiving.marking.said import MOST_LETTERS

MOST_COLUMNS = 16_384
"""What a sheet of .xlsx can hold."""
_DAMAGED = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, EOFError),
    *(zipfile.BadZipFile, zlib.error),
)
"""What openpyxl raises for damaged parts; lxml's errors are a SyntaxError."""


def rewritten(path: Path) -> BytesIO:
    """Return a file as a .xlsx whose first sheet is to be the list of problems, and in which nothing is dangerous."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if zipfile.is_zipfile(path):
        try:
            return _saved(load_workbook(path))
        except (InvalidFileException, *_DAMAGED):
            pass  # another kind of package, or one whose looks were damaged: its values are copied
    return _saved(_values(path))


def _saved(book: Any) -> BytesIO:
    """Return a workbook, disarmed, as a package that is not packed: it is packed once, when the marks are in it."""
    from openpyxl.writer.excel import ExcelWriter

    if LIST_SHEET in book.sheetnames:
        book.remove(book[LIST_SHEET])
    book.create_sheet(LIST_SHEET, 0)
    _disarm(book)
    buffer = BytesIO()
    ExcelWriter(book, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED)).save()
    return buffer


def _values(path: Path) -> Any:
    """Return a new workbook with a file's values."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from python_calamine import CalamineError

    try:
        sheets = read_cells(path)
    except CalamineError:
        sheets = {}
    book = Workbook()
    for empty in book.worksheets:
        book.remove(empty)
    for number, (name, rows) in enumerate(sheets.items(), 1):
        sheet = book.create_sheet(_title(name) or f"表{number}")
        for row in rows:
            cells = (ILLEGAL_CHARACTERS_RE.sub("", v) if isinstance(v, str) else v for v in row[:MOST_COLUMNS])
            sheet.append([neutral(value[:MOST_LETTERS] if isinstance(value, str) else value) for value in cells])
        if name in (IDS_SHEET, LISTS_SHEET):
            sheet.sheet_state = "veryHidden"
    return book


def _title(name: str) -> str:
    """Return a name that a sheet may have: at most 31 characters, none of []:*?/\\ ."""
    return "".join("、" if letter in "[]:*?/\\'" else letter for letter in name)[:31]


def _disarm(book: Any) -> None:
    """Turn formulas that start programs or fetch from elsewhere into text; the clerk's own sums stay."""
    for sheet in book.worksheets:
        for cell in list(sheet._cells.values()):  # only those there are: one cell far away makes iter_rows endless
            formula = getattr(cell.value, "text", cell.value)  # of an array, openpyxl holds more than the text
            if cell.data_type == "f" and isinstance(formula, str) and DANGEROUS.search(formula):
                cell.value = "'" + formula
            elif cell.hyperlink is not None and not (cell.hyperlink.location or "").strip():
                cell.hyperlink = None
