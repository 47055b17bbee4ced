"""Where on a sheet the table is: the frame above it, its body, the signatures and notes under it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.intake.boxes.cells import CHOICE, is_date_blank, is_stamped
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.page.card_tops import pair_rows_top, pairs_top, two_columns_top
from pipelines.intake.page.footers import (
    is_body_label,
    is_text_only,
    opens_footer,
    opens_sibling,
    opens_table,
)
from pipelines.intake.tables.block import is_corner_note
from pipelines.intake.wording.frame import has_frame_label, head_lines, is_period, is_title
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.letters import as_asked
from pipelines.intake.wording.marks import is_number
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.vocabulary import words

_SAID = re.compile(r"^[^：:]{2,12}[：:]")
_SENTENCE = re.compile(r"[，。；！]|^请")

TITLE_SHARE = 0.6
"""Part of a table's width over which its title is merged at least, when a remark stands beside it."""
_DATE_PIECES = frozenset("年月日")
"""What a date with a cell of its own for each number prints between them."""


@dataclass(frozen=True, slots=True)
class Region:
    """Rows of one table, inclusive: `above` frame rows, body `top` … `bottom`, `below` footer rows; its columns."""

    above: tuple[int, ...]
    top: int
    bottom: int
    below: tuple[int, ...]
    left: int
    right: int


def find_regions(lattice: Lattice) -> list[Region]:
    """Return the tables of a sheet from top to bottom; an empty list when nothing on it has rows and columns."""
    regions: list[Region] = []
    start = 0
    while start <= lattice.bottom:
        region = _next(lattice, start)
        if region is None:
            break
        regions.append(region)
        start = max((region.bottom, *region.below)) + 1
    return regions


def chapters(lattice: Lattice, regions: list[Region]) -> list[str]:
    """Return the heading over each table of a sheet that counts them (一、低保人员 … 二、残疾人员 …), all "" otherwise.

    Such tables are parts of one form: the heading begins the path of each field. One that ends in 表 is a title.
    """
    over = [lattice.printed(region.top - 1) if region.top else () for region in regions]
    marks = [read_mark(boxes[0].text) if len(boxes) == 1 else None for boxes in over]
    counted = [mark.text if mark and mark.rank == 1 and mark.number == at else "" for at, mark in enumerate(marks, 1)]
    is_parted = len(counted) > 1 and all(name and name not in words("form_word") for name in counted)
    return counted if is_parted else [""] * len(regions)


def _next(lattice: Lattice, start: int) -> Region | None:
    top = _body_top(lattice, start)
    if top is None:
        top = pairs_top(lattice, start)
    top = pair_rows_top(lattice, start, two_columns_top(lattice, start, top))
    if top is None:
        return None
    above = tuple(row for row in range(start, top) if lattice.printed(row))
    bottom, below = _body_bottom(lattice, top)
    left = min((box.col for row in range(top, bottom + 1) for box in lattice.printed(row)), default=0)
    right = max((box.right for row in range(top, bottom + 1) for box in lattice.printed(row)), default=lattice.right)
    right = _before_notes(lattice, top, bottom, right)
    for corner, span in lattice.spans.items():
        if top <= corner[0] <= bottom and corner[1] > left and span.right > right and span.left <= right + 1:
            right = span.right
    if lattice.grid.kind == "document":
        right = max(right, lattice.grid.col_count - 1)
    return Region(above, top, bottom, below, left, right)


def _before_notes(lattice: Lattice, top: int, bottom: int, right: int) -> int:
    """Return the last column before a list of texts that stands beside a sheet's table after a blank column."""
    head = lattice.printed(top)
    if lattice.grid.kind == "document" or len(head) < 4 or head[-1].col < 2:
        return right
    gap, beside = head[-2].right + 1, head[-1].col
    rows = range(top, bottom + 1)
    is_apart = gap < beside and all(lattice.box(row, gap).is_blank for row in rows)
    texts = [box for row in rows for box in lattice.printed(row) if box.col >= beside]
    is_drawn = any((box.row, box.col) in lattice.grid.bordered for box in texts)
    is_list = len(texts) >= 2 and all(box.col == beside and not is_number(box.text) for box in texts)
    return gap - 1 if is_apart and is_list and not is_drawn else right


