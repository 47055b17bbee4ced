"""Share views: for every table of every report one readable SQL text over the ledgers.

A view has the department's own columns, in its order, under its names, in its units, codes and date formats. The text
is pure (ledgers in, rows out), portable (no QUALIFY, PIVOT or list syntax) and is what an auditor reads.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from pipelines.sharing.rendering import described, name, quote, rendered
from pipelines.sharing.roll_up import period_of
from pipelines.sharing.sources import (
    BASE,
    INDICATOR,
    Joins,
    Shelf,
    area_expression,
    counted,
    expression_of,
    ledger_names,
    qualify,
)
from pipelines.sharing.totals import parts_of, total_sql
from schemas.ledgers import POPULATION_PREFIX
from schemas.templates import PATH_SEPARATOR

SUBJECT, AREA, PERIOD = "_subject_key", "_area_code", "_period"
"""Columns of every view that are the house's own: which subject, area and period a row is about."""
AREA_COLUMNS = ("区划代码", "区划名称", "报告期")
"""First columns of a statistical view, before the department's own."""

NOT_MAPPED = "目录里没有对应的数据元"
NOT_HELD = "还没有台账登记这个数据元"
BY_HAND = "签字、盖章、意见，由填报人手写"
BY_TEMPLATE = "模板自带公式"
SERIAL = "序号，按行生成"
COMPUTED_NOWHERE = "合计或算得的栏目，模板没有公式，也没有可用的算式"


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a report as a column. sql is empty when nothing can be given; reason then says why."""

    name: str
    field_id: str
    path: str
    cell: str
    inline: int | None
    role: str
    data_type: str
    number_format: str
    options: tuple[str, ...]
    element_id: str
    element_name: str
    property: str
    sensitivity: str
    source_department: str
    unit: str
    source: str
    sql: str
    rule: str
    reason: str
    share_type: str = "有条件共享"
    factor: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A table of a report as a view. ledger: what its rows are; columns: the department's own, in its order."""

    view_name: str
    report_id: str
    table_no: int
    department_name: str
    title: str
    layout: str
    frequency: str
    sheet: str
    ledger: str
    grain: str
    columns: tuple[Column, ...]
    sql: str
    sums: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
    """Columns that are sums of others: (total, ((part, +1 or -1), …))."""

    @property
    def given(self) -> tuple[Column, ...]:
        """The columns that the view gives."""
        return tuple(column for column in self.columns if column.sql)


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
            found.append(view(report, asked[key], mapping, known, limits.get(key), stated.get(key, ()), place))
    return found


def view(
    report: Mapping[str, Any],
    fields: Sequence[Mapping[str, Any]],
    mapping: Mapping[str, Mapping[str, Any]],
    elements: Mapping[str, Mapping[str, Any]],
    population: Mapping[str, Any] | None,
    checks: Sequence[Mapping[str, Any]],
    place: Shelf,
) -> View:
    """Return the view of one table.

    fields: its rows of ReportFields in order; population: its row of Populations; checks: its rows of TemplateChecks.
    """
    first = fields[0]
    layout = first["layout"] or "roster"
    ledger = _base_ledger(layout, fields, mapping, population, place)
    joins, counts = Joins(ledger), dict[str, dict[str, str]]()
    names = column_names([row["path"] for row in fields])
    single = [
        _column(row, label, mapping.get(row["field_id"]), elements, joins, counts, place)
        for row, label in zip(fields, names, strict=True)
    ]
    columns = tuple(_with_total(at, single, fields, checks) for at in range(len(single)))
    view_name = f"{report['report_id']}_{first['table_no']}"
    return View(
        view_name=view_name,
        report_id=report["report_id"],
        table_no=first["table_no"],
        department_name=report["department_name"],
        title=first["form_title"] or report["report_name"],
        layout=layout,
        frequency=report["frequency"],
        sheet=first["sheet"] or "",
        ledger=ledger,
        grain="一个区划一个报告期"
        if ledger == INDICATOR
        else f"{ledger_names(place.own).get(ledger, ledger)}的一个主体",
        columns=columns,
        sql="\n".join(_statement(view_name, report, columns, ledger, joins, counts, population, place)),
        sums=_sums(columns, fields, checks),
    )


