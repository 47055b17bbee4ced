"""A table inside a card whose rows the form names in two columns or more: 一级指标 | 二级指标 | 指标值."""

from __future__ import annotations

from itertools import pairwise

from pipelines.intake.boxes.cells import is_label, takes_value
from pipelines.intake.boxes.lattice import Lattice
from pipelines.intake.tables.block import Block
from pipelines.intake.tables.header_rows import depth
from pipelines.intake.tables.headers import leaves
from pipelines.intake.tables.kinds import Column

MIN_ROWS = 2
"""Rows named in all their columns that such a table has at least."""


def named_rows(lattice: Lattice, row: int, bottom: int, left: int, right: int) -> Block | None:
    """Return the table whose header is in `row`: leading columns print names, merged ones too, all others are blank."""
    last = depth(lattice, row, left, right, bottom)
    found = leaves(lattice, row, last, left, right)
    if last >= bottom or len(found) < 3:
        return None
    stubs = 0
    while stubs < len(found) and is_label(lattice.box(last + 1, found[stubs].col)):
        stubs += 1
    if not 2 <= stubs < len(found):
        return None
    end = last
    for at in range(last + 1, bottom + 1):
        names = [lattice.box(at, leaf.col) for leaf in found[:stubs]]
        values = [lattice.box(at, leaf.col) for leaf in found[stubs:]]
        if not all(map(is_label, names)) or names[-1].row != at or any(a.right >= b.col for a, b in pairwise(names)):
            break
        if any(value.row != at or is_label(value) for value in values):
            break
        if not any(map(takes_value, values)):
            break
        end = at
    if end - last < MIN_ROWS:
        return None
    columns = tuple(Column(leaf, "stub" if at < stubs else "value") for at, leaf in enumerate(found))
    return Block(row, last, None, last + 1, end, columns, True, 1.0)
