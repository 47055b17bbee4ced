"""How long the log is kept (条例 29: at least three years), and who read the data of an area."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.rulebook import settings
from pipelines.sharing.policy import lies_in
from pipelines.store.audit_log import append, read
from pipelines.store.audit_parts import close_full, last_of, lines_of, locked, parts
from schemas.sharing import CLEARED, GIVEN


def rotate(log: Path) -> Path | None:
    """Close the growing part now, e.g. at the turn of the year; return it, None when there is nothing to close."""
    with locked(log):
        return close_full(log, is_forced=True)


def keep_until(last_entry: str, own: Path | None = None) -> str:
    """Return the day (YYYY-MM-DD) until which a part is kept whose last entry is of `last_entry`.

    >>> keep_until("2024-02-29T09:00:00"), keep_until("2025-12-31T00:00:00")
    ('2027-03-01', '2028-12-31')
    """
    day, years = date.fromisoformat(last_entry[:10]), max(3, int(settings("audit", own)["log"]["keep_years"]))
    try:
        return day.replace(year=day.year + years).isoformat()
    except ValueError:  # 29 February of a leap year
        return date(day.year + years, 3, 1).isoformat()


def clear(log: Path, at: str, by: str, own: Path | None = None) -> list[str]:
    """Delete closed parts whose time of keeping is over on the day of `at`; return their names.

    Before a part goes, an entry in the chain says which entries went and with which hash they ended, so that the rest
    can still be verified. Entries younger than three years cannot be cleared, whatever a county's own rule says.
    """
    gone = []
    for part in parts(log):
        if part == log:
            break
        newest = max(json.loads(line)["at"] for line in lines_of(part))
        if keep_until(newest, own) >= at[:10]:
            break
        last, digest = last_of(part)
        append(log, _cleared(at, by, last, digest, f"保存期满，清理至第 {last} 条（{newest[:10]}）"))
        part.unlink()
        gone.append(part.name)
    return gone


def readers(log: Path, area_code: str) -> pl.DataFrame:
    """Return the entries by which data of an area left: pulls whose row scope holds the area, or lies inside it.

    Columns of PullLog, newest first. A township sees who read its data and for what, never which data.
    """
    frame = read(log).filter(pl.col("outcome") == GIVEN, pl.col("row_count") > 0)
    scopes = [code for code in frame["area_code"].unique() if lies_in(area_code, code) or lies_in(code, area_code)]
    return frame.filter(pl.col("area_code").is_in(scopes)).sort("entry_no", descending=True)


def of_department(log: Path, department: str, count: int) -> list[dict[str, Any]]:
    """Return a department's newest entries, newest first; the log is read from its end, no further than needed."""
    mark = f'"department_name": {json.dumps(department, ensure_ascii=False)}'
    found: list[dict[str, Any]] = []
    for part in reversed(parts(log)):
        for line in reversed(lines_of(part)):
            if mark in line and (entry := json.loads(line))["department_name"] == department:
                found.append(entry)
                if len(found) == count:
                    return found
    return found


def repair(log: Path) -> Path | None:
    """Put a torn last line (the power failed while it was written, so nothing left) into a file of its own.

    Returns that file, None when the last line is whole. The chain then goes on from the last whole entry.
    """
    with locked(log):
        content = log.read_bytes() if log.exists() else b""
        if not content or content.endswith(b"\n"):
            return None
        whole, _, torn = content.rpartition(b"\n")
        aside = log.with_name(f"{log.stem}.残行-{hashlib.sha256(torn).hexdigest()[:8]}")
        aside.write_bytes(torn)
        with log.open("r+b") as handle:
            handle.truncate(len(whole) + 1 if whole else 0)
            os.fsync(handle.fileno())
        return aside


def _cleared(at: str, by: str, last: int, digest: str, reason: str) -> Mapping[str, Any]:
    empty = dict.fromkeys(("view_name", "snapshot", "purpose", "area_code", "column_names"), "")
    who = {"at": at, "department_name": by, "channel": "命令行"}
    return {**empty, **who, "row_count": last, "outcome": CLEARED, "reason": reason, "content_hash": digest}