def _body_top(lattice: Lattice, start: int) -> int | None:
    """Return the first row of the body: the first with two labels side by side that are not frame or notes."""
    for row in range(start, lattice.bottom + 1):
        boxes = lattice.printed(row)
        if not boxes:
            continue
        if lattice.grid.kind == "document":
            if not _is_frame_row(lattice, row, boxes):
                return row
            continue
        pieces = _DATE_PIECES if {"年", "月"} <= {box.text for box in boxes} else frozenset()
        labels = [
            box
            for box in boxes
            if (is_body_label(box) and box.text not in pieces and not _is_frame_value(lattice, box))
            or (box is boxes[0] and is_corner_note(box))
            or _is_drawn_stamp(lattice, box)
        ]
        if _is_said(lattice, row, boxes):
            continue
        if len(labels) >= 2 and not _is_title_with_lists(lattice, row, boxes):
            return row
        if (
            len(labels) == 1
            and len(boxes) > 1
            and (_heads_dates(lattice, row, boxes) or _is_coded(lattice, row, boxes))
        ):
            return row
        if (
            len(labels) == 1
            and len(boxes) == 1
            and (_heads_pairs(lattice, row, labels[0]) or spans_header(lattice, row, labels[0]))
        ):
            return row
    return None


def _is_title_with_lists(lattice: Lattice, row: int, boxes: tuple[Box, ...]) -> bool:
    """True for a title merged over the table with option lists right of it, outside the table's columns."""
    title = boxes[0]
    if len(title.text) < 5 or not is_title(title.text):
        return False
    for later in range(title.bottom + 1, min(title.bottom + 6, lattice.bottom) + 1):
        labels = [box for box in lattice.printed(later) if is_body_label(box)]
        if len(labels) >= 2:
            over = title.width >= TITLE_SHARE * (labels[-1].right - labels[0].col + 1)
            if len(boxes) == 2 and over and title.text in words("form_word"):
                return True  # 资料保密 stands right of the title
            reach = title.right if title.width >= 3 else boxes[1].col - 2  # not merged: a blank column parts them
            return labels[0].col == title.col and labels[-1].right <= reach
    return False


def _is_frame_row(lattice: Lattice, row: int, boxes: tuple[Box, ...]) -> bool:
    """True for a row of a document's table that is its title or frame: one box over the whole width."""
    if len(boxes) > 1 and row <= 2 and any(has_frame_label(box.raw) for box in boxes):
        return all(has_frame_label(box.raw) or is_period(box.raw) for box in boxes)
    if len(boxes) != 1:
        return False
    box = boxes[0]
    if box.width < max(2, 0.6 * lattice.grid.col_count) or row > 3:
        return False
    found = blanks(box.raw)
    if (has_frame_label(box.raw) or found) and all(blank.is_meta for blank in found):
        return True
    if len(head_lines(box.raw)) > 1 if row == 0 else as_asked(box.raw) != box.raw:
        return True
    is_first = lattice.grid.sheet == "table 1" and not _SENTENCE.search(box.text)
    is_named = box.text in words("form_word") or box.text in words("title_word")
    return row == 0 and is_title(box.text) and not lattice.grid.before and (is_first or is_named)


def _is_drawn_stamp(lattice: Lattice, box: Box) -> bool:
    """True for 单位名称（盖章） within lines, with a drawn blank beside it: the first label of a card."""
    drawn = lattice.grid.bordered
    beside = lattice.box(box.row, box.right + 1)
    return is_stamped(box) and beside.is_blank and {(box.row, box.col), (beside.row, beside.col)} <= drawn


