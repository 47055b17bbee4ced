"""How labels that no vocabulary knows are brought to standard words, and what their wording says about the value."""

from __future__ import annotations

import re
from collections.abc import Container

_ENDINGS = (
    (re.compile("(?:联系电话|联系方式|手机号码|手机号|移动电话|电话号码|手机|电话)$"), "联系电话"),
    (re.compile("(?:公民身份号码|身份证件号码|身份证号码|身份证号|居民身份证号|身份证)$"), "公民身份号码"),
    (re.compile("(?<=证)(?:书?编号|书?号码?|件号码?|件编号|书?编码)$"), "号"),
    (re.compile("(?:年月日|日期|时间|年月)$"), "日期"),
    (re.compile("(?:职位|职务)$"), "职务"),
    (re.compile("(?:类型|类别|种类)$"), "类别"),
)
"""Endings that say the same; an unknown label keeps its beginning and gets the standard ending."""

_WHETHER = re.compile("^(?:是否为|是否是|是否属于|是否)")
_ASKS_WHETHER = re.compile("是否|有无|能否|可否")
_CODE = re.compile("(?<=[一-鿿]{2})(?:代码|编码)$")
_NOW = re.compile("^(?:目前|当前|具体|本户|本人|现有)(?=..)")
_MOBILE = re.compile("手机|移动")
_DATE = re.compile("(?:日期|时间|年月|年月日)$")
_IDENTIFIER = re.compile("(?:编号|号码|代码|证号|账号|编码)$")


def plain(label: str, others: Container[str]) -> str:
    """Return an unknown label with its ending in the standard words; not when the form has both wordings.

    >>> plain("治保主任手机", ()), plain("首次发病时间", ("首次发病日期",))
    ('治保主任联系电话', '首次发病时间')
    """
    label = _WHETHER.sub("是否", label)
    for pattern, ending in _ENDINGS:
        found = pattern.search(label)
        if found and found.start() >= 2:
            standard = label[: found.start()] + ending
            return label if standard != label and standard in others else standard
    return label


def without_code(label: str) -> str:
    """Return a label without 代码 at its end: a code and a name of the same thing are one element."""
    return _CODE.sub("", label)


def without_now(label: str) -> str:
    """Return a label without the words at its beginning that only say that it is told as of now, or of whom it is.

    >>> without_now("目前危险性评估等级"), without_now("本户地址"), without_now("目前")
    ('危险性评估等级', '地址', '目前')
    """
    return _NOW.sub("", label)


def is_mobile(label: str) -> bool:
    """Return whether a label asks for a mobile telephone."""
    return _MOBILE.search(label) is not None


def asks_whether(label: str) -> bool:
    """Return whether a label asks for yes or no."""
    return _ASKS_WHETHER.match(label) is not None


def data_type_of(label: str) -> str:
    """Return the data type that the wording of a label suggests.

    >>> data_type_of("首次发病日期"), data_type_of("是否参战"), data_type_of("学籍卡号")
    ('date', 'boolean', 'text')
    """
    if _DATE.search(label):
        return "date"
    if asks_whether(label):
        return "boolean"
    return "identifier" if _IDENTIFIER.search(label) else "text"
