"""The SQL text of a share view, as an auditor reads it: the department's columns, each with its element and rule.

Portable: what DuckDB runs, Spark runs unchanged over the same Parquet (no QUALIFY, PIVOT or list syntax, no VARCHAR
without a length; names in double quotes, which Spark reads with spark.sql.ansi.doubleQuotedIdentifiers).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.sharing.views.rendering import name, quote
from pipelines.sharing.views.roll_up import period_of
from pipelines.sharing.views.sources import BASE, INDICATOR, Joins, Shelf, area_expression, qualify
from pipelines.sharing.views.view import AREA, AREA_COLUMNS, PERIOD, SUBJECT, Column
from schemas.words import POPULATION_PREFIX


def statement(
    view_name: str,
    report: Mapping[str, Any],
    columns: Sequence[Column],
    ledger: str,
    joins: Joins,
    counts: Mapping[str, Mapping[str, str]],
    population: Mapping[str, Any] | None,
    place: Shelf,
) -> Iterator[str]:
    """Yield the lines of the view's SQL."""
    is_indicator = ledger == INDICATOR
    if is_indicator:
        full_name = area_expression("full_name", joins)
        own = [
            f"{BASE}.area_code AS {name(SUBJECT)}",
            f"{BASE}.area_code AS {name(AREA)}",
            f"{BASE}.period AS {name(PERIOD)}",
            f"{BASE}.area_code AS {name(AREA_COLUMNS[0])}",
            f"{full_name} AS {name(AREA_COLUMNS[1])}",
            f"{BASE}.period AS {name(AREA_COLUMNS[2])}",
        ]
    else:
        own = [
            f"{BASE}.subject_key AS {name(SUBJECT)}",
            f"{BASE}.area_code AS {name(AREA)}",
            f"'' AS {name(PERIOD)}",
        ]
    yield f"-- 视图 {view_name}：{report['department_name']}《{report['report_name']}》；截至 {place.as_of}"
    yield from selected_lines(own, columns)
    yield f"FROM {name(ledger)} {BASE}"
    yield from joins.clauses.values()
    for source, aggregates in counts.items():
        yield "LEFT JOIN ("
        yield from counted_lines(source, aggregates)
        now = quote(period_of(report["frequency"], place.month, place.short))
        yield f") n_{source} ON n_{source}.area_code = {BASE}.area_code AND {BASE}.period = {now}"
    condition = population_of(population, place)
    if condition and not is_indicator:
        yield f"WHERE {condition}"
    keys = [AREA, PERIOD] if is_indicator else [AREA, SUBJECT]
    yield "ORDER BY " + ", ".join(name(key) for key in keys)


def counted_lines(source: str, aggregates: Mapping[str, str]) -> Iterator[str]:
    """Yield the SELECT that counts a ledger's rows for every area and the areas above it (平台取数)."""
    yield "  SELECT o.over_code AS area_code,"
    yield ",\n".join(f"    {aggregate} AS {name(element_id)}" for element_id, aggregate in aggregates.items())
    yield f"  FROM {name(source)} {BASE}"
    yield f"  JOIN area_paths o ON o.area_code = {BASE}.area_code"
    yield "  GROUP BY o.over_code"


def selected_lines(own: Sequence[str], columns: Sequence[Column]) -> Iterator[str]:
    """Yield the SELECT of a view: the house's own columns, then the department's, each with its element and rule."""
    given = [column for column in columns if column.sql]
    items = [*own, *(f"{column.sql} AS {name(column.name)}" for column in given)]
    comments = [""] * len(own)
    comments += [f"{c.element_id} {c.element_name}" + (f"；{c.rule}" if c.rule else "") for c in given]
    yield "SELECT"
    for index, (item, comment) in enumerate(zip(items, comments, strict=True)):
        comma = "," if index < len(items) - 1 else ""
        yield f"  {item}{comma}" + (f"  -- {_one_line(comment)}" if comment else "")


def population_of(population: Mapping[str, Any] | None, place: Shelf, alias: str = BASE) -> str:
    """Return the condition that a subject (the row named by the alias) stands in the report, "" for all subjects."""
    if not population:
        return ""
    if population["condition"]:
        return qualified(population["condition"], population["ledger"], place, alias)
    mark = POPULATION_PREFIX + population["population"]
    kind = place.types[population["ledger"]].get(mark)
    if kind is None:
        return ""
    return f"{alias}.{name(mark)}" if isinstance(kind, pl.Boolean) else f"{alias}.{name(mark)} = {quote('是')}"


def qualified(condition: str, ledger: str, place: Shelf, alias: str = BASE) -> str:
    """Return a population's condition with its columns named by the view's alias; computed elements put in.

    Raises KeyError when the condition names a column that the ledger neither has nor can compute.
    """
    text = qualify(condition, ledger, place, alias)
    if text is None:
        raise KeyError(f"{ledger}: {condition}")
    return f"({text})"


def _one_line(text: str) -> str:
    return " ".join(text.split())
