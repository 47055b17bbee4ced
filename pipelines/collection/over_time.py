"""Columns over time: 上年同期 and 本年累计 are computed from what is reported every period, and not asked.

A running total is the total of the period before plus this period (January starts anew); last year's figure is what was
reported a year ago. Where that history is missing, the figure is asked once, as an opening value (`openings`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import periods, rulebook
from pipelines.collection.ledger_list import INDICATOR
from schemas.words import LIST_SEPARATOR

YEAR_BEFORE, CUMULATIVE = "year_before", "cumulative"
_ZERO = ("无此项", "不适用")
"""Reasons for no value that count as nothing when periods are added up; 暂未掌握 leaves it unknown."""

Series = dict[tuple[str, str], dict[str, Decimal]]
"""(element id, area code) → period → value."""


@dataclass(frozen=True, slots=True)
class OverTime:
    """An element that is computed over time from another. kind: YEAR_BEFORE or CUMULATIVE."""

    element_id: str
    base_id: str
    kind: str

    def __str__(self) -> str:
        """Return it as FillPlan keeps it."""
        return f"{self.kind}:{self.base_id}"


def find_over_time(
    records: Mapping[str, Mapping[str, Any]], paths: Mapping[str, str], own: Path | None
) -> list[OverTime]:
    """Return the elements that are columns over time of another one.

    records: rows of Elements by id; paths: all header paths of an element joined. The two must agree in object class,
    property, unit and all other qualifiers; words for "now" are left out of the comparison. When two elements could be
    the base, none is.
    """
    words = {kind: _pattern(kind, own) for kind in (YEAR_BEFORE, CUMULATIVE)}
    never = re.compile("|".join(row["pattern"] for row in rulebook.rows("over_time", own) if row["kind"] == "never"))
    bases: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    columns: list[tuple[str, str, tuple[Any, ...]]] = []
    for element_id, record in records.items():
        if record["data_type"] not in ("integer", "decimal"):
            continue
        said = [part for part in record["qualifiers"].split(LIST_SEPARATOR) if part]
        is_before = any(words[YEAR_BEFORE].fullmatch(part) for part in said)
        is_running = any(words[CUMULATIVE].fullmatch(part) for part in said)
        plain = frozenset(_plain(part, own) for part in said if not any(w.fullmatch(part) for w in words.values()))
        about = (record["object_class"], record["property"], record["unit"], plain - {""})
        bases[(*about, is_before, is_running)].append(element_id)
        if is_before:
            columns.append((element_id, YEAR_BEFORE, (*about, False, is_running)))
        elif is_running and not never.search(paths.get(element_id, "")):
            columns.append((element_id, CUMULATIVE, (*about, False, False)))
    return [OverTime(element_id, bases[key][0], kind) for element_id, kind, key in columns if len(bases[key]) == 1]


def is_within_days(qualifiers: str, own: Path | None) -> bool:
    """Return whether an element counts what happens in some days (本旬): a month's answer is no part of its total."""
    return bool(_pattern("days", own).search(qualifiers))


def spare(
    rows: Sequence[dict[str, Any]],
    records: Mapping[str, Mapping[str, Any]],
    paths: Mapping[str, str],
    own_rules: Path | None,
) -> None:
    """Do not ask 上年同期 and 累计 of what is asked anyway, at the same pace and level.

    What is due every day has no report on days that are not worked, so its 累计 is asked.
    """
    indicators = {row["element_id"]: row for row in rows if row["ledger"] == INDICATOR}
    for pair in find_over_time(records, paths, own_rules):
        row, base = indicators.get(pair.element_id), indicators.get(pair.base_id)
        if not row or not base or not row["is_asked"] or row["respondent_level"] != base["respondent_level"]:
            continue
        if not base["is_asked"] and not base.get("over_time"):
            continue
        pace = base["frequency"]
        if pace not in periods.FOLLOWING or row["frequency"] != pace:
            continue
        if pace not in periods.SHORT and is_within_days(records[pair.base_id]["qualifiers"], own_rules):
            continue
        name = records[pair.base_id]["element_name"]
        how = f"上期累计加本期“{name}”" if pair.kind == CUMULATIVE else f"上年同期的“{name}”"
        row["over_time"] = str(pair)
        row["is_asked"] = False
        row["reason"] = f"可推算：{how}；平台还没有前期数的，首期请填一次作期初数"


