"""Share views: for every table of every report one readable SQL text over the ledgers.

A view has the department's own columns, in its order, under its names, in its units, codes and date formats. The text
is pure (ledgers in, rows out), portable (no QUALIFY, PIVOT or list syntax) and is what an auditor reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.sharing.views.columns import column, column_names, sums_of, with_total
from pipelines.sharing.views.members import PERSON, SUFFIX, member_columns, member_fields, member_statement
from pipelines.sharing.views.sources import INDICATOR, Joins, Shelf, ledger_names
from pipelines.sharing.views.statement import statement
from pipelines.sharing.views.view import AREA, AREA_COLUMNS, PERIOD, SUBJECT, Column, View
from schemas.sharing import AREA_GRAIN

__all__ = ["AREA", "AREA_COLUMNS", "PERIOD", "SUBJECT", "Column", "View", "view", "views"]


def views(
    reports: pl.DataFrame,
    fields: pl.DataFrame,
    element_map: pl.DataFrame,
    elements: pl.DataFrame,
    populations: pl.DataFrame,
    checks: pl.DataFrame,
    place: Shelf,
) -> list[View]:
    """Return the view of every table of every report, in the order of the register.

    Takes Reports, ReportFields, ElementMap, Elements, Populations and TemplateChecks, and the shelf of ledgers.
    Fields of a report that is not in the register are left out.
    """
    mapping = {row["field_id"]: row for row in element_map.iter_rows(named=True)}
    known = {row["element_id"]: row for row in elements.iter_rows(named=True)}
    limits = {(row["report_id"], row["table_no"]): row for row in populations.iter_rows(named=True)}
    asked: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in fields.sort("form_id", "table_no", "field_no").iter_rows(named=True):
        asked.setdefault((row["form_id"], row["table_no"]), []).append(row)
    stated: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in checks.iter_rows(named=True):
        stated.setdefault((row["form_id"], row["table_no"]), []).append(row)
    found = []
    for report in reports.iter_rows(named=True):
        tables = sorted(table_no for report_id, table_no in asked if report_id == report["report_id"])
        for table_no in tables:
            key = (report["report_id"], table_no)
            found.extend(view(report, asked[key], mapping, known, limits.get(key), stated.get(key, ()), place))
    return found


def view(
    report: Mapping[str, Any],
    fields: Sequence[Mapping[str, Any]],
    mapping: Mapping[str, Mapping[str, Any]],
    elements: Mapping[str, Mapping[str, Any]],
    population: Mapping[str, Any] | None,
    checks: Sequence[Mapping[str, Any]],
    place: Shelf,
) -> list[View]:
    """Return the view of one table; for a card with a list of household members, the view of that list after it.

    fields: its rows of ReportFields in order; population: its row of Populations; checks: its rows of TemplateChecks.
    """
    first = fields[0]
    layout = first["layout"] or "roster"
    ledger = _base_ledger(layout, fields, mapping, population, place)
    members = member_fields(fields, mapping, elements, ledger, place) if layout == "card" else []
    listed = {row["field_id"] for row, _ in members}
    own = [row for row in fields if row["field_id"] not in listed]
    joins, counts = Joins(ledger), dict[str, dict[str, str]]()
    names = column_names([row["path"] for row in own])
    single = [
        column(row, label, mapping.get(row["field_id"]), elements, joins, counts, place)
        for row, label in zip(own, names, strict=True)
    ]
    columns = tuple(with_total(at, single, own, checks) for at in range(len(single)))
    view_name = f"{report['report_id']}_{first['table_no']}"
    whole = View(
        view_name=view_name,
        report_id=report["report_id"],
        table_no=first["table_no"],
        department_name=report["department_name"],
        title=first["form_title"] or report["report_name"],
        layout=layout,
        frequency=report["frequency"],
        sheet=first["sheet"] or "",
        ledger=ledger,
        grain=AREA_GRAIN if ledger == INDICATOR else f"{ledger_names(place.own).get(ledger, ledger)}的一个主体",
        columns=columns,
        sql="\n".join(statement(view_name, report, columns, ledger, joins, counts, population, place)),
        row_level=_row_level(columns, place) if ledger == INDICATOR else "",
        sums=sums_of(columns, own, checks),
    )
    if not members:
        return [whole]
    joins, view_name = Joins(PERSON), f"{view_name}_{SUFFIX}"
    columns = member_columns(members, mapping, elements, place, joins)
    return [
        whole,
        replace(
            whole,
            view_name=view_name,
            title=f"{whole.title}：家庭成员",
            layout="roster",
            ledger=PERSON,
            grain="一户的一名家庭成员",
            columns=columns,
            sql="\n".join(member_statement(view_name, report, columns, ledger, joins, population, place)),
            part_of=whole.view_name,
            sums=(),
        ),
    ]


def _row_level(columns: Sequence[Column], place: Shelf) -> str:
    """Return the level of the areas whose names a statistical table lists downwards, "" where it names none."""
    asked = {place.area_attribute.get(column.element_id, "") for column in columns}
    return "村" if asked & {"name", "code"} else "乡镇" if asked & {"township_name", "township_code"} else ""


def _base_ledger(
    layout: str,
    fields: Sequence[Mapping[str, Any]],
    mapping: Mapping[str, Mapping[str, Any]],
    population: Mapping[str, Any] | None,
    place: Shelf,
) -> str:
    if population and population["ledger"] in place.types:
        return str(population["ledger"])
    if layout == "statistics":
        return INDICATOR
    wanted = {mapping[row["field_id"]]["element_id"] for row in fields if row["field_id"] in mapping}
    held = Counter({ledger: len(wanted & types.keys()) for ledger, types in place.types.items()})
    ledger, count = max(held.items(), key=lambda item: (item[1], item[0] == "person"), default=(INDICATOR, 0))
    return ledger if count else INDICATOR
