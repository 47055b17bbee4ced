"""Rows right under a header that hold no data: a row of units, a row that adds up the rows below it."""

from __future__ import annotations

import re

from pipelines.intake.lattice import Box, Lattice
from pipelines.intake.marks import is_dash
from pipelines.intake.units import is_unit
from pipelines.intake.vocabulary import words

_WORD = re.compile(r"[^\W\d_]")
TOTAL_LENGTH = 6
"""Longest name of a total row: “全县合计”; longer texts that end in 合计 name something."""


def is_unit_row(lattice: Lattice, row: int, left: int, right: int) -> bool:
    """True for a row that prints nothing but units, two or more: 亩, 万元, %; “单位” may stand before them."""
    boxes = [box for box in lattice.across(row, left, right) if box.text and not is_dash(box.text)]
    if boxes and boxes[0].text.rstrip("：:") in words("unit_column"):
        boxes = boxes[1:]
    return len(boxes) >= 2 and all(box.row == row and is_unit(box.text) for box in boxes)


def after_totals(lattice: Lattice, row: int, left: int, right: int) -> int:
    """Return the first row from `row` on that is not a total of the rows below it; `row` when nothing is below it."""
    first = row
    while first + 1 < lattice.grid.row_count and _is_total_row(lattice, first, left, right):
        first += 1
    return first


def _is_total_row(lattice: Lattice, row: int, left: int, right: int) -> bool:
    boxes: list[Box] = [box for box in lattice.across(row, left, right) if _WORD.search(box.text)]
    return (
        len(boxes) == 1
        and boxes[0].row == row
        and boxes[0].text in words("total")
        and len(boxes[0].text) <= TOTAL_LENGTH
        and all(lattice.text(row, col) in ("", boxes[0].text) for col in range(left, boxes[0].col))
    )
