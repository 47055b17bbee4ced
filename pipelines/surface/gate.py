"""The gate at the command line: a form is examined, a decision recorded, a refusal written."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from pipelines import flow, workdays
from pipelines.admission.county import County
from pipelines.admission.decide import Decided, decide
from pipelines.admission.examine import Report, examine, request_row
from pipelines.admission.journal import append, read_journals
from pipelines.admission.letter import grounds, opinion, refusal
from pipelines.admission.proposal import Proposal, Said, propose_file, propose_text
from pipelines.catalogue.registry import Catalogue
from pipelines.catalogue.verdicts import read_verdicts
from pipelines.rulebook import own_rows
from pipelines.store.inbox import archive
from pipelines.store.snapshots import contracts, current
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from pipelines.surface.admission_page import as_record, write_page, write_workbook
from pipelines.surface.letter_docx import write_docx
from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table
from schemas.admission import HOW_SEEN, AdmissionDecisions, AdmissionRequests
from schemas.faults import Finding
from schemas.faults import admission as faults

STEP = "admission_register"
MESSAGE = "-"
CHECKED, REFUSED, _ = HOW_SEEN
ASKED = (
    *("content_hash", "department_name", "origin", "how", "seen_by", "form_title", "legal_basis", "frequency"),
    *("respondent_level", "due_date", "verdict"),
)
"""What makes two requests the same."""


def load_county(workspace: Workspace, today: str) -> tuple[County, pl.DataFrame]:
    """Return the county as it stands, and its AdmittedFields."""
    with Warehouse(workspace.database) as warehouse:
        catalogue = Catalogue(
            warehouse.read("elements"),
            warehouse.read("element_map"),
            warehouse.read("field_meanings"),
            warehouse.read("derivations"),
            warehouse.read("review_pairs"),
            [],
        )
        frames = {
            name: warehouse.read(name)
            for name in ("reports", "areas", "report_fields", "populations", "admission_register", "admitted_fields")
        }
    requests, decisions, _ = read_journals(workspace.requests, workspace.decisions)
    settings = workspace.settings()
    county = County(
        reports=frames["reports"],
        areas=frames["areas"],
        report_fields=frames["report_fields"],
        catalogue=catalogue,
        verdicts=read_verdicts(workspace.rules / "verdicts.csv"),
        today=today,
        populations=frames["populations"],
        views=contracts(current(workspace.share)),
        grants=own_rows("grants", workspace.rules),
        register=frames["admission_register"],
        requests=requests,
        decisions=decisions,
        name=settings.get("county_name", ""),
        code=settings.get("county_code", ""),
        own=workspace.rules,
    )
    return county, frames["admitted_fields"]


def print_admission(
    workspace: Workspace, files: Sequence[str], said: Said, out: Path | None, is_dry_run: bool, day: str, as_json: bool
) -> int:
    """Examine forms, write their reports and record them; return 1 when one was not taken in or is to be sent back."""
    console = Screen(stderr=as_json)
    today = day or f"{date.today():%Y-%m-%d}"
    county, admitted = load_county(workspace, today)
    if county.reports.is_empty():
        console.print("工作区还没有报表清单和数据元目录。请先运行 oneform run。", highlight=False)
        return 1
    status = 0
    for file in files:
        proposal, found = _proposal(file, said, workspace)
        report, more = examine(proposal, county, admitted) if proposal else (None, [])
        for finding in [*found, *more]:
            console.print(str(finding), highlight=False, markup=False)
        if report is None:
            status = 1
            continue
        request_id = _number(county.requests, report, CHECKED)
        if not is_dry_run:
            county = _record(workspace, report, request_id, CHECKED, file, county)
        written = (
            write_files(report, request_id, out or workspace.admission / request_id) if out or not is_dry_run else []
        )
        if as_json:
            record = as_record(report, request_id) | {"files": [str(path) for path in written]}
            sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
        else:
            print_report(console, report, "" if is_dry_run else request_id, written)
        status = max(status, int(report.verdict.name == "退回补正"))
    if not is_dry_run:
        flow.run(workspace, today=today, only=(STEP,))
    return status


def write_files(report: Report, request_id: str, folder: Path) -> list[Path]:
    """Write the report as page and workbook, and the letter as Word and text; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    letter = opinion(report, request_id)
    text = folder / "审查意见函.txt"
    text.write_text(letter.as_text(), encoding="utf-8-sig")
    return [
        write_page(report, request_id, folder / "准入报告.html"),
        write_workbook(report, folder / "准入报告.xlsx"),
        write_docx(letter, folder / "审查意见函.docx"),
        text,
    ]


