"""Commands about who may have what: grants, applications for sharing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.surface.chinese import ChineseTyper
from pipelines.surface.options import Home

grants_app = ChineseTyper(no_args_is_help=False, help="授权与共享申请：谁、取什么、凭什么、到什么时候。")
By = Annotated[str, typer.Option("--by", help="经办人")]
Number = Annotated[str, typer.Argument(help="申请编号，如 A00001")]


def add_to(app: typer.Typer, panel: str) -> None:
    """Add the commands to the command line."""
    app.add_typer(grants_app, name="grants", rich_help_panel=panel)


@grants_app.callback(invoke_without_command=True)
def grants(context: typer.Context, home: Home = None) -> None:
    """列出授权和共享申请；子命令办理申请、导入授权。"""
    if context.invoked_subcommand is None:
        list_grants(home)


@grants_app.command("list")
def list_grants(home: Home = None) -> None:
    """列出授权：哪个部门、什么用途、凭什么依据、到什么时候；共享申请和它的法定时限。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.grant_desk import print_grants

    raise typer.Exit(print_grants(open_workspace(home)))


@grants_app.command("apply")
def apply(
    department: Annotated[str, typer.Option("--department", help="申请部门")],
    view: Annotated[str, typer.Option("--view", help="视图名或报表编号")],
    basis: Annotated[str, typer.Option("--basis", help="使用依据")] = "",
    scenario: Annotated[str, typer.Option("--scenario", help="使用场景")] = "",
    purpose: Annotated[str, typer.Option("--purpose", help="用途")] = "",
    columns: Annotated[str, typer.Option("--columns", help="数据项，用；隔开；* 为全部，敏感项遮盖")] = "*",
    area: Annotated[str, typer.Option("--area", help="使用范围：区划代码或名称；不写就是全县")] = "",
    mode: Annotated[str, typer.Option("--mode", help="共享方式")] = "接口或文件",
    since: Annotated[str, typer.Option("--from", help="使用时限起 YYYY-MM-DD")] = "",
    until: Annotated[str, typer.Option("--until", help="使用时限止 YYYY-MM-DD")] = "",
    by: By = "",
    home: Home = None,
) -> None:
    """登记一份共享申请（政务数据共享条例第二十条），开始计算法定时限。"""
    from pipelines.sharing.snapshot_reader import SnapshotReader
    from pipelines.store.snapshots import current
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.counter import now
    from pipelines.surface.grant_desk import apply as take_in

    place = open_workspace(home)
    snapshot = current(place.share)
    county = SnapshotReader(snapshot).county if snapshot else ""
    what = {
        "department_name": department,
        "view_name": view,
        "column_names": columns,
        "area_code": area or county,
        "legal_basis": basis,
        "scenario": scenario,
        "purpose": purpose,
        "share_mode": mode,
        "valid_from": since or now()[:10],
        "valid_until": until,
    }
    raise typer.Exit(take_in(place, what, by or department))


@grants_app.command("decide")
def decide(
    number: Number,
    by: By,
    is_agreed: Annotated[bool, typer.Option("--agree/--decline", help="同意，或不同意")],
    reason: Annotated[str, typer.Option("--reason", help="理由；不同意时必须写")] = "",
    home: Home = None,
) -> None:
    """答复一份共享申请；同意即生成授权。"""
    from pipelines.sharing.applications import AGREED, DECLINED
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.grant_desk import decide as record

    raise typer.Exit(record(open_workspace(home), number, AGREED if is_agreed else DECLINED, by, reason))


@grants_app.command("extend")
def extend(
    number: Number,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="延期理由")],
    home: Home = None,
) -> None:
    """有条件共享的答复延期一次（政务数据共享条例第二十一条）。"""
    from pipelines.sharing.applications import EXTENDED
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.grant_desk import decide as record

    raise typer.Exit(record(open_workspace(home), number, EXTENDED, by, reason))


@grants_app.command("import")
def import_table(
    path: Annotated[Path, typer.Argument(help="授权表（.csv 或 .xlsx）", exists=True, dir_okay=False)],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="为什么改")],
    is_dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对，不保存")] = False,
    home: Home = None,
) -> None:
    """导入授权：新增的加入，已有的变更；谁改的、为什么改，只追加地留下记录。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.grant_desk import import_grants

    raise typer.Exit(import_grants(open_workspace(home), path, by, reason, is_dry_run))


@grants_app.command("end")
def end(
    grant_id: Annotated[str, typer.Argument(help="授权编号")],
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="为什么收回")],
    home: Home = None,
) -> None:
    """收回一条授权，立即生效。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.grant_desk import end_grant

    raise typer.Exit(end_grant(open_workspace(home), grant_id, by, reason))
