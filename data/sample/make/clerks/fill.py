"""Plays a township's clerk: opens the issued workbook and types what the township knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from answers import answer, is_date, made_up
from holdings import AREA, FILES, MARK_PREFIX, Element, Holdings
from patch import Parts, open_parts, type_into

_EPOCH = dt.date(1899, 12, 30).toordinal()
Typed = dict[tuple[int, int], str | float]


@dataclass
class Filled:
    """A workbook being filled: its parts, what is typed by sheet, and the sheets as the project recognises them."""

    parts: Parts
    sheets: list[Any]
    typed: dict[str, Typed] = field(default_factory=dict)

    def finish(self) -> Parts:
        """Put everything typed into the parts and return them."""
        for name, cells in self.typed.items():
            type_into(self.parts, name, cells)
        return self.parts


def fill(issued: Path, holdings: Holdings) -> Filled:
    """Return an issued workbook with the township's answers, not saved yet."""
    from pipelines.collection.layout import read_layout

    filled = Filled(open_parts(issued), read_layout(issued))
    for sheet in filled.sheets:
        cells = _indicators(sheet, holdings) if sheet.is_indicator else _subjects(sheet, holdings)
        if cells:
            filled.typed[sheet.name] = cells
    return filled


def _indicators(sheet: Any, holdings: Holdings) -> Typed:
    cells: Typed = {}
    for row, element_id in sheet.row_ids.items():
        element = holdings.elements.get(element_id)
        if element is None:
            continue
        for col, area in sheet.columns.items():
            if not area.isdigit():
                continue
            text = _statistic(element, area, sheet.period, holdings)
            if text is not None:
                _put(cells, sheet.values, row, col, text, element.data_type)
    return cells


def _statistic(element: Element, area: str, month: str, holdings: Holdings) -> str | None:
    villages = [area] if not area.endswith("000") else [code for code in holdings.villages if code.startswith(area[:9])]
    for concept in element.concepts:
        values = [holdings.statistics.get((village, month, concept)) for village in villages]
        known = [value for value in values if value is not None]
        if not known:
            continue
        if element.data_type in ("integer", "decimal") and len(known) > 1:
            total = f"{sum(float(value) for value in known):.10g}"
            return answer(total, concept, element, holdings, area)
        return answer(known[0], concept, element, holdings, area)
    return made_up(element, area)


def _subjects(sheet: Any, holdings: Holdings) -> Typed:
    township = sheet.area_code[:9]
    ledgers = [sheet.ledger] if sheet.ledger in FILES else list(FILES)
    cells: Typed = {}
    known = {key: row for row, key in sheet.row_ids.items() if key}
    free = max([sheet.header_row + 1, *(row for row, key in sheet.row_ids.items() if key)]) + 1
    for ledger in ledgers:
        frame = holdings.frames[ledger].filter(pl.col(AREA).str.starts_with(township))
        if sheet.ledger not in FILES:
            frame = frame.filter(("；" + pl.col("对象范围") + "；").str.contains(f"；{sheet.level}；", literal=True))
        columns = {col: name for col, name in sheet.columns.items()}
        wanted = _sources(columns, frame.columns, holdings)
        for subject in frame.iter_rows(named=True):
            row = known.get(subject["主体"], -1)
            if row < 0:
                row, free = free, free + 1
            mine = set(subject["对象范围"].split("；"))
            for col, name in columns.items():
                text, kind = _cell(name, subject, mine, wanted.get(name, ()), holdings, sheet.level)
                if text:
                    _put(cells, sheet.values, row, col, text, kind)
    return cells


def _sources(columns: Mapping[int, str], have: list[str], holdings: Holdings) -> dict[str, tuple[str, ...]]:
    """Return for every element of a sheet the concepts that the ledger's table has."""
    names = set(have)
    found = {}
    for name in columns.values():
        element = holdings.elements.get(name)
        if element:
            found[name] = tuple(concept for concept in element.concepts if concept in names)
    return found


def _cell(
    name: str, subject: dict[str, Any], mine: set[str], sources: tuple[str, ...], holdings: Holdings, level: str
) -> tuple[str, str]:
    """Return what goes into one cell, "" for nothing, and the data type of its column."""
    if name == "AREA":
        return holdings.villages[subject[AREA]], "text"
    if name.startswith("KEY:"):
        return subject["主体"], "identifier"
    if name.startswith(MARK_PREFIX):
        return ("是" if name.removeprefix(MARK_PREFIX) in mine else ""), "boolean"
    element = holdings.elements.get(name)
    if element is None:
        return "", "text"
    for concept in sources:
        value = subject[concept]
        if value is not None:
            return answer(value, concept, element, holdings, subject["主体"]), element.data_type
    if not element.concepts and (element.populations & mine or level in mine):
        return made_up(element, subject["主体"]), element.data_type
    return "", element.data_type


def _put(cells: Typed, before: Mapping[tuple[int, int], Any], row: int, col: int, text: str, kind: str) -> None:
    """Type a value unless it already stands there."""
    value: str | float = text
    if kind in ("integer", "decimal"):
        try:
            value = float(text)
        except ValueError:
            value = text
    elif kind == "date" and is_date(text) and text > "1900-03-01":
        value = float(dt.date.fromisoformat(text).toordinal() - _EPOCH)
    stands = before.get((row, col))
    if stands is not None:
        if isinstance(stands, dt.date):
            stands = float(stands.toordinal() - _EPOCH)
        if stands == value or str(stands) == str(value):
            return
    cells[row, col] = value
