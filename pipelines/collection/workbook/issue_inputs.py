"""What issuing needs, prepared once for all townships of a period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipelines import periods
from pipelines.collection.arithmetic import Relation
from pipelines.collection.asked import Questions
from pipelines.collection.columns import Column, columns
from pipelines.collection.due import has_workbook
from pipelines.collection.layout import CHANGE_COLUMN, MOVED_OUT, TOWNSHIP_SHEET, VILLAGE_SHEET
from pipelines.collection.ledger_list import INDICATOR, RECORD, Ledger, ledgers
from pipelines.collection.ledgers import latest
from pipelines.collection.over_time import added_up, openings
from pipelines.garbage import uncollected
from schemas.words import POPULATION_PREFIX

Prefill = Mapping[tuple[str, str], str]
"""(area code, element id) → last known value of an indicator that can be carried over."""


class SubjectRow(NamedTuple):
    """A subject as it is known: its key, its village and its values (or reasons for none) by element id.

    A tuple: tens of thousands are handed to other processes, and dataclasses are packed up field by field.
    """

    subject_key: str
    area_code: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet to write. level: 村 or 乡镇 for indicators, the population for records, else ""."""

    name: str
    ledger: str
    level: str
    columns: Sequence[Column]
    rows: Sequence[SubjectRow] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """An area with its code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the workbooks of one period are made of."""

    period: str
    known: Mapping[str, Ledger]
    townships: Sequence[Area]
    villages: Mapping[str, Sequence[Area]]
    report_names: Mapping[str, str]
    plan: pl.DataFrame
    elements: pl.DataFrame
    reports: pl.DataFrame
    subjects: Mapping[tuple[str, str], Sequence[SubjectRow]]
    carried: Prefill
    held: frozenset[str]
    """Elements that are known of any subject or area in the county."""
    settings: Mapping[str, str] = field(default_factory=dict)
    openings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Area → what is computed over time and is asked of it this once, because its history is missing."""
    questions: Mapping[str, Questions] = field(default_factory=dict)
    """Township → what it is asked beside its ledgers."""
    relations: Mapping[str, Sequence[Relation]] = field(default_factory=dict)
    """Totals and parts that the templates state, by the indicator that is the total."""
    own_rules: Path | None = None
    asked: dict[tuple[str, bool, frozenset[str]], list[Column]] = field(default_factory=dict)
    """What was worked out already: by ledger, whether it is the township's first workbook of it, and openings."""


@uncollected()
def prepare(
    fill_plan: pl.DataFrame,
    elements: pl.DataFrame,
    reports: pl.DataFrame,
    areas: pl.DataFrame,
    values: pl.DataFrame,
    period: str,
    settings: Mapping[str, str] | None = None,
    own_rules: Path | None = None,
    questions: Mapping[str, Questions] | None = None,
    relations: Mapping[str, Sequence[Relation]] | None = None,
) -> Inputs:
    """Return the inputs of a month, or of a shorter period, from FillPlan, Elements, Reports, Areas and LedgerValues.

    settings: county_name, contact, deadline_day, print_columns of the workspace; questions: by township; relations:
    as `arithmetic.relations` gives them. Raises ValueError for a period that has no workbook ("2025-Q1").
    """
    if not has_workbook(period):
        raise ValueError(f"no workbook is issued for {period!r}")
    held = latest(_needed(values, fill_plan, period))
    in_use = areas.filter(pl.col("valid_until").is_null() | (pl.col("valid_until") > periods.days(period)[1]))
    townships = [Area(*row) for row in _level(in_use, "乡镇").select("area_code", "area_name").iter_rows()]
    villages: dict[str, list[Area]] = {area.code: [] for area in townships}
    for parent, code, name in _level(in_use, "村").select("parent_code", "area_code", "area_name").iter_rows():
        villages.setdefault(parent, []).append(Area(code, name))
    names = dict(reports.select("report_id", "report_name").iter_rows())
    told = held.filter(pl.col("ledger") == INDICATOR)
    carried = _carried(told, elements, added_up(fill_plan))
    codes = [area.code for area in townships] + [area.code for places in villages.values() for area in places]
    subjects = _subjects(held.filter(pl.col("ledger") != INDICATOR))
    known = {name for rows in subjects.values() for row in rows for name in row.values}
    return Inputs(
        period,
        ledgers(own_rules),
        townships,
        villages,
        names,
        fill_plan,
        elements,
        reports,
        subjects,
        carried,
        frozenset(known | {element_id for _, element_id in carried}),
        dict(settings or {}),
        openings(told, fill_plan, period, codes),
        questions or {},
        relations or {},
        own_rules,
    )


def is_anything_due(inputs: Inputs) -> bool:
    """Return whether a workbook of the period asks anything: of a short one only where a report is that frequent."""
    asked = inputs.plan.filter(pl.col("is_asked") | pl.col("over_time").is_not_null())["frequency"].unique()
    return periods.is_month(inputs.period) or any(periods.is_due(frequency, inputs.period) for frequency in asked)


def work_out(inputs: Inputs, townships: Sequence[Area]) -> None:
    """Work out what is asked of townships, mostly of all the same, before they are handed to several processes."""
    for township in townships:
        sheet_plans(inputs, township.code)


