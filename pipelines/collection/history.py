"""The life of one value: who reported what, when, in which file, sheet and cell."""

from __future__ import annotations

import polars as pl


def history(
    values: pl.DataFrame,
    submissions: pl.DataFrame,
    subject_key: str,
    element_id: str,
    ledger: str | None = None,
) -> pl.DataFrame:
    """Return every version of a value, oldest first, from LedgerValues and Submissions.

    subject_key: the key of a subject, or the area code for indicators. Columns: ledger, period, value, null_reason,
    submitted_period, recorded_at, area_code, file_name, sheet, cell, clerk_name (as the file says), status (of the
    submission: 接收, or 被取代 when a later file of the same workbook replaced it), submission_id.
    """
    wanted = (pl.col("subject_key") == subject_key) & (pl.col("element_id") == element_id)
    if ledger:
        wanted &= pl.col("ledger") == ledger
    about = submissions.select("submission_id", "file_name", "clerk_name", "status")
    return (
        values.filter(wanted)
        .join(about, on="submission_id", how="left")
        .sort("recorded_at", maintain_order=True)
        .select(
            *("ledger", "period", "value", "null_reason", "submitted_period", "recorded_at", "area_code"),
            *("file_name", "sheet", "cell", "clerk_name", "status", "submission_id"),
        )
    )
