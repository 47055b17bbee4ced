"""Cuts the part of a label that narrows it into qualifiers with canonical names: 女性户籍人口 → 女, 户籍."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.catalogue.meaning.labels import clean
from pipelines.rulebook import rows
from schemas.words import LIST_SEPARATOR

_EDGE = r"[:：,，、/()（）\-.]"
_FILLER = re.compile(
    rf"^(?:的|之|总|辖区内?|全村|本村|全镇|全乡|全县|全社区|全街道|本社区|本街道|社区街道|本辖区|共有|共|合计|其中|等|及|和|与|或|各类|各种|(?:享受|领取)(?=..)|{_EDGE})+"
    rf"|(?:(?:的|之|总|等|人员|数|{_EDGE})+|(?<=..)(?:享受|领取|发放))+$"
)
_AGE_FROM = re.compile(r"(\d{1,3})(?:周)?岁?(?:\(含\)|含|及|\(含\d+岁?\))?以上(?:\(含\))?(?=老|人|的|$|女|男|[^\d])")
_AGE_TO = re.compile(r"(\d{1,3})(?:周)?岁(?:\(含\)|含|及)?(?:以下|以内)")
_AGE_BETWEEN = re.compile(r"(\d{1,3})(?:周)?岁?[-~至到]+(\d{1,3})(?:周)?岁(?:以下)?")
_AGE = re.compile(r"\d{1,3}(?:—\d{1,3})?岁(?:及以上|及以下)?")
_PERSON_END = re.compile(
    "(?:者|员|人|民|民兵|士兵|教师|医师|学生|医生|考生|新生|毕业生|大学生|职工|员工|农民工|社工|女|儿童|组长|村长|楼长|院长|校长|"
    "网格长|河长|队长|书记|主任|委员|干部|代表|孤儿|家属|遗属|亲属|护士|村医|兽医|对象|患者|劳动力)$"
)
_WHO = re.compile("(?:[者员人生童户工妇老师长民]|对象|患者|代表|干部|儿童|妇女|军人|党员|教师)$")
_PERSONS = re.compile(
    "(?:人员|党员|团员|村民|居民|灾民|对象|患者|病人|老人|老年人|残疾人|军人|干部|代表|儿童|妇女|职工|学生|教师|志愿者|劳动力|人口)$"
)
_BREAK = re.compile(r"[、,，/:：;；()（）]+")


@dataclass(frozen=True, slots=True, eq=False)
class QualifierRules:
    """pattern: every way to say a qualifier, longest first; values: canonical by what was said; dimensions by value.

    need_base: values that say which part of something is counted (女, 党员), but not of what. named: all canonical
    values and nouns; a qualifier that is none of them is only what a form is on.
    """

    pattern: re.Pattern[str]
    values: dict[str, str]
    dimensions: dict[str, str]
    need_base: frozenset[str]
    nouns: dict[str, str]
    above: dict[str, tuple[str, ...]]
    named: frozenset[str]


@lru_cache(maxsize=8)
def qualifier_rules(own: Path | None = None) -> QualifierRules:
    """Return the qualifier rules; own: the workspace's `rules/` folder."""
    values: dict[str, str] = {}
    dimensions: dict[str, str] = {}
    need_base: set[str] = set()
    for row in rows("catalogue_qualifiers", own):
        if row["is_exclusive"] == "true":
            dimensions[row["value"]] = row["dimension"]
        if row["needs_base"] == "true":
            need_base.add(row["value"])
        for word in row["words"].split(LIST_SEPARATOR):
            values.setdefault(clean(word).text, row["value"])
    nouns = {
        clean(word).text: row["noun"]
        for row in rows("catalogue_nouns", own)
        for word in (row["noun"], *row["words"].split(LIST_SEPARATOR))
        if word
    }
    above = {row["kind"]: tuple(row["above"].split(LIST_SEPARATOR)) for row in rows("catalogue_hierarchy", own)}
    longest = sorted((word for word in values if len(word) > 1), key=len, reverse=True)
    named = frozenset((*values.values(), *nouns.values(), *above))
    return QualifierRules(
        re.compile("|".join(map(re.escape, longest))), values, dimensions, frozenset(need_base), nouns, above, named
    )


