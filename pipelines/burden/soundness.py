"""Whether a day's figures are sound: they add up, nothing is negative, no report of the register is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.burden.figures import COUNTY, MEAN_OF_RATIOS, SCOPES

TOLERANCE = 1e-6
"""Relative; sums of floats depend on the order of adding."""


def adds_up(figures: pl.DataFrame, rows: pl.DataFrame) -> list[str]:
    """Return a sentence for every figure whose parts are not its whole, or whose ratio is not its fraction.

    figures: BurdenFigures; rows: BurdenRows. Parts: every scope of SCOPES that the figure is split by, and the rows.
    """
    wrong = []
    for figure in figures["figure"].unique(maintain_order=True):
        of_figure = figures.filter(pl.col("figure") == figure)
        whole = of_figure.filter(pl.col("scope") == COUNTY).to_dicts()
        for scope in SCOPES:
            parts = of_figure.filter((pl.col("scope") == scope) & ~pl.col("scope_value").str.starts_with("调整"))
            for side in ("before", "after"):
                if whole and parts.height and _differ(parts[side].sum(), whole[0][side]):
                    wrong.append(f"{figure}按{scope}相加为 {parts[side].sum():,.2f}，全县为 {whole[0][side]:,.2f}")
    for figure, column in {
        "单元格（每年）": "cells",
        "填报工时（每年）": "hours",
        "单元格（不计频率）": "once",
    }.items():
        whole = figures.filter((pl.col("figure") == figure) & (pl.col("scope") == COUNTY)).to_dicts()
        for side in ("before", "after"):
            found = rows[f"{column}_{side}"].sum()
            if whole and _differ(found, whole[0][side]):
                wrong.append(f"{figure}的明细相加为 {found:,.2f}，公布为 {whole[0][side]:,.2f}")
    for row in figures.filter(pl.col("reduction").is_not_null()).iter_rows(named=True):
        if not row["denominator"] or _differ(row["numerator"] / row["denominator"], row["reduction"]):
            wrong.append(f"{row['figure']}（{row['scope']}·{row['scope_value']}）的比例不是分子÷分母")
    return wrong


def negatives(frames: Mapping[str, pl.DataFrame]) -> list[str]:
    """Return a sentence for every amount below 0; differences (numerator, reduction) may be."""
    return [
        f"{name}的{column}有 {number} 个负数"
        for name, frame in frames.items()
        for column in frame.columns
        if frame.schema[column].is_numeric() and column not in ("numerator", "reduction")
        if (number := frame.filter(pl.col(column) < 0).height)
    ]


def unlisted(reports: pl.DataFrame, baseline: pl.DataFrame, findings: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the reports of the register that are neither in the baseline nor listed with a reason (OF-5xx)."""
    listed = {finding["report_id"] for finding in findings if finding["code"].startswith("OF-5")}
    known = set(baseline["report_id"]) | listed
    return [
        f"{report_id}《{name}》不在基线里，也没有列出理由"
        for report_id, name in reports.select("report_id", "report_name").iter_rows()
        if report_id not in known
    ]


def reductions(figures: pl.DataFrame) -> dict[str, float]:
    """Return the numbers worth following over time: the county's before, after and reduction, the mean of ratios."""
    said = {}
    for row in figures.filter(pl.col("scope").is_in((COUNTY, MEAN_OF_RATIOS))).iter_rows(named=True):
        name = row["figure"] if row["scope"] == COUNTY else f"{row['figure']}·{MEAN_OF_RATIOS}"
        if row["scope"] == COUNTY:
            said[f"{name}：整合前"] = round(row["before"], 2)
            said[f"{name}：整合后"] = round(row["after"] or 0.0, 2)
        if row["reduction"] is not None:
            said[f"{name}：下降（%）"] = round(row["reduction"] * 100, 2)
    return said


def _differ(found: Any, stated: Any) -> bool:
    return bool(abs(found - stated) > TOLERANCE * max(abs(stated), 1.0))
