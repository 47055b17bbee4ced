"""What the publishing commands do and print."""

from __future__ import annotations

import json
from pathlib import Path

from pipelines import rulebook
from pipelines.sharing.notices import posted_notices
from pipelines.sharing.policy import read_grants
from pipelines.store.snapshots import current, publications, versions
from pipelines.store.workspace import Workspace
from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table
from schemas.faults import publishing as faults
from schemas.faults.sharing import NO_SNAPSHOT


def publish_files(workspace: Workspace) -> int:
    """Make the snapshot anew from the ledgers as they stand; 1 when its contracts keep it from being published."""
    from pipelines.flow import run

    [result] = run(workspace, only=("share_snapshot",))
    console = Screen()
    for finding in result.findings:
        if finding.severity == "error":
            console.print(str(finding), highlight=False, markup=False)
    shown = "，".join(f"{name} {value}" for name, value in result.figures.items())
    console.print(("没有变化：" if result.is_unchanged else "已发布：") + shown, highlight=False)
    return int(any(finding.code == faults.NOT_PUBLISHED.code for finding in result.findings))


def publish_postgres(workspace: Workspace, url: str) -> int:
    """Load the current snapshot into PostgreSQL, opened to the departments by the same grants as everywhere."""
    import psycopg

    from pipelines.store.postgres import publish_to_postgres

    console = Screen()
    snapshot = current(workspace.share)
    if snapshot is None:
        console.print(str(NO_SNAPSHOT.at()), highlight=False, markup=False)
        return 1
    if not url:
        console.print(str(faults.DATABASE_UNREACHABLE.at(why="没有写 --url")), highlight=False, markup=False)
        return 1
    grants, findings = read_grants(rulebook.own_rows("grants", workspace.rules))
    for finding in findings:
        console.print(str(finding), highlight=False, markup=False)
    try:
        loaded = publish_to_postgres(url, snapshot, grants, workspace.rules)
    except psycopg.Error as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        console.print(str(faults.DATABASE_UNREACHABLE.at(why=why)), highlight=False, markup=False)
        return 1
    console.print(
        f"已装入 PostgreSQL：快照 {loaded.version}，{len(loaded.roles)} 个部门角色，{loaded.view_count} 个视图，"
        f"{loaded.row_count:,} 行。\n部门以自己的角色登录（例如 {loaded.roles[0]}，口令由数据库管理员设置），"
        "先执行 SET oneform.purpose = '用途'，再查询以部门命名的模式。",
        highlight=False,
        soft_wrap=True,
    )
    return 1 if findings else 0


def print_snapshots(workspace: Workspace, as_json: bool) -> int:
    """Print the versions that are kept, the newest publication first."""
    here = current(workspace.share)
    last = {line["version"]: line["at"] for line in publications(workspace.share)}
    kept = sorted(versions(workspace.share), key=lambda version: last.get(version, ""), reverse=True)
    rows = []
    for version in kept:
        views = len(list((workspace.share / version / "views").glob("*.parquet")))
        is_current = here is not None and version == here.name
        rows.append({"version": version, "at": last.get(version, ""), "views": views, "is_current": is_current})
    if as_json:
        Screen().print(json.dumps(rows, ensure_ascii=False), soft_wrap=True, highlight=False, markup=False)
        return 0
    keep = rulebook.settings("sharing_snapshots", workspace.rules)["keep"]
    table = Table("版本", "发布时间", "视图", "当前", title="共享快照", title_justify="left")
    for row in rows:
        table.add_row(str(row["version"]), str(row["at"]), str(row["views"]), "是" if row["is_current"] else "")
    Screen().print(table)
    rule = f"不再使用后至少保存 {keep['days']} 天，且至少保存最近 {keep['versions']} 个版本"
    Screen().print(f"{rule}（rules/sharing_snapshots.toml）。", highlight=False)
    return 0


def print_notices(workspace: Workspace, department: str, out: Path | None, as_json: bool) -> int:
    """List the notices of changed contracts; of one department, also the newest text."""
    found = posted_notices(workspace.reports, department)
    console = Screen()
    if as_json:
        rows = [{"version": version, "department": name, "file": str(file)} for version, name, file in found]
        console.print(json.dumps(rows, ensure_ascii=False), soft_wrap=True, highlight=False, markup=False)
        return 0
    if not found:
        console.print("没有数据契约变更通知。")
        return 0
    table = Table("快照", "部门", "文件", title="数据契约变更通知", title_justify="left")
    for version, name, file in found:
        table.add_row(version, name, str(file.relative_to(workspace.home)))
    console.print(table)
    newest = found[-1][2].read_text(encoding="utf-8") if department else ""
    if newest:
        console.print(newest, highlight=False, markup=False)
    if out is not None:
        out.write_text("\n\n".join(file.read_text(encoding="utf-8") for _, _, file in found), encoding="utf-8")
        console.print(f"全文已写到 {out}", highlight=False)
    return 0
