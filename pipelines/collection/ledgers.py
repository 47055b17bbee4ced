"""The ledgers as they stand: wide tables computed from the values that were accepted.

Sums over villages and slower periods from faster ones are computed here and never asked: what is counted adds up
(aggregation "sum"), what is measured at a point in time is the last of its months. Nothing is averaged.
"""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from pipelines import periods
from pipelines.collection.layout import CHANGE_COLUMN, MOVED_OUT
from pipelines.collection.ledger_list import INDICATOR
from pipelines.collection.over_time import added_up, computed

NUMERIC = {"integer": pl.Int64(), "decimal": pl.Float64()}
"""Column types of numbers; everything else is text in its canonical form (dates YYYY-MM-DD, booleans 是/否)."""
SHORTER = (("日", "周"), ("日", "旬"), ("周", "旬"), ("日", "月"), ("周", "月"), ("旬", "月"))
"""What is told at a pace is added up, or its last taken, straight from that pace: a week is no sum of ten-day periods,
nor they of weeks. The finest wins where the same was told at two."""
_IDENTITY = ("ledger", "subject_key", "element_id", "period")


def latest(values: pl.DataFrame) -> pl.DataFrame:
    """Return LedgerValues with only the latest row per ledger, subject, element and period."""
    if values.is_empty():
        return values
    ordered = values if values["recorded_at"].is_sorted() else values.sort("recorded_at", maintain_order=True)
    return ordered.unique(subset=_IDENTITY, keep="last", maintain_order=True)


def current(
    values: pl.DataFrame, elements: pl.DataFrame, fill_plan: pl.DataFrame | None = None
) -> dict[str, pl.DataFrame]:
    """Return every ledger as a wide frame, from LedgerValues and Elements.

    With FillPlan, what it says follows from earlier periods (上年同期, 累计) is computed too.

    Ledgers of subjects: subject_key, area_code and a column per element id, a row per subject that has not moved out.
    "indicator": area_code, period and a column per element id, a row per area (villages, townships, county) and period
    (days, weeks and ten-day periods where something was told for them; months, quarters, half-years, years). Integers
    are Int64, decimals Float64, everything else String; reasons for no value are null. A ledger that holds nothing is
    not in the dict.
    """
    held = latest(values)
    types = dict(elements.select("element_id", "data_type").iter_rows())
    found = {}
    for (ledger,), rows in held.group_by("ledger", maintain_order=True):
        if ledger != INDICATOR:
            found[str(ledger)] = _subjects(rows, types)
    told = held.filter(pl.col("ledger") == INDICATOR)
    indicators = told.filter(pl.col("value").is_not_null()).select("area_code", "period", "element_id", "value")
    if not indicators.is_empty():
        if fill_plan is not None:
            indicators = pl.concat([indicators, computed(told, fill_plan)])
            happens = pl.col("element_id").is_in(list(added_up(fill_plan)))
            elements = elements.with_columns(temporal=pl.when(happens).then(pl.lit("flow")).otherwise("temporal"))
        found[INDICATOR] = _indicators(indicators, elements, types)
    return found


def _subjects(rows: pl.DataFrame, types: dict[str, str]) -> pl.DataFrame:
    gone = rows.filter((pl.col("element_id") == CHANGE_COLUMN) & (pl.col("value") == MOVED_OUT)).select("subject_key")
    staying = rows.join(gone, on="subject_key", how="anti")
    areas = staying.group_by("subject_key", maintain_order=True).agg(pl.col("area_code").last())
    held = staying.filter(pl.col("element_id") != CHANGE_COLUMN)
    names = held["element_id"].unique(maintain_order=True).to_list()
    wide = held.pivot(on="element_id", on_columns=names, index="subject_key", values="value", aggregate_function="last")
    return (
        areas.join(wide, on="subject_key", how="left")
        .with_columns(_typed(names, types))
        .sort("area_code", "subject_key")
    )


