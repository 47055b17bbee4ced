"""Cuts the part of a label that narrows it into qualifiers with canonical names: 女性户籍人口 → 女, 户籍."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.catalogue.labels import clean
from pipelines.rulebook import rows
from schemas.elements import LIST_SEPARATOR

_FILLER = re.compile(
    r"^(?:的|之|总|共|共有|合计|其中|等|及|和|与|或|为|是|按|在|有|以|已|各类|各种|[:：,，、/()（）\-.])+|(?:的|之|总|等|及|和|与|或|人员?|数|[:：,，、/()（）\-.])+$"
)
_PERSON_END = re.compile(
    r"(?:者|员|人|民|兵|师|生|手|工|父|母|女|童|长|书记|主任|委员|干部|代表|妇|孤|属|士|医|家属|对象|患者|劳动力|党团)$"
)
_BREAK = re.compile(r"[、,，/:：;；()（）]+")


@dataclass(frozen=True, slots=True, eq=False)
class QualifierRules:
    """pattern: every way to say a qualifier, longest first; values: canonical value by what was said; dimensions by value."""

    pattern: re.Pattern[str]
    regexes: tuple[tuple[re.Pattern[str], str], ...]
    values: dict[str, str]
    dimensions: dict[str, str]
    nouns: dict[str, str]


@lru_cache(maxsize=8)
def qualifier_rules(own: Path | None = None) -> QualifierRules:
    """Return the qualifier rules; own: the workspace's `rules/` folder."""
    values: dict[str, str] = {}
    regexes: list[tuple[re.Pattern[str], str]] = []
    dimensions: dict[str, str] = {}
    for row in rows("catalogue_qualifiers", own):
        if row["is_exclusive"] == "true":
            dimensions[row["value"]] = row["dimension"]
        for word in row["words"].split(LIST_SEPARATOR):
            if row["kind"] == "regex":
                regexes.append((re.compile(word), row["value"]))
            else:
                values.setdefault(clean(word).text, row["value"])
    nouns = {
        clean(word).text: row["noun"]
        for row in rows("catalogue_nouns", own)
        for word in (row["noun"], *row["words"].split(LIST_SEPARATOR))
        if word
    }
    longest = sorted((word for word in values if len(word) > 1), key=len, reverse=True)
    return QualifierRules(re.compile("|".join(map(re.escape, longest))), tuple(regexes), values, dimensions, nouns)


@lru_cache(maxsize=400_000)
def qualifiers_of(text: str, rules: QualifierRules) -> tuple[str, ...]:
    """Return the qualifiers that a piece of a label names, canonical and sorted; what no rule knows stays as it is."""
    return tuple(sorted(set(_pieces(text, rules))))


def _pieces(text: str, rules: QualifierRules) -> Iterator[str]:
    if text in rules.nouns:
        yield rules.nouns[text]
        return
    if text in rules.values:
        yield rules.values[text]
        return
    for regex, value in rules.regexes:
        if found := regex.search(text):
            yield value
            text = text[: found.start()] + "、" + text[found.end() :]
    at = 0
    for found in rules.pattern.finditer(text):
        yield from _rest(text[at : found.start()], rules)
        yield rules.values[found[0]]
        at = found.end()
    yield from _rest(text[at:], rules)


def _rest(text: str, rules: QualifierRules) -> Iterator[str]:
    for piece in _BREAK.split(text):
        bare = piece if piece in rules.nouns else _FILLER.sub("", piece)
        if not bare and len(piece) > 1:
            continue
        bare = bare or (piece if piece in rules.values else "")
        if bare:
            yield rules.nouns.get(bare) or rules.values.get(bare) or bare


def counts_persons(noun: str) -> bool:
    """Return whether a noun names persons, so that its number is a number of persons.

    >>> counts_persons("志愿者"), counts_persons("学校")
    (True, False)
    """
    return _PERSON_END.search(noun) is not None
