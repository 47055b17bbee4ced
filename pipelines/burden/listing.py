"""What the figures leave out or assume, said report by report: the findings of the burden stage."""

from __future__ import annotations

import polars as pl

from pipelines.burden.assumptions import Assumptions
from pipelines.burden.baseline import ASSUMED, TO_FILL, verify
from pipelines.burden.inputs import Inputs
from schemas.faults import Fault, Finding
from schemas.faults import burden as faults


def listed(inputs: Inputs, rows: pl.DataFrame, assumed: Assumptions) -> list[Finding]:
    """Return a finding for every report that is not counted, dropped, added, renamed, unmapped or empty."""
    base = inputs.baseline
    reports = (
        base.lazy().unique("report_id", keep="first", maintain_order=True).select(_SAID).collect(engine="in-memory")
    )
    fill_counts = dict(base.filter(pl.col("role").is_in(TO_FILL)).group_by("report_id").len().iter_rows())
    said_now = inputs.reports.select("report_id", "report_name", "department_name")
    now = {row["report_id"]: row for row in said_now.iter_rows(named=True)}
    findings = verify(base, inputs.confirmations)
    for report in reports.iter_rows(named=True):
        report_id, name = report["report_id"], report["report_name"]
        place = {"report_id": report_id, "report": report_id, "name": name}
        number = fill_counts.get(report_id, 0)
        if report["responses_per_year"] is None:
            said = report["frequency_text"] or report["frequency"]
            findings.append(faults.FREQUENCY_NOT_COUNTABLE.at(**place, said=said, fields=number))
        if report["respondents"] is None:
            findings.append(faults.LEVEL_NOT_COUNTABLE.at(**place, level=report["respondent_level"], fields=number))
        if not number:
            findings.append(faults.REPORT_WITHOUT_FIELDS.at(**place))
        if report_id not in now:
            findings.append(faults.REPORT_DROPPED.at(**place))
        elif now[report_id]["department_name"] != report["department_name"]:
            after = now[report_id]["department_name"]
            findings.append(faults.DEPARTMENT_RENAMED.at(**place, before=report["department_name"], after=after))
    known = set(reports["report_id"])
    findings += [
        faults.REPORT_ADDED.at(report_id=report_id, report=report_id, name=report["report_name"])
        for report_id, report in now.items()
        if report_id not in known
    ]
    retired = rows.filter((pl.col("change") == "停用") & pl.col("report_id").is_in(list(now)))
    findings += _by_report(retired, faults.FIELD_RETIRED)
    findings += _by_report(rows.filter(pl.col("asked_now") == "仍照原表填报"), faults.FIELD_UNPLANNED)
    for report_id, table_no in (
        inputs.counts.table_rows.filter(pl.col("rows") == 0).select("report_id", "table_no").iter_rows()
    ):
        name = now[report_id]["report_name"] if report_id in now else report_id
        findings.append(faults.NO_SUBJECTS.at(report_id=report_id, report=report_id, name=name, table=table_no))
    used = rows.filter(pl.col("minutes_basis") == ASSUMED)
    declared = used["report_id"].n_unique()
    if declared:
        findings.append(
            faults.MINUTES_DECLARED.at(
                reports=declared, seconds=assumed.seconds_per_cell, minutes=assumed.minutes_overhead
            )
        )
    return findings


_SAID = (
    *("report_id", "report_name", "department_name", "frequency", "frequency_text", "respondent_level"),
    *("respondents", "responses_per_year", "minutes_basis"),
)


def _by_report(rows: pl.DataFrame, fault: Fault) -> list[Finding]:
    counted = rows.group_by("report_id", "report_name").len().sort("report_id")
    return [
        fault.at(report_id=report_id, report=report_id, name=name, fields=number)
        for report_id, name, number in counted.iter_rows()
    ]
