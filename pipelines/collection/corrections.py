"""Correction requests: an upper level doubts a value, and only the respondent's next submission changes or confirms it.

《统计法实施条例》: whoever finds an error returns it, and the one who filled it corrects it.
《政务数据共享条例》第二十六条: answered within ten working days.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import workdays
from pipelines.collection.asked import CONFIRMED, CORRECTED
from pipelines.collection.layout import CHANGE_COLUMN, MOVED_OUT
from pipelines.collection.ledger_list import CORRECTION, ledgers
from pipelines.collection.ledgers import latest
from schemas.faults import Finding
from schemas.faults import collection as faults
from schemas.ledgers import CorrectionRequests

CLOCK = "correction"
LATE = ("临期", "逾期")


def request(
    values: pl.DataFrame,
    subject_key: str,
    element_id: str,
    period: str,
    *,
    department: str,
    raised_by: str,
    reason: str,
    suggested: str,
    raised_at: str,
) -> pl.DataFrame:
    """Return a row of CorrectionRequests that doubts a value which LedgerValues hold; an empty frame when none does.

    subject_key: a subject's key, or an area code for indicators; period: "" for subjects; for indicators the period, or
    "" for the newest there is.
    """
    held = latest(values).filter((pl.col("subject_key") == subject_key) & (pl.col("element_id") == element_id))
    if period:
        held = held.filter(pl.col("period") == period)
    if held.is_empty():
        return CorrectionRequests.empty()
    order = list(ledgers())  # a number may stand in two ledgers: the one of the things themselves comes first
    first = min(held["ledger"].unique(), key=lambda name: order.index(name) if name in order else len(order))
    row = held.filter(ledger=first).sort("period", "recorded_at", maintain_order=True).row(-1, named=True)
    identity = "|".join((raised_at, department, row["ledger"], subject_key, element_id, row["period"], reason))
    return CorrectionRequests.frame(
        [
            {
                "request_id": "C" + hashlib.sha256(identity.encode()).hexdigest()[:10],
                "raised_at": raised_at,
                "department_name": department,
                "raised_by": raised_by,
                "value": row["value"] if row["value"] is not None else row["null_reason"],
                "suggested": suggested or None,
                "reason": reason,
                **{name: row[name] for name in ("ledger", "subject_key", "area_code", "period", "element_id")},
            }
        ]
    )


def standings(requests: pl.DataFrame, values: pl.DataFrame, today: str, own: Path | None = None) -> pl.DataFrame:
    """Return CorrectionRequests with how each stands on a day (YYYY-MM-DD).

    More columns: due (YYYY-MM-DD), state (办理中, 临期, 逾期, 已办, 逾期办结), days_left (working days, Int64), outcome
    ("" while open, else 原数无误, 已更正 or 主体已移出), value_now.
    values: LedgerValues, also those of ledger "correction".
    """
    clock = workdays.clock(CLOCK, own)
    said = _settled(requests, values)
    rows = []
    for row in requests.iter_rows(named=True):
        outcome, ended, now = said.get(row["request_id"], ("", "", row["value"]))
        stands = workdays.standing(clock, row["raised_at"][:10], today, ended[:10], own)
        rows.append((stands.due, stands.state, stands.left, outcome, now))
    schema = {"due": pl.String, "state": pl.String, "days_left": pl.Int64, "outcome": pl.String, "value_now": pl.String}
    return requests.hstack(pl.DataFrame(rows, schema=schema, orient="row"))


def late(standing: pl.DataFrame, titles: Mapping[str, str]) -> list[Finding]:
    """Return a finding for each open request that is near its term or past it. standing: what `standings` gives."""
    return [
        faults.CORRECTION_LATE.at(
            department=row["department_name"],
            subject=row["subject_key"],
            column=titles.get(row["element_id"], row["element_id"]),
            due=row["due"],
            state=row["state"],
        )
        for row in standing.filter(pl.col("state").is_in(LATE)).sort("due").iter_rows(named=True)
    ]


def _settled(requests: pl.DataFrame, values: pl.DataFrame) -> dict[str, tuple[str, str, str | None]]:
    """Return request → (outcome, when, the value then): what the respondent said first after it was raised."""
    keys = requests["subject_key"].unique().to_list() + requests["request_id"].to_list()
    said: dict[str, list[dict[str, Any]]] = {}
    for row in (
        values.filter(pl.col("subject_key").is_in(keys)).sort("recorded_at", maintain_order=True).iter_rows(named=True)
    ):
        said.setdefault(row["subject_key"], []).append(row)
    found: dict[str, tuple[str, str, str | None]] = {}
    for request in requests.iter_rows(named=True):
        outcome, ended, now = "", "", request["value"]
        about = [*said.get(request["subject_key"], ()), *said.get(request["request_id"], ())]
        for row in about:
            if row["recorded_at"] <= request["raised_at"]:
                continue
            text = row["value"] if row["value"] is not None else row["null_reason"]
            is_it = all(row[name] == request[name] for name in ("ledger", "subject_key", "element_id", "period"))
            has_left = row["element_id"] == CHANGE_COLUMN and text == MOVED_OUT and row["ledger"] == request["ledger"]
            if is_it:
                now = text
                outcome = outcome or (CONFIRMED if text == request["value"] else CORRECTED)
            elif has_left:
                outcome = outcome or "主体已移出"
            elif row["ledger"] == CORRECTION:
                outcome = outcome or str(text)
            else:
                continue
            ended = min(ended or row["recorded_at"], row["recorded_at"])
        if outcome:
            found[request["request_id"]] = (outcome, ended, now)
    return found
