"""Totals that templates state themselves (合计 = parts), as sums of elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from pipelines.rulebook import rows
from schemas.words import LIST_SEPARATOR

BALANCE = re.compile(r"\w+=(\w+(?:[+-]\w+)*)")
"""“09=01-06”: a line number and the line numbers that make it up."""
SPLIT = re.compile("[；;、,，\\s]+")


def part_sums(elements: pl.DataFrame, members: pl.DataFrame, checks: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield rows of Derivations, kind "parts", one per element that templates state as the sum of others.

    checks: TemplateChecks, kinds "total" (a 合计 row or column over its parts) and "balance" (“09=01-06” printed in the
    form). members: form_id, table_no, cell, element_id, role. A statement is left out when a part is no mapped field,
    when part and total differ in unit, when they are one element (a sum over places), when templates disagree, when a
    total is to be typed and only looks like one, or when it would rest on itself.
    """
    units = dict(elements.select("element_id", "unit").iter_rows())
    ledgers = dict(elements.select("element_id", "object_class").iter_rows())
    place = {
        name: row["ledger"] for row in rows("ledgers") for name in row["object_classes"].split(LIST_SEPARATOR) if name
    }
    at = {
        (form, table, cell): (element_id, role)
        for form, table, cell, element_id, role in members.select(
            "form_id", "table_no", "cell", "element_id", "role"
        ).iter_rows()
        if cell
    }
    stated: dict[str, set[tuple[tuple[str, str], ...]]] = {}
    used = checks.filter(pl.col("kind").is_in(["total", "balance"]))
    for form, table, kind, target, parts, text in used.select(
        "form_id", "table_no", "kind", "target", "parts", "text"
    ).iter_rows():
        total, role = at.get((form, table, target), ("", ""))
        cells = [cell for cell in SPLIT.split(parts) if cell]
        fields = [at.get((form, table, cell), ("", ""))[0] for cell in cells]
        signs = _signs(text or "", len(cells)) if kind == "balance" else ["+"] * len(cells)
        if not total or (kind == "total" and role != "derived") or len(fields) < 2 or "" in fields or not signs:
            continue
        if len({total, *fields}) == len(fields) + 1 and all(units[part] == units[total] for part in fields):
            stated.setdefault(total, set()).add(
                tuple(sorted(zip(fields, signs, strict=True), key=lambda p: (p[1], p[0])))
            )
    agreed = {total: next(iter(ways)) for total, ways in stated.items() if len(ways) == 1}
    for total in sorted(agreed):
        if total not in _reached(total, agreed):
            sides = [(" + " if sign == "+" else " - ") + f'"{part}"' for part, sign in agreed[total]]
            yield {
                "element_id": total,
                "kind": "parts",
                "ledger": place.get(ledgers[total], "record"),
                "expression": "".join(sides).removeprefix(" + "),
                "inputs": LIST_SEPARATOR.join(part for part, _ in agreed[total]),
                "reason": f"模板写明由 {len(agreed[total])} 个分项加减得出",
            }


def _signs(text: str, count: int) -> list[str]:
    """Return the signs of the parts of a printed balance, [] when it does not tell them.

    >>> _signs("09=01-06", 2), _signs("04=05+06+07", 3), _signs("其中", 1)
    (['+', '-'], ['+', '+', '+'], [])
    """
    found = BALANCE.fullmatch(re.sub(r"\s|[()（）]", "", text).replace("＝", "=").replace("＋", "+").replace("－", "-"))
    signs = ["+", *re.findall("[+-]", found[1])] if found else []
    return signs if len(signs) == count else []


def _reached(start: str, agreed: dict[str, tuple[tuple[str, str], ...]]) -> set[str]:
    """Return every element that a total rests on, through other totals."""
    reached: set[str] = set()
    waiting = [part for part, _ in agreed[start]]
    while waiting:
        part = waiting.pop()
        if part not in reached:
            reached.add(part)
            waiting += [inner for inner, _ in agreed.get(part, ())]
    return reached
