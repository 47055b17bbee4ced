"""Tables with a header on top: where the header ends, what each column is, and where the rows go."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.intake.boxes.cells import CHOICE, is_date_blank
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.tables.first_rows import first_data_row, is_unit_row
from pipelines.intake.tables.header_rows import ENDS, depth, has_room_inside, is_number_row
from pipelines.intake.tables.headers import Leaf, leaves
from pipelines.intake.tables.kinds import SAMPLE_ROWS, Column, classify
from pipelines.intake.tables.row_names import parted, record_of_rows
from pipelines.intake.wording.marks import is_dash, is_number
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.units import is_unit

CORNER_LENGTH = 10
"""Longest name in brackets that a corner has; longer texts are remarks."""
_PAIR = re.compile(r"[：:][^0-9]*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A table: header rows, number row, data rows (counted from 0, inclusive) and its columns from left to right.

    record: the column that names a record, when every record takes several named rows (今年, 去年) beside its name.
    """

    top: int
    header_bottom: int
    number_row: int | None
    data_top: int
    bottom: int
    columns: tuple[Column, ...]
    is_statistics: bool
    coverage: float
    record: Leaf | None = None

    @property
    def has_header(self) -> bool:
        """False for rows of labels and blanks without a header over them."""
        return self.header_bottom >= self.top

    @property
    def panels(self) -> list[list[Column]]:
        """Columns by panel: a new panel begins at a stub column that follows a value column."""
        panels: list[list[Column]] = []
        for column in self.columns:
            if not panels or (column.kind == "stub" and any(c.kind == "value" for c in panels[-1])):
                before = panels[-1].pop() if panels and panels[-1][-1].kind == "code" else None
                panels.append([before] if before else [])  # 代码 | 指标 | 数值 | 代码 | 指标 | 数值
            panels[-1].append(column)
        return panels


def find_block(lattice: Lattice, top: int, bottom: int, left: int, right: int) -> Block | None:
    """Return the table whose header begins in row `top`, or None when the row does not head columns."""
    first = [box for box in lattice.across(top, left, right) if box.text and not is_corner_note(box)]
    if len(first) == 1 and first[0].width > 1 and first[0].width >= 0.8 * (right - left + 1):
        return None
    if any(_PAIR.search(read_mark(box.text).text) or CHOICE.search(box.text) or is_date_blank(box) for box in first):
        return None
    if first and first[0].height > 1 and has_room_inside(lattice, first[0], right):
        return None  # a label beside a small table
    header_bottom = depth(lattice, top, left, right, bottom)
    if any(_is_value(lattice, row, left, right, header_bottom) for row in range(top, header_bottom + 1)):
        return None
    if any(_is_numbered(lattice, row, left, right) for row in range(top + 1, header_bottom + 1)):
        return None
    number_row = next(
        (
            row
            for row in range(header_bottom, min(header_bottom + 3, bottom) + 1)
            if row > top and is_number_row(lattice, row, left, right)
        ),
        None,
    )
    if number_row is not None:
        header_bottom = number_row - 1
    data_top = (header_bottom if number_row is None else number_row) + 1
    unit_row = next(
        (
            row
            for row in (header_bottom, data_top)
            if top < row <= lattice.bottom and is_unit_row(lattice, row, left, right)
        ),
        None,
    )
    if unit_row is not None:
        header_bottom, data_top = min(header_bottom, unit_row - 1), max(data_top, unit_row + 1)
    found = leaves(lattice, top, header_bottom, left, right)
    if len(found) < 2:
        return None
    if unit_row is not None:
        found = [_measured(lattice, leaf, unit_row) for leaf in found]
    asked_right = right
    right = _reach(lattice, found, number_row, right, header_bottom, bottom)
    found = [leaf for leaf in found if leaf.col <= right]
    if number_row is not None:
        found = [
            Leaf(
                leaf.col, leaf.right, leaf.path, leaf.unit, leaf.label_cell, lattice.text(number_row, leaf.col) or None
            )
            for leaf in found
        ]
    beyond = sum(
        right < box.col <= asked_right for row in range(top, header_bottom + 1) for box in lattice.printed(row)
    )
    beyond += sum(
        box.is_blank and box.row == top and box.width > 1 for box in lattice.across(top, right + 1, asked_right)
    )
    is_stray = len(found) >= 4 and beyond <= 0.3 * len(found)
    if (beyond and not is_stray) or lattice.grid.kind == "document":
        right = asked_right
    covered = sum(leaf.right - leaf.col + 1 for leaf in found)
    found = _with_unheaded(lattice, found, left, right, number_row, data_top, bottom)
    reached = sum(leaf.right - leaf.col + 1 for leaf in found)
    found = [part for leaf in found for part in parted(lattice, leaf, data_top, bottom)]
    columns = classify(lattice, found, data_top, bottom)
    record = None
    if (name := record_of_rows(lattice, found[0], data_top, bottom)) is not None:
        record, found, bottom = found[0], found[1:], name.bottom  # every further record asks for the same
        columns = (
            Column(Leaf(name.right + 1, name.right + 1, (), None, ""), "stub"),
            *(Column(leaf, "value") for leaf in found),
        )
    is_statistics = any(column.kind == "stub" for column in columns)
    if not is_statistics:
        data_top = first_data_row(lattice, data_top, left, right)
    return Block(
        top,
        header_bottom,
        number_row,
        data_top,
        bottom,
        columns,
        is_statistics,
        (reached if is_statistics else covered) / (right - left + 1),
        record,
    )


