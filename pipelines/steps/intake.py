"""Steps of intake: the register and the fields of its templates."""

from __future__ import annotations

import polars as pl

from pipelines.admission.journal import read_journals, with_admitted
from pipelines.intake.read import read_folder
from pipelines.intake.register import expired, match_templates, read_areas, read_register
from pipelines.intake.tabulate import tabulate
from pipelines.step import Bench, Outcome
from pipelines.store.workspace import file_hash


def register(bench: Bench) -> Outcome:
    """Read the report register and the area table."""
    place = bench.workspace
    listed, findings = read_register(place.register, place.rules)
    requests, decisions, said = read_journals(place.requests, place.decisions)
    reports = with_admitted(listed, requests, decisions)
    areas, more = read_areas(place.areas)
    return Outcome(
        replace={"reports": reports, "areas": areas},
        findings=[*findings, *said, *more, *expired(reports, bench.today)],
        figures={
            "报表": reports.height,
            "部门": reports["department_name"].n_unique(),
            "乡镇": areas.filter(pl.col("area_level") == "乡镇").height,
            "村（社区）": areas.filter(pl.col("area_level") == "村").height,
        },
    )


def report_fields(bench: Bench) -> Outcome:
    """Read every template of the register."""
    place, reports = bench.workspace, bench.tables["reports"]
    chosen, findings = match_templates(reports, place.template_files(), place.templates)
    paths = sorted(set(chosen.values()))
    read = dict(
        zip(paths, read_folder(paths, progress=bench.progress, cache=place.readings, rules=place.rules), strict=True)
    )
    readings = {report_id: read[path] for report_id, path in chosen.items()}
    tables = tabulate(
        reports, readings, {report_id: file_hash(path) for report_id, path in chosen.items()}, place.templates
    )
    fields = tables.report_fields
    return Outcome(
        replace={
            "templates": tables.templates,
            "report_fields": fields,
            "template_checks": tables.template_checks,
        },
        findings=[*findings, *tables.findings],
        figures={
            "模板": len(paths),
            "表": tables.templates.height,
            "栏目": fields.height,
            "其中要填": fields.filter(pl.col("role") == "fill").height,
        },
    )
