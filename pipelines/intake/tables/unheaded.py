"""Statistical tables without a header: labels in every row, merged into groups at the left, one blank at the right."""

from __future__ import annotations

from pipelines.intake.boxes.cells import is_date_blank, is_label, is_unit_only
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.tables.block import Block
from pipelines.intake.tables.headers import Leaf
from pipelines.intake.tables.kinds import Column
from pipelines.intake.wording.marks import is_number

MIN_ROWS = 4
"""Rows that such a table has at least; fewer are part of a card."""
GIVEN = 0.2
"""Share of values that the form may print itself."""


def unheaded_block(lattice: Lattice, top: int, bottom: int, left: int, right: int) -> Block | None:
    """Return the table whose rows are all label, label, …, blank; None when there is a header or a row of another kind.

    Rows 总次数 | blank beside a group merged over them; the number before the blank is the row's code.
    """
    while bottom > top and not lattice.printed(bottom):
        bottom -= 1
    rows = range(top, bottom + 1)
    if all((row, right + 1) in lattice.grid.bordered for row in rows):
        right += 1  # the blanks have no text to reach as far as that
    first = next((row for row in rows if len(lattice.across(row, left, right)) > 1), top)
    value = _value_column(lattice, first, left, right)
    if value is None or len(rows) < MIN_ROWS:
        return None
    blanks = unnamed = bands = 0
    groups = False
    for row in rows:
        boxes = lattice.across(row, left, right)
        if len(boxes) == 1 and boxes[0].text and is_label(boxes[0]):
            bands += 1
            continue
        before = [box for box in boxes if box.right < value]
        after = [box for box in boxes if box.col >= value]
        if len(before) + len(after) != len(boxes) or not after or after[0].row != row or after[0].height > 1:
            return None
        if any(box.text for box in after[1:]):
            return None
        unnamed += not _names_row(before, row)
        blanks += after[0].is_blank or is_date_blank(after[0]) or is_unit_only(after[0])
        groups = groups or any(box.height > 1 and box.text for box in before)
    asking = len(rows) - bands
    if not groups or asking < MIN_ROWS or max(unnamed, asking - blanks) > GIVEN * asking:
        return None
    code = _code_column(lattice, rows, left, value) if not bands else None
    room = lattice.box(first, value)
    if not (room.is_blank or is_unit_only(room)) and code is None:
        return None
    stub_end = (code if code is not None else value) - 1
    if stub_end <= left:
        return None
    columns = [Column(Leaf(left, stub_end, (), None, ""), "stub")]
    columns += [Column(Leaf(code, value - 1, (), None, ""), "code")] if code is not None else []
    columns.append(Column(Leaf(value, lattice.box(first, value).right, (), None, ""), "value"))
    return Block(top, top - 1, None, top, bottom, tuple(columns), True, 1.0)


def _value_column(lattice: Lattice, top: int, left: int, right: int) -> int | None:
    """Return the first column behind the labels of the first row."""
    boxes = lattice.across(top, left, right)
    printed = [box for box in boxes if box.text]
    if not printed:
        return None
    last = printed[-1]
    beside = [box for box in boxes if box.col > last.right]
    return beside[0].col if beside else last.col


def _names_row(boxes: list[Box], row: int) -> bool:
    """True for labels without a blank of the row's own between them, the last one beginning in the row."""
    if len(boxes) < 1 or any(box.is_blank and box.row == row and box.height == 1 for box in boxes):
        return False
    own = [box for box in boxes if box.row == row]
    return bool(own) and all(is_label(box) or is_number(box.text) for box in own if box.text) and bool(own[-1].text)


def _code_column(lattice: Lattice, rows: range, left: int, value: int) -> int | None:
    """Return the column right before the values when it numbers the rows."""
    col = lattice.box(rows[0], value - 1).col
    if col <= left:
        return None
    return col if all(is_number(lattice.text(row, col)) for row in rows) else None
