"""Who asks for what others hold already: for the steward, from the map alone. Departments and reports, never areas."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.burden.baseline import TO_FILL
from pipelines.burden.inputs import Inputs


@dataclass(frozen=True, slots=True)
class Insight:
    """Duplication in the register.

    overlap: (department_name, other_department, shared_elements, elements), a row per ordered pair of departments; of
    `elements` that the first asks, the second asks `shared_elements` too. most_asked: (element_id, element_name,
    object_class, department_count, report_count, departments). spare: reports every element of which other reports ask
    as well (report_id, report_name, department_name, element_count, cells_before, hours_before, held_by), which can go
    together.
    """

    overlap: pl.DataFrame
    most_asked: pl.DataFrame
    spare: pl.DataFrame


def insight(inputs: Inputs, rows: pl.DataFrame) -> Insight:
    """Return the duplication insight of a state. rows: BurdenRows of the same state."""
    asks = (
        rows.filter(
            pl.col("role").is_in(TO_FILL) & ~pl.col("change").is_in(("停用",)) & pl.col("report_name").is_not_null()
        )
        .filter(pl.col("element_id").is_not_null())
        .select("department_name", "report_id", "report_name", "element_id", "element_name", "object_class")
        .unique(maintain_order=True)
    )
    unmapped = rows.filter(
        pl.col("role").is_in((*TO_FILL, "none")) & pl.col("element_id").is_null() & (pl.col("change") != "停用")
    )
    return Insight(_overlap(asks), _most_asked(asks), _spare(asks, unmapped, rows, inputs))


def saving(spare: pl.DataFrame) -> str:
    """Return what dropping the spare reports saves, in a sentence."""
    cells, hours = spare["cells_before"].sum(), spare["hours_before"].sum()
    return f"这 {spare.height} 张报表一起取消，每年少填 {cells:,.0f} 个单元格、{hours:,.0f} 小时（按整合前计）。"


def _overlap(asks: pl.DataFrame) -> pl.DataFrame:
    held = asks.select("department_name", "element_id").unique()
    sizes = held.group_by("department_name").agg(pl.len().alias("elements"))
    return (
        held.join(held.rename({"department_name": "other_department"}), on="element_id")
        .group_by("department_name", "other_department")
        .agg(pl.len().alias("shared_elements"))
        .join(sizes, on="department_name")
        .sort("department_name", "other_department")
    )


def _most_asked(asks: pl.DataFrame) -> pl.DataFrame:
    return (
        asks.group_by("element_id", "element_name", "object_class")
        .agg(
            pl.col("department_name").n_unique().alias("department_count"),
            pl.col("report_id").n_unique().alias("report_count"),
            pl.col("department_name").unique().sort().str.join("；").alias("departments"),
        )
        .filter(pl.col("report_count") > 1)
        .sort("department_count", "report_count", "element_id", descending=[True, True, False])
    )


def _spare(asks: pl.DataFrame, unmapped: pl.DataFrame, rows: pl.DataFrame, inputs: Inputs) -> pl.DataFrame:
    """Return the reports that can all go at once: greedy, cheapest to keep last, every element stays asked somewhere.

    Set cover is NP-hard; greedy from the costliest report down never drops the last asker of an element. A report
    with an unmapped field is never spare. Only the elements are covered, not the report's own population.
    """
    needs: dict[str, set[str]] = {}
    for report_id, element_id in asks.select("report_id", "element_id").iter_rows():
        needs.setdefault(report_id, set()).add(element_id)
    askers: dict[str, set[str]] = {}
    for report_id, elements in needs.items():
        for element in elements:
            askers.setdefault(element, set()).add(report_id)
    sums = rows.group_by("report_id").agg(pl.col("cells_before").sum(), pl.col("hours_before").sum())
    cost = {report_id: cells for report_id, cells, _ in sums.iter_rows()}
    hours = {report_id: spent for report_id, _, spent in sums.iter_rows()}
    fixed = set(unmapped["report_id"])
    about = {row["report_id"]: row for row in inputs.reports.iter_rows(named=True)}
    found = []
    for report_id in sorted(needs, key=lambda name: (-cost.get(name, 0.0), name)):
        if report_id in fixed or report_id not in about or any(len(askers[e]) < 2 for e in needs[report_id]):
            continue
        for element in needs[report_id]:
            askers[element].discard(report_id)
        found.append(report_id)
    return pl.DataFrame(
        [
            {
                "report_id": report_id,
                "report_name": about[report_id]["report_name"],
                "department_name": about[report_id]["department_name"],
                "element_count": len(needs[report_id]),
                "cells_before": cost.get(report_id, 0.0),
                "hours_before": hours.get(report_id, 0.0),
                "held_by": "；".join(_cover(needs[report_id], askers, needs)),
            }
            for report_id in found
        ],
        schema={
            "report_id": pl.String,
            "report_name": pl.String,
            "department_name": pl.String,
            "element_count": pl.Int64,
            "cells_before": pl.Float64,
            "hours_before": pl.Float64,
            "held_by": pl.String,
        },
    )


def _cover(elements: set[str], askers: dict[str, set[str]], needs: dict[str, set[str]]) -> list[str]:
    """Return few kept reports that together ask all the elements (greedy set cover; ties by report_id)."""
    open_elements, chosen = set(elements), []
    while open_elements:
        candidates = {report for element in open_elements for report in askers[element]}
        best = min(candidates, key=lambda report: (-len(needs[report] & open_elements), report))
        chosen.append(best)
        open_elements -= needs[best]
    return chosen
