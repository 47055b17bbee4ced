"""A province-sized register: 129 counties × 170 reports × 30 fields, 12 townships each; at most 10 s and 2 GB."""

from __future__ import annotations

import os
import resource
import time
from collections import defaultdict

import polars as pl

from pipelines.burden.baseline import freeze
from pipelines.burden.counts import Counts
from pipelines.burden.figures import figures
from pipelines.burden.inputs import Inputs
from pipelines.side_by_side import side_by_side
from schemas.elements import ElementMap, Elements
from schemas.ledgers import FillPlan, IssuedWorkbooks, Submissions
from schemas.organisations import Areas
from schemas.reports import ReportFields, Reports

COUNTIES, REPORTS, FIELDS, TOWNSHIPS, VILLAGES = 129, 170, 30, 12, 8
MAX_SECONDS, MAX_BYTES = 10.0, 2 * 1024**3
_FREQUENCIES = ("月", "季", "年", "半年", "周", "随时", "一次性")
_LEVELS = ("乡镇", "村", "乡镇", "县", "个人")


def county(number: int) -> Inputs:
    """Return the state of one county: about five reports ask for each element, a tenth of the fields is no burden."""
    prefix = f"53{number:04d}"
    areas = [{"area_code": f"{prefix}000000", "area_name": prefix, "area_level": "县"}]
    for t in range(1, TOWNSHIPS + 1):
        areas.append({"area_code": f"{prefix}{t:03d}000", "area_name": f"{prefix}{t}", "area_level": "乡镇"})
        areas += [
            {"area_code": f"{prefix}{t:03d}{v:03d}", "area_name": f"{prefix}{t}-{v}", "area_level": "村"}
            for v in range(1, VILLAGES + 1)
        ]
    reports = [
        {
            "report_id": f"R{r}",
            "report_name": f"报表{r}",
            "department_name": f"部门{r % 25}",
            "frequency": _FREQUENCIES[r % len(_FREQUENCIES)],
            "respondent_level": _LEVELS[r % len(_LEVELS)],
            "minutes_per_response": 30 if r % 3 else None,
        }
        for r in range(REPORTS)
    ]
    elements = REPORTS * FIELDS // 5
    fields, maps = [], []
    for r in range(REPORTS):
        for f in range(FIELDS):
            field = {"field_id": f"R{r}#{f}", "form_id": f"R{r}", "table_no": 1, "field_no": f, "path": f"栏目{f}"}
            role = "serial" if f == 0 else "derived" if f % 15 == 14 else "fill"
            fields.append(field | {"role": role, "layout": "roster" if r % 2 else "statistics"})
            element = f"DE{(r * 31 + f * 7 + number) % elements}"
            maps.append((field["field_id"], element if role == "fill" else None, "same", None, 1.0, "规则", "同名"))
    plan = [
        {
            "ledger": "indicator" if e % 3 else "person",
            "element_id": f"DE{e}",
            "column_no": e,
            "is_key": False,
            "is_asked": e % 20 != 0,
            "reason": "需要填报",
            "respondent_level": "村",
            "frequency": "月",
            "report_ids": "R1",
        }
        for e in range(elements)
    ]
    blank = dict.fromkeys(Elements.schema_types(), "x") | {"field_count": 1, "form_count": 1}
    counts = Counts(
        pl.DataFrame({"ledger": ["person"], "subjects": [10000.0]}),
        pl.DataFrame({"ledger": ["person"], "element_id": ["DE0"], "answers": [9000.0]}),
        pl.DataFrame(
            {"report_id": [f"R{r}" for r in range(REPORTS)], "table_no": [1] * REPORTS, "rows": [500.0] * REPORTS}
        ),
    )
    frames = (Reports.frame(reports), ReportFields.frame(fields), Areas.frame(areas))
    return Inputs(
        baseline=freeze(*frames, "2025-01-01", counts=counts),
        areas=frames[2],
        reports=frames[0],
        report_fields=frames[1],
        elements=Elements.frame([blank | {"element_id": f"DE{e}"} for e in range(elements)]),
        element_map=pl.DataFrame(maps, schema=ElementMap.schema_types(), orient="row"),
        fill_plan=FillPlan.frame(plan),
        issued_workbooks=IssuedWorkbooks.empty(),
        submissions=Submissions.empty(),
        counts=counts,
        as_of="2025-12-31",
    )


def _count(number: int) -> tuple[int, float, float, int, int]:
    """Freeze and compute one county; return process, seconds, cells, fields and the process's peak bytes so far."""
    state = county(number)
    started = time.perf_counter()
    baseline = freeze(state.reports, state.report_fields, state.areas, "2025-01-01", counts=state.counts)
    burden = figures(state)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return os.getpid(), seconds, float(burden.rows["cells_before"].sum()), baseline.height, peak


def run() -> dict[str, float | int | bool]:
    """Freeze and compute every county, a process per core, since counties are independent; return seconds and bytes.

    Making the counties is not timed: seconds are those of the process that worked longest. Bytes are of all processes.
    """
    busy: dict[int, float] = defaultdict(float)
    peaks: dict[int, int] = {}
    cells, fields = 0.0, 0
    for process, seconds, more_cells, more_fields, peak in side_by_side(_count, range(COUNTIES)):
        busy[process] += seconds
        peaks[process] = peak
        cells += more_cells
        fields += more_fields
    longest, peak = max(busy.values()), sum(peaks.values())
    return {
        "counties": COUNTIES,
        "fields": fields,
        "cells_before": round(cells),
        "processes": len(busy),
        "seconds": round(longest, 2),
        "seconds of all processes": round(sum(busy.values()), 2),
        "peak_bytes": peak,
        "is_met": longest <= MAX_SECONDS and peak <= MAX_BYTES,
    }
