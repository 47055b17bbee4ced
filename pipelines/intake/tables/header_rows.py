"""How many rows the header of a table takes."""

from __future__ import annotations

import re
from itertools import pairwise

from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.wording.marks import is_dash
from pipelines.intake.wording.units import is_unit
from pipelines.intake.wording.vocabulary import words

MAX_DEPTH = 8
"""Header rows that a form may have; the deepest seen has five."""
PAIRED, MIN_PAIRED = 0.6, 3
"""Share of the rows beside a tall label that begin with a label and its blank, and rows at least, in a card."""
LOOK_BELOW = 6
"""Rows under a header that tell whether its corner stands over row labels."""
_ORDINAL = re.compile(
    r"^[(（]?(?:[甲乙丙丁戊己庚辛壬癸]|[0-9]{1,3}|[①-⑳]|[A-Z][0-9]{0,3})[)）]?(?:=[A-Z0-9①-⑳+\-*/×÷()（）%]+)?$"
)
_FIRST_NUMBER = re.compile(r"[(（]?([0-9]+)")
_WORD = re.compile(r"[^\W\d_]")
ENDS = re.compile(r"^[(（].*[)）]$")
"""A text that is all in brackets."""


def is_number_row(lattice: Lattice, row: int, left: int, right: int) -> bool:
    """True for a row of column codes: 甲 乙 1 2 3, (1) (2), A B C1."""
    boxes = [box for box in lattice.across(row, left, right) if box.text]
    if len(boxes) > 2:
        heads = words("column_number")
        boxes = [box for at, box in enumerate(boxes) if at > 1 or not (box.text in heads or is_dash(box.text))]
    if len(boxes) < 2 or not all(_ORDINAL.match(box.text) for box in boxes):
        return False
    if any(box.text in "甲乙丙" for box in boxes):
        return True
    columns = len(lattice.across(row, left, right))
    if len(boxes) < 0.6 * columns:
        return False
    numbers = [int(match[1]) for box in boxes if (match := _FIRST_NUMBER.match(box.text))]
    if numbers:
        steps = [b - a for a, b in pairwise(numbers)]
        return len(numbers) >= 2 and all(step in (0, 1) for step in steps) and numbers[0] in (0, 1, 2, 3)
    return len({box.text for box in boxes}) == len(boxes)


def depth(lattice: Lattice, top: int, left: int, right: int, limit: int) -> int:
    """Return the last header row, given the first, the columns, and the last row of the region.

    A row belongs to the header while a merged header reaches into it, while a header to its upper left is open over
    blank neighbours (merged only in look), or while all that it prints are units in brackets.
    """
    last = top
    row = top
    while row <= min(limit, top + MAX_DEPTH - 1):
        boxes = [box for box in lattice.across(row, left, right) if box.text]
        reaching = [box.bottom for box in boxes if box.row <= last and box.text not in words("photo")]
        last = max(last, row, *reaching) if boxes else last
        if last > row:
            row += 1
            continue
        after = _next_printed(lattice, row, left, right)
        if after > limit or not _goes_on(lattice, top, row, after, left, right, limit):
            break
        row = last = after
    return min(last, limit, top + MAX_DEPTH - 1)


def _next_printed(lattice: Lattice, row: int, left: int, right: int) -> int:
    """Return the next row of a header: a blank row in a sheet may be the rest of headers merged only in look."""
    is_blank = lattice.grid.kind != "document" and all(
        box.is_blank and box.row == row + 1 == box.bottom for box in lattice.across(row + 1, left, right)
    )
    return row + 2 if is_blank else row + 1


def _goes_on(lattice: Lattice, top: int, row: int, after: int, left: int, right: int, limit: int) -> bool:
    below = [box for box in lattice.across(after, left, right) if box.text and box.row == after]
    if not below or is_number_row(lattice, after, left, right):
        return False
    if after > row + 1 and len(below) < 2:
        return False
    if all(ENDS.match(box.text) and is_unit(box.text.strip("（）()")) for box in below):
        return True
    if any(box.text.replace(".", "").isdecimal() for box in below):
        return False
    boxes = lattice.across(row, left, right)
    if _heads_stubs(lattice, boxes[0], below, row, right, limit):
        return False
    parents = [
        box
        for box, after in zip(boxes, [*boxes[1:], None], strict=True)
        if box.text and box.row == row and (box.width > 1 or (after is not None and is_open(lattice, row, after.col)))
    ]
    if not parents:
        return False
    reach = {box.col for box in boxes if box.text.rstrip("：:") == "其中"}  # never a header by itself
    for box in parents:
        end = box.right
        while end + 1 <= right and is_open(lattice, row, end + 1) and not _headed(lattice, top, row, end + 1):
            end += 1
        reach.update(range(box.col, end + 1))
    children = [box for box in below if box.col in reach]
    split = any(
        sum(1 for box in children if parent.col <= box.col <= max(parent.right, _end(lattice, top, row, parent, right)))
        >= 2
        for parent in parents
    )
    is_whole = _is_whole_row(lattice, top, after, left, right) or _is_over_blanks(lattice, after, left, right, limit)
    return split and (len(children) == len(below) or is_whole)


