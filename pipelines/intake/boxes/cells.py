"""What a box of a card is: a label, a place for a value, a signature line, a heading."""

from __future__ import annotations

import re
from itertools import pairwise

from pipelines.intake.boxes.lattice import Box
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.marks import is_dash, is_number
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.units import is_unit, split_unit
from pipelines.intake.wording.vocabulary import words
from pipelines.text import squeeze

WIDE_SHARE = 0.8
"""A box that covers this much of a table's width is a line of its own: Word tables have ragged edges."""
HEADING_LENGTH = 30
LABEL_LENGTH = 60
PLACEHOLDER = re.compile(
    r"\*{2,}|[Xx×]{2,}|_{3,}|^[(（][^()（）]{6,}[)）]$|^[(（](?:填写|请填|例)|^(?:如|例如|例)[：:]|^(?:至|到|—至—|-至-|~)$"
    r"|^[(（]区号[)）][-－—]*$|^[(（]?请(?:将|在此|粘|附|填)"
)
LETTERED = re.compile(
    r"^(?:A[、.．:：][^A-Z]{1,16}B[、.．:：]|1[、.．][^0-9]{1,16}2[、.．]|①[^①-⑳]{1,16}②"
    r"|1[^0-9、.．]{1,12}2[^0-9、.．]{1,12}(?:3|$))"
)
"""A value cell that prints its choices with letters or numbers instead of boxes: A、城镇 B、农村."""
_LETTER = re.compile(r"[A-Z][、.．:：]|[0-9]{1,2}[、.．]?|[①-⑳]")
_DATE_ONLY = re.compile(
    r"^[(（]?(?:公历|农历)?(?:自|从)?(?:20[0-9]{0,2}|19)?年月日?(?:时分?)?(?:[至到—－\-~]年月日?)?[)）]?(?:止)?$"
)
_BRACKET_BEHIND = re.compile(r"[(（][^()（）]*[)）]$")
_OWN_ROOM = re.compile(r"\S[ \u3000\u00a0]{4,}$")
_PERIOD_ONLY = re.compile(r"^(?:(?:20[0-9]{0,2})?(?:年第?季度?|第季度?|年月份?)|20[0-9]{0,2}年)$")
_DEGREES = re.compile(r"^[东西南北经纬]{0,2}[°度][′分'][″秒\"]?$")
_WIDE_GAP = re.compile(r"[ \u3000\u00a0_]{6,}(?=[^\s\u3000：:]{1,6}(?:\s|$))(?![^：:]*[：:])")
_SET_OFF = re.compile(r"(?:^|\n)[ \u3000\u00a0]{10,}\S")
COLON_INSIDE = re.compile(r"[：:]")
SENTENCE = re.compile(r"[，。；！？]")
_HINT = re.compile(r"^[(（][^()（）]{1,5}[)）]$")
_COMPARED = re.compile(r"^[≥≤＞＜>=<]")
_BOUND = re.compile(r"^[≥≤＞＜>=<]{1,2}[^0-9≥≤]{0,6}$")
"""A target to write: “≥    座”."""
_TICK = r"[(（\[【][)）\]】]"
_NAME = r"[^()（）\[\]【】：:；;\d]{1,12}"
CHOICE = re.compile(
    rf"^[\[【][\]】]|^[○◯][^○◯]{{1,12}}[○◯]|[□☐▢](?![里中内处后前]?[^□()（）]{{0,2}}[打划画填勾√])"
    rf"|(?:{_TICK}{_NAME}){{2}}|(?:{_NAME}{_TICK}){{2}}"
)
"""What marks a choice: boxes, or two brackets or more to tick: 是（ ）否（ ）."""


def is_wide(box: Box, boxes: list[Box], left: int, right: int) -> bool:
    """True for a box over the whole width, ragged table edges aside."""
    return len(boxes) == 1 or (box.width >= WIDE_SHARE * (right - left + 1) and box.width > 1)


