"""A template compared with the admitted one, field by field: added, removed, renamed, moved, unit, code, options."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import Any

import polars as pl
from rapidfuzz import fuzz

from schemas.templates import PATH_SEPARATOR

COMPARED = ("path", "role", "unit", "code", "value_domain", "cell")
LIKE = 60
"""Ratio of two labels from which on a lone removed and a lone added field are one renamed field."""


def field_changes(before: pl.DataFrame, after: pl.DataFrame) -> list[dict[str, str]]:
    """Return the differences of two editions of a form as rows of TemplateChanges without the form's own columns.

    before, after: table_no, field_no, path, role, unit, code, value_domain, cell. A field counts as moved when it
    stands in another order among the fields that both editions have; that a new column pushes the rest is no move.
    """
    old, new = _numbered(before), _numbered(after)
    pairs = [(key, key) for key in old if key in new]
    gone = [key for key in old if key not in new]
    came = [key for key in new if key not in old]
    renamed = _renamed(old, new, gone, came)
    pairs += renamed
    found = [
        {"change": "改名", "path": _label(b), "before": _label(a), "after": _label(b), "cell": new[b]["cell"] or ""}
        for a, b in renamed
    ]
    found += [_row("删除", old[key], _label(key), "") for key in gone if key not in {a for a, _ in renamed}]
    found += [_row("新增", new[key], "", _label(key)) for key in came if key not in {b for _, b in renamed}]
    moved = _moved([(old[a]["at"], new[b]["at"], b) for a, b in pairs])
    for a, b in pairs:
        left, right = old[a], new[b]
        if b in moved:
            found.append(_row("移位", right, str(left["at"] + 1), str(right["at"] + 1)))
        for column, name in (("unit", "改单位"), ("code", "改代码"), ("value_domain", "改选项")):
            if (left[column] or "") != (right[column] or ""):
                found.append(_row(name, right, left[column] or "", right[column] or ""))
    return sorted(found, key=lambda row: (row["cell"], row["path"], row["change"]))


def in_words(rows: list[dict[str, Any]], most: int = 4) -> str:
    """Return changes as one sentence, the first few by name.

    >>> in_words([{"change": "改名", "path": "电话", "before": "手机", "after": "电话"}])
    '“手机”改名为“电话”'
    """
    said = [_sentence(row) for row in rows[:most]]
    return "、".join(said) + (f"等 {len(rows)} 处" if len(rows) > most else "")


def _sentence(row: dict[str, Any]) -> str:
    path = str(row["path"]).split(PATH_SEPARATOR)[-1]
    if row["change"] == "改名":
        return f"“{str(row['before']).split(PATH_SEPARATOR)[-1]}”改名为“{path}”"
    if row["change"] in ("新增", "删除"):
        return f"{row['change']}“{path}”"
    if row["change"] == "移位":
        return f"“{path}”由第 {row['before']} 移到第 {row['after']}"
    return f"“{path}”{row['change']}（{row['before'] or '无'}→{row['after'] or '无'}）"


def _numbered(fields: pl.DataFrame) -> dict[tuple[int, str, int], dict[str, Any]]:
    """Return the fields by (table, path, how many of that path came before), in order, with their place `at`."""
    seen: Counter[tuple[int, str]] = Counter()
    found = {}
    for at, row in enumerate(fields.sort("table_no", "field_no").iter_rows(named=True)):
        place = (row["table_no"], row["path"])
        found[(*place, seen[place])] = {**row, "at": at}
        seen[place] += 1
    return found


def _renamed(
    old: dict[Any, dict[str, Any]], new: dict[Any, dict[str, Any]], gone: list[Any], came: list[Any]
) -> list[tuple[Any, Any]]:
    """Pair removed and added fields that are one: at the same cell, or alike by name; each at most once."""
    scored = []
    for a in gone:
        for b in came:
            if a[0] != b[0]:
                continue
            alike = fuzz.ratio(a[1], b[1])
            is_same_place = bool(old[a]["cell"]) and old[a]["cell"] == new[b]["cell"]
            is_like = alike >= LIKE
            if is_like or (is_same_place and len(gone) == len(came)):
                scored.append((-alike - 50 * is_same_place, a, b))
    pairs, used = [], set()
    for _, a, b in sorted(scored):
        if a not in used and ("new", b) not in used:
            pairs.append((a, b))
            used |= {a, ("new", b)}
    return pairs


def _moved(places: list[tuple[int, int, Any]]) -> set[Any]:
    """Return the keys outside the longest run of fields that kept their order."""
    ordered = sorted(places)
    tails: list[int] = []
    ends: list[int] = []
    back: list[int] = []
    for number, (_, after, _) in enumerate(ordered):
        at = bisect_left(tails, after)
        back.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [after]
        ends[at : at + 1] = [number]
    kept, number = set(), ends[-1] if ends else -1
    while number >= 0:
        kept.add(ordered[number][2])
        number = back[number]
    return {key for _, _, key in places if key not in kept}


def _row(change: str, field: dict[str, Any], before: str, after: str) -> dict[str, str]:
    return {"change": change, "path": field["path"], "before": before, "after": after, "cell": field["cell"] or ""}


def _label(key: tuple[int, str, int]) -> str:
    return key[1]
