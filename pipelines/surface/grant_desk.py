"""The steward's desk for grants: applications, decisions, imports; every change with who and why, and in the log."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import rulebook
from pipelines.sharing import applications as form
from pipelines.sharing.granted import offer
from pipelines.sharing.policy import CLOSED, read_grants
from pipelines.sharing.refusal import Refusal, shown
from pipelines.sharing.snapshot_reader import SnapshotReader
from pipelines.store import audit_log
from pipelines.store.own_tables import append_rows, held, replace_rows
from pipelines.store.snapshots import current
from pipelines.store.workspace import Workspace
from pipelines.surface.counter import now
from pipelines.surface.desk import print_problems
from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table
from schemas.faults import sharing as faults
from schemas.sharing import CHANGED, Grants
from schemas.words import LIST_SEPARATOR

HISTORY = "grants_history"
_CHANGE = ("at", "by", "why", "action")
_SHOWN = ("grant_id", "department_name", "view_name", "column_names", "area_code", "purpose", "legal_basis")


def print_grants(workspace: Workspace) -> int:
    """Print the grants, and the applications with their clocks."""
    console = Screen()
    table = Table("编号", "部门", "视图", "列", "范围", "用途", "使用依据", "期限", title="授权", title_justify="left")
    for row in rulebook.own_rows("grants", workspace.rules):
        table.add_row(*(row[name] for name in _SHOWN), f"{row['valid_from']} 至 {row['valid_until']}")
    console.print(table)
    found = form.applications(rulebook.own_rows(form.TABLE, workspace.rules))
    if found:
        table = Table("编号", "部门", "视图", "类型", "状态", "时限", title="共享申请", title_justify="left")
        for one in found.values():
            clocks = form.clocks(one, now()[:10], workspace.rules)
            terms = "；".join(f"{c.clock.title} {c.due} {c.state}" for c in clocks)
            what = one.what
            table.add_row(
                one.application_id, what["department_name"], what["view_name"], what["share_type"], one.state, terms
            )
        console.print(table)
    return 0


def apply(workspace: Workspace, what: Mapping[str, str], by: str) -> int:
    """Take in an application: complete, for a view that is there, with the share type of its columns."""
    console = Screen()
    snapshot = current(workspace.share)
    findings = form.incomplete(what)
    if snapshot is None:
        findings.append(faults.NO_SNAPSHOT.at())
    if findings or snapshot is None:
        return print_problems(console, findings)
    try:
        reader = SnapshotReader(snapshot)
        made = reader.chosen(what["view_name"], is_whole=False)[0]
        if what["department_name"] not in reader.departments:
            raise Refusal(faults.UNKNOWN_DEPARTMENT.at(department=shown(what["department_name"])))
        area = reader.area(what["area_code"])
        asked = [name.strip() for name in what["column_names"].split(LIST_SEPARATOR)]
        has = offer(made)
        if foreign := [name for name in asked if name != "*" and name not in has.sensitivity]:
            raise Refusal(faults.COLUMN_NOT_GRANTED.at(columns=shown("、".join(foreign))))
    except Refusal as refusal:
        return print_problems(console, [refusal.finding])
    share_type = form.share_type_of(has, asked)
    if share_type == CLOSED:
        closed = "、".join(name for name, kind in has.share_types.items() if kind == CLOSED)
        return print_problems(console, [faults.NOT_SHARED.at(columns=closed)])
    full = {**what, "view_name": made["id"], "area_code": area, "share_type": share_type}
    with held(workspace.rules, form.TABLE):
        rows = rulebook.own_rows(form.TABLE, workspace.rules)
        number = f"A{sum(row['event'] == form.APPLIED for row in rows) + 1:05d}"
        row = form.step(number, form.APPLIED, now(), by, what=full)
        append_rows(workspace.rules, form.TABLE, form.COLUMNS, [row])
    standing = form.clocks(form.applications([row])[number], now()[:10], workspace.rules)[0]
    console.print(f"已受理共享申请 {number}（{share_type}），应在 {standing.due} 前答复。", highlight=False)
    return 0


def decide(workspace: Workspace, number: str, event: str, by: str, detail: str) -> int:
    """Record a step of an application; an agreement becomes a grant at once, which provides what is published."""
    console = Screen()
    with held(workspace.rules, form.TABLE):
        found = form.applications(rulebook.own_rows(form.TABLE, workspace.rules))
        if number not in found:
            return print_problems(console, [faults.APPLICATION_UNKNOWN.at(application=shown(number))])
        if (finding := form.refused_step(found[number], event, detail)) is not None:
            return print_problems(console, [finding])
        rows = [form.step(number, event, now(), by, detail)]
        if event == form.AGREED:
            change(workspace, [form.grant_of(found[number], by, now()[:10])], by, detail or f"同意申请 {number}")
            rows.append(form.step(number, form.PROVIDED, now(), by, "授权生效，所取视图已发布"))
        append_rows(workspace.rules, form.TABLE, form.COLUMNS, rows)
    console.print(f"申请 {number}：已登记“{event}”。", highlight=False)
    return 0


def import_grants(workspace: Workspace, path: Path, by: str, why: str, is_dry_run: bool) -> int:
    """Take over grants from a table (.csv, .xlsx): new numbers are added, known ones changed; a wrong row stops all."""
    console = Screen()
    good, findings = read_grants(_table(path))
    known = {row["grant_id"]: row for row in rulebook.own_rows("grants", workspace.rules)}
    changed = [row for row in good if _blank(known.get(row["grant_id"], {})) != _blank(row)]
    console.print(f"共 {len(good)} 条，其中新增或变更 {len(changed)} 条。", highlight=False)
    if findings:
        return print_problems(console, findings)
    if is_dry_run or not changed:
        console.print("没有保存。" if is_dry_run else "与现有授权相同，没有改动。")
        return 0
    change(workspace, changed, by, why)
    console.print("授权已保存，改动人和理由已记入 grants_history.csv 和调取日志。", highlight=False)
    return 0


def end_grant(workspace: Workspace, grant_id: str, by: str, why: str) -> int:
    """End a grant: its last day becomes the day before today."""
    from datetime import date, timedelta

    known = {row["grant_id"]: row for row in rulebook.own_rows("grants", workspace.rules)}
    if grant_id not in known:
        return print_problems(Screen(), [faults.GRANT_UNKNOWN.at(grant=shown(grant_id))])
    last = (date.fromisoformat(now()[:10]) - timedelta(days=1)).isoformat()
    old = known[grant_id]
    change(workspace, [old | {"valid_until": last, "valid_from": min(old["valid_from"], last)}], by, why)
    Screen().print(f"授权 {grant_id} 已收回。", highlight=False)
    return 0


def change(workspace: Workspace, rows: Sequence[Mapping[str, str]], by: str, why: str) -> None:
    """Write changed grants: the table as it now is, a row of history each, an entry of the log each."""
    columns = list(Grants.schema_types())
    at = now()
    with held(workspace.rules, "grants"):
        known = {row["grant_id"]: row for row in rulebook.own_rows("grants", workspace.rules)}
        history = [
            {"at": at, "by": by, "why": why, "action": "变更" if row["grant_id"] in known else "新增", **_blank(row)}
            for row in rows
        ]
        known |= {row["grant_id"]: dict(row) for row in rows}
        append_rows(workspace.rules, HISTORY, [*_CHANGE, *columns], history)
        replace_rows(workspace.rules, "grants", columns, [_blank(row) for row in known.values()])
    digest = hashlib.sha256((workspace.rules / "grants.csv").read_bytes()).hexdigest()
    entries = [_entry(row, at, by, f"授权{row['action']} {row['grant_id']}：{why}", digest) for row in history]
    audit_log.append_all(workspace.pull_log, entries)


def _entry(row: Mapping[str, str], at: str, by: str, reason: str, digest: str) -> dict[str, Any]:
    kept = {name: row[name] for name in ("department_name", "view_name", "purpose", "area_code", "column_names")}
    more = {
        "outcome": CHANGED,
        "reason": shown(reason),
        "content_hash": digest,
        "channel": "命令行",
        "caller": shown(by),
    }
    return {"at": at, "snapshot": "", "row_count": 0, **kept, **more}


def _blank(row: Mapping[str, str]) -> dict[str, str]:
    return {name: row.get(name, "") for name in Grants.schema_types()} if row else {}


def _table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a grant table; its header has the names of the columns or their Chinese titles."""
    if path.suffix.lower() == ".csv":
        frame = pl.read_csv(path, infer_schema=False, comment_prefix="#")
    else:
        frame = pl.read_excel(path, infer_schema_length=0, engine="openpyxl")
    names = {title: name for name, title in Grants.titles().items()}
    frame = frame.rename({c: names.get(c.strip(), c.strip()) for c in frame.columns})
    known = [c for c in frame.columns if c in Grants.schema_types()]
    rows = frame.select(pl.col(known).cast(pl.String).fill_null("").str.strip_chars()).to_dicts()
    return [row for row in rows if any(row.values())]
