"""Which column names the rows under a header: merged groups, names beside them, 序号 with the name left blank."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from pipelines.intake.boxes.cells import CHOICE
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.tables.headers import Leaf
from pipelines.intake.wording.marks import is_band, is_dash, is_number
from pipelines.intake.wording.vocabulary import words

MIN_PARTED = 4
"""Rows that tell that a column is two."""
PARTED = 0.8
"""Share of the rows that must do so; the others are remarks and signatures under the table."""


def is_grouped(lattice: Lattice, rows: range, leaf: Leaf) -> bool:
    """True when row labels are merged over several rows: the names of those rows stand in the next column."""
    return any(
        box.text and box.height > 1 and box.right >= leaf.right
        for row in rows
        for box in lattice.printed(row)
        if leaf.col <= box.col <= leaf.right
    )


def names_rows(lattice: Lattice, rows: range, group: Leaf, leaf: Leaf) -> bool:
    """True when a column names every row that the merged labels left of it cover."""
    inside = [row for row in rows if lattice.text(row, group.col) and lattice.box(row, group.col).right < leaf.col]
    named = sum(is_name(lattice, row, leaf) for row in inside)
    numbers = [int(text) for text in (lattice.text(row, leaf.col) for row in inside) if text.isdecimal()]
    crossed = sum(is_dash(lattice.text(row, leaf.col)) for row in inside)
    if numbers and named + len(numbers) + crossed == len(inside) and not _is_filled(lattice, inside, leaf):
        return all(after in (1, before + 1) for before, after in pairwise([0, *numbers]))  # 乙肝疫苗 | 1, 2, 3
    return len(inside) >= 2 and named >= 0.8 * len(inside)


def _is_filled(lattice: Lattice, rows: list[int], leaf: Leaf) -> bool:
    return any(lattice.text(row, leaf.right + 1) for row in rows)


def is_banded(lattice: Lattice, rows: range, leaf: Leaf) -> bool:
    """True when every row label but totals is merged over rows that nothing tells apart: each row is a record."""
    boxes = [box for row in rows for box in lattice.printed(row) if leaf.col <= box.col <= leaf.right]
    boxes = [box for box in boxes if box.text.rstrip("：:") not in words("total")]
    return len(boxes) > 1 and all(box.height > 1 for box in boxes)


def parted(lattice: Lattice, leaf: Leaf, data_top: int, bottom: int) -> list[Leaf]:
    """Return a column parted in two when its header is wider than what every row prints first under it.

    Row numbers before the names (内容 over 1 | 总数), and names before the room (检查情况 over 许可证 | □有 □无).
    """
    boxes = {row: lattice.box(row, leaf.col) for row in range(data_top, bottom + 1) if lattice.printed(row)}
    ends = Counter(box.right for box in boxes.values() if box.col == leaf.col)
    end, count = ends.most_common(1)[0] if ends else (leaf.right, 0)
    if len(boxes) < MIN_PARTED or count < PARTED * len(boxes) or end >= leaf.right:
        return [leaf]
    rows = [row for row, box in boxes.items() if (box.col, box.right) == (leaf.col, end)]
    firsts = [boxes[row] for row in rows]
    rest = Leaf(end + 1, leaf.right, leaf.path, leaf.unit, leaf.label_cell, leaf.ordinal)
    numbers = [box.text for box in firsts if box.text.isdecimal()]
    if len(numbers) >= PARTED * len(boxes) and len(set(numbers)) == len(numbers):
        return [Leaf(leaf.col, end, ("序号",), None, leaf.label_cell), rest]
    inside = [lattice.box(row, end + 1) for row in rows]
    is_room = all(box.is_blank or CHOICE.search(box.text) for box in inside)
    if is_room and all(box.text and not is_number(box.text) for box in firsts):
        return [Leaf(leaf.col, end, (), None, leaf.label_cell), rest]
    return [leaf]


def record_of_rows(lattice: Lattice, leaf: Leaf, data_top: int, bottom: int) -> Box | None:
    """Return the blank for the name of the first record when a record takes several named rows: 今年, 去年, 同比.

    The same names stand beside the next blank as high.
    """
    first = lattice.box(data_top, leaf.col)
    after = lattice.box(first.bottom + 1, leaf.col)
    if not (first.is_blank and after.height == first.height > 1 and first.row == data_top and first.right < leaf.right):
        return None
    if after.bottom > bottom:
        return None
    names = [[lattice.text(box.row + step, box.right + 1) for step in range(box.height)] for box in (first, after)]
    return first if names[0] == names[1] and all(names[0]) else None


def has_numbered_blanks(lattice: Lattice, rows: range, found: list[Leaf], stub: Leaf) -> bool:
    """True when a quarter of the rows print their 序号 and leave the name beside it to be filled."""
    if found[0] is stub or found[0].name not in words("serial"):
        return False
    numbered = [row for row in rows if is_number(lattice.text(row, found[0].col))]
    blank = sum(not lattice.text(row, stub.col) for row in numbered)
    return blank > 0 and blank * 4 >= len(numbered)


def is_name(lattice: Lattice, row: int, leaf: Leaf) -> bool:
    """True when a row prints a name in a column: text that is neither a dash nor a number."""
    return any(
        box.text and not is_dash(box.text) and (not is_number(box.text) or is_band(box.text))
        for box in lattice.across(row, leaf.col, leaf.right)
    )
