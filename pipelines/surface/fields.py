"""What a template asks for, shown: JSON Lines for programs, a tree for a steward, a coloured page of the sheet."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pipelines.intake.read import look, read_folder
from schemas.faults import Finding
from schemas.templates import FieldReading, TableReading


def print_fields(paths: list[Path], as_json: bool, html: Path | None = None) -> int:
    """Print what the files' tables ask for; return 1 when a file could not be read or an error was found, else 0.

    as_json: one JSON object per table on standard output; a file without tables gives one with its findings. Otherwise
    a tree of header paths. html: also write a page with the sheets, every field's cell coloured by its role.
    """
    if html is not None:
        from pipelines.surface.fields_page import fields_page

        seen = look(paths)
        tables = [table for one in seen for table in one.tables]
        html.write_text(fields_page(seen), encoding="utf-8")
    else:
        tables = [table for of_file in read_folder(paths) for table in of_file]
    if as_json:
        for table in tables:
            sys.stdout.write(json.dumps(as_record(table), ensure_ascii=False) + "\n")
    else:
        from pipelines.surface.fields_tree import print_tables
        from pipelines.surface.screen import Screen

        console = Screen(highlight=False)
        print_tables(console, tables)
        if html is not None:
            console.print(f"网页已写到 {html}")
    return int(any(finding.severity == "error" for table in tables for finding in table.findings))


def as_record(table: TableReading) -> dict[str, Any]:
    """Return a reading as the object of `oneform fields --json`; `file` is the path as it was given."""
    return {
        "file": table.file,
        "sheet": table.sheet,
        "title": table.title,
        "form_code": table.form_code,
        "issuing_body": table.issuing_body,
        "approving_body": table.approving_body,
        "approval_no": table.approval_no,
        "valid_until": table.valid_until,
        "respondent": table.respondent,
        "period": table.period,
        "unit": table.unit,
        "layout": table.layout,
        "range": table.range,
        "confidence": table.confidence,
        "fields": [_field(field) for field in table.fields],
        "checks": [
            {"kind": check.kind, "target": check.target, "parts": list(check.parts), "text": check.text}
            for check in table.checks
        ],
        "notes": list(table.notes),
        "findings": [_finding(finding) for finding in table.findings],
    }


def _field(field: FieldReading) -> dict[str, Any]:
    record: dict[str, Any] = {
        "path": list(field.path),
        "unit": field.unit,
        "code": field.code,
        "data_type": field.data_type,
        "data_type_reason": field.data_type_reason,
        "cell": field.cell,
        "label_cell": field.label_cell,
        "role": field.role,
        "note": field.note,
    }
    if field.inline is not None:
        record["inline"] = field.inline
    if field.options:
        record["options"] = list(field.options)
    return record


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "cell": finding.cell,
        "message": finding.message + finding.remedy,
    }
