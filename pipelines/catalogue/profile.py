"""What is known of a group of fields: the side of a question to the steward."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.catalogue.meaning.indicators import head_properties
from pipelines.catalogue.meaning.labels import clean
from pipelines.catalogue.meaning.units import dimension_of
from pipelines.catalogue.meaning.vocabulary import Vocabulary
from schemas.decomposition import Decomposition

DOCUMENT = "证书"
"""Begins the properties of a document that a person holds; they are not the person's own."""

LABELS_KEPT = 5
NAMES_KEPT = 12
SETTLED = 0.5
"""Share of a group's fields from which on the vocabulary has settled what it is."""

FORMS_KEPT = 3
"""Forms of a group whose other properties are kept: enough to tell what kind of form asks it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A group of fields.

    labels: its commonest cleaned leaf labels; names: those and other names of the property in the vocabulary.
    party: whose property it is, "" for the subject's own; head: the statistical head (人数, 产值) of a number.
    forms: numbers of the forms that ask it; neighbours: properties that stand right before or after it; sisters: those
    asked on the same forms.
    near: object classes that its own is easily mistaken for. known: share of its fields that a vocabulary row settled.
    """

    key: str
    object_class: str
    near: frozenset[str]
    property: str
    qualifiers: frozenset[str]
    dimensions: frozenset[str]
    temporal: str
    data_type: str
    labels: tuple[str, ...]
    names: tuple[str, ...]
    party: str
    head: str
    forms: frozenset[int]
    neighbours: frozenset[str]
    sisters: frozenset[str]
    field_count: int
    known: float


def profiles(
    paths: Sequence[tuple[str, ...]],
    forms: Sequence[int],
    made: Sequence[Decomposition],
    groups: Sequence[str],
    vocabulary: Vocabulary,
) -> list[Profile]:
    """Return the profile of every group of fields to fill, sorted by key; all arguments have one item per field.

    paths: as printed; forms: number of the field's form, fields of a form standing together in their order.
    """
    members: dict[str, list[int]] = defaultdict(list)
    asked: dict[int, set[str]] = defaultdict(set)
    for number, group in enumerate(groups):
        asked[forms[number]].add(made[number].property)
        if made[number].role in ("fill", "derived"):
            members[group].append(number)
    return [_profile(key, members[key], paths, forms, made, asked, vocabulary) for key in sorted(members)]


def _profile(
    key: str,
    numbers: list[int],
    paths: Sequence[tuple[str, ...]],
    forms: Sequence[int],
    made: Sequence[Decomposition],
    asked: Mapping[int, set[str]],
    vocabulary: Vocabulary,
) -> Profile:
    labels = Counter(clean(paths[number][-1]).text for number in numbers)
    first = made[min(numbers, key=lambda number: (made[number].element_key != key, made[number].element_key))]
    commonest = tuple(label for label, _ in sorted(labels.items(), key=lambda item: (-item[1], item[0]))[:LABELS_KEPT])
    known = vocabulary.names.get((first.object_class, first.property), ())
    beside = {
        made[other].property
        for number in numbers[:50]
        for other in (number - 1, number + 1)
        if 0 <= other < len(made) and forms[other] == forms[number]
    }
    return Profile(
        key,
        first.object_class,
        frozenset(name for pair in vocabulary.near if first.object_class in pair for name in pair),
        first.property,
        frozenset(first.qualifiers),
        frozenset(dimension for number in numbers if (dimension := dimension_of(made[number].unit))),
        first.temporal,
        first.data_type,
        commonest,
        tuple(dict.fromkeys((*commonest, first.property, *known)))[: LABELS_KEPT + NAMES_KEPT],
        _party(first.property, vocabulary),
        first.property if first.property in head_properties() else "",
        frozenset(forms[number] for number in numbers),
        frozenset(beside),
        frozenset(prop for form in sorted({forms[number] for number in numbers})[:FORMS_KEPT] for prop in asked[form]),
        len(numbers),
        sum(made[number].confidence >= 0.9 for number in numbers) / len(numbers),
    )


def _party(prop: str, vocabulary: Vocabulary) -> str:
    if prop.startswith(DOCUMENT):
        return DOCUMENT
    for length in vocabulary.party_lengths:
        if length < len(prop) and (party := vocabulary.parties.get(prop[:length])):
            return party.party
    return ""
