"""Totals that a report computes from its own columns (合计, 小计, 04=05+06), which nobody is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.text import squeeze
from schemas.templates import PATH_SEPARATOR
from schemas.words import LIST_SEPARATOR

TOTAL_WORDS = frozenset(("合计", "小计", "总计", "共计", "计"))
_NAMED = ("合计", "小计", "总计", "共计")
_TERMS = re.compile(r"([+＋\-－—–]?)([^=＝+＋\-－—–]+)")


def parts_of(
    index: int, fields: Sequence[Mapping[str, Any]], checks: Sequence[Mapping[str, Any]]
) -> list[tuple[int, int]]:
    """Return (index of the field, +1 or -1) of what a total is made of; empty when the form does not say.

    fields: a table's rows of ReportFields; checks: its rows of TemplateChecks. Looked for in this order: a relation the
    form prints; the other columns under the same heading; the other rows of the same column, also for a computed row
    with a name (粮食作物合计) where no other row is a total. What the form marks as 其中 is a part of another row and
    not counted again.
    """
    by_cell = {row["cell"]: at for at, row in enumerate(fields) if row["cell"]}
    for check in checks:
        if check["target"] == fields[index]["cell"] and check["kind"] in ("balance", "total", "formula"):
            found = _stated(check, by_cell)
            if found:
                return found
    inner = {cell for check in checks if check["kind"] == "part" for cell in check["parts"].split(LIST_SEPARATOR)}
    path = _path(fields[index])
    for members in (_same_heading(path, fields), _same_column(path, fields, fields[index]["role"] == "derived")):
        chosen = [
            at for at in members if at != index and _adds(fields[at], fields[index]) and fields[at]["cell"] not in inner
        ]
        if len(chosen) > 1:
            return [(at, 1) for at in chosen]
    return []


def total_sql(parts: Sequence[tuple[str, int]]) -> str:
    """Return the SQL of a total of column expressions with their signs; null when all parts are null."""
    terms = "".join(f" {'+' if sign > 0 else '-'} COALESCE({text}, 0)" for text, sign in parts).removeprefix(" + ")
    return f"CASE WHEN COALESCE({', '.join(text for text, _ in parts)}) IS NOT NULL THEN {terms} END"


def _stated(check: Mapping[str, Any], by_cell: Mapping[str, int]) -> list[tuple[int, int]]:
    cells = check["parts"].split(LIST_SEPARATOR)
    if not cells or any(cell not in by_cell for cell in cells):
        return []
    signs = [1] * len(cells)
    right = re.split("[=＝]", squeeze(check["text"]))[-1]
    terms = _TERMS.findall(right)
    if check["kind"] == "balance" and len(terms) == len(cells):
        signs = [-1 if sign in ("-", "－", "—", "–") else 1 for sign, _ in terms]
    elif re.search(r"[-*/×÷]", right) and check["kind"] != "total":
        return []
    return [(by_cell[cell], sign) for cell, sign in zip(cells, signs, strict=True)]


def _same_heading(path: list[str], fields: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the fields beside a total: the same headings above, another leaf."""
    if len(path) < 2 or path[-1] not in TOTAL_WORDS:
        return []
    return [at for at, row in enumerate(fields) if _path(row)[:-1] == path[:-1] and len(_path(row)) == len(path)]


def _same_column(path: list[str], fields: Sequence[Mapping[str, Any]], is_computed: bool) -> list[int]:
    """Return the fields below a total row: another first heading, the same column heading.

    A row that is only named as a total is one when it is computed and the only one: of two, nobody says what each adds.
    """
    totals = {first for first in (_path(row)[0] for row in fields) if first.endswith(_NAMED)}
    if len(path) < 2 or not (path[0] in TOTAL_WORDS or (is_computed and totals == {path[0]})):
        return []
    return [at for at, row in enumerate(fields) if _path(row)[1:] == path[1:] and _path(row)[0] not in TOTAL_WORDS]


def _adds(part: Mapping[str, Any], total: Mapping[str, Any]) -> bool:
    same_unit = (part["unit"] or "") == (total["unit"] or "")
    return part["role"] == "fill" and same_unit and not _path(part)[-1].startswith("其中")


def _path(row: Mapping[str, Any]) -> list[str]:
    return [squeeze(part) for part in str(row["path"]).split(PATH_SEPARATOR)]
