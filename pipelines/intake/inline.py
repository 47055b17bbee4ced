"""Blanks inside a text: “负责人：____ 填表日期：  年 月 日”, “□男 □女”, “其中：31农场     个”."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipelines.intake.numbering import read_mark
from pipelines.intake.units import is_unit
from pipelines.intake.vocabulary import words
from pipelines.text import squeeze

_GAP = re.compile(r"(?:[ \t\u00a0]{2,}|[\u3000 \t\u00a0]{2,}|\n|_{2,})[\s\u3000_]*")
_COLON = re.compile(r"[：:]")
_DATE = re.compile(
    r"(?:(?:19|20|２０|二[〇○零])[\s\u3000_]*)?[\s\u3000_]*年(?:[\s\u3000_]*月[\s\u3000_]*日|[\s\u3000_]+月)"
)
_DATED = re.compile(r"(?:日期|时间|年月|日|于|自|至|从|周期|期限|期间|时段|期|年限)$")
_BARE_STAMP = re.compile(r"(?m)^[\s\u3000]*((?:单位)?(?:盖\s*章|公\s*章|签\s*章|签\s*字|签\s*名))[\s\u3000]*$")
_STAMP = re.compile(r"[(（]\s*(?:盖\s*章|公\s*章|印\s*章|签\s*章|章|签\s*名|签\s*字|加盖公章|单位盖章|盖章处)\s*[)）]")
_FILLER = re.compile(r"[\s\u3000_\u00a0.…]*")
_CODE_IN_LABEL = re.compile(r"^(.*?)[(（]([0-9]{1,3})[)）]$")
_CODE_BEFORE = re.compile(r"^([0-9]{1,3})(?=[^0-9.、．\s])(.+)$")
_RANGE = re.compile(r"^[\s\u3000_]*(?:至|到|—|－|-|~|～)[\s\u3000_]*$")
_SIGNER = re.compile(r"(?:^|[ \u3000\u00a0]{3,}|\n)\s*([\u4e00-\u9fff ]{3,8})(?=[ \u3000\u00a0]{3,}|\s*$)")
_OWN_UNIT = re.compile(r"^\s*([^\s：:]*[^\s：:]{3,})[ \u3000\u00a0_]{2,}([^\s\u3000_：:]{1,4})\s*$")
_BRACKETED = re.compile(
    r"([^\s\u3000，,；;：:。\[\]【】()（）]{2,24})\s*[\[【（(][ \u3000\u00a0_]{2,}[\])】）]"
    r"\s*([^\s，,；;。：:\[【（(]{0,4})"
)
_GAP_AREA = re.compile(
    r"[ \u3000\u00a0_]{3,}((?:省|市|县|区|镇|乡|街道|村|社区|组|路|号)(?:\s*[(（][^()（）]{1,6}[)）])?)"
    r"(?=[\s\u3000，,。；;]|$)"
)
WIDE_GAP = 4
"""Spaces after a colon that leave room to write, whatever follows them."""
_BOXES = re.compile(r"[□☐▢]+(?:[-－—–][□☐▢]+)*")
_OPTION = re.compile(r"(?:^|\s)([0-9]{1,2})\s*([^\s0-9□☐][^\s□☐]*)")
_GAP_UNIT = re.compile(
    r"([0-9]{1,3})?([^\s\u3000，,；;：:。_]{2,20}?)(?:[ \u3000\u00a0_]{2,})([^\s\u3000，,；;。：:_（(]{1,6})"
    r"(?=[，,；;。]|\s*$)"
)
_GAP_BRACKET = re.compile(r"^[(（]\s*([^()（）]+?)\s*[)）]")
_HINT = re.compile(r"^(?:区号)?[(（][^()（）]*[)）]?\s*$")


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank within a text: the path of its label, whether it is about the act of reporting, and what it takes."""

    path: tuple[str, ...]
    is_meta: bool
    options: tuple[str, ...] = ()
    code: str | None = None
    unit: str | None = None
    is_date: bool = False


