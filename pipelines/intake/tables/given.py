"""What a statistical table leaves to no one: columns that the form has filled itself, values that it crosses out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.intake.boxes.cells import CHOICE
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.tables.headers import Leaf
from pipelines.intake.tables.kinds import Column
from pipelines.intake.tables.stub_rows import Row
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.marks import is_dash, is_number
from pipelines.intake.wording.vocabulary import words

NEAR = 2
"""Columns over which one dash may be printed in the first or the last; over more it crosses all of them out."""
_WHOLE = re.compile(r"100(?:\.0+)?[%％]?")
"""All of it, as a share."""
MIN_GIVEN = 4
"""Rows that a column must have before most of them being printed says that the form gives the others too."""


def given_columns(lattice: Lattice, rows: Sequence[Row], panels: list[list[Column]]) -> set[tuple[int, int]]:
    """Return (panel, column) of value columns that the form has filled itself (分值, 标准), others being blank."""
    given: set[tuple[int, int]] = set()
    for number, panel in enumerate(panels):
        at = [row.row for row in rows if row.panel == number and row.has_value]
        cols = [column.leaf.col for column in panel if column.kind == "value"]
        parts = [row.row for row in rows if row.panel == number and row.has_value and row.text not in words("total")]
        bodies = {col: [lattice.box(row, col) for row in at] for col in cols}
        is_bare = any(not any(map(_is_given, body)) for body in bodies.values())
        full = [
            col
            for col in cols
            if at and (_is_printed(bodies[col]) or (is_bare and _is_mostly([lattice.box(row, col) for row in parts])))
        ]
        if len(at) > 1 and len(full) < len(cols) and not any(_has_formula(lattice, at[0], col) for col in full):
            given.update((number, col) for col in full)
    return given


def _is_printed(column: Sequence[Box]) -> bool:
    """True for a column that the form has filled itself: numbers in every row, or texts in three rows of four."""
    given = [box for box in column if _is_given(box)]
    is_text = any(not is_number(box.text) for box in given)
    crossed = sum(is_dash(box.text) for box in column)
    return (bool(given) and len(given) + crossed == len(column)) or (is_text and len(given) >= 0.75 * len(column))


def _is_mostly(column: Sequence[Box]) -> bool:
    """True for a column that the form has filled in three rows of four, totals aside."""
    return len(column) >= MIN_GIVEN and sum(map(_is_given, column)) >= 0.75 * len(column)


def _is_given(box: Box) -> bool:
    return bool(box.text.strip("0.%")) and not is_dash(box.text) and not CHOICE.search(box.text) and not blanks(box.raw)


def _has_formula(lattice: Lattice, row: int, col: int) -> bool:
    cell = lattice.grid.cells.get((row, col))
    return bool(cell and cell.formula)


def given_cells(lattice: Lattice, rows: Sequence[Row], panels: list[list[Column]]) -> set[tuple[int, int]]:
    """Return (row, column) of the values that the form states itself: 100.00 under 比重, the numbers under 标准.

    Any other number is one that was left in a form that is handed out, or a sample: it is asked.
    """
    return {
        (row.row, column.leaf.col)
        for row in rows
        if row.has_value
        for column in panels[row.panel]
        if column.kind == "value" and _is_stated(column.leaf, lattice.text(row.row, column.leaf.col))
    }


def _is_stated(leaf: Leaf, text: str) -> bool:
    is_whole = bool(_WHOLE.fullmatch(text)) and (leaf.unit in ("%", "％") or leaf.name in words("ratio"))
    return is_whole or (is_number(text) and bool(text.strip("0.")) and leaf.name in words("stated_column"))


def crossed_columns(lattice: Lattice, row: int, cols: list[int]) -> set[int]:
    """Return the value columns that are crossed out in a row.

    A merged cell over several columns with one dash crosses out the column that the dash is printed over.
    """
    crossed: set[int] = set()
    for col in cols:
        box = lattice.box(row, col)
        if box.col != col and box.col in cols:
            continue
        if not is_dash(box.text):
            continue
        under = [c for c in cols if box.col <= c <= box.right]
        if len(under) == 1:
            if box.height == 1 or box.row == row:
                crossed.add(col)
            continue
        marks = len(box.raw.split())
        if marks >= len(under) or (len(under) > NEAR and box.raw == box.raw.strip()):
            crossed.update(under)
        else:
            crossed.add(under[-1] if len(box.raw) - len(box.raw.lstrip()) else under[0])
    return crossed