def column_names(paths: Sequence[str]) -> list[str]:
    """Return a distinct column name per header path: the last heading where that is enough, else more of the path.

    >>> column_names(["姓名", "小麦 › 面积", "玉米 › 面积", "玉米 › 面积"])
    ['姓名', '小麦_面积', '玉米_面积', '玉米_面积_2']
    """
    parts = [path.split(PATH_SEPARATOR) for path in paths]
    leaves = Counter(part[-1] for part in parts)
    wanted = [part[-1] if leaves[part[-1]] == 1 else "_".join(part) for part in parts]
    reserved = {*AREA_COLUMNS, SUBJECT, AREA, PERIOD}
    taken: set[str] = set()
    for index, label in enumerate(wanted):
        number, distinct = 1, label or f"第{index + 1}列"
        while distinct.lower() in taken or distinct in reserved:
            number += 1
            distinct = f"{label}_{number}"
        taken.add(distinct.lower())
        wanted[index] = distinct
    return wanted


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


def _column(
    field: Mapping[str, Any],
    label: str,
    mapped: Mapping[str, Any] | None,
    elements: Mapping[str, Mapping[str, Any]],
    joins: Joins,
    counts: dict[str, dict[str, str]],
    place: Shelf,
) -> Column:
    element = elements.get((mapped or {}).get("element_id") or "")
    rule = json.loads(mapped["rule"]) if mapped and mapped["rule"] else {}
    sql, source, reason = "", "", ""
    if field["role"] == "serial":
        reason = SERIAL
    elif element is None:
        # 填报单位, 报告期 and 填报日期 are about the act of reporting: `template` writes them; signatures stay blank
        derived = COMPUTED_NOWHERE if field["role"] == "derived" else NOT_MAPPED
        reason = BY_HAND if field["role"] == "meta" else (mapped or {}).get("reason") or derived
    else:
        sql, source = _value(element, rule, joins, counts, place)
        planned = place.not_asked.get((joins.base, element["element_id"]), NOT_HELD)
        reason = "" if sql else (COMPUTED_NOWHERE if field["role"] == "derived" else planned)
    return Column(
        name=label,
        field_id=field["field_id"],
        path=field["path"],
        cell=field["cell"] or "",
        inline=field["inline"],
        role=field["role"],
        data_type=_type(field, element, rule),
        number_format=field["number_format"] or "",
        options=tuple(part for part in (field["value_domain"] or "").replace(";", "；").split("；") if part),
        element_id=element["element_id"] if element else "",
        element_name=element["element_name"] if element else "",
        property=element["property"] if element else "",
        sensitivity=element["sensitivity"] if element else "一般",
        source_department=(element["source_department"] or "") if element else "",
        unit=(element["unit"] or "") if element else "",
        source=source,
        sql=sql,
        rule=described(rule),
        reason=reason,
        share_type=element["share_type"] if element else "有条件共享",
        factor=str(rule.get("factor") or ""),
    )


def _with_total(
    index: int, columns: Sequence[Column], fields: Sequence[Mapping[str, Any]], checks: Sequence[Mapping[str, Any]]
) -> Column:
    """Return a column; a total that no ledger holds is computed from the other columns of its table."""
    column = columns[index]
    if column.sql or column.role != "derived":
        return column
    parts = parts_of(index, fields, checks)
    numbers = all(columns[at].sql and columns[at].data_type in ("integer", "decimal") for at, _ in parts)
    if not parts or not numbers:
        return column
    shown = "".join(f"{'＋' if sign > 0 else '－'}{columns[at].name}" for at, sign in parts).removeprefix("＋")
    kinds = {columns[at].data_type for at, _ in parts}
    return replace(
        column,
        sql=total_sql([(columns[at].sql, sign) for at, sign in parts]),
        source="本表：合计",
        rule=f"＝{shown}",
        data_type="decimal" if "decimal" in kinds else "integer",
        reason="",
    )


def _sums(
    columns: Sequence[Column], fields: Sequence[Mapping[str, Any]], checks: Sequence[Mapping[str, Any]]
) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """Return the sums that the form states or implies between columns that are given; see `View.sums`."""
    found = []
    for index, column in enumerate(columns):
        parts = parts_of(index, fields, checks) if column.sql else []
        if parts and all(columns[at].sql for at, _ in parts):
            found.append((column.name, tuple((columns[at].name, sign) for at, sign in parts)))
    return tuple(found)


def _type(field: Mapping[str, Any], element: Mapping[str, Any] | None, rule: Mapping[str, Any]) -> str:
    """Return what a cell holds: a number only where the element is one and the rule leaves it one."""
    if element is None:
        return str(field["data_type"] or "text")
    if rule.get("codes") or rule.get("mask"):
        return "code"
    return str(element["data_type"])


