"""Identifiers of data elements: given once, never changed, never given again (GB/T 18391.6)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.templates import PATH_SEPARATOR

PREFIX = "DE"
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Assignment:
    """ids: group_key → element_id of every group; kept: ids known before that a group carries on."""

    ids: dict[str, str]
    kept: frozenset[str]


def assign(members: pl.DataFrame, known: pl.DataFrame, known_map: pl.DataFrame, highest: int = 0) -> Assignment:
    """Return the element id of every group.

    members: field_id, path, group_key, a row per mapped field. known, known_map: Elements, ElementMap of before.
    highest: the highest number given so far, when `known` is not all there is.
    A group keeps the id from which most of its fields come; where fields do not tell (no map, or only new fields), the
    id of the same key. When a group splits or groups merge, the id goes with most fields; ties go to the same key, then
    to the smaller id. New ids follow the highest ever given, in the order of the keys, not of the fields.
    """
    by_key = dict(zip(known["element_key"], known["element_id"], strict=True))
    taken: dict[str, str] = {}
    used: set[str] = set()
    for group, element_id in _claims(members, known, known_map, by_key):
        if group not in taken and element_id not in used:
            taken[group] = element_id
            used.add(element_id)
    number = max(highest, highest_number(known))
    for group in sorted(set(members["group_key"]) - taken.keys()):
        number += 1
        taken[group] = f"{PREFIX}{number:0{DIGITS}d}"
    return Assignment(taken, frozenset(used))


def highest_number(elements: pl.DataFrame) -> int:
    """Return the highest number that the ids of Elements carry, 0 when there are none."""
    highest = elements["element_id"].str.strip_prefix(PREFIX).cast(pl.Int64).max()
    return int(highest) if isinstance(highest, int) else 0


def _claims(
    members: pl.DataFrame, known: pl.DataFrame, known_map: pl.DataFrame, by_key: dict[str, str]
) -> list[tuple[str, str]]:
    """Return (group, known id) from the strongest claim to the weakest.

    A field speaks for its old element only when that element already had the field's label: a new edition of a template
    can give an old field number to another field, and an id must never pass to another thing.
    """
    needle = pl.col("path").str.split(PATH_SEPARATOR).list.last() + pl.lit("《")
    votes = (
        members.join(known_map.select("field_id", "element_id").drop_nulls(), on="field_id")
        .join(known.select("element_id", "synonyms"), on="element_id")
        .filter(pl.col("synonyms").str.contains(needle, literal=True))
        .group_by("group_key", "element_id")
        .len()
    )
    claims = {(group, element_id): count for group, element_id, count in votes.iter_rows()}
    for group in members["group_key"].unique():
        if group in by_key:
            claims.setdefault((group, by_key[group]), 0)
    return sorted(claims, key=lambda claim: (-claims[claim], by_key.get(claim[0]) != claim[1], claim[1], claim[0]))
