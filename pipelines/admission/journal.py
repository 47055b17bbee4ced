"""The gate's journals: what was asked and what was decided, as CSV files that are only ever appended to."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.admission.decisions import ADMITTED, last_decisions
from schemas.admission import DECISIONS, HOW_SEEN, ORIGINS, VERDICTS, AdmissionDecisions, AdmissionRequests
from schemas.faults import Finding
from schemas.faults import admission as faults
from schemas.model import Table
from schemas.reports import Reports

_ALLOWED = {"decision": DECISIONS, "origin": ORIGINS, "verdict": VERDICTS, "how": HOW_SEEN}


def read_journals(requests: Path, decisions: Path) -> tuple[pl.DataFrame, pl.DataFrame, list[Finding]]:
    """Return AdmissionRequests and AdmissionDecisions of the journals; rows that cannot be used become findings."""
    asked, found = _read(requests, AdmissionRequests, "request_id")
    decided, more = _read(decisions, AdmissionDecisions, "decision_id")
    return asked, decided, [*found, *more]


def append(path: Path, contract: type[Table], row: dict[str, Any]) -> None:
    """Append one row to a journal, which is made with Chinese column titles when it is not there yet.

    The row goes in with one write and is flushed to the disk. Raises pandera.errors.SchemaErrors for a row that breaks
    the contract, with nothing written.
    """
    frame = contract.validate(contract.frame([row]), lazy=True)
    titles = contract.titles()
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists() or path.stat().st_size == 0
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if is_new:
        writer.writerow(list(titles.values()))
    writer.writerow(["" if value is None else value for value in frame.row(0)])
    with path.open("ab") as file:
        file.write(text.getvalue().encode("utf-8-sig" if is_new else "utf-8"))
        file.flush()
        os.fsync(file.fileno())


def with_admitted(listed: pl.DataFrame, requests: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Return the county's list with the forms admitted since (Reports); a form on the list stays as listed."""
    asked = {row["request_id"]: row for row in requests.iter_rows(named=True)}
    known = set(listed["report_id"])
    rows = []
    for decision in last_decisions(decisions).values():
        request = asked.get(decision["request_id"])
        if request is None or decision["decision"] not in ADMITTED or decision["report_id"] in known:
            continue
        known.add(decision["report_id"])
        rows.append(
            {
                "report_id": decision["report_id"],
                "report_name": request["form_title"],
                "form_code": request["form_code"] or decision["control_no"],
                "department_name": request["department_name"],
                "issuing_body": request["issuing_body"] or request["department_name"],
                "approving_body": request["approving_body"] or decision["decided_by"],
                "approval_no": decision["control_no"],
                "valid_until": decision["valid_until"],
                "legal_basis": request["legal_basis"],
                "frequency": request["frequency"],
                "respondent_level": request["respondent_level"],
                "template_file": request["source_file"],
                "remark": f"经准入（{decision['decided_at']}）",
                "frequency_text": request["frequency"],
            }
        )
    return pl.concat([listed, Reports.frame(rows)]) if rows else listed


def _read(path: Path, contract: type[Table], key: str) -> tuple[pl.DataFrame, list[Finding]]:
    if not path.exists():
        return contract.empty(), []
    types, titles = contract.schema_types(), contract.titles()
    names = {title: name for name, title in titles.items()}
    rows: dict[str, dict[str, Any]] = {}
    findings = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, said in enumerate(csv.DictReader(file), start=2):
            row = {names[title]: value for title, value in said.items() if title in names and isinstance(value, str)}
            why = _fault(row, types, titles, key, rows)
            if why:
                findings.append(faults.JOURNAL_UNREADABLE.at(file=path.name, name=path.name, row=number, why=why))
            else:
                rows[row[key]] = {name: _typed(row.get(name), types[name]) for name in types}
    return contract.frame(list(rows.values())), findings


def _fault(
    row: dict[str, str], types: dict[str, pl.DataType], titles: dict[str, str], key: str, before: dict[str, Any]
) -> str:
    """Return what is wrong with a row, "" when nothing is."""
    if not row.get(key):
        return f"没有{titles[key]}"
    if row[key] in before:
        return f"{titles[key]} {row[key]} 重复"
    for name, allowed in _ALLOWED.items():
        if name in types and row.get(name) not in allowed:
            return f"{titles[name]}“{row.get(name, '')}”不在可选范围"
    for name, kind in types.items():
        value = row.get(name)
        if value and kind.is_numeric() and not value.lstrip("-").replace(".", "", 1).isdigit():
            return f"{titles[name]}“{value}”不是数"
        if name.endswith("_at") and not value:
            return f"没有{titles[name]}"
    return ""


def _typed(value: str | None, kind: pl.DataType) -> Any:
    if value is None or value == "":
        return 0 if kind == pl.Int64 else None
    return int(float(value)) if kind == pl.Int64 else float(value) if kind.is_numeric() else value
