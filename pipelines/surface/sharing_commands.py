"""Commands of department officers and auditors: pull, grants, audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.surface.chinese import ChineseTyper
from pipelines.surface.options import AsJson, Home, Period

PANEL = "共享"
audit_app = ChineseTyper(help="调取日志：谁、何时、凭什么、取了什么。")


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("pull", rich_help_panel=PANEL)(pull)
    app.command("grants", rich_help_panel=PANEL)(grants)
    app.add_typer(audit_app, name="audit", rich_help_panel=PANEL)


def pull(
    department: Annotated[str, typer.Option("--department", help="哪个部门")],
    report: Annotated[str, typer.Option("--report", help="报表编号、名称或视图名")],
    purpose: Annotated[str, typer.Option("--purpose", help="用途（政务数据共享条例第二十条）")] = "",
    file_format: Annotated[
        str, typer.Option("--format", help="xlsx、csv、parquet、arrow、json；report 为原样填好的本部门模板")
    ] = "xlsx",
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件")] = Path("取数结果.xlsx"),
    area: Annotated[str, typer.Option("--area", help="区划代码或名称；不写就是全县")] = "",
    period: Period = "",
    subject: Annotated[str, typer.Option("--subject", help="登记表取哪一个对象")] = "",
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """部门取数：只给授权范围内的，取之前先记日志。"""
    from pipelines.sharing.pull import PullRequest
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.counter import now, print_pull

    request = PullRequest(
        department, report, purpose, now(), format=file_format, area_code=area, period=period, subject=subject
    )
    raise typer.Exit(print_pull(open_workspace(home), request, out, as_json))


def grants(home: Home = None) -> None:
    """列出授权：哪个部门、什么用途、凭什么依据、到什么时候。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.counter import print_grants

    raise typer.Exit(print_grants(open_workspace(home)))


@audit_app.command("verify")
def audit_verify(
    head: Annotated[Path | None, typer.Option("--head", help="以前导出的日志末端")] = None, home: Home = None
) -> None:
    """核对调取日志：有没有改动、缺失、换序。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.counter import print_log_check

    raise typer.Exit(print_log_check(open_workspace(home), head))


@audit_app.command("head")
def audit_head(
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件")] = Path("日志末端.json"), home: Home = None
) -> None:
    """导出日志末端，交给审计部门保管，日后用它核对。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.counter import export_head

    raise typer.Exit(export_head(open_workspace(home), out))