def planned(fill_plan: pl.DataFrame) -> list[OverTime]:
    """Return what a FillPlan says is computed over time; running totals first, so that last year's can rest on them."""
    rows = fill_plan.filter(pl.col("over_time").is_not_null()).select("element_id", "over_time").unique()
    found = [OverTime(element_id, *reversed(text.split(":"))) for element_id, text in rows.iter_rows()]
    return sorted(found, key=lambda pair: (pair.kind != CUMULATIVE, pair.element_id))


def added_up(fill_plan: pl.DataFrame) -> frozenset[str]:
    """Return the elements that a running total adds up: what they count happens anew in every period."""
    return frozenset(pair.base_id for pair in planned(fill_plan) if pair.kind == CUMULATIVE)


def computed(held: pl.DataFrame, fill_plan: pl.DataFrame) -> pl.DataFrame:
    """Return area_code, period, element_id, value (plain decimal text): what follows over time and was not answered.

    held: the latest LedgerValues of the indicator ledger. Only periods that somebody has reported for are computed.
    """
    pairs = planned(fill_plan)
    series = _series(held, pairs)
    begun = set(held["period"].unique())
    rows = []
    for pair in pairs:
        areas = [area for element_id, area in list(series) if element_id == pair.base_id]
        for area in areas:
            own = series.setdefault((pair.element_id, area), {})
            for period, value in _follow(pair, own, series[pair.base_id, area]):
                own[period] = value
                if period in begun or pair.kind == CUMULATIVE:
                    rows.append((area, period, pair.element_id, _text(value)))
    schema = {name: pl.String for name in ("area_code", "period", "element_id", "value")}
    return pl.DataFrame(rows, schema=schema, orient="row")


def openings(
    held: pl.DataFrame, fill_plan: pl.DataFrame, asked_in: str, areas: Iterable[str]
) -> dict[str, frozenset[str]]:
    """Return area → elements over time that cannot be computed for it, so that they are asked once.

    held: the latest LedgerValues of the indicator ledger; asked_in: the month, or shorter period, whose workbook asks;
    areas: codes of those that are asked.
    """
    frequencies = dict(fill_plan.select("element_id", "frequency").iter_rows())
    pairs = [pair for pair in planned(fill_plan) if periods.is_due(frequencies[pair.element_id], asked_in)]
    series = _series(held, pairs)
    for pair in pairs:
        for area in [area for element_id, area in list(series) if element_id == pair.base_id]:
            own = series.setdefault((pair.element_id, area), {})
            own.update(_follow(pair, own, series[pair.base_id, area]))
    missing = {}
    for area in areas:
        lacking = set()
        for pair in pairs:
            period = periods.containing(frequencies[pair.element_id], asked_in)
            before = periods.before_in_year(period) if pair.kind == CUMULATIVE else periods.year_before(period)
            source = pair.element_id if pair.kind == CUMULATIVE else pair.base_id
            if before and before not in series.get((source, area), {}):
                lacking.add(pair.element_id)
        missing[area] = frozenset(lacking)
    return missing


def _follow(pair: OverTime, own: Mapping[str, Decimal], base: Mapping[str, Decimal]) -> list[tuple[str, Decimal]]:
    """Return (period, value) of a series that follows from another; what was answered stays and is built upon."""
    if pair.kind == YEAR_BEFORE:
        later = [(periods.year_after(period), value) for period, value in base.items()]
        return [(period, value) for period, value in later if period not in own]
    found: dict[str, Decimal] = {}
    for period in sorted(base):
        before = periods.before_in_year(period)
        known = own.get(before, found.get(before)) if before else Decimal(0)
        if period not in own and known is not None:
            found[period] = known + base[period]
    return list(found.items())


def _series(held: pl.DataFrame, pairs: Iterable[OverTime]) -> Series:
    wanted = {element_id for pair in pairs for element_id in (pair.element_id, pair.base_id)}
    rows = held.filter(pl.col("element_id").is_in(list(wanted)))
    found: Series = defaultdict(dict)
    for element_id, area, period, value, reason in rows.select(
        "element_id", "area_code", "period", "value", "null_reason"
    ).iter_rows():
        if value is not None and re.fullmatch(r"-?\d+(\.\d+)?", value):
            found[element_id, area][period] = Decimal(value)
        elif reason in _ZERO:
            found[element_id, area][period] = Decimal(0)
    return dict(found)


def _text(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=16)
def _pattern(kind: str, own: Path | None) -> re.Pattern[str]:
    return re.compile("|".join(row["pattern"] for row in rulebook.rows("over_time", own) if row["kind"] == kind))


def _plain(qualifier: str, own: Path | None) -> str:
    """Return a qualifier without words for "now": 本月 is nothing, 本年收入 is 收入."""
    return re.sub(f"^(?:{_pattern('now', own).pattern})", "", qualifier)
