"""Where a department gets what is held already: the view, how fresh it is, and the exact pull or application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines import workdays
from pipelines.admission.county import County
from pipelines.admission.proposal import Proposal
from schemas.elements import LIST_SEPARATOR

UNCONDITIONAL, CONDITIONAL, NEVER = "无条件共享", "有条件共享", "不予共享"
CLOCK_OF = {UNCONDITIONAL: "share_unconditional", CONDITIONAL: "share_conditional"}


@dataclass(frozen=True, slots=True)
class Source:
    """One way to get some of the items. items: their numbers. command: the pull; application: what to apply for, when
    no grant stands yet; one of them is "". fresh_at: the oldest of the newest values, YYYY-MM-DD, "" when none."""

    view_name: str
    report_id: str
    title: str
    department_name: str
    frequency: str
    fresh_at: str
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

    @property
    def is_open(self) -> bool:
        return self.grant is not None


def where(items: pl.DataFrame, proposal: Proposal, county: County) -> Where:
    """Return where the held items come from. items: ITEM_TYPES.

    Views that the department may pull already come first, then those that give most items (greedy cover). How long an
    answer may take follows the strictest share type among the items (政务数据共享条例 20–22).
    """
    department = proposal.said.department_name
    wanted = {
        row["item_no"]: row for row in items.iter_rows(named=True) if row["kind"] in ("已有", "原表已有", "可推算")
    }
    offers = [offer for view in county.views if (offer := _offer(view, wanted, department, county))]
    left, chosen = set(wanted), []
    while left:
        best = max(
            offers,
            key=lambda offer: (
                bool(offer.is_open and offer.columns.keys() & left),
                len(offer.columns.keys() & left),
                -offers.index(offer),
            ),
            default=None,
        )
        if best is None or not best.columns.keys() & left:
            break
        numbers = tuple(sorted(best.columns.keys() & left))
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
    computed = tuple(sorted(number for number in left if wanted[number]["kind"] == "可推算"))
    return Where(tuple(chosen), tuple(sorted(left - set(computed))), computed, place)


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
        view["id"], view["domain"], view["name"], view["tenant"], view["frequency"], min(days, default=""),
        tuple(numbers), columns, command, application,
    )  # fmt: skip


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
        f"使用范围：{county.name or '本县'}全域；共享方式：oneform pull 按期调取；使用时限：一年。{reply}。"
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


def report_ids(text: str | None) -> list[str]:
    """Return the report ids of a list stored as text."""
    return [part for part in (text or "").split(LIST_SEPARATOR) if part]
