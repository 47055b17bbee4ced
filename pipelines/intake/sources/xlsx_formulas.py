"""Formula text: shared formulas moved to their cell, references taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipelines.text import column_letters, position

_TOKEN = re.compile(
    r"\"(?:[^\"]|\"\")*\""  # a text
    r"|'(?:[^']|'')*'!"  # a quoted sheet name
    r"|(?<![A-Za-z0-9_.])(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})(?![A-Za-z0-9_(.])"  # a cell
)
_RANGE = re.compile(
    r"^=?(?:(?:'((?:[^']|'')+)'|([^'!:,()\"\s]+))!)?(\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6})(?::(\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}))?$"
)
_COLUMN = re.compile(r"^=?(?:(?:'((?:[^']|'')+)'|([^'!:,()\"\s]+))!)?\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})$")
_LAST_ROW = 1_048_575


@dataclass(frozen=True, slots=True)
class Area:
    """A range on a sheet, inclusive, from 0. sheet: None for the sheet that the formula stands on."""

    sheet: str | None
    top: int
    left: int
    bottom: int
    right: int


def moved(formula: str, rows: int, cols: int) -> str:
    """Return a formula whose relative references are moved, as Excel does when a formula is filled down or right.

    >>> moved("SUM(B2:B4)+$C2", 0, 1)
    'SUM(C2:C4)+$C2'
    """

    def move(match: re.Match[str]) -> str:
        if match[2] is None:
            return match[0]
        row, col = position(match[2] + match[4])
        row += 0 if match[3] else rows
        col += 0 if match[1] else cols
        if row < 0 or col < 0:
            return "#REF!"
        return f"{match[1]}{column_letters(col)}{match[3]}{row + 1}"

    return _TOKEN.sub(move, formula)


@lru_cache(maxsize=20_000)
def area(reference: str) -> Area | None:
    """Return the range that a reference names, None when it is something else (a name, a function, another file).

    >>> area("'代 码'!$A$2:$A$9")
    Area(sheet='代 码', top=1, left=0, bottom=8, right=0)
    """
    text = reference.strip()
    if "[" in text:
        return None
    if match := _RANGE.match(text):
        top, left = position(match[3].replace("$", ""))
        bottom, right = position((match[4] or match[3]).replace("$", ""))
        sheet = (match[1] or match[2] or "").replace("''", "'") or None
        return Area(sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right))
    if match := _COLUMN.match(text):
        left, right = position(match[3] + "1")[1], position(match[4] + "1")[1]
        return Area((match[1] or match[2] or "").replace("''", "'") or None, 0, left, _LAST_ROW, right)
    return None
