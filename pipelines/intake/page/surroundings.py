"""Gathers what stands round a table: its title, frame lines, signature lines and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.intake.boxes.cells import is_date_blank
from pipelines.intake.boxes.lattice import Lattice
from pipelines.intake.page.covers import with_colons
from pipelines.intake.page.regions import Region
from pipelines.intake.page.titles import Heading, asked_in_title, line_title, sheet_title, without_rules
from pipelines.intake.wording.blank import Blank
from pipelines.intake.wording.frame import (
    Frame,
    frame_part,
    has_frame_label,
    head_lines,
    is_asking,
    is_note,
    is_numbered_note,
    is_title,
    read_line,
)
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.roles import role_of
from pipelines.intake.wording.units import split_unit
from pipelines.intake.wording.vocabulary import words
from pipelines.text import position, squeeze
from schemas.templates import FieldReading, Layout, Role

_ATTACHED = re.compile(r"^\s*附\s*(?:件|表)\s*[0-9一二三四五六七八九十]*\s*[：:](?:\s*(?=\S{4})|\s*$)")
"""“附件1：” before a title, or alone in its line."""
_DATED = re.compile(r"^[0-9]{2,4}年")
_SEAL_BEHIND = re.compile(r"[(（][^()（）]*章[)）]$")
_GIVEN_PARTS = frozenset(("form_code", "issuing_body", "approving_body", "approval_no", "valid_until"))
"""Parts of the frame that the department prints: left blank they are no question to who fills the form."""
_REMARK = re.compile(r"备注[：:]$")
_CODED = re.compile(r"[^：:]{2,30}[(（][0-9]{1,3}[)）][：:]")
"""A line with a code before its colon goes on with the 补充资料 of the line above."""


def gather(lattice: Lattice, region: Region) -> Frame:
    """Return the frame of a table: from the paragraphs round it, or the rows above and below it on its sheet."""
    frame = Frame()
    grid = lattice.grid
    before = [(f"para {number}", _ATTACHED.sub("", text)) for number, text in grid.before]
    after = [(f"para {number}", text) for number, text in grid.after]
    printed = [box for row in region.above for box in lattice.printed(row)]
    inside = [(box.at, _ATTACHED.sub("", line)) for box in printed for line in head_lines(box.raw)]
    heading = line_title(before)
    rest = heading.rest
    if heading.text is None:
        heading = sheet_title(lattice, region, inside)
        inside = heading.rest
    if heading.text is None and grid.sheet == "table 1" and len(after) <= 3:
        heading = line_title(after)
        after = heading.rest
    title = frame.title = without_rules(heading.text) if heading.text else None
    _ask_title(frame, heading)
    read_lines(frame, _lines(lattice, rest))
    _read_cells(lattice, region, frame, inside)
    if title and "unit" not in frame.parts and (stated := split_unit(title)[1]) and "单位" in title[-16:]:
        frame.parts["unit"] = stated
    read_lines(frame, [line for row in region.below for line in _signed(lattice, row)])
    sign_rows(frame, region.below)
    read_lines(frame, _lines(lattice, _until_title(after)))
    return frame


def _lines(lattice: Lattice, lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return with_colons(lines) if lattice.grid.kind == "document" else lines


def _ask_title(frame: Frame, heading: Heading) -> None:
    found, period = asked_in_title(heading.raw)
    frame.period = frame.period or period
    frame.asked += [(heading.place, blank, number) for number, blank in enumerate(found, start=1)]


def _signed(lattice: Lattice, row: int) -> list[tuple[str, str]]:
    """Return the texts of a row under a table; a date to fill goes with its name, which stands before it: 填表日期."""
    boxes = list(lattice.printed(row))
    lines: list[tuple[str, str]] = []
    for number, box in enumerate(boxes):
        before = boxes[number - 1] if number else None
        if before is not None and before.text in words("meta") and is_date_blank(box) and not blanks(before.raw):
            lines[-1] = (box.at, f"{before.text}：{box.raw}")
        else:
            lines.append((box.at, box.raw))
    return lines


def sign_rows(frame: Frame, below: tuple[int, ...]) -> None:
    """Mark what stands beside a signature in the rows under a table: telephones, those in charge, dates."""
    asked_below: dict[int, list[Blank]] = {}
    for place, blank, _ in frame.asked:
        if (row := _row(place)) in below:
            asked_below.setdefault(row, []).append(blank)
    rows = {
        row
        for row, found in asked_below.items()
        if any(blank.is_meta for blank in found) or all(blank.path[-1] in words("beside_signature") for blank in found)
    }
    frame.asked = [
        (place, replace(blank, is_meta=True), number)
        if _row(place) in rows and blank.path[-1] in words("beside_signature")
        else (place, blank, number)
        for place, blank, number in frame.asked
    ]


def _row(place: str) -> int:
    return -1 if place.startswith("para") else position(place)[0]


def _until_title(lines: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    kept: list[tuple[str, str]] = []
    for place, raw in lines:
        text = squeeze(raw)
        if is_title(text) and len(text) >= 5 and text in words("form_word") and not is_numbered_note(text):
            break
        kept.append((place, raw))
    return kept


def _column(place: str) -> int:
    return position(place)[1]


def _read_cells(lattice: Lattice, region: Region, frame: Frame, lines: list[tuple[str, str]]) -> None:
    """Read the cells above a header: a label and its value may stand in neighbouring cells."""
    skip: set[str] = set()
    for place, raw in lines:
        if place in skip:
            continue
        row, col = position(place)
        if col > region.right and not has_frame_label(raw):
            continue
        box = lattice.box(row, col)
        text = squeeze(raw)
        if is_note(text):
            frame.notes.append(text)
            continue
        if text.endswith(("：", ":")):
            beside = lattice.box(row, box.right + 1)
            is_dated = bool(_DATED.match(beside.text)) or is_date_blank(beside)
            is_period = is_dated and frame_part(_SEAL_BEHIND.sub("", text.rstrip("：:"))) == "respondent"
            if beside.text and not is_period and not re.search("[：:]", beside.text):
                read_line(frame, raw.rstrip() + beside.raw, place)
                skip.add(beside.at)
                continue
            has_more = bool(re.search("[：:]", text.rstrip("：:")))
            has_more = has_more or len(blanks(raw)) > 1
            if not has_more and beside.is_blank and (beside.width > 1 or beside.col <= region.right):
                label, unit = split_unit(read_mark(text.rstrip("：:")).text)
                frame.fields.append(FieldReading((label,), beside.at, box.at, unit=unit, role=_frame_role(label)))
                continue
        read_line(frame, raw, place)


def _frame_role(label: str) -> Role:
    if frame_part(label) or label in words("frame_meta") or role_of((label,)) == "meta":
        return "meta"
    return "fill"


def read_lines(frame: Frame, lines: Sequence[tuple[str, str]]) -> None:
    """Read (place, text) lines into the frame; what follows 说明： in numbered lines is notes."""
    in_notes = False
    supplement = ""
    for number, (place, raw) in enumerate(lines):
        text = squeeze(raw)
        if not text:
            continue
        if _REMARK.match(text) and not _goes_on(lines[number + 1 :]):
            raw = raw.rstrip() + "____"
        elif is_note(text) and not is_asking(raw):
            in_notes = True
            frame.notes.append(text)
            continue
        if in_notes and (is_numbered_note(text) or len(text) > 40):
            frame.notes.append(text)
            continue
        in_notes = False
        head = re.split("[：:]", text, maxsplit=1)[0]
        if head in words("supplement"):
            supplement = head
        elif supplement and _CODED.match(text):
            raw = f"{supplement}：{raw.lstrip()}"
        else:
            supplement = ""
        read_line(frame, raw, place)


def _goes_on(lines: Sequence[tuple[str, str]]) -> bool:
    """True when what follows 备注： is its text: numbered lines, sentences."""
    text = next((squeeze(raw) for _, raw in lines if raw.strip()), "")
    return is_numbered_note(text) or bool(re.search("[，。；]", text)) or len(text) > 25


def asked(frame: Frame, layout: Layout) -> list[FieldReading]:
    """Return the blanks of the frame as fields, each with its number within its cell or paragraph.

    Over a roster or a statistical table a blank for the township or the village says who reports; on a card it says
    where the person of the card lives.
    """
    is_wide = layout != "card"
    signed = {_row(field.cell) for field in frame.fields if field.role == "meta"} if is_wide else set()
    fields = [
        replace(field, role="meta") if is_wide and _is_about_report(field, signed) else field for field in frame.fields
    ]
    for place, blank, number in frame.asked:
        label = blank.path[-1]
        if frame_part(label) in _GIVEN_PARTS:
            continue
        is_meta = blank.is_meta or label in words("frame_meta") or (is_wide and label in words("frame_area"))
        fields.append(
            FieldReading(
                blank.path,
                place,
                place,
                unit=blank.unit,
                code=blank.code,
                role="meta" if is_meta or role_of(blank.path) == "meta" else "fill",
                inline=number,
                options=blank.options,
            )
        )
    return fields


def _is_about_report(field: FieldReading, signed: set[int]) -> bool:
    """True for who or where reports over a table, and for what stands in a row with who fills it in: a telephone."""
    label = field.path[-1]
    return label in words("frame_area") or (_row(field.cell) in signed and label in words("beside_signature"))