def _value(
    element: Mapping[str, Any],
    rule: Mapping[str, Any],
    joins: Joins,
    counts: dict[str, dict[str, str]],
    place: Shelf,
) -> tuple[str, str]:
    """Return (SQL, source) of an element in the department's rendering; ("", "") when nothing holds it."""
    element_id = element["element_id"]
    found = expression_of(element_id, joins, place)
    if found is None and joins.base == INDICATOR:
        count = counted(element_id, place)
        if count:
            ledger, aggregate = count
            counts.setdefault(ledger, {})[element_id] = aggregate
            found = f"n_{ledger}.{name(element_id)}", f"{ledger}：平台取数", pl.Int64()
    if found is None:
        return "", ""
    text, source, kind = found
    return rendered(text, element["data_type"], rule, isinstance(kind, pl.Boolean)), source


def _statement(
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
    given = [column for column in columns if column.sql]
    is_indicator = ledger == INDICATOR
    if is_indicator:
        full_name = area_expression("full_name", joins)
        selected = [
            f"{BASE}.area_code AS {name(SUBJECT)}",
            f"{BASE}.area_code AS {name(AREA)}",
            f"{BASE}.period AS {name(PERIOD)}",
            f"{BASE}.area_code AS {name(AREA_COLUMNS[0])}",
            f"{full_name} AS {name(AREA_COLUMNS[1])}",
            f"{BASE}.period AS {name(AREA_COLUMNS[2])}",
        ]
    else:
        selected = [
            f"{BASE}.subject_key AS {name(SUBJECT)}",
            f"{BASE}.area_code AS {name(AREA)}",
            f"'' AS {name(PERIOD)}",
        ]
    selected += [f"{column.sql} AS {name(column.name)}" for column in given]
    comments = ["", "", ""] + [""] * (3 if is_indicator else 0)
    comments += [f"{c.element_id} {c.element_name}" + (f"；{c.rule}" if c.rule else "") for c in given]
    yield f"-- 视图 {view_name}：{report['department_name']}《{report['report_name']}》；截至 {place.as_of}"
    yield "SELECT"
    for index, (item, comment) in enumerate(zip(selected, comments, strict=True)):
        comma = "," if index < len(selected) - 1 else ""
        yield f"  {item}{comma}" + (f"  -- {_one_line(comment)}" if comment else "")
    yield f"FROM {name(ledger)} {BASE}"
    yield from joins.clauses.values()
    for source, aggregates in counts.items():
        yield "LEFT JOIN ("
        yield "  SELECT o.over_code AS area_code,"
        yield ",\n".join(f"    {aggregate} AS {name(element_id)}" for element_id, aggregate in aggregates.items())
        yield f"  FROM {name(source)} {BASE}"
        yield f"  JOIN area_paths o ON o.area_code = {BASE}.area_code"
        yield "  GROUP BY o.over_code"
        now = quote(period_of(report["frequency"], place.month))
        yield f") n_{source} ON n_{source}.area_code = {BASE}.area_code AND {BASE}.period = {now}"
    condition = _population(population, place)
    if condition and not is_indicator:
        yield f"WHERE {condition}"
    keys = [AREA, PERIOD] if is_indicator else [AREA, SUBJECT]
    yield "ORDER BY " + ", ".join(name(key) for key in keys)


def _population(population: Mapping[str, Any] | None, place: Shelf) -> str:
    """Return the condition that a subject stands in the report, "" for all subjects."""
    if not population:
        return ""
    if population["condition"]:
        return qualified(population["condition"], population["ledger"], place)
    mark = POPULATION_PREFIX + population["population"]
    kind = place.types[population["ledger"]].get(mark)
    if kind is None:
        return ""
    return f"{BASE}.{name(mark)}" if isinstance(kind, pl.Boolean) else f"{BASE}.{name(mark)} = {quote('是')}"


def qualified(condition: str, ledger: str, place: Shelf) -> str:
    """Return a population's condition with its columns named by the view's alias; computed elements put in.

    Raises KeyError when the condition names a column that the ledger neither has nor can compute.
    """
    text = qualify(condition, ledger, place)
    if text is None:
        raise KeyError(f"{ledger}: {condition}")
    return f"({text})"


def _one_line(text: str) -> str:
    return " ".join(text.split())
