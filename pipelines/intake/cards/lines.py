"""Rows of a card that are one box: headings, notes, lines with blanks of their own, labels over a wide blank."""

from __future__ import annotations

import re

from pipelines.intake.boxes.asked import Reading, own_blanks, value_blanks
from pipelines.intake.boxes.cells import (
    HEADING_LENGTH,
    SENTENCE,
    WIDE_SHARE,
    bare,
    ends_open,
    has_own_room,
    is_label,
    is_prompt,
    is_signature,
    name_of,
)
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.cards.fields import own_field, pair_field
from pipelines.intake.wording.frame import is_asking, is_note
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.vocabulary import words
from pipelines.text import squeeze

_EMPTY_BRACKET = re.compile(r"[(（][^()（）]*(?:年|月|至|—|－|-)[^()（）]*[)）]$")
_CONDITION = re.compile(
    r"(?<=.)[(（](?:[有限仅由如若][^()（）]*|[^()（）]+(?:的[^()（）]*|单位|企业|机构|部门|人员?|户)填[报写])[)）]$"
)
"""Who fills in a section stands behind its name: 填埋处置（有填埋处置的填报）."""
_WRITE_BELOW = re.compile(r"\S[^\S\n]*\n\s*\n\s*$")
"""Lines left free under a question within one cell."""
_LEFT_FREE = re.compile(r"\S[^\S\n]*\n\s*$")
"""A line left free under a label."""
ASKED_LENGTH = 80
"""Longest question that has its lines under it; longer texts tell how to fill the form."""
_TICKED = re.compile(r"^[□☐▢][^□☐▢：:]{2,24}$")


def full_width(
    lattice: Lattice,
    box: Box,
    bottom: int,
    left: int,
    right: int,
    prefix: tuple[str, ...],
    section: tuple[str, ...],
    out: Reading,
) -> tuple[tuple[str, ...], int]:
    """Read a row that is one box: heading, note, own blanks, or a label over a wide blank."""
    after = box.bottom + 1
    found = blanks(box.raw)
    if is_note(box.text) and not (ends_open(box) or is_asking(box.raw)):
        out.notes.append(box.text)
        return section, after
    below = lattice.across(after, left, right) if after <= bottom else []
    heading = _EMPTY_BRACKET.sub("", box.text)
    if _TICKED.match(box.text):  # □设立（仅限设立登记填写）: a section that is ticked when it applies
        heading, found = heading[1:], []
    if found and not (heading != box.text and all(blank.is_date for blank in found)):
        room = below[0] if len(below) == 1 and below[0].is_blank and ends_open(box) else None
        if room is not None and room.row == after:  # 历史记录： over a blank line
            out.fields.append(pair_field(lattice, (*prefix, *section, name_of(box)), box, room))
            return section, room.bottom + 1
        if ends_open(box) and name_of(box) in words("colon_heading") and _asks_below(below, after):
            return (name_of(box),), after
        own_blanks(box, found, prefix, out)
        return (), after
    if heading in words("continued"):
        return section, after
    if box.text in words("photo"):
        out.fields.append(own_field((*prefix, *section, bare(box.text)), box))
        return section, after
    said = _CONDITION.sub("", heading)
    if (said in words("not_heading") or is_prompt(box)) and not _TICKED.match(box.text):
        return section, after
    if len(heading) <= HEADING_LENGTH and not SENTENCE.search(heading) and not re.search("[：:].", heading):
        wide = [other for other in below if other.width >= WIDE_SHARE * box.width]
        section = () if read_mark(box.text).rank in (0, 1) else section
        room = wide[0] if len(wide) == 1 and wide[0].row == after else None
        is_signed = room is not None and any(blank.is_meta for blank in blanks(room.raw))
        if (
            room is not None
            and (room.is_blank or (is_prompt(room) and not is_signed))
            and not any(is_label(b) for b in below if b is not room)
        ):
            out.fields.append(pair_field(lattice, (*prefix, *section, name_of(box)), box, room))
            return section, room.bottom + 1
        is_opinion = is_signed and name_of(box) in words("opinion")
        if room is not None and room.text and (is_signature(room) or is_opinion):
            value_blanks(box, room, (*prefix, *section, name_of(box)), out)
            return section, room.bottom + 1
        is_numbered = read_mark(box.text).rank is not None
        is_lone = after > bottom or (len(below) == 1 and bool(below[0].text))
        if not is_numbered and is_lone and (has_own_room(box) or (after > bottom and _LEFT_FREE.search(box.raw))):
            out.fields.append(own_field((*prefix, *section, name_of(box)), box))
            return section, after
        out.wholes.clear()
        name = name_of(Box(box.row, box.col, box.bottom, box.right, heading, heading))
        return (name,), after
    if _WRITE_BELOW.search(box.raw) and len(box.text) <= ASKED_LENGTH:
        first = squeeze(box.raw.strip().split("\n", 1)[0])
        name = box.text.rstrip("：:") if box.text.endswith(("：", ":")) else first
        out.fields.append(own_field((*prefix, *section, name), box))
        return section, after
    out.notes.append(box.text)
    return section, after


def _asks_below(below: list[Box], row: int) -> bool:
    """True for a row that begins with a label under a heading."""
    return len(below) > 1 and below[0].row == row and is_label(below[0])