def _indicators(rows: pl.DataFrame, elements: pl.DataFrame, types: dict[str, str]) -> pl.DataFrame:
    kinds = elements.select("element_id", "temporal", "aggregation", "data_type")
    long = rows.join(kinds, on="element_id", how="left")
    long = long.with_columns(
        pl.when(pl.col("data_type").is_in(list(NUMERIC)))
        .then(pl.col("value").cast(pl.Decimal(38, 6), strict=False))
        .alias("number")
    )
    for digits in (9, 6):
        long = _add(long, _sums(long, digits))
    told = long
    for finer, coarser in SHORTER:
        long = _add(long, _rolled(told, finer, coarser))
    for finer, coarser in pairwise(("月", "季", "半年", "年")):
        long = _add(long, _rolled(long, finer, coarser))
    names = long["element_id"].unique(maintain_order=True).to_list()
    wide = long.pivot(on="element_id", on_columns=names, index=["area_code", "period"], values="value")
    return wide.with_columns(_typed(names, types)).sort("area_code", "period")


def _sums(long: pl.DataFrame, digits: int) -> pl.DataFrame:
    """Return the sums over the areas below: villages for 9 digits (township), townships for 6 (county)."""
    below = pl.col("area_code").str.slice(digits) != "0" * (12 - digits)
    direct = pl.col("area_code").str.slice(9) == "000" if digits == 6 else pl.lit(True)
    return _texts(
        long.filter(below & direct & (pl.col("aggregation") == "sum") & pl.col("number").is_not_null())
        .with_columns(pl.col("area_code").str.slice(0, digits) + "0" * (12 - digits))
        .group_by("area_code", "period", "element_id", maintain_order=True)
        .agg(pl.col("number").sum(), pl.col("temporal", "aggregation", "data_type").first())
    )


def _rolled(long: pl.DataFrame, finer: str, coarser: str) -> pl.DataFrame:
    """Return the values of slower periods: a flow is the sum of its parts, a stock the last of them."""
    names = [period for period in long["period"].unique().to_list() if periods.pace(period) == finer]
    into = {period: periods.containing(coarser, period) for period in names}
    if not into:
        return long.clear()
    parts = (
        long.filter(pl.col("period").is_in(names))
        .sort("period", maintain_order=True)
        .with_columns(pl.col("period").replace_strict(into, return_dtype=pl.String))
    )
    by = ("area_code", "period", "element_id")
    is_flow = (pl.col("temporal") == "flow") & pl.col("number").is_not_null()
    flows = parts.filter(is_flow).group_by(by, maintain_order=True)
    stocks = parts.filter(~is_flow).group_by(by, maintain_order=True)
    kept = pl.col("temporal", "aggregation", "data_type").first()
    summed = _texts(flows.agg(pl.col("number").sum(), kept))
    last = stocks.agg(pl.col("value", "number").last(), kept).select(long.columns)
    return pl.concat([summed, last])


def _texts(rows: pl.DataFrame) -> pl.DataFrame:
    text = pl.col("number").cast(pl.String).str.replace(r"\.?0+$", "")
    return rows.with_columns(
        pl.when(pl.col("number").cast(pl.String).str.contains(".", literal=True))
        .then(text)
        .otherwise(pl.col("number").cast(pl.String))
        .alias("value")
    ).select("area_code", "period", "element_id", "value", "temporal", "aggregation", "data_type", "number")


def _add(long: pl.DataFrame, computed: pl.DataFrame) -> pl.DataFrame:
    """Return both; what was filled in itself is not replaced by what is computed."""
    missing = computed.join(long, on=["area_code", "period", "element_id"], how="anti")
    return pl.concat([long, missing.select([pl.col(name).cast(kind) for name, kind in long.schema.items()])])


def _typed(names: list[str], types: dict[str, str]) -> list[pl.Expr]:
    return [
        pl.col(name).cast(pl.Decimal(38, 6), strict=False).cast(NUMERIC[types[name]], strict=False)
        for name in names
        if types.get(name) in NUMERIC
    ]
