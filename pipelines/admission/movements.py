"""What goes round the gate, and what moves month by month: the figures of the rebound watch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from pipelines.admission.decisions import ADMITTED, last_decisions
from pipelines.admission.proposal import ISSUED
from schemas.admission import AdmissionMonths, OffRegister


def round_the_gate(
    requests: pl.DataFrame, strays: Sequence[dict[str, Any]], register: pl.DataFrame, before: pl.DataFrame
) -> pl.DataFrame:
    """Return the forms in use that are not on the register; what was once seen stays counted."""
    valid = {row["report_id"]: row for row in register.iter_rows(named=True)}
    found = {(row["content_hash"], row["how"]): row for row in before.iter_rows(named=True)}
    for row in requests.filter(pl.col("origin") == ISSUED).iter_rows(named=True):
        entry = valid.get(row["report_id"])
        expired = entry is not None and bool(entry["valid_until"]) and entry["valid_until"] < row["received_at"]
        if entry is not None and not expired:
            continue
        why = f"《{entry['form_title']}》的有效期到 {entry['valid_until']}" if entry and expired else "没有准入编号"
        kept = {name: row[name] for name in ("content_hash", "form_title", "department_name", "how", "seen_by")}
        more = {"seen_at": row["received_at"], "source_file": row["source_file"], "item_count": row["item_count"]}
        found.setdefault((row["content_hash"], row["how"]), {**kept, **more, "why": why})
    for row in strays:
        found.setdefault((row["content_hash"], row["how"]), dict(row))
    return OffRegister.frame(sorted(found.values(), key=lambda row: (row["seen_at"], row["content_hash"], row["how"])))


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
