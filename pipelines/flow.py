"""The journey: its steps in order, each a few lines that hand frames to the stage that does the work.

This is the only file that knows the order. Dagster makes an asset of each step (`assets/journey.py`); `run` walks the same
tuple without Dagster.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipelines import rulebook
from pipelines.catalogue.registry import build
from pipelines.catalogue.verdicts import read_verdicts
from pipelines.collection.plan import plan
from pipelines.intake.read import read_folder
from pipelines.intake.register import expired, match_templates, read_areas, read_register
from pipelines.intake.tabulate import tabulate
from pipelines.step import Desk, Outcome, Step, StepResult, run_step
from pipelines.store.workspace import Workspace, file_hash


def _register(desk: Desk) -> Outcome:
    place = desk.workspace
    reports, findings = read_register(place.register, place.rules)
    areas, more = read_areas(place.areas)
    return Outcome(
        replace={"reports": reports, "areas": areas},
        findings=[*findings, *more, *expired(reports, desk.today)],
        figures={
            "报表": reports.height,
            "部门": reports["department_name"].n_unique(),
            "乡镇": areas.filter(pl.col("area_level") == "乡镇").height,
            "村（社区）": areas.filter(pl.col("area_level") == "村").height,
        },
    )


def _report_fields(desk: Desk) -> Outcome:
    place, reports = desk.workspace, desk.tables["reports"]
    chosen, findings = match_templates(reports, place.template_files(), place.templates)
    paths = sorted(set(chosen.values()))
    read = dict(zip(paths, read_folder(paths, progress=desk.progress, rules=place.rules), strict=True))
    readings = {report_id: read[path] for report_id, path in chosen.items()}
    tables = tabulate(reports, readings, {report_id: file_hash(path) for report_id, path in chosen.items()})
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


def _data_elements(desk: Desk) -> Outcome:
    verdicts = read_verdicts(desk.workspace.rules / "verdicts.csv")
    catalogue = build(
        desk.tables["report_fields"],
        verdicts,
        desk.tables["elements"],
        known_map=desk.tables["element_map"],
        checks=desk.tables["template_checks"],
        own=desk.workspace.rules,
    )
    mapped = catalogue.element_map.filter(pl.col("element_id").is_not_null())
    return Outcome(
        replace={
            "verdicts": verdicts,
            "elements": catalogue.elements,
            "element_map": catalogue.element_map,
            "field_meanings": catalogue.field_meanings,
            "derivations": catalogue.derivations,
            "review_pairs": catalogue.review_pairs,
        },
        findings=catalogue.findings,
        figures={
            "栏目": mapped.height,
            "归为数据元": mapped["element_id"].n_unique(),
            "可推算": catalogue.derivations.height,
            "判定": verdicts.height,
            "待判定": catalogue.review_pairs.height,
        },
    )


def _fill_plan(desk: Desk) -> Outcome:
    tables, rules = desk.tables, desk.workspace.rules
    made = plan(
        tables["reports"],
        tables["report_fields"],
        tables["elements"],
        tables["element_map"],
        tables["field_meanings"],
        tables["derivations"],
        scope=rulebook.own_rows("report_scope", rules),
        own_rules=rules,
    )
    asked = made.fill_plan.filter(pl.col("is_asked"))
    return Outcome(
        replace={"fill_plan": made.fill_plan, "populations": made.populations},
        findings=made.findings,
        figures={
            "要填的数据项": asked.height,
            "不用填的": made.fill_plan.height - asked.height,
            "台账": asked["ledger"].n_unique(),
        },
    )


def _rule_files(place: Workspace) -> Sequence[Path]:
    return sorted(place.rules.rglob("*.*")) if place.rules.exists() else ()


STEPS: tuple[Step, ...] = (
    Step(
        name="report_register",
        title="报表清单",
        group="intake",
        description="读入县里的报表清单和区划：哪个部门、凭什么依据、多久一次、向谁要哪张报表。",
        reads=(),
        writes=("reports", "areas"),
        work=_register,
        files=lambda place: (place.register, place.areas),
    ),
    Step(
        name="report_fields",
        title="报表栏目",
        group="intake",
        description="读懂每张报表模板：表头路径、计量单位、填写单元格；读不准的列入问题清单。",
        reads=("reports",),
        writes=("templates", "report_fields", "template_checks"),
        work=_report_fields,
        files=lambda place: (*place.template_files(), *_rule_files(place)),
    ),
    Step(
        name="data_elements",
        title="数据元目录",
        group="catalogue",
        description="把各部门的栏目归并为数据元；拿不准的留给数据管理员判定，判定随时可撤回。",
        reads=("report_fields", "template_checks"),
        consults=("elements", "element_map"),
        writes=("verdicts", "elements", "element_map", "field_meanings", "derivations", "review_pairs"),
        work=_data_elements,
        files=_rule_files,
    ),
    Step(
        name="fill_plan",
        title="填报方案",
        group="collection",
        description="每个数据元只向一处要一次；能推算的、别处已有的不要，并写明理由。",
        reads=("reports", "report_fields", "elements", "element_map", "field_meanings", "derivations"),
        writes=("fill_plan", "populations"),
        work=_fill_plan,
        files=_rule_files,
    ),
)


def run(workspace: Workspace, period: str = "", today: str = "", only: Sequence[str] = ()) -> list[StepResult]:
    """Walk the journey without Dagster and return how each step went. only: names of steps, all when empty."""
    return [run_step(step, workspace, period=period, today=today) for step in STEPS if not only or step.name in only]
