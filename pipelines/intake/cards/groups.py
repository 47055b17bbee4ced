"""Labels of a card that head labels of their own right of them: 家庭成员 | 姓名 | …."""

from __future__ import annotations

import re

from pipelines.intake.boxes.cells import SENTENCE, WIDE_SHARE, is_label, name_of, takes_value
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.vocabulary import words
from pipelines.text import squeeze

_ROOM_BEHIND = re.compile(r"[：:][ \u3000\u00a0_]{2,}")
ROOM_ROWS = 3
"""Rows over a date in which the opinion that it belongs to is looked for."""


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


def whole_above(lattice: Lattice, group: Box) -> Box:
    """Return the label right above a tall 其中, of which the rows beside it are parts; else the group itself."""
    above = lattice.box(group.row - 1, group.col) if group.row else group
    is_part = group.text.rstrip("：:") == "其中"
    return above if is_part and is_label(above) and above.width < WIDE_SHARE * (lattice.right + 1) else group


def beside_each_other(lattice: Lattice, group: Box, right: int) -> list[tuple[Box, int]]:
    """Return the group and those right of it that are as tall (本月 | labels | 当年 | labels), each with its last
    column.

    Only the group itself when nothing right of it is as tall.
    """
    boxes = lattice.across(group.row, group.right + 1, right)
    heads = [
        box
        for box in boxes[1:]
        if is_label(box) and (box.row, box.bottom) == (group.row, group.bottom) and box.right < right
    ]
    inner = lattice.box(group.row, group.right + 1)
    if (inner.row, inner.bottom) == (group.row, group.bottom):
        return [(group, right)]  # the groups stand within it
    heads = [box for box in heads if is_label(lattice.box(box.row, box.right + 1)) or _is_signed_under(lattice, box)]
    ends = [box.col - 1 for box in heads] + [right]
    return list(zip([group, *heads], ends, strict=True))


def _is_signed_under(lattice: Lattice, head: Box) -> bool:
    """True for a label with room beside it and who signs under the room: 调入单位意见."""
    beside = [lattice.box(row, head.right + 1) for row in range(head.row, head.bottom + 1)]
    is_open = beside[0].is_blank or takes_value(beside[0]) or bool(SENTENCE.search(beside[0].text))
    return is_open and any(blank.is_meta for box in beside[1:] for blank in blanks(box.raw))


def is_group(lattice: Lattice, group: Box, bottom: int, right: int) -> bool:
    """True when what stands right of a tall label are labels of their own, not its one value."""
    beside = [lattice.box(row, group.right + 1) for row in range(group.row, min(group.bottom, bottom) + 1)]
    asking = [box for box in beside[1:] if box.row > group.row and blanks(box.raw)]
    is_signed = any(blank.is_meta for box in asking for blank in blanks(box.raw)) or name_of(group) in words("opinion")
    if (asking and is_signed and beside[0].is_blank) or any(box.right >= right for box in asking):
        return True  # room or a promise, and who signs under it
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


def opinion_above(lattice: Lattice, dated: Box) -> str:
    """Return the opinion over a box that prints only a date, "" when none stands there: 医疗审核 over    年  月  日."""
    for row in range(dated.row - 1, max(dated.row - 1 - ROOM_ROWS, -1), -1):
        over = lattice.box(row, dated.col)
        if over.text:
            name = name_of(over._replace(text=squeeze(over.raw.strip().split("\n", 1)[0])))
            return name if name in words("opinion") and over.col == dated.col else ""
    return ""


def leads_cells(box: Box, after: list[Box]) -> bool:
    """True for a label without room beside cells that name what they ask: 设施数量： | 固定床：    | 炉排炉：    ."""
    asked = [blank for cell in after for blank in blanks(cell.raw)]
    is_plain = not any(blank.is_meta or blank.options or blank.is_date for blank in asked)
    has_room = all(names_room(cell) for cell in after if cell.text)
    return box.raw.endswith(("：", ":")) and len(asked) > 1 and is_plain and has_room


def names_room(box: Box) -> bool:
    """True for a box with room to write behind the colon of its label: 固定床：    ."""
    return bool(_ROOM_BEHIND.search(box.raw))


def pairs_beside(lattice: Lattice, group: Box, right: int) -> int:
    """Return the last column of a group beside which taller labels stand with rooms as tall: 厚度 … | 总重量 | blank.

    They divide its rows otherwise, so that they are none of its labels; `right` when there are none.
    """
    for col in range(group.right + 2, right):
        heads = {lattice.box(row, col) for row in range(group.row, group.bottom + 1)}
        rooms = {lattice.box(row, head.right + 1) for head in heads for row in (head.row,) if head.right < right}
        is_cut = len(heads) > 1 and all(head.col == col and head.height > 1 and is_label(head) for head in heads)
        if is_cut and {(box.row, box.bottom) for box in rooms} == {(head.row, head.bottom) for head in heads}:
            return col - 1
    return right
