"""The one decision on every path: may this department have these columns of this view, area and purpose today?

Deny by default (《政务数据共享条例》 13–15, 20–22). Pure: grants and a request in, a decision out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.faults import Finding
from schemas.faults.sharing import (
    AREA_NOT_GRANTED,
    COLUMN_NOT_GRANTED,
    GRANT_NOT_VALID,
    GRANT_UNREADABLE,
    NO_GRANT,
    NOT_SHARED,
    PURPOSE_MISSING,
    PURPOSE_NOT_GRANTED,
)
from schemas.words import LIST_SEPARATOR

ALL = "*"
"""Every view, every column that is not sensitive, or every purpose, in a grant."""
SENSITIVE = "敏感个人信息"
CLOSED = "不予共享"
"""The share type of what no other department may have, whatever a grant says (条例 14, 15; rules/sensitivity.csv)."""
_NEEDED = ("grant_id", "department_name", "view_name", "column_names", "purpose", "legal_basis", "granted_by")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Request:
    """What a department asks for. columns: empty for all that are granted; on: the day, YYYY-MM-DD."""

    department_name: str
    view_name: str
    purpose: str
    area_code: str
    on: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What a view has: whose report it is, and its columns in order with the level of each (Elements.sensitivity).

    share_types: of the columns (Elements.share_type); one that is not named is 有条件共享.
    """

    view_name: str
    report_id: str
    department_name: str
    sensitivity: Mapping[str, str]
    share_types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """columns: what may leave; masked: those of them that leave masked; grants: on which it rests; refusal: why not."""

    is_allowed: bool
    columns: tuple[str, ...] = ()
    masked: frozenset[str] = frozenset()
    grants: tuple[str, ...] = ()
    purpose: str = ""
    refusal: Finding | None = None


def decide(grants: Sequence[Mapping[str, Any]], request: Request, offer: Offer) -> Decision:
    """Return the decision. grants: rows of Grants.

    Every condition of a grant must hold: department, view, purpose, area, day. Columns of all grants that hold are put
    together. A sensitive column leaves unmasked only when a grant names it; "*" gives it masked, except to the
    department whose own report the view is. A column of share type 不予共享 leaves to that department only.
    """
    if not request.purpose.strip():
        return _refused(PURPOSE_MISSING.at())
    own = [g for g in grants if g["department_name"] == request.department_name]
    own = [g for g in own if g["view_name"] in (ALL, offer.view_name, offer.report_id)]
    if not own:
        return _refused(NO_GRANT.at(department=request.department_name, view=request.view_name))
    valid = [g for g in own if _is_valid(g, request.on)]
    if not valid:
        last = max(own, key=lambda g: g["valid_until"])
        start, end = last["valid_from"], last["valid_until"]
        return _refused(
            GRANT_NOT_VALID.at(department=request.department_name, view=request.view_name, start=start, end=end)
        )
    fitting = [g for g in valid if is_purpose(request.purpose, g["purpose"])]
    if not fitting:
        granted = "、".join(sorted({g["purpose"] for g in valid}))
        return _refused(PURPOSE_NOT_GRANTED.at(granted=granted))
    inside = [g for g in fitting if lies_in(request.area_code, g["area_code"])]
    if not inside:
        return _refused(AREA_NOT_GRANTED.at(area=request.area_code))
    named = {column for g in inside for column in g["column_names"].split(LIST_SEPARATOR)}
    is_own = request.department_name == offer.department_name
    closed = set() if is_own else {c for c, kind in offer.share_types.items() if kind == CLOSED}
    granted_columns = tuple(c for c in offer.sensitivity if (ALL in named or c in named) and c not in closed)
    clear = named | (set(granted_columns) if is_own else set())
    wanted = request.columns or granted_columns
    if shut := [c for c in request.columns if c in closed]:
        return _refused(NOT_SHARED.at(columns="、".join(shut)))
    foreign = [c for c in wanted if c not in granted_columns]
    if foreign or not wanted:
        return _refused(COLUMN_NOT_GRANTED.at(columns="、".join(foreign) or "—"))
    return Decision(
        is_allowed=True,
        columns=tuple(c for c in offer.sensitivity if c in wanted),
        masked=frozenset(c for c in wanted if offer.sensitivity[c] == SENSITIVE and c not in clear),
        grants=tuple(sorted(g["grant_id"] for g in inside)),
        purpose=request.purpose.strip(),
    )


