"""Blanks inside a text: “负责人：____ 填表日期：  年 月 日”, “□男 □女”, “其中：31农场     个”."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from pipelines.intake.wording.blank import COLON, Blank, blank_of, code_label
from pipelines.intake.wording.gaps import joined_parts
from pipelines.intake.wording.labelled import GAP, labelled
from pipelines.intake.wording.units import is_unit
from pipelines.intake.wording.vocabulary import words
from pipelines.text import squeeze

_BOXES = re.compile(r"[□☐▢]+(?:[-－—–][□☐▢]+)*(?![里中内处后前]?[^□()（）]{0,2}[打划画填勾√])")
_ASKS = re.compile(r"[^\s\u3000：:；;，,。（）()□☐▢_]{1,20}(?:[(（][^()（）：:]*[)）])?[*＊]?[ \u3000]?[：:]")
_WRAPPED = re.compile(
    r"(负责人|责任人|经办人|承办人|申请人|审核人|审批人|代表人|领导|家长|户主|本人)[：:]?"
    r"[ \u3000]*\n[ \u3000]*(?=签\s*[字名章])"
)
"""Who signs, with 签字 on the next line."""
_WRAPPED_SEAL = re.compile(
    r"(?<=[\u4e00-\u9fff])[ \u3000]*\n[ \u3000]*"
    r"(?=[(（][\u4e00-\u9fff]{0,12}[章字名][)）][：:]|[和及与][\u4e00-\u9fff]{1,6}章)"
)
"""Whose seal, with the bracket on the next line: 税务机关⏎（专用章）：."""
_PARTED = re.compile(r"(?<=[\u4e00-\u9fff²³%％])[ \u3000]+[/／][ \u3000]+(?=[\u4e00-\u9fff0-9])")
"""A stroke set off by spaces parts what is asked: 离休：    人 / 退休：    人."""
_SENTENCES = re.compile(r"(?s).*[。；;]")
_LABELS_ONLY = re.compile(r"[ \u3000]*(?:[^\s：:，,。；;()（）□]{2,10}[：:]){2,}\s*")
"""Labels with nothing between: 介绍时间：鉴定时间：."""
_ROOM = re.compile(r"[ \u3000\u00a0]{6,}")
"""Room to write between labels without colons."""
_NAME = re.compile(r"[\u4e00-\u9fff]{1,8}")
AREAS = 3
"""Blanks for places or classes that may follow the name of a school or an office: 某某大学    院    系    班."""
_CODED_QUESTION = re.compile(r"[\s\u3000]*[0-9]{2}(?![0-9.、．])")
_YES_NO = re.compile(r"\S{4,}\s*(?:[□☐▢]\s*[是有]\s*[□☐▢]\s*[否无没]|(?<=[\s\u3000])[是有]\s*[□☐▢]\s*[否无没]\s*[□☐▢])")
"""A question answered by yes or no behind it: 已解除劳动关系□是 □否."""
_EMPTY = re.compile(r"[(（\[【][ \u3000\u00a0]{0,6}[)）\]】]")
_CIRCLES = re.compile(r"(?:(?<=[\s\u3000])|^)[○◯](?=[^\s\u3000○◯])")
_BOXED_LABEL = re.compile(r"[□☐▢][^□☐▢：:]{2,12}[：:][\s_]*")
"""A way that is ticked, with the room for what it needs: □通信地址：."""
_OPTION = re.compile(r"(?:^|\s)([0-9]{1,2})[.、．]?\s*([^\s0-9□☐.、．][^\s□☐]*)")
_TICK_HINT = re.compile(r"[(（][^()（）]{0,8}[打划画填勾][^()（）]{0,3}[√✓勾号][^()（）]{0,4}[)）]\s*[：:]?")
"""How to choose, behind the question: 机构性质（在对应栏打√）：."""
_TICKED_END = re.compile(r"([\]】)）])[ \u3000]*[：:；;、]?\s*")
_LETTERED_LINE = re.compile(r"^([\s\u3000]*)[A-Z](?:[：:]|(?=[\u4e00-\u9fff]))")
_MARKED = re.compile(r"^[\s\u3000]*(?:[0-9]{1,2}[、.．]|[①-⑳])")
CHOICE_LENGTH = 12
"""Longest choice with a bracket to tick; longer texts between empty brackets are sentences with gaps."""


def blanks(raw: str) -> list[Blank]:
    """Return the blanks of a text in the order printed; an empty list when it has none.

    >>> [b.path for b in blanks("单位负责人：      填报人：      填报日期：   年  月  日")]
    [('单位负责人',), ('填报人',), ('填报日期',)]
    """
    return list(_remembered(raw))


@lru_cache(maxsize=20_000)
def _remembered(raw: str) -> tuple[Blank, ...]:
    """`_blanks` with a memory: whether a box has blanks is asked some ten times, and labels come back on every form."""
    return tuple(_blanks(raw))


def _blanks(raw: str) -> list[Blank]:
    raw = _WRAPPED_SEAL.sub("", _WRAPPED.sub(r"\1", _ticked(joined_parts(_PARTED.sub("；", raw)))))
    if _BOXES.search(raw) and (mixed := _segments(raw)):
        return [blank for segment in mixed for blank in (_boxes if _BOXES.search(segment) else blanks)(segment)]
    if _BOXES.search(raw):
        head, tail = _signed_under(raw)
        if tail:
            return [*blanks(head), *tail]
        lines = _questions(raw)
        return _boxes(raw) if len(lines) < 2 else [blank for line in lines for blank in blanks(line)]
    if not (
        COLON.search(raw) or "年" in raw or "章" in raw or "签" in raw or "_" in raw or "  " in raw or "\u3000" in raw
    ):
        return []
    prefix: tuple[str, ...] = ()
    head, separator, rest = raw.partition("：") if "：" in raw else raw.partition(":")
    if separator and squeeze(head) in words("supplement"):
        prefix, raw = (squeeze(head),), rest
    if raw.rstrip().endswith(("：", ":")) and squeeze(raw).rstrip("：:") in words("lead_in"):
        told = _SENTENCES.match(raw)
        return blanks(told[0]) if told and COLON.search(told[0]) else []
    if _LABELS_ONLY.fullmatch(raw) and not any(name in words("lead_in") for name in _named(raw)):
        return labelled(COLON.sub("：  ", raw), prefix)
    return _areas(raw) or _spread(raw) or labelled(raw, prefix)


def _named(raw: str) -> list[str]:
    return [squeeze(label) for label in COLON.split(raw) if squeeze(label)]


def _spread(raw: str) -> list[Blank]:
    """Return the blanks of labels that only room parts: 班级        姓名        性别        ."""
    pieces = [squeeze(piece) for piece in _ROOM.split(raw)]
    names = [piece for piece in pieces if piece]
    is_line = "\n" not in raw.strip() and not COLON.search(raw) and bool(_ROOM.search(raw[-8:]))
    if not is_line or len(names) < 3 or not all(_NAME.fullmatch(name) for name in names):
        return []
    return [blank_of(name, ()) for name in names] if sum(len(name) > 1 for name in names) >= 2 else []


def _signed_under(raw: str) -> tuple[str, list[Blank]]:
    """Return choices without what stands behind them at some distance or under them: who signs, and when."""
    end = [match.end() for match in _BOXES.finditer(raw)][-1]
    line = raw.find("\n", end)
    room = _ROOM.search(raw, end, line if line >= 0 else len(raw))
    for start in (room.start() if room else line, line):
        tail = labelled(raw[start:], ()) if start >= 0 else []
        if any(blank.is_meta or blank.is_date for blank in tail):
            return raw[:start], tail
    return raw, []


def _ticked(raw: str) -> str:
    """Return a text whose choices have circles or empty brackets (是（  ）否（  ）) with boxes instead."""
    if len(_CIRCLES.findall(raw)) >= 2:
        return _CIRCLES.sub("□", raw)
    if (hint := _TICK_HINT.search(raw)) and len(_EMPTY.findall(raw, hint.end())) >= 2:
        names = _TICKED_END.sub(r"\1 ", raw[hint.end() :].replace("\n", ""))
        return f"{raw[: hint.start()]}：{_EMPTY.sub('□', names)}"
    marks = list(_EMPTY.finditer(raw))
    pieces = [squeeze(piece) for piece in _EMPTY.split(raw)]
    if len(marks) < 2 or not all(len(piece) <= CHOICE_LENGTH for piece in pieces) or any(map(is_unit, pieces)):
        return raw
    if any(not piece for piece in pieces[1:-1]) or bool(pieces[0]) == bool(pieces[-1]):
        return raw
    return _EMPTY.sub("□", raw)


def _segments(raw: str) -> list[str]:
    """Return a text that asks some things with boxes and others with room to write, cut before each label."""
    starts = [match.start() for match in _ASKS.finditer(raw)]
    head = raw[: starts[0]] if starts else ""
    if len(starts) < 2 or (squeeze(head) and (_BOXES.search(head) or not blanks(head))):
        return []
    starts = [0, *starts] if squeeze(head) else starts
    pieces = [raw[a:b] for a, b in zip(starts, [*starts[1:], len(raw)], strict=True)]
    is_digits = all(len(run[0]) > 1 for run in _BOXES.finditer(raw))
    return pieces if is_digits or any(not _BOXES.search(piece) for piece in pieces) else []


def _questions(raw: str) -> list[str]:
    """Return the lines of a box that ask several things; a line of options goes with the question over it."""
    lines: list[str] = []
    for line in (_LETTERED_LINE.sub(r"\1", one) for one in raw.split("\n")):
        is_next = bool(lines and _MARKED.match(line) and _YES_NO.search(lines[-1]))
        is_more = not line.strip() or line.lstrip(" \u3000\u00a0")[:1] in "□☐▢" or not (_opens(line) or is_next)
        if lines and is_more:
            lines[-1] += " " + line
        elif line.strip():
            lines.append(line)
    heads = {a for a, b in pairwise(lines) if squeeze(a)[-1:] in "：:" and _YES_NO.search(b)}
    return [line for line in lines if line not in heads] if sum(map(_opens, lines)) >= 2 else []


def _opens(line: str) -> bool:
    """True for the line of a question: it has a colon, or begins with a row code and has boxes (02 县级政府驻地 □)."""
    return bool(COLON.search(line) or (_CODED_QUESTION.match(line) and _BOXES.search(line)) or _YES_NO.search(line))


def _areas(raw: str) -> list[Blank]:
    label, colon, rest = raw.replace(":", "：").partition("：")
    path = (squeeze(label),) if colon else ()
    if COLON.search(rest) or (path and (path[0] in words("meta") or path[0].endswith(("单位", "机关", "部门")))):
        return []  # 填报单位：    县    镇
    pieces = [squeeze(piece) for piece in GAP.split(rest if colon else raw)]
    if pieces[0] and len(pieces) > AREAS and pieces[0] not in words("area_blank"):
        pieces = pieces[1:]  # 某某大学    院    系    班
    names = [piece for piece in pieces if piece]
    is_led = len(names) >= 2 and not pieces[0]
    if (is_led or len(names) >= 3) and all(piece in words("area_blank") for piece in names):
        return [Blank((*path, piece), not colon) for piece in pieces if piece]
    return []


def _boxes(raw: str) -> list[Blank]:
    """Read “01地势  □ 1 平原  2 丘陵” and “□男 □女”."""
    matches = list(_BOXES.finditer(raw))
    runs = [m for m in matches if len(m[0]) >= 2]
    if runs and len(runs) == len(matches):
        before = raw[: runs[0].start()].rstrip()
        cut = max((gap.end() for gap in GAP.finditer(before)), default=0)
        first = blanks(before[:cut]) if COLON.search(before[:cut]) else []
        label = code_label(squeeze(re.sub("[：:]", "", before[cut:] if first else before)))
        after = raw[runs[-1].end() :]
        last = labelled(after, ()) if COLON.search(after) else []
        own = [Blank((label[1],), "区划" in label[1], code=label[0])] if label[1] else []
        return [*first, *own, *last]
    if len(matches) == 1 and _BOXED_LABEL.fullmatch(raw.strip()):
        return labelled(raw.replace(matches[0][0], ""), ())
    found: list[Blank] = []
    position = 0
    numbered = all(re.match(r"\s*[0-9]", raw[m.end() :]) for m in matches)
    if numbered:
        for index, match in enumerate(matches):
            end = matches[index + 1].start() if index + 1 < len(matches) else len(raw)
            after = raw[match.end() : end]
            if found and not re.match(r"\s*1(?![0-9])", after):
                option = re.sub(r"^[0-9]+[.、．]?", "", squeeze(after)).strip("；;，,。")
                found[-1] = replace(found[-1], options=(*found[-1].options, option)) if option else found[-1]
                position = end
                continue
            label = code_label(squeeze(re.sub("[：:]", "", raw[position : match.start()])))
            options, used = _options(after, is_last=index + 1 == len(matches))
            position = match.end() + used
            if label[1] or (not found and not label[0]):
                found.append(Blank((label[1],) if label[1] else (), False, options, label[0]))
        return found
    behind = _options_before(raw, matches)
    if behind is not None:
        return [behind]
    label = code_label(squeeze(re.sub("[：:]", "", raw[: matches[0].start()])))
    options = tuple(
        text
        for text in (
            squeeze(re.split(r"[□☐▢\n；;]", raw[m.end() :], maxsplit=1)[0]).strip("：:，,、。_（(") for m in matches
        )
        if re.search(r"\w", text)
    )
    return [Blank((label[1],) if label[1] else (), False, options, label[0])]


def _options_before(raw: str, matches: list[re.Match[str]]) -> Blank | None:
    """Return the choices of “是□ 否□”, whose boxes stand behind them; None when they stand before them."""
    label, colon, first = raw[: matches[0].start()].replace(":", "：").rpartition("：")
    is_last = raw.rstrip(" \u3000\u00a0\n_；;。")[-1:] in "□☐▢" or len(squeeze(first)) == 1
    if not squeeze(first) or not (colon or is_last):
        return None
    ends = [match.end() for match in matches]
    pieces = [first, *(raw[a : b.start()] for a, b in zip(ends, matches[1:], strict=False)), raw[ends[-1] :]]
    names = [squeeze(piece).strip("，,、；;。_（(") for piece in pieces]
    options = tuple(name for name in names if re.search(r"\w", name))
    code, name = code_label(squeeze(label))
    return Blank((name,) if name else (), False, options, code)


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
