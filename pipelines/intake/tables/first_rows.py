"""Rows right under a header that hold no data: units, a total of the rows below, an example, limits that are given."""

from __future__ import annotations

import re

from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.wording.marks import is_dash
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.units import is_unit
from pipelines.intake.wording.vocabulary import words

_WORD = re.compile(r"[^\W\d_]")
TOTAL_LENGTH = 6
"""Longest name of a total row: “全县合计”; longer texts that end in 合计 name something."""


def is_unit_row(lattice: Lattice, row: int, left: int, right: int) -> bool:
    """True for a row that prints nothing but units, two or more: 亩, 万元, %; “单位” may stand before them."""
    boxes = [box for box in lattice.across(row, left, right) if box.text and not is_dash(box.text)]
    if boxes and boxes[0].text.rstrip("：:") in words("unit_column"):
        boxes = boxes[1:]
    return len(boxes) >= 2 and all(box.row == row and is_unit(box.text) for box in boxes)


def first_data_row(lattice: Lattice, row: int, left: int, right: int) -> int:
    """Return the first row from `row` on that is no total, example or row of limits; `row` when nothing is below it."""
    first = row
    while first + 1 < lattice.grid.row_count and (
        _is_total_row(lattice, first, left, right)
        or _is_given_row(lattice, first, left, right)
        or _is_section_row(lattice, first, left, right)
    ):
        first += 1
    return first


def _is_given_row(lattice: Lattice, row: int, left: int, right: int) -> bool:
    """True for a row that shows how to fill the others (例), or that gives the limits of the columns (限值)."""
    boxes = [box for box in lattice.across(row, left, right) if box.text]
    if not boxes or boxes[0].row != row:
        return False
    names = [box.text.strip("（）()：:") for box in boxes[:2]]
    return any(name in words("example_row") for name in names) or (len(boxes) >= 2 and names[0] in words("given_row"))


def _is_section_row(lattice: Lattice, row: int, left: int, right: int) -> bool:
    """True for a numbered name of the rows under it, merged over the whole table: 一、重点村."""
    box = lattice.box(row, left)
    return bool(box.text) and box.row == row and box.right >= right > left and read_mark(box.text).rank in (1, 2)


def _is_total_row(lattice: Lattice, row: int, left: int, right: int) -> bool:
    boxes: list[Box] = [box for box in lattice.across(row, left, right) if _WORD.search(box.text)]
    if len(boxes) == 2 and boxes[0].height > 1 and boxes[0].text in words("total"):
        return True  # 合计 merged over the totals of several sections
    return (
        len(boxes) == 1
        and boxes[0].row == row
        and boxes[0].text in words("total")
        and len(boxes[0].text) <= TOTAL_LENGTH
        and all(lattice.text(row, col) in ("", boxes[0].text) for col in range(left, boxes[0].col))
    )
