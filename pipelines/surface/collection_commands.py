"""Commands of issuing and receiving."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.surface.options import Home

PANEL = "填报"


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("issue", rich_help_panel=PANEL)(issue)
    app.command("receive", rich_help_panel=PANEL)(receive)
    app.command("status", rich_help_panel=PANEL)(status)
    app.command("history", rich_help_panel=PANEL)(history)


def issue(
    period: Annotated[str, typer.Option("--period", help="报告期：2025-12，旬 2025-12-X1，周 2025-W50，日 2025-12-05")],
    home: Home = None,
) -> None:
    """下发：每个乡镇一个一次填报工作簿，已知的都预填好。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.clerks import print_issue

    raise typer.Exit(print_issue(open_workspace(home), period))


def receive(
    files: Annotated[list[Path], typer.Argument(help="收回的工作簿，或放着它们的文件夹")], home: Home = None
) -> None:
    """接收：整本接收或整本退回，每个文件一张回执。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.clerks import print_receipts

    raise typer.Exit(print_receipts(open_workspace(home), files))


def status(
    period: Annotated[str, typer.Option("--period", help="报告期；不写就是还在收的各期")] = "", home: Home = None
) -> None:
    """本期下发和收回的情况（按区划顺序，不排名）。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.clerks import print_status

    raise typer.Exit(print_status(open_workspace(home), period))


def history(
    subject: Annotated[str, typer.Argument(help="身份证号、户编号、信用代码、区划代码等…")],
    element: Annotated[str, typer.Argument(help="数据元编号或名称")],
    home: Home = None,
) -> None:
    """一个值的来历：每一次是谁、哪个文件、哪个单元格报的。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.value_history import print_history

    raise typer.Exit(print_history(open_workspace(home), subject, element))
