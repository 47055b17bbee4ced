"""Where a department gets what is held already: the view, how fresh it is, and the exact pull or application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines import workdays
from pipelines.admission.county import County
from pipelines.admission.marks import plain
from pipelines.admission.proposal import Proposal

HELD = ("已有", "原表已有", "可推算")
GRANTED = 2.0
"""How much more a view is worth that the department may pull already."""
ANSWERABLE = 4.0
"""How much more an item is worth from the department that is answerable for it (一数一源, 政务数据共享条例 19)."""
UNCONDITIONAL, CONDITIONAL, NEVER = "无条件共享", "有条件共享", "不予共享"
CLOCK_OF = {UNCONDITIONAL: "share_unconditional", CONDITIONAL: "share_conditional"}


@dataclass(frozen=True, slots=True)
class Source:
    """One way to get some of the items. items: their numbers.

    command: the pull; application: what to apply for when no grant stands yet; one of them is "". grain, row_count:
    what a row of the view is, and how many there are. fresh_at: the oldest of the newest values, "" when none is known.
    """

    view_name: str
    report_id: str
    title: str
    department_name: str
    frequency: str
    fresh_at: str
    grain: str
    row_count: int
    items: tuple[int, ...]
    columns: tuple[str, ...]
    command: str
    application: str


@dataclass(frozen=True, slots=True)
class Where:
    """sources: few views that together give what is published. unpublished: items that are held in the catalogue but in
    no published view yet; computed: items that the system works out. place: item number → (view, column, fresh_at)."""

    sources: tuple[Source, ...]
    unpublished: tuple[int, ...]
    computed: tuple[int, ...]
    place: Mapping[int, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class _Offer:
    view: Mapping[str, Any]
    columns: Mapping[int, Mapping[str, Any]]
    grant: Mapping[str, Any] | None


def where(items: pl.DataFrame, proposal: Proposal, county: County) -> Where:
    """Return where the held items come from. items: ITEM_TYPES.

    Greedy cover: a view is worth the items that it gives times the share of its ledger's subjects that it has, so that
    the names of all residents do not come from a list of 40 post holders. Items from the department that is answerable
    for them, and views that the department may pull already, are worth more. What is computed from items is not looked
    for by itself. How long an answer may take follows the strictest share type (政务数据共享条例 20–22).
    """
    department = proposal.said.department_name
    wanted = {row["item_no"]: row for row in items.iter_rows(named=True) if row["kind"] in HELD}
    offers = [offer for view in county.views if (offer := _offer(view, wanted, department, county))]
    largest: dict[str, int] = {}
    for view in county.views:
        largest[view["ledger"]] = max(largest.get(view["ledger"], 1), int(view["rowCount"]))
    asked = {number for number, row in wanted.items() if not row["computed_from"]}
    left, chosen = set(asked), list[Source]()

    def worth(offer: _Offer) -> tuple[float, str]:
        owners = [wanted[number]["source_department"] for number in offer.columns.keys() & left]
        covered = sum(ANSWERABLE if owner == offer.view["tenant"] else 1.0 for owner in owners)
        breadth = int(offer.view["rowCount"]) / largest[offer.view["ledger"]]
        return covered * breadth * (GRANTED if offer.grant is not None else 1.0), str(offer.view["id"])

    while left:
        best = max(offers, key=worth, default=None)
        if best is None or not best.columns.keys() & left:
            break
        spare = {number for number in best.columns if number not in asked and number not in _taken(chosen)}
        numbers = tuple(sorted((best.columns.keys() & left) | spare))
        chosen.append(_source(best, numbers, wanted, proposal, county))
        left -= set(numbers)
    by_view = {offer.view["id"]: offer for offer in offers}
    place = {
        number: (
            source.view_name,
            by_view[source.view_name].columns[number]["name"],
            _day(by_view[source.view_name].columns[number]),
        )
        for source in chosen
        for number in source.items
    }
    computed = tuple(sorted(wanted.keys() - asked - _taken(chosen)))
    return Where(tuple(chosen), tuple(sorted(left)), computed, place)


def _taken(chosen: Sequence[Source]) -> set[int]:
    return {number for source in chosen for number in source.items}


def _offer(
    view: Mapping[str, Any], wanted: Mapping[int, Mapping[str, Any]], department: str, county: County
) -> _Offer | None:
    by_element = {
        column["element"]: column for column in view["columns"] if column.get("element") and column.get("isGiven")
    }
    columns = {n: by_element[row["element_id"]] for n, row in wanted.items() if row["element_id"] in by_element}
    return _Offer(view, columns, _grant(view, department, county)) if columns else None


def _grant(view: Mapping[str, Any], department: str, county: County) -> Mapping[str, Any] | None:
    """Return the grant on which a department may pull a view today; its own report needs none."""
    for grant in county.grants:
        is_it = grant["department_name"] == department and grant["view_name"] in ("*", view["id"], view["domain"])
        if is_it and grant["valid_from"] <= county.today <= grant["valid_until"]:
            return grant
    return {"purpose": f"履行职责：{view['name']}"} if view["tenant"] == department else None


def _source(
    offer: _Offer, numbers: Sequence[int], wanted: Mapping[int, Mapping[str, Any]], proposal: Proposal, county: County
) -> Source:
    view, said = offer.view, proposal.said
    columns = tuple(str(offer.columns[number]["name"]) for number in numbers)
    days = [day for number in numbers if (day := _day(offer.columns[number]))]
    command = application = ""
    if offer.grant is not None:
        purpose = str(offer.grant["purpose"])
        command = (
            f"oneform pull --department {said.department_name} --report {view['id']} "
            f"--purpose '{purpose}' --out '{view['name']}.xlsx'"
        )
    else:
        types = {wanted[number]["share_type"] for number in numbers}
        kind = NEVER if NEVER in types else CONDITIONAL if CONDITIONAL in types else UNCONDITIONAL
        application = _application(view, columns, kind, proposal, county)
    return Source(
        view_name=view["id"],
        report_id=view["domain"],
        title=view["name"],
        department_name=view["tenant"],
        frequency=view["frequency"],
        fresh_at=min(days, default=""),
        grain=str(view["grain"]),
        row_count=int(view["rowCount"]),
        items=tuple(numbers),
        columns=columns,
        command=command,
        application=application,
    )


def _application(view: Mapping[str, Any], columns: Sequence[str], kind: str, proposal: Proposal, county: County) -> str:
    said = proposal.said
    if kind == NEVER:
        reply = "其中有不予共享的数据项，须向数源部门说明法律依据"
    else:
        clock = workdays.clock(CLOCK_OF[kind], county.own)
        reply = f"{kind}，{clock.days} 个工作日内答复，最迟 {workdays.add(county.today, clock.days, county.own)}"
    return (
        f"向{view['tenant']}申请共享视图 {view['id']}《{view['name']}》的 {len(columns)} 列（{'、'.join(columns)}）。"
        f"使用依据：{said.legal_basis or '（请填写）'}；使用场景：{proposal.title}；"
        f"使用范围：{plain(county.name) or '本县'}全域；共享方式：oneform pull 按期调取；使用时限：一年。{reply}。"
    )


def _day(column: Mapping[str, Any]) -> str:
    return str(column.get("freshAt") or "")[:10]


def holders_in_words(departments: Sequence[str]) -> str:
    """Return who holds an item, the first three by name.

    >>> holders_in_words(["县民政局", "县残联", "县卫健局", "县公安局"])
    '县民政局、县残联、县卫健局等 4 个部门'
    """
    shown = "、".join(departments[:3])
    return f"{shown}等 {len(departments)} 个部门" if len(departments) > 3 else shown
