"""The clocks set by law: review of an application, change of the catalogue, publication; and how they stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from pipelines import workdays
from pipelines.admission.decisions import ADMITTED, EXTENDED, MERGED, in_force, last_decisions
from pipelines.admission.proposal import APPLIED
from pipelines.workdays import Standing
from schemas.admission import AdmissionClocks
from schemas.faults import Finding
from schemas.faults import admission as faults


def standings(clocks: pl.DataFrame, today: str, own: Path | None = None) -> list[tuple[dict[str, Any], Standing]]:
    """Return how every clock stands on a day, the most pressing first. clocks: AdmissionClocks."""
    found = [
        (
            row,
            workdays.standing(
                workdays.clock(row["clock"], own),
                row["started_at"],
                today,
                row["ended_at"] or "",
                own,
                is_extended=row["is_extended"],
            ),
        )
        for row in clocks.iter_rows(named=True)
    ]
    return sorted(found, key=lambda pair: (bool(pair[0]["ended_at"]), pair[1].due, pair[0]["matter_id"]))


def run_clocks(
    requests: pl.DataFrame,
    decisions: pl.DataFrame,
    report_fields: pl.DataFrame,
    share_views: pl.DataFrame,
    before: pl.DataFrame,
    today: str,
) -> pl.DataFrame:
    """Return the clocks: the review of an application; then the catalogue's change; then its publication."""
    ended = {
        (row["matter_id"], row["clock"]): row["ended_at"] for row in before.iter_rows(named=True) if row["ended_at"]
    }
    last = last_decisions(decisions)
    extended = set(decisions.filter(pl.col("decision") == EXTENDED)["request_id"])
    catalogued, published = set(report_fields["form_id"]), set(share_views["report_id"])
    found = []

    def clock(
        request: dict[str, Any], name: str, started: str, end: str | None, is_extended: bool = False
    ) -> str | None:
        about = {"form_title": request["form_title"], "department_name": request["department_name"]}
        matter = {"matter_id": request["request_id"], "clock": name, "started_at": started, "ended_at": end}
        found.append({**matter, **about, "is_extended": is_extended})
        return end

    for request in in_force(requests).filter(pl.col("origin") == APPLIED).iter_rows(named=True):
        request_id, decision = request["request_id"], last.get(request["request_id"])
        clock(
            request,
            "admission",
            request["received_at"],
            decision["decided_at"] if decision else None,
            request_id in extended,
        )
        is_change = request["new_count"] + request["similar_count"] > 0
        if decision is None or decision["decision"] not in (*ADMITTED, MERGED) or not is_change:
            continue
        report_id = decision["report_id"]
        is_done = report_id in catalogued if decision["decision"] in ADMITTED else _is_taken_up(decision, last)
        changed = clock(
            request,
            "catalogue_change",
            decision["decided_at"],
            ended.get((request_id, "catalogue_change")) or (today if is_done else None),
        )
        if changed:
            is_out = ended.get((request_id, "publication")) or (today if report_id in published else None)
            clock(request, "publication", changed, is_out)
    return AdmissionClocks.frame(found)


def _is_taken_up(merged: dict[str, Any], last: dict[str, dict[str, Any]]) -> bool:
    """Return whether the form that another was merged into has been admitted again since, with the new items."""
    return any(
        row["decision"] in ADMITTED
        and row["report_id"] == merged["report_id"]
        and row["decided_at"] >= merged["decided_at"]
        for row in last.values()
    )


def clock_findings(clocks: pl.DataFrame, today: str, own: Path | None = None) -> list[Finding]:
    """Return a finding for every open clock that is about to run out (a warning) or has run out (an error)."""
    found = []
    for row, standing in standings(clocks, today, own):
        if standing.state not in ("临期", "逾期"):
            continue
        fault = faults.CLOCK_LATE if standing.is_late else faults.CLOCK_DUE
        details = {"name": row["form_title"], "department": row["department_name"], "due": standing.due}
        found.append(fault.at(title=standing.clock.title, left=abs(standing.left), **details))
    return found
