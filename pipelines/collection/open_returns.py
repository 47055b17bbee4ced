"""Which returned files still wait for a corrected one, and what was wrong with them."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

import polars as pl

from schemas.faults import Finding


def open_returns(submissions: pl.DataFrame, just_arrived: Set[str]) -> set[str]:
    """Return the names of returned files of which no later workbook was accepted; those that just arrived left out."""
    accepted = submissions.filter(pl.col("status") == "接收")["workbook_id"].drop_nulls().to_list()
    waiting = submissions.filter((pl.col("status") == "退回") & ~pl.col("workbook_id").is_in(accepted).fill_null(False))
    return set(waiting["file_name"]) - just_arrived


def earlier_findings(findings: pl.DataFrame, files: Set[str], stage: str = "submissions") -> list[Finding]:
    """Return the findings on record (Findings) of a stage that concern some files."""
    chosen = findings.filter((pl.col("stage") == stage) & pl.col("file").is_in(list(files)))
    rows: list[dict[str, Any]] = chosen.drop("stage").with_columns(pl.all().fill_null("")).to_dicts()
    return [Finding(**row) for row in rows]
