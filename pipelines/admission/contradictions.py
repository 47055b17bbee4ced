"""The same item with another unit, another code list, another period or definition than the register has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from rapidfuzz import fuzz

from pipelines.catalogue.conversion import canonical_unit, factor
from pipelines.catalogue.desk.explain import TEMPORAL
from pipelines.catalogue.domains import code_list, correspond, options_of
from pipelines.catalogue.registry import Catalogue
from schemas.words import LIST_SEPARATOR

DEFINES = re.compile(r"指|包括|不含|口径|统计范围")
UNLIKE = 45
"""Ratio of two definitions below which they say different things."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """item_no, path: the item; element: the name on the register; difference: in Chinese, after “但”.

    is_convertible: a mere difference of rendering that sharing converts by itself (元 and 万元).
    """

    item_no: int
    path: str
    element: str
    difference: str
    is_convertible: bool = False


def contradictions(
    items: pl.DataFrame,
    fields: pl.DataFrame,
    catalogue: Catalogue,
    report_fields: pl.DataFrame,
    own: Path | None = None,
) -> tuple[Contradiction, ...]:
    """Return how held items differ from the register. items: ITEM_TYPES; fields: ReportFields of the form."""
    held = items.filter(pl.col("kind").is_in(["已有", "原表已有"]))
    entries = {
        row["element_id"]: row
        for row in catalogue.elements.filter(pl.col("element_id").is_in(held["element_id"].to_list())).iter_rows(
            named=True
        )
    }
    printed = dict(fields.select("field_id", "value_domain").iter_rows())
    notes = _notes(held, catalogue, report_fields)
    found: list[Contradiction] = []
    for row in held.iter_rows(named=True):
        entry = entries.get(row["element_id"])
        if entry is None:
            continue
        for difference, is_convertible in _differences(row, entry, printed.get(row["field_id"]), notes, own):
            found.append(Contradiction(row["item_no"], row["label"], entry["element_name"], difference, is_convertible))
    return tuple(found)


def _differences(
    row: dict[str, Any], entry: dict[str, Any], printed: str | None, notes: dict[str, list[str]], own: Path | None
) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    unit, its = canonical_unit(row["unit"] or ""), entry["unit"] or ""
    if unit and its and unit != its and entry["data_type"] in ("integer", "decimal"):
        can = factor(its, unit) is not None
        found.append((f"单位是“{unit}”，在册的是“{its}”" + ("（共享时自动换算）" if can else "，不能换算"), can))
    mine = row["temporal"]
    if {mine, entry["temporal"]} == {"stock", "flow"}:
        found.append((f"按{TEMPORAL[mine]}要，在册的是{TEMPORAL[entry['temporal']]}", False))
    options = options_of(printed or "", row["note"] or "")
    values = entry["value_domain"].split(LIST_SEPARATOR) if entry["value_domain"] else []
    if len(options) > 1 and values:
        known = code_list(entry["object_class"], entry["property"], entry["data_type"], own)
        matched, _ = correspond(values, options, known)
        strange = [option for option in options if option not in matched.values()]
        if strange:
            shown = "、".join(strange[:4]) + ("等" if len(strange) > 4 else "")
            found.append(
                (f"选项“{shown}”不在代码表里（{'、'.join(values[:6])}{'…' if len(values) > 6 else ''}）", False)
            )
    note = row["note"] or ""
    if DEFINES.search(note) and len(note) >= 10:
        others = notes.get(row["element_id"], [])
        if others and max(fuzz.partial_ratio(note, other) for other in others) < UNLIKE:
            found.append((f"定义不同：“{note[:40]}”，在册的是“{others[0][:40]}”", False))
    return found


def _notes(held: pl.DataFrame, catalogue: Catalogue, report_fields: pl.DataFrame) -> dict[str, list[str]]:
    """Return the definitions that other forms print beside each element."""
    ids = held["element_id"].to_list()
    told = (
        catalogue.element_map.filter(pl.col("element_id").is_in(ids))
        .join(report_fields.select("field_id", "note").drop_nulls(), on="field_id")
        .select("element_id", "note")
        .unique()
        .sort("element_id", "note")
    )
    found: dict[str, list[str]] = {}
    for element_id, note in told.iter_rows():
        if DEFINES.search(note) and len(note) >= 10:
            found.setdefault(element_id, []).append(note)
    return found
