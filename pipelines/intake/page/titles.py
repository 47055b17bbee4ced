"""Finds the title of a table among the lines over it, and what the title leaves blank."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipelines.intake.boxes.lattice import Lattice
from pipelines.intake.page.regions import Region
from pipelines.intake.wording.blank import Blank
from pipelines.intake.wording.frame import (
    has_frame_label,
    is_form_code,
    is_note,
    is_numbered_note,
    is_title,
    without_blank,
)
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.vocabulary import words
from pipelines.text import position, squeeze

Lines = list[tuple[str, str]]
"""(place, text as printed); place: A1 style address or "para N"."""
_NUMBERED = re.compile(r"^附?表[0-9一二三四五六七八九十\-]{1,4}[：:]")
_TORN = re.compile(r"^[…·.\-—–_]{8,}$")
"""Where the stub is torn off: what stands over it has a title of its own."""
_ROOM = re.compile(r"[ \u3000\u00a0]{3,}|[ \u3000\u00a0]*_{2,}[ \u3000\u00a0_]*")
_RULE = re.compile(r"_{2,}")
_YEAR = re.compile(r"年(?:度|(?![检龄级]))")
WORD_LENGTH = 10
"""Longest word behind a blank, with what stands in brackets: 镇（街道、社区）."""


@dataclass(slots=True)
class Heading:
    """A title as printed with its place, and the other lines. text: None when no line is a title."""

    text: str | None
    rest: Lines = field(default_factory=list)
    place: str = ""
    raw: str = ""


def asked_in_title(raw: str) -> tuple[list[Blank], str | None]:
    """Return the places that a title leaves blank (    镇    年…登记表), and the period when it is one of them.

    Spaces in front may only centre a title and spaces within only spread it: they are blanks when two or more stand one
    after the other with words behind them, and no more room follows. Drawn rules are always blanks.
    """
    raw = raw.rstrip()
    rooms = [(room, _word(raw[room.end() :])) for room in _ROOM.finditer(raw)]
    at = led = 0
    for room, word in rooms:
        if room.start() == at and word:
            at, led = room.end() + len(word), led + 1
    is_led = led == len(rooms) >= 2
    asked = [word for room, word in rooms if word and (is_led or _RULE.search(room[0]))]
    years = [word for word in asked if _YEAR.fullmatch(word)]
    return [Blank((squeeze(word),), False) for word in asked if word not in years], years[0] if years else None


def _word(after: str) -> str:
    """Return the word behind a blank that says what is left out, "" when it says nothing."""
    if year := _YEAR.match(after):
        return year[0]
    sizes = range(min(len(after), WORD_LENGTH), 0, -1)
    places = (
        after[:size] for size in sizes if after[:size] in words("area_blank") or after[:size] in words("gap_noun")
    )
    return next(places, "")


def without_rules(text: str) -> str:
    """Return a squeezed title without the rules drawn in it."""
    return _RULE.sub("", text)


def line_title(lines: Lines) -> Heading:
    """Return the title among the paragraphs before a table, and the paragraphs that belong to the table."""
    titles = [i for i, (_, raw) in enumerate(lines) if is_title(squeeze(raw)) and len(squeeze(raw)) >= 2]
    titles = [i for i in titles if not is_numbered_note(squeeze(lines[i][1])) and not _is_frame_text(lines[i][1])]
    noted = next((i for i, (_, raw) in enumerate(lines) if is_note(squeeze(raw))), len(lines))
    titles = [i for i in titles if i < noted or squeeze(lines[i][1]) in words("form_word")]
    torn = max((i for i, (_, raw) in enumerate(lines) if _TORN.match(squeeze(raw))), default=-1)
    titles = [i for i in titles if i > torn] or [i for i in titles if i != torn]
    if not titles:
        return Heading(None, lines)
    framed = next((i for i, (_, raw) in enumerate(lines) if has_frame_label(raw)), len(lines))
    named = [i for i in titles if squeeze(lines[i][1]) in words("form_word")]
    over = [i for i in titles if i < framed]
    at = named[-1] if named else (over[-1] if over and framed < len(lines) else titles[0])
    text = squeeze(lines[at][1])
    first = at
    if at and at - 1 in titles and _adjacent(lines[at - 1][0], lines[at][0]):
        head = squeeze(lines[at - 1][1])
        if head[:1] not in "(（" and head not in words("form_word") and len(head) + len(text) <= 60 and len(head) >= 5:
            text, first = head + text, at - 1
    start = next((i for i in titles if _says(lines, titles, i, text)), at)
    is_first = start == (named[0] if named else start)
    kept = [line for i, line in enumerate(lines) if (i < min(first, start) and is_first) or start < i != at]
    return Heading(text, kept, *lines[at])


def _says(lines: Lines, titles: list[int], at: int, text: str) -> bool:
    """True for a line with this title: a cover or a 存根 has it too, a cover may fold it into two lines."""
    own = squeeze(lines[at][1])
    return own == text or (at - 1 in titles and squeeze(lines[at - 1][1]) + own == text)


def _is_frame_text(raw: str) -> bool:
    text = squeeze(raw)
    return (
        bool(re.search(r"[：:]", re.sub(r"[(（][^()（）]*[)）]$", "", _NUMBERED.sub("", text))))
        or bool(re.match(r"^附(?:件|表)?[0-9一二三四五六七八九十]*$", text))
        or text == "年月日"
        or is_form_code(text)
        or any(blank.is_meta and not blank.is_date for blank in blanks(without_blank(raw)))
        or (raw.endswith("   ") and text in words("blank_label") and text not in words("form_word"))
    )


def _adjacent(one: str, other: str) -> bool:
    return int(other.split()[1]) - int(one.split()[1]) <= 1


def sheet_title(lattice: Lattice, region: Region, inside: Lines) -> Heading:
    """Return the title among the rows above the header of a sheet, and the other texts there."""
    candidates = [
        (place, raw)
        for place, raw in inside
        if is_title(squeeze(raw)) and not _is_frame_text(raw) and len(squeeze(raw)) >= 2
    ]
    within = [(p, r) for p, r in candidates if position(p)[1] <= region.right and not _is_value(lattice, p)]
    free = [(p, r) for p, r in within if position(p) not in lattice.grid.bordered]
    within = free or within  # what stands within the lines heads a part of the form
    if not within:
        return Heading(None, inside)
    place, raw = next(((p, r) for p, r in within if squeeze(r) in words("form_word")), within[0])
    return Heading(squeeze(raw), [line for line in inside if line != (place, raw)], place, raw)


def _is_value(lattice: Lattice, place: str) -> bool:
    """True for a cell whose left neighbour is a label with a colon."""
    row, col = position(place)
    return col > 0 and lattice.text(row, col - 1).endswith(("：", ":"))
