"""Whose a label says that it is: persons and organisations that a subject has (户主, 法定代表人, 工作单位 …)."""

from __future__ import annotations

import re
from dataclasses import replace

from pipelines.catalogue.meaning.vocabulary import ANY, Concept, Party, Vocabulary

_BRACKETS = re.compile(r"\((?!(?:起|止|始|终|起始|终止|截止|开始|结束|左|右|上|下|男|女|父|母|前|后)\))[^()]*\)")
"""Additions in brackets; those that say which of two is meant stay."""

_NUMBER = re.compile("[1-5一二三四五](?![个名位级类])")
_ALTERNATIVES = re.compile(
    r"^([^/、或()]{2,6})[/、或][^/、或()]{2,6}?"
    r"(?=信息$|姓名$|(?:联系)?电话$|联系方式$|手机号?码?$|身份证号码?$|$)"
)
"""One of two parties that a label leaves open: 产权人/使用人信息 asks for the first of them."""


def without_brackets(label: str) -> str:
    """Return a label without bracketed additions, or as it is when nothing else is left."""
    return _BRACKETS.sub("", label) or label


def split_party(label: str, vocabulary: Vocabulary) -> tuple[Party | None, str]:
    """Return the party at the beginning of a label and the rest: 监护人身份证号 → 监护人, 身份证号."""
    for length in vocabulary.party_lengths:
        if length <= len(label) and (party := vocabulary.parties.get(label[:length])):
            return _numbered(party, label[length:].lstrip("的()/:-、"))
    return None, label


def _numbered(party: Party, rest: str) -> tuple[Party, str]:
    """Return the first of several (监护人1电话) as the party itself, the second (监护人2电话) as another."""
    number = _NUMBER.match(rest)
    if number is None:
        return party, rest
    left = rest[number.end() :].lstrip("的()/:-、")
    return (party if number[0] in "1一" else replace(party, party=party.party + number[0])), left


def attribute_of(label: str, party: Party, vocabulary: Vocabulary) -> Concept | None:
    """Return the property of a person or an organisation that a label means, said of a party."""
    object_class = "自然人" if party.kind == "person" else "单位"
    rows = vocabulary.concepts.get(label) or vocabulary.concepts.get(without_brackets(label), ())
    for row in rows:
        fits = object_class in row.subjects or (row.object_class == object_class and ANY in row.subjects)
        if fits and not row.sibling and not row.titles:
            return row
    return None


def read_party(label: str, vocabulary: Vocabulary) -> tuple[Party, Concept | None] | None:
    """Return the party that a label begins with and what is asked of it (None: its name); None when it names no party.

    A person of an organisation is a party too: 整治责任单位负责人.
    """
    party, rest = split_party(label, vocabulary)
    if party and party.kind == "person" and rest:
        party, rest = split_party(_ALTERNATIVES.sub(r"\1", label), vocabulary)
    if party is None:
        return None
    rest = "" if rest == "信息" else rest
    known = attribute_of(rest, party, vocabulary) if rest else None
    if not rest or known:
        return party, known
    person, tail = split_party(rest, vocabulary)
    if party.kind != "organisation" or person is None or person.kind != "person":
        return None
    known = attribute_of(tail, person, vocabulary) if tail else None
    if tail and known is None:
        return None
    return replace(person, party=party.party + person.party, object_class=party.object_class), known


def party_of_property(prop: str, vocabulary: Vocabulary) -> Party | None:
    """Return the party that a property names: 户主姓名 → 户主."""
    for ending in ("姓名", "公民身份号码", "联系电话", "名称"):
        if prop.endswith(ending) and prop != ending:
            return vocabulary.parties.get(prop.removesuffix(ending))
    return None
