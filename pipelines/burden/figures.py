"""The figures: sums over the rows of the trace, each with the sentence that defines it. Areas are never ranked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import rulebook
from pipelines.burden import plan
from pipelines.burden.assumptions import Assumptions, assumptions
from pipelines.burden.baseline import TO_FILL
from pipelines.burden.basis import bases
from pipelines.burden.estimate import area_counts
from pipelines.burden.inputs import Inputs
from pipelines.burden.listing import listed
from pipelines.burden.trace import trace
from pipelines.text import fold
from schemas.burden import BurdenFigures
from schemas.faults import Finding

COUNTY = "全县"
SCOPES = {
    "部门": "department_name",
    "填报层级": "respondent_level",
    "频率": "frequency",
    "对象类": "object_class",
    "变化类别": "change",
}
"""How the figures are split, and the column of BurdenRows that says so. Never by township or village."""

MEAN_OF_RATIOS = "部门下降比例的平均"
ADJUSTMENT = "调整（重新估算）"
ROLES = {"serial": "序号", "derived": "公式或合计", "meta": "表头、说明、签章"}


@dataclass(frozen=True, slots=True)
class Burden:
    """Figures (BurdenFigures), the rows behind them (BurdenRows), and what could not be counted."""

    figures: pl.DataFrame
    rows: pl.DataFrame
    findings: list[Finding]


def figures(inputs: Inputs, own_rules: Path | None = None, assumed: Assumptions | None = None) -> Burden:
    """Return every burden figure of a state as of inputs.as_of, with the rows behind it and the findings.

    Baseline rows are re-estimated with today's counts of respondents and subjects; the difference to the frozen numbers
    is the adjustment, the rest is program change (5 CFR 1320). Reduction = 1 − after ÷ before, null when before is 0.
    assumed: the declared values of a past day; those of the rules when not given.
    The county's reduction is the ratio of sums; the mean of the departments' ratios has a scope of its own.
    """
    assumed = assumed or assumptions(own_rules)
    rows = trace(inputs, assumed)
    measured = _measures(rows, inputs, assumed)
    found = [
        *_county(rows, inputs, assumed),
        *_split(measured),
        *_changes(rows),
        *_excluded(rows),
        *_per_township(measured, inputs),
    ]
    return Burden(_frame(found, inputs, bases(rows, assumed), assumed, own_rules), rows, listed(inputs, rows, assumed))


def _measures(rows: pl.DataFrame, inputs: Inputs, assumed: Assumptions) -> pl.DataFrame:
    """Return the rows with the columns <figure>_before and <figure>_after of every figure that can be split."""
    is_item = pl.col("role").is_in(TO_FILL)
    is_old = ~pl.col("is_new") & is_item
    stays = (pl.col("asked_now").is_not_null()) & is_item & ~pl.col("change").is_in(("合并", "推算", "停用"))
    return rows.with_columns(
        is_old.cast(pl.Float64).alias("items_before"),
        stays.cast(pl.Float64).alias("items_after"),
        pl.col("once_before").alias("cells_once_before"),
        pl.col("once_after").alias("cells_once_after"),
        pl.col("cells_before").alias("gross_before"),
        pl.when("is_new").then(0.0).otherwise("cells_after").alias("gross_after"),
        pl.col("new_as_form").alias("new_before"),
        pl.when("is_new").then("cells_after").otherwise(0.0).alias("new_after"),
        pl.lit(0.0).alias("prefilled_before"),
        pl.col("cells_prefilled").alias("prefilled_after"),
        (pl.col("hours_before") * assumed.yuan_per_hour).alias("cost_before"),
        (pl.col("hours_after") * assumed.yuan_per_hour).alias("cost_after"),
    )


_SPLIT = ("items", "cells", "gross", "new", "cells_once", "prefilled", "hours", "cost")


def _split(measured: pl.DataFrame) -> Iterator[dict[str, Any]]:
    sums = [pl.col(f"{key}_{side}").sum() for key in _SPLIT for side in ("before", "after")]
    whole = measured.select(sums).to_dicts()[0]
    for key in _SPLIT:
        yield _figure(key, COUNTY, COUNTY, whole[f"{key}_before"], whole[f"{key}_after"])
    for scope, column in SCOPES.items():
        groups = measured.with_columns(pl.col(column).fill_null("未归类")).group_by(column).agg(sums).sort(column)
        for group in groups.iter_rows(named=True):
            for key in _SPLIT:
                if group[f"{key}_before"] or group[f"{key}_after"]:
                    yield _figure(key, scope, group[column], group[f"{key}_before"], group[f"{key}_after"])
        if scope == "部门":
            yield from _mean_of_ratios(groups)


def _mean_of_ratios(groups: pl.DataFrame) -> Iterator[dict[str, Any]]:
    for key in ("items", "cells", "cells_once", "hours"):
        counted = groups.filter(pl.col(f"{key}_before") > 0)
        if counted.is_empty():
            continue
        ratios = counted.select((1 - pl.col(f"{key}_after") / pl.col(f"{key}_before")).mean()).item()
        before, after = counted[f"{key}_before"].mean(), counted[f"{key}_after"].mean()
        figure = _figure(key, MEAN_OF_RATIOS, f"{counted.height} 个部门", before, after)
        yield figure | {"reduction": ratios, "numerator": ratios * counted.height, "denominator": float(counted.height)}


def _county(rows: pl.DataFrame, inputs: Inputs, assumed: Assumptions) -> Iterator[dict[str, Any]]:
    """Figures that only the county as a whole has."""
    before = inputs.baseline.unique("report_id", maintain_order=True)
    sheets = plan.sheets(inputs, assumed)
    read = inputs.report_fields.filter(pl.col("role").is_in(TO_FILL))["form_id"].unique()
    unread = inputs.reports.filter(~pl.col("report_id").is_in(read.to_list()))["report_id"]
    alone = rows.filter(pl.col("asked_now") == "仍照原表填报")["report_id"]
    outside = pl.concat([alone, unread]).unique()
    yield _figure("forms", COUNTY, COUNTY, before.height, sheets.height + outside.len())
    instances = before.select((pl.col("respondents") * pl.col("responses_per_year")).sum()).item()
    shared = sheets.select((pl.col("respondents") * pl.col("responses")).sum()).item()
    still = before.filter(pl.col("report_id").is_in(outside.to_list()))
    own = still.select((pl.col("respondents") * pl.col("responses_per_year")).sum()).item()
    yield _figure("instances", COUNTY, COUNTY, instances, shared + own)
    is_item = pl.col("role").is_in(TO_FILL)
    label = inputs.baseline.filter(is_item).join(
        inputs.report_fields.select("field_id", "unit"), on="field_id", how="left", maintain_order="left"
    )
    labels = label.select("path", pl.col("unit").fill_null("")).unique()
    names = {(fold(path), fold(unit)) for path, unit in labels.iter_rows()}
    after = rows.filter(is_item & pl.col("asked_now").is_not_null() & ~pl.col("change").is_in(("合并", "推算", "停用")))
    yield _figure("labels", COUNTY, COUNTY, len(names), after.height)
    yield _typed(inputs)


def _typed(inputs: Inputs) -> dict[str, Any]:
    """What clerks really typed, from the received workbooks that stand (a replaced or returned file is none)."""
    stands = inputs.submissions.filter(
        (pl.col("status") == "接收") & (pl.col("received_at").str.slice(0, 10) <= inputs.as_of)
    )
    typed = stands.select(pl.col("typed_count").sum() + pl.col("changed_count").sum()).item()
    return _figure("typed", COUNTY, COUNTY, typed + stands["confirmed_count"].sum(), typed)


def _changes(rows: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The adjustment: what re-estimating respondents and subjects did to the baseline, before any program change."""
    frozen, now = rows["cells_frozen"].sum(), rows["cells_before"].sum()
    yield _figure("cells", "变化类别", ADJUSTMENT, frozen, now)


