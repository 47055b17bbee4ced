"""From a field of a report to a column of its view: where the value comes from, how it is written, or why it is not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.sharing.views.rendering import described, name, rendered
from pipelines.sharing.views.sources import INDICATOR, Joins, Shelf, counted, expression_of
from pipelines.sharing.views.totals import parts_of, total_sql
from pipelines.sharing.views.view import AREA, AREA_COLUMNS, PERIOD, SUBJECT, Column
from schemas.templates import PATH_SEPARATOR

RETIRED = "已停用"
OWN_TABLE = "本表"
"""Source of what is added up from the view's own columns."""
NOT_MAPPED = "目录里没有对应的数据元"
NOT_HELD = "还没有台账登记这个数据元"
BY_HAND = "签字、盖章、意见，由填报人手写"
BY_TEMPLATE = "模板自带公式"
SERIAL = "序号，按行生成"
COMPUTED_NOWHERE = "合计或算得的栏目，模板没有公式，也没有可用的算式"


def is_retired(reason: str) -> bool:
    """Return whether a column gives nothing because the element it came from was retired."""
    return reason.startswith("来源数据元") and reason.endswith(RETIRED)


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


def column(
    field: Mapping[str, Any],
    label: str,
    mapped: Mapping[str, Any] | None,
    elements: Mapping[str, Mapping[str, Any]],
    joins: Joins,
    counts: dict[str, dict[str, str]],
    place: Shelf,
) -> Column:
    """Return a field as a column, adding to `joins` and `counts` what its SQL needs.

    field: its row of ReportFields; mapped: its row of ElementMap; label: the column's name.
    """
    element = elements.get((mapped or {}).get("element_id") or "")
    rule = json.loads(mapped["rule"]) if mapped and mapped["rule"] else {}
    sql, source, reason = "", "", ""
    if field["role"] == "serial":
        reason = SERIAL
    elif element is not None and element["status"] == RETIRED:
        reason = f"来源数据元 {element['element_id']} {element['element_name']} {RETIRED}"
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
        unit=rule.get("unit_to") or ((element["unit"] or "") if element else ""),
        source=source,
        sql=sql,
        rule=described(rule),
        reason=reason,
        share_type=element["share_type"] if element else "有条件共享",
        factor=str(rule.get("factor") or ""),
        element_unit=(element["unit"] or "") if element else "",
    )


def with_total(
    index: int, columns: Sequence[Column], fields: Sequence[Mapping[str, Any]], checks: Sequence[Mapping[str, Any]]
) -> Column:
    """Return a column; a total that no ledger holds is computed from the other columns of its table.

    What the template computes itself says so.
    """
    column = columns[index]
    if column.sql or column.role != "derived":
        return column
    if column.cell and column.cell in {check["target"] for check in checks if check["kind"] == "formula"}:
        column = replace(column, reason=BY_TEMPLATE)
    parts = parts_of(index, fields, checks)
    numbers = all(columns[at].sql and columns[at].data_type in ("integer", "decimal") for at, _ in parts)
    if not parts or not numbers:
        return column
    shown = "".join(f"{'＋' if sign > 0 else '－'}{columns[at].name}" for at, sign in parts).removeprefix("＋")
    kinds = {columns[at].data_type for at, _ in parts}
    return replace(
        column,
        sql=total_sql([(columns[at].sql, sign) for at, sign in parts]),
        source=f"{OWN_TABLE}：合计",
        rule=f"＝{shown}",
        data_type="decimal" if "decimal" in kinds else "integer",
        reason="",
    )


def sums_of(
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
