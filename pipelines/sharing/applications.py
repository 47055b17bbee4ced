"""Applications for sharing and their statutory clocks (《政务数据共享条例》 13–15, 20–22).

An application states 使用依据, 使用场景, 使用范围, 共享方式 and 使用时限. What is shared without conditions is answered
within 1 working day, with conditions within 10 (once +10), and provided within 20 after it was agreed. The table is
append-only: every step is a row with who, when and why; what an application is now follows from its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines import workdays
from pipelines.sharing.policy import ALL, CLOSED, Offer
from schemas.faults import Finding
from schemas.faults import sharing as faults
from schemas.words import LIST_SEPARATOR

TABLE = "applications"
APPLIED, EXTENDED, AGREED, DECLINED, PROVIDED = "申请", "延期", "同意", "不同意", "提供"
WHAT = (
    *("department_name", "view_name", "column_names", "area_code", "legal_basis", "scenario", "purpose"),
    *("share_mode", "valid_from", "valid_until", "share_type"),
)
COLUMNS = ("application_id", "event", "at", "by", "detail", *WHAT)
UNCONDITIONAL, CONDITIONAL = "无条件共享", "有条件共享"
_NEEDED = {
    "department_name": "申请部门",
    "view_name": "视图",
    "column_names": "数据项",
    "area_code": "使用范围",
    "legal_basis": "使用依据",
    "scenario": "使用场景",
    "purpose": "用途",
    "share_mode": "共享方式",
    "valid_from": "使用时限起",
    "valid_until": "使用时限止",
}
_STRICT = (UNCONDITIONAL, CONDITIONAL, CLOSED)


@dataclass(frozen=True, slots=True)
class Application:
    """An application as it stands. what: the columns WHAT; the days are YYYY-MM-DD, empty while not there."""

    application_id: str
    what: Mapping[str, str]
    applied_on: str
    decided_on: str = ""
    is_agreed: bool = False
    is_extended: bool = False
    provided_on: str = ""

    @property
    def state(self) -> str:
        """Return 待答复, 待提供, 已提供 or 不同意."""
        if not self.decided_on:
            return "待答复"
        return "不同意" if not self.is_agreed else "已提供" if self.provided_on else "待提供"


def share_type_of(offer: Offer, columns: Sequence[str]) -> str:
    """Return the strictest share type of the columns asked for; "*" is all of them. Area columns have none."""
    wanted = list(offer.sensitivity) if ALL in columns else columns
    kinds = [offer.share_types.get(name) or (CONDITIONAL if name in offer.share_types else "") for name in wanted]
    return max((kind for kind in kinds if kind), key=_STRICT.index, default=UNCONDITIONAL)


def incomplete(what: Mapping[str, str]) -> list[Finding]:
    """Return a finding that names what an application leaves out."""
    missing = [title for name, title in _NEEDED.items() if not what.get(name, "").strip()]
    return [faults.APPLICATION_INCOMPLETE.at(missing="、".join(missing))] if missing else []


def step(
    application_id: str, event: str, at: str, by: str, detail: str = "", what: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the row of a step; `what` only when it is the application itself."""
    return dict.fromkeys(COLUMNS, "") | (dict(what) if what else {}) | {
        "application_id": application_id, "event": event, "at": at, "by": by, "detail": detail,
    }  # fmt: skip


def applications(rows: Iterable[Mapping[str, str]]) -> dict[str, Application]:
    """Return the applications by number, from the rows of the table in order; rows of unknown numbers do nothing."""
    found: dict[str, Application] = {}
    for row in rows:
        number, event, day = row["application_id"], row["event"], row["at"][:10]
        if event == APPLIED:
            found[number] = Application(number, {name: row.get(name, "") for name in WHAT}, day)
        elif number in found:
            known: dict[str, dict[str, Any]] = {
                EXTENDED: {"is_extended": True},
                AGREED: {"decided_on": day, "is_agreed": True},
                DECLINED: {"decided_on": day},
                PROVIDED: {"provided_on": day},
            }
            found[number] = replace(found[number], **known.get(event, {}))
    return found


def refused_step(one: Application, event: str, detail: str) -> Finding | None:
    """Return why a step cannot be taken now, None when it can."""
    open_state = {EXTENDED: "待答复", AGREED: "待答复", DECLINED: "待答复", PROVIDED: "待提供"}[event]
    if one.state != open_state or (event == EXTENDED and one.is_extended):
        return faults.APPLICATION_CLOSED.at(application=one.application_id, state=one.state, action=event)
    if event == DECLINED and one.what["share_type"] == UNCONDITIONAL:
        return faults.UNCONDITIONAL_DECLINED.at(application=one.application_id)
    if event == DECLINED and not detail.strip():
        return faults.DECLINED_WITHOUT_REASON.at()
    return None


def clocks(one: Application, today: str, own: Path | None = None) -> list[workdays.Standing]:
    """Return how the clocks of an application stand: the answer, and after an agreement the provision."""
    name = "share_unconditional" if one.what["share_type"] == UNCONDITIONAL else "share_conditional"
    answer = workdays.clock(name, own)
    is_longer = one.is_extended and answer.extension_days > 0
    found = [workdays.standing(answer, one.applied_on, today, one.decided_on, own, is_extended=is_longer)]
    if one.is_agreed:
        provision = workdays.clock("share_provision", own)
        found.append(workdays.standing(provision, one.decided_on, today, one.provided_on, own))
    return found


def running_out(found: Iterable[Application], today: str, own: Path | None = None) -> list[Finding]:
    """Return a finding per open clock that is near its end or over."""
    return [
        faults.CLOCK_RUNNING_OUT.at(
            application=one.application_id,
            department=one.what["department_name"],
            view=one.what["view_name"],
            clock=standing.clock.title,
            due=standing.due,
            state=f"已超 {-standing.left} 个工作日" if standing.left < 0 else f"还剩 {standing.left} 个工作日",
            basis=standing.clock.basis,
        )
        for one in found
        for standing in clocks(one, today, own)
        if standing.state in ("临期", "逾期")
    ]


def grant_of(one: Application, granted_by: str, today: str) -> dict[str, str]:
    """Return the grant that an agreed application gives, from today or the day it asks for, whichever is later."""
    what = one.what
    return {
        "grant_id": f"G-{one.application_id}",
        "department_name": what["department_name"],
        "view_name": what["view_name"],
        "column_names": LIST_SEPARATOR.join(part.strip() for part in what["column_names"].split(LIST_SEPARATOR)),
        "area_code": what["area_code"],
        "purpose": what["purpose"],
        "legal_basis": what["legal_basis"],
        "valid_from": max(today, what["valid_from"]),
        "valid_until": what["valid_until"],
        "granted_by": granted_by,
        "share_type": what["share_type"],
        "scenario": what["scenario"],
        "application_id": one.application_id,
    }
