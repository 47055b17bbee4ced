"""How fast a county is published: 10 million ledger values and 100 views, against DuckDB copying the same views."""

from __future__ import annotations

import json
import resource
import tempfile
import time
from pathlib import Path
from threading import Thread

import duckdb
import polars as pl

from pipelines.garbage import uncollected
from pipelines.quality.expectations import QUALITY, Examination
from pipelines.sharing.finish import finish
from pipelines.sharing.holdings import Holdings
from pipelines.sharing.publish import all_views, area_paths, write_share
from pipelines.sharing.views.roll_up import at_pace
from pipelines.sharing.views.sources import INDICATOR, complete
from pipelines.store.query import run_each
from pipelines.store.snapshots import publish
from schemas.elements import Derivations, ElementMap, Elements
from schemas.ledgers import FillPlan, Populations
from schemas.organisations import Areas
from schemas.reports import ReportFields, Reports, TemplateChecks

PEOPLE, FACTS = 300_000, 32
"""300,000 persons with 32 facts: 9.6 million values; statistics of 160 areas over 12 months make 10 million."""
ROSTERS, TABLES, TOWNSHIPS, VILLAGES = 70, 30, 10, 15
COLUMNS, COUNTS = 15, 210
MONTH = "2025-12"


def run() -> dict[str, float]:
    """Return seconds, peak memory (GB), values, rows written, and the ratio to DuckDB's own COPY of the same texts.

    Publishing is all of it: views, filled templates, contracts, Great Expectations in its own process, comparison.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        held = county(folder)
        values = sum(f.height * (f.width - 2) for f in held.ledgers.values())
        start, spent = time.perf_counter(), time.process_time()
        with uncollected(), Examination() as examination:
            peaks: list[float] = []
            Thread(target=_watch, args=(examination.process_id, peaks), daemon=True).start()
            snapshot = publish(
                folder / "share",
                lambda aside: write_share(aside, held, run_each, written=examination.add).facts,
                lambda aside, before: [*finish(aside, before), *examination.findings(aside / QUALITY)],
            )
        seconds, spent = time.perf_counter() - start, time.process_time() - spent
        examined = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        statistics = json.loads((snapshot.path / "statistics.json").read_text())
        rows = sum(view["rows"] for view in statistics.values())
        peer = _peer(folder, held)
        return {
            "values": values,
            "views": ROSTERS + TABLES,
            "rows_written": rows,
            "publish_s": seconds,
            "publish_cpu_s": spent,
            "examined_cpu_s": examined.ru_utime + examined.ru_stime,
            "peak_gb": peak,
            "peak_gb_examining": max(peaks),
            "duckdb_copy_s": peer,
            "publish_to_copy_ratio": seconds / peer,
        }


def _watch(process: int, peaks: list[float]) -> None:
    """Note a process's peak memory (GB) until it ends."""
    while True:
        try:
            text = Path(f"/proc/{process}/status").read_text()
        except OSError:
            return
        peaks += [int(line.split()[1]) / 1024**2 for line in text.splitlines() if line.startswith("VmHWM")]
        time.sleep(0.2)


def _peer(folder: Path, held: Holdings) -> float:
    """Return the seconds DuckDB takes to copy the same SELECTs into Parquet, and nothing else."""
    ledgers = complete(held.ledgers, held.fill_plan, held.elements)
    temporal = dict(held.elements.select("element_id", "temporal").iter_rows())
    found = all_views(held)
    start = time.perf_counter()
    with duckdb.connect() as link:
        link.execute("SET enable_progress_bar = false")
        base = {**ledgers, "areas": held.areas, "area_paths": area_paths(held.areas)}
        base[INDICATOR] = at_pace(ledgers[INDICATOR], "月", MONTH, temporal, held.areas)
        for table, frame in base.items():
            link.register(table, frame.to_arrow())
        for view in found:
            link.execute(f"COPY ({view.sql}\n) TO '{folder / view.view_name}.parquet' (COMPRESSION zstd)")
    return time.perf_counter() - start


