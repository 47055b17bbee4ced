"""The vocabularies of decomposition, read from `schemas/rules/catalogue_*.csv` once and indexed for look-up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.catalogue.meaning.labels import clean
from pipelines.rulebook import rows
from schemas.words import LIST_SEPARATOR

ANY = "*"
SAME = "="
"""As object class of a row: whatever the form is about."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A known property with the conditions under which a label means it."""

    object_class: str
    property: str
    qualifiers: tuple[str, ...]
    subjects: frozenset[str]
    sibling: frozenset[str]
    without: frozenset[str]
    titles: tuple[str, ...]
    temporal: str
    data_type: str


@dataclass(frozen=True, slots=True)
class Party:
    """Another person or organisation that a subject has, such as 法定代表人 of a 单位."""

    party: str
    kind: str
    object_class: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What a phrase in a title says about the subject of the form."""

    phrase: str
    object_class: str
    topic: str
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """All vocabularies, indexed by cleaned label."""

    concepts: dict[str, tuple[Concept, ...]]
    names: dict[tuple[str, str], tuple[str, ...]]
    parties: dict[str, Party]
    party_lengths: tuple[int, ...]
    hints: tuple[Hint, ...]
    exact_roles: dict[str, tuple[str, str]]
    regex_roles: tuple[tuple[re.Pattern[str], str, str], ...]
    self_words: dict[str, str]
    topic_always: frozenset[str]
    near: frozenset[frozenset[str]]
    generic: re.Pattern[str]


@lru_cache(maxsize=8)
def vocabulary(own: Path | None = None) -> Vocabulary:
    """Return the vocabularies; own: the workspace's `rules/` folder, whose rows come on top of the shipped ones."""
    concepts: dict[str, list[Concept]] = {}
    names: dict[tuple[str, str], set[str]] = {}
    for row in rows("catalogue_synonyms", own):
        subjects = frozenset(_items(row["subjects"])) or frozenset((row["object_class"],))
        concept = Concept(
            row["object_class"],
            row["property"],
            tuple(sorted(_items(row["qualifiers"]))),
            subjects,
            _labels(row["sibling"]),
            _labels(row["without"]),
            _items(row["titles"]),
            row["temporal"] or "none",
            row["data_type"] or "text",
        )
        for label in _labels(row["labels"]):
            concepts.setdefault(label, []).append(concept)
            names.setdefault((concept.object_class, concept.property), set()).add(label)
    parties = {
        label: Party(row["party"], row["kind"], row["object_class"])
        for row in rows("catalogue_parties", own)
        for label in _labels(row["labels"])
    }
    roles = rows("catalogue_roles", own)
    objects = rows("catalogue_objects", own)
    words = sorted({row["word"] for row in rows("catalogue_generic", own)}, key=len, reverse=True)
    return Vocabulary(
        concepts={label: tuple(found) for label, found in concepts.items()},
        names={key: tuple(sorted(labels)) for key, labels in names.items()},
        parties=parties,
        party_lengths=tuple(sorted({len(label) for label in parties}, reverse=True)),
        hints=tuple(
            Hint(clean(row["phrase"]).text, row["object_class"], row["topic"], float(row["weight"]))
            for row in rows("catalogue_subjects", own)
        ),
        exact_roles={
            clean(row["label"]).text: (row["role"], row["property"]) for row in roles if row["match"] == "exact"
        },
        regex_roles=tuple(
            (re.compile(row["label"]), row["role"], row["property"]) for row in roles if row["match"] == "regex"
        ),
        self_words={word: row["object_class"] for row in objects for word in _items(row["words"])},
        topic_always=frozenset(row["object_class"] for row in objects if row["topic"] == "always"),
        near=frozenset(frozenset((row["object_class"], other)) for row in objects for other in _items(row["near"])),
        generic=re.compile("(?:" + "|".join(map(re.escape, words)) + r"|[()/、\d])+"),
    )


def _items(text: str) -> tuple[str, ...]:
    return tuple(item for item in (part.strip() for part in text.split(LIST_SEPARATOR)) if item)


def _labels(text: str) -> frozenset[str]:
    return frozenset(clean(item).text for item in _items(text))