def is_purpose(stated: str, granted: str) -> bool:
    """Return whether a stated purpose is the granted one, or one of the parts that the grant lists.

    >>> is_purpose("高龄津贴发放", "履行民政职责：高龄津贴发放"), is_purpose("高龄", "履行民政职责：高龄津贴发放")
    (True, False)
    """
    return granted == ALL or "".join(stated.split()) in purpose_parts(granted)


def purpose_parts(granted: str) -> set[str]:
    """Return what may be stated for a granted purpose: the whole of it, or one of the parts it lists; no spaces."""
    return {"".join(part.split()) for part in [granted, *re.split("[：:；;、]", granted)]} - {""}


def standing(grants: Sequence[Mapping[str, Any]], offers: Sequence[Offer]) -> list[Offer]:
    """Return the views whose own department the grant table does not mention: for them the standing grant holds."""
    named = {(g["department_name"], g["view_name"]) for g in grants}
    return [o for o in offers if not {(o.department_name, o.view_name), (o.department_name, o.report_id)} & named]


def lies_in(area_code: str, granted: str) -> bool:
    """Return whether an area lies in a granted one; both codes of 12 digits, anything else lies nowhere.

    >>> lies_in("532328101001", "532328101000"), lies_in("532328000000", "532328101000"), lies_in("", "532328000000")
    (True, False, False)
    """
    if not (re.fullmatch(r"\d{12}", area_code) and re.fullmatch(r"\d{12}", granted)):
        return False
    stem = granted[:6] if granted.endswith("000000") else granted[:9] if granted.endswith("000") else granted
    return area_code.startswith(stem)


def own_report_grants(offers: Sequence[Offer], county: str, basis: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the standing grants: a department has its own reports back, every column, in the whole county.

    basis: report → legal basis or approval number, where the register has one. Other departments get nothing by this.
    """
    return [
        {
            "grant_id": f"OWN-{offer.view_name}",
            "department_name": offer.department_name,
            "view_name": offer.view_name,
            "column_names": LIST_SEPARATOR.join(offer.sensitivity),
            "area_code": county,
            "purpose": ALL,
            "legal_basis": basis.get(offer.report_id) or "报表清单登记，未注明填报依据",
            "valid_from": "0001-01-01",
            "valid_until": "9999-12-31",
            "granted_by": "报表清单",
        }
        for offer in offers
    ]


def read_grants(rows: Sequence[Mapping[str, str]]) -> tuple[list[dict[str, str]], list[Finding]]:
    """Return the grants of a table that can be trusted, and findings for the others; a broken row gives nothing."""
    good, findings = [], []
    for number, row in enumerate(rows, start=2):
        trouble = next(
            (f"缺少“{name}”" for name in _NEEDED if not row.get(name)),
            "",
        )
        if not trouble and not re.fullmatch(r"\d{12}", row.get("area_code", "")):
            trouble = "范围不是 12 位区划代码"
        if not trouble and not all(_DAY.fullmatch(row.get(name, "")) for name in ("valid_from", "valid_until")):
            trouble = "起止日期应写作 YYYY-MM-DD"
        if not trouble and row["valid_until"] < row["valid_from"]:
            trouble = "止日早于起日"
        if trouble:
            findings.append(GRANT_UNREADABLE.at(file="grants.csv", row=number, detail=trouble))
        else:
            good.append(dict(row))
    return good, findings


def _is_valid(grant: Mapping[str, Any], day: str) -> bool:
    return bool(_DAY.fullmatch(day)) and grant["valid_from"] <= day <= grant["valid_until"]


def _refused(finding: Finding) -> Decision:
    return Decision(is_allowed=False, refusal=finding)
