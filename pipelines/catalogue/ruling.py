"""First rule that fits: sensitivity, share type, source department and representation of an element."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipelines.rulebook import rows
from schemas.words import LIST_SEPARATOR


@dataclass(frozen=True, slots=True)
class Protection:
    """How an element is protected and shared, and why (PIPL 28; GB/T 43697—2024; 政务数据共享条例 14–15)."""

    sensitivity: str
    share_type: str
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """The one department answerable for an element (政务数据共享条例 19: 一数一源), and why."""

    department: str
    reason: str


def protection(object_class: str, property_name: str, qualifiers: str, own: Path | None = None) -> Protection:
    """Return the protection of an element: the first row of rules/sensitivity.csv that fits."""
    row = _first("sensitivity", object_class, property_name, qualifiers, own)
    if row is None:
        return Protection("一般", "有条件共享", "没有规则，从严按有条件共享")
    return Protection(row["sensitivity"], row["share_type"], row["reason"])


def source(object_class: str, property_name: str, qualifiers: str, own: Path | None = None) -> Source | None:
    """Return the source department by the first row of rules/source_departments.csv that fits, or None."""
    row = _first("source_departments", object_class, property_name, qualifiers, own)
    return Source(_department_names(own).get(row["department"], row["department"]), row["reason"]) if row else None


def representation(property_name: str, data_type: str, own: Path | None = None) -> str:
    """Return the representation format: the first row of rules/elements_representations.csv that fits.

    >>> representation("公民身份号码", "identifier"), representation("人数", "integer")
    ('C18', 'N..10')
    """
    for row, pattern in _patterns("elements_representations", own):
        if row["data_type"] in ("", data_type) and pattern["property"].search(property_name):
            return row["representation"]
    return "C..50"


def _first(
    table: str, object_class: str, property_name: str, qualifiers: str, own: Path | None
) -> dict[str, str] | None:
    texts = {"object_class": object_class, "property": property_name, "qualifiers": qualifiers}
    texts["words"] = f"{property_name}{LIST_SEPARATOR}{qualifiers}"
    for row, patterns in _patterns(table, own):
        if all(pattern.search(texts[column]) for column, pattern in patterns.items()):
            return row
    return None


@lru_cache(maxsize=32)
def _patterns(table: str, own: Path | None) -> tuple[tuple[dict[str, str], dict[str, re.Pattern[str]]], ...]:
    """Return the rows with their patterns compiled; the county's own rows come first: the first that fits wins."""
    shipped, every = rows(table), rows(table, own)
    ordered = every[len(shipped) :] + shipped
    columns = ("object_class", "property", "qualifiers", "words")
    return tuple((row, {c: re.compile(row[c]) for c in columns if c in row}) for row in ordered)


@lru_cache(maxsize=8)
def _department_names(own: Path | None) -> dict[str, str]:
    return {row["department"]: row["department_name"] for row in rows("source_department_names", own, ("department",))}
