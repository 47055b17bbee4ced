"""Where cells and references move when rows are inserted into a sheet: the arithmetic behind longer rosters."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REFERENCE = re.compile(
    r"""(?P<text>"[^"]*")                                             # a string in a formula: left alone
      | (?P<sheet>(?:'(?:[^']|'')+'|[\w.\u4e00-\u9fff]+)!)?           # another sheet
        (?: (?P<c1>\$?[A-Z]{1,3})(?P<r1>\$?[1-9][0-9]*)
            (?: :(?P<c2>\$?[A-Z]{1,3})(?P<r2>\$?[1-9][0-9]*) )?
          | (?P<w1>\$?[1-9][0-9]*):(?P<w2>\$?[1-9][0-9]*) )
        (?![\w(.])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Insertion:
    """`count` rows inserted after row `last` of a roster whose blank rows run from `first` to `last` (from 1)."""

    first: int
    last: int
    count: int

    def row(self, number: int) -> int:
        """Return where row `number` stands afterwards."""
        return number + self.count if number > self.last else number

    def rows(self, top: int, bottom: int) -> tuple[int, int]:
        """Return where rows top to bottom stand afterwards; a range over the whole roster grows with it.

        >>> Insertion(5, 8, 10).rows(5, 8), Insertion(5, 8, 10).rows(9, 9), Insertion(5, 8, 10).rows(5, 6)
        ((5, 18), (19, 19), (5, 6))
        """
        covers_roster = top <= self.first and bottom >= self.last
        return self.row(top), bottom + self.count if covers_roster else self.row(bottom)

    def range(self, ref: str) -> str:
        """Return a reference such as "B5", "A5:C8" or "B5 D7:D9" (a list with blanks) as it reads afterwards."""
        return " ".join(self.formula(part) for part in ref.split())

    def formula(self, text: str, sheet: str = "", own_sheet: str = "") -> str:
        """Return a formula as it reads afterwards.

        sheet: where the rows are inserted; own_sheet: where the formula stands. References to other sheets stay.

        >>> Insertion(5, 6, 2).formula('SUM(B5:B6)+C7&"C7"')
        'SUM(B5:B8)+C9&"C7"'
        """

        def moved(match: re.Match[str]) -> str:
            if match["text"] is not None or _stands_in_name(text, match.start()):
                return match[0]
            named = match["sheet"]
            if (_sheet_name(named) if named else own_sheet) != sheet:
                return match[0]
            prefix = named or ""
            if match["w1"]:
                top, bottom = self.rows(_number(match["w1"]), _number(match["w2"]))
                return f"{prefix}{_dollar(match['w1'])}{top}:{_dollar(match['w2'])}{bottom}"
            r1 = match["r1"]
            if not match["r2"]:
                return f"{prefix}{match['c1']}{_dollar(r1)}{self.row(_number(r1))}"
            top, bottom = self.rows(_number(r1), _number(match["r2"]))
            return f"{prefix}{match['c1']}{_dollar(r1)}{top}:{match['c2']}{_dollar(match['r2'])}{bottom}"

        return _REFERENCE.sub(moved, text)


def translate(formula: str, rows: int) -> str:
    """Return a formula as it reads when it is copied `rows` rows down: relative rows move, rows with "$" stay.

    >>> translate("B5*C$2+$D5", 3)
    'B8*C$2+$D8'
    """

    def moved(match: re.Match[str]) -> str:
        if match["text"] is not None or match["w1"] or _stands_in_name(formula, match.start()):
            return match[0]
        first = f"{match['sheet'] or ''}{match['c1']}{_down(match['r1'], rows)}"
        return f"{first}:{match['c2']}{_down(match['r2'], rows)}" if match["r2"] else first

    return _REFERENCE.sub(moved, formula)


def _down(row: str, rows: int) -> str:
    return row if row.startswith("$") else str(int(row) + rows)


def _stands_in_name(text: str, start: int) -> bool:
    return start > 0 and (text[start - 1].isalnum() or text[start - 1] in "_.")


def _number(row: str) -> int:
    return int(row.lstrip("$"))


def _dollar(row: str) -> str:
    return "$" if row.startswith("$") else ""


def _sheet_name(prefix: str) -> str:
    name = prefix[:-1]
    return name[1:-1].replace("''", "'") if name.startswith("'") else name
