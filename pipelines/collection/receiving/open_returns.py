"""Which returned files still wait for a corrected one, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from schemas.faults import Finding


def open_returns(submissions: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return (submission_id, file_name) of returned files (rows of Submissions) of whose workbook none was accepted."""
    rows = list(submissions)
    accepted = {row["workbook_id"] for row in rows if row["status"] == "接收"} - {None}
    return [
        (row["submission_id"], row["file_name"])
        for row in rows
        if row["status"] == "退回" and row["workbook_id"] not in accepted
    ]


def as_findings(rows: pl.DataFrame) -> list[Finding]:
    """Return the findings that rows of SubmissionFindings tell."""
    told = rows.drop("submission_id").with_columns(pl.all().fill_null(""))
    return [Finding(**row) for row in told.to_dicts()]
