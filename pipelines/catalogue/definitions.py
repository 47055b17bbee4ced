"""Definitions: from the dictionary by label, or made from the element's parts (GB/T 18391.4)."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from pipelines.catalogue.conversion import is_known
from pipelines.rulebook import rows
from pipelines.text import fold
from schemas.faults import Finding
from schemas.faults.registry import DICTIONARY_UNIT
from schemas.words import LIST_SEPARATOR


def dictionary_findings(own: Path | None) -> list[Finding]:
    """Return the rows of the dictionary whose unit no rule knows; their definitions are used all the same."""
    return [
        DICTIONARY_UNIT.at(file="elements_definitions.csv", label=row["label"], unit=row["unit"])
        for row in rows("elements_definitions", own)
        if row["unit"] and not is_known(row["unit"])
    ]


def with_dictionary(
    fixed: dict[str, str], object_class: str, labels: list[str] | None, own: Path | None
) -> dict[str, str]:
    """Add the definition and unit of the dictionary where the standard gives no definition. labels: most used first."""
    if fixed.get("definition"):
        return fixed
    for label in labels or ():
        for pattern, row in _dictionary(own).get(fold(label), ()):
            if pattern.search(object_class):
                unit = row["unit"] if is_known(row["unit"]) else ""
                return fixed | {"definition": row["definition"], "dictionary_unit": unit}
    return fixed


@lru_cache(maxsize=8)
def _dictionary(own: Path | None) -> dict[str, list[tuple[re.Pattern[str], dict[str, str]]]]:
    """Return the dictionary's rows by folded label; the county's own rows come first."""
    table: dict[str, list[tuple[re.Pattern[str], dict[str, str]]]] = {}
    for row in reversed(rows("elements_definitions", own)):
        table.setdefault(fold(row["label"]), []).append((re.compile(row["object_class"]), row))
    return table


def define(
    object_class: str, prop: str, qualifiers: str, temporal: str, unit: str, domain: str, own: Path | None = None
) -> str:
    """Return a definition made from the parts (GB/T 18391.4: what it is, in one phrase, then how it is measured).

    >>> define("行政区域", "人口数", "女", "stock", "人", "")
    '本区域的人口数，限于：女；时点数，填报告期末的数；计量单位：人'
    >>> define("自然人", "是否有住房", "", "none", "", "boolean")
    '本人是否有住房，填“是”或“否”'
    """
    owner = _owners(own).get(object_class, object_class)
    of = owner if not owner or prop.startswith(("是否", "有无", owner)) else f"{owner}的"
    text = prop if prop.startswith(owner) else of + prop
    text += f"，限于：{qualifiers.replace(LIST_SEPARATOR, '、')}" if qualifiers else ""
    text += {"stock": "；时点数，填报告期末的数", "flow": "；时期数，填报告期内的合计"}.get(temporal, "")
    text += f"；计量单位：{unit}" if unit else ""
    return text + ("，填“是”或“否”" if domain == "boolean" else f"；值域见 {domain}" if domain else "")


@lru_cache(maxsize=8)
def _owners(own: Path | None) -> dict[str, str]:
    """Return the word for an object class in definitions."""
    return {row["object_class"]: row["owner"] for row in rows("elements_object_terms", own, ("object_class",))}
