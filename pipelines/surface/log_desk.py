"""The log of pulls for auditors, townships and the steward: verify, export its head, list readers, keep and clear."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipelines.sharing.refusal import Refusal
from pipelines.sharing.snapshot_reader import SnapshotReader
from pipelines.store import audit_keeping, audit_log
from pipelines.store.snapshots import current
from pipelines.store.workspace import Workspace
from pipelines.surface.counter import now
from pipelines.surface.desk import print_problems
from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table
from schemas.faults import sharing as faults
from schemas.sharing import PullLog

_SHOWN = ("entry_no", "at", "department_name", "view_name", "area_code", "purpose", "row_count", "channel")


def print_log_check(log: Path, heads: Sequence[Path]) -> int:
    """Verify the log chain; with exported heads, also that its end was not cut off."""
    findings = audit_log.verify(log, [json.loads(head.read_text(encoding="utf-8")) for head in heads])
    console = Screen()
    for finding in findings:
        console.print(str(finding), highlight=False, markup=False)
    if not findings:
        count = audit_log.read(log).height
        console.print(f"日志完整：{count} 条，首尾相连，没有改动、缺失或换序。", highlight=False)
    return 1 if findings else 0


def export_head(workspace: Workspace, out: Path) -> int:
    """Write the log's head to a file that somebody else keeps."""
    out.write_text(json.dumps(audit_log.head(workspace.pull_log), ensure_ascii=False), encoding="utf-8")
    Screen().print(f"日志当前末端已写到 {out}，请交由审计部门保管。", highlight=False)
    return 0


def print_readers(workspace: Workspace, area: str, out: Path | None) -> int:
    """Print who read the data of an area, newest first: when, which view, for what, how many rows."""
    console = Screen()
    snapshot = current(workspace.share)
    if snapshot is None:
        return print_problems(console, [faults.NO_SNAPSHOT.at()])
    try:
        code = SnapshotReader(snapshot).area(area)
    except Refusal as refusal:
        return print_problems(console, [refusal.finding])
    found = audit_keeping.readers(workspace.pull_log, code)
    titles = PullLog.titles()
    table = Table(*(titles[name] for name in _SHOWN), title=f"取过 {area} 数据的部门", title_justify="left")
    for row in found.select(_SHOWN).iter_rows():
        table.add_row(*(str(value) for value in row))
    console.print(table)
    console.print(f"共 {found.height} 次，{found['department_name'].n_unique()} 个部门。", highlight=False)
    if out is not None:
        kept = found.drop("content_hash", "previous_hash", "entry_hash").with_columns(pl.all().cast(pl.String))
        kept.rename({name: titles[name] for name in kept.columns}).write_csv(out, include_bom=True)
    return 0


def close_part(workspace: Workspace) -> int:
    """Close the part of the log that grows."""
    part = audit_keeping.rotate(workspace.pull_log)
    Screen().print(f"已封存：{part.name}" if part else "日志是空的，没有可封存的。", highlight=False)
    return 0


def clear_old(workspace: Workspace, by: str) -> int:
    """Delete closed parts that were kept their three years."""
    gone = audit_keeping.clear(workspace.pull_log, now(), by, workspace.rules)
    Screen().print(f"已清理：{'、'.join(gone)}" if gone else "没有保存满三年的封存段。", highlight=False)
    return 0


def put_torn_line_aside(workspace: Workspace) -> int:
    """Put a torn last line into a file of its own."""
    aside = audit_keeping.repair(workspace.pull_log)
    Screen().print(
        f"残行已移到 {aside}，日志可以接着写。" if aside else "最后一行是完整的，没有改动。", highlight=False
    )
    return 0
