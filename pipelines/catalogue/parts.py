"""Totals that templates state themselves (合计 = parts), as sums of elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from schemas.elements import LIST_SEPARATOR

SPLIT = re.compile("[；;、,，\\s]+")


def part_sums(elements: pl.DataFrame, members: pl.DataFrame, checks: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield rows of Derivations, kind "parts", one per element that a template states as the total of others.

    checks: TemplateChecks; only kind "total" (a sum without signs) is used. members: form_id, table_no, cell,
    element_id, role.
    A total is left out when a part is not a mapped field, when part and total differ in unit, when the parts are the
    total of other places (same element), when templates disagree, or when the total would rest on itself.
    """
    units = dict(elements.select("element_id", "unit").iter_rows())
    at = {
        (form, table, cell): (element_id, role)
        for form, table, cell, element_id, role in members.select(
            "form_id", "table_no", "cell", "element_id", "role"
        ).iter_rows()
        if cell
    }
    stated: dict[str, set[tuple[str, ...]]] = {}
    totals = checks.filter(pl.col("kind") == "total").select("form_id", "table_no", "target", "parts")
    for form, table, target, parts in totals.iter_rows():
        total, role = at.get((form, table, target), ("", ""))
        fields = [at.get((form, table, cell), ("", ""))[0] for cell in SPLIT.split(parts) if cell]
        if not total or role != "derived" or not fields or "" in fields or total in fields:
            continue
        if len(set(fields)) == len(fields) and all(units[part] == units[total] for part in fields):
            stated.setdefault(total, set()).add(tuple(sorted(fields)))
    agreed = {total: next(iter(ways)) for total, ways in stated.items() if len(ways) == 1}
    for total in sorted(agreed):
        if total not in _reached(total, agreed):
            yield {
                "element_id": total,
                "kind": "parts",
                "ledger": "indicator",
                "expression": " + ".join(f'"{part}"' for part in agreed[total]),
                "inputs": LIST_SEPARATOR.join(agreed[total]),
                "reason": f"模板写明等于 {len(agreed[total])} 个分项之和",
            }


def _reached(start: str, agreed: dict[str, tuple[str, ...]]) -> set[str]:
    """Return every element that a total rests on, through other totals."""
    reached: set[str] = set()
    waiting = list(agreed[start])
    while waiting:
        part = waiting.pop()
        if part not in reached:
            reached.add(part)
            waiting += agreed.get(part, ())
    return reached
