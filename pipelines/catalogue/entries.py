"""The catalogue entry of every data element: definition, representation, unit, value domain, protection, source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.catalogue.conversion import canonical_unit, factor, is_finite, is_known
from pipelines.catalogue.definitions import define, dictionary_findings, with_dictionary
from pipelines.catalogue.domains import code_list, is_yes_no, options_of
from pipelines.catalogue.naming import LONGEST, parted_by, standard_name
from pipelines.catalogue.ruling import protection, representation, source
from pipelines.catalogue.summary import KEY, summarise
from pipelines.rulebook import rows
from schemas.elements import Elements
from schemas.faults import Finding
from schemas.faults.registry import LABEL_TOO_LONG
from schemas.words import LIST_SEPARATOR

ADDITIVE_TEMPORAL = ("stock", "flow")
NUMBERS = ("integer", "decimal")
RATIO_DIMENSIONS = ("率", "比例", "比重", "单价", "均", "指数", "年龄", "系数", "百分比")
"""A property with one of these is no amount: adding it up over villages means nothing."""
APPROVED = (
    "element_name",
    "definition",
    "unit",
    "sensitivity",
    "share_type",
    "source_department",
    "source_reason",
    "status",
)
"""What a steward approved stays as it was approved."""


@lru_cache(maxsize=8)
def _within_days(own: Path | None) -> re.Pattern[str]:
    return re.compile("|".join(row["pattern"] for row in rows("over_time", own) if row["kind"] == "days") or r"(?!)")


@dataclass(frozen=True, slots=True)
class Entries:
    """elements: Elements of the groups (without retired ones). findings: names that are too long."""

    elements: pl.DataFrame
    findings: list[Finding]


def describe(members: pl.DataFrame, ids: dict[str, str], known: pl.DataFrame, own: Path | None = None) -> Entries:
    """Return the entry of every group; it depends on the group's own fields and on the rules alone.

    members: see `summarise`, with `unit` (canonical) and `value_domain`. ids: group_key → element_id. known: Elements.
    """
    units = _by_group(members.filter(pl.col("unit") != ""), "unit")
    options = _options(members)
    before = {row["element_id"]: row for row in known.iter_rows(named=True)}
    standard = _standard(own)
    entries: list[dict[str, Any]] = []
    findings = dictionary_findings(own)
    for group in summarise(members).iter_rows(named=True):
        element_id = ids[group[KEY]]
        parts = (group["object_class"], group["property"], group["qualifiers"])
        fixed = standard.get(parts, {})
        old = before.get(element_id, {})
        fixed = with_dictionary(fixed, parts[0], group["labels"], own)
        entry = _entry(element_id, group, fixed, old, units.get(group[KEY], {}), options.get(group[KEY], {}), own)
        if len(entry["element_name"]) > LONGEST:
            name = entry["element_name"]
            findings.append(LABEL_TOO_LONG.at(element_id=element_id, length=len(name), start=name[:20]))
            entry["element_name"] = name[: LONGEST - 1] + "…"
        entries.append(entry)
    return Entries(Elements.frame(entries), findings)


def _entry(
    element_id: str,
    group: dict[str, Any],
    fixed: dict[str, str],
    old: dict[str, Any],
    units: dict[str, int],
    options: dict[tuple[str, ...], int],
    own: Path | None,
) -> dict[str, Any]:
    object_class, prop, qualifiers = group["object_class"], group["property"], group["qualifiers"]
    data_type = fixed.get("data_type") or group["data_type"] or "text"
    codes = code_list(object_class, prop, data_type, own)
    if options and codes is None and data_type in ("text", "code"):
        data_type = "boolean" if all(is_yes_no(printed, own) for printed in options) else "code"
        codes = code_list(object_class, prop, data_type, own)
    values = codes.names if codes else _common_options(options) if data_type == "code" else ()
    if data_type not in NUMBERS:
        units = {}
    unit = choose_unit(units, fixed.get("unit", ""), old.get("unit") or "")
    if not unit and data_type in NUMBERS:
        unit = canonical_unit(fixed.get("dictionary_unit", ""))
    guard = protection(object_class, prop, qualifiers, own)
    office = source(object_class, prop, qualifiers, own)
    asking = group["asking_department"]
    temporal = group["temporal"] or "none"
    if temporal == "flow" and "累计" in (group["qualifiers"] or ""):
        temporal = "stock"  # a running total stands at the end of a period; over a quarter it is the last, not the sum
    if temporal == "stock" and _within_days(own).search(group["qualifiers"] or ""):
        temporal = "flow"  # what happened in ten days is no count that stands: the next period starts anew
    is_amount = (
        data_type in NUMBERS and temporal in ADDITIVE_TEMPORAL and not any(word in prop for word in RATIO_DIMENSIONS)
    )
    domain = "boolean" if data_type == "boolean" else codes.standard if codes else ""
    parted = parted_by(group[KEY], prop)
    entry = {
        "element_id": element_id,
        "element_key": group[KEY],
        "element_name": standard_name(object_class, prop, qualifiers, own) + (f"（{parted}）" if parted else ""),
        "definition": (f"专指{parted}：" if parted else "")
        + (
            fixed.get("definition")
            or group["printed_definition"]
            or define(object_class, prop, qualifiers, temporal, unit, domain, own)
        ),
        "object_class": object_class,
        "property": prop,
        "qualifiers": qualifiers,
        "temporal": temporal,
        "data_type": data_type,
        "representation": fixed.get("representation") or _representation(prop, data_type, values, own),
        "unit": unit or None,
        "value_domain": LIST_SEPARATOR.join(values) or None,
        "aggregation": "sum" if is_amount and unit not in ("%", "‰", "岁") and "/" not in unit else "none",
        "sensitivity": guard.sensitivity,
        "share_type": guard.share_type,
        "source_department": office.department if office else asking,
        "source_reason": office.reason
        if office
        else f"没有规则；{group['asking_forms']} 张表由该部门要，暂定"
        if asking
        else None,
        "synonyms": group["synonyms"],
        "field_count": group["field_count"],
        "form_count": group["form_count"],
        "status": "草案",
    }
    if old.get("status") == "已核准":
        entry |= {name: old[name] for name in APPROVED}
    return entry


def choose_unit(votes: dict[str, int], standard: str, before: str) -> str:
    """Return the element's unit: the standard one, else the one it had, else the most used.

    A unit from which every other converts by a finite decimal comes first (公顷 before 亩), so that no digit is lost.

    >>> choose_unit({"万元": 3, "元": 1}, "", ""), choose_unit({"亩": 3, "公顷": 1}, "", "")
    ('万元', '公顷')
    >>> choose_unit({"亩": 1}, "", "公顷")
    '公顷'
    """
    known = {unit: count for unit, count in votes.items() if is_known(unit)} or votes
    for unit in (canonical_unit(standard), before):
        if unit and (not known or any(factor(unit, other) for other in known) or unit in known):
            return unit
    if not known:
        return ""
    return min(known, key=lambda unit: (-_reachable(unit, known), -known[unit], unit))


def _reachable(unit: str, units: dict[str, int]) -> int:
    """Return the number of fields whose unit can be had from `unit` without losing a digit."""
    return sum(count for other, count in units.items() if other == unit or is_finite(unit, other))


def _common_options(options: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    """Return the options most forms print, then whatever the others add."""
    ordered = sorted(options, key=lambda items: (-options[items], -len(items), items))
    return tuple(dict.fromkeys(item for items in ordered for item in items))


def _representation(prop: str, data_type: str, values: tuple[str, ...], own: Path | None) -> str:
    if values:
        lengths = set(map(len, values))
        return f"C{lengths.pop()}" if len(lengths) == 1 else f"C..{max(lengths)}"
    return representation(prop, data_type, own)


def _by_group(members: pl.DataFrame, column: str) -> dict[str, dict[Any, int]]:
    table: dict[str, dict[Any, int]] = {}
    for group, value, count in members.group_by(KEY, column).len().iter_rows():
        table.setdefault(group, {})[value] = count
    return table


def _options(members: pl.DataFrame) -> dict[str, dict[tuple[str, ...], int]]:
    """Return the option lists of every group with the number of fields that print them."""
    printed = members.filter((pl.col("value_domain") != "") | pl.col("note").str.contains("选项"))
    table: dict[str, dict[tuple[str, ...], int]] = {}
    for group, domain, note, count in printed.group_by(KEY, "value_domain", "note").len().iter_rows():
        items = options_of(domain, note)
        if len(items) > 1:
            bag = table.setdefault(group, {})
            bag[items] = bag.get(items, 0) + count
    return table


@lru_cache(maxsize=8)
def _standard(own: Path | None) -> dict[tuple[str, str, str], dict[str, str]]:
    key = ("object_class", "property", "qualifiers")
    return {
        (row["object_class"], row["property"], row["qualifiers"]): row for row in rows("elements_standard", own, key)
    }
