"""Labels with the blanks behind them inside a text: “负责人：____ 填表日期：  年 月 日”, stamps, dates, signers."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.intake.wording.blank import COLON, Blank, blank_of
from pipelines.intake.wording.gaps import gaps
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.units import is_unit
from pipelines.intake.wording.vocabulary import words
from pipelines.text import squeeze

GAP = re.compile(r"(?:[ \t\u00a0]{2,}|[\u3000 \t\u00a0]{2,}|\n|_{2,})[\s\u3000_]*")
_DATE = re.compile(
    r"(?:(?:20[0-9]{0,2}|19|２０|二[〇○零])[\s\u3000_]*)?[\s\u3000_]*年(?:[\s\u3000_]*月[\s\u3000_]*日(?:[\s\u3000_]*时(?:[\s\u3000_]*分)?)?|[\s\u3000_]+月)"
)
_DATED = re.compile(r"(?:日期|时间|年月|日|于|自|至|从|周期|期限|期间|时段|期|年限)$")
_BARE_STAMP = re.compile(
    r"(?m)^[\s\u3000]*((?![须需请并应由附均如可已经])[\u4e00-\u9fff]{0,8}?(?:盖\s*章|公\s*章|签\s*章|签\s*字|签\s*名))[\s\u3000]*$"
)
_STAMP = re.compile(
    r"[(（]\s*(?:章|盖章处|(?![并由附均如可已经不])(?:(?![须需请应加])[\u4e00-\u9fff]){0,12}?"
    r"(?:盖\s*章|公\s*章|印\s*章|专\s*用\s*章|电\s*子\s*章|盖\s*印|签\s*章|签\s*名|签\s*字))\s*[)）]"
)
_FILLER = re.compile(r"[\s\u3000_\u00a0.…]*")
_RANGE = re.compile(r"^[\s\u3000_]*(?:至|到|—|－|-|~|～)[\s\u3000_]*$")
_SIGNER = re.compile(r"(?:^|[ \u3000\u00a0]{3,}|\n)\s*([\u4e00-\u9fff ]{3,8})(?=[ \u3000\u00a0]{3,}|\s*$)")
_OWN_UNIT = re.compile(r"^\s*([^\s：:]*[^\s：:]{3,})[ \u3000\u00a0_]{2,}([^\s\u3000_：:]{1,4})\s*$")
_GAP_AREA = re.compile(
    r"(?<![第 \u3000\u00a0_])[ \u3000\u00a0_]{3,}"
    r"((?:省|市|县|区|乡镇|镇|乡|街道|林班|大班|小班|村|社区|组|路|号)(?:\s*[(（][^()（）]{1,6}[)）])?)"
    r"(?=[\s\u3000_，,。；;]|$)"
)
FILE_NUMBER = re.compile(r"字\s*第?[\[〔【（(]")
"""The number of a document (    字〔    〕    号) that the office gives it."""
LONG_LABEL = 4
"""Characters of a label that is no part of a word set wide."""
LED_LENGTH = 8
"""Longest word before a date in a sentence that names it: 公示时间从."""
WIDE_GAP = 4
"""Spaces after a colon that leave room to write, whatever follows them."""
_GAP_BRACKET = re.compile(r"^[(（]\s*([^()（）]+?)\s*[)）]")
_FRAMED_ROOM = re.compile(r"[ \u3000]*[\[【（(][ \u3000\u00a0_]+[\]】）)][ \u3000]*([^\s\u3000，,。；;：:]{0,6})")
"""Brackets to write in, with the unit behind them: 户籍人口：[    ]万人, 请假事由：(      )."""
_HINT = re.compile(r"^(?:区号)?[(（][^()（）]*[)）]?\s*$")


def labelled(raw: str, prefix: tuple[str, ...]) -> list[Blank]:
    """Read “label：blank”, dates, stamps and gaps, in the order printed."""
    dates = [(m.start(), m.end()) for m in _DATE.finditer(raw) if not _is_word(raw, m)]
    stamps = [(m.start(), m.end(), squeeze(m[0])) for m in _STAMP.finditer(raw)]
    stamps += [(m.start(1), m.end(1), squeeze(m[1])) for m in _BARE_STAMP.finditer(raw) if _ends_cell(raw[m.end() :])]
    taken: set[int] = set()
    found: list[tuple[int, Blank]] = []
    covered = list(dates)
    heads: list[tuple[int, int, str]] = []
    start = 0
    for colon in COLON.finditer(raw):
        label = _label(raw[start : colon.start()])
        start = colon.end()
        if not label or len(label) > 40:
            continue
        whole = found[-1][1].path if found and read_mark(label).is_part else prefix
        blank, start = _after_colon(raw, colon.end(), label, whole, dates, taken, {s[0] for s in stamps})
        if blank:
            found.append((colon.start(), blank))
            covered.append((colon.start(), max(start, _filled(raw, colon.end()))))
        elif _is_head(raw, colon, label):
            heads.append((colon.end(), (raw + "\n").index("\n", colon.end()), label))
    labelled = {blank.path[-1] for _, blank in found}
    for begin, _end, text in stamps:
        before = raw[:begin].rsplit("\n", 1)[-1]
        line = _label(_DATE.sub("  ", before))
        if before.endswith(("：", ":")):
            found = [(at, replace(one, is_meta=True) if at == begin - 1 and "签" in text else one) for at, one in found]
            continue  # 发起单位：（章）: who seals is who is named before the colon
        if COLON.search(before) and line and before[-1] not in "：: \u3000\u00a0_":
            continue  # 填报单位：      县民政局（盖章）: the seal of who is named before it
        name = line + text if line and not COLON.search(before) else text
        if not any(name in label for label in labelled):
            found.append((begin, Blank((*prefix, name), True)))
    for begin, end in dates:
        if begin in taken or not _is_empty_date(raw[begin:end]):
            continue
        led = re.split(r"[\n，,。；;：: \u3000\u00a0_月日（(]", raw[:begin].rstrip(" _\u3000\u00a0"))[-1]
        if led in words("date_lead") and len(led) <= LED_LENGTH:
            found.append((begin, Blank((*prefix, led), False, is_date=True)))
        elif _stands_alone(raw, begin, end):
            found.append((begin, Blank((*prefix, "年月日"), True, is_date=True)))
    begins = {begin for begin, _, _ in stamps}
    for match in _SIGNER.finditer(raw):
        name = squeeze(match[1])
        if name in words("meta") and name not in labelled and name != "年月日" and match.start(1) not in begins:
            found.append((match.start(1), Blank((*prefix, name), True)))
    areas = list(_GAP_AREA.finditer(raw)) if not FILE_NUMBER.search(raw) else []
    for area in areas:
        found.append((area.start(1), Blank((*prefix, squeeze(area[1])), False)))
    covered += [(area.start(), area.end()) for area in areas]
    if not FILE_NUMBER.search(raw):
        found += gaps(raw, prefix, covered)
    if (
        not found
        and (own := _OWN_UNIT.match(raw))
        and is_unit(squeeze(own[2]), squeeze(own[1]))
        and (squeeze(own[2]) not in words("not_own_unit") or _is_counted(raw, squeeze(own[1]), squeeze(own[2])))
        and len(read_mark(squeeze(own[1])).text) > 1
    ):
        found.append((0, Blank((*prefix, squeeze(own[1])), False, unit=squeeze(own[2]))))
    return [_under(blank, position, heads, len(prefix)) for position, blank in sorted(found, key=lambda pair: pair[0])]


def _is_word(raw: str, date: re.Match[str]) -> bool:
    """True for 出生年月日 without room between: the name of a date, no blank."""
    return date[0] == "年月日" and bool(re.match(r"[\u4e00-\u9fff]", raw[date.start() - 1 : date.start()]))


def _is_counted(raw: str, label: str, unit: str) -> bool:
    """True for room before a unit that can also end a word set wide: 一月份至今发现          项, no 姓    名."""
    return len(label) >= LONG_LABEL and "    " in raw and unit in "项次件份"


def _is_head(raw: str, colon: re.Match[str], label: str) -> bool:
    """True for the first words of a line when text follows their colon at once: 家庭人口：总人口    人，残疾    人."""
    line = raw[raw.rfind("\n", 0, colon.start()) + 1 : colon.start()]
    is_first = squeeze(line) == label and not re.search(r"[，,。；;]|_{2}|[(（\[【][)）\]】]", label)
    return is_first and raw[colon.end() : colon.end() + 1].strip(" _\n") != "" and label not in words("lead_in")


def _under(blank: Blank, position: int, heads: list[tuple[int, int, str]], depth: int) -> Blank:
    head = next((label for begin, end, label in heads if begin <= position < end), None)
    if head is None or blank.is_meta:
        return blank
    return replace(blank, path=(*blank.path[:depth], read_mark(head).text, *blank.path[depth:]))


def _after_colon(
    raw: str,
    end: int,
    label: str,
    prefix: tuple[str, ...],
    dates: list[tuple[int, int]],
    taken: set[int],
    stamps: set[int],
) -> tuple[Blank | None, int]:
    """Return the blank that a label with a colon opens, if it does, and where the next label may begin."""
    if framed := _FRAMED_ROOM.match(raw, end):
        is_measured = is_unit(framed[1])
        return blank_of(label, prefix, unit=framed[1] if is_measured else None), framed.end(
            1
        ) if is_measured else framed.start(1)
    at = _filled(raw, end)
    date = next((span for span in dates if span[0] <= at + 2 and span[1] > at and span[0] >= end - 1), None)
    if date and not _DATED.search(label):
        return blank_of(label, prefix), max(end, date[0])
    if date:
        is_signature = label in words("meta") and not _DATED.search(label)
        is_below = "\n" in raw[end : raw.index("年", date[0])]
        if is_signature or (is_below and not _DATED.search(label)) or label in words("stamp"):
            return blank_of(label, prefix), date[1]
        stop = date[1]
        for span in dates:
            if span[0] == date[0] or (span[0] >= stop and _RANGE.match(raw[stop : span[0]])):
                taken.add(span[0])
                stop = max(stop, span[1])
        return blank_of(label, prefix, is_date=True), stop
    width = at - end
    if "\n" in raw[end:at] and label in words("meta"):
        return blank_of(label, prefix), end
    following = re.split(r"[\n\t；;]|[ \u3000\u00a0]{2,}|_{2,}", raw[at:], maxsplit=1)[0]
    bracket = _GAP_BRACKET.match(following)
    if not following.strip():
        is_lead_in = width == 0 and "\n" not in raw and len(raw) > 25 and bool(re.search("[，,。]", raw))
        return (None if is_lead_in and label not in words("blank_label") else blank_of(label, prefix)), end
    own = re.split("[，,。：:]", following, maxsplit=1)[0]
    if (
        width >= 2
        and is_unit(squeeze(own), label)
        and (COLON.search(following) or not following[len(own) + 1 :].strip())
    ):
        return blank_of(label, prefix, unit=squeeze(own)), at + len(own)
    if COLON.search(following):
        name = squeeze(re.split("[：:]", following, maxsplit=1)[0])
        return (blank_of(label, prefix) if width or name in words("meta") else None), end
    if bracket and width and is_unit(squeeze(bracket[1])):
        return blank_of(label, prefix, unit=squeeze(bracket[1])), at + bracket.end()
    if width >= 2 and is_unit(squeeze(following)):
        return blank_of(label, prefix, unit=squeeze(following)), at + len(following)
    if _HINT.match(following):
        return blank_of(label, prefix), at + len(following)
    if at in stamps or width >= WIDE_GAP or (width and squeeze(following) in words("meta")):
        return blank_of(label, prefix), end
    return None, end


def _filled(raw: str, start: int) -> int:
    """Return where the room that begins at `start` ends."""
    filler = _FILLER.match(raw, start)
    return filler.end() if filler else start


def _ends_cell(rest: str) -> bool:
    """True when nothing but a date or further labels follow a seal that stands alone in its line: no 签名⏎样本."""
    text = squeeze(rest)
    return not text or text[:1] in "年0123456789（(" or bool(COLON.search(text))


def _stands_alone(raw: str, begin: int, end: int) -> bool:
    """False for a date in the middle of a sentence: “公示时间从 年 月 日至 年 月 日。”."""
    line = raw[raw.rfind("\n", 0, begin) + 1 :].split("\n", 1)[0]
    return len(squeeze(line)) <= 20 or not squeeze(raw[end:].split("\n", 1)[0])


def _is_empty_date(text: str) -> bool:
    return not re.search("[0-9]", re.sub("^(?:20[0-9]{0,2}|19|２０)", "", text.strip()))


def _label(text: str) -> str:
    """Return the label that ends at the end of a text: what follows the last gap, with a word broken over two lines."""
    pieces = [piece for piece in (squeeze(piece) for piece in GAP.split(text)) if piece]
    if not pieces:
        return ""
    label = pieces[-1]
    is_broken = len(pieces) > 1 and len(label) <= 2 and not (is_unit(pieces[-2]) and len(pieces[-2]) == 1)
    if is_broken and not re.search("[，。；日]$", pieces[-2]) and len(pieces[-2]) <= 8:
        label = pieces[-2] + label
    last = re.sub(r"^[，,。；;、]+|^.*[，,。；;](?=[^，,。；;]+$)", "", label)
    if last.count("（") + last.count("(") == last.count("）") + last.count(")"):
        return last
    opened = re.search(r"[（(]([^()（）]+)$", label)
    return opened[1] if opened else label
