"""What stands round a table: title, 表号, 制定机关, 文号, 有效期限, 填报单位, 报告期, 计量单位, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pipelines.intake.wording.blank import Blank
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.letters import as_asked, in_letter, is_office_blank
from pipelines.intake.wording.units import is_unit
from pipelines.intake.wording.vocabulary import frame_labels, words
from pipelines.text import squeeze
from schemas.templates import FieldReading

_SERIAL_NUMBER = re.compile(r"^(?:编号|表)[：:]?([0-9A-Za-z\-]{1,12})(?:表)?$")
_FORM_CODE = re.compile(r"^[\u4e00-\u9fff]{0,6}[A-Z]{0,2}[0-9]{1,4}(?:[-—－–][0-9]{1,3}){0,2}表$")
_BARE_CODE = re.compile(
    r"^(?![共第表约计])[\u4e00-\u9fff]{1,3}[基统调综社农劳教卫民残年季月报][0-9]{2,4}(?:[-—][0-9]{1,2})?$"
)
"""A 表号 without 表 and label, alone in its cell: 高基311."""
_PERIOD = re.compile(
    r"(?:[0-9０-９]{2,4}|[0-9０-９]{2}[\s\u3000_]{1,9}|二[〇○零][一二三四五六七八九〇○零]{0,2})[\s\u3000_]*年(?:度)?(?:[\s\u3000_]*[0-9]{0,2}[\s\u3000_]*(?:季度|季|月|上半年|下半年))?"
)
_NO_DAY = re.compile(r"[\s\u3000_]*(?:月[\s\u3000_]*)?日")
"""A date to fill to the day says when something is done; it is no period."""
_JUNK = re.compile(r"^[0-9０-９,，.．\-—\s]+$")
_TITLE_SIGN = re.compile(r"[：:]\s*$|[。；;]$|[：:].{0,3}$")
_UNIT_BEHIND = re.compile(r"[(（](?:计量)?单位[：:][^()（）]{1,12}[)）]$")
_ASKED_BEHIND = re.compile(r"(?<=表)[(（][^()（）：:]{1,8}[：:][\s\u3000_]*[)）]$")
"""A blank in brackets behind a title: 情况表（年度：    ）."""
_BEYOND = re.compile(r"^([^()（）]*)[)）].*$", re.S)
"""A bracket that was opened before the label closes its value: （单位：亩）."""
_EMPTIED = re.compile(r"[(（] {2}[)）]")
_CLAUSE = re.compile(r"[，。；！？]|^请(?![假销示休])")
_CHAPTER = re.compile(r"^[一二三四五六七八九十]{1,3}、")
_NOTE = re.compile(r"^[(（]?(?:[0-9]{1,2}[、.．]|[(（][0-9一二三四五六七八九十]{1,2}[)）]|[①-⑳])")
TITLE_LENGTH = 60
"""Longer texts are sentences, not titles; the longest title of a form seen is 41 characters."""
SHORT_LABEL = 6
"""A line of one label with room to write behind its colon names something up to this length: 籍贯：    ."""


@dataclass(slots=True)
class Frame:
    """The frame while it is being gathered. `asked`: blanks to fill in the frame, with the cell or paragraph."""

    title: str | None = None
    parts: dict[str, str] = field(default_factory=dict)
    period: str | None = None
    notes: list[str] = field(default_factory=list)
    asked: list[tuple[str, Blank, int]] = field(default_factory=list)
    fields: list[FieldReading] = field(default_factory=list)


@lru_cache
def _pattern() -> re.Pattern[str]:
    spaced = "|".join(r"\s*".join(re.escape(c) for c in label) for label, _ in frame_labels())
    return re.compile(rf"({spaced})\s*[：:]")


@lru_cache
def _parts() -> dict[str, str]:
    return {squeeze(label): part for label, part in reversed(frame_labels())}


@lru_cache(maxsize=50_000)
def is_note(text: str) -> bool:
    """True when a squeezed text opens the notes under or over a table (说明：, 注1, 填表说明)."""
    head = re.split(r"[：:0-9]", text, maxsplit=1)[0]
    return bool(head) and head in words("note_start") and (len(text) > len(head) or head not in ("备注", "说明"))


def is_asking(raw: str) -> bool:
    """True for a line that begins like a note but asks who signs, or when: 说明：        登记人员：        日期：."""
    found = blanks(raw)
    return len(found) > 1 and any(blank.is_meta for blank in found)


def without_blank(raw: str) -> str:
    """Return a title without the blank in brackets behind it."""
    return _ASKED_BEHIND.sub("", raw.strip())


def is_form_code(text: str) -> bool:
    """True for a squeezed text that is nothing but a 表号: 村会02表."""
    return bool(_FORM_CODE.match(text))


def is_numbered_note(text: str) -> bool:
    """True for a line that can go on with the notes: “2.统计范围是……”."""
    return bool(_NOTE.match(text))


@lru_cache(maxsize=50_000)
def is_title(text: str) -> bool:
    """True when a squeezed text can be a title."""
    text = _ASKED_BEHIND.sub("", _UNIT_BEHIND.sub("", text))
    return bool(
        text
        and len(text) <= TITLE_LENGTH
        and not _JUNK.match(text)
        and not _TITLE_SIGN.search(text)
        and not is_note(text)
        and text not in words("continued")
        and (not _CHAPTER.match(text) or text.endswith(("表", "册", "台账", "清单")))
        and not _CLAUSE.search(text)
    )


def head_lines(raw: str) -> list[str]:
    """Return the lines of a cell with a title and labels round it (编号：⏎申请表⏎联系人：); else its text."""
    lines = [line for line in raw.split("\n") if line.strip()]
    texts = [squeeze(line) for line in lines]
    titles = [text for text in texts if is_title(text) and text in words("form_word")]
    is_head = len(titles) == 1 < len(texts) and all(text in titles or re.search("[：:]", text) for text in texts)
    return lines if is_head else [raw]


@lru_cache(maxsize=50_000)
def has_frame_label(raw: str) -> bool:
    """True when a text names a part of the frame with a colon."""
    return bool(_pattern().search(raw))


def read_line(frame: Frame, raw: str, place: str) -> None:
    """Take one text of the frame apart into `frame`; blanks are numbered on when the place had some before.

    place: A1 style address or "para N". A part with a value is kept in `parts`; a part without one is a blank to fill.
    """
    text = squeeze(raw)
    number = _SERIAL_NUMBER.match(text)
    if number and "form_code" not in frame.parts:
        frame.parts["form_code"] = number[1] + ("表" if text.endswith("表") else "")
        return
    if _FORM_CODE.match(text):
        frame.parts.setdefault("form_code", text)
        return
    if _BARE_CODE.match(text) and "form_code" not in frame.parts:
        frame.parts["form_code"] = text
        return
    rest = raw
    for match in list(_pattern().finditer(raw)):
        part = _parts()[squeeze(match[1])]
        value = _value(raw[match.end() :], part)
        if part == "unit" and not is_unit(value):
            continue
        if not value:
            continue
        if part == "period":
            frame.period = frame.period or value
        if part == "respondent":
            continue
        if part != "period":
            frame.parts.setdefault(part, value)
        tail = raw[match.end() :]
        cut = tail.find(tail.strip().split("\n")[0][:1]) if tail.strip() else 0
        rest = rest.replace(match[0] + tail[: cut + len(_printed(tail, value))], "  ")
    rest = as_asked(_EMPTIED.sub("", rest))
    period = next((one for one in _PERIOD.finditer(rest) if not _NO_DAY.match(rest, one.end())), None)
    if period and not frame.period:
        frame.period = re.sub(r"[\s\u3000]+", " ", period[0]).strip()
        if not re.search(r"月[\s\u3000_]*[0-9]*日", rest[period.start() :][:20]) and not _dated(rest, period.start()):
            rest = rest[: period.start()] + "  " + rest[period.end() :]
    found = [in_letter(blank, rest) for blank in blanks(rest) if blank.path and blank.path[-1] not in words("lead_in")]
    found = [one for one in found if len(text) <= SHORT_LABEL or one.path[-1] not in words("gap_poor") or one.path[1:]]
    if len(found) == 1 and _is_salutation(raw, text, found[0]):
        return
    is_signature = any(blank.is_meta for blank in found)
    count = sum(at == place for at, _, _ in frame.asked)
    for blank in found:
        count += 1
        is_meta = blank.is_meta or (is_signature and blank.path[-1] in words("beside_signature"))
        frame.asked.append((place, replace(blank, is_meta=is_meta), count))


def _is_salutation(raw: str, text: str, blank: Blank) -> bool:
    """True for “某某局：” or “经审查：”: a line of its own that ends in a colon without naming something to fill."""
    if not text.endswith(("：", ":")) or blank.is_meta or blank.options or is_office_blank(raw, blank):
        return False
    if raw.endswith("  ") and len(blank.path[-1]) <= SHORT_LABEL and blank.path[-1] not in words("salutation"):
        return False  # 籍贯：
    label = blank.path[-1]
    return label in words("salutation") or label not in words("blank_label")


def _dated(text: str, position: int) -> bool:
    return bool(re.search(r"日期\s*[：:]\s*$", text[:position]))


def _printed(tail: str, value: str) -> str:
    """Return as much of the tail as holds the value (the tail has white space that the value has not)."""
    stripped = tail.lstrip()
    taken, left = 0, len(value)
    for character in stripped:
        if not left:
            break
        taken += 1
        left -= bool(squeeze(character))
    return stripped[:taken]


def _value(tail: str, part: str) -> str:
    tail = tail.lstrip(" \t\u3000\u00a0")
    other = _pattern().search(tail)
    if other:
        tail = tail[: other.start()]
    piece = tail.split("\n", 1)[0] if part != "unit" else tail
    piece = re.split(r"[ \t\u3000\u00a0]{2,}", piece, maxsplit=1)[0] if part in ("unit",) else piece
    return squeeze(_BEYOND.sub(r"\1", piece))


def finish_title(text: str) -> str:
    """Return the title without a blank left for the period in front or brackets round nothing."""
    return squeeze(text)


def frame_part(label: str) -> str | None:
    """Return the part of the frame that a label (without colon) names, None when it names none."""
    return _parts().get(squeeze(label))


def is_period(raw: str) -> bool:
    """True for a text that says nothing but a period: “20     年   季”."""
    return bool(_PERIOD.fullmatch(raw.strip()))