def _excluded(rows: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """What is never a burden, counted: fields by role."""
    for role, name in ROLES.items():
        number = rows.filter(pl.col("role") == role).height
        if number:
            yield _figure("items", "剔除", name, number, number) | dict.fromkeys(_RATIO)


def _per_township(measured: pl.DataFrame, inputs: Inputs) -> Iterator[dict[str, Any]]:
    """The mean load of one township; the number of townships is the scope's value, none is named."""
    townships = area_counts(inputs.areas, inputs.as_of).get("乡镇", 0)
    if townships:
        for key in ("cells", "hours"):
            before, after = (measured[f"{key}_{side}"].sum() / townships for side in ("before", "after"))
            yield _figure(key, "平均每个乡镇", f"{townships} 个乡镇", before, after)


def _figure(key: str, scope: str, value: str, before: Any, after: Any) -> dict[str, Any]:
    numerator = None if after is None else float(before or 0.0) - float(after)
    return {
        "figure": key,
        "scope": scope,
        "scope_value": value,
        "before": float(before or 0.0),
        "after": None if after is None else float(after),
        "numerator": numerator,
        "denominator": float(before or 0.0),
        "reduction": numerator / before if before and numerator is not None else None,
    }


_RATIO = ("numerator", "denominator", "reduction")


def _frame(
    found: list[dict[str, Any]],
    inputs: Inputs,
    basis: Mapping[str, str],
    assumed: Assumptions,
    own_rules: Path | None,
) -> pl.DataFrame:
    """Return the figures in the order of the rules, with their names, units and sentences."""
    rules = {row["key"]: row for row in rulebook.rows("burden_figures", own_rules, key=("key",))}
    order = {key: number for number, key in enumerate(rules)}
    scopes = {COUNTY: 0, MEAN_OF_RATIOS: 1, "平均每个乡镇": 2} | {
        name: 3 + n for n, name in enumerate((*SCOPES, "剔除"))
    }
    version = inputs.baseline["baseline_version"][0] if inputs.baseline.height else "0"
    named = []
    for row in sorted(found, key=lambda row: (scopes[row["scope"]], order[row["figure"]])):
        rule = rules[row["figure"]]
        formula = rule["formula"].format(yuan=f"{assumed.yuan_per_hour:g}", source=assumed.cost_source)
        if row["scope"] == MEAN_OF_RATIOS:
            formula = "各部门下降比例的简单平均（不是总和之比）；整合前、整合后为各部门平均值。" + formula
        named.append(
            row
            | {
                "figure": rule["figure"],
                "unit": rule["unit"],
                "formula": formula,
                "basis": basis[row["figure"]],
                "baseline_version": version,
                "as_of": inputs.as_of,
            }
        )
    return BurdenFigures.frame(named)
