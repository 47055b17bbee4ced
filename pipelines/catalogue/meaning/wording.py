"""How labels that no vocabulary knows are brought to standard words, and what their wording says about the value."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import lru_cache

from pipelines.rulebook import rows
from schemas.words import LIST_SEPARATOR

_NUMBER_OF_PAPER = re.compile("(?<=证)(?:书?编号|书?号码?|件号码?|件编号|书?编码)$")
_PERSON = re.compile("(?<![老病残疾军工女男本每个他家亲客夫妇商证动成职])(?:人员|人|员)(?:姓名)?$")
_ORGANISATION = re.compile("(?:单位|机构|公司|医院)$")
LONGEST_PARTY = 9
"""A longer label that ends with 人 or 单位 is a sentence, not somebody whose name is asked."""

_WHETHER = re.compile("^(?:是否为|是否是|是否属于|是否)")
_ASKS_WHETHER = re.compile("是否|有无|能否|可否")
_CODE = re.compile("(?<=[一-鿿]{2})(?:代码|编码)$|(?<=[状程面关][况度貌系])(?:类别|类型|名称)$")
_LINK = re.compile("(?<=[一-鿿]{2})(?:的|之|和|与|及|、)(?=[一-鿿]{2})")
"""Words between the parts of a long name that some forms leave out: 召开时间和地点, 召开时间地点."""
_HAS = re.compile("^(?:有无|是否(?:建立|成立|设立|设有|配有|建有|具有|存在))(?=..)")
_BELONGS = re.compile("^(?:所属|所在|归属|隶属|所处)(?=...)")
_NOW = re.compile("^(?:目前|当前|具体|本户|本人|个人|现有|现任|所在|所属|归属|所处|现(?!场|金|状|役|代|存))(?=..)")
_MOBILE = re.compile("手机|移动")
_DATE = re.compile("(?:日期|时间|年月|年月日)$")
_SPAN = re.compile("(?:持续|凝血|出血|营业|开放|办公|作息|上班|停留|逗留|潜伏|间隔|累计|所需)时间$")
"""A time that is how long, or from when to when every day, and no date."""

_IDENTIFIER = re.compile("(?:编号|号码|代码|证号|账号|编码)$")


@lru_cache
def _families() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return the standard ending by what labels end with, and all endings by the standard one."""
    table = {row["standard"]: tuple(row["words"].split(LIST_SEPARATOR)) for row in rows("catalogue_endings")}
    standard = {word: name for name, words in table.items() for word in (name, *words)}
    return standard, {name: (name, *words) for name, words in table.items()}


@lru_cache(maxsize=200_000)
def _ending(label: str) -> str:
    standard, _ = _families()
    lengths = () if label in standard else range(min(6, len(label) - 2), 0, -1)
    return next((label[-length:] for length in lengths if label[-length:] in standard), "")


def standard_ending(label: str) -> str:
    """Return a label with its ending in the standard words.

    >>> standard_ending("治保主任手机"), standard_ending("隐患图片"), standard_ending("学籍卡号码")
    ('治保主任联系电话', '隐患照片', '学籍卡号码')
    """
    found = "" if _SPAN.search(label) else _ending(label)
    return label.removesuffix(found) + _families()[0][found] if found else label


def other_endings(label: str) -> Iterator[str]:
    """Yield a label with the other endings that say the same."""
    found = _ending(label)
    if found:
        standard, words = _families()
        yield from (label.removesuffix(found) + word for word in words[standard[found]] if word != found)


def plain(label: str, others: Container[str]) -> str:
    """Return an unknown label in the standard words; not when the form has both wordings.

    >>> plain("治保主任手机", ()), plain("首次发病时间", ("首次发病日期",)), plain("是否成立业委会", ())
    ('治保主任联系电话', '首次发病时间', '是否有业委会')
    """
    label = _LINK.sub("", _HAS.sub("是否有", _WHETHER.sub("是否", label)))
    found = _NUMBER_OF_PAPER.search(label)
    standard = label[: found.start()] + "号" if found and found.start() >= 2 else standard_ending(label)
    standard = _BELONGS.sub("", standard)
    return label if standard != label and standard in others else standard


def with_name(label: str) -> str:
    """Return an unknown label that is somebody (验收人员, 鉴定机构) as what is asked of him: his name.

    >>> with_name("验收人员"), with_name("送检单位"), with_name("是否有联系人"), with_name("独居老人")
    ('验收人姓名', '送检单位名称', '是否有联系人', '独居老人')
    """
    if len(label) > LONGEST_PARTY or len(label) < 3 or asks_whether(label):
        return label
    if _ORGANISATION.search(label):
        return label + "名称"
    found = _PERSON.search(label)
    if not found or not found.start():
        return label
    return label[: found.start()] + ("员" if found[0].startswith("员") else "人") + "姓名"


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
    if _DATE.search(label) and not _SPAN.search(label):
        return "date"
    if asks_whether(label):
        return "boolean"
    return "identifier" if _IDENTIFIER.search(label) else "text"
