"""Totals and parts that the templates state themselves, kept as checks between the indicators of an area."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from pipelines.collection.ledger_list import INDICATOR

_SIGN = re.compile("(>=|<=|=>|=<|[=≥≤≧≦<>])")
_TERM = re.compile(r"([+\-]?)[^+\-0-9]*[0-9]+[^+\-0-9]*")
_TURNED = str.maketrans("≥≤≧≦<>", "≤≥≦≧><")


@dataclass(frozen=True, slots=True)
class Relation:
    """target = sum of parts (is_total), or target ≥ each part (其中; parts may overlap)."""

    target: str
    parts: tuple[str, ...]
    is_total: bool
    text: str

    def holds(self, value: Decimal, parts: list[Decimal]) -> bool:
        """Return whether it holds; hundredths may be lost to rounding."""
        slack = Decimal("0.01") * max(1, len(parts))
        return abs(value - sum(parts)) <= slack if self.is_total else max(parts) <= value + slack


def relations(
    report_fields: pl.DataFrame | None,
    element_map: pl.DataFrame | None,
    template_checks: pl.DataFrame | None,
    fill_plan: pl.DataFrame,
    elements: pl.DataFrame,
) -> dict[str, tuple[Relation, ...]]:
    """Return the relations between asked indicators by their target; from ReportFields, ElementMap and TemplateChecks.

    Only relations all of whose cells are asked, at one level and frequency, converted by no unit and additive are kept:
    a yield per mu or an average is not the sum of its parts, though its row says 其中 (aggregation of Elements).
    """
    if report_fields is None or element_map is None or template_checks is None or template_checks.is_empty():
        return {}
    additive = set(elements.filter(pl.col("aggregation") == "sum")["element_id"])
    asked = {
        row["element_id"]: (row["respondent_level"], row["frequency"])
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
        place = (row["form_id"], row["table_no"])
        named = [cells.get((*place, cell), "") for cell in re.split(r"[；;,，\s]+", row["parts"]) if cell]
        relation = _stated(row["kind"], cells.get((*place, row["target"]), ""), named, row["text"] or "")
        if relation is None:
            continue
        all_of_them = (relation.target, *relation.parts)
        is_alike = len({asked.get(element) for element in all_of_them}) == 1
        is_sound = all(all_of_them) and len(set(all_of_them)) == len(all_of_them) > 1
        if is_sound and is_alike and relation.target in asked and additive.issuperset(all_of_them):
            found.setdefault(relation.target, []).append(relation)
    return {target: tuple(dict.fromkeys(each)) for target, each in found.items()}


def _stated(kind: str, target: str, parts: Sequence[str], text: str) -> Relation | None:
    """Return what a line of TemplateChecks says of elements; None for what is neither a total nor a part.

    A balance line says its signs only in its text: 04=05+06 is a total, 09=01-06 another one (01 of 09 and 06), 18≤17 a
    part. a≤b+c and b+c=d+e are neither.
    """
    if kind != "balance":
        return Relation(target, tuple(parts), kind == "total", text)
    sides = _SIGN.split(text, maxsplit=1)
    if len(sides) != 3:
        return None
    left, sign, right = sides
    if "+" in left and "+" not in right:  # 02+03=01
        left, right, sign = right, left, sign.translate(_TURNED)
    terms = _TERM.findall(right)
    if len(terms) != len(parts):
        return None
    plus = [part for part, term in zip(parts, terms, strict=True) if term != "-"]
    minus = [part for part, term in zip(parts, terms, strict=True) if term == "-"]
    if sign == "=":
        if not minus:
            return Relation(target, tuple(plus), True, text)
        return Relation(plus[0], (target, *minus), True, text) if len(plus) == 1 else None
    if minus:
        return None
    if set(sign) & set("≥>≧"):
        return Relation(target, tuple(plus), False, text)
    return Relation(plus[0], (target,), False, text) if len(plus) == 1 else None


def number(values: Mapping[str, str], element_id: str) -> Decimal | None:
    """Return a value as a number, None when there is none or it is a word."""
    text = values.get(element_id, "")
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None