def _heads_stubs(lattice: Lattice, corner: Box, below: list[Box], row: int, right: int, limit: int) -> bool:
    """True when the wide corner of a header stands over columns of row labels: they go on, the others stay blank."""
    if corner.width == 1 or corner.bottom != row or corner.right >= right or any(b.right > corner.right for b in below):
        return False
    others = lattice.across(row, corner.right + 1, right)
    if not all(box.text and box.row == row == box.bottom for box in others):
        return False
    following = [lattice.printed(at) for at in range(row + 2, min(row + 1 + LOOK_BELOW, limit) + 1)]
    labelled = [any(box.right <= corner.right and _WORD.search(box.text) for box in boxes) for boxes in following]
    return len(labelled) > 0 and sum(labelled) >= 0.7 * len(labelled)


def _is_whole_row(lattice: Lattice, top: int, row: int, left: int, right: int) -> bool:
    """True when every column has words of its own in a row, those under a blank corner or a narrow header too."""
    boxes = lattice.across(row, left, right)
    return all(box.text and box.row == row and box.width == 1 for box in boxes) and any(
        not _headed(lattice, top, row, box.col) for box in boxes
    )


def _is_over_blanks(lattice: Lattice, row: int, left: int, right: int, limit: int) -> bool:
    """True when every column has words of its own in a row and a blank as wide right under them."""
    boxes = lattice.across(row, left, right)
    if row >= limit or not all(box.text and box.row == row == box.bottom for box in boxes):
        return False
    under = [lattice.box(row + 1, box.col) for box in boxes]
    return all(
        blank.is_blank and (blank.col, blank.right) == (box.col, box.right)
        for blank, box in zip(under, boxes, strict=True)
    )


def _end(lattice: Lattice, top: int, row: int, parent: Box, right: int) -> int:
    end = parent.right
    while end + 1 <= right and is_open(lattice, row, end + 1) and not _headed(lattice, top, row, end + 1):
        end += 1
    return end


def is_open(lattice: Lattice, row: int, col: int) -> bool:
    """True for a blank cell that a header beside it may cover in look; a cell drawn in Word or merged is its own."""
    box = lattice.box(row, col)
    return box.is_blank and box.width == 1 and lattice.grid.kind != "document"


def _headed(lattice: Lattice, top: int, row: int, col: int) -> bool:
    return any(lattice.text(above, col) for above in range(top, row))


def _begins_pairs(boxes: list[Box]) -> bool:
    return len(boxes) > 1 and bool(boxes[0].text) and boxes[1].is_blank and boxes[1].height == 1


def has_room_inside(lattice: Lattice, group: Box, right: int) -> bool:
    """True when rows beside a tall label have room to write: it stands beside a table, it heads none of its columns."""
    rows = range(group.row + 1, group.bottom + 1)
    own = [[box for box in lattice.across(row, group.right + 1, right) if box.row == row] for row in rows]
    if group.text and any(len(boxes) > 1 and all(box.is_blank for box in boxes) for boxes in own):
        return True
    first = [box for box in lattice.across(group.row, group.right + 1, right) if box.row == group.row]
    if group.text and sum(map(_begins_pairs, [first, *own])) >= PAIRED * group.height >= PAIRED * MIN_PAIRED:
        return True
    heads = [box for box in lattice.across(group.row, group.right + 1, right) if box.text]
    is_divided = any(
        sum(bool(box.text) for box in lattice.across(head.bottom + 1, head.col, head.right)) > 1
        for head in heads
        if head.width > 1 and head.bottom < group.bottom
    )
    if is_divided:
        return False
    under = [lattice.box(box.bottom + 1, box.col) for box in heads if box.bottom < group.bottom]
    widths = {(box.col, box.right) for box in heads}
    return bool(group.text) and sum(box.is_blank and (box.col, box.right) in widths for box in under) > 1
