"""What is written into a template: the contract between the views and the writers of every file format."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

Value = str | int | float | Decimal | dt.date | None
"""What a cell gets. A str is always written as text, also when it looks like a number or begins with "=";
a date becomes a date of the cell's own format; None leaves the cell as it is."""


@dataclass(frozen=True, slots=True)
class Put:
    """One value for one cell, or for one blank within a cell's or paragraph's own text.

    cell: "B4" or "para 3". inline: which blank, from 1; labels: the words round the blanks of that cell, in order,
    the last one of the field itself; options: when the blank is a choice among printed words.
    """

    cell: str
    value: Value
    inline: int | None = None
    label: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """Rows below a header. cells: the first data cell of every column; rows: a value per column."""

    cells: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    serial_cells: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SheetFill:
    """Everything that is written into one sheet, or one table of a document ("table 1").

    period: of the report (2025-12, 2025-Q4, 2025-H2, 2025), for lines that print nothing but its blanks.
    """

    sheet: str
    puts: tuple[Put, ...] = ()
    rosters: tuple[Roster, ...] = ()
    period: str = ""