def print_report(console: Screen, report: Report, request_id: str, files: Sequence[Path]) -> None:
    """Print the report on a form in a screenful."""
    proposal, said = report.proposal, report.proposal.said
    console.print(f"《{proposal.title}》 {said.department_name}" + (f"  受理编号 {request_id}" if request_id else ""))
    console.print(f"[bold]建议：{report.verdict.title}[/bold]", highlight=False)
    for number, reason in enumerate(report.verdict.reasons, start=1):
        console.print(f"  {number}. {reason}", highlight=False, markup=False)
    table = Table("项", "数据项", "结论", "在哪里 / 为什么", "更新到", "共享", title_justify="left")
    for row in report.items.iter_rows(named=True):
        view, column, fresh = report.where.place.get(row["item_no"], ("", "", ""))
        why = f"{view}“{column}”" if view else row["reason"]
        table.add_row(str(row["item_no"]), row["label"], row["kind"], why, fresh, row["share_type"] or "")
    console.print(table)
    for finding in report.findings:
        console.print(str(finding), highlight=False, markup=False)
    if report.gross.cells is not None and report.net.cells is not None:
        console.print(
            f"负担：照原样每年 {report.gross.cells:,.0f} 个单元格、{report.gross.hours:,.0f} 小时；"
            f"只填新增项 {report.net.cells:,.0f} 个、{report.net.hours:,.0f} 小时。",
            highlight=False,
        )
    for source in report.where.sources[:3]:
        console.print(f"取数：{source.command or source.application}", highlight=False, markup=False)
    if report.whom.text:
        console.print(f"名单：{report.whom.text}", highlight=False, markup=False)
    for path in files:
        console.print(f"  {path}", highlight=False, markup=False)
    if request_id and report.clock:
        console.print(f"最迟 {report.clock.due} 决定：oneform admit decide {request_id} --decision …", highlight=False)


def print_decision(
    workspace: Workspace, request_id: str, decision: str, decided_by: str, reason: str, until: str, into: str, day: str
) -> int:
    """Record what people decided; put an admitted form among the county's templates."""
    console = Screen()
    today = day or f"{date.today():%Y-%m-%d}"
    county, _ = load_county(workspace, today)
    made, findings = decide(request_id, decision, decided_by, reason, until, into, county)
    for finding in findings:
        console.print(str(finding), highlight=False, markup=False)
    if made is None:
        return 1
    append(workspace.decisions, AdmissionDecisions, made.row)
    placed = _place(workspace, made) if made.row["control_no"] else None
    flow.run(workspace, today=today, only=(STEP,))
    console.print(
        f"已登记：{request_id}《{made.title}》{made.row['decision']}，{decided_by}，{today}。", highlight=False
    )
    if made.row["control_no"]:
        number, end = made.row["control_no"], made.row["valid_until"]
        console.print(f"准入编号 {number}，有效期到 {end}。请标明在表的右上角再下发。", highlight=False)
        if placed:
            console.print(f"模板已放入 {placed}。下一步：oneform run", highlight=False, markup=False)
    if made.row["decision"] == "延期":
        clock = workdays.clock("admission", workspace.rules)
        due = workdays.add(made.received_at, clock.days + clock.extension_days, workspace.rules)
        console.print(f"审查期限延到 {due}，不能再延。", highlight=False)
    return 0


