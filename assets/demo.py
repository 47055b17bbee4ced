"""The demonstration: the sample county goes through two months and some ten-day periods and weeks of the second.

Its clerks are played by a program of their own.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
from rich.panel import Panel

from assets.runs import prepare_instance, run_job
from pipelines import flow
from pipelines.periods import in_words, is_month
from pipelines.store.workspace import SAMPLE, Workspace, found
from pipelines.surface.journey import Journal, print_summary

ROUNDS = (("2025-11", "2025-12-X1"), ("2025-12-X2",), ("2025-12", "2025-12-X3", "2025-W52"))
"""Periods whose workbooks come back together. The last month is one in which month, quarter, half-year and year all
fall due, and most cells come prefilled; its ten-day periods add up to it.
"""


def run_demo(workspace: Workspace) -> int:
    """Run the journey on the sample county and print what was achieved. A second call changes nothing."""
    prepare_instance(workspace)
    with dg.DagsterInstance.get() as instance, Journal() as journal:
        if found(workspace):
            journal.console.print(f"样例县（真实区划，模拟数据）已放入工作区 {workspace.home}", highlight=False)
        run_job(instance, "prepare_catalogue")
        for together in ROUNDS:
            for period in together:
                with journal.part(in_words(period)):
                    issue(workspace, instance, period)
            play_clerks(workspace, together)
            with journal.part(in_words(together[0])):
                receive(workspace, instance, together)
        with journal.part("审计"):
            run_job(instance, "audit_report")
    print_summary(workspace, journal)
    print_next(journal, workspace)
    return 0


def issue(workspace: Workspace, instance: dg.DagsterInstance, period: str) -> None:
    """Issue a period's workbooks: a month's by Dagster, a short period's as `oneform issue` does."""
    if is_month(period):
        run_job(instance, "issue_workbooks", period)
    else:
        flow.run(workspace, period, only=("fill_once_workbooks",))


def receive(workspace: Workspace, instance: dg.DagsterInstance, together: Sequence[str]) -> None:
    """Receive what the clerks sent, and publish with the last month."""
    if together == ROUNDS[-1]:
        run_job(instance, "receive_and_publish")
    elif is_month(together[0]):
        run_job(instance, "receive_returns")
    else:
        flow.run(workspace, only=("submissions",))


def play_clerks(workspace: Workspace, together: Sequence[str]) -> None:
    """Let the sample's clerks fill what was issued and drop it into the inbox; what they sent before stays sent."""
    forms = [workspace.forms / period for period in together]
    clerks: Sequence[str | Path] = (sys.executable, SAMPLE / "make" / "clerks")
    command: Sequence[str | Path] = (*clerks, "--inbox", workspace.inbox, "--forms", *forms)
    subprocess.run(command, check=True, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})


def print_next(journal: Journal, workspace: Workspace) -> None:
    """Print where the results lie and which command to try next."""
    lines = [
        f"一次填报工作簿   {workspace.forms}",
        f"共享快照与部门报表 {workspace.share / 'current'}",
        f"回执与退回副本   {workspace.forms / ROUNDS[-1][0] / '回执'}",
        f"填报负担报告     {workspace.reports / '填报负担报告.html'}",
        "",
        "下一步可以试：",
        "  make dev                     打开数据管理员的网页",
        "  oneform findings             看全部问题",
        "  oneform pull --help          以部门身份取数",
        "  oneform admit --help         新表下发之前先检查",
    ]
    journal.console.print(Panel("\n".join(lines), title="结果在哪里", title_align="left"), highlight=False)
