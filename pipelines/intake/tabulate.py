"""Turns what was read of the register's templates into the tables that the rest of the house works with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.intake.statements import Place, resolve
from pipelines.text import position
from schemas.faults import Finding
from schemas.faults.intake import FORM_UNKNOWN
from schemas.reports import ReportFields, TemplateChecks, Templates
from schemas.templates import PATH_SEPARATOR, Check, FieldReading, TableReading
from schemas.words import LIST_SEPARATOR


@dataclass(frozen=True, slots=True)
class TemplateTables:
    """Templates, ReportFields and TemplateChecks of a register, with everything that was found on the way."""

    templates: pl.DataFrame
    report_fields: pl.DataFrame
    template_checks: pl.DataFrame
    findings: list[Finding]


def tabulate(
    reports: pl.DataFrame,
    readings: Mapping[str, Iterable[TableReading]],
    hashes: Mapping[str, str],
    root: Path = Path(),
) -> TemplateTables:
    """Return the tables for all reports. readings, hashes: by report_id, of the report's template.

    root: the templates' folder; files are named from there, so that a workspace can be moved.

    Fields are numbered over a whole template, so `field_id` is `<report_id>#<index from 0>`, also when a template holds
    several tables. Tables in which no form was understood leave only their findings.
    """
    templates: list[dict[str, Any]] = []
    fields: list[dict[str, Any]] = []
    checks: list[dict[str, Any]] = []
    findings: list[Finding] = []
    places: list[Place] = []
    for report in reports.iter_rows(named=True):
        report_id = report["report_id"]
        tables = [_below(root, table) for table in readings.get(report_id, ())]
        findings += [replace(finding, report_id=report_id) for table in tables for finding in table.findings]
        forms = [table for table in tables if table.fields]
        field_no = 0
        for table_no, table in enumerate(forms, start=1):
            templates.append(_template(report, table, table_no, hashes[report_id]))
            places.append(Place(report_id, table_no, report["report_name"], table))
            title = (
                report["report_name"] if len(forms) == 1 else table.title or f"{report['report_name']}（{table_no}）"
            )
            for reading in table.fields:
                fields.append(_field(report, table, table_no, field_no, title, reading))
                field_no += 1
            checks += [_check(report_id, table_no, check) for check in table.checks]
    stated, unknown = resolve(places)
    checks += [_check(*place, check) for place, each in stated.items() for check in each]
    findings += [
        FORM_UNKNOWN.at(report_id=own.form_id, file=own.table.file, sheet=own.table.sheet, name=name)
        for own, name in unknown
    ]
    return TemplateTables(
        Templates.frame(templates), ReportFields.frame(fields), TemplateChecks.frame(checks), findings
    )


def _check(form_id: str, table_no: int, check: Check) -> dict[str, Any]:
    return {
        "form_id": form_id,
        "table_no": table_no,
        "kind": check.kind,
        "target": check.target,
        "parts": LIST_SEPARATOR.join(check.parts),
        "text": check.text,
    }


def folder_fields(readings: Mapping[str, Iterable[TableReading]]) -> pl.DataFrame:
    """Return ReportFields of a folder of templates that no register describes; the form's id is its file stem."""
    fields = []
    for form_id, tables in readings.items():
        field_no = 0
        for table_no, table in enumerate((table for table in tables if table.fields), start=1):
            report = {"report_id": form_id, "department_name": table.issuing_body, "respondent_level": None}
            for reading in table.fields:
                fields.append(_field(report, table, table_no, field_no, table.title or form_id, reading))
                field_no += 1
    return ReportFields.frame(fields)


def _below(root: Path, table: TableReading) -> TableReading:
    """Return a reading that names its file from the templates' folder, its findings too."""

    def name(file: str) -> str:
        path = Path(file)
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else file

    findings = tuple(replace(finding, file=name(finding.file)) for finding in table.findings)
    return replace(table, file=name(table.file), findings=findings)


def _template(report: Mapping[str, Any], table: TableReading, table_no: int, template_hash: str) -> dict[str, Any]:
    rows = [position(f.cell)[0] + 1 for f in table.fields if _is_address(f.cell)]
    data_rows = table.data_rows or ((min(rows), max(rows)) if rows else (None, None))
    return {
        "template_hash": template_hash,
        "report_id": report["report_id"],
        "table_no": table_no,
        "file": table.file,
        "sheet": table.sheet,
        "layout": table.layout,
        "title": table.title,
        "form_code": table.form_code,
        "issuing_body": table.issuing_body,
        "approval_no": table.approval_no,
        "valid_until": table.valid_until,
        "unit": table.unit,
        "first_data_row": data_rows[0],
        "last_data_row": data_rows[1],
        "confidence": table.confidence,
    }


def _field(
    report: Mapping[str, Any], table: TableReading, table_no: int, field_no: int, title: str, reading: FieldReading
) -> dict[str, Any]:
    return {
        "field_id": f"{report['report_id']}#{field_no}",
        "form_id": report["report_id"],
        "form_title": title,
        "department_name": report.get("department_name"),
        "respondent_level": report.get("respondent_level"),
        "frequency": report.get("frequency"),
        "layout": table.layout,
        "table_no": table_no,
        "field_no": field_no,
        "file": table.file,
        "sheet": table.sheet,
        "path": PATH_SEPARATOR.join(reading.path),
        "unit": reading.unit,
        "code": reading.code,
        "data_type": reading.data_type,
        "data_type_reason": reading.data_type_reason,
        "role": reading.role,
        "label_cell": reading.label_cell,
        "cell": reading.cell,
        "inline": reading.inline,
        "value_domain": LIST_SEPARATOR.join(reading.options) or None,
        "number_format": reading.number_format,
        "note": reading.note,
    }


def _is_address(cell: str) -> bool:
    return bool(cell) and cell[-1].isdigit() and cell[0].isalpha() and cell.isupper()
