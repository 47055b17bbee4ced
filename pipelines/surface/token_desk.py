"""The steward's desk for tokens of the HTTP interface."""

from __future__ import annotations

import re

from pipelines import rulebook
from pipelines.sharing import tokens
from pipelines.sharing.refusal import shown
from pipelines.sharing.snapshot_reader import SnapshotReader
from pipelines.store.own_tables import append_rows, held
from pipelines.store.snapshots import current
from pipelines.store.workspace import Workspace
from pipelines.surface.counter import now
from pipelines.surface.desk import print_problems
from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table
from schemas.faults import sharing as faults

_SECRET = 0o600


def issue_token(workspace: Workspace, department: str, until: str, by: str, reason: str) -> int:
    """Make a token for a department, print it once, and keep its hash."""
    console = Screen()
    snapshot = current(workspace.share)
    if snapshot is None:
        return print_problems(console, [faults.NO_SNAPSHOT.at()])
    if department not in SnapshotReader(snapshot).departments:
        return print_problems(console, [faults.UNKNOWN_DEPARTMENT.at(department=shown(department))])
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", until) or until <= now()[:10]:
        return print_problems(console, [faults.TERM_WRONG.at(day=shown(until))])
    with held(workspace.rules, tokens.TABLE):
        rows = rulebook.own_rows(tokens.TABLE, workspace.rules)
        number = f"T{sum(row['event'] == tokens.ISSUED for row in rows) + 1:04d}"
        secret, row = tokens.issue(number, department, until, now(), by, reason)
        append_rows(workspace.rules, tokens.TABLE, tokens.COLUMNS, [row], _SECRET)
    console.print(f"令牌 {number}（{department}，有效期至 {until}），只显示这一次：", highlight=False)
    console.print(secret, soft_wrap=True, highlight=False, markup=False)
    return 0


def revoke_token(workspace: Workspace, token_id: str, by: str, reason: str) -> int:
    """End a token now."""
    with held(workspace.rules, tokens.TABLE):
        known = {one.token_id for one in tokens.tokens(rulebook.own_rows(tokens.TABLE, workspace.rules)).values()}
        if token_id not in known:
            return print_problems(Screen(), [faults.TOKEN_ROW_UNKNOWN.at(token=shown(token_id))])
        row = tokens.revocation(token_id, now(), by, reason)
        append_rows(workspace.rules, tokens.TABLE, tokens.COLUMNS, [row], _SECRET)
    Screen().print(f"令牌 {token_id} 已吊销。", highlight=False)
    return 0


def print_tokens(workspace: Workspace) -> int:
    """Print the tokens without anything by which they could be used."""
    table = Table("编号", "部门", "签发", "有效期止", "吊销", title="令牌", title_justify="left")
    for one in tokens.tokens(rulebook.own_rows(tokens.TABLE, workspace.rules)).values():
        table.add_row(one.token_id, one.department_name, one.issued_at[:10], one.valid_until, one.revoked_at[:10])
    Screen().print(table)
    return 0
