"""Numbering marks of Chinese forms: 一、 （一） 1. (1) ① a. and the words 其中 and 补充资料 before a label."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipelines.intake.wording.vocabulary import words

_CHINESE = "一二三四五六七八九十百零〇两"
_DIGITS = {character: number for number, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_MARKS = (
    (0, re.compile(rf"^第([{_CHINESE}0-9]+)[部章编篇](?:分)?[、.．:：]?")),
    (1, re.compile(rf"^([{_CHINESE}]+)[、.．,，]+")),
    (2, re.compile(rf"^[(（]([{_CHINESE}]+)[)）][、.．]?")),
    (3, re.compile(r"^([0-9]{1,3})(?:[、．]|[.]+(?![0-9]))+")),
    (3.5, re.compile(r"^[0-9]{1,2}[.．]([0-9]{1,2})(?:[、.．](?![0-9]))?(?=[^0-9.．])")),
    (3.7, re.compile(r"^[0-9]{1,2}[.．][0-9]{1,2}[.．]([0-9]{1,2})(?=[^0-9.．])")),
    (3.8, re.compile(r"^(?:[0-9]{1,2}[.．]){3}([0-9]{1,2})(?=[^0-9.．])")),
    (3.9, re.compile(r"^(?:[0-9]{1,2}[.．]){4,5}([0-9]{1,2})(?=[^0-9.．])")),
    (4, re.compile(r"^[(（]([0-9]{1,2})[)）][、.．]?")),
    (4.5, re.compile(r"^([0-9]{1,2})[)）][、.．]?")),
    (5, re.compile(r"^([①-⑳⑴-⒇])[、.．]?")),
    (6, re.compile(r"^([a-zA-Z])[、.．)）]")),
)
_BARE = re.compile(r"^([0-9]{1,2})(?=[^0-9.．%％\-－—~～年月日岁个以及公平米人元户种类级天周小时])")
_PART = re.compile(r"^(?:[(（]?(?:其\s*中)[)）]?[:：;；,，、]?|[#＃](?=[^0-9０-９#＃]))")
_PART_OF = re.compile(r"^(?:在)?(.{1,20}?)(?:总数|合计)?中[:：](.+)$")
_SIGNED = re.compile(r"^[加减][：:]")
SIGN_WIDTH = 4
"""Spaces that 加： or 减： is wide: the next line of the same list stands in by that much more."""
PART_WIDTH = 6
"""Spaces that 其中： is wide: the next line of the same list is indented by that much more."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before a label.

    rank: level of the numbering, smaller is higher, None when not numbered; number: its ordinal.
    is_part: 其中 stands before it; whole: the row that it is explicitly a part of (“在用种量中：”).
    supplement: 补充资料 or 附报 when that stands before it. text: the label without all of these.
    """

    text: str
    rank: float | None = None
    number: int = 0
    is_part: bool = False
    whole: str | None = None
    supplement: str | None = None


@lru_cache(maxsize=20_000)
def read_mark(label: str, bare: int = 0) -> Mark:
    """Take the marks off a label (white space removed).

    bare: the ordinal at which a digit without a separator is still a mark (“2虾蟹类” after “1.鱼类”); 0 = never.

    >>> read_mark("（二）其中：女性").rank, read_mark("其中：男").is_part, read_mark("2虾蟹类", 2).text
    (2, True, '虾蟹类')
    """
    rank: float | None = None
    number = 0
    rest = label
    for level, pattern in _MARKS:
        match = pattern.match(rest)
        if match and (len(rest) > match.end() or level in (1, 2)):
            rank, number, rest = level, _ordinal(match[1]), rest[match.end() :].lstrip(".、．")
            break
    if rank is None and bare:
        match = _BARE.match(rest)
        if match and int(match[1]) == bare:
            rank, number, rest = 3, bare, rest[match.end() :]
    supplement = None
    for separator in "：:":
        head, _, tail = rest.partition(separator)
        if tail and head in words("supplement"):
            supplement, rest = head, tail
            inner = read_mark(tail)
            if inner.rank is not None and not inner.is_part:  # 附报：1.汇总村数
                return Mark(inner.text, inner.rank, inner.number, False, None, head)
    part = _PART.match(rest)
    if part and len(rest) > part.end():
        inner = read_mark(rest[part.end() :])  # 其中：1.鱼类
        return Mark(inner.text if inner.rank is not None else rest[part.end() :], rank, number, True, None, supplement)
    signed = _SIGNED.match(rest)
    if signed and rank is None and (inner := read_mark(rest[signed.end() :])).rank is not None:  # 减：1.提取公积金
        return Mark(signed[0] + inner.text, inner.rank, inner.number)
    whole = _PART_OF.match(rest)
    if whole and not whole[1].endswith(("其", "（", "(")):
        return Mark(whole[2], rank, number, True, whole[1], supplement)
    return Mark(rest or label, rank, number, False, None, supplement)


def _ordinal(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    if "⑴" <= text <= "⒇":
        return ord(text) - ord("⑴") + 1
    if text.isascii():
        return ord(text.lower()) - 96
    tens, found, units = text.partition("十")
    if not found:
        return _DIGITS.get(text[-1], 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(units, 0) if units else 0)


def leading(raw: str, signs: bool = True) -> int:
    """Return the indentation of a printed text in half-width spaces; a full-width space counts two.

    signs: whether 加： or 减： before it counts as well.
    """
    width = 0
    for character in raw:
        if character == "\u3000":
            width += 2
        elif character in " \u00a0":
            width += 1
        elif character in "\n\r\ue003":
            continue
        else:
            break
    return width + SIGN_WIDTH * (signs and bool(_SIGNED.match(raw.strip())))
