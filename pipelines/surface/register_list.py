"""The living register in the terminal: numbers, expiry, changed templates, clocks, what goes round the gate."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import polars as pl

from pipelines import flow
from pipelines.admission.clocks import standings
from pipelines.admission.decisions import in_force, last_decisions
from pipelines.admission.register import days_left, state_of
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table
from schemas.admission import WAITING

Rows = list[dict[str, Any]]
SHORT = 12
"""Rows of each part in the overview."""


def print_register(workspace: Workspace, show: str, department: str, day: str, as_json: bool) -> int:
    """Print the register, or one part of it; return 1 when there is no such part or nothing is on record yet."""
    console = Screen(stderr=as_json)
    today = day or f"{date.today():%Y-%m-%d}"
    if workspace.register.exists():
        flow.run(workspace, today=today, only=("admission_register",))
    with Warehouse(workspace.database) as warehouse:
        frames = {
            name: warehouse.read(name)
            for name in ("admission_register", "admission_requests", "admission_decisions", "template_changes")
        } | {name: warehouse.read(name) for name in ("admission_clocks", "off_register", "admission_months")}
    if show and show not in PARTS:
        console.print(f"没有“{show}”这一部分，可以写：{'、'.join(PARTS)}。", highlight=False)
        return 1
    if frames["admission_register"].is_empty():
        console.print("准入登记是空的。请先运行 oneform run。", highlight=False)
        return 1
    chosen = (show,) if show else OVERVIEW
    for part in chosen:
        title, rows_of = PARTS[part]
        found = rows_of(frames, today, workspace)
        found = [row for row in found if not department or row.get("部门") == department]
        if as_json:
            for row in found:
                sys.stdout.write(json.dumps({"部分": part} | row, ensure_ascii=False) + "\n")
        else:
            _print(console, part, f"{title}（{len(found)}）", found if show else found[:SHORT], len(found))
    return 0


def _print(console: Screen, part: str, title: str, rows: Sequence[dict[str, Any]], total: int) -> None:
    if not rows:
        console.print(f"{title}：没有", highlight=False)
        return
    table = Table(*rows[0], title=title, title_justify="left")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    console.print(table)
    if total > len(rows):
        console.print(f"……共 {total} 条，全部见 oneform register --show {part}", highlight=False)


def _listed(frames: dict[str, pl.DataFrame], today: str, place: Workspace) -> Rows:
    return [
        {
            "准入编号": row["control_no"],
            "报表": row["form_title"],
            "部门": row["department_name"],
            "有效期到": row["valid_until"] or "没有写",
            "状态": state_of(row, today, place.rules),
            "缺少的标识": row["missing"] or "",
        }
        for row in frames["admission_register"].iter_rows(named=True)
    ]


def _expiring(frames: dict[str, pl.DataFrame], today: str, place: Workspace) -> Rows:
    rows = [
        (row, state)
        for row in frames["admission_register"].sort("valid_until", "control_no").iter_rows(named=True)
        if (state := state_of(row, today, place.rules)) in ("已过期", "将到期")
    ]
    return [
        {
            "准入编号": row["control_no"],
            "报表": row["form_title"],
            "部门": row["department_name"],
            "有效期到": row["valid_until"],
            "状态": state,
            "天数": f"已过 {-left} 天" if (left := days_left(row["valid_until"], today)) < 0 else f"还有 {left} 天",
        }
        for row, state in rows
    ]


def _changed(frames: dict[str, pl.DataFrame], today: str, place: Workspace) -> Rows:
    return [
        {
            "报表": row["form_title"],
            "部门": row["department_name"],
            "改动": row["change"],
            "栏目": row["path"],
            "准入时": row["before"] or "",
            "现在": row["after"] or "",
            "单元格": row["cell"] or "",
        }
        for row in frames["template_changes"].iter_rows(named=True)
    ]


def _requests(frames: dict[str, pl.DataFrame], today: str, place: Workspace) -> Rows:
    last = last_decisions(frames["admission_decisions"])
    standing = set(in_force(frames["admission_requests"])["request_id"])
    return [
        {
            "受理编号": row["request_id"],
            "报表": row["form_title"],
            "部门": row["department_name"],
            "来源": row["origin"],
            "受理": row["received_at"],
            "项": row["item_count"],
            "已有": row["held_count"] + row["derived_count"],
            "新增": row["new_count"] + row["similar_count"],
            "建议": row["verdict"],
            "决定": _decision(last.get(row["request_id"]), row["request_id"] in standing),
        }
        for row in frames["admission_requests"].iter_rows(named=True)
    ]


def _decision(row: dict[str, Any] | None, is_standing: bool) -> str:
    if row is None:
        return "未决定" if is_standing else "已由后一次申请代替"
    number = f" {row['control_no']}" if row["control_no"] else ""
    return f"{row['decision']}{number}（{row['decided_by']}，{row['decided_at']}）"


def _clocks(frames: dict[str, pl.DataFrame], today: str, place: Workspace) -> Rows:
    return [
        {
            "事项": row["matter_id"],
            "报表": row["form_title"],
            "部门": row["department_name"],
            "期限": standing.clock.title + ("（已延期）" if row["is_extended"] else ""),
            "起算": row["started_at"],
            "最迟": standing.due,
            "状态": standing.state,
            "剩余工作日": standing.left if not row["ended_at"] else "",
        }
        for row, standing in standings(frames["admission_clocks"], today, place.rules)
    ]


def _round(frames: dict[str, pl.DataFrame], today: str, place: Workspace) -> Rows:
    return [
        {
            "部门": row["department_name"],
            "报表": row["form_title"],
            "项": row["item_count"],
            "怎么发现的": row["how"],
            "收到单位": row["seen_by"] or "",
            "日期": row["seen_at"],
            "为什么": row["why"],
        }
        for row in frames["off_register"].sort("department_name", "seen_at").iter_rows(named=True)
    ]


def _by_department(frames: dict[str, pl.DataFrame], today: str, place: Workspace) -> Rows:
    forms = frames["off_register"].unique("content_hash", keep="first", maintain_order=True)
    counted = forms.group_by("department_name").agg(
        pl.len(), (pl.col("how") != WAITING).sum().alias("used"), pl.col("item_count").sum()
    )
    names = ("部门", "体外循环的报表", "其中已在用", "数据项")
    ordered = counted.sort("len", "department_name", descending=[True, False])
    return [dict(zip(names, row, strict=True)) for row in ordered.iter_rows()]


def _months(frames: dict[str, pl.DataFrame], today: str, place: Workspace) -> Rows:
    return [
        {
            "月份": row["month"],
            "部门": row["department_name"],
            "新准入": row["admitted_forms"],
            "改版": row["changed_forms"],
            "到期": row["expired_forms"],
            "体外循环": row["off_register_forms"],
            "新增数据项": row["new_items"],
            "新增单元格/年": f"{row['new_cells']:,.0f}",
        }
        for row in frames["admission_months"].iter_rows(named=True)
    ]


PARTS: dict[str, tuple[str, Callable[[dict[str, pl.DataFrame], str, Workspace], Rows]]] = {
    "在册": ("在册报表", _listed),
    "到期": ("已过期和将到期", _expiring),
    "改版": ("改了模板没有重新准入", _changed),
    "申请": ("准入申请", _requests),
    "期限": ("法定期限", _clocks),
    "体外循环": ("不在册的报表：已在用的和只送审的", _round),
    "部门": ("体外循环，按部门", _by_department),
    "逐月": ("基线以来逐月", _months),
}
OVERVIEW = ("到期", "改版", "申请", "期限", "部门")
