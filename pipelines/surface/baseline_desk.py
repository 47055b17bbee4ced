"""The baseline before a person: its versions, its confirmations, and a correction as a new version with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from pipelines.burden.baseline import confirmations, freeze, verify
from pipelines.burden.fill_times import observations
from pipelines.burden.versions import correct, keep_version, versions
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from pipelines.surface.desk import print_problems
from pipelines.surface.listing import print_json
from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table


def print_baseline(workspace: Workspace, as_json: bool) -> int:
    """Print every version with its reason and hash; return 1 when one was touched."""
    console = Screen()
    kept, findings = versions(workspace.evidence)
    if as_json:
        print_json(kept)
        return int(bool(findings))
    if kept.is_empty():
        console.print("还没有冻结基线。请先运行 oneform run。")
        return 1
    table = Table(title="基线的版本", title_justify="left")
    for head in ("版本", "冻结日期", "报表", "栏目", "单元格/年", "理由", "内容哈希"):
        table.add_column(head, overflow="fold", justify="right" if head in ("报表", "栏目", "单元格/年") else "left")
    for row in kept.iter_rows(named=True):
        table.add_row(
            row["baseline_version"],
            row["frozen_at"],
            str(row["report_count"]),
            str(row["field_count"]),
            f"{row['cells_frozen']:,.0f}",
            row["revision_reason"],
            row["content_hash"][:16] + "…",
        )
    console.print(table)
    with Warehouse(workspace.database) as warehouse:
        frozen = warehouse.read("baseline")
    return print_problems(console, [*findings, *verify(frozen, confirmations(workspace.rules))])


def correct_baseline(workspace: Workspace, report_ids: Sequence[str], reason: str) -> int:
    """Freeze a new version in which the named reports are as the register and templates have them now."""
    console = Screen()
    if not reason.strip():
        console.print("没有更正。请用 --reason 写明理由，它会写进新版本。")
        return 1
    with Warehouse(workspace.database) as warehouse:
        previous = warehouse.read("baseline")
        if previous.is_empty():
            console.print("还没有冻结基线，不用更正。请先运行 oneform run。")
            return 1
        fresh = freeze(
            warehouse.read("reports"),
            warehouse.read("report_fields"),
            warehouse.read("areas"),
            f"{datetime.now():%Y-%m-%d}",
            previous,
            reason,
            fill_times=observations(workspace.rules, warehouse.read("fill_times")),
            own_rules=workspace.rules,
        )
        unknown = sorted(set(report_ids) - set(previous["report_id"]) - set(fresh["report_id"]))
        if unknown:
            console.print(f"没有更正。基线和报表清单里都没有：{'、'.join(unknown)}。请核对报表编号。", highlight=False)
            return 1
        corrected = correct(previous, fresh, report_ids, reason)
        keep_version(workspace.evidence, previous)
        kept = keep_version(workspace.evidence, corrected)
        warehouse.write({"baseline": corrected})
    changed = corrected.filter(pl.col("report_id").is_in(list(report_ids)))
    console.print(
        f"基线第 {corrected['baseline_version'][0]} 版：更正 {len(set(report_ids))} 张报表，现有 {changed.height} 栏。"
        f"理由：{reason}。旧版本不变，都在 {kept.parent}。请运行 oneform run 重算。",
        highlight=False,
    )
    return 0
