"""Whose a label is: the other persons and organisations that a subject has (户主, 法定代表人, 工作单位 …)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.catalogue.vocabulary import ANY, Concept, Party, Vocabulary

_SECTION = re.compile(
    r"(?:基本|主要|详细|个人|组建|建立|设置)?(?:情况|信息|概况|资料|内容|数据|栏|部分|状况|登记|简况|材料|档案|记录)(?:\(.*\))?$"
)
_NAME = re.compile("(?<=[人员长])姓名$")
_BRACKETS = re.compile(r"\([^()]*\)")


def bare_heading(heading: str) -> str:
    """Return a heading without the words that only say that a section begins: 法定代表人信息 → 法定代表人."""
    return _NAME.sub("", _SECTION.sub("", heading))


def without_brackets(label: str) -> str:
    """Return a label without bracketed additions, or as it is when nothing else is left."""
    return _BRACKETS.sub("", label) or label


def party_of_headings(parents: Sequence[str], vocabulary: Vocabulary) -> Party | None:
    """Return the party that the nearest heading names."""
    for parent in reversed(parents):
        found = vocabulary.parties.get(parent) or vocabulary.parties.get(bare_heading(parent))
        if found:
            return found
    return None


def class_of_headings(parents: Sequence[str], vocabulary: Vocabulary) -> str:
    """Return the object class that the nearest heading names, "" when none does."""
    for parent in reversed(parents):
        found = vocabulary.self_words.get(parent) or vocabulary.self_words.get(bare_heading(parent))
        if found:
            return found
    return ""


def split_party(label: str, vocabulary: Vocabulary) -> tuple[Party | None, str]:
    """Return the party at the beginning of a label and the rest: 监护人身份证号 → 监护人, 身份证号."""
    for length in vocabulary.party_lengths:
        if length <= len(label) and (party := vocabulary.parties.get(label[:length])):
            return party, label[length:].lstrip("的()/:-、")
    return None, label


def attribute_of(label: str, party: Party, vocabulary: Vocabulary) -> Concept | None:
    """Return the property of a person or an organisation that a label means, said of a party."""
    object_class = "自然人" if party.kind == "person" else "单位"
    rows = vocabulary.concepts.get(label) or vocabulary.concepts.get(without_brackets(label), ())
    for row in rows:
        fits = object_class in row.subjects or (row.object_class == object_class and ANY in row.subjects)
        if fits and not row.sibling and not row.titles:
            return row
    return None
