"""The department's counter: pull data with a purpose."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from pipelines import rulebook
from pipelines.sharing.granted import PullRequest
from pipelines.sharing.pull import pull
from pipelines.store import audit_log
from pipelines.store.snapshots import current
from pipelines.store.workspace import Workspace
from pipelines.surface.screen import Screen


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
    console = Screen()
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


def now() -> str:
    """Return the time of a request, ISO 8601."""
    return datetime.now().isoformat(timespec="seconds")