def only(inputs: Inputs, township: Area) -> Inputs:
    """Return the inputs with the subjects and indicators of one township: less to hand to another process."""
    own = {township.code, *(area.code for area in inputs.villages[township.code])}
    return replace(
        inputs,
        subjects={place: rows for place, rows in inputs.subjects.items() if place[1] == township.code},
        carried={place: text for place, text in inputs.carried.items() if place[0] in own},
        questions={code: asked for code, asked in inputs.questions.items() if code == township.code},
        openings={code: ids for code, ids in inputs.openings.items() if code in own},
    )


def sheet_plans(inputs: Inputs, township_code: str) -> list[SheetPlan]:
    """Return the sheets of a township's workbook, in the order of the ledgers; only what is due."""
    found = []
    for ledger, about in inputs.known.items():
        if ledger == INDICATOR:
            continue
        rows = inputs.subjects.get((ledger, township_code), ())
        asked = _asked(inputs, ledger, not rows)
        if asked and ledger == RECORD:
            found += _record_sheets(asked, rows, inputs)
        elif asked:
            found.append(SheetPlan(about.title, ledger, "", asked, rows))
    for level, name in (("村", VILLAGE_SHEET), ("乡镇", TOWNSHIP_SHEET)):
        codes = [area.code for area in inputs.villages[township_code]] if level == "村" else [township_code]
        opening = frozenset[str]().union(*(inputs.openings.get(code, ()) for code in codes))
        of_level = [column for column in _asked(inputs, INDICATOR, False, opening) if column.level == level]
        if of_level:
            found.append(SheetPlan(name, INDICATOR, level, of_level))
    return found


def _asked(inputs: Inputs, ledger: str, is_first: bool, opening: frozenset[str] = frozenset()) -> list[Column]:
    """Return the columns of a ledger; mostly the same for all townships, so worked out once."""
    wanted = (ledger, is_first, opening)
    if wanted not in inputs.asked:
        inputs.asked[wanted] = columns(
            inputs.plan, inputs.elements, inputs.reports, inputs.known, ledger, inputs.period, is_first, opening,
            inputs.own_rules,
        )  # fmt: skip
    return inputs.asked[wanted]


def _record_sheets(asked: Sequence[Column], rows: Sequence[SubjectRow], inputs: Inputs) -> list[SheetPlan]:
    """Return a sheet per population of the record ledger: what no other ledger is made for has nothing in common."""
    sheets = []
    for mark in (column for column in asked if column.element_id.startswith(POPULATION_PREFIX)):
        population = mark.element_id.removeprefix(POPULATION_PREFIX)
        wanted = set(mark.report_ids)
        own = [c for c in asked if c is not mark and (c.is_key or wanted & set(c.report_ids))]
        own = [c for c in own if not c.element_id.startswith(POPULATION_PREFIX)]
        members = [row for row in rows if row.values.get(mark.element_id) == "是"]
        sheets.append(SheetPlan(population, RECORD, population, own, members))
    return sheets


def _needed(values: pl.DataFrame, fill_plan: pl.DataFrame, period: str) -> pl.DataFrame:
    """Return the values of the ledgers that a workbook of the period can ask: of a short one few."""
    if periods.is_month(period):
        return values
    due = pl.col("frequency") == periods.pace(period)
    return values.filter(pl.col("ledger").is_in(fill_plan.filter(due)["ledger"].unique().to_list()))


def _level(areas: pl.DataFrame, level: str) -> pl.DataFrame:
    return areas.filter(pl.col("area_level") == level).sort("area_code")


def _subjects(held: pl.DataFrame) -> dict[tuple[str, str], list[SubjectRow]]:
    """Return the subjects that have not moved out, by ledger and township, sorted by village and key."""
    if held.is_empty():
        return {}
    found: dict[tuple[str, str], list[SubjectRow]] = {}
    for (ledger,), rows in held.group_by("ledger", maintain_order=True):
        texts = rows.with_columns(pl.coalesce("value", "null_reason").alias("text"))
        names = texts["element_id"].unique(maintain_order=True).to_list()
        wide = texts.pivot(
            on="element_id", on_columns=names, index="subject_key", values="text", aggregate_function="last"
        )
        places = texts.group_by("subject_key", maintain_order=True).agg(pl.col("area_code").last())
        table = places.join(wide, on="subject_key").sort("area_code", "subject_key")
        for key, area, *texts_of_row in table.iter_rows():
            values = {name: text for name, text in zip(names, texts_of_row, strict=True) if text is not None}
            if values.get(CHANGE_COLUMN) != MOVED_OUT:
                found.setdefault((str(ledger), area[:9] + "000"), []).append(SubjectRow(key, area, values))
    return found


def _carried(held: pl.DataFrame, elements: pl.DataFrame, added: Set[str]) -> dict[tuple[str, str], str]:
    """Return the last known values of indicators that do not start from zero in every period (all but flows)."""
    starts_anew = (pl.col("temporal") == "flow") | pl.col("qualifiers").str.contains("累计")
    starts_anew |= pl.col("element_id").is_in(list(added))
    flows = elements.filter(starts_anew).select("element_id")
    rows = held.join(flows, on="element_id", how="anti").sort("recorded_at", maintain_order=True)
    texts = rows.select("area_code", "element_id", pl.coalesce("value", "null_reason").alias("text"))
    return {(area, element): text for area, element, text in texts.iter_rows() if text is not None}
