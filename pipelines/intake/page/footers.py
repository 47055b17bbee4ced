"""Where the body of a table ends on a sheet: signatures, notes, the title of the next table."""

from __future__ import annotations

import re

from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.wording.frame import has_frame_label, is_asking, is_note, is_numbered_note, is_title
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.marks import is_dash, is_number
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.vocabulary import words

_NUMBERED_TABLE = re.compile(r"^附?表[0-9一二三四五六七八九十]{1,3}")
LOOK_AHEAD = 60
"""Rows in which the header of a table is looked for under its title."""


def is_body_label(box: Box) -> bool:
    """True for a text that can head a column or name a blank: no number, note, part of the frame or sentence."""
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


def is_text_only(lattice: Lattice, row: int) -> bool:
    """True when, after a gap, nothing but single texts follows: a list or notes that are no part of the table."""
    following = [lattice.printed(at) for at in range(row, min(row + LOOK_AHEAD, lattice.bottom) + 1)]
    following = [boxes for boxes in following if boxes]
    return len(following) >= 3 and all(
        len(boxes) == 1 and boxes[0].text not in words("continued") for boxes in following[:5]
    )


def opens_footer(boxes: tuple[Box, ...], lattice: Lattice, row: int) -> bool:
    """True when a row (its printed boxes) is no part of the table any more: notes, 补充资料, signatures."""
    first = boxes[0]
    if first.col > 1 or len(boxes) > 6:
        return False
    text = first.text
    if is_note(text) and (len(text) > 6 or len(boxes) == 1) and not (_is_header_word(boxes) or is_asking(first.raw)):
        return True
    if (
        text.startswith(tuple(f"{word}{colon}" for word in ("补充资料", "附报", "补充指标") for colon in "：:"))
        and len(boxes) == 1
    ):
        return bool(blanks(first.raw))
    found = blanks(first.raw)
    if _is_inside(lattice, row, first):
        return False
    if _is_signature_row(lattice, row, boxes):
        return True
    is_signed = bool(found) and found[0].is_meta and not _goes_on_below(lattice, first)
    is_drawn = (row, first.col) in lattice.grid.bordered and lattice.box(row, first.right + 1).is_blank
    is_signed = is_signed and not (is_drawn and len(boxes) > 1 and not re.search("[：:]", text))
    return is_signed and (len(boxes) <= 3 or all(_ends_open(box) or blanks(box.raw) for box in boxes))


def _is_inside(lattice: Lattice, row: int, first: Box) -> bool:
    """True for a row beside a label merged from above, and for what stands within the lines of a table.

    That is an opinion's box of several lines, or a signature amid a card whose lines go on under it.
    """
    if any(box.text and box.row < row for box in lattice.across(row, 0, first.col)):
        return True
    is_drawn = (row, first.col) in lattice.grid.bordered
    return is_drawn and (first.raw.strip().count("\n") >= 2 or _goes_on_in_lines(lattice, first))


def _is_signature_row(lattice: Lattice, row: int, boxes: tuple[Box, ...]) -> bool:
    """True for a row of two or more labels to sign or date, outside the lines of the table: 村负责人： | 经办人：."""
    grid = lattice.grid
    if len(boxes) < 2 or any((box.row, box.col) in grid.bordered for box in boxes):
        return False
    if not grid.bordered and any(map(is_body_label, lattice.printed(row + 1))):
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
    return bool(below) and below[0].col == label.col and is_body_label(below[0]) and below[0].width <= label.width


def _goes_on_in_lines(lattice: Lattice, box: Box) -> bool:
    """True when the lines of the same table go on with labels under a drawn box: a pledge amid a card."""
    drawn = lattice.grid.bordered
    for row in range(box.bottom + 1, lattice.bottom + 1):
        if (row, box.col) not in drawn or opens_table(lattice, row):
            return False
        if any(is_body_label(other) for other in lattice.printed(row)):
            return True
    return False


def _is_header_word(boxes: tuple[Box, ...]) -> bool:
    return len(boxes) > 1 and all(len(box.text) <= 10 for box in boxes)


def opens_table(lattice: Lattice, row: int) -> bool:
    """True when a new table begins here: a title over a header, after a footer."""
    boxes = lattice.printed(row)
    if len(boxes) != 1 or not is_title(boxes[0].text) or is_numbered_note(boxes[0].text):
        return False
    if boxes[0].text not in words("form_word"):
        return False
    for later in range(row + 1, min(row + 9, lattice.bottom) + 1):
        labels = [box for box in lattice.printed(later) if is_body_label(box)]
        if len(labels) >= 2:
            return True
        if any(is_note(box.text) for box in lattice.printed(later)):
            return False
    return False


def opens_sibling(lattice: Lattice, top: int, row: int) -> bool:
    """True when a title stands here over a header that begins like the first one: the next table, without a footer."""
    boxes = lattice.printed(row)
    if len(boxes) != 1 or "续" in boxes[0].text:
        return False
    if _is_set_apart(lattice, top, row, boxes[0]):
        return True
    if boxes[0].text not in words("form_word") or _is_section(lattice, top, row, boxes[0]):
        return False
    head = next(
        (lattice.printed(at) for at in range(row + 1, min(row + 4, lattice.bottom) + 1) if _labels(lattice, at)), ()
    )
    first = lattice.printed(top)
    return (
        len(head) >= 3
        and len(first) >= 3
        and (head[0].text, head[0].col) == (first[0].text, first[0].col)
        and not _has_gaps(lattice, head)
        and not _has_gaps(lattice, first)
    )


def _is_section(lattice: Lattice, top: int, row: int, heading: Box) -> bool:
    """True for a heading within the lines of a form whose first header has one too: 成员信息 … 选举结果."""
    over = lattice.printed(top - 1) if top else ()
    drawn = lattice.grid.bordered
    return len(over) == 1 and {(top - 1, over[0].col), (row - 1, heading.col), (row, heading.col)} <= drawn


def _has_gaps(lattice: Lattice, boxes: tuple[Box, ...]) -> bool:
    """True when a blank stands between two labels of a row: they are pairs, no header."""
    return any(lattice.box(box.row, box.right + 1).is_blank and box.right < boxes[-1].col for box in boxes)


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
    return sum(map(is_body_label, lattice.printed(row))) >= 2
