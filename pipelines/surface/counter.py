"""The department's counter: pull data with a purpose, see the grants, verify the log."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipelines import rulebook
from pipelines.sharing.pull import PullRequest, pull
from pipelines.store import audit_log
from pipelines.store.snapshots import current
from pipelines.store.workspace import Workspace


def print_pull(workspace: Workspace, request: PullRequest, out: Path, as_json: bool) -> int:
    """Give a department what a grant lets it have, or refuse; both are logged before anything leaves."""
    result = pull(
        current(workspace.share),
        request,
        out,
        lambda entry: audit_log.append(workspace.pull_log, entry),
        rulebook.own_rows("grants", workspace.rules),
        workspace.rules,
    )
    console = Console()
    if as_json:
        record = {
            "is_given": result.is_given,
            "path": str(result.path) if result.path else None,
            "row_count": result.row_count,
            "columns": result.columns,
            "masked": result.masked,
            "version": result.version,
            "content_hash": result.content_hash,
            "refusal": str(result.refusal) if result.refusal else None,
        }
        console.print(json.dumps(record, ensure_ascii=False), soft_wrap=True, highlight=False, markup=False)
    elif result.refusal:
        console.print(f"没有提供。{result.refusal}", highlight=False, markup=False)
    else:
        console.print(f"已提供 {result.row_count} 行 {len(result.columns)} 列：{result.path}", highlight=False)
        console.print(f"快照 {result.version}，内容哈希 {result.content_hash[:16]}…，已记入调取日志。", highlight=False)
        if result.masked:
            console.print(f"未获授权、已遮盖的列：{'、'.join(result.masked)}", highlight=False)
    return 0 if result.is_given else 1


def print_grants(workspace: Workspace) -> int:
    """Print which department may pull what, for which purpose, until when."""
    table = Table("部门", "视图", "列", "范围", "用途", "使用依据", "期限", title="授权", title_justify="left")
    for row in rulebook.own_rows("grants", workspace.rules):
        table.add_row(
            *(
                row[name]
                for name in ("department_name", "view_name", "column_names", "area_code", "purpose", "legal_basis")
            ),
            f"{row['valid_from']} 至 {row['valid_until']}",
        )
    Console().print(table)
    return 0


def print_log_check(workspace: Workspace, head: Path | None) -> int:
    """Verify the log chain; with an exported head, also that its end was not cut off."""
    heads = [json.loads(head.read_text(encoding="utf-8"))] if head else []
    findings = audit_log.verify(workspace.pull_log, heads)
    console = Console()
    for finding in findings:
        console.print(str(finding), highlight=False, markup=False)
    if not findings:
        count = audit_log.read(workspace.pull_log).height
        console.print(f"日志完整：{count} 条，首尾相连，没有改动、缺失或换序。", highlight=False)
    return 1 if findings else 0


def export_head(workspace: Workspace, out: Path) -> int:
    """Write the log's head to a file that somebody else keeps."""
    out.write_text(json.dumps(audit_log.head(workspace.pull_log), ensure_ascii=False), encoding="utf-8")
    Console().print(f"日志当前末端已写到 {out}，请交由审计部门保管。", highlight=False)
    return 0


def now() -> str:
    """Return the time of a request, ISO 8601."""
    return datetime.now().isoformat(timespec="seconds")
