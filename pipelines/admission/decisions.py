"""What decisions say together: the one that holds on each request, the control numbers given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipelines.rulebook import settings

ADMITTED = ("精简后准入", "准入")
MERGED, EXTENDED, REVOKED = "合并", "延期", "撤销"


def last_decisions(decisions: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the decision that holds on each request, extensions apart."""
    found: dict[str, dict[str, Any]] = {}
    for row in decisions.iter_rows(named=True):
        if row["decision"] != EXTENDED:
            found[row["request_id"]] = row
    return found


def in_force(requests: pl.DataFrame) -> pl.DataFrame:
    """Return the requests that stand: of the same content and department only the last, which replaced the others."""
    return requests.unique(["content_hash", "department_name", "origin"], keep="last", maintain_order=True)


def next_number(decisions: pl.DataFrame, county_code: str, today: str, own: Path | None = None) -> str:
    """Return the next control number: the county, the year, and a number that goes on through the year."""
    pattern = str(settings("admission", own)["register"]["number"])
    year = today[:4]
    used = set(decisions["control_no"].drop_nulls())
    serial = 1
    while (number := pattern.format(county=county_code or "000000", year=year, serial=serial)) in used:
        serial += 1
    return number
