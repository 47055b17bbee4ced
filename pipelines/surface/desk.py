"""The steward's desk: catalogue of a folder, review sheets, explanations, the preview of verdicts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

from pipelines.catalogue.desk.deliver import catalogue_folder
from pipelines.catalogue.desk.difference import preview, summary
from pipelines.catalogue.desk.explain import explain
from pipelines.catalogue.desk.review import export, read
from pipelines.catalogue.registry import Catalogue
from pipelines.catalogue.verdicts import append, read_verdicts, write_verdicts
from pipelines.intake.read import read_folder
from pipelines.intake.tabulate import folder_fields
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import TEMPLATE_SUFFIXES, Workspace
from pipelines.surface.screen import Screen
from schemas.faults import Finding


def print_catalogue_of_folder(templates: Path, out: Path) -> int:
    """Catalogue a folder of templates and field lists, without a warehouse; print what came out."""
    console = Screen(stderr=True)
    files = sorted(
        path
        for path in templates.rglob("*")
        if path.suffix.lower() in TEMPLATE_SUFFIXES - {".json"} and not path.name.startswith(("~$", "."))
    )
    fields, findings = None, []
    if files:
        readings = read_folder(files)
        fields = folder_fields({path.stem: tables for path, tables in zip(files, readings, strict=True)})
        findings = [finding for tables in readings for table in tables for finding in table.findings]
    delivery = catalogue_folder(templates, out, fields)
    catalogue = delivery.catalogue
    mapped = catalogue.element_map["element_id"].drop_nulls()
    console.print(
        f"栏目 {delivery.fields.height} 个，归为数据元 {mapped.n_unique()} 个，"
        f"待判定 {catalogue.review_pairs.height} 对。结果在 {out}",
        highlight=False,
    )
    return print_problems(console, [*findings, *delivery.findings])


def export_review(workspace: Workspace, out: Path) -> int:
    """Write the review workbook and say how many questions it has."""
    catalogue, fields, verdicts, _ = load(workspace)
    count = export(catalogue, fields, out, verdicts)
    Screen().print(f"判定表已写到 {out}，共 {count} 题。填好后：oneform review import {out}", highlight=False)
    return 0


def import_review(workspace: Workspace, path: Path, decided_by: str, is_dry_run: bool) -> int:
    """Turn a filled review workbook into verdicts; show what they change; keep them unless it is a dry run."""
    console = Screen()
    catalogue, fields, verdicts, checks = load(workspace)
    sheet = read(path, datetime.now().isoformat(timespec="seconds"), decided_by)
    more = append(verdicts, sheet.verdicts.to_dicts())
    difference, after = preview(catalogue, fields, more, checks=checks, own=workspace.rules)
    console.print(f"判定 {sheet.verdicts.height} 条。", highlight=False)
    for line in summary(difference):
        console.print(line, highlight=False, markup=False)
    status = print_problems(console, [*sheet.findings, *after.findings])
    if is_dry_run:
        console.print("以上是预览，没有保存。")
        return status
    write_verdicts(more, workspace.rules / "verdicts.csv")
    console.print("判定已保存（只追加，可撤回）。下一步：oneform run", highlight=False)
    return status


def print_explanation(workspace: Workspace, term: str, other: str) -> int:
    """Print why two fields are, or are not, the same data element."""
    catalogue, fields, _, _ = load(workspace)
    Screen().print(explain(term, catalogue, fields, other), highlight=False, markup=False)
    return 0


def load(workspace: Workspace) -> tuple[Catalogue, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the catalogue of a workspace, its fields, the verdicts on record, and the templates' own checks."""
    with Warehouse(workspace.database) as warehouse:
        catalogue = Catalogue(
            warehouse.read("elements"),
            warehouse.read("element_map"),
            warehouse.read("field_meanings"),
            warehouse.read("derivations"),
            warehouse.read("review_pairs"),
            [],
        )
        fields, checks = warehouse.read("report_fields"), warehouse.read("template_checks")
    return catalogue, fields, read_verdicts(workspace.rules / "verdicts.csv"), checks


def print_problems(console: Screen, findings: list[Finding]) -> int:
    """Print findings that are not mere information; return 1 when one is an error."""
    for finding in findings:
        if finding.severity != "info":
            console.print(str(finding), highlight=False, markup=False)
    return int(any(finding.severity == "error" for finding in findings))
