"""The township's side at the command line: issue, receive, status, the life of a value."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.text import Text

from pipelines import flow
from pipelines.collection.history import history
from pipelines.collection.layout import workbook_id
from pipelines.collection.merging import moved
from pipelines.periods import in_words, is_month
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from pipelines.surface.journey import Journal, print_findings
from pipelines.surface.tables import Table

FEW = 5
"""Up to so many receipts are printed whole; of more, a line each."""


def print_issue(workspace: Workspace, period: str) -> int:
    """Write the period's workbooks and say where they are."""
    console = Console()
    if not is_month(period):
        console.print(f"报告期应写成 2025-12 这样的年月，现为“{period}”。", highlight=False)
        return 1
    with Journal(console) as journal:
        flow.run(workspace, period, only=("fill_once_workbooks",))
    console.print(f"工作簿在 {workspace.forms / period}", highlight=False)
    return 0 if journal.results else 1


def print_receipts(workspace: Workspace, files: list[Path]) -> int:
    """Receive files; print a line for each and every error of those returned. 0 only when nothing was returned."""
    console = Console()
    missing = [file for file in files if not file.is_file()]
    for file in missing:
        console.print(f"没有这个文件：{file}", highlight=False, markup=False)
    workspace.inbox.mkdir(parents=True, exist_ok=True)
    for file in files:
        if file not in missing and file.resolve().parent != workspace.inbox:
            _drop(file, workspace.inbox)
    with Journal(console):
        results = flow.run(workspace, only=("submissions", "ledgers"))
    received = next(result for result in results if result.step.name == "submissions")
    receipts = [path for path in received.files if path.suffix == ".txt"]
    for path in receipts:
        text = path.read_text(encoding="utf-8-sig").strip()
        if len(receipts) > FEW:
            text = "　".join(line for line in text.splitlines() if line.startswith(("文件：", "结果：")))
        console.print(text, highlight=False, markup=False)
    with Warehouse(workspace.database) as warehouse:
        findings = warehouse.read("findings").filter(pl.col("stage") == "submissions")
    returned = int(received.figures.get("退回", 0))
    if returned and not received.is_unchanged:
        print_findings(console, findings)
    return 1 if missing or (returned and not received.is_unchanged) else 0


def _drop(file: Path, inbox: Path) -> None:
    """Copy a file into the inbox, whole or not at all; files of one name do not cover each other."""
    target, number = inbox / file.name, 1
    while target.exists():
        number += 1
        target = inbox / f"{file.stem} {number}{file.suffix}"
    aside = inbox / f".{target.name}"
    shutil.copy2(file, aside)
    aside.replace(target)


def print_status(workspace: Workspace, period: str) -> int:
    """Print for each township of a period what was issued and what came back, in the order of the area table."""
    with Warehouse(workspace.database) as warehouse:
        areas, issued = warehouse.read("areas"), warehouse.read("issued_workbooks")
        submissions, arrivals = warehouse.read("submissions"), warehouse.read("arrivals")
    console = Console()
    period = period or str(issued["period"].max() or "")
    if not period:
        console.print("还没有下发工作簿。下一步：oneform issue --period 2025-12", highlight=False)
        return 0
    table = Table(
        *("乡镇", "下发", "应填", "已预填", "结果", "最近收到", "键入", "说明"),
        title=f"{in_words(period)}报送情况",
        title_justify="left",
    )
    arrived = dict(arrivals.group_by("submission_id").len().iter_rows())
    for township in areas.filter(pl.col("area_level") == "乡镇").sort("area_code").iter_rows(named=True):
        number = workbook_id(township["area_code"], period)
        book = issued.filter(pl.col("workbook_id") == number).to_dicts()
        came = submissions.filter(pl.col("workbook_id") == number).sort("received_at").to_dicts()
        standing = next((row for row in reversed(came) if row["status"] == "接收"), came[-1] if came else None)
        table.add_row(
            township["area_name"],
            "已下发" if book else "未下发",
            f"{book[0]['cell_count']:,}" if book else "",
            f"{book[0]['prefilled_count']:,}" if book else "",
            standing["status"] if standing else "未收到",
            standing["received_at"][5:10] if standing else "",
            _typed(standing, book[0]["cell_count"]) if standing and book else "",
            _standing(standing, sum(arrived.get(row["submission_id"], 1) for row in came)),
        )
    console.print(table)
    return 0


def _typed(submission: dict[str, Any], cells: int) -> str:
    """Return the share of cells that the clerk typed or changed of those that needed a value."""
    return f"{(submission['typed_count'] + submission['changed_count']) / cells:.1%}" if cells else ""


def _standing(row: dict[str, Any] | None, times: int) -> str:
    """Return what there is to say about the submission that stands: errors, questions, days late, how often it came."""
    if row is None:
        return ""
    said = [f"{row['error_count']} 处须改正"] if row["status"] == "退回" else []
    said += [f"{row['warning_count']} 处请核实"] if row["warning_count"] else []
    said += [f"迟{row['late_days']}天"] if row["late_days"] else []
    said += [f"收到{times}次"] if times > 1 else []
    return "，".join(said)


def print_history(workspace: Workspace, subject: str, element: str) -> int:
    """Print every value that a subject's element ever had, with the file, sheet and cell it came from."""
    with Warehouse(workspace.database) as warehouse:
        values = moved(warehouse.lookup("ledger_values", "subject_key", subject), warehouse.read("element_successors"))
        submissions, elements = warehouse.read("submissions"), warehouse.read("elements")
        places = dict(warehouse.read("areas").select("area_code", "area_name").iter_rows())
    chosen = elements.filter((pl.col("element_id") == element.upper()) | (pl.col("element_name") == element))
    console = Console()
    found = [history(values, submissions, subject, row) for row in chosen["element_id"].to_list()]
    lives = pl.concat(found) if found else None
    if lives is None or lives.is_empty():
        console.print(
            f"没有找到“{subject}”的“{element}”。主体写身份证号、户编号等，数据元写编号或名称。", highlight=False
        )
        return 1
    table = Table(
        *("值", "报告期", "报送期", "单位", "文件", "工作表", "单元格", "填报人", "报送", "入账时间"),
        title=f"{subject} {element}：共 {lives.height} 次",
        title_justify="left",
    )
    for row in lives.iter_rows(named=True):
        value = row["value"] if row["value"] is not None else row["null_reason"]
        unit = places.get(row["area_code"], row["area_code"])
        shown = (value, row["period"], row["submitted_period"], unit, row["file_name"], row["sheet"], row["cell"])
        by = row["clerk_name"] or "文件里没有写"
        cells = (*shown, by, row["status"], row["recorded_at"].replace("T", " "))
        table.add_row(*(Text(str(text or "")) for text in cells))  # as it stands: a value may hold square brackets
    console.print(table)
    return 0