def blanks(raw: str) -> list[Blank]:
    """Return the blanks of a text in the order printed; an empty list when it has none.

    >>> [b.path for b in blanks("单位负责人：      填报人：      填报日期：   年  月  日")]
    [('单位负责人',), ('填报人',), ('填报日期',)]
    """
    if _BOXES.search(raw):
        lines = _questions(raw)
        return _boxes(raw) if len(lines) < 2 else [blank for line in lines for blank in blanks(line)]
    if not (
        _COLON.search(raw) or "年" in raw or "章" in raw or "签" in raw or "_" in raw or "  " in raw or "\u3000" in raw
    ):
        return []
    prefix: tuple[str, ...] = ()
    head, separator, rest = raw.partition("：") if "：" in raw else raw.partition(":")
    if separator and squeeze(head) in words("supplement"):
        prefix, raw = (squeeze(head),), rest
    if raw.rstrip().endswith(("：", ":")) and squeeze(raw).rstrip("：:") in words("lead_in"):
        return []
    area = _areas(raw)
    if area:
        return area
    counted = _counted(raw, prefix) or _bracketed(raw, prefix)
    if counted:
        return counted + [blank for blank in _labelled(raw, prefix) if blank.is_meta]
    return _labelled(raw, prefix)


def _questions(raw: str) -> list[str]:
    """Return the lines of a box that ask several things; a line of options goes with the question over it."""
    lines: list[str] = []
    for line in raw.split("\n"):
        if lines and (not line.strip() or line.lstrip(" \u3000\u00a0")[:1] in "□☐▢" or not _COLON.search(line)):
            lines[-1] += " " + line
        elif line.strip():
            lines.append(line)
    return lines if sum(bool(_COLON.search(line)) for line in lines) >= 2 else []


def _areas(raw: str) -> list[Blank]:
    if _COLON.search(raw):
        return []
    pieces = [squeeze(piece) for piece in _GAP.split(raw)]
    if len(pieces) >= 3 and not pieces[0] and all(piece in words("area_blank") for piece in pieces[1:] if piece):
        return [Blank((piece,), True) for piece in pieces if piece]
    return []


def _counted(raw: str, prefix: tuple[str, ...]) -> list[Blank]:
    """“30国有农林牧渔场个数     个，其中：31农场     个”: the unit closes each blank."""
    found: list[Blank] = []
    base = prefix
    for match in _GAP_UNIT.finditer(re.sub("其\\s*中\\s*[：:]", "其中", raw)):
        unit = squeeze(match[3])
        if not is_unit(unit):
            continue
        mark = read_mark(squeeze(match[2]))
        text, code = mark.text, match[1]
        before = _CODE_BEFORE.match(text)
        if before and not code:
            code, text = before[1], before[2]
        if mark.is_part and found:
            base = found[-1].path
        found.append(Blank((*base, text), False, code=code, unit=unit))
    return found if len(found) >= 2 else []


def _bracketed(raw: str, prefix: tuple[str, ...]) -> list[Blank]:
    """“候登座椅[     ]座，填表座椅[     ]座”: an empty bracket after each label, its unit after it."""
    found: list[Blank] = []
    for match in _BRACKETED.finditer(raw):
        unit = squeeze(match[2])
        found.append(Blank((*prefix, read_mark(match[1]).text), False, unit=unit if is_unit(unit) else None))
    return found


