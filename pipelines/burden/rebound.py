"""Rebound watch: what departments asked anew since the baseline, month by month. Reductions last only if this is small.

Computed from the baseline and the evidence of each day; the gate's register, where there is one, gives the day of
admission. Columns that the shared workbooks need for themselves (marks, keys) are no department's new question.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from pipelines.burden.inputs import ADMISSIONS
from schemas.burden import BurdenRebound

SEEN = {
    "as_of": pl.String,
    "department_name": pl.String,
    "report_id": pl.String,
    "field_id": pl.String,
    "role": pl.String,
    "is_new_form": pl.Boolean,
    "new_as_form": pl.Float64,
    "cells_after": pl.Float64,
}
"""What a day's evidence says of fields since the baseline."""


def new_since_baseline(rows: pl.DataFrame, as_of: str) -> pl.DataFrame:
    """Return the fields of one state that the baseline has not (SEEN). rows: BurdenRows of a day."""
    old = rows.filter(~pl.col("is_new")).select("report_id").unique()
    new = rows.filter(pl.col("is_new") & pl.col("report_name").is_not_null())
    is_new_form = new.join(old, on="report_id", how="anti").select("report_id").unique()
    return new.select(
        pl.lit(as_of).alias("as_of"),
        "department_name",
        "report_id",
        "field_id",
        "role",
        pl.col("report_id").is_in(is_new_form["report_id"].to_list()).alias("is_new_form"),
        (pl.col("new_as_form") if "new_as_form" in rows.columns else pl.lit(0.0)).alias("new_as_form"),
        "cells_after",
    )


def history(root: Path, until: str) -> pl.DataFrame:
    """Return what the kept evidence of every day before `until` (YYYY-MM-DD) says of new fields (SEEN)."""
    days = sorted(path for path in root.glob("*/burden_rows.parquet") if path.parent.name < until)
    return _all(new_since_baseline(pl.read_parquet(path), path.parent.name) for path in days)


def rebound(seen: pl.DataFrame, frozen_at: str, as_of: str, admitted: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return BurdenRebound: a row per department and month in which it asked anew; none when nobody did.

    seen: SEEN of all days up to as_of. A field counts in the month it was first seen, a form with a control number in
    the month of its admission. admitted: report_id, control_no, admitted_at (YYYY-MM-DD) of the gate's register. Cells
    are those of the last day the field was seen; gone_items were withdrawn again by as_of.
    """
    if seen.is_empty():
        return BurdenRebound.empty()
    last_day = seen["as_of"].max()
    fields = (
        seen.sort("as_of")
        .group_by("field_id", maintain_order=True)
        .agg(
            pl.col("as_of").first().alias("first_seen"),
            pl.col("as_of").last().alias("last_seen"),
            pl.col("department_name", "report_id", "role", "is_new_form", "new_as_form", "cells_after").last(),
        )
    )
    known = pl.DataFrame(schema=ADMISSIONS)
    if admitted is not None:
        known = admitted.select(known.columns).filter(pl.col("admitted_at").str.slice(0, 10) > frozen_at)
    fields = fields.join(known.unique("report_id", keep="first"), on="report_id", how="left").with_columns(
        pl.when(pl.col("is_new_form"))
        .then(pl.coalesce("admitted_at", "first_seen"))
        .otherwise("first_seen")
        .str.slice(0, 7)
        .alias("month")
    )
    new_form = pl.col("report_id").filter("is_new_form")
    is_item = pl.col("role").is_in(("fill", ""))
    return (
        fields.group_by("month", "department_name")
        .agg(
            new_form.n_unique().cast(pl.Int64).alias("new_forms"),
            pl.col("report_id")
            .filter(pl.col("is_new_form") & pl.col("control_no").is_not_null())
            .n_unique()
            .cast(pl.Int64)
            .alias("admitted_forms"),
            is_item.sum().cast(pl.Int64).alias("new_items"),
            (is_item & (pl.col("last_seen") < last_day)).sum().cast(pl.Int64).alias("gone_items"),
            pl.col("new_as_form").sum().alias("new_cells"),
            pl.col("cells_after").sum().alias("added_cells"),
        )
        .with_columns(pl.lit(frozen_at).alias("frozen_at"), pl.lit(as_of).alias("as_of"))
        .select(list(BurdenRebound.schema_types()))
        .sort("month", "department_name")
    )


def months(frozen_at: str, as_of: str) -> list[str]:
    """Return every month from the baseline's to that of as_of, so that a month without anything new is seen too.

    >>> months("2025-11-28", "2026-01-02")
    ['2025-11', '2025-12', '2026-01']
    """
    first, last = ((int(day[:4]) * 12 + int(day[5:7]) - 1) for day in (frozen_at, as_of))
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, last + 1)]


def _all(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=SEEN), *frames])
