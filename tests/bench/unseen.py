"""What to expect of forms that nobody has seen: a source's own words taken out, and a plot of the reliability."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise

import numpy as np
import polars as pl

from pipelines.catalogue.doubts import doubtful_pairs
from pipelines.catalogue.meaning.decompose import decompose_fields, path_parts
from pipelines.catalogue.meaning.labels import clean
from pipelines.catalogue.meaning.vocabulary import Vocabulary, vocabulary
from pipelines.catalogue.probability import model, probability
from pipelines.catalogue.profile import profiles
from schemas.decomposition import Decomposition
from schemas.templates import PATH_SEPARATOR
from tests.bench.fit_calibration import Labelled, read_families, training_pairs

SEEDS = range(1_000, 1_006)
"""Others than those that the weights were fitted with."""
MASKED = 0.1
BUDGET = 0.3
"""Questions per field of the gold."""
EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
WIDTH = 30


def left_out(labelled: Labelled) -> dict[str, float | int]:
    """Return precision and recall over the pairs of each source when the names that only it uses are not known.

    With review: what the steward is asked within a budget of 30 questions per 100 fields counts as found; review
    precision: the share of these questions that join fields of one element. Harsher than a new place: what everybody
    would have thought of is taken out too, when only one source happens to use it.
    """
    full, fields = vocabulary(), labelled.fields
    source = dict(zip(fields["field_id"], fields["form_id"].replace_strict(labelled.sources), strict=True))
    label = {field: clean(path.split(PATH_SEPARATOR)[-1]).text for field, path in _rows(fields, "field_id", "path")}
    form = dict(_rows(fields, "field_id", "form_id"))
    used: dict[str, set[str]] = defaultdict(set)
    for field, name in label.items():
        used[name].add(source[field])
    right = found = wanted = rescued = 0
    questions: list[bool] = []
    for name in sorted(set(source.values())):
        own = {text for text, sources in used.items() if sources == {name}}
        rules = replace(
            full,
            concepts={text: rows for text, rows in full.concepts.items() if text not in own},
            parties={text: party for text, party in full.parties.items() if text not in own},
        )
        made, _ = decompose_fields(fields, rules)
        keys = dict(zip(fields["field_id"], (part.element_key for part in made), strict=True))
        mine = [field for field in labelled.gold if source[field] == name]
        merged, same = _with(mine, keys, labelled.gold, form), _with(mine, labelled.gold, labelled.gold, form)
        right, found, wanted = right + len(merged & same), found + len(merged), wanted + len(same)
        known, budget = {keys[field] for field in labelled.gold}, round(BUDGET * len(labelled.gold))
        asked = _asked(fields, made, rules, known, budget)
        groups = [frozenset(keys[field] for field in pair) for pair in same - merged]
        rescued += sum(pair in asked for pair in groups)
        joined = {frozenset(keys[field] for field in fields_) for fields_ in _members(labelled.gold)}
        questions += [any(pair <= both for both in joined) for pair in asked]
    return {
        "left_out_precision": right / (found or 1),
        "left_out_recall": right / (wanted or 1),
        "left_out_recall_with_review": (right + rescued) / (wanted or 1),
        "left_out_review_precision": sum(questions) / (len(questions) or 1),
        "left_out_questions_per_source": len(questions) / len(set(source.values())),
    }


def _asked(
    fields: pl.DataFrame, made: Sequence[Decomposition], rules: Vocabulary, known: set[str], budget: int
) -> set[frozenset[str]]:
    """Return the pairs of known groups that are asked first, as many as the budget allows."""
    paths = [path_parts(path) for path in fields["path"]]
    described = profiles(paths, fields["form_id"].rle_id().to_list(), made, [part.element_key for part in made], rules)
    pairs = (frozenset(map(str, row[:2])) for row in doubtful_pairs(described))
    return set(islice((pair for pair in pairs if pair <= known), budget))


def _members(gold: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the fields of every element."""
    members: dict[str, list[str]] = defaultdict(list)
    for field, element in gold.items():
        members[element].append(field)
    yield from members.values()


def reliability_plot() -> dict[str, str]:
    """Return a line per bin of probability: said and right, pairs, and a bar of the share that is right (| = said)."""
    evidence, truth = training_pairs([read_families()], SEEDS, MASKED)
    fitted = model()
    chance = np.array([probability(values, fitted) for values in evidence])
    lines = {}
    for low, high in pairwise(EDGES):
        inside = (chance >= low) & (chance < high)
        if inside.any():
            said, right = float(chance[inside].mean()), float(truth[inside].mean())
            bar = ("█" * round(right * WIDTH)).ljust(WIDTH, "·")
            at = min(round(said * WIDTH), WIDTH - 1)
            drawn = f"{bar[:at]}|{bar[at + 1 :]}"
            lines[f"reliability {low:.1f}-{min(high, 1):.1f}"] = (
                f"{drawn} {said:.2f} → {right:.2f} ({int(inside.sum())})"
            )
    return lines


def _rows(fields: pl.DataFrame, *columns: str) -> list[tuple[str, str]]:
    return list(fields.select(*columns).iter_rows())


def _with(
    mine: list[str], keys: Mapping[str, str], gold: Mapping[str, str], form: Mapping[str, str]
) -> set[frozenset[str]]:
    """Return the pairs across forms with one key of which at least one field is among `mine`."""
    members: dict[str, list[str]] = defaultdict(list)
    for field in gold:
        members[keys[field]].append(field)
    return {frozenset((field, other)) for field in mine for other in members[keys[field]] if form[field] != form[other]}
