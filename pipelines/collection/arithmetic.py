"""Relations that the templates state themselves, kept as checks between the indicators of an area.

Totals, parts, sums on both sides, and what one form says of another's numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from pipelines.collection.ledger_list import INDICATOR
from schemas.words import LIST_SEPARATOR

_SIGN = re.compile("(>=|<=|=>|=<|[=≥≤≧≦<>])")
_TERM = re.compile(r"([+\-]?)[^+\-0-9]*[0-9]+[^+\-0-9]*")
_ELSEWHERE = re.compile(r"(.+)#(\d+)!(.+)")
_SOFT = "（一般）"
"""Ends the text of a statement that a form makes “as a rule” (`intake.statements`)."""


@dataclass(frozen=True, slots=True)
class Term:
    """An indicator on one side of a relation. sign: 1 or -1; form: id of the form that prints it."""

    sign: int
    element_id: str
    form: str


@dataclass(frozen=True, slots=True)
class Relation:
    """left = right, or left ≥ right (is_equal); both sums of terms. text: as the form states it; form: which states it.

    is_soft: it need not hold, and may be answered.
    """

    left: tuple[Term, ...]
    is_equal: bool
    right: tuple[Term, ...]
    text: str
    form: str
    is_soft: bool = False

    @property
    def terms(self) -> tuple[Term, ...]:
        """Both sides."""
        return (*self.left, *self.right)

    @property
    def is_wide(self) -> bool:
        """Whether it is more than a total or a whole over its parts: sums on both sides, or several forms."""
        return len(self.left) > 1 or len({term.form for term in self.terms}) > 1

    def holds(self, left: Decimal, right: Decimal) -> bool:
        """Return whether it holds between the sums of the sides; hundredths may be lost to rounding."""
        slack = Decimal("0.01") * max(1, len(self.right))
        return abs(left - right) <= slack if self.is_equal else right <= left + slack


def relations(
    report_fields: pl.DataFrame | None,
    element_map: pl.DataFrame | None,
    template_checks: pl.DataFrame | None,
    fill_plan: pl.DataFrame,
    elements: pl.DataFrame,
) -> dict[str, tuple[Relation, ...]]:
    """Return the relations between asked indicators by the first of their left side.

    From ReportFields, ElementMap and TemplateChecks. Only relations all of whose cells are asked, at one frequency,
    converted by no unit and additive are kept: a yield per mu or an average is not the sum of its parts, though its row
    says 其中 (aggregation of Elements). What one form says of another's number is nothing to check where both are one
    element: it is asked once.
    """
    if report_fields is None or element_map is None or template_checks is None or template_checks.is_empty():
        return {}
    additive = set(elements.filter(pl.col("aggregation") == "sum")["element_id"])
    asked = {
        row["element_id"]: row["frequency"]
        for row in fill_plan.filter("is_asked").iter_rows(named=True)
        if row["ledger"] == INDICATOR
    }
    cells: dict[tuple[str, int, str], str] = {}
    mapped = report_fields.join(element_map.filter(pl.col("relation") == "same"), on="field_id")
    for form, table, cell, element_id in mapped.select("form_id", "table_no", "cell", "element_id").iter_rows():
        if cell:
            cells[(form, table, cell)] = element_id
    found: dict[str, list[Relation]] = {}
    for row in template_checks.filter(pl.col("kind") != "formula").iter_rows(named=True):
        for relation in _stated(row, cells):
            ids = [term.element_id for term in relation.terms]
            is_sound = all(ids) and len(set(ids)) == len(ids) and additive.issuperset(ids)
            if is_sound and asked.keys() >= set(ids) and len({asked[element_id] for element_id in ids}) == 1:
                found.setdefault(relation.left[0].element_id, []).append(relation)
    return {target: tuple(dict.fromkeys(each)) for target, each in found.items()}


def _stated(row: Mapping[str, Any], cells: Mapping[tuple[str, int, str], str]) -> Iterator[Relation]:
    """Yield what a line of TemplateChecks says of elements.

    A total is the sum of its parts, a whole not less than each of them (其中 may overlap). A balance line, and one with
    sums on both sides, says its signs in its text: 04=05+06, 09=01-06, 18≤17, 01≤02+03, 02+03=04+05.
    """
    form, text = row["form_id"], row["text"] or ""
    left, right = (_terms(row[name], row, cells) for name in ("target", "parts"))
    if not left or not right:
        return
    if row["kind"] == "total":
        yield Relation(left, True, right, text, form)
    elif row["kind"] == "part":
        for part in right:
            yield Relation(left, False, (part,), text, form)
    else:
        sides = _SIGN.split(text.removesuffix(_SOFT), maxsplit=1)
        if len(sides) != 3:
            return
        sign = sides[1]
        if row["kind"] == "balance":
            sign, signed = _turned(sides[0], sign, sides[2])
            signs = [-1 if minus == "-" else 1 for minus in _TERM.findall(signed)]
            if len(signs) != len(right):
                return
            right = tuple(Term(one, term.element_id, term.form) for one, term in zip(signs, right, strict=True))
        if sign in ("≤", "<", "≦", "<=", "=<"):
            left, right = right, left
        yield Relation(left, sign == "=", right, text.removesuffix(_SOFT), form, text.endswith(_SOFT))


def _terms(listed: str, row: Mapping[str, Any], cells: Mapping[tuple[str, int, str], str]) -> tuple[Term, ...]:
    """Return the terms of a list of cells; one that no element is mapped to has none ("")."""
    found = []
    for cell in re.split(rf"[{LIST_SEPARATOR};,，\s]+", listed):
        if cell:
            sign, there = (-1, cell[1:]) if cell.startswith("-") else (1, cell)
            elsewhere = _ELSEWHERE.fullmatch(there)
            place = (row["form_id"], row["table_no"], there)
            if elsewhere:
                place = (elsewhere[1], int(elsewhere[2]), elsewhere[3])
            found.append(Term(sign, cells.get(place, ""), place[0]))
    return tuple(found)


def _turned(left: str, sign: str, right: str) -> tuple[str, str]:
    """Return sign and right side of a balance line with its target on the left: 02+03=01 is kept under 01."""
    if "+" in left and "+" not in right:
        return sign.translate(str.maketrans("≥≤≧≦<>", "≤≥≦≧><")), left
    return sign, right


def side(terms: Sequence[Term], numbers: Sequence[Decimal]) -> Decimal:
    """Return the sum of a side of a relation."""
    return sum((term.sign * value for term, value in zip(terms, numbers, strict=True)), Decimal(0))


def number(values: Mapping[str, str], element_id: str) -> Decimal | None:
    """Return a value as a number, None when there is none or it is a word."""
    text = values.get(element_id, "")
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