def print_refusal(workspace: Workspace, file: str, said: Said, township: str, out: Path | None, day: str) -> int:
    """Write a township's reply to a form that it need not fill; return 1 when it must be filled."""
    console = Screen()
    today = day or f"{date.today():%Y-%m-%d}"
    county, admitted = load_county(workspace, today)
    proposal, found = _proposal(file, said, workspace)
    report, more = examine(proposal, county, admitted) if proposal else (None, [])
    for finding in [*found, *more]:
        console.print(str(finding), highlight=False, markup=False)
    if report is None:
        return 1
    why = grounds(report)
    if not why and report.known is not None:
        known = report.known
        state = f"有效期到 {known.valid_until}" if known.valid_until else "在有效期内"
        details = {"name": known.title, "control_no": known.control_no, "department": known.department_name}
        console.print(str(faults.MAY_NOT_REFUSE.at(state=state, **details)), highlight=False, markup=False)
        return 1
    request_id = _number(county.requests, report, REFUSED)
    _record(workspace, report, request_id, REFUSED, file, county)
    flow.run(workspace, today=today, only=(STEP,))
    letter = refusal(report, why, township, workspace.rules)
    folder = out or workspace.admission / request_id
    files = [write_docx(letter, folder / "拒填复函.docx"), folder / "拒填复函.txt"]
    files[1].write_text(letter.as_text(), encoding="utf-8-sig")
    console.print(letter.as_text(), highlight=False, markup=False)
    for path in files:
        console.print(f"  {path}", highlight=False, markup=False)
    return 0


def _proposal(file: str, said: Said, workspace: Workspace) -> tuple[Proposal | None, list[Finding]]:
    if file == MESSAGE:
        return propose_text(sys.stdin.read(), said)
    return propose_file(Path(file), said, rules=workspace.rules, cache=workspace.readings)


def _number(requests: pl.DataFrame, report: Report, how: str) -> str:
    """Return the number of a request: the one it has, when the same was asked before, else the next of the year.

    The same form with something added to the application (basis, frequency …) is a new request, which replaces the old.
    """
    row = request_row(report, "", how)
    same = requests.filter(
        (pl.col(name) == row[name]) if row[name] is not None else pl.col(name).is_null() for name in ASKED
    )
    if same.height:
        return str(same["request_id"][0])
    prefix = f"{'SQ' if how == CHECKED else 'SD'}-{report.today[:4]}-"
    used = requests.filter(pl.col("request_id").str.starts_with(prefix)).height
    return f"{prefix}{used + 1:04d}"


def _record(workspace: Workspace, report: Report, request_id: str, how: str, file: str, county: County) -> County:
    """Record a request once, with the file in the archive; return the county that knows of it."""
    if request_id in set(county.requests["request_id"]):
        return county
    folder = workspace.admission / request_id
    folder.mkdir(parents=True, exist_ok=True)
    row = request_row(report, request_id, how)
    if file == MESSAGE:
        kept = folder / "消息.txt"
        kept.write_text(report.proposal.text, encoding="utf-8")
        row["source_file"] = f"{report.proposal.title}.json"
    else:
        kept = folder / Path(file).name
        shutil.copy2(file, kept)
        if kept.suffix.lower() in (".txt", ".md"):
            row["source_file"] = f"{report.proposal.title}.json"
    archive(kept, workspace.archive)
    append(workspace.requests, AdmissionRequests, row)
    return replace(county, requests=pl.concat([county.requests, AdmissionRequests.frame([row])]))


def _place(workspace: Workspace, made: Decided) -> Path | None:
    """Put the admitted form among the county's templates; a message becomes a field list."""
    folder = workspace.admission / made.row["request_id"]
    target = workspace.templates / made.department_name / made.source_file
    target.parent.mkdir(parents=True, exist_ok=True)
    source = folder / made.source_file
    if source.exists():
        shutil.copy2(source, target)
        return target
    message = next(iter(sorted(folder.glob("*.txt"))), None)
    if message is None:
        return None
    said = Said(department_name=made.department_name, title=made.title)
    proposal, _ = propose_text(message.read_text(encoding="utf-8"), said)
    if proposal is None:
        return None
    fields = [{"path": [path], "unit": unit} for path, unit in proposal.fields.select("path", "unit").iter_rows()]
    content = {"form_title": made.title, "issuing_department": made.department_name, "fields": fields}
    target.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return target
