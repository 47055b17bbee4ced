"""Elements that look like an item and are not the same, with what tells them apart (the vetoes of matching)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from rapidfuzz import fuzz, process

from pipelines.catalogue.desk.explain import differences
from pipelines.catalogue.meaning.indicators import head_properties
from pipelines.catalogue.meaning.qualifiers import QualifierRules, dimension_of_qualifier, qualifier_rules
from pipelines.catalogue.registry import Catalogue
from pipelines.rulebook import settings
from pipelines.text import fold
from schemas.templates import PATH_SEPARATOR
from schemas.words import LIST_SEPARATOR

LIKE_PROPERTY, LIKE_NAME = 60, 80
TERSE = 2
"""Characters of a property that everything has (编号, 名称, 时间, 金额)."""
COLUMNS = (
    *("element_id", "element_name", "object_class", "property", "qualifiers", "temporal", "unit", "synonyms"),
    "form_count",
)


@dataclass(frozen=True, slots=True)
class Look:
    """A look-alike. differs: in Chinese; score: 0–100."""

    element_id: str
    name: str
    differs: str
    score: float


def look_alikes(
    rows: Sequence[dict[str, Any]], catalogue: Catalogue, known: Set[str], own: Path | None = None
) -> dict[str, tuple[Look, ...]]:
    """Return the look-alikes of items that the catalogue does not hold, by field_id; nothing where there is none.

    rows: field_id, path, element_id, object_class, property, qualifiers, temporal, unit. An element looks alike when it
    is the same property of the same thing and only qualifiers or time differ (a statistical head such as 人数 or 面积
    must share a qualifier, or have one that excludes the other, such as 户籍 and 常住), or when its name or one of its
    labels is like the item's and it is about the same kind of thing. What a steward judged different stays different.
    """
    rule = settings("admission", own)["similar"]
    if not rows:
        return {}
    pool = catalogue.elements.filter(pl.col("element_id").is_in(list(known))).select(COLUMNS).to_dicts()
    names = [fold(str(row["element_name"])) for row in pool]
    labels = [fold(str(row["path"]).split(PATH_SEPARATOR)[-1]) for row in rows]
    scores = process.cdist(labels, names, scorer=fuzz.ratio, score_cutoff=float(rule["least_ratio"]))
    rivals = qualifier_rules(own)
    by_property: dict[tuple[str, str], list[int]] = {}
    by_label: dict[str, list[int]] = {}
    for number, entry in enumerate(pool):
        by_property.setdefault((entry["object_class"], entry["property"]), []).append(number)
        for label in _labels(entry["synonyms"]):
            by_label.setdefault(label, []).append(number)
    found: dict[str, tuple[Look, ...]] = {}
    for at, row in enumerate(rows):
        near: dict[int, float] = {}
        for number in by_property.get((row["object_class"], row["property"]), ()):
            share = _overlap(row["qualifiers"], pool[number]["qualifiers"])
            is_rival = _are_rivals(row["qualifiers"], pool[number]["qualifiers"], rivals)
            if share or is_rival or row["property"] not in head_properties():
                near[number] = 70.0 + 30.0 * share
        for number in by_label.get(labels[at], ()):
            if _is_near(row, pool[number], 90.0):
                near[number] = max(near.get(number, 0.0), 90.0)
        for number in scores[at].nonzero()[0].tolist():
            if _is_near(row, pool[number], float(scores[at][number])):
                near[number] = max(near.get(number, 0.0), float(scores[at][number]))
        near = {number: score for number, score in near.items() if pool[number]["element_id"] != row["element_id"]}
        best = sorted(near, key=lambda number: (-near[number], -pool[number]["form_count"], pool[number]["element_id"]))
        looks = tuple(_look(row, pool[number], near[number]) for number in best[: int(rule["shown"])])
        if looks:
            found[row["field_id"]] = looks
    return found


def _is_near(row: dict[str, Any], entry: dict[str, Any], score: float) -> bool:
    """Return whether two things can be mistaken for each other.

    Of one object class: properties that share a word. Of different ones: the same property, under a name that is nearly
    the same and says something (“编号” of two things says nothing).
    """
    if row["object_class"] == entry["object_class"]:
        return bool(fuzz.ratio(row["property"], entry["property"]) >= LIKE_PROPERTY)
    says_something = len(row["property"]) > TERSE
    return bool(row["property"] == entry["property"] and score >= LIKE_NAME and says_something)


def _look(row: dict[str, Any], entry: dict[str, Any], score: float) -> Look:
    parts = differences(entry, row)
    said = "；".join(parts) if parts else "各部分一致，数据管理员判为不同"
    return Look(entry["element_id"], entry["element_name"], said, round(score, 1))


def _overlap(left: str, right: str) -> float:
    a, b = (set(text.split(LIST_SEPARATOR)) - {""} for text in (left, right))
    return len(a & b) / len(a | b) if a | b else 1.0


def _are_rivals(left: str, right: str, rules: QualifierRules) -> bool:
    """Return whether a qualifier of one excludes one of the other (户籍 and 常住, 男 and 女)."""
    mine, its = (
        {kind for q in text.split(LIST_SEPARATOR) if q and (kind := dimension_of_qualifier(q, rules))}
        for text in (left, right)
    )
    return bool(mine & its)


def _labels(synonyms: str | None) -> Iterable[str]:
    """Yield the labels of a synonyms text “标签《表》；标签《表》”."""
    for part in (synonyms or "").split(LIST_SEPARATOR):
        label = fold(part.split("《")[0])
        if label:
            yield label
