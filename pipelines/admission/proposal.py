"""A proposed form as the gate sees it: its fields, its legal marks, what the department says about it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.admission.message import Message, read_message
from pipelines.admission.stated import frequency_of, level_of
from pipelines.intake.read import read_folder
from pipelines.intake.tabulate import tabulate
from pipelines.text import squeeze
from schemas.admission import ORIGINS
from schemas.faults import Finding
from schemas.faults import admission as faults
from schemas.reports import ReportFields, TemplateChecks
from schemas.templates import FieldReading, TableReading

FORM_ID = "申请"
"""The form id that the fields of a proposed form carry until it has a place on the register."""
APPLIED, ISSUED = ORIGINS


@dataclass(frozen=True, slots=True)
class Said:
    """What is said beside the form; "" where nothing is. issued, due: YYYY-MM-DD; emergency: why it cannot wait."""

    department_name: str = ""
    title: str = ""
    frequency: str = ""
    respondent_level: str = ""
    legal_basis: str = ""
    issued: str = ""
    due: str = ""
    due_text: str = ""
    seen_by: str = ""
    has_impact_assessment: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A form before the gate.

    fields: ReportFields, form_id FORM_ID; checks: TemplateChecks. marks: form_code, issuing_body, approving_body,
    approval_no, valid_until as printed, "" where the form does not say. text: of a chat message, as it came.
    """

    title: str
    content_hash: str
    source_file: str
    origin: str
    said: Said
    marks: dict[str, str]
    fields: pl.DataFrame
    checks: pl.DataFrame
    notes: tuple[str, ...] = ()
    text: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def items(self) -> pl.DataFrame:
        """The fields that somebody would fill."""
        return self.fields.filter(pl.col("role").is_in(["fill", ""]))


MARKS = ("form_code", "issuing_body", "approving_body", "approval_no", "valid_until")


def propose_file(
    path: Path, said: Said, *, rules: Path | None = None, cache: Path | None = None
) -> tuple[Proposal | None, list[Finding]]:
    """Return the form in a file (any format that intake reads; .txt is read as a message), or why there is none."""
    if path.suffix.lower() in (".txt", ".md"):
        return propose_text(path.read_text(encoding="utf-8", errors="replace"), said, path.name)
    if not path.is_file():
        return None, [faults.NOT_A_FORM.at(file=path.name, name=path.name, why="没有这个文件")]
    (tables,) = read_folder([path], workers=1, rules=rules, cache=cache)
    forms = [table for table in tables if table.fields]
    asked = [one for table in forms for one in table.fields if one.role == "fill"]
    if not asked:
        told = [finding for table in tables for finding in table.findings if finding.severity == "error"]
        why = "；".join(dict.fromkeys(finding.message.rstrip("。") for finding in told)) or (
            "没有要填的栏目" if forms else "没有表格"
        )
        return None, [faults.NOT_A_FORM.at(file=path.name, name=path.name, why=why)]
    title = said.title or next((table.title for table in forms if table.title), None) or path.stem
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    return _proposal(squeeze(title), content, path.name, forms, said, findings=_told(tables), rules=rules), []


def propose_text(text: str, said: Said, name: str = "聊天消息") -> tuple[Proposal | None, list[Finding]]:
    """Return the form that a pasted message asks for, or why there is none. What `said` states wins over the text."""
    message = read_message(text, said.issued)
    if not message.items:
        return None, [faults.EMPTY_LIST.at(file=name)]
    said = replace(
        said,
        department_name=said.department_name or message.department_name,
        frequency=said.frequency or message.frequency,
        respondent_level=said.respondent_level or message.respondent_level,
        due=said.due or message.due,
        due_text=said.due_text or message.due_text,
        seen_by=said.seen_by or ("聊天消息" if message.is_request else ""),
    )
    title = squeeze(said.title or message.title) or _title(message)
    fields = tuple(
        FieldReading(path=(item.label,), cell=f"第{number}项", unit=item.unit or None)
        for number, item in enumerate(message.items, start=1)
    )
    table = TableReading(file=name, sheet="消息", layout=message.layout, title=title, fields=fields)
    content = hashlib.sha256(squeeze(text).encode()).hexdigest()
    return _proposal(title, content, name, [table], said, text=text.strip()), []


def _title(message: Message) -> str:
    whom = {"村": "村（社区）", "乡镇": "乡镇", "单位": "单位", "户": "农户"}.get(message.respondent_level, "")
    kind = "人员花名册" if message.layout == "roster" else "情况统计表"
    return f"{whom}{kind}（{message.items[0].label}等{len(message.items)}项）"


def _proposal(
    title: str,
    content: str,
    name: str,
    forms: Sequence[TableReading],
    said: Said,
    text: str = "",
    findings: Sequence[Finding] = (),
    rules: Path | None = None,
) -> Proposal:
    first = forms[0]
    respondent = next((table.respondent for table in forms if table.respondent), "") or ""
    said = replace(
        said,
        frequency=frequency_of(said.frequency, title, rules),
        respondent_level=level_of(said.respondent_level, respondent, title, rules),
    )
    marks = {part: next((str(getattr(table, part)) for table in forms if getattr(table, part)), "") for part in MARKS}
    report: dict[str, Any] = {
        "report_id": FORM_ID,
        "report_name": title,
        "department_name": said.department_name or marks["issuing_body"],
        "respondent_level": said.respondent_level or "未说明",
        "frequency": said.frequency or "未说明",
    }
    named = [replace(table, title=table.title or title) for table in forms]
    tables = tabulate(pl.DataFrame([report]), {FORM_ID: named}, {FORM_ID: content})
    return Proposal(
        title=title,
        content_hash=content,
        source_file=name,
        origin=ISSUED if said.seen_by else APPLIED,
        said=said,
        marks=marks,
        fields=ReportFields.validate(tables.report_fields),
        checks=TemplateChecks.validate(tables.template_checks),
        notes=first.notes,
        text=text,
        findings=tuple(findings),
    )


def _told(tables: Sequence[TableReading]) -> list[Finding]:
    return [finding for table in tables for finding in table.findings if finding.severity != "info"]
