"""Issues the fill-once workbooks: one per township and period, mostly prefilled, hard to fill wrongly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from pipelines import periods
from pipelines.collection.workbook.issue_inputs import Inputs, is_anything_due, only, work_out
from pipelines.collection.workbook.write import Job, write_job
from pipelines.side_by_side import side_by_side
from schemas.faults import Finding
from schemas.faults import collection as faults
from schemas.ledgers import IssuedWorkbooks

Progress = Callable[[int, int, str], None]


def issue_all(
    inputs: Inputs,
    folder: Path,
    issued_at: str,
    before: pl.DataFrame | None = None,
    progress: Progress = lambda done, total, what: None,
) -> tuple[pl.DataFrame, list[Finding]]:
    """Write the workbook of every township into `folder`; return IssuedWorkbooks (a row each) and findings.

    before: IssuedWorkbooks so far; a workbook that did not change keeps its time of issue.
    """
    folder.mkdir(parents=True, exist_ok=True)
    times = {}
    if before is not None:
        times = {row["workbook_id"]: (row["version"], row["issued_at"]) for row in before.iter_rows(named=True)}
    if not is_anything_due(inputs):
        return IssuedWorkbooks.empty(), []
    asked = [township for township in inputs.townships if inputs.villages.get(township.code)]
    findings = [
        faults.AREA_WITHOUT_VILLAGES.at(file="区划.csv", area=township.name)
        for township in inputs.townships
        if township not in asked
    ]
    work_out(inputs, asked)
    jobs = [Job(only(inputs, township), township, folder, issued_at) for township in asked]
    rows = []
    progress(0, len(asked), "")
    is_small = not periods.is_month(inputs.period)  # some ten cells a village: starting a process takes longer
    for township, row in zip(asked, map(write_job, jobs) if is_small else side_by_side(write_job, jobs), strict=True):
        version, time = times.get(row["workbook_id"], ("", issued_at))
        rows.append(row | {"issued_at": time if version == row["version"] else issued_at})
        progress(len(rows), len(asked), township.name)
    return IssuedWorkbooks.frame(rows), findings
