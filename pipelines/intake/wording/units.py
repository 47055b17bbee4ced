"""Units of measure: which text is one, and where a label says its own."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.rulebook import rows
from pipelines.text import fold

_TAIL = re.compile(r"^(.+?)[(（\[【]([^()（）\[\]【】]+)[)）\]】]$")
_DATED = re.compile(r"(?:日期|时间|时点)$")
_OR_PERSON = re.compile(r"(?:单位|机构|组织|企业|公司|部门)$")
_LASTING = re.compile(
    r"(?:务工|工作|锻炼|运动|吸烟|饮酒|患病|培训|学习|服务|运行|持续|使用|外出|就业|停留|居住|照料)时间$"
)
"""Time spent: （月） after it is its unit."""
_DATE_PARTS = re.compile(r"^[年月日时分秒/／\-.]+$")
"""（月/日） after a date tells how to write it."""
_SYMBOL = re.compile(r"(?<![0-9０-９])(℃|%|％|‰|㎡|[Mm]2|[Mm]²)$")
_PREFIX = re.compile(r"^(?:单位|计量单位)?[:：]?")
_SCALE = re.compile(r"^(?:百万|千万|万|千|百|亿|十|十万|兆)")
_PHYSICAL = re.compile(
    r"^(?:[μukKMGmcdhT]?(?:m[²³23]?|g|L|l|W|Wh|VA|V|A|[Pp]a|J|t|Hz|s)|hm[²2]|[Kk][Ww][hH]?|[Mm][Ww]|mmHg|kcal|mmol|dB|h"
    r"|(?:厘|毫|千)?米[²³23])$"
)
"""Symbols of the SI and what is measured with it, powers as printed."""
_PER = re.compile(r"[/／·•.]")
_PERIODS = frozenset(
    ("年", "月", "日", "天", "季", "次", "年度", "d", "a", "h", "s", "min", "小时", "分钟", "秒", "夜")
)
_SPLIT = re.compile(r"[、,，;；/／]|或")


@lru_cache
def _units() -> dict[str, str]:
    return {fold(row["unit"]): row["after"] for row in rows("intake_units")}


@lru_cache(maxsize=20_000)
def is_unit(text: str, label: str = "") -> bool:
    """Return True when the text is a unit of measure, or several with a separator between.

    label: the label that it follows; some words are units only after certain labels.

    >>> is_unit("万元"), is_unit("公顷、吨"), is_unit("章"), is_unit("年"), is_unit("年", "工作年限")
    (True, True, False, False, True)
    """
    text = _PREFIX.sub("", fold(text)).removeprefix("±")
    if not text or len(text) > 24:
        return False
    return _one(text, label) or all(_one(part, label) for part in _SPLIT.split(text))


def _one(text: str, label: str) -> bool:
    units = _units()
    if text not in units:
        text = _SCALE.sub("", text)
    if text not in units and text.endswith("次") and text[:-1] in units:
        return True  # 件次, 台次
    if text not in units:
        return bool(_PHYSICAL.match(text)) or _is_rate(text)
    return not units[text] or bool(re.search(units[text], label))


def _is_rate(text: str) -> bool:
    """True for a unit per others: m³/d, 元/人·月, 吨/年."""
    first, *others = _PER.split(text)
    if first in _PERIODS and len(others) == 1 and others[0].endswith("元") and _one(others[0], ""):
        return True  # 季/元
    if not others or not _one(first, ""):
        return False
    others = [other.lstrip("0123456789.") or other for other in others]  # 元/500克
    is_price = first.endswith("元")  # 元/瓶: a price may be per anything
    return all(other in _PERIODS or _one(other, "") or (is_price and 0 < len(other) <= 3) for other in others)


@lru_cache(maxsize=20_000)
def split_unit(label: str) -> tuple[str, str | None]:
    """Return a label (white space removed) without the unit in brackets at its end, and that unit.

    >>> split_unit("产值（万元）"), split_unit("发证单位（章）"), split_unit("体温℃")
    (('产值', '万元'), ('发证单位（章）', None), ('体温℃', '℃'))
    """
    match = _TAIL.match(label)
    is_date = match and _DATED.search(match[1]) and _DATE_PARTS.match(match[2]) and not _LASTING.search(match[1])
    is_person = match and match[2] == "人" and _OR_PERSON.search(match[1])  # 受理单位（人）
    if match and is_unit(match[2], match[1]) and not (is_date or is_person):
        return match[1], _PREFIX.sub("", match[2])
    symbol = _SYMBOL.search(label)
    if symbol and len(label) > 1:
        return label, symbol[1]
    return label, None


def is_single(text: str) -> bool:
    """Return True for one unit, not a list of several.

    >>> is_single("万元"), is_single("公顷、吨")
    (True, False)
    """
    return _one(fold(text), "")


def parts_of(text: str) -> list[str]:
    """Return the units that a text lists.

    >>> parts_of("公顷、元"), parts_of("万元")
    (['公顷', '元'], ['万元'])
    """
    if is_single(text):
        return [text]
    found: list[str] = []
    for piece in re.split(r"[、,，;；]|或", text):
        found += [piece] if is_single(piece) else _SPLIT.split(piece)
    return [part for part in found if part]
