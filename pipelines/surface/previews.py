"""What a verdict, a new form or a changed template would change, shown before anything is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
import typer

from pipelines.catalogue.desk.difference import Difference, preview, summary
from pipelines.catalogue.desk.review import read
from pipelines.catalogue.verdicts import append
from pipelines.intake.read import read_folder
from pipelines.intake.register import match_templates
from pipelines.intake.tabulate import folder_fields, tabulate
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from pipelines.surface.desk import load, print_problems
from pipelines.surface.screen import Screen
from schemas.faults import Finding
from schemas.reports import TemplateChecks

SHOWN = 30
"""Fields that the terminal lists; `--json` gives all."""


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of the given templates. replaced: reports whose template they are; the others are new forms."""

    fields: pl.DataFrame
    checks: pl.DataFrame
    replaced: tuple[str, ...]
    findings: list[Finding]


def print_difference(workspace: Workspace, templates: Sequence[Path], review: Path | None, is_json: bool) -> int:
    """Print what filled review sheets and templates would change: elements, forms, views, cells; keep nothing."""
    console = Screen()
    catalogue, fields, verdicts, checks = load(workspace)
    with Warehouse(workspace.database) as warehouse:
        reports, views = warehouse.read("reports"), warehouse.read("share_views")
    given = read_templates(templates, reports)
    findings = list(given.findings)
    if review is not None:
        sheet = read(review, datetime.now().isoformat(timespec="seconds"), "（预览）")
        verdicts = append(verdicts, sheet.verdicts.to_dicts())
        findings += sheet.findings
    is_kept = ~pl.col("form_id").is_in(given.fields["form_id"].unique().to_list())
    difference, after = preview(
        catalogue,
        pl.concat([fields.filter(is_kept), given.fields]),
        verdicts,
        fields,
        checks=pl.concat([checks.filter(is_kept), given.checks]),
        own=workspace.rules,
    )
    touched = views.filter(pl.col("report_id").is_in(difference.forms["form_id"].to_list()))
    if is_json:
        typer.echo(json.dumps(_as_data(difference, touched, given), ensure_ascii=False, indent=1))
    else:
        for line in [*_about(given), *summary(difference), *_views(touched)]:
            console.print(line, highlight=False, markup=False)
        console.print("以上是预览，没有保存。")
    before = {(finding.code, finding.message) for finding in catalogue.findings}
    news = [finding for finding in after.findings if (finding.code, finding.message) not in before]
    mentioned = [f for f in news if f.severity == "error"]
    return print_problems(Screen(stderr=True), [*findings, *mentioned])


def read_templates(templates: Sequence[Path], reports: pl.DataFrame) -> Read:
    """Return the fields of templates: of the report whose template has this file name, else of a new form.

    reports: the register; a new form's id is its file's stem.
    """
    readings = dict(zip(templates, read_folder(list(templates)), strict=True))
    findings = [finding for tables in readings.values() for table in tables for finding in table.findings]
    ids: dict[str, Path] = {}
    for path in templates:
        names = reports.filter(pl.col("template_file").fill_null("").str.split("/").list.last() == path.name)
        chosen, _ = match_templates(names, [path], path.parent)
        ids |= dict(list(chosen.items())[:1])
    changed = tabulate(
        reports.filter(pl.col("report_id").is_in(list(ids))),
        {report_id: readings[path] for report_id, path in ids.items()},
        dict.fromkeys(ids, "（预览）"),
    )
    new = folder_fields({path.stem: tables for path, tables in readings.items() if path not in ids.values()})
    return Read(
        pl.concat([changed.report_fields, new]),
        pl.concat([changed.template_checks, TemplateChecks.empty()]),
        tuple(sorted(ids)),
        findings,
    )


def _about(given: Read) -> list[str]:
    forms = given.fields.group_by("form_id", maintain_order=True).agg(pl.col("form_title").first(), pl.len())
    return [
        f"{'改版' if form_id in given.replaced else '新表'}《{title or form_id}》：{count} 个栏目"
        for form_id, title, count in forms.iter_rows()
    ]


def _views(touched: pl.DataFrame) -> list[str]:
    if touched.is_empty():
        return []
    shown = "、".join(touched["view_name"].head(SHOWN))
    return [f"共享视图：{touched.height} 个要重算（{shown}{'……' if touched.height > SHOWN else ''}）"]


def _as_data(difference: Difference, touched: pl.DataFrame, given: Read) -> dict[str, object]:
    return {
        "replaced": list(given.replaced),
        "elements": difference.elements.to_dicts(),
        "forms": difference.forms.to_dicts(),
        "views": touched.select("view_name", "report_id", "department_name", "title").to_dicts(),
        "cells": difference.fields.to_dicts(),
        "derivations": difference.derivations.to_dicts(),
    }