def _labelled(raw: str, prefix: tuple[str, ...]) -> list[Blank]:
    """Read “label：blank”, dates, stamps and gaps, in the order printed."""
    dates = [(m.start(), m.end()) for m in _DATE.finditer(raw)]
    stamps = [(m.start(), m.end(), squeeze(m[0])) for m in _STAMP.finditer(raw)]
    stamps += [(m.start(1), m.end(1), squeeze(m[1])) for m in _BARE_STAMP.finditer(raw)]
    taken: set[int] = set()
    found: list[tuple[int, Blank]] = []
    start = 0
    for colon in _COLON.finditer(raw):
        label = _label(raw[start : colon.start()])
        start = colon.end()
        if not label or len(label) > 40:
            continue
        blank, start = _after_colon(raw, colon.end(), label, prefix, dates, taken, {s[0] for s in stamps})
        if blank:
            found.append((colon.start(), blank))
    labelled = {blank.path[-1] for _, blank in found}
    for begin, _end, text in stamps:
        line = _label(_DATE.sub("  ", raw[:begin].rsplit("\n", 1)[-1]))
        name = line + text if line and not _COLON.search(raw[:begin].rsplit("\n", 1)[-1]) else text
        if not any(name in label for label in labelled):
            found.append((begin, Blank((*prefix, name), True)))
    for begin, end in dates:
        if begin not in taken and _is_empty_date(raw[begin:end]) and _stands_alone(raw, begin, end):
            found.append((begin, Blank((*prefix, "年月日"), True, is_date=True)))
    begins = {begin for begin, _, _ in stamps}
    for match in _SIGNER.finditer(raw):
        name = squeeze(match[1])
        if name in words("meta") and name not in labelled and name != "年月日" and match.start(1) not in begins:
            found.append((match.start(1), Blank((*prefix, name), True)))
    if (
        not found
        and (own := _OWN_UNIT.match(raw))
        and is_unit(squeeze(own[2]), squeeze(own[1]))
        and squeeze(own[2]) not in words("not_own_unit")
    ):
        found.append((0, Blank((*prefix, squeeze(own[1])), False, unit=squeeze(own[2]))))
    for gap in _GAP_AREA.finditer(raw):
        found.append((gap.start(1), Blank((*prefix, squeeze(gap[1])), False)))
    return [blank for _, blank in sorted(found, key=lambda pair: pair[0])]


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
    filler = _FILLER.match(raw, end)
    at = filler.end() if filler else end
    date = next((span for span in dates if span[0] <= at + 2 and span[1] > at and span[0] >= end - 1), None)
    if date and not _DATED.search(label):
        return _blank(label, prefix), max(end, date[0])
    if date:
        is_signature = label in words("meta") and not _DATED.search(label)
        is_below = "\n" in raw[end : raw.index("年", date[0])]
        if is_signature or (is_below and not _DATED.search(label)) or label in words("stamp"):
            return _blank(label, prefix), date[1]
        stop = date[1]
        for span in dates:
            if span[0] == date[0] or (span[0] >= stop and _RANGE.match(raw[stop : span[0]])):
                taken.add(span[0])
                stop = max(stop, span[1])
        return _blank(label, prefix, is_date=True), stop
    width = at - end
    following = re.split(r"[\n\t；;]|[ \u3000\u00a0]{2,}|_{2,}", raw[at:], maxsplit=1)[0]
    bracket = _GAP_BRACKET.match(following)
    if not following.strip():
        is_lead_in = width == 0 and "\n" not in raw and len(raw) > 25 and bool(re.search("[，,。]", raw))
        return (None if is_lead_in and label not in words("blank_label") else _blank(label, prefix)), end
    if _COLON.search(following):
        name = squeeze(re.split("[：:]", following, maxsplit=1)[0])
        return (_blank(label, prefix) if width or name in words("meta") else None), end
    if bracket and width and is_unit(squeeze(bracket[1])):
        return _blank(label, prefix, unit=squeeze(bracket[1])), at + bracket.end()
    if width >= 2 and is_unit(squeeze(following)):
        return _blank(label, prefix, unit=squeeze(following)), at + len(following)
    if _HINT.match(following):
        return _blank(label, prefix), at + len(following)
    if at in stamps or width >= WIDE_GAP or (width and squeeze(following) in words("meta")):
        return _blank(label, prefix), end
    return None, end


def _stands_alone(raw: str, begin: int, end: int) -> bool:
    """False for a date in the middle of a sentence: “公示时间从 年 月 日至 年 月 日。”."""
    line = raw[raw.rfind("\n", 0, begin) + 1 :].split("\n", 1)[0]
    return len(squeeze(line)) <= 20 or not squeeze(raw[end:].split("\n", 1)[0])


