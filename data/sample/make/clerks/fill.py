"""Plays a township's clerk: opens the issued workbook and types what the township knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import compress
from pathlib import Path
from typing import Any

import polars as pl
from answers import answer, is_date, made_up
from holdings import AREA, FILES, MARK_PREFIX, SCOPE, Element, Holdings
from often import told
from patch import Parts, open_parts, type_into

_EPOCH = dt.date(1899, 12, 30).toordinal()
KEYS = {
    "person": ("自然人.公民身份号码",),
    "household": ("户.户编号", "户.编号"),
    "house": ("房屋.房屋编号", "房屋.编号"),
    "land": ("地块.地块编号", "地块.编号"),
    "unit": ("单位.统一社会信用代码",),
    "hazard": ("隐患点.隐患点编号", "隐患点.编号"),
    "project": ("项目.项目编号", "项目.编号"),
    "facility": ("设施设备.设施编号", "设施设备.编号"),
}
"""Elements that are a ledger's own key: every row has one, whether a report asks for it or not."""
POINTERS = {
    "户.户编号": "户.编号",
    "户.编号": "户.编号",
    "户.户主公民身份号码": "户.户主公民身份号码",
    "户.户主姓名": "户.户主姓名",
    "自然人.姓名": "自然人.姓名",
}
"""Elements by which rows find each other and are known by people, and the concept that answers them, for every row."""
Typed = dict[tuple[int, int], str | float]


@dataclass
class Filled:
    """A workbook being filled: its parts, what is typed by sheet, and the sheets as the project recognises them."""

    parts: Parts
    sheets: list[Any]
    typed: dict[str, Typed] = field(default_factory=dict)

    def twin(self) -> Filled:
        """Return the same once more, so that a mistake can be made in one of them."""
        parts = replace(self.parts, contents=dict(self.parts.contents))
        return Filled(parts, self.sheets, {name: dict(cells) for name, cells in self.typed.items()})

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


def _statistic(element: Element, area: str, period: str, holdings: Holdings) -> str | None:
    villages = [area] if not area.endswith("000") else [code for code in holdings.villages if code.startswith(area[:9])]
    for concept in element.concepts:
        values = [told(holdings, village, period, concept) for village in villages]
        known = [value for value in values if value is not None]
        if not known:
            continue
        if element.data_type in ("integer", "decimal") and len(known) > 1:
            total = f"{sum(float(value) for value in known):.10g}"
            return answer(total, concept, element, holdings)
        return answer(known[0], concept, element, holdings)
    return made_up(element, area)


def _subjects(sheet: Any, holdings: Holdings) -> Typed:
    township = sheet.area_code[:9]
    ledgers = [sheet.ledger] if sheet.ledger in FILES else list(FILES)
    cells: Typed = {}
    known = {key: row for row, key in sheet.row_ids.items() if key}
    free = max([sheet.header_row + 1, *(row for row, key in sheet.row_ids.items() if key)]) + 1
    first = free
    for ledger in ledgers:
        frame = holdings.frames[ledger].filter(pl.col(AREA).str.starts_with(township))
        if sheet.ledger not in FILES:
            frame = frame.filter(("；" + pl.col(SCOPE) + "；").str.contains(f"；{sheet.level}；", literal=True))
        keys = frame["主体"].to_list()
        rows = []
        for key in keys:
            rows.append(known.get(key, free))
            free += key not in known
        mine = [frozenset(scope.split("；")) for scope in frame[SCOPE].to_list()]
        known_concepts = frozenset(frame.columns)
        for col, name in sheet.columns.items():
            for row, text, kind in _column(name, ledger, frame, known_concepts, rows, mine, holdings, sheet.level):
                _put(cells, sheet.values, row, col, text, kind)
    if free == first and not known and sheet.ledger not in FILES:
        _by_village(sheet, holdings, cells, first)
    return cells


def _column(
    name: str,
    ledger: str,
    frame: pl.DataFrame,
    known_concepts: frozenset[str],
    rows: list[int],
    mine: list[frozenset[str]],
    holdings: Holdings,
    level: str,
) -> Iterator[tuple[int, str, str]]:
    """Yield (row, text, data type) for what goes into a column; nothing for subjects of whom no report asks it."""
    element = holdings.elements.get(name)
    if element is not None and element.key in KEYS.get(ledger, ()):
        name = "KEY:" + element.key
    if name == "AREA":
        for row, area in zip(rows, frame[AREA].to_list(), strict=True):
            yield row, holdings.villages[area], "text"
    elif name.startswith("KEY:"):
        for row, key in zip(rows, frame["主体"].to_list(), strict=True):
            yield row, key, "identifier"
    elif name.startswith(MARK_PREFIX):
        population = name.removeprefix(MARK_PREFIX)
        for row, scopes in zip(rows, mine, strict=True):
            if population in scopes:
                yield row, "是", "boolean"
    if element is None or name.startswith("KEY:"):
        return
    pointer = POINTERS.get(element.key, "")
    sources = [pointer] if pointer in known_concepts else []
    sources += [concept for concept in element.concepts if concept in known_concepts]
    is_for_all = bool(pointer) or not element.populations or level != ""
    wanted = {scopes: is_for_all or not element.populations.isdisjoint(scopes) for scopes in set(mine)}
    if not any(wanted.values()):
        return
    asked = [wanted[scopes] for scopes in mine]
    if not sources and not element.concepts:
        for row, is_asked, key in zip(rows, asked, frame["主体"].to_list(), strict=True):
            if is_asked and element.populations:
                yield row, made_up(element, key), element.data_type
    left, kind = list(compress(range(len(rows)), asked)), element.data_type
    for concept in sources:  # who has no value of the first concept answers with the next one
        memo: dict[str, str] = {}
        values, without = frame[concept].to_list(), []
        for place in left:
            value = values[place]
            if value is None:
                without.append(place)
                continue
            text = memo.get(value)
            if text is None:
                text = memo[value] = answer(value, concept, element, holdings)
            yield rows[place], text, kind
        left = without


def _by_village(sheet: Any, holdings: Holdings, cells: Typed, row: int) -> None:
    """Fill a list that has a row per village and no subjects of its own."""
    for code in sorted(code for code in holdings.villages if code.startswith(sheet.area_code[:9])):
        for col, name in sheet.columns.items():
            element = holdings.elements.get(name)
            if name == "AREA":
                _put(cells, sheet.values, row, col, holdings.villages[code], "text")
            elif name.startswith("KEY:"):
                _put(cells, sheet.values, row, col, f"{code}-{sheet.period}", "identifier")
            elif element:
                text = _statistic(element, code, sheet.period, holdings)
                _put(cells, sheet.values, row, col, text or "", element.data_type)
        row += 1


def _put(cells: Typed, before: Mapping[tuple[int, int], Any], row: int, col: int, text: str, kind: str) -> None:
    """Type a value unless it already stands there."""
    value = _typed(text, kind)
    stands = before.get((row, col))
    if stands is not None:
        if isinstance(stands, dt.date):
            stands = float(stands.toordinal() - _EPOCH)
        if stands == value or str(stands) == str(value):
            return
    cells[row, col] = value


@lru_cache(maxsize=200_000)
def _typed(text: str, kind: str) -> str | float:
    """Return what a spreadsheet program makes of a text typed into a cell of a data type."""
    if kind in ("integer", "decimal"):
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "date" and is_date(text) and text > "1900-03-01":
        return float(dt.date.fromisoformat(text).toordinal() - _EPOCH)
    return text
