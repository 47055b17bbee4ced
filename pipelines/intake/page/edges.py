"""Rows of a card over a table (单位名称 | blank | 代码 | blank) and under it (检查意见 | one wide blank)."""

from __future__ import annotations

import re
from itertools import pairwise

from pipelines.intake.boxes.cells import is_label, is_stamped, takes_value
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.tables.header_rows import is_number_row
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.vocabulary import words

_DATE_BEHIND = re.compile(r"(?<=.)年月日$")
NUMBERED = 4
"""Columns that a row of 甲 乙 丙 1 has at least before it is looked for within a card."""
MIN_SIGNERS = 4
"""Boxes of a row in which two sign."""
NARROW = 0.4
"""Share of a table's columns that the label of such a row covers at most; what is right of it covers the rest."""


def closing_rows(lattice: Lattice, top: int, bottom: int, left: int, right: int) -> int:
    """Return the first of the rows that close a table as a card; `bottom` + 1 when there are none.

    top: the first row that can be one, under the header.
    """
    if right - left < 2:
        return bottom + 1
    first, is_card = bottom + 1, False
    for row in range(bottom, top - 1, -1):
        boxes = [box for box in lattice.across(row, left, right) if box.row == row]
        is_pair = _is_pair(lattice, row, left, right) or _are_signers(lattice, row, left, right)
        if not boxes or (first > bottom and not any(box.text for box in boxes)):
            continue  # under a merged cell, or blank under the table
        if not (is_pair or is_line(lattice, row, left, right) or _signs(boxes)):
            break
        first, is_card = row, is_card or is_pair
    return first if is_card else bottom + 1


def closing_lines(lattice: Lattice, top: int, bottom: int, left: int, right: int) -> list[int]:
    """Return the last rows of a table that are lines with blanks of their own, from the top: 审核：  制表：."""
    rows = [row for row in range(top, bottom + 1) if lattice.printed(row)]
    lines: list[int] = []
    while rows and (
        is_line(lattice, rows[-1], left, right)
        or _is_signed(lattice, rows[-1])
        or _is_led_line(lattice, rows[-1], left, right)
    ):
        lines.insert(0, rows.pop())
    return lines


def _are_signers(lattice: Lattice, row: int, left: int, right: int) -> bool:
    """True for labels of who signs with a room beside each: 单位负责人 | blank | 审核人 | blank."""
    boxes = lattice.across(row, left, right)
    if len(boxes) < MIN_SIGNERS or len(boxes) % 2 or any(box.row != row for box in boxes):
        return False
    return all(signer(box.text) for box in boxes[::2]) and all(map(takes_value, boxes[1::2]))


def _signs(boxes: list[Box]) -> bool:
    """True for boxes side by side that each hold blanks of who signs: 检查人员签名：⏎日期： | 负责人签名：⏎日期：."""
    found = [blanks(box.raw) for box in boxes]
    return len(boxes) > 1 and all(any(blank.is_meta for blank in one) for one in found)


def _is_led_line(lattice: Lattice, row: int, left: int, right: int) -> bool:
    """True for a row whose first box alone is printed and is signed or dated, whatever columns are drawn behind it."""
    boxes = lattice.across(row, left, right)
    found = blanks(boxes[0].raw)
    return any(blank.is_meta or blank.is_date for blank in found) and all(box.is_blank for box in boxes[1:])


def _is_signed(lattice: Lattice, row: int) -> bool:
    """True for a row of cells that only name who signs and when, without colons: 填报人 | 填报日期  年 月 日."""
    boxes = lattice.printed(row)
    return (
        len(boxes) >= 2
        and all(signer(box.text) or blanks(box.raw) for box in boxes)
        and any(signer(box.text) for box in boxes)
    )


def signer(text: str) -> str:
    """Return the name in a text that names who signs, or when, and maybe a date to fill; "" for any other text."""
    name = _DATE_BEHIND.sub("", text)
    return name if name in words("meta") and name != "年月日" else ""


def opening_rows(lattice: Lattice, top: int, bottom: int, left: int, right: int) -> int:
    """Return the row after those of labels and blanks by turns that stand over a table; `top` when there are none."""
    row = top
    while row < bottom and _is_pairs(lattice, row, left, right):
        row += 1
    return row


def numbered_header(lattice: Lattice, top: int, bottom: int, left: int, right: int) -> int:
    """Return the first row of a header over 甲 乙 丙 1 further down, with a card over it; `top` when there is none.

    The header is the full rows right above the numbers; a line over the whole width (its 表号) parts it from the card.
    """
    for row in range(top + 1, bottom):
        boxes = lattice.across(row, left, right)
        if len(boxes) < NUMBERED or not boxes[0].text or not is_number_row(lattice, row, left, right):
            continue
        first = row
        while first > top and _is_full(lattice, first - 1, left, right):
            first -= 1
        pairs = [pair for at in range(top, first) for pair in pairwise(lattice.across(at, left, right))]
        is_card = any(label.text and room.is_blank and room.bottom < first for label, room in pairs)
        return first if first < row and is_card else top
    return top


def _is_full(lattice: Lattice, row: int, left: int, right: int) -> bool:
    boxes = lattice.across(row, left, right)
    return len(boxes) >= NUMBERED and all(is_label(box) for box in boxes)


def _is_pairs(lattice: Lattice, row: int, left: int, right: int) -> bool:
    boxes = lattice.across(row, left, right)
    if len(boxes) < 2 or len(boxes) % 2 or any(box.row != row or box.height > 1 for box in boxes):
        return False
    return all(map(is_label, boxes[::2])) and all(box.is_blank for box in boxes[1::2])


def _is_pair(lattice: Lattice, row: int, left: int, right: int) -> bool:
    """True for a label with one wide blank, or opinion, beside it over all other columns."""
    boxes = lattice.across(row, left, right)
    if len(boxes) != 2 or any(box.row != row for box in boxes):
        return False
    label, value = boxes
    width = right - left + 1
    return (
        is_label(label)
        and not is_stamped(label)
        and label.text not in words("total")
        and label.width <= max(1, NARROW * width)
        and value.width >= 2
        and takes_value(value)
    )


def is_line(lattice: Lattice, row: int, left: int, right: int) -> bool:
    """True for one box over all columns that holds blanks of its own: 审核意见：  签字：  年 月 日."""
    boxes = lattice.across(row, left, right)
    return len(boxes) == 1 and boxes[0].row == row and boxes[0].width > 1 and bool(blanks(boxes[0].raw))