def name_of(box: Box) -> str:
    """Return the name that a label gives: without its number, unit and colon."""
    return read_mark(split_unit(box.text.rstrip("：:"))[0]).text


def bare(text: str) -> str:
    """Return a text without brackets round the whole of it."""
    return text[1:-1] if text[:1] in "(（" and text[-1:] in ")）" else text


def is_label(box: Box) -> bool:
    """True for a box that names something: text that is no number, choice, prompt or row of blanks."""
    return (
        bool(box.text)
        and len(box.text) <= LABEL_LENGTH
        and not is_dash(box.text)
        and not is_number(box.text)
        and not is_unit_only(box)
        and not _is_scale(box.text)
        and not PLACEHOLDER.search(box.text)
        and not _COMPARED.match(box.text)
        and not CHOICE.search(box.text)
        and not LETTERED.match(box.text)
        and (not blanks(box.raw) or ends_open(box) or is_stamped(box) or is_signer(box))
    )


def _is_scale(text: str) -> bool:
    """True for what goes between the parts of a date, a period or a place on the map: 年月日, 第季度, °′″."""
    return bool(_DATE_ONLY.match(text) or _PERIOD_ONLY.match(text) or _DEGREES.match(text))


def is_signer(box: Box) -> bool:
    """True for a label that is nothing but 本人签字 or 单位盖章: the signature goes into the next cell."""
    found = blanks(box.raw)
    return len(found) == 1 and found[0].path[-1:] == (box.text,)


def is_stamped(box: Box) -> bool:
    """True for a short label that ends in （盖章） and asks for nothing else."""
    return len(box.text) <= 16 and box.text in words("stamp") and len(blanks(box.raw)) == 1 and box.height == 1


def names_itself(box: Box) -> bool:
    """True for a box that opens with a label of its own: “资金来源情况说明：”."""
    first = re.match(r"\s*([^：:\n]{2,20})[：:]\s*(?:\n|$)", box.raw)
    return first is not None and box.height > 1 and squeeze(first[1]) not in words("meta")


def has_own_room(box: Box) -> bool:
    """True for a label with room to write behind it in its own cell: “性别      ”."""
    return bool(_OWN_ROOM.search(box.raw)) and is_label(box) and not COLON_INSIDE.search(box.text)


def ends_open(box: Box) -> bool:
    """True for a label that only ends in a colon: its blank may be the next cell."""
    return box.text.endswith(("：", ":")) and len(blanks(box.raw)) == 1 and not re.search(r"[：:].", box.text)


def is_date_blank(box: Box) -> bool:
    """True for a box that prints only what goes between the parts of a date."""
    return bool(_DATE_ONLY.match(box.text))


def is_open_text(box: Box) -> bool:
    """True for a value cell that prints only what goes between blanks: “   年   月   日”, “前        后      mm”."""
    is_sparse = bool(_WIDE_GAP.search(box.raw)) and len(box.text) <= 10 and not COLON_INSIDE.search(box.text)
    is_signed = is_sparse and any((blank.is_meta and not blank.is_date) or blank.unit for blank in blanks(box.raw))
    return bool(box.text) and (_is_scale(box.text) or (is_sparse and not is_signed))


_BRACKET = re.compile(r"[(（][^()（）]{1,3}[)）]$")
"""What may stand behind a unit: 岁（月）."""


def is_unit_only(box: Box) -> bool:
    """True for a value cell that prints nothing but its unit: “      元”."""
    return bool(box.text) and box.raw[:1].isspace() and is_unit(_BRACKET.sub("", box.text.lstrip("/／")))


def is_plain_value(box: Box) -> bool:
    """True for a value cell whose text asks for nothing of its own."""
    asked = len(blanks(box.raw))
    is_prompted = bool(PLACEHOLDER.search(box.text)) and asked < (1 if COLON_INSIDE.search(box.text) else 2)
    return (
        bool(is_prompted or _BOUND.match(box.text) or _is_doses(box.raw))
        or bool(LETTERED.match(box.text) and asked <= 1)
        or is_unit(box.text)
        or is_open_text(box)
        or bool(_SET_OFF.search(box.raw) and not blanks(box.raw))
    )


