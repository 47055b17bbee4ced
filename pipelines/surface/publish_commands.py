"""Commands of publishing: publish again, load into PostgreSQL, the versions that are kept, notices of changes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.surface.options import AsJson, Home

PANEL = "共享"


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("publish", rich_help_panel=PANEL)(publish)
    app.command("snapshots", rich_help_panel=PANEL)(snapshots)
    app.command("notices", rich_help_panel=PANEL)(notices)


def publish(
    to: Annotated[
        str, typer.Option("--to", help="files：重新生成共享快照；postgres：把当前快照装入 PostgreSQL")
    ] = "files",
    url: Annotated[
        str, typer.Option("--url", envvar="ONEFORM_POSTGRES_URL", help="数据库地址 postgresql://用户@主机/库")
    ] = "",
    home: Home = None,
) -> None:
    """发布：重新生成共享快照，或装入 PostgreSQL 供部门自己的工具按授权读取。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.publish_desk import publish_files, publish_postgres

    if to not in ("files", "postgres"):
        raise typer.BadParameter("--to 只能是 files 或 postgres。")
    workspace = open_workspace(home)
    raise typer.Exit(publish_files(workspace) if to == "files" else publish_postgres(workspace, url))


def snapshots(home: Home = None, as_json: AsJson = False) -> None:
    """列出保存着的共享快照：版本、发布时间、视图数。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.publish_desk import print_snapshots

    raise typer.Exit(print_snapshots(open_workspace(home), as_json))


def notices(
    department: Annotated[str, typer.Option("--department", help="只看一个部门")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="把通知全文写到一个文件")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """列出数据契约变更通知；指定部门时显示最近一份全文。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.publish_desk import print_notices

    raise typer.Exit(print_notices(open_workspace(home), department, out, as_json))
