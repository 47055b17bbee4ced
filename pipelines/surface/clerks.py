"""The township's side at the command line: issue, receive, status."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import flow, periods, workdays
from pipelines.collection.due import due_on, has_workbook, open_periods
from pipelines.collection.layout import workbook_id
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from pipelines.surface.journey import Journal, print_findings
from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table

NO_PERIOD = (
    "报告期应写成 2025-12 这样的年月，旬写 2025-12-X1（X1 上旬、X2 中旬、X3 下旬），周写 2025-W50，日写 2025-12-05，"
    "现为“{}”。"
)
FEW = 5
"""Up to so many receipts are printed whole; of more, a line each."""


def print_issue(workspace: Workspace, period: str) -> int:
    """Write the period's workbooks and say where they are."""
    console, wanted = Screen(), _period(period)
    if not wanted:
        console.print(NO_PERIOD.format(period), highlight=False)
        return 1
    with Journal(console) as journal:
        flow.run(workspace, wanted, only=("fill_once_workbooks",))
    with Warehouse(workspace.database) as warehouse:
        asked = warehouse.read("fill_plan").filter("is_asked")["frequency"].unique().to_list()
    short = [frequency for frequency in periods.SHORT if frequency in asked]
    if not any(result.figures.get("工作簿") for _, result in journal.results):
        pace = periods.pace(wanted)
        said = "没有可下发的：工作区里没有区划或填报方案。下一步：oneform init，再 oneform run"
        console.print(said if not asked or pace == "月" else f"没有按{pace}上报的报表，不用下发。", highlight=False)
        return 1
    console.print(f"工作簿在 {workspace.forms / wanted}", highlight=False)
    if short and periods.is_month(wanted):
        next_ones = "、".join(periods.containing(frequency, wanted) for frequency in short)
        console.print(
            f"另有按{'、'.join(short)}上报的，各有工作簿，如 oneform issue --period {next_ones}", highlight=False
        )
    return 0


def _period(text: str) -> str:
    """Return the period that a person means, by its id or in words (2025年12月上旬); "" when it is none or several."""
    if has_workbook(text):
        return text
    said = periods.said_in(text)
    return said[0] if len(said) == 1 else ""


def print_receipts(workspace: Workspace, files: list[Path]) -> int:
    """Receive files and what lies in folders; print a line for each and every error of those returned.

    Return 0 only when nothing was returned or missing.
    """
    console = Screen()
    missing = [file for file in files if not file.exists()]
    for file in missing:
        console.print(f"没有这个文件：{file}", highlight=False, markup=False)
    given = [file for file in files if file.is_file()]
    for folder in (file for file in files if file.is_dir()):
        inside = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$")))
        console.print(f"文件夹 {folder}：{len(inside)} 个文件", highlight=False, markup=False)
        given += inside
    if not given:
        console.print("没有收到文件。", highlight=False)
        return 1
    workspace.inbox.mkdir(parents=True, exist_ok=True)
    for file in given:
        if file.resolve().parent != workspace.inbox:
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
    """Print for each township of a period, or of all open ones, what was issued and what came back.

    Townships stand in the order of the area table.
    """
    with Warehouse(workspace.database) as warehouse:
        areas, issued = warehouse.read("areas"), warehouse.read("issued_workbooks")
        submissions, arrivals = warehouse.read("submissions"), warehouse.read("arrivals")
    console, wanted = Screen(), _period(period)
    if period and not wanted:
        console.print(NO_PERIOD.format(period), highlight=False)
        return 1
    latest = open_periods(issued["period"], workspace.settings(), workspace.rules)
    if not latest:
        console.print("还没有下发工作簿。下一步：oneform issue --period 2025-12", highlight=False)
        return 0
    if wanted and issued.filter(period=wanted).is_empty():
        console.print(f"{periods.in_words(wanted)}没有下发工作簿；最近一期是 {'、'.join(latest)}。", highlight=False)
        return 1
    townships = areas.filter(pl.col("area_level") == "乡镇").sort("area_code").to_dicts()
    for each in (wanted,) if wanted else latest:
        _print_period(console, each, townships, issued, submissions, arrivals)
        due = due_on(each, workspace.settings(), workspace.rules)
        console.print(f"报送截止 {due}，{_left(due, workspace)}。", highlight=False)
    return 0


def _left(due: str, workspace: Workspace) -> str:
    left = workdays.between(f"{date.today():%Y-%m-%d}", due, workspace.rules)
    return f"还有 {left} 个工作日" if left >= 0 else f"已过 {-left} 个工作日"


def _print_period(
    console: Screen,
    period: str,
    townships: Sequence[dict[str, Any]],
    issued: pl.DataFrame,
    submissions: pl.DataFrame,
    arrivals: pl.DataFrame,
) -> None:
    """Print the table of one period and the county's line."""
    books = {row["workbook_id"]: row for row in issued.filter(period=period).iter_rows(named=True)}
    table = Table(
        *("乡镇", "下发", "应填", "已预填", "结果", "最近收到", "键入", "说明"),
        title=f"{periods.in_words(period)}报送情况",
        title_justify="left",
    )
    arrived = dict(arrivals.group_by("submission_id").len().iter_rows())
    accepted: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for township in townships:
        number = workbook_id(township["area_code"], period)
        book = books.get(number)
        came = submissions.filter(pl.col("workbook_id") == number).sort("received_at").to_dicts()
        standing = next((row for row in reversed(came) if row["status"] == "接收"), came[-1] if came else None)
        if book and standing and standing["status"] == "接收":
            accepted.append((standing, book))
        table.add_row(
            township["area_name"],
            "已下发" if book else "未下发",
            f"{book['cell_count']:,}" if book else "",
            f"{book['prefilled_count']:,}" if book else "",
            standing["status"] if standing else "未收到",
            standing["received_at"][5:10] if standing else "",
            _typed([(standing, book)]) if standing and book else "",
            _standing(standing, sum(arrived.get(row["submission_id"], 1) for row in came)),
        )
    console.print(table)
    cells, known = (sum(book[name] for book in books.values()) for name in ("cell_count", "prefilled_count"))
    share = f"（{known / cells:.1%}）" if cells else ""
    typed = _typed(accepted)
    console.print(
        f"全县：下发 {len(books)} 个，应填 {cells:,} 格，已预填 {known:,} 格{share}；接收 {len(accepted)} 个"
        + (f"，其中键入和改动的占 {typed}。" if typed else "。"),
        highlight=False,
    )


def _typed(returned: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> str:
    """Return the share of cells that clerks typed or changed of those that needed a value; "" where rows were new.

    returned: rows of Submissions and IssuedWorkbooks. In a first workbook there are more answers than cells counted.
    """
    said = sum(row["typed_count"] + row["changed_count"] for row, _ in returned)
    cells = sum(book["cell_count"] for _, book in returned)
    return f"{said / cells:.1%}" if cells >= said > 0 else ""


def _standing(row: dict[str, Any] | None, times: int) -> str:
    """Return what there is to say about the submission that stands: errors, questions, days late, how often it came."""
    if row is None:
        return ""
    said = [f"{row['error_count']} 处须改正"] if row["status"] == "退回" else []
    said += [f"{row['warning_count']} 处请核实"] if row["warning_count"] else []
    said += [f"迟{row['late_days']}天"] if row["late_days"] else []
    said += [f"收到{times}次"] if times > 1 else []
    return "，".join(said)
