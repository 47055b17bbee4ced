"""What a column of a fill-once workbook asks for, ready to be written or checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import periods
from pipelines.collection.layout import KEY_PREFIX
from pipelines.collection.ledger_list import INDICATOR, Ledger
from pipelines.collection.ranges import least
from schemas.words import LIST_SEPARATOR, POPULATION_PREFIX

NAMING = ("姓名", "户主姓名", "名称", "户编号")
"""Properties by which a clerk knows a row, in the order in which they stand."""
WHO, BASICS = "是谁", "基本信息"
BASIC_FROM = 3
"""From how many reports on an item is basic."""
MARK_HINT = "属于这一对象范围的填“是”，不属于的留空。"


@dataclass(frozen=True, slots=True)
class Column:
    """An element as it is asked. choices: names of its value domain; limit: most characters of a text, 0 for any."""

    element_id: str
    title: str
    data_type: str
    unit: str
    choices: tuple[str, ...]
    definition: str
    departments: tuple[str, ...]
    is_key: bool
    level: str
    limit: int = 0
    least: int | None = None
    is_id_number: bool = False
    is_credit_code: bool = False
    frequency: str = "月"
    temporal: str = "none"
    report_ids: tuple[str, ...] = ()
    is_naming: bool = False
    is_opening: bool = False
    """Computed over time from next period on."""
    theme: str = ""
    """The block of columns that it stands in."""


def columns(
    fill_plan: pl.DataFrame,
    elements: pl.DataFrame,
    reports: pl.DataFrame,
    known: Mapping[str, Ledger],
    ledger: str,
    period: str,
    is_first: bool = False,
    opening: Set[str] = frozenset(),
    own_rules: Path | None = None,
) -> list[Column]:
    """Return what is asked of a ledger in a period's workbook, in the plan's order; empty when nothing is due.

    Keys, names and pointers to other ledgers are always there when anything else is. is_first: the ledger is still
    empty, so that a month's workbook asks everything, whenever it falls due. opening: what is computed over time and
    asked this once.
    """
    records = {row["element_id"]: row for row in elements.iter_rows(named=True)}
    departments = dict(reports.select("report_id", "department_name").iter_rows())
    is_wanted = pl.col("is_asked") | (pl.col("over_time").is_not_null() & pl.col("element_id").is_in(list(opening)))
    asked = fill_plan.filter((pl.col("ledger") == ledger) & is_wanted).sort("column_no").to_dicts()
    is_first = is_first and periods.is_month(period)
    due = [row for row in asked if row["is_key"] or is_first or periods.is_due(row["frequency"], period)]
    if all(row["is_key"] for row in due):
        return []
    naming = [row for row in asked if _names_the_row(row, records)]
    more = [row for row in naming if row not in due]
    if ledger == INDICATOR:
        chosen, themes = sorted(due, key=lambda row: row["column_no"]), dict[str, str]()
    else:
        titles = dict(reports.select("report_id", "report_name").iter_rows())
        themes = {row["element_id"]: _theme(row, naming, titles) for row in (*due, *more)}
        order = {theme: number for number, theme in enumerate(_order(themes.values()))}
        chosen = sorted(
            [*due, *more],
            key=lambda row: (
                order[themes[row["element_id"]]],
                not row["is_key"],
                NAMING.index(records[row["element_id"]]["property"]) if row in naming else 0,
                not row["element_id"].startswith(POPULATION_PREFIX),
                row["column_no"],
            ),
        )
    return [
        replace(
            _column(row, records.get(row["element_id"]), departments, known[ledger], own_rules),
            is_naming=row in naming,
            is_opening=not row["is_asked"],
            theme=themes.get(row["element_id"], ""),
        )
        for row in chosen
    ]


def _theme(row: Mapping[str, Any], naming: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> str:
    """Return the block of a column: what tells a subject, what several reports use, or the one report that asks it."""
    used = row["report_ids"].split(LIST_SEPARATOR)
    if row["is_key"] or row in naming:
        return WHO
    if len(used) >= BASIC_FROM and not row["element_id"].startswith(POPULATION_PREFIX):
        return BASICS
    return titles.get(used[0], used[0])


def _order(themes: Iterable[str]) -> list[str]:
    """Return the blocks in order: who it is, what several reports use, then the reports as they come."""
    return list(dict.fromkeys((WHO, BASICS, *themes)))


def _names_the_row(row: Mapping[str, Any], records: Mapping[str, Mapping[str, Any]]) -> bool:
    record = records.get(row["element_id"])
    return record is not None and record["property"] in NAMING and record["element_key"].endswith(record["property"])


def _column(
    row: Mapping[str, Any],
    record: Mapping[str, Any] | None,
    departments: Mapping[str, str],
    ledger: Ledger,
    own_rules: Path | None,
) -> Column:
    report_ids = tuple(part for part in row["report_ids"].split(LIST_SEPARATOR) if part)
    users = tuple(dict.fromkeys(departments.get(report_id, report_id) for report_id in report_ids))
    element_id = row["element_id"]
    if record is None:
        is_mark = element_id.startswith(POPULATION_PREFIX)
        title = element_id.removeprefix(POPULATION_PREFIX) if is_mark else ledger.key_name
        return Column(
            element_id=element_id,
            title=f"是否列入：{title}" if is_mark else title,
            data_type="boolean" if is_mark else "identifier",
            unit="",
            choices=("是",) if is_mark else (),
            definition=MARK_HINT if is_mark else f"{ledger.title}用它识别一行是谁，不能重复。",
            departments=users,
            is_key=row["is_key"],
            level=row["respondent_level"],
            is_credit_code=not is_mark and element_id == KEY_PREFIX + "unit",
            is_id_number=not is_mark and element_id == KEY_PREFIX + "person",
            frequency=row["frequency"],
            report_ids=report_ids,
        )
    choices = tuple(part for part in (record["value_domain"] or "").split(LIST_SEPARATOR) if part)
    if record["data_type"] == "boolean":
        choices = ("是", "否")
    is_person_key = record["element_key"].endswith("公民身份号码")
    return Column(
        element_id=element_id,
        title=record["element_name"],
        data_type=record["data_type"],
        unit=record["unit"] or "",
        choices=choices if record["data_type"] in ("code", "boolean") else (),
        definition=record["definition"] or "",
        departments=users,
        is_key=row["is_key"],
        level=row["respondent_level"],
        limit=_limit(record["representation"]),
        least=least(record, own_rules),
        is_id_number=is_person_key,
        is_credit_code=record["element_key"].endswith("统一社会信用代码"),
        frequency=row["frequency"],
        temporal=record["temporal"],
        report_ids=report_ids,
    )


def _limit(representation: str) -> int:
    """Return the most characters of a text's representation format (GB/T 19488.1: C..50), 0 when it sets none."""
    tail = representation.removeprefix("C..")
    return int(tail) if tail != representation and tail.isdigit() else 0
