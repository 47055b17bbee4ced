"""Labels of a card that head labels of their own right of them: 家庭成员 | 姓名 | …."""

from __future__ import annotations

from pipelines.intake.card_cells import is_label
from pipelines.intake.inline import blanks
from pipelines.intake.lattice import Box, Lattice
from pipelines.intake.vocabulary import words


def inner_group_of(lattice: Lattice, row: int, boxes: list[Box], bottom: int, right: int) -> Box | None:
    """Return the tall label in the middle of a row that heads labels of its own right of it: 会员数量 | 个人会员数."""
    for box in boxes[1:]:
        if box.row != row or box.height == 1 or not is_label(box) or box.right >= right or box.bottom > bottom:
            continue
        after = lattice.box(row, box.right + 1)
        if not is_label(after) or after.height >= box.height or box.text in words("photo"):
            continue
        rows = range(row, box.bottom + 1)
        is_cut = all(lattice.box(at, box.col - 1).right < box.col for at in rows)
        is_closed = all(lattice.box(at, col).bottom <= box.bottom for at in rows for col in (boxes[0].col, right))
        if is_cut and is_closed and is_group(lattice, box, bottom, right):
            return box
    return None


def is_group(lattice: Lattice, group: Box, bottom: int, right: int) -> bool:
    """True when what stands right of a tall label are labels of their own, not its one value."""
    beside = [lattice.box(row, group.right + 1) for row in range(group.row, min(group.bottom, bottom) + 1)]
    if len(set(beside)) > 1 and any(blanks(box.raw) for box in beside[1:] if box.row > group.row and box.right >= right):
        return True  # a promise, and who signs it under it
    if not any(map(is_label, beside)):
        return False
    for row in range(group.row, min(group.bottom, bottom) + 1):
        for box in lattice.across(row, group.right + 1, right):
            if (
                box.row == row
                and box.text
                and is_label(box)
                and not (box.col == group.right + 1 and box.right == right and box.height == group.height)
            ):
                return True
    return False
