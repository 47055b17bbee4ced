"""Commands of department officers and auditors: pull, grants, audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.surface import grants_commands, serve_commands
from pipelines.surface.chinese import ChineseTyper
from pipelines.surface.options import AsJson, Home, Period

PANEL = "共享"
audit_app = ChineseTyper(help="调取日志：谁、何时、凭什么、取了什么。")


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("pull", rich_help_panel=PANEL)(pull)
    grants_commands.add_to(app, PANEL)
    app.add_typer(audit_app, name="audit", rich_help_panel=PANEL)
    serve_commands.add_to(app, PANEL)


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
    columns: Annotated[
        list[str] | None, typer.Option("--column", help="只取这列，可给多次；不写就是获准的全部")
    ] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """部门取数：只给授权范围内的，取之前先记日志。"""
    from pipelines.sharing.granted import PullRequest
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.counter import now, print_pull

    request = PullRequest(department, report, purpose, now(), file_format, area, period, tuple(columns or ()), subject)
    raise typer.Exit(print_pull(open_workspace(home), request, out, as_json))


@audit_app.command("verify")
def audit_verify(
    head: Annotated[list[Path] | None, typer.Option("--head", help="以前导出的日志末端，可给多个")] = None,
    log: Annotated[Path | None, typer.Option("--log", help="另外一份日志（离线核对拷贝时用）")] = None,
    home: Home = None,
) -> None:
    """核对调取日志：有没有改动、缺失、换序、截断。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.log_desk import print_log_check

    raise typer.Exit(print_log_check(log or open_workspace(home).pull_log, head or []))


@audit_app.command("head")
def audit_head(
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件")] = Path("日志末端.json"), home: Home = None
) -> None:
    """导出日志末端，交给审计部门保管，日后用它核对。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.log_desk import export_head

    raise typer.Exit(export_head(open_workspace(home), out))


@audit_app.command("readers")
def audit_readers(
    area: Annotated[str, typer.Option("--area", help="乡镇或村：区划代码或名称")],
    out: Annotated[Path | None, typer.Option("--out", help="另存为 CSV")] = None,
    home: Home = None,
) -> None:
    """乡镇查看：谁、何时、为什么取过本地的数据。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.log_desk import print_readers

    raise typer.Exit(print_readers(open_workspace(home), area, out))


@audit_app.command("rotate")
def audit_rotate(home: Home = None) -> None:
    """把日志现在这一段封存，新记录接着写，哈希链不断。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.log_desk import close_part

    raise typer.Exit(close_part(open_workspace(home)))


@audit_app.command("clear")
def audit_clear(by: Annotated[str, typer.Option("--by", help="经办人")], home: Home = None) -> None:
    """清理保存满三年的封存段（不满三年的不能清理）；清理本身记入日志。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.log_desk import clear_old

    raise typer.Exit(clear_old(open_workspace(home), by))


@audit_app.command("repair")
def audit_repair(home: Home = None) -> None:
    """写入时断电留下半行：把它移到单独的文件，日志接着写。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.log_desk import put_torn_line_aside

    raise typer.Exit(put_torn_line_aside(open_workspace(home)))