def is_corner_note(box: Box) -> bool:
    """True for a tall corner that prints a remark in brackets: （本列第一项等于后两项之和）."""
    return box.height > 1 and len(box.text) > CORNER_LENGTH and bool(ENDS.match(box.text))


def _is_value(lattice: Lattice, row: int, left: int, right: int, bottom: int) -> bool:
    """True when a wide blank stands right of a label in a header row: cells are merged for what is written in them.

    Not so for a blank over labels that go down to the last header row: the arm of an L.
    """
    boxes = lattice.across(row, left, right)
    return any(
        before.text
        and before.row == row == box.row
        and box.is_blank
        and box.width > 1
        and not _is_arm(lattice, box, bottom)
        for before, box in pairwise(boxes)
    )


def _is_arm(lattice: Lattice, blank: Box, bottom: int) -> bool:
    under = lattice.across(bottom, blank.col, blank.right)
    return blank.bottom < bottom and len(under) > 1 and all(box.text and box.row > blank.bottom for box in under)


def _is_numbered(lattice: Lattice, row: int, left: int, right: int) -> bool:
    """True for a number before blanks beside a taller label: rows of members, not of the header that reaches down."""
    own = [box for box in lattice.across(row, left, right) if box.row == row]
    printed = [box for box in own if box.text]
    return len(printed) == 1 and is_number(printed[0].text) and len(own) >= 3


def _measured(lattice: Lattice, leaf: Leaf, unit_row: int) -> Leaf:
    text = lattice.text(unit_row, leaf.col)
    return replace(leaf, unit=text) if not leaf.unit and is_unit(text, leaf.name) else leaf


def _reach(
    lattice: Lattice, found: list[Leaf], number_row: int | None, right: int, header_bottom: int, bottom: int
) -> int:
    """Return the last column of the table: before the first gap of unheaded columns that nothing fills."""
    end = found[0].right
    for leaf in found[1:]:
        gap = leaf.col - end - 1
        if gap and number_row is None and not _repeats(found, leaf):
            rows = range(header_bottom + 1, min(bottom, header_bottom + SAMPLE_ROWS) + 1)
            if gap > 1 or not any(lattice.text(row, end + 1) for row in rows):
                return end
        end = leaf.right
    return min(end, right)


def _repeats(found: list[Leaf], leaf: Leaf) -> bool:
    """True when the headers from a leaf on are those before it again: a panel after a blank separating column."""
    at = found.index(leaf)
    before, after = [one.path for one in found[:at]], [one.path for one in found[at:]]
    return len(after) >= 2 and before[: len(after)] == after[: len(before)]


def _with_unheaded(
    lattice: Lattice, found: list[Leaf], left: int, right: int, number_row: int | None, data_top: int, bottom: int
) -> list[Leaf]:
    """Add the columns that have no header but row labels under it (a blank corner), or 甲 in the number row."""
    headed = {col for leaf in found for col in range(leaf.col, leaf.right + 1)}
    added = list(found)
    for col in range(left, right + 1):
        if col in headed:
            continue
        ordinal = lattice.text(number_row, col) if number_row is not None else ""
        rows = range(data_top, min(bottom, data_top + SAMPLE_ROWS) + 1)
        labels = sum(
            1
            for row in rows
            if (box := lattice.box(row, col)).col == col
            and box.row == row
            and box.text
            and not is_dash(box.text)
            and not is_number(box.text)
        )
        is_whole = any(box.text and box.height > 1 for row in rows for box in lattice.printed(row) if box.col == col)
        if ordinal == "甲" or labels >= 2 or (is_whole and col == left):
            added.append(Leaf(col, col, (), None, "", ordinal or None))
    return sorted(added, key=lambda leaf: leaf.col)
