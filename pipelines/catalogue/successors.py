"""Which element took over from one that was retired: what makes a merge of values a join, and its undoing another."""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from pipelines.catalogue.meaning.units import unit_of
from schemas.elements import ElementSuccessors

RETIRED = "已停用"


def successors(
    elements: pl.DataFrame, element_map: pl.DataFrame, known_map: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    """Return ElementSuccessors: for every retired element the one element in use that all its fields went to.

    elements, element_map: Elements and ElementMap of now; known_map: ElementMap of before; known: ElementSuccessors of
    before. An element whose fields went apart, or nowhere, or to a unit that does not convert, has no successor. A
    chain of merges leads to its end. An element that is in use again has none, whatever was known.
    """
    records = {row["element_id"]: row for row in elements.iter_rows(named=True)}
    now = dict(element_map.select("field_id", "element_id").iter_rows())
    went: dict[str, set[str | None]] = defaultdict(set)
    for field_id, element_id in known_map.select("field_id", "element_id").iter_rows():
        if element_id and field_id in now:
            went[element_id].add(now[field_id])
    into = dict(known.select("element_id", "successor_id").iter_rows())
    for element_id, targets in went.items():
        if len(targets) == 1 and (target := next(iter(targets))):
            into[element_id] = target
        else:
            into.pop(element_id, None)
    rows = []
    for element_id, record in records.items():
        if record["status"] != RETIRED or element_id not in into:
            continue
        target = _end(element_id, into, records)
        factor = _factor(record["unit"], records[target]["unit"]) if target else None
        if target and factor is not None:
            name = records[target]["element_name"]
            reason = f"判定后“{record['element_name']}”的栏目都归入“{name}”"
            rows.append({"element_id": element_id, "successor_id": target, "factor": factor, "reason": reason})
    return ElementSuccessors.frame(rows)


def _end(element_id: str, into: dict[str, str], records: dict[str, dict[str, str]]) -> str:
    """Return the element in use at the end of a chain of merges, "" when there is none."""
    seen = {element_id}
    target = into[element_id]
    while target in records and records[target]["status"] == RETIRED:
        if target in seen or target not in into:
            return ""
        seen.add(target)
        target = into[target]
    return target if target in records and target not in seen else ""


def _factor(unit: str | None, other: str | None) -> float | None:
    """Return what a value in one unit is multiplied by to be one in another; None when they do not convert."""
    if (unit or "") == (other or ""):
        return 1.0
    left, right = unit_of(unit or ""), unit_of(other or "")
    if left is None or right is None or left.dimension != right.dimension or left.base != right.base:
        return None
    return left.factor / right.factor