def _is_doses(raw: str) -> bool:
    """True for a value cell that prints words and units between its gaps: “每日  次 每次  mg”."""
    pieces = [piece for piece in re.split(r"[ \u3000\u00a0_]{2,}|\s", raw.strip()) if piece]
    if len(pieces) >= 2 and all(map(is_unit, pieces)) and len("".join(pieces)) > len(pieces):
        return True  # "  间  平方米"
    if len(pieces) == 2 and pieces[0] in words("per_value") and is_unit(pieces[1]):
        return True  # "平均    支"
    if COLON_INSIDE.search(raw):
        return False
    pairs = sum(is_unit(after) and len(before) > 1 for before, after in pairwise(pieces))
    return (
        pairs >= 1
        and len(pieces) <= 8
        and bool(re.search(r"[ \u3000\u00a0_]{2}", raw.strip()))
        and all(len(piece) <= 4 for piece in pieces)
        and (pairs >= 2 or len(pieces) >= 4)
    )


def is_hint(box: Box) -> bool:
    """True for a value cell that prints only what is to be written in it, in brackets: （份）, （币种）."""
    return bool(_HINT.match(box.text)) and not blanks(box.raw) and box.text not in words("stamp")


def is_prompt(box: Box) -> bool:
    """True for a box that prints only how to fill it, in brackets: （可另附页）."""
    return is_hint(box) or bool(PLACEHOLDER.search(box.text))


def takes_value(box: Box) -> bool:
    """True for a box that a value goes into: blank, or printed with only a unit, date marks, choices or a prompt."""
    return (
        box.is_blank
        or is_unit_only(box)
        or is_open_text(box)
        or bool(PLACEHOLDER.search(box.text) or _BOUND.match(box.text) or _is_doses(box.raw))
        or bool(blanks(box.raw) and not ends_open(box) and not is_stamped(box) and not is_signer(box))
        or bool(_SET_OFF.search(box.raw) and not COLON_INSIDE.search(box.text))
        or bool(CHOICE.search(box.text) or LETTERED.match(box.text))
    )


def lettered(text: str) -> tuple[str, ...]:
    """Return the choices of a cell that numbers them: “A、城镇 B、农村” → 城镇, 农村; empty when it has none."""
    if not LETTERED.match(text):
        return ()
    return tuple(name for piece in _LETTER.split(text) if (name := piece.strip("；;，,、 □☐▢")))


def is_dated_opinion(label: Box, cell: Box) -> bool:
    """True for a cell beside “……意见” or a seal with lines left free over the date on which it is given."""
    name = _BRACKET_BEHIND.sub("", label.text)
    return name.endswith("意见") and "\n" in cell.raw and bool(_DATE_ONLY.match(cell.text))


def is_opinion_of(label: Box, cell: Box) -> bool:
    """True for a cell beside “……意见” that names only who writes there, with lines left free: “某某民政厅”."""
    is_free = "\n" in cell.raw.strip(" \u3000") and cell.raw != cell.raw.rstrip()
    return label.text.endswith("意见") and cell.width > label.width and is_free and not cell.is_blank


def is_signature(box: Box) -> bool:
    """True for a box of signer lines without a title of its own: it belongs to the heading over it."""
    found = blanks(box.raw)
    return bool(found) and all(blank.is_meta for blank in found)


def tall_end(boxes: list[Box], row: int) -> Box | None:
    """Return the tall box at the end of a row that stands beside several rows; ragged blanks may stand after it."""
    kept = list(boxes)
    while len(kept) > 1 and kept[-1].is_blank and kept[-1].height == 1 and blanks(kept[-2].raw):
        kept.pop()
    tall = kept[-1]
    is_tall = tall.row == row and tall.height > 1 and len(kept) > 1 and kept[-2].height < tall.height
    return tall if is_tall else None
