"""A decision on a request, checked before it is recorded: who, when, why; number and expiry for what is admitted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import workdays
from pipelines.admission.county import County
from pipelines.admission.decisions import ADMITTED, EXTENDED, MERGED, next_number
from pipelines.rulebook import settings
from schemas.admission import DECISIONS
from schemas.faults import Finding
from schemas.faults import admission as faults


@dataclass(frozen=True, slots=True)
class Decided:
    """row: of AdmissionDecisions; and of the request: title, department, file, the day it was taken in."""

    row: dict[str, Any]
    title: str
    department_name: str
    source_file: str
    received_at: str


def decide(
    request_id: str, decision: str, decided_by: str, reason: str, until: str, into: str, county: County
) -> tuple[Decided | None, list[Finding]]:
    """Return the decision ready to be recorded, or what is wrong with it; nothing is decided by default.

    until: last day of validity, YYYY-MM-DD; "" for the longest term. into: the report that it is merged into. A form
    that is admitted gets the county's next control number; a new edition of a form keeps its report id.
    """
    asked = county.requests.filter(pl.col("request_id") == request_id).to_dicts()
    if not asked:
        return None, [faults.REQUEST_UNKNOWN.at(request_id=request_id)]
    request = asked[0]
    if decision not in DECISIONS:
        return None, [faults.DECISION_UNKNOWN.at(decision=decision, allowed="、".join(DECISIONS))]
    stated = {"决定人（--by）": decided_by, "理由（--reason）": reason}
    missing = [title for title, text in stated.items() if not text.strip()]
    if missing:
        return None, [faults.DECISION_INCOMPLETE.at(missing="、".join(missing))]
    wrong = _wrong_extension(request, decision, county) or _wrong_target(decision, into, county)
    if wrong:
        return None, [wrong]
    before = county.decisions.filter(pl.col("request_id") == request_id)
    end: str | None = None
    control: str | None = None
    report_id = into or request["report_id"]
    if decision in ADMITTED:
        limit = longest(county.today, county.own)
        end = until or limit
        if not _is_day(end) or not county.today < end <= limit:
            return None, [faults.DECISION_TERM.at(until=end, today=county.today, limit=limit)]
        given = before["control_no"].drop_nulls().to_list()
        control = str(given[-1]) if given else next_number(county.decisions, county.code, county.today, county.own)
        report_id = report_id or control
    elif decision == "撤销":
        report_id = next(iter(before["report_id"].drop_nulls().to_list()[::-1]), report_id)
    row = {
        "decision_id": f"{request_id}-{before.height + 1}",
        "request_id": request_id,
        "decision": decision,
        "decided_by": decided_by.strip(),
        "decided_at": county.today,
        "reason": reason.strip(),
        "control_no": control,
        "valid_until": end,
        "report_id": report_id,
    }
    about = (request["form_title"], request["department_name"], request["source_file"], request["received_at"])
    return Decided(row, *about), []


def longest(today: str, own: Path | None = None) -> str:
    """Return the last day of the longest validity that an admission may have.

    >>> longest("2026-03-01")
    '2029-02-28'
    """
    years = int(settings("admission", own)["register"]["term_years"])
    day = date.fromisoformat(today)
    last = date(day.year + years, day.month, min(day.day, 28)) if day.month == 2 else day.replace(year=day.year + years)
    return (last - timedelta(days=1)).isoformat()


def _wrong_extension(request: dict[str, Any], decision: str, county: County) -> Finding | None:
    if decision != EXTENDED:
        return None
    earlier = county.decisions.filter(
        (pl.col("request_id") == request["request_id"]) & (pl.col("decision") == EXTENDED)
    )
    if earlier.is_empty():
        return None
    clock = workdays.clock("admission", county.own)
    due = workdays.add(request["received_at"], clock.days + clock.extension_days, county.own)
    return faults.EXTENDED_TWICE.at(request_id=request["request_id"], when=earlier["decided_at"][0], due=due)


def _wrong_target(decision: str, into: str, county: County) -> Finding | None:
    if decision != MERGED:
        return None
    known = set(county.reports["report_id"])
    return None if into in known else faults.MERGE_TARGET.at(target=into or "（没有写）")


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