def _is_empty_date(text: str) -> bool:
    return not re.search("[0-9]", re.sub("^(?:19|20|２０)", "", text.strip()))


def _label(text: str) -> str:
    """Return the label that ends at the end of a text: what follows the last gap, with a word broken over two lines."""
    pieces = [piece for piece in (squeeze(piece) for piece in _GAP.split(text)) if piece]
    if not pieces:
        return ""
    label = pieces[-1]
    if len(pieces) > 1 and len(label) <= 2 and not re.search("[，。；日]$", pieces[-2]) and len(pieces[-2]) <= 8:
        label = pieces[-2] + label
    last = re.sub(r"^[，,。；;、]+|^.*[，,。；;](?=[^，,。；;]+$)", "", label)
    return last if last.count("（") + last.count("(") == last.count("）") + last.count(")") else label


def _blank(label: str, prefix: tuple[str, ...], unit: str | None = None, is_date: bool = False) -> Blank:
    code = None
    inside = _CODE_IN_LABEL.match(label)
    if inside:
        label, code = inside[1], inside[2]
    mark = read_mark(label)
    is_meta = mark.text in words("meta") or mark.text in words("stamp") or mark.text in words("signature")
    return Blank(
        (*prefix, mark.text),
        is_meta,
        code=code,
        unit=unit,
        is_date=is_date,
    )


def _boxes(raw: str) -> list[Blank]:
    """Read “01地势  □ 1 平原  2 丘陵” and “□男 □女”."""
    matches = list(_BOXES.finditer(raw))
    runs = [m for m in matches if len(m[0]) >= 2]
    if runs and len(runs) == len(matches):
        before = raw[: runs[0].start()].rstrip()
        cut = max((gap.end() for gap in _GAP.finditer(before)), default=0)
        first = blanks(before[:cut]) if _COLON.search(before[:cut]) else []
        label = _code_label(squeeze(re.sub("[：:]", "", before[cut:] if first else before)))
        after = raw[runs[-1].end() :]
        last = _labelled(after, ()) if _COLON.search(after) else []
        own = [Blank((label[1],), "区划" in label[1], code=label[0])] if label[1] else []
        return [*first, *own, *last]
    found: list[Blank] = []
    position = 0
    numbered = all(re.match(r"\s*[0-9]", raw[m.end() :]) for m in matches)
    if numbered:
        for index, match in enumerate(matches):
            end = matches[index + 1].start() if index + 1 < len(matches) else len(raw)
            after = raw[match.end() : end]
            if found and not re.match(r"\s*1(?![0-9])", after):
                option = re.sub(r"^[0-9]+", "", squeeze(after)).strip("；;，,。")
                found[-1] = replace(found[-1], options=(*found[-1].options, option)) if option else found[-1]
                position = end
                continue
            label = _code_label(squeeze(re.sub("[：:]", "", raw[position : match.start()])))
            options, used = _options(after, is_last=index + 1 == len(matches))
            position = match.end() + used
            if label[1]:
                found.append(Blank((label[1],), False, options, label[0]))
        return found
    label = _code_label(squeeze(re.sub("[：:]", "", raw[: matches[0].start()])))
    options = tuple(
        text
        for text in (
            squeeze(re.split(r"[□☐▢\n；;]", raw[m.end() :], maxsplit=1)[0]).strip("：:，,、_（(") for m in matches
        )
        if re.search(r"\w", text)
    )
    return [Blank((label[1],) if label[1] else (), False, options, label[0])]


def _options(text: str, is_last: bool) -> tuple[tuple[str, ...], int]:
    options: list[str] = []
    used = 0
    for match in _OPTION.finditer(text):
        number = int(match[1])
        if number != len(options) + 1 and not (is_last and options):
            break
        if number != len(options) + 1:
            break
        options.append(squeeze(match[2]))
        used = match.end()
    return tuple(options), used


def _code_label(label: str) -> tuple[str | None, str]:
    match = _CODE_BEFORE.match(label)
    return (match[1], match[2]) if match else (None, read_mark(label).text)
