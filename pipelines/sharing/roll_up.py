"""The indicator ledger at the pace of a report: slower periods made of faster ones, and a row for every area."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.periods import months

KEYS = ("area_code", "period")
PACES: Mapping[str, str] = {"日": "月", "周": "月", "旬": "月", "月": "月", "季": "季", "半年": "半年", "年": "年"}
"""Daily to ten-day reports are answered by the month; what is due at any time shows the newest value there is."""


def period_of(frequency: str, month: str) -> str:
    """Return the period of a report of this frequency that a month lies in.

    >>> [period_of(f, "2025-09") for f in ("月", "季", "半年", "年", "随时")]
    ['2025-09', '2025-Q3', '2025-H2', '2025', '2025-09']
    """
    year, number = month[:4], int(month[5:7])
    return {
        "季": f"{year}-Q{(number + 2) // 3}",
        "半年": f"{year}-H{1 if number <= 6 else 2}",
        "年": year,
    }.get(PACES.get(frequency, ""), month)


def at_pace(
    indicator: pl.DataFrame, frequency: str, month: str, temporal: Mapping[str, str], areas: pl.DataFrame
) -> pl.DataFrame:
    """Return the indicator ledger for reports of one frequency: area_code, period, element columns.

    indicator: area_code, period, a column per element, at every level. temporal: element id → "flow" (summed over the
    months of the period), "stock" or "none" (the newest of them). A value that was given for the slower period itself
    wins. For reports due at any time: the newest value of every element up to the month, the finer period first. Every
    area has a row for the period that `month` lies in. Periods that begin after `month` are left out.
    """
    target = period_of(frequency, month)
    columns = [column for column in indicator.columns if column not in KEYS]
    spine = areas.select("area_code").with_columns(period=pl.lit(target))
    begun = [period for period in indicator["period"].unique() if months(period)[0] <= month]
    past = indicator.filter(pl.col("period").is_in(begun))
    if frequency not in PACES:
        ends = {period: (months(period)[-1], -len(months(period))) for period in past["period"].unique()}
        newest_last = sorted(ends, key=lambda period: ends[period])
        ordered = past.sort(
            pl.col("period").replace_strict({p: i for i, p in enumerate(newest_last)}, return_dtype=pl.Int64)
        )
        newest = ordered.group_by("area_code").agg(pl.col(column).drop_nulls().last() for column in columns)
        return spine.join(newest, on="area_code", how="left").sort(KEYS)
    finer = past.filter(pl.col("period").map_elements(lambda p: _pace(p) == "月", return_dtype=pl.Boolean))
    rolled = (
        finer.with_columns(
            period=pl.col("period").map_elements(lambda p: period_of(frequency, p), return_dtype=pl.String)
        )
        .with_columns(finer["period"].alias("_month"))
        .sort("_month")
        .group_by(KEYS)
        .agg(
            _summed(column) if temporal.get(column) == "flow" else pl.col(column).drop_nulls().last()
            for column in columns
        )
    )
    own = past.filter(pl.col("period").map_elements(lambda p: _pace(p) == PACES[frequency], return_dtype=pl.Boolean))
    keys = pl.concat([spine, own.select(KEYS), rolled.select(KEYS)]).unique()
    joined = keys.join(own, on=KEYS, how="left").join(rolled, on=KEYS, how="left", suffix="_rolled")
    return joined.select(*KEYS, *(pl.coalesce(column, f"{column}_rolled").alias(column) for column in columns)).sort(
        KEYS
    )


def _summed(column: str) -> pl.Expr:
    """Return the sum of what is there, null when nothing is."""
    return pl.when(pl.col(column).is_not_null().any()).then(pl.col(column).sum())


def _pace(period: str) -> str:
    return {1: "月", 3: "季", 6: "半年", 12: "年"}[len(months(period))]
