"""Where the values of a view come from: which ledger holds an element, and how one ledger's row finds another's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import polars as pl

from pipelines.rulebook import rows
from pipelines.sharing.views.rendering import name

INDICATOR = "indicator"
BASE = "t"
"""Alias of the ledger that gives the view's rows."""
_COLUMN = re.compile(r'"([^"]+)"')
_AS_OF = ":as_of"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the ledgers hold and how they hang together; made once per snapshot.

    types: ledger → column → type; by_key: element key → element id;
    derivations: element id → (kind, ledger, expression); area_attribute: element id → attribute of the row's area.
    """

    types: Mapping[str, Mapping[str, pl.DataType]]
    by_key: Mapping[str, str]
    derivations: Mapping[str, tuple[str, str, str]]
    area_attribute: Mapping[str, str]
    as_of: str
    month: str
    not_asked: Mapping[tuple[str, str], str]
    own: Path | None = None
    short: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Joins:
    """The joins one view needs so far: alias → SQL."""

    base: str
    clauses: dict[str, str] = field(default_factory=dict)


def shelf(
    ledgers: Mapping[str, pl.DataFrame],
    elements: pl.DataFrame,
    derivations: pl.DataFrame,
    as_of: str,
    month: str,
    fill_plan: pl.DataFrame | None = None,
    own: Path | None = None,
    short: Mapping[str, str] | None = None,
) -> Shelf:
    """Return the shelf of a set of wide ledgers.

    as_of: the day ages are counted at, YYYY-MM-DD; month, short: the newest month, and newest period of each
    pace shorter than a month, that statistical tables show.
    """
    plain = elements.filter(pl.col("qualifiers") == "")
    patterns = _area_patterns(own)
    attributes = {}
    for element_id, label in plain.select("element_id", "property").iter_rows():
        attribute = next((attribute for pattern, attribute in patterns if pattern.fullmatch(label)), None)
        if attribute:
            attributes[element_id] = attribute
    return Shelf(
        {ledger: dict(frame.schema) for ledger, frame in ledgers.items()},
        dict(elements.select("element_key", "element_id").iter_rows()),
        {
            row[0]: (row[1], row[2], row[3])
            for row in derivations.select("element_id", "kind", "ledger", "expression").iter_rows()
        },
        attributes,
        as_of,
        month,
        {} if fill_plan is None else _not_asked(fill_plan),
        own,
        short or {},
    )


def ledger_names(own: Path | None = None) -> dict[str, str]:
    """Return the Chinese name of every ledger, and of what else values come from."""
    return {row["ledger"]: row["ledger_name"] for row in rows("ledgers", own)} | {"areas": "区划表"}


def complete(
    ledgers: Mapping[str, pl.DataFrame], fill_plan: pl.DataFrame, elements: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Return the ledgers with a column for everything that is asked, also where nobody has answered yet.

    What is planned but not asked (computed, or told by the area code) gets no column.
    """
    types = {"integer": pl.Int64(), "decimal": pl.Float64()}
    kinds = {row[0]: types.get(row[1], pl.String()) for row in elements.select("element_id", "data_type").iter_rows()}
    asked: dict[str, list[str]] = {INDICATOR: []}
    for row in fill_plan.filter(pl.col("is_asked") | pl.col("is_key")).iter_rows(named=True):
        asked.setdefault(row["ledger"], []).append(row["element_id"])
    done = {}
    for ledger in dict.fromkeys([*asked, *ledgers]):
        keys = ("area_code", "period") if ledger == INDICATOR else ("subject_key", "area_code")
        frame = ledgers.get(ledger, pl.DataFrame(schema=dict.fromkeys(keys, pl.String())))
        missing = [element_id for element_id in asked.get(ledger, ()) if element_id not in frame.columns]
        done[ledger] = frame.with_columns(
            pl.lit(None, dtype=kinds.get(element_id, pl.String())).alias(element_id) for element_id in missing
        )
    return done


def expression_of(element_id: str, joins: Joins, place: Shelf) -> tuple[str, str, pl.DataType | None] | None:
    """Return (SQL of the element's value in the view, where it comes from in Chinese, its type), adding joins it needs.

    Looked for in this order: the ledger of the rows itself, its derivations, the ledgers it points to, the row's area.
    None when nothing holds the element.
    """
    for alias, ledger in _reach(joins.base, place):
        if element_id in place.types.get(ledger, {}):
            _join(alias, joins, place)
            return f"{alias}.{name(element_id)}", ledger, place.types[ledger][element_id]
        found = _derived(element_id, alias, ledger, joins, place)
        if found:
            return found
    if element_id in place.area_attribute:
        return area_expression(place.area_attribute[element_id], joins), "areas", pl.String()
    return None


