"""Numbers: a statistical label is a head (人数, 面积, 产值 …) and what narrows it, or a noun with a unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.catalogue.meaning.qualifiers import (
    QualifierRules,
    counts_persons,
    names_persons,
    needs_base,
    qualifiers_of,
    without_above,
)
from pipelines.catalogue.meaning.units import dimension_of
from pipelines.rulebook import rows


@dataclass(frozen=True, slots=True)
class Head:
    """What the ending of a number's label says."""

    property: str
    dimension: str
    temporal: str
    data_type: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number taken apart."""

    property: str
    qualifiers: tuple[str, ...]
    temporal: str
    data_type: str
    reason: str


_BY_DIMENSION = {
    "money": Head("金额", "money", "flow", "decimal"),
    "money_per_year": Head("金额", "money_per_year", "flow", "decimal"),
    "money_per_month": Head("金额", "money_per_month", "flow", "decimal"),
    "person": Head("人数", "person", "stock", "integer"),
    "person_time": Head("人次", "person_time", "flow", "integer"),
    "household": Head("户数", "household", "stock", "integer"),
    "area": Head("面积", "area", "stock", "decimal"),
    "mass": Head("重量", "mass", "flow", "decimal"),
    "head": Head("头数", "head", "stock", "integer"),
    "ratio": Head("比例", "ratio", "stock", "decimal"),
    "length": Head("长度", "length", "stock", "decimal"),
    "count": Head("数量", "count", "stock", "integer"),
    "machine": Head("数量", "machine", "stock", "integer"),
    "time": Head("次数", "time", "flow", "integer"),
}
PERSONAL = frozenset(("money", "money_per_year", "money_per_month", "area", "person", "household"))
"""Numbers that are taken apart also on forms about one person, house or project; a pulse or a weight keeps its name."""

END_OF_PERIOD = "期末"
"""A stock is always told at the end of the period, whether the label says so or not."""

COLUMN_OF_NOW = frozenset(("本月", "本期", "本季", "本旬", "本年", "期末", "月末", "年末", "当前", "现有"))
"""Column heads that for a stock only say that it is told now."""

POPULATION = "人口口径"
OF_NOW = frozenset(("本年", "本月", "本季", "本期", "当前"))
"""Periods that say nothing of a population, which is a stock: 当年常住人口 is the 常住人口. Of births they do."""

_SECTION_LIKE = re.compile(r"[、与]|(?:情况|条件|收支|保障|事业|方面|经济|概况|部分)$")
_COUNT = frozenset(("count", "machine", "event", "head", "person", "household", ""))


@lru_cache(maxsize=8)
def heads(own: Path | None = None) -> dict[str, Head]:
    """Return the heads by ending."""
    return {
        row["ending"]: Head(row["property"], row["dimension"], row["temporal"], row["data_type"])
        for row in rows("catalogue_heads", own)
    }


@lru_cache(maxsize=8)
def head_properties(own: Path | None = None) -> frozenset[str]:
    """Return the properties that are heads of numbers."""
    return frozenset(head.property for head in (*heads(own).values(), *_BY_DIMENSION.values()))


def indicator(
    leaf: str, parents: Sequence[str], unit: str, is_statistics: bool, rules: QualifierRules, own: Path | None = None
) -> Indicator | None:
    """Return the number that a label asks for, or None when nothing says that it is one.

    parents: headings above, outermost first, that say something. unit: canonical. is_statistics: the form's subject
    is an area or a body of which numbers are reported, so a heading above may be the head.
    """
    found = _head(leaf, own)
    rest, head, above = (
        (leaf[: len(leaf) - found[1]], found[0], tuple(parents)) if found else (leaf, None, tuple(parents))
    )
    dimension = dimension_of(unit)
    if head is None and is_statistics:
        for at in range(len(above) - 1, -1, -1):
            if over := _head(above[at], own):
                head = over[0]
                above = (*above[:at], above[at][: len(above[at]) - over[1]], *above[at + 1 :])
                break
    if head is None:
        head = _BY_DIMENSION.get(dimension)
    is_part = needs_base(qualifiers_of(leaf, rules), rules)
    if head is None and is_statistics and not unit and (is_part or names_persons(rules.nouns.get(leaf, leaf))):
        head = _BY_DIMENSION["person"]
    if head is None or (not is_statistics and head.dimension not in PERSONAL):
        return None
    if found and rest and not needs_base(qualifiers_of(rest, rules), rules):
        above = tuple(text for text in above if not _SECTION_LIKE.search(text))
    if head.property == "数量":
        head = _counted(head, rest or (above[-1] if above else ""), dimension)
    parts = [text for text in (*above, rest) if text]
    qualifiers = without_above(tuple(sorted({q for text in parts for q in qualifiers_of(text, rules)})), rules)
    if head.temporal == "stock":
        told = {END_OF_PERIOD, *(qualifiers_of(leaf, rules) if leaf in COLUMN_OF_NOW else ())}
        if any(rules.dimensions.get(q) == POPULATION for q in qualifiers):
            told |= OF_NOW
        qualifiers = tuple(q for q in qualifiers if q not in told)
    clash = (
        f"（{unit}）"
        if dimension
        and head.dimension
        and dimension not in (head.dimension, "")
        and not _compatible(head.dimension, dimension)
        else ""
    )
    return Indicator(
        head.property + clash, qualifiers, head.temporal, head.data_type, f"统计数：“{head.property}”加限定"
    )


def _counted(head: Head, noun: str, dimension: str) -> Head:
    if dimension == "person" or (dimension in ("", "count") and counts_persons(noun)):
        return _BY_DIMENSION["person"]
    if dimension == "household" or (dimension == "" and noun.endswith("户")):
        return _BY_DIMENSION["household"]
    if dimension == "time":
        return _BY_DIMENSION["time"]
    return head


def _compatible(left: str, right: str) -> bool:
    return left == right or (left in _COUNT and right in _COUNT) or {left, right} <= {"money", "money_per_year"}


def has_head(label: str) -> bool:
    """Return whether the ending of a label says itself what is counted or measured."""
    return _head(label) is not None


@lru_cache(maxsize=200_000)
def _head(label: str, own: Path | None = None) -> tuple[Head, int] | None:
    table = heads(own)
    for length in range(min(6, len(label)), 0, -1):
        head = table.get(label[-length:])
        if head:
            return head, length
    return None
