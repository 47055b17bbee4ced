"""Elements that are computed and so never asked: from the id number, by counting a ledger, as the sum of parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.catalogue.parts import part_sums
from pipelines.rulebook import rows
from schemas.elements import Derivations
from schemas.words import LIST_SEPARATOR

AS_OF = ":as_of"
"""Stands in an expression for the report period's last day, as text YYYY-MM-DD; `at_date` puts it in."""
PLACE = re.compile(r"\{([^{}]+)\}")


def derive(
    elements: pl.DataFrame, members: pl.DataFrame, checks: pl.DataFrame | None = None, own: Path | None = None
) -> pl.DataFrame:
    """Return Derivations: what can be computed from other elements of this catalogue, by rules/derivations.csv.

    elements: Elements in use. members: field_id, element_id, form_id, cell … of mapped fields; checks: TemplateChecks,
    for totals and their parts. A rule applies only when all its input elements exist. expression is SQL that DuckDB and
    Spark run alike over columns named by element id; canonical values are text (dates YYYY-MM-DD), `:as_of` is the day
    to count at. Expressions of kind "count" are aggregates over a ledger's rows.
    """
    counts = [rule["target"].rpartition(".") for rule in _rules("count", own)]
    is_counted = [(pl.col("object_class") == owner) & (pl.col("property") == name) for owner, _, name in counts]
    chosen = elements.filter(rests_on_rules(own) | pl.any_horizontal(*is_counted))
    by_key = {row["element_key"]: row for row in chosen.iter_rows(named=True)}
    found: dict[str, dict[str, Any]] = {}
    for rule in _rules("id_number", own):
        target = by_key.get(rule["target"])
        if target and (filled := _fill(rule["expression"], by_key, {})):
            found[target["element_id"]] = _row(target, "id_number", rule["ledger"], filled, rule["reason"])
    computed = {
        key: found[row["element_id"]]["expression"] for key, row in by_key.items() if row["element_id"] in found
    }
    sources = {key: _ids(found[by_key[key]["element_id"]]["inputs"]) for key in computed}
    for element in chosen.iter_rows(named=True):
        counted = _count(element, by_key, computed, sources, own)
        if counted and element["element_id"] not in found:
            found[element["element_id"]] = counted
    if checks is not None:
        for row in part_sums(elements, members, checks):
            found.setdefault(row["element_id"], row)
    return Derivations.frame([found[element_id] for element_id in sorted(found)])


def rests_on_rules(own: Path | None = None) -> pl.Expr:
    """Return the condition over Elements that a rule computes or reads the element, whatever else there is."""
    return pl.col("element_key").is_in(_keys_in_rules(own))


def at_date(expression: str, day: str) -> str:
    """Return the expression with the day to count at put in. day: YYYY-MM-DD; raises ValueError when it is not.

    >>> at_date("substr(:as_of, 1, 4)", "2026-09-30")
    "substr('2026-09-30', 1, 4)"
    """
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        raise ValueError(f"not a date YYYY-MM-DD: {day!r}")
    return expression.replace(AS_OF, f"'{day}'")


@dataclass(frozen=True, slots=True)
class Filled:
    """An expression with columns in place of keys, and the elements it reads."""

    expression: str
    inputs: tuple[str, ...]


def _fill(
    template: str,
    by_key: dict[str, dict[str, Any]],
    computed: dict[str, str],
    sources: dict[str, tuple[str, ...]] | None = None,
) -> Filled | None:
    """Put a column, or the expression that computes it, in each {key}; None when an element is missing."""
    inputs: dict[str, None] = {}
    text = template
    for key in dict.fromkeys(PLACE.findall(template)):
        if key not in by_key:
            return None
        element_id = by_key[key]["element_id"]
        if key in computed:
            text = text.replace("{" + key + "}", f"({computed[key]})")
            inputs |= dict.fromkeys((sources or {})[key])
        else:
            text = text.replace("{" + key + "}", f'"{element_id}"')
            inputs[element_id] = None
    return Filled(text, tuple(inputs))


def _count(
    element: dict[str, Any],
    by_key: dict[str, dict[str, Any]],
    computed: dict[str, str],
    sources: dict[str, tuple[str, ...]],
    own: Path | None,
) -> dict[str, Any] | None:
    """Return the count of ledger rows that an area's statistic is, when every qualifier is a known condition."""
    base = next(
        (rule for rule in _rules("count", own) if rule["target"] == f"{element['object_class']}.{element['property']}"),
        None,
    )
    plain = f"{element['object_class']}.{element['property']}"
    plain += f"[{element['qualifiers']}]" if element["qualifiers"] else ""
    if base is None or element["element_key"] != plain or element["temporal"] == "flow":
        return None
    anchor = _fill(base["expression"], by_key, computed, sources)
    if anchor is None:
        return None
    conditions, inputs, reasons = [], dict.fromkeys(anchor.inputs), [base["reason"]]
    for qualifier in element["qualifiers"].split(LIST_SEPARATOR) if element["qualifiers"] else []:
        condition = _condition(qualifier, base["ledger"], by_key, computed, sources, own)
        if condition is None:
            return None
        conditions.append(condition[0].expression)
        inputs |= dict.fromkeys(condition[0].inputs)
        reasons.append(condition[1])
    when = " AND ".join([f"{anchor.expression} IS NOT NULL", *conditions])
    return _row(
        element,
        "count",
        base["ledger"],
        Filled(f"count(CASE WHEN {when} THEN 1 END)", tuple(inputs)),
        "；".join(reasons),
    )


def _condition(
    qualifier: str,
    ledger: str,
    by_key: dict[str, dict[str, Any]],
    computed: dict[str, str],
    sources: dict[str, tuple[str, ...]],
    own: Path | None,
) -> tuple[Filled, str] | None:
    """Return the SQL condition that a qualifier is, and how it reads."""
    for rule in _rules("condition", own):
        found = re.fullmatch(rule["target"], qualifier)
        if found and rule["ledger"] == ledger:
            filled = _fill(found.expand(rule["expression"]), by_key, computed, sources)
            return (filled, f"{qualifier}：{rule['reason']}") if filled else None
    return None


def _row(element: dict[str, Any], kind: str, ledger: str, filled: Filled, reason: str) -> dict[str, Any]:
    return {
        "element_id": element["element_id"],
        "kind": kind,
        "ledger": ledger,
        "expression": filled.expression,
        "inputs": LIST_SEPARATOR.join(filled.inputs),
        "reason": reason,
    }


def _ids(inputs: str) -> tuple[str, ...]:
    return tuple(inputs.split(LIST_SEPARATOR))


@lru_cache(maxsize=8)
def _keys_in_rules(own: Path | None) -> list[str]:
    """Return every element key that a rule computes or reads."""
    rules = [rule for kind in ("id_number", "count", "condition") for rule in _rules(kind, own)]
    return sorted(
        {rule["target"] for rule in rules} | {key for rule in rules for key in PLACE.findall(rule["expression"])}
    )


@lru_cache(maxsize=32)
def _rules(kind: str, own: Path | None) -> tuple[dict[str, str], ...]:
    return tuple(row for row in rows("derivations", own, ("kind", "target", "ledger")) if row["kind"] == kind)