def counted(element_id: str, place: Shelf) -> tuple[str, str] | None:
    """Return (ledger, aggregate SQL over its rows) of an element that counts a ledger's rows; None for others."""
    kind, ledger, expression = place.derivations.get(element_id, ("", "", ""))
    if kind != "count" or ledger not in place.types:
        return None
    joins = Joins(ledger)
    text = _qualified(expression, BASE, ledger, joins, place)
    return None if text is None or joins.clauses else (ledger, text)


def qualify(expression: str, ledger: str, place: Shelf, alias: str = BASE) -> str | None:
    """Return SQL over a ledger's columns with the view's alias, computed elements put in; None when one is missing."""
    return _qualified(expression, alias, ledger, Joins(ledger), place)


def area_expression(attribute: str, joins: Joins) -> str:
    """Return the SQL of an attribute of the row's area, adding the joins it needs."""
    joins.clauses.setdefault("a", f"JOIN areas a ON a.area_code = {BASE}.area_code")
    if attribute == "code":
        return "a.area_code"
    if attribute == "name":
        return "a.area_name"
    if attribute.startswith("county"):
        joins.clauses.setdefault("c", "JOIN areas c ON c.area_code = SUBSTR(a.area_code, 1, 6) || '000000'")
        return f"c.area_{attribute.removeprefix('county_')}"
    joins.clauses.setdefault("u", "JOIN areas u ON u.area_code = SUBSTR(a.area_code, 1, 9) || '000'")
    if attribute == "full_name":
        return "CASE WHEN a.area_code = u.area_code THEN a.area_name ELSE u.area_name || a.area_name END"
    return f"u.area_{attribute.removeprefix('township_')}"


def _derived(
    element_id: str, alias: str, ledger: str, joins: Joins, place: Shelf
) -> tuple[str, str, pl.DataType | None] | None:
    kind, of_ledger, expression = place.derivations.get(element_id, ("", "", ""))
    if kind not in ("id_number", "parts") or (of_ledger != ledger and kind == "id_number"):
        return None
    text = _qualified(expression, alias, ledger, joins, place)
    if text is None:
        return None
    _join(alias, joins, place)
    return f"({text})", f"{ledger}：推算", None


def _qualified(expression: str, alias: str, ledger: str, joins: Joins, place: Shelf) -> str | None:
    """Return a derivation's expression with its columns named by alias; None when a column is not to be had there."""
    missing: list[str] = []

    def column(match: re.Match[str]) -> str:
        element_id = match[1]
        if element_id in place.types.get(ledger, {}):
            return f"{alias}.{name(element_id)}"
        inner = _derived(element_id, alias, ledger, joins, place)
        if inner is None:
            missing.append(element_id)
            return match[0]
        return inner[0]

    text = _COLUMN.sub(column, expression.replace(_AS_OF, f"'{place.as_of}'"))
    return None if missing else text


def _reach(ledger: str, place: Shelf) -> list[tuple[str, str]]:
    """Return (alias, ledger) of what a row reaches: itself, then ledgers it points to, then those they point to."""
    reached = [(BASE, ledger)]
    for alias, source in reached:
        for rule in rows("sharing_joins", place.own):
            target = rule["to_ledger"]
            if (
                rule["from_ledger"] == source
                and target in place.types
                and target not in {found for _, found in reached}
            ):
                keys = place.by_key.get(rule["from_key"]), place.by_key.get(rule["to_key"])
                if keys[0] in place.types[source] and keys[1] in place.types[target]:
                    reached.append((f"{alias}_{target}", target))
    return reached


def _join(alias: str, joins: Joins, place: Shelf) -> None:
    if alias == BASE or alias in joins.clauses:
        return
    parent, _, target = alias.rpartition("_")
    _join(parent, joins, place)
    source = joins.base if parent == BASE else parent.rpartition("_")[2]
    rule = next(r for r in rows("sharing_joins", place.own) if r["from_ledger"] == source and r["to_ledger"] == target)
    left, right = place.by_key[rule["from_key"]], place.by_key[rule["to_key"]]
    condition = f"{alias}.{name(right)} = {parent}.{name(left)}"
    if rule["is_same_area"] == "是":
        condition += f" AND {alias}.area_code = {parent}.area_code"
    joins.clauses[alias] = f"LEFT JOIN {name(target)} {alias} ON {condition}"


def _not_asked(fill_plan: pl.DataFrame) -> dict[tuple[str, str], str]:
    rows = fill_plan.filter(~pl.col("is_asked")).select("ledger", "element_id", "reason").iter_rows()
    return {(ledger, element_id): reason for ledger, element_id, reason in rows}


@lru_cache(maxsize=8)
def _area_patterns(own: Path | None) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["property"]), row["attribute"]) for row in rows("sharing_area_names", own))
