"""Counts of the ledgers that the figures rest on: numbers only, so that an auditor's copy holds no personal data."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.sharing import AREA_GRAIN


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the ledgers hold.

    subjects: (ledger, subjects), a row per ledger of subjects. answers: (ledger, element_id, answers), subjects with a
    value or a stated reason for none. table_rows: (report_id, table_no, rows), rows of a report's table as published;
    null for a table over areas, whose rows are sums and periods too and so no count of what a respondent fills.
    """

    subjects: pl.DataFrame
    answers: pl.DataFrame
    table_rows: pl.DataFrame


SUBJECTS = {"ledger": pl.String, "subjects": pl.Float64}
ANSWERS = {"ledger": pl.String, "element_id": pl.String, "answers": pl.Float64}
TABLE_ROWS = {"report_id": pl.String, "table_no": pl.Int64, "rows": pl.Float64}


def no_counts() -> Counts:
    """Return the counts of a county that has collected nothing yet."""
    return Counts(pl.DataFrame(schema=SUBJECTS), pl.DataFrame(schema=ANSWERS), pl.DataFrame(schema=TABLE_ROWS))


def count(ledger_values: pl.DataFrame, share_views: pl.DataFrame) -> Counts:
    """Return the counts of LedgerValues and ShareViews; the indicator ledger, which has no subjects, is left out."""
    held = ledger_values.filter((pl.col("ledger") != "indicator") & (pl.col("period") == ""))
    if held.is_empty():
        # Views over empty ledgers have no rows yet; that is no count of anybody.
        share_views = share_views.clear()
    filled = held.filter(pl.col("value").is_not_null() | pl.col("null_reason").is_not_null())
    return Counts(
        held.group_by("ledger").agg(pl.col("subject_key").n_unique().cast(pl.Float64).alias("subjects")).sort("ledger"),
        filled.group_by("ledger", "element_id")
        .agg(pl.col("subject_key").n_unique().cast(pl.Float64).alias("answers"))
        .sort("ledger", "element_id"),
        share_views.group_by("report_id", "table_no")
        .agg(
            pl.when((pl.col("grain") == AREA_GRAIN).any())
            .then(None)
            .otherwise(pl.col("row_count").sum().cast(pl.Float64))
            .alias("rows")
        )
        .sort("report_id", "table_no"),
    )
