"""G of the worksheet from measured fill times: median, n and a distribution-free interval. No average, no model.

The time between issue and return is no fill time: a form lies on desks. What counts is said in burden.toml.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from pathlib import Path
from statistics import median

import polars as pl

from pipelines import rulebook
from schemas.burden import FillTimes

COVERAGE = 0.95
"""Wanted coverage of the interval of the median."""

SUMMARY = {
    "target": pl.String,
    "target_id": pl.String,
    "method": pl.String,
    "n": pl.Int64,
    "median_minutes": pl.Float64,
    "low_minutes": pl.Float64,
    "high_minutes": pl.Float64,
    "coverage": pl.Float64,
    "is_counted": pl.Boolean,
}


def observations(own_rules: Path | None, received: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the observations (FillTimes) of rules/burden_fill_times.csv, and of received workbooks when given.

    An unreadable number of minutes raises ValueError: the county gives the file, and a wrong row must not vanish.
    """
    given = [
        row | {"minutes": float(row["minutes"])}
        for row in rulebook.rows("burden_fill_times", own_rules)
        if row["target_id"] and row["minutes"]
    ]
    frame = FillTimes.frame(given)
    return frame if received is None else pl.concat([frame, received.select(frame.columns)])


def summary(observed: pl.DataFrame, on: str, counted: Sequence[str]) -> pl.DataFrame:
    """Return n, median and interval per target and method of what was observed until a day (columns: SUMMARY).

    observed: FillTimes; counted: the methods that G may rest on. low_minutes and high_minutes are order statistics, the
    narrowest symmetric pair whose coverage of the median is at least 95 %; coverage says what it is. Below n = 6 no
    pair reaches that: smallest and largest stand, with their lower coverage; n = 1 has no interval.
    """
    rows = []
    valid = observed.filter((pl.col("observed_at").str.slice(0, 10) <= on) & (pl.col("minutes") > 0))
    for (target, target_id, method), group in valid.sort("target", "target_id", "method").group_by(
        "target", "target_id", "method", maintain_order=True
    ):
        minutes = group["minutes"].sort().to_list()
        low, high, coverage = interval(minutes)
        rows.append((target, target_id, method, len(minutes), median(minutes), low, high, coverage, method in counted))
    return pl.DataFrame(rows, schema=SUMMARY, orient="row")


def interval(minutes: Sequence[float]) -> tuple[float | None, float | None, float]:
    """Return low, high and coverage of the interval of the median of sorted values (order statistics, binomial 1/2).

    >>> interval([20, 25, 30, 35, 40, 60])
    (20, 60, 0.96875)
    >>> interval([20, 30])
    (20, 30, 0.5)
    >>> interval([20])
    (None, None, 0.0)
    """
    n = len(minutes)
    if n < 2:
        return None, None, 0.0
    tail, best = 0, (1, 1 - 2 / 2**n)
    for k in range(1, n // 2 + 1):
        tail += comb(n, k - 1)
        coverage = 1 - 2 * tail / 2**n
        if coverage < COVERAGE:
            break
        best = (k, coverage)
    k, coverage = best
    return minutes[k - 1], minutes[n - k], coverage


def measured_minutes(observed: pl.DataFrame, on: str, counted: Sequence[str]) -> dict[str, float]:
    """Return the median minutes of every report measured until a day, over all counted methods together."""
    valid = observed.filter(
        (pl.col("target") == "报表")
        & pl.col("method").is_in(list(counted))
        & (pl.col("minutes") > 0)
        & (pl.col("observed_at").str.slice(0, 10) <= on)
    )
    return {
        target: float(median(minutes))
        for target, minutes in valid.group_by("target_id").agg(pl.col("minutes")).iter_rows()
    }