@lru_cache(maxsize=400_000)
def qualifiers_of(text: str, rules: QualifierRules) -> tuple[str, ...]:
    """Return the qualifiers that a piece of a label names, canonical and sorted; what no rule knows stays as it is."""
    return tuple(sorted(set(_pieces(text, rules))))


def without_above(values: tuple[str, ...], rules: QualifierRules, kind: str = "") -> tuple[str, ...]:
    """Return the qualifiers without those that a more special kind among them (or `kind`) implies: 稻谷, not 谷物.

    >>> without_above(("稻谷", "谷物"), qualifier_rules())
    ('稻谷',)
    """
    if "老年人" in values and any(_AGE.fullmatch(value) for value in values):
        values = tuple(value for value in values if value != "老年人")
    implied = {above for value in (*values, kind) for above in rules.above.get(value, ())}
    return tuple(value for value in values if value not in implied)


def _pieces(text: str, rules: QualifierRules) -> Iterator[str]:
    if text in rules.nouns:
        yield rules.nouns[text]
        return
    if text in rules.values:
        yield rules.values[text]
        return
    for pattern, shape in ((_AGE_BETWEEN, "{}—{}岁"), (_AGE_FROM, "{}岁及以上"), (_AGE_TO, "{}岁及以下")):
        if "岁" in text and (found := pattern.search(text)):
            yield shape.format(*found.groups())
            text = text[: found.start()] + "、" + text[found.end() :]
    at = 0
    for found in rules.pattern.finditer(text):
        yield from _rest(text[at : found.start()], rules)
        yield rules.values[found[0]]
        at = found.end()
    yield from _rest(text[at:], rules)


def _rest(text: str, rules: QualifierRules) -> Iterator[str]:
    for piece in _BREAK.split(text):
        if piece == "成员":
            continue  # 女性成员: of what body, the heading says
        bare = piece if piece in rules.nouns else _FILLER.sub("", piece)
        if not bare and len(piece) > 1:
            continue
        bare = bare or (piece if piece in rules.values else "")
        if bare:
            yield rules.nouns.get(bare) or rules.values.get(bare) or bare


def dimension_of_qualifier(value: str, rules: QualifierRules) -> str:
    """Return the dimension within which a qualifier excludes others, "" when it excludes none."""
    return rules.dimensions.get(value) or ("年龄段" if _AGE.fullmatch(value) else "")


def needs_base(qualifiers: tuple[str, ...], rules: QualifierRules) -> bool:
    """Return whether qualifiers only say which part is counted, not of what: 女, 60岁及以上.

    >>> needs_base(("女",), qualifier_rules()), needs_base(("女", "村民代表"), qualifier_rules())
    (True, False)
    """
    return all(value in rules.need_base or _AGE.fullmatch(value) is not None for value in qualifiers)


def counts_persons(noun: str) -> bool:
    """Return whether a noun names persons, so that its number is a number of persons.

    >>> counts_persons("志愿者"), counts_persons("学校")
    (True, False)
    """
    return _PERSON_END.search(noun) is not None


def names_who(values: tuple[str, ...]) -> bool:
    """Return whether a qualifier says itself who is counted (寄宿生, 低保户), so that no heading need say it.

    >>> names_who(("35岁及以下",)), names_who(("专任教师",)), names_who(("养老保险",))
    (False, True, False)
    """
    return any(_WHO.search(value) for value in values)


def names_persons(noun: str) -> bool:
    """Return whether a noun alone names a body of persons, so that on a table of numbers it asks how many.

    >>> names_persons("社区矫正对象"), names_persons("检查人"), names_persons("花生")
    (True, False, False)
    """
    return _PERSONS.search(noun) is not None
