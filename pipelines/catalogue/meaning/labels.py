"""Labels brought to the shape in which they are looked up: numbering, marks, instructions and units taken off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipelines.catalogue.meaning.units import unit_of
from pipelines.rulebook import rows
from pipelines.text import fold

_CIRCLED = re.compile("[\u2460-\u2473\u24f5-\u24fe\u2776-\u277f]")
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．:)]"
    r"|[((][一二三四五六七八九十\d]{1,3}[))][、.]?"
    r"|第[一二三四五六七八九十]{1,2}[、部分]+"
    r"|\d{1,3}[、.)](?!\d)|\d{1,2}(?:\.\d{1,2})+[、.]?"
    r"|0\d(?=[一-鿿])|1\d(?=[一-鿿]{2})(?![年月日周岁级个位万千百亿元亩以人户种次项号头只])"
    r"|[a-z]\d{2,3}[、.\-]?(?=[一-鿿])"
    r"|其中[:：]?(?=.)|[*★☆※●○■□◆▲△·•.、:\-~_=+#]+)"
)
_TAIL = re.compile(
    r"(?:[:：;,，。、*?？_\-~#…]+|[:：](?:年|月|日|时|分|元|人|名|个|_)+"
    r"|[((](?:盖章|公章|签字|签章|签名|盖公章|手写|印章|章|加盖公章|必填|选填|可多选|多选|单选|请选择|全称|正楷|打印|"
    r"点击[^)]*|请[^)]*|可[^)]*选|填写[^)]*|单位[:：][^)]*|注[:：][^)]*|例[^)]*|如[^)]*|见[^)]*|不填[^)]*|必选|不超过[^)]*|下拉[^)]*|代码|名称)[))])$"
)
_UNIT_TAIL = re.compile(r"[((\[【〔]([^()()\[\]【】〔〕]{1,12})[))\]】〕]$")
_FILLERS = re.compile("[\u115f\u1160\u3164\uffa0\u00ad]")
_QUOTES = str.maketrans("", "", "“”\"‘’'《》〈〉<>「」 ")


@dataclass(frozen=True, slots=True)
class Label:
    """A label as it is compared. text: cleaned; unit: canonical, as printed in the label; is_part: began with 其中."""

    text: str
    unit: str = ""
    is_part: bool = False


@lru_cache
def _spellings() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {row["wrong"]: row["right"] for row in rows("catalogue_spellings")}
    return re.compile("|".join(map(re.escape, sorted(table, key=len, reverse=True)))), table


def _spelled(text: str) -> str:
    pattern, table = _spellings()
    return pattern.sub(lambda found: table[found[0]], text)


@lru_cache(maxsize=400_000)
def clean(printed: str) -> Label:
    """Return the label without numbering, marks, instructions and unit.

    >>> clean("其中:（1）省级扶贫资金(万元)")
    Label(text='省级扶贫资金', unit='万元', is_part=True)
    """
    text = _spelled(fold(_CIRCLED.sub("", _FILLERS.sub("", printed))).translate(_QUOTES))
    is_part = "其中" in text[:8]
    unit = ""
    for _ in range(8):
        before = text
        shorter = _NUMBERING.sub("", text)
        text = shorter or text
        shorter = _TAIL.sub("", text)
        text = shorter or text
        bracket = _UNIT_TAIL.search(text)
        if bracket and bracket.start() and (found := unit_of(bracket[1])):
            unit = unit or found.unit
            text = text[: bracket.start()]
        if text == before:
            break
    return Label(text, unit, is_part)
