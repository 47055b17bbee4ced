"""The living register: what may be issued, until when; what changed since; which clocks run; what goes round it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl

from pipelines.admission.changes import field_changes, in_words
from pipelines.admission.clocks import run_clocks
from pipelines.admission.decisions import ADMITTED, REVOKED, last_decisions
from pipelines.admission.identity import as_admitted
from pipelines.admission.movements import monthly, round_the_gate
from pipelines.intake.register import end_of_validity
from pipelines.rulebook import rows, settings
from schemas.admission import WAITING, AdmissionRegister, AdmittedFields, TemplateChanges
from schemas.faults import Finding
from schemas.faults import admission as faults

State = Literal["有效", "将到期", "已过期", "已改版", "标识不全"]


@dataclass(frozen=True, slots=True)
class Living:
    """Frames after the contracts of schemas.admission."""

    register: pl.DataFrame
    admitted: pl.DataFrame
    changes: pl.DataFrame
    clocks: pl.DataFrame
    off_register: pl.DataFrame
    months: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Before:
    """What the last run left: AdmittedFields, TemplateChanges, AdmissionClocks, OffRegister."""

    admitted: pl.DataFrame
    changes: pl.DataFrame
    clocks: pl.DataFrame
    off_register: pl.DataFrame


def keep_register(
    reports: pl.DataFrame,
    templates: pl.DataFrame,
    report_fields: pl.DataFrame,
    share_views: pl.DataFrame,
    requests: pl.DataFrame,
    decisions: pl.DataFrame,
    strays: Sequence[dict[str, Any]],
    before: Before,
    today: str,
    *,
    since: str = "",
    county_code: str = "",
    own: Path | None = None,
) -> Living:
    """Return the register as it stands today.

    since: day of the burden baseline, before which no movement is told. strays: rows of OffRegister for forms found
    among the returned files. A form that is seen for the first time is admitted as it is when it stands on the county's
    list: the list is the county's own decision. A later edition needs a decision on a request with that very content.
    """
    hashes = dict(templates.select("report_id", "template_hash").iter_rows())
    admitted = _admitted(report_fields, hashes, requests, decisions, before.admitted, today)
    changes = _changes(reports, report_fields, admitted, hashes, before.changes, today)
    register = _register(reports, admitted, changes, requests, decisions, today, county_code, own)
    clocks = run_clocks(requests, decisions, report_fields, share_views, before.clocks, today)
    off = round_the_gate(requests, decisions, strays, register, before.off_register)
    return Living(
        register, admitted, changes, clocks, off, monthly(register, requests, decisions, changes, off, today, since)
    )


def state_of(row: dict[str, Any], today: str, own: Path | None = None) -> State:
    """Return how a form on the register stands on a day. row: of AdmissionRegister."""
    until = row["valid_until"]
    if until and until < today:
        return "已过期"
    if row["change_count"]:
        return "已改版"
    if until and days_left(until, today) <= int(settings("admission", own)["register"]["expiring_days"]):
        return "将到期"
    return "标识不全" if row["missing"] else "有效"


def days_left(until: str, today: str) -> int:
    """Return the days until a day, YYYY-MM-DD."""
    return (date.fromisoformat(until) - date.fromisoformat(today)).days


def _admitted(
    report_fields: pl.DataFrame,
    hashes: dict[str, str],
    requests: pl.DataFrame,
    decisions: pl.DataFrame,
    before: pl.DataFrame,
    today: str,
) -> pl.DataFrame:
    known = dict(before.select("report_id", "template_hash").unique().iter_rows())
    content = dict(requests.select("request_id", "content_hash").iter_rows())
    again = {
        (row["report_id"], content.get(row["request_id"]))
        for row in last_decisions(decisions).values()
        if row["decision"] in ADMITTED and row["report_id"]
    }
    fresh = [
        report_id
        for report_id, template in hashes.items()
        if report_id not in known or (known[report_id] != template and (report_id, template) in again)
    ]
    fields = as_admitted(report_fields.filter(pl.col("form_id").is_in(fresh))).with_columns(
        template_hash=pl.col("report_id").replace_strict(hashes, default="", return_dtype=pl.String),
        admitted_at=pl.lit(today),
    )
    kept = before.filter(~pl.col("report_id").is_in(fresh))
    return pl.concat([kept, fields.select(list(AdmittedFields.schema_types()))]).sort(
        "report_id", "table_no", "field_no"
    )


def _changes(
    reports: pl.DataFrame,
    report_fields: pl.DataFrame,
    admitted: pl.DataFrame,
    hashes: dict[str, str],
    before: pl.DataFrame,
    today: str,
) -> pl.DataFrame:
    was = dict(admitted.select("report_id", "template_hash").unique().iter_rows())
    seen = {
        (row["report_id"], row["change"], row["path"], row["after"]): row["seen_at"]
        for row in before.iter_rows(named=True)
    }
    names = {row["report_id"]: row for row in reports.iter_rows(named=True)}
    found = []
    for report_id, template in sorted(hashes.items()):
        if was.get(report_id) == template or report_id not in names:
            continue
        now = as_admitted(report_fields.filter(pl.col("form_id") == report_id))
        for row in field_changes(admitted.filter(pl.col("report_id") == report_id), now):
            about = {
                "form_title": names[report_id]["report_name"],
                "department_name": names[report_id]["department_name"],
            }
            first = seen.get((report_id, row["change"], row["path"], row["after"]), today)
            found.append({"report_id": report_id, **about, **row, "seen_at": first})
    return TemplateChanges.frame(found)


def _register(
    reports: pl.DataFrame,
    admitted: pl.DataFrame,
    changes: pl.DataFrame,
    requests: pl.DataFrame,
    decisions: pl.DataFrame,
    today: str,
    county_code: str,
    own: Path | None,
) -> pl.DataFrame:
    titles = {row["part"]: row["title"] for row in rows("admission_header", own, key=("part",))}
    first = dict(admitted.group_by("report_id").agg(pl.col("admitted_at").min()).iter_rows())
    hashes = dict(admitted.select("report_id", "template_hash").unique().iter_rows())
    changed = Counter(changes["report_id"].to_list())
    by_report = {
        row["report_id"]: row
        for row in last_decisions(decisions).values()
        if row["decision"] in ADMITTED and row["report_id"] and row["control_no"]
    }
    revoked = {row["report_id"] for row in last_decisions(decisions).values() if row["decision"] == REVOKED}
    found = []
    for row in reports.filter(~pl.col("report_id").is_in(list(revoked))).iter_rows(named=True):
        report_id = row["report_id"]
        decision = by_report.get(report_id)
        missing = [] if decision else [title for part, title in titles.items() if not row.get(part)]
        found.append(
            {
                "control_no": decision["control_no"] if decision else f"{county_code or '清单'}-QD-{report_id}",
                "report_id": report_id,
                "form_title": row["report_name"],
                "form_code": row["form_code"],
                "department_name": row["department_name"],
                "basis": "准入决定" if decision else "报表清单",
                "approval_no": row["approval_no"],
                "admitted_at": decision["decided_at"] if decision else first.get(report_id, today),
                "valid_until": decision["valid_until"] if decision else end_of_validity(row["valid_until"]),
                "missing": "、".join(missing) or None,
                "template_hash": hashes.get(report_id),
                "change_count": changed.get(report_id, 0),
            }
        )
    listed = {row["report_id"] for row in found}
    asked = {row["request_id"]: row for row in requests.iter_rows(named=True)}
    for report_id, decision in by_report.items():
        request = asked.get(decision["request_id"])
        if report_id in listed or request is None:
            continue
        found.append(
            {
                "control_no": decision["control_no"],
                "report_id": report_id,
                "form_title": request["form_title"],
                "form_code": request["form_code"],
                "department_name": request["department_name"],
                "basis": "准入决定",
                "approval_no": request["approval_no"],
                "admitted_at": decision["decided_at"],
                "valid_until": decision["valid_until"],
                "missing": None,
                "template_hash": request["content_hash"],
                "change_count": 0,
            }
        )
    return AdmissionRegister.frame(found)


def register_findings(living: Living, today: str, own: Path | None = None) -> list[Finding]:
    """Return what a steward should know of the register on a day: run out, running out, changed, gone round."""
    found: list[Finding] = []
    for row in living.register.iter_rows(named=True):
        about = {"report_id": row["report_id"], "name": row["form_title"], "department": row["department_name"]}
        state = state_of(row, today, own)
        if state == "已过期":
            until, number = row["valid_until"], row["control_no"]
            found.append(faults.REGISTER_EXPIRED.at(**about, control_no=number, until=until))
        elif state == "将到期":
            until, number = row["valid_until"], row["control_no"]
            days = days_left(until, today)
            found.append(faults.REGISTER_EXPIRING.at(**about, control_no=number, until=until, days=days))
    for (report_id, name, department), edits in living.changes.group_by(
        "report_id", "form_title", "department_name", maintain_order=True
    ):
        what = in_words(edits.to_dicts())
        found.append(faults.TEMPLATE_CHANGED.at(report_id=str(report_id), name=name, department=department, what=what))
    for row in living.off_register.filter(pl.col("how") != WAITING).iter_rows(named=True):
        found.append(
            faults.OFF_REGISTER.at(
                file=row["source_file"],
                name=row["form_title"],
                department=row["department_name"],
                how=f"见于{row['how']}",
                seen_by=row["seen_by"] or "乡镇",
            )
        )
    return found