def _is_said(lattice: Lattice, row: int, boxes: tuple[Box, ...]) -> bool:
    """True for a line of labels with colons that are already answered (填报人：张某 | 审核人：李某), over a header."""
    if len(boxes) < 2 or not all(_SAID.match(box.text) for box in boxes):
        return False
    below = lattice.printed(row + 1)
    return len(below) > len(boxes) and all(is_body_label(box) and not _SAID.match(box.text) for box in below)


def _is_frame_value(lattice: Lattice, box: Box) -> bool:
    """True for what stands right of a part of the frame named in a cell of its own: 表号： | 农调112表."""
    before = lattice.box(box.row, box.col - 1) if box.col else None
    return before is not None and has_frame_label(before.raw) and before.text.endswith(("：", ":"))


def _heads_pairs(lattice: Lattice, row: int, box: Box) -> bool:
    """True for a label alone in its row with a drawn blank beside it, more such rows following: a card."""
    grid = lattice.grid
    beside = lattice.box(row, box.right + 1)
    if (row, box.col) not in grid.bordered or (row, box.right + 1) not in grid.bordered or beside.text:
        return False
    following = lattice.printed(row + 1)
    is_column = [(one.col, one.right) for one in following] == [(box.col, box.right)]  # 死亡例数 | over 自动出院例数 |
    is_name = (len(box.text) <= 8 or is_column) and box.text not in words("form_word")
    return (bool(following) and not is_title(box.text)) or is_name


def spans_header(lattice: Lattice, row: int, box: Box) -> bool:
    """True for a header over all columns but a blank corner that goes down beside the headers under it."""
    corner = lattice.box(row, box.col - 1) if box.col else box
    drawn = (row, box.col) in lattice.grid.bordered and (corner.row, corner.col) in lattice.grid.bordered
    under = [one for one in lattice.printed(row + 1) if is_body_label(one)]
    is_over = len(under) > 1 and all(box.col <= one.col and one.right <= box.right for one in under)
    return drawn and corner.is_blank and corner.row == row and corner.height > 1 and is_over


def _is_coded(lattice: Lattice, row: int, boxes: tuple[Box, ...]) -> bool:
    """True for a label with its code beside it, the next row having the next code: rows without a header."""
    after = lattice.printed(row + 1)
    if len(boxes) != 2 or len(after) < 2 or not boxes[1].text.isdecimal() or not after[-1].text.isdecimal():
        return False
    return int(boxes[1].text) + 1 == int(after[-1].text) and boxes[1].col == after[-1].col


def _heads_dates(lattice: Lattice, row: int, boxes: tuple[Box, ...]) -> bool:
    """True for a label within lines with dates or choices beside it: the first row of a card."""
    drawn = all((row, box.col) in lattice.grid.bordered for box in boxes)
    return drawn and is_body_label(boxes[0]) and all(is_date_blank(box) or CHOICE.search(box.text) for box in boxes[1:])


def _body_bottom(lattice: Lattice, top: int) -> tuple[int, tuple[int, ...]]:
    """Return the last row of the body and the footer rows after it."""
    row = top
    bottom = top
    below: list[int] = []
    limit = lattice.bottom
    if lattice.grid.kind == "document":
        return max(limit, lattice.grid.row_count - 1), ()
    while row <= limit:
        boxes = lattice.printed(row)
        if boxes:
            if row - bottom > 1 and is_text_only(lattice, row):
                break
            is_footer = row > top and opens_footer(boxes, lattice, row)
            if is_footer or (row > top + 1 and opens_sibling(lattice, top, row)):
                break
            bottom = max(bottom, *(box.bottom for box in boxes))
        row += 1
    while row <= limit:
        boxes = lattice.printed(row)
        if boxes:
            if (below and opens_table(lattice, row)) or (row > top + 1 and opens_sibling(lattice, top, row)):
                break
            below.append(row)
        row += 1
    blank_end = below[0] - 1 if below else max(bottom, lattice.grid.row_count - 1)
    reach = bottom if lattice.printed(bottom + 1) else bottom + 1
    return (min(blank_end, reach) if not below else blank_end), tuple(below)
