"""Gaps left in running text: “第    届理事会”, “搬迁年份____年”, “耕地约     亩，其中：水田     亩”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.intake.wording.blank import CODE_IN_LABEL, Blank, blank_of, code_label
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.units import is_unit
from pipelines.intake.wording.vocabulary import words
from pipelines.text import squeeze

_GAP = re.compile(
    r"(?P<bracket>[ \u3000\u00a0]*[\[【（(][ \u3000\u00a0_＿]*[\])】）][ \u3000\u00a0]*)"
    r"|(?P<line>[ \u3000\u00a0]*[_＿]{2,}[ \u3000\u00a0_＿]*)|(?P<room>[ \u3000\u00a0]{2,})"
)
_BOUNDARY = re.compile(r"[，,。；;：:！(（]")
_BRACKETED = re.compile(r"[(（][^()（）]*[)）]")
_COUNTED = re.compile(r"^[^，,。；;：:()（）]+[(（][共计总约][ \u3000\u00a0_]+[^\s()（）]{1,3}[)）]\s*$")
"""How many there are, behind a heading: 家庭成员（共    人）."""
_UNNAMED = re.compile(r"^[○◯]|[(（][^()（）]*$")
"""No name of a blank: one of several choices, or a word cut off within a bracket."""
_SEAL = re.compile(r"[(（][^()（）]*[章字名印][)）]$")
_WORD = re.compile(r"[^\s\u3000，,。；;：:、_＿\[【]*")
_STOP = re.compile(r"[，,。；;]")
_ENDS_IN_ROOM = re.compile(r"[^\s_][ \u3000\u00a0_]{6,}$")
"""Room to write that may go on in the next line."""
_UNIT = re.compile(r"(?:[^的起左以内]|以(?![上下内]))+")
"""As much of the text behind a gap as can be its unit: 元的补助, 亩以上."""
_PART_COLON = re.compile(r"其\s*中\s*[：:;；]\s*")
ROOM = 3
"""Spaces that leave room to write between words; two are often only a space set wide."""
LABEL_LENGTH = 24


def gaps(raw: str, prefix: tuple[str, ...], taken: Sequence[tuple[int, int]]) -> list[tuple[int, Blank]]:
    """Return the gaps of running text with their positions, in the order printed.

    taken: spans of the text that other blanks have: behind a colon, dates.
    """
    found: list[tuple[int, Blank]] = []
    whole: tuple[str, ...] = ()
    start = 0
    room = -1
    for line in raw.split("\n"):
        begin = _GAP.match(line) if found and found[-1][0] == room else None
        ends = _ENDS_IN_ROOM.search(line)
        room = start + ends.start() + 1 if ends else -1
        for position, label, blank in _in_line(line, start, [*taken, (start, start + begin.end())] if begin else taken):
            if read_mark(label).is_part and found:
                whole = found[-1][1].path[len(prefix) :]
            found.append((position, replace(blank, path=(*prefix, *whole, *blank.path))))
        whole = () if "。" in line else whole
        start += len(line) + 1
    return found


def _in_line(line: str, start: int, taken: Sequence[tuple[int, int]]) -> list[tuple[int, str, Blank]]:
    """Return the gaps of a line: the position of each in the whole text, the words before it, its blank."""
    found: list[tuple[int, str, Blank]] = []
    is_sentence = bool(_STOP.search(line))
    last = 0
    for gap in _GAP.finditer(line):
        span = next((s for s in taken if s[0] <= start + gap.start() < s[1] or s[0] < start + gap.end() <= s[1]), None)
        if span is not None:
            last = max(last, gap.end(), span[1] - start)
            continue
        before = line[last : gap.start()]
        bare = _BRACKETED.sub(lambda inner: "·" * len(inner[0]), before)
        cut = max((mark.end() for mark in _BOUNDARY.finditer(bare)), default=0)
        label = _after_unit(squeeze(before[cut:]))
        after = squeeze(_WORD.match(line, gap.end())[0])  # type: ignore[index]
        is_aside = _SEAL.search(after) or _COUNTED.search(line[last:])
        blank = None if is_aside else _gap(gap, label, after, is_sentence or bool(found))
        if blank is not None and _UNNAMED.search(blank.path[0]):
            last = gap.end()
            continue
        is_label = bool(after) and line[gap.end() + len(after) :].lstrip()[:1] in ("：", ":")
        if blank is not None and not (is_label and blank.unit is None):
            last = gap.end() + (len(blank.path[0]) if after.startswith(blank.path[0]) else 0)
            found.append((start + gap.start(), label, blank))
        elif gap["room"] and len(gap["room"]) >= ROOM:
            last = gap.end()
    return found


def _after_unit(label: str) -> str:
    """Return the words before a gap without the unit of the gap before: 个、提高班 → 提高班."""
    unit, mark, rest = label.partition("、")
    return rest if mark and rest and is_unit(unit) else label


def _gap(gap: re.Match[str], label: str, after: str, is_running: bool) -> Blank | None:
    """Return the blank of a gap between the words before it and behind it, None when it only sets words apart."""
    unit = _unit(after, label)
    noun = next((after[:size] for size in range(min(len(after), 12), 0, -1) if after[:size] in words("gap_noun")), None)
    leads = label in words("gap_lead")
    if after in words("gap_none") or len(label) > LABEL_LENGTH:
        return None
    if gap["bracket"] and (len(label) < 2 or (not unit and len(gap[0].strip()) < 4)):
        return None
    if gap["room"] and not leads:
        piece = re.split(r"\s", gap.string[: gap.start()])[-1]
        is_narrow = len(gap["room"]) < ROOM or after in words("not_own_unit") or piece in words("per_value")
        is_spread = len(piece) < 2 or piece[-1:].isdigit() or (is_narrow and not is_running)
        has_noun = noun is not None and is_running and (len(gap["room"]) >= ROOM or not label)
        if not has_noun and (unit is None or is_spread):
            return None
    elif gap["room"] and len(gap["room"]) < ROOM and unit is None and noun is None:
        return None
    if noun is not None and (unit is None or len(label) <= 2):
        return blank_of(noun, ())
    if unit is not None and label:
        code, name = code_label(read_mark(label).text)
        if len(name) < 2 and gap["room"] and not leads:
            return None  # 6.棕  片
        inside = CODE_IN_LABEL.match(name)
        code, name = (inside[2], inside[1]) if inside and not code else (code, name)
        return replace(blank_of(name, ()), code=code, unit=unit)
    if after.startswith("年") and len(after) > 1:
        return blank_of(label + after, ())
    if label in words("lead_in") and after.lstrip("的"):
        return blank_of(after.lstrip("的"), ())
    name = label or after
    return blank_of(name, ()) if name else None


def _unit(after: str, label: str) -> str | None:
    word = _UNIT.match(re.split(r"[()（）]", after, maxsplit=1)[0])
    return word[0] if word and is_unit(word[0], label) else None


def joined_parts(raw: str) -> str:
    """Return a text without the colon behind 其中: it names no blank, but makes what follows a part."""
    return _PART_COLON.sub("其中", raw)
