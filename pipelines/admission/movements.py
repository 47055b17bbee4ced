"""What goes round the gate, and what moves month by month: the figures of the rebound watch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from pipelines.admission.decisions import ADMITTED, in_force, last_decisions
from pipelines.admission.proposal import APPLIED, ISSUED
from schemas.admission import WAITING, AdmissionMonths, OffRegister


def round_the_gate(
    requests: pl.DataFrame,
    decisions: pl.DataFrame,
    strays: Sequence[dict[str, Any]],
    register: pl.DataFrame,
    before: pl.DataFrame,
) -> pl.DataFrame:
    """Return the forms that somebody gave to the gate, or returned, and that are not on the register.

    What was once seen in use stays counted. What a department asked for before issuing it counts as WAITING until it is
    admitted; not beside the same content in use.
    """
    valid = {row["report_id"]: row for row in register.iter_rows(named=True)}
    found = {(row["content_hash"], row["how"]): row for row in before.iter_rows(named=True) if row["how"] != WAITING}
    for row in requests.filter(pl.col("origin") == ISSUED).iter_rows(named=True):
        why = _why_off(valid.get(row["report_id"]), row["received_at"])
        if why:
            found.setdefault((row["content_hash"], row["how"]), _seen(row, row["how"], why))
    for row in strays:
        found.setdefault((row["content_hash"], row["how"]), dict(row))
    used = {content for content, _ in found}
    last = last_decisions(decisions)
    for row in in_force(requests).filter(pl.col("origin") == APPLIED).iter_rows(named=True):
        decision = last.get(row["request_id"])
        why = _why_off(valid.get(row["report_id"]), row["received_at"])
        if why and row["content_hash"] not in used and not (decision and decision["decision"] in ADMITTED):
            said = f"申请 {row['request_id']}：{decision['decision'] if decision else '还没有决定'}"
            found[row["content_hash"], WAITING] = _seen(row, WAITING, said)
    return OffRegister.frame(sorted(found.values(), key=lambda row: (row["seen_at"], row["content_hash"], row["how"])))


def _why_off(entry: dict[str, Any] | None, day: str) -> str:
    """Return why a form is not on the register on a day; empty when it is. entry: its row of AdmissionRegister."""
    if entry is None:
        return "没有准入编号"
    until = entry["valid_until"]
    return f"《{entry['form_title']}》的有效期到 {until}" if until and until < day else ""


def _seen(request: dict[str, Any], how: str, why: str) -> dict[str, Any]:
    kept = {name: request[name] for name in ("content_hash", "form_title", "department_name", "seen_by")}
    more = {"seen_at": request["received_at"], "source_file": request["source_file"]}
    return {**kept, **more, "item_count": request["item_count"], "how": how, "why": why}


def monthly(
    register: pl.DataFrame,
    requests: pl.DataFrame,
    decisions: pl.DataFrame,
    changes: pl.DataFrame,
    off: pl.DataFrame,
    today: str,
    since: str = "",
) -> pl.DataFrame:
    """Return the monthly movements by department, of months in which something moved.

    since: the day of the burden baseline; what moved in earlier months is left out.
    """
    table: dict[tuple[str, str], dict[str, float]] = {}

    def add(day: str, department: str, **figures: float) -> None:
        row = table.setdefault((day[:7], department), {})
        for name, value in figures.items():
            row[name] = row.get(name, 0) + value

    asked = {row["request_id"]: row for row in requests.iter_rows(named=True)}
    for row in last_decisions(decisions).values():
        request = asked.get(row["request_id"])
        if request is not None and row["decision"] in ADMITTED:
            items = request["new_count"] + request["similar_count"]
            kind = "changed_forms" if request["report_id"] else "admitted_forms"
            figures = {kind: 1, "new_items": items, "new_cells": request["cells_net"] or 0.0}
            add(row["decided_at"], request["department_name"], **figures)
    edited = changes.group_by("report_id").agg(pl.col("seen_at").min(), pl.col("department_name").first())
    for _, day, department in edited.sort("report_id").iter_rows():
        add(day, department, changed_forms=1)
    for row in register.iter_rows(named=True):
        if row["valid_until"] and row["valid_until"] < today:
            add(row["valid_until"], row["department_name"], expired_forms=1)
    forms = off.unique("content_hash", keep="first", maintain_order=True)
    for row in forms.iter_rows(named=True):
        add(row["seen_at"], row["department_name"], off_register_forms=1)
    counts = ("admitted_forms", "changed_forms", "expired_forms", "off_register_forms", "new_items")
    return AdmissionMonths.frame(
        [
            {"month": month, "department_name": department, **{name: int(row.get(name, 0)) for name in counts}}
            | {"new_cells": float(row.get("new_cells", 0.0))}
            for (month, department), row in sorted(table.items())
            if month >= since[:7]
        ]
    )
