"""Where on a sheet the table is: the frame above it, its body, the signatures and notes under it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.intake.frame import has_frame_label, is_note, is_numbered_note, is_period, is_title
from pipelines.intake.inline import blanks
from pipelines.intake.lattice import Box, Lattice
from pipelines.intake.marks import is_dash, is_number
from pipelines.intake.numbering import read_mark
from pipelines.intake.vocabulary import words

_SENTENCE = re.compile(r"[，。；！]|^请")
_NUMBERED_TABLE = re.compile(r"^附?表[0-9一二三四五六七八九十]{1,3}")
LOOK_AHEAD = 60
"""Rows in which the header of a table is looked for under its title."""


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


def _next(lattice: Lattice, start: int) -> Region | None:
    top = _body_top(lattice, start)
    if top is None:
        top = _pairs_top(lattice, start)
    if top is None:
        return None
    above = tuple(row for row in range(start, top) if lattice.printed(row))
    bottom, below = _body_bottom(lattice, top)
    left = min((box.col for row in range(top, bottom + 1) for box in lattice.printed(row)), default=0)
    right = max((box.right for row in range(top, bottom + 1) for box in lattice.printed(row)), default=lattice.right)
    for corner, span in lattice.spans.items():
        if top <= corner[0] <= bottom and corner[1] > left and span.right > right and span.left <= right + 1:
            right = span.right
    if lattice.grid.kind == "document":
        right = max(right, lattice.grid.col_count - 1)
    return Region(above, top, bottom, below, left, right)


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
        labels = [box for box in boxes if _is_body_label(box) and not _is_frame_value(lattice, box)]
        if len(labels) >= 2 and not _is_title_with_lists(lattice, row, boxes):
            return row
        if len(labels) == 1 and len(boxes) == 1 and _heads_pairs(lattice, row, labels[0]):
            return row
    return None


def _pairs_top(lattice: Lattice, start: int) -> int | None:
    """Return the first of two or more rows whose labels end in colons with blank cells beside: a card without lines."""
    rows = []
    for row in range(start, min(lattice.bottom, start + LOOK_AHEAD) + 1):
        labels = [box for box in lattice.printed(row) if box.text.endswith(("：", ":"))]
        if labels and any(lattice.box(row, box.right + 1).is_blank for box in labels):
            rows.append(row)
    return rows[0] if len(rows) >= 2 else None


def _is_title_with_lists(lattice: Lattice, row: int, boxes: tuple[Box, ...]) -> bool:
    """True for a title merged over the table with option lists right of it, outside the table's columns."""
    title = boxes[0]
    if title.width < 3 or len(title.text) < 5 or not is_title(title.text):
        return False
    for later in range(title.bottom + 1, min(title.bottom + 6, lattice.bottom) + 1):
        labels = [box for box in lattice.printed(later) if _is_body_label(box)]
        if len(labels) >= 2:
            return labels[0].col == title.col and labels[-1].right <= title.right
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
    is_first = lattice.grid.sheet == "table 1" and not _SENTENCE.search(box.text)
    return row == 0 and is_title(box.text) and not lattice.grid.before and (is_first or box.text in words("form_word"))


def _is_body_label(box: Box) -> bool:
    text = box.text
    return not (
        is_number(text)
        or is_dash(text)
        or is_note(text)
        or has_frame_label(box.raw)
        or text.endswith(("：", ":"))
        or len(text) > 60
        or ("," in text and text.replace(",", "").isdecimal())
        or bool(blanks(box.raw))
    )


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
    return (bool(following) and not is_title(box.text)) or (len(box.text) <= 8 and box.text not in words("form_word"))


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
            if row - bottom > 1 and _is_text_only(lattice, row):
                break
            if _opens_footer(boxes, lattice, row) or (row > top + 1 and _opens_sibling(lattice, top, row)):
                break
            bottom = max(bottom, *(box.bottom for box in boxes))
        row += 1
    while row <= limit:
        boxes = lattice.printed(row)
        if boxes:
            if (below and _opens_table(lattice, row)) or (row > top + 1 and _opens_sibling(lattice, top, row)):
                break
            below.append(row)
        row += 1
    blank_end = below[0] - 1 if below else max(bottom, lattice.grid.row_count - 1)
    return (min(blank_end, bottom + 1) if not below else blank_end), tuple(below)


def _is_text_only(lattice: Lattice, row: int) -> bool:
    """True when, after a gap, nothing but single texts follows: a list or notes that are no part of the table."""
    following = [lattice.printed(at) for at in range(row, min(row + LOOK_AHEAD, lattice.bottom) + 1)]
    following = [boxes for boxes in following if boxes]
    return len(following) >= 3 and all(
        len(boxes) == 1 and boxes[0].text not in words("continued") for boxes in following[:5]
    )