def county(folder: Path) -> Holdings:
    """Return a county: persons in villages with facts as texts and numbers, rosters of parts of them, statistics."""
    import xlsxwriter

    towns = [f"532328{100 + t}000" for t in range(TOWNSHIPS)]
    villages = [f"{town[:9]}{v + 1:03}" for town in towns for v in range(VILLAGES)]
    areas = [{"area_code": "532328000000", "area_name": "某县", "area_level": "县"}]
    areas += [{"area_code": t, "area_name": t, "area_level": "乡镇", "parent_code": "532328000000"} for t in towns]
    areas += [{"area_code": v, "area_name": v, "area_level": "村", "parent_code": f"{v[:9]}000"} for v in villages]
    number = pl.int_range(PEOPLE, eager=True)
    person = {
        "subject_key": "P" + number.cast(pl.String),
        "area_code": pl.Series(villages).gather(number % len(villages)),
    }
    elements = []
    for fact in range(FACTS):
        key = f"P{fact:03}"
        numeric = fact % 3 == 0
        values = (number * (fact + 7)) % 1000
        person[key] = values.cast(pl.Float64) if numeric else "值" + (values % (fact * 30 + 3)).cast(pl.String)
        elements.append(_element(key, "自然人", "decimal" if numeric else "text"))
    every = [row["area_code"] for row in areas]
    spots = [(area, f"2025-{month:02}") for month in range(1, 13) for area in every]
    indicator = {"area_code": [s[0] for s in spots], "period": [s[1] for s in spots]}
    for count in range(COUNTS):
        indicator[f"I{count:03}"] = [float(n % (count + 5)) for n in range(len(spots))]
        elements.append(_element(f"I{count:03}", "行政区域", "decimal", temporal="flow", aggregation="sum", unit="亩"))
    template, table = folder / "roster.xlsx", folder / "table.xlsx"
    for file in (template, table):
        with xlsxwriter.Workbook(file) as book:
            book.add_worksheet("表")
    reports, fields, maps, plan, populations = [], [], [], [], []
    for report in range(ROSTERS + TABLES):
        is_roster = report < ROSTERS
        report_id = f"R{report:03}"
        level = {"frequency": "月", "respondent_level": "村", "department_name": f"县{report % 22}局"}
        reports.append({"report_id": report_id, "report_name": f"报表{report}"} | level)
        for at in range(COLUMNS):
            element = f"P{(report * 7 + at * 2) % FACTS:03}" if is_roster else f"I{(report * 7 + at) % COUNTS:03}"
            field_id = f"{report_id}#{at}"
            cell = f"{chr(65 + at)}2" if is_roster else f"B{at + 2}"
            layout = "roster" if is_roster else "statistics"
            base = {"field_id": field_id, "form_id": report_id, "table_no": 1, "field_no": at, "sheet": "表"}
            fields.append(
                base | {"path": f"栏{at}", "cell": cell, "layout": layout, "role": "fill", "data_type": "text"}
            )
            one = {"field_id": field_id, "element_id": element, "relation": "same", "rule": None, "score": 1.0}
            maps.append(one | {"decision": "规则", "reason": "同名"})
        if is_roster:  # rosters of 2 to 100 percent of all persons
            share = (2, 5, 10, 20, 50, 100)[report % 6]
            limit = {"population": "部分", "condition": f'"P000" < {share * 10}', "reason": ""}
            populations.append({"report_id": report_id, "table_no": 1, "ledger": "person"} | limit)
    for element in elements:
        ledger = "person" if element["element_id"].startswith("P") else "indicator"
        base = {
            "ledger": ledger,
            "element_id": element["element_id"],
            "column_no": 0,
            "is_key": False,
            "is_asked": True,
        }
        plan.append(base | {"reason": "", "respondent_level": "村", "frequency": "月", "report_ids": "R000"})
    return Holdings(
        reports=Reports.frame(reports),
        report_fields=ReportFields.frame(fields),
        element_map=ElementMap.frame(maps),
        elements=Elements.frame(elements),
        derivations=Derivations.empty(),
        template_checks=TemplateChecks.empty(),
        fill_plan=FillPlan.frame(plan),
        populations=Populations.frame(populations),
        areas=Areas.frame(areas),
        ledgers={"person": pl.DataFrame(person), "indicator": pl.DataFrame(indicator)},
        templates={row["report_id"]: template if row["report_id"] < f"R{ROSTERS:03}" else table for row in reports},
        month=MONTH,
        as_of="2025-12-31",
    )


def _element(key: str, object_class: str, kind: str, **more: str) -> dict[str, object]:
    base = {"element_id": key, "element_key": f"{object_class}.{key}", "element_name": key, "property": key}
    base |= {"object_class": object_class, "qualifiers": "", "temporal": "stock", "data_type": kind, "unit": ""}
    base |= {"representation": "", "aggregation": "none", "sensitivity": "一般", "share_type": "有条件共享"}
    return base | {"source_department": "县公安局", "field_count": 1, "form_count": 1, "status": "草案"} | more
