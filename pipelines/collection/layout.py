"""How a fill-once workbook is laid out, and how its parts are found again in whatever condition it comes back.

Every sheet that is filled carries its own identity, so that renamed, moved or copied sheets are still recognised:

- a hidden identity row; its column A holds `MARK|<ledger>|<area code>|<period>|<level>`, the other columns the element
  id of the value below (subjects down) or the area code (indicators down). level: 村 or 乡镇 for indicators; the
  population for sheets of the ledger "record", which has a sheet for each;
- a hidden column A below it: the subject key of the row as issued, or the element id of the row (indicators down).

Rows may be inserted or sorted and columns moved: values are found by ids, never by position.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

MARK = "oneform:1"
"""Begins the identity cell; the number is the layout's version."""

COVER_SHEET = "封面"
LISTS_SHEET = "_代码表"
"""Hidden: the code lists behind the drop-downs, a column each."""
COPY_PREFIX = "_原值"
"""Begins the names of hidden sheets that hold what was prefilled; a number follows. Never read."""
VILLAGE_SHEET = "村级指标"
TOWNSHIP_SHEET = "乡镇指标"

THEME_ROW = 2
"""The names of blocks of columns (counted from 0): below the title and the note."""
ID_ROW = 3
"""The hidden identity row."""
HEADER_ROW = 4
UNIT_ROW = 5
FIRST_DATA_ROW = 6
SPARE_ROWS = 60
"""Empty rows for new subjects; more can be added by inserting rows."""

AREA_COLUMN = "AREA"
"""Stands for the village of a subject in the identity row; the cell holds the village's name."""
AREA_TITLE, AREA_HINT = "所在村（社区）", "下拉选择"
"""What stands above the villages, in the heading and in the row of units below it."""
REMARK_COLUMN = "REMARK"
"""The clerk's answer to a soft check."""
CHANGE_COLUMN = "CHANGE"
"""Whether a subject left: the cell is empty or holds MOVED_OUT, which is kept as a value of this id."""
MOVED_OUT = "移出"
IDS_SHEET = "_标识"
"""Very hidden: what was issued, a fact a row (workbook_id, area_code, period, version), then the ids, one a row."""
KEY_PREFIX = "KEY:"
"""Begins the column id of a ledger's key when no form asks for it by itself."""


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A recognised sheet.

    columns: column number → element id (or area code when indicators go down); values: (row, column) → what stands
    there, for data rows only; row_ids: row → subject key as issued ("" for a new row) or element id.
    """

    name: str
    ledger: str
    area_code: str
    period: str
    level: str
    header_row: int
    columns: Mapping[int, str]
    row_ids: Mapping[int, str]
    values: Mapping[tuple[int, int], Any] = field(repr=False, default_factory=dict)

    @property
    def is_indicator(self) -> bool:
        """Whether indicators go down and areas across."""
        return self.ledger == "indicator"

    def is_answered(self, row: int) -> bool:
        """Whether the row's 核实说明 says something."""
        return any(self.values.get((row, col)) for col, name in self.columns.items() if name == REMARK_COLUMN)


def identity(ledger: str, area_code: str, period: str, level: str) -> str:
    """Return the text of the identity cell of a sheet."""
    return "|".join((MARK, ledger, area_code, period, level))


def workbook_id(area_code: str, period: str) -> str:
    """Return the id of a township's workbook of a period."""
    return f"{area_code}@{period}"


def read_layout(path: Path) -> list[FilledSheet]:
    """Return the recognised sheets of a workbook with their values; none when nothing in it is ours.

    Raises python_calamine.CalamineError (PasswordError among them) when the file is not a readable workbook.
    """
    return [sheet for name, rows in read_sheets(path).items() if (sheet := recognise(name, rows))]


def read_sheets(path: Path) -> dict[str, list[list[Any]]]:
    """Return the cells of every sheet by its name, our hidden copies apart; the content tells the format.

    Raises python_calamine.CalamineError (PasswordError among them) when the file is not a readable workbook.
    """
    book = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
    names = [name for name in book.sheet_names if not name.startswith(COPY_PREFIX)]
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}


def recognise(name: str, rows: Sequence[Sequence[Any]]) -> FilledSheet | None:
    """Return a sheet's rows as a FilledSheet; None when the identity row is not there."""
    where = next(
        (
            (row, col)
            for row, cells in enumerate(rows[:40])
            for col, text in enumerate(cells)
            if isinstance(text, str) and text.startswith(MARK + "|")
        ),
        None,
    )
    if where is None:
        return None
    id_row, id_col = where
    parts = str(rows[id_row][id_col]).split("|")
    if len(parts) != 5:
        return None
    _, ledger, area_code, period, level = parts
    columns = {
        col: str(text)
        for col, text in enumerate(rows[id_row])
        if col != id_col and isinstance(text, str) and text.strip()
    }
    first = _first_row(rows, id_row, columns)
    row_ids, values = {}, {}
    cols = list(columns)
    width = max(cols, default=-1) + 1
    for row in range(first, len(rows)):
        cells = rows[row]
        there = cols if len(cells) >= width else [col for col in cols if col < len(cells)]
        written = [col for col in there if cells[col] != ""]  # most cells are empty: the quick question first
        filled = {(row, col): cells[col] for col in written if not _is_blank(cells[col])}
        mark = cells[id_col] if id_col < len(cells) else ""
        if filled or mark:
            row_ids[row] = str(mark or "").strip()
            values.update(filled)
    return FilledSheet(name, ledger, area_code, period, level, id_row + 1, columns, row_ids, values)


def _first_row(rows: Sequence[Sequence[Any]], id_row: int, columns: Mapping[int, str]) -> int:
    """Return the first row of answers: below headings and units, also when rows were inserted or one was deleted."""
    area = next((col for col, element in columns.items() if element == AREA_COLUMN), None)
    if area is not None:
        for label in (AREA_HINT, AREA_TITLE):
            for row in range(id_row + 1, min(id_row + 8, len(rows))):
                if area < len(rows[row]) and rows[row][area] == label:
                    return row + 1
    return id_row + 1 + FIRST_DATA_ROW - HEADER_ROW


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