def _opens_footer(boxes: tuple[Box, ...], lattice: Lattice, row: int) -> bool:
    first = boxes[0]
    if first.col > 1 or len(boxes) > 6:
        return False
    text = first.text
    if is_note(text) and (len(text) > 6 or len(boxes) == 1) and not _is_header_word(boxes):
        return True
    if (
        text.startswith(tuple(f"{word}{colon}" for word in ("补充资料", "附报", "补充指标") for colon in "：:"))
        and len(boxes) == 1
    ):
        return bool(blanks(first.raw))
    found = blanks(first.raw)
    if _is_signature_row(lattice, row, boxes):
        return True
    is_signed = bool(found) and found[0].is_meta and not _goes_on_below(lattice, first)
    return is_signed and (len(boxes) <= 3 or all(box.text.endswith(("：", ":")) for box in boxes))


def _is_signature_row(lattice: Lattice, row: int, boxes: tuple[Box, ...]) -> bool:
    """True for a row of two or more labels to sign or date, outside the lines of the table: 村负责人： | 经办人：."""
    grid = lattice.grid
    if len(boxes) < 2 or any((box.row, box.col) in grid.bordered for box in boxes):
        return False
    if not grid.bordered and any(map(_is_body_label, lattice.printed(row + 1))):
        return False
    found = [blanks(box.raw) for box in boxes]
    if any(blank.is_meta for one in found for blank in one):
        return all(found)
    above = next((lattice.printed(at) for at in range(row - 1, -1, -1) if lattice.printed(at)), ())
    is_last = all(map(_ends_open, boxes)) and bool(above) and not any(map(_ends_open, above))
    is_last = is_last and all(len(lattice.printed(at)) <= 1 for at in range(row + 1, lattice.bottom + 1))
    return all(found) and (bool(grid.bordered) or is_last)


def _ends_open(box: Box) -> bool:
    return box.text.endswith(("：", ":"))


def _goes_on_below(lattice: Lattice, label: Box) -> bool:
    """True when under a label without a colon (报告单位（盖章）) more labels follow in its column: a card goes on."""
    if re.search("[：:]", label.text):
        return False
    below = lattice.printed(label.bottom + 1)
    return bool(below) and below[0].col == label.col and _is_body_label(below[0]) and below[0].width <= label.width


def _is_header_word(boxes: tuple[Box, ...]) -> bool:
    return len(boxes) > 1 and all(len(box.text) <= 10 for box in boxes)


def _opens_table(lattice: Lattice, row: int) -> bool:
    """True when a new table begins here: a title over a header, after a footer."""
    boxes = lattice.printed(row)
    if len(boxes) != 1 or not is_title(boxes[0].text) or is_numbered_note(boxes[0].text):
        return False
    if boxes[0].text not in words("form_word"):
        return False
    for later in range(row + 1, min(row + 9, lattice.bottom) + 1):
        labels = [box for box in lattice.printed(later) if _is_body_label(box)]
        if len(labels) >= 2:
            return True
        if any(is_note(box.text) for box in lattice.printed(later)):
            return False
    return False


def _opens_sibling(lattice: Lattice, top: int, row: int) -> bool:
    """True when a title stands here over a header that begins like the first one: the next table, without a footer."""
    boxes = lattice.printed(row)
    if len(boxes) != 1 or "续" in boxes[0].text:
        return False
    if _is_set_apart(lattice, top, row, boxes[0]):
        return True
    if boxes[0].text not in words("form_word"):
        return False
    head = next(
        (lattice.printed(at) for at in range(row + 1, min(row + 4, lattice.bottom) + 1) if _labels(lattice, at)), ()
    )
    first = lattice.printed(top)
    return (
        len(head) >= 3
        and len(first) >= 3
        and (head[0].text, head[0].col) == (first[0].text, first[0].col)
        and not any(lattice.box(head[0].row, box.right + 1).is_blank and box.right < head[-1].col for box in head)
    )


def _is_set_apart(lattice: Lattice, top: int, row: int, title: Box) -> bool:
    """True for a title after a gap, outside the lines of the table, over a header of three labels or more."""
    grid = lattice.grid
    if lattice.printed(row - 1) or len(title.text) < 4 or is_numbered_note(title.text):
        return False
    is_chapter = bool(grid.bordered) and read_mark(title.text).rank == 1
    is_named = _NUMBERED_TABLE.match(title.text) or (grid.bordered and title.text in words("form_word"))
    if not (is_chapter or (is_named and is_title(title.text))):
        return False
    if (row - 1, title.col) in grid.bordered or (grid.bordered and (row, title.col) in grid.bordered):
        return False
    head = next((at for at in range(row + 1, min(row + 4, lattice.bottom) + 1) if _labels(lattice, at)), None)
    return head is not None and len(lattice.printed(head)) >= 3


def _labels(lattice: Lattice, row: int) -> bool:
    return sum(map(_is_body_label, lattice.printed(row))) >= 2
