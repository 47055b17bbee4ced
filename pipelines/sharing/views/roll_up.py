"""The indicator ledger at the pace of a report: slower periods made of faster ones, and a row for every area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from pipelines import periods

KEYS = ("area_code", "period")
PACED = periods.ORDER[:7]
"""Frequencies with periods of their own; what is due at any time shows the newest value there is."""
NONE: Mapping[str, str] = {}


def newest_periods(told: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Return the newest month that was told of, and the newest period of every pace shorter than a month, by pace.

    The month is that of a month's workbook: one week told of January does not make January's reports.

    >>> newest_periods(("2025-11", "2025-12", "2025-12-X3", "2026-W01"))
    ('2025-12', {'周': '2026-W01', '旬': '2025-12-X3'})
    >>> newest_periods(("2025-W40",)), newest_periods(())
    (('2025-10', {'周': '2025-W40'}), ('', {}))
    """
    known = set(told)
    found = {frequency: periods.newest(known, frequency) for frequency in periods.SHORT}
    short = {frequency: period for frequency, period in found.items() if period}
    month = periods.newest(known, "月") or max((periods.months(period)[0] for period in short.values()), default="")
    return month, short


def period_of(frequency: str, month: str, short: Mapping[str, str] = NONE) -> str:
    """Return the period that a report of this frequency shows now.

    month, short: as `newest_periods` gives them; of a pace that nothing was told at, the last period of the month.

    >>> [period_of(f, "2025-09") for f in ("月", "季", "半年", "年", "随时")]
    ['2025-09', '2025-Q3', '2025-H2', '2025', '2025-09']
    >>> period_of("旬", "2025-09", {"旬": "2025-10-X1"}), period_of("周", "2025-09")
    ('2025-10-X1', '2025-W39')
    """
    return short.get(frequency) or periods.containing(frequency, month)


def at_pace(
    indicator: pl.DataFrame,
    frequency: str,
    month: str,
    temporal: Mapping[str, str],
    areas: pl.DataFrame,
    short: Mapping[str, str] = NONE,
) -> pl.DataFrame:
    """Return the indicator ledger for reports of one frequency: area_code, period, element columns.

    indicator: area_code, period, a column per element, at every level. temporal: element id → "flow" (summed over the
    months of the period), "stock" or "none" (the newest of them). A value that was given for the slower period itself
    wins. For reports due at any time: the newest value of every element, the finer period first. Every area has a row
    for the period that the report shows now (`period_of`). Periods that begin after it are left out.
    """
    target = period_of(frequency, month, short)
    columns = [column for column in indicator.columns if column not in KEYS]
    spine = areas.select("area_code").with_columns(period=pl.lit(target))
    shown = (target,) if frequency in periods.SHORT else (month,) if frequency in PACED else (month, *short.values())
    until = max(periods.days(period)[1] for period in shown)
    begun = [period for period in indicator["period"].unique() if periods.days(period)[0] <= until]
    past = indicator.filter(pl.col("period").is_in(begun))
    if frequency not in PACED:
        newest_last = sorted(begun, key=lambda period: periods.days(period)[::-1])
        ordered = past.sort(
            pl.col("period").replace_strict({p: i for i, p in enumerate(newest_last)}, return_dtype=pl.Int64)
        )
        newest = ordered.group_by("area_code").agg(pl.col(column).drop_nulls().last() for column in columns)
        return spine.join(newest, on="area_code", how="left").sort(KEYS)
    paces = {period: periods.pace(period) for period in begun}
    source = frequency if frequency in periods.SHORT else "月"
    into = {period: periods.containing(frequency, period) for period in begun if paces[period] == source}
    finer = past.filter(pl.col("period").is_in(list(into)))
    rolled = (
        finer.with_columns(period=pl.col("period").replace_strict(into, return_dtype=pl.String))
        .with_columns(finer["period"].alias("_month"))
        .sort("_month")
        .group_by(KEYS)
        .agg(
            _summed(column) if temporal.get(column) == "flow" else pl.col(column).drop_nulls().last()
            for column in columns
        )
    )
    own = past.filter(pl.col("period").is_in([period for period in begun if paces[period] == frequency]))
    keys = pl.concat([spine, own.select(KEYS), rolled.select(KEYS)]).unique()
    joined = keys.join(own, on=KEYS, how="left").join(rolled, on=KEYS, how="left", suffix="_rolled")
    return joined.select(*KEYS, *(pl.coalesce(column, f"{column}_rolled").alias(column) for column in columns)).sort(
        KEYS
    )


def _summed(column: str) -> pl.Expr:
    """Return the sum of what is there, null when nothing is."""
    return pl.when(pl.col(column).is_not_null().any()).then(pl.col(column).sum())
