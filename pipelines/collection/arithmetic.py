"""Totals and parts that the templates state themselves, kept as checks between the indicators of an area."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from pipelines.collection.ledger_list import INDICATOR


@dataclass(frozen=True, slots=True)
class Relation:
    """target = sum of parts (is_total), or target ≥ each part (其中; parts may overlap)."""

    target: str
    parts: tuple[str, ...]
    is_total: bool
    text: str

    def holds(self, value: Decimal, parts: list[Decimal]) -> bool:
        """Return whether it holds; hundredths may be lost to rounding."""
        slack = Decimal("0.01") * max(1, len(parts))
        return abs(value - sum(parts)) <= slack if self.is_total else max(parts) <= value + slack


def relations(
    report_fields: pl.DataFrame | None,
    element_map: pl.DataFrame | None,
    template_checks: pl.DataFrame | None,
    fill_plan: pl.DataFrame,
    elements: pl.DataFrame,
) -> dict[str, tuple[Relation, ...]]:
    """Return the relations between asked indicators by their target; from ReportFields, ElementMap and TemplateChecks.

    Only relations all of whose cells are asked, at one level and frequency, converted by no unit and additive are kept:
    a yield per mu or an average is not the sum of its parts, though its row says 其中 (aggregation of Elements).
    """
    if report_fields is None or element_map is None or template_checks is None or template_checks.is_empty():
        return {}
    additive = set(elements.filter(pl.col("aggregation") == "sum")["element_id"])
    asked = {
        row["element_id"]: (row["respondent_level"], row["frequency"])
        for row in fill_plan.filter("is_asked").iter_rows(named=True)
        if row["ledger"] == INDICATOR
    }
    cells: dict[tuple[str, int, str], str] = {}
    mapped = report_fields.join(element_map.filter(pl.col("relation") == "same"), on="field_id")
    for form, table, cell, element_id in mapped.select("form_id", "table_no", "cell", "element_id").iter_rows():
        if cell:
            cells[(form, table, cell)] = element_id
    found: dict[str, list[Relation]] = {}
    for row in template_checks.filter(pl.col("kind").is_in(["total", "part"])).iter_rows(named=True):
        place = (row["form_id"], row["table_no"])
        parts = [cells.get((*place, cell)) for cell in re.split(r"[；;,，\s]+", row["parts"]) if cell]
        target = cells.get((*place, row["target"]))
        if target is None or not parts or any(part is None or part == target for part in parts):
            continue
        known = tuple(dict.fromkeys(part for part in parts if part))
        is_alike = len({asked.get(element) for element in (target, *known)}) == 1
        if len(known) == len(parts) and is_alike and target in asked and additive.issuperset((target, *known)):
            found.setdefault(target, []).append(Relation(target, known, row["kind"] == "total", row["text"] or ""))
    return {target: tuple(dict.fromkeys(each)) for target, each in found.items()}


def number(values: Mapping[str, str], element_id: str) -> Decimal | None:
    """Return a value as a number, None when there is none or it is a word."""
    text = values.get(element_id, "")
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
