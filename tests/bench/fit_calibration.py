"""Fits `schemas/rules/catalogue_calibration.toml`: python -m tests.bench.fit_calibration GOLD_FOLDER > the file.

The model must say how likely two groups are one element when the vocabulary does *not* know one of the names, or what a
form is about. So names, parties and hints of titles are taken out of the vocabularies at random, the gold forms and the
forms of tests/golden/matching (families, rosters, registers) are decomposed without them, and the candidate pairs that
arise are labelled by gold: two groups are the same when a gold element has fields in both. Repeated with many
seeds, each on half of the sources, so that pairs come up as they would for forms of new places; the weights are a
logistic regression with a ridge penalty.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.catalogue.block import candidates
from pipelines.catalogue.desk.folder import read_field_lists
from pipelines.catalogue.evidence import DIMENSIONS, compare
from pipelines.catalogue.match import FIELD_TYPES
from pipelines.catalogue.meaning.decompose import decompose_fields, path_parts
from pipelines.catalogue.meaning.qualifiers import qualifier_rules
from pipelines.catalogue.meaning.vocabulary import Vocabulary, vocabulary
from pipelines.catalogue.probability import Model, probability
from pipelines.catalogue.profile import profiles

SEEDS = 60
MASKED = 0.1
RIDGE = 1.0
ASK_FROM, STAKE = 0.42, 0.2
"""With these, leaving one source of the gold out, 44 in 100 questions join something; 0.978 of the pairs are found."""
MATCHING = Path(__file__).resolve().parents[1] / "golden" / "matching"
FAMILIES, *LATER = (
    MATCHING / f"{name}.csv"
    for name in (
        *("families", "rosters", "registers", "houses", "services", "premises", "permits", "grids"),
        *("security", "offices", "certificates", "relief", "statistics", "works", "upkeep", "wordings", "villages"),
        *("neighbourhood", "documents"),
    )
)
"""Golden files; the keys of one say nothing about those of another."""


def masked(full: Vocabulary, share: float, seed: int) -> Vocabulary:
    """Return the vocabulary without a random share of its names, parties and hints."""
    chance = random.Random(seed)
    return replace(
        full,
        concepts={
            label: rows
            for label, rows in sorted(full.concepts.items(), key=lambda item: item[0])
            if chance.random() >= share
        },
        parties={
            label: party
            for label, party in sorted(full.parties.items(), key=lambda item: item[0])
            if chance.random() >= share
        },
        hints=tuple(hint for hint in full.hints if chance.random() >= share),
    )


@dataclass(frozen=True, slots=True)
class Labelled:
    """Forms with gold. fields: match.FIELD_TYPES; gold: element by field_id; sources: where a form is from."""

    fields: pl.DataFrame
    gold: dict[str, str]
    sources: dict[str, str]


def read_gold(folder: Path) -> Labelled:
    """Return the forms of a gold folder: `fields/*.json` and `fields_gold.csv`."""
    with (folder / "fields_gold.csv").open(encoding="utf-8-sig", newline="") as handle:
        gold = {
            f"{row['form_id']}#{row['field_index']}": row["element_key"]
            for row in csv.DictReader(handle)
            if row["role"] == "fill"
        }
    sources = {
        file.stem: json.loads(file.read_text(encoding="utf-8"))["source_repo"]
        for file in (folder / "fields").glob("*.json")
    }
    return Labelled(read_field_lists(folder / "fields").sort("form_id", "field_no", "field_id"), gold, sources)


def read_families(file: Path = FAMILIES) -> Labelled:
    """Return the forms of a golden file: form, title, path, unit, key ("" = nobody else asks it, "-" = left open)."""
    rows, gold, numbers = [], {}, Counter[str]()
    with file.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            number = numbers[row["form"]]
            numbers[row["form"]] += 1
            field_id = f"{row['form']}#{number}"
            rows.append(
                dict.fromkeys(FIELD_TYPES, "")
                | {"field_id": field_id, "form_id": row["form"], "form_title": row["title"]}
                | {"path": row["path"], "unit": row["unit"], "field_no": number}
            )
            if row["key"] != "-":
                gold[field_id] = row["key"] or field_id
    fields = pl.DataFrame(rows, schema=FIELD_TYPES, orient="row").sort("form_id", "field_no", "field_id")
    return Labelled(fields, gold, {form: form for form in numbers})


def training_pairs(sets: Sequence[Labelled], seeds: range, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return evidence (pairs × dimensions) and truth (pairs) of candidate pairs without veto."""
    evidence: list[tuple[float, ...]] = []
    truth: list[float] = []
    qualifiers = qualifier_rules()
    for labelled in sets:
        for seed in seeds:
            names = sorted(set(labelled.sources.values()))
            taken = random.Random(seed).sample(names, (len(names) + 1) // 2)
            part = labelled.fields.filter(labelled.fields["form_id"].replace_strict(labelled.sources).is_in(taken))
            rules = masked(vocabulary(), share, seed)
            made, _ = decompose_fields(part, rules)
            groups = [item.element_key for item in made]
            described = profiles(
                [path_parts(p) for p in part["path"]], part["form_id"].rle_id().to_list(), made, groups, rules
            )
            meant: dict[str, set[str]] = defaultdict(set)
            for field_id, group in zip(part["field_id"], groups, strict=True):
                if field_id in labelled.gold:
                    meant[group].add(labelled.gold[field_id])
            for left, right in candidates(described):
                a, b = described[left], described[right]
                if a.key in meant and b.key in meant:
                    found = compare(a, b, qualifiers)
                    if not found.veto:
                        evidence.append(found.values)
                        truth.append(float(bool(meant[a.key] & meant[b.key])))
    return np.array(evidence), np.array(truth)


def fit(evidence: np.ndarray, truth: np.ndarray, ridge: float = RIDGE) -> tuple[float, np.ndarray]:
    """Return intercept and weights of a logistic regression with a ridge penalty, by Newton steps."""
    table = np.hstack([np.ones((len(evidence), 1)), evidence])
    weights = np.zeros(table.shape[1])
    penalty = np.diag([0.0] + [ridge] * evidence.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (truth - chance) - penalty @ weights
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + penalty
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return float(weights[0]), weights[1:]


def reliability(chance: np.ndarray, truth: np.ndarray) -> list[str]:
    """Return a line per bin of probability: the bin, the mean prediction, the share that is right, the pairs."""
    edges = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01]
    lines = []
    for low, high in pairwise(edges):
        inside = (chance >= low) & (chance < high)
        if inside.any():
            said, right = chance[inside].mean(), truth[inside].mean()
            lines.append(f"{low:.2f}-{min(high, 1):.2f}: {said:.3f} -> {right:.3f} ({int(inside.sum())})")
    return lines


def main() -> None:
    """Print the rule file."""
    sets = [read_gold(Path(sys.argv[1])), read_families(), *map(read_families, LATER)]
    evidence, truth = training_pairs(sets, range(SEEDS), MASKED)
    intercept, weights = fit(evidence, truth)
    fitted = Model(intercept, tuple(weights), ASK_FROM, STAKE)
    chance = np.array([probability(values, fitted) for values in evidence])
    print("# Made by tests/bench/fit_calibration.py on gold labels with names taken out of the vocabulary at random:")
    print(f"# {SEEDS} seeds, {MASKED:.0%} of them, {len(truth)} pairs, {int(truth.sum())} of them the same.")
    print("# Reliability, predicted -> right (pairs):")
    for line in reliability(chance, truth):
        print(f"#   {line}")
    print(f"\n[model]\nintercept = {intercept:.4f}\nask_from = {ASK_FROM}\nstake = {STAKE}\n\n[weights]")
    for name, weight in zip(DIMENSIONS, weights, strict=True):
        print(f"{name} = {weight:.4f}")


if __name__ == "__main__":
    main()
