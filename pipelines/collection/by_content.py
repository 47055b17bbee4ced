"""Recognises sheets whose hidden ids were lost: by titles, headings, indicator names and the names of villages.

What cannot be told apart is said, never guessed: a heading that is not as issued, or two items of one name, return
the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pipelines import periods
from pipelines.collection.desk import Desk
from pipelines.collection.layout import (
    AREA_COLUMN,
    AREA_HINT,
    AREA_TITLE,
    CHANGE_COLUMN,
    REMARK_COLUMN,
    FilledSheet,
    workbook_id,
)
from pipelines.collection.ledger_list import INDICATOR, RECORD
from pipelines.collection.parcel import Issued, Rows
from pipelines.collection.reading import Reading
from pipelines.text import squeeze
from schemas.faults import returns
from schemas.words import POPULATION_PREFIX

FIXED = {"变动情况": CHANGE_COLUMN, AREA_TITLE: AREA_COLUMN, "核实说明": REMARK_COLUMN}
NUMBERING = ("序号", "指标", "单位", "计量单位")
"""Headings that hold nothing to read."""
HEAD_ROWS = 40
ENOUGH = 0.6
"""Share of the expected headings that must stand in one row."""


def owner(others: Mapping[str, Rows], desk: Desk) -> tuple[str, str] | None:
    """Return township and period of a file without any ids, None when either is not beyond doubt.

    The township is the one whose villages are named most in cells of their own; the period stands on the cover.
    """
    named: Counter[str] = Counter()
    townships = {squeeze(name): code for code, names in desk.villages.items() for name in names}
    twice = {
        name for name, count in Counter(squeeze(n) for v in desk.villages.values() for n in v).items() if count > 1
    }
    titles = {squeeze(desk.area_names.get(code, "")): code for code in desk.villages}
    named_periods: set[str] = set()
    for rows in others.values():
        for row in rows[:3000]:
            for value in row:
                if not isinstance(value, str) or not value:
                    continue
                text = squeeze(value)
                if text in townships and text not in twice:
                    named[townships[text]] += 1
                elif len(text) < 40:
                    named_periods.update(periods.said_in(text))
                    begun = [title for title in titles if title and text.startswith(title)]
                    if begun:
                        named[titles[max(begun, key=len)]] += 1
    first = named.most_common(2)
    if not first or (len(first) > 1 and first[1][1] * 4 > first[0][1]):
        return None
    township = first[0][0]
    possible = [period for period in named_periods if workbook_id(township, period) in desk.issued]
    return (township, possible[0]) if len(possible) == 1 else None


def wanted_by_plan(desk: Desk, period: str) -> tuple[Issued, ...]:
    """Return what a workbook of a period was issued with, from the plan: its sheets and their elements."""
    found: dict[tuple[str, str], list[str]] = {}
    due = set()
    for (ledger, element_id), row in desk.plan.items():
        if not row["is_asked"]:
            continue
        if ledger == INDICATOR:
            if periods.is_due(row["frequency"], period):
                found.setdefault((ledger, row["respondent_level"]), []).append(element_id)
        elif ledger != RECORD:
            found.setdefault((ledger, ""), []).append(element_id)
            if not row["is_key"] and periods.is_due(row["frequency"], period):
                due.add(ledger)
    return tuple(
        Issued(f"{level}指标" if ledger == INDICATOR else desk.known[ledger].title, ledger, level, tuple(ids))
        for (ledger, level), ids in found.items()
        if ledger == INDICATOR or ledger in due
    )


def without_ids(
    others: Mapping[str, Rows], wanted: Sequence[Issued], own: tuple[str, str], reading: Reading, desk: Desk
) -> list[FilledSheet]:
    """Return the sheets among `others` that are the wanted ones, with their columns and rows named."""
    found = []
    left = dict(others)
    for each in wanted:
        read = _indicators if each.ledger == INDICATOR else _subjects
        best = max(
            (hit for name, rows in left.items() if (hit := read(name, rows, each, own, desk))),
            key=lambda hit: hit[0],
            default=None,
        )
        if best:
            _, sheet, unknown = best
            found.append(sheet)
            del left[sheet.name]
            for row, col, title in unknown:
                reading.find(returns.COLUMN_UNKNOWN, sheet.name, row, col, title=title)
    return found


Hit = tuple[int, FilledSheet, list[tuple[int, int, str]]]


def _subjects(name: str, rows: Rows, wanted: Issued, own: tuple[str, str], desk: Desk) -> Hit | None:
    titles = _titles(wanted.element_ids, desk) | FIXED
    best: tuple[int, dict[int, str]] | None = None
    for number, row in enumerate(rows[:HEAD_ROWS]):
        hits = {col: titles[text] for col, text in _texts(row) if text in titles}
        if len(set(hits.values())) >= 3 and (best is None or len(hits) > len(best[1])):
            best = (number, hits)
    if best is None or desk.keys.get(wanted.ledger) not in best[1].values():
        return None
    head, columns = best
    unknown = [
        (head, col, text)
        for col, text in _texts(rows[head])
        if col not in columns and text not in NUMBERING and any(_at(line, col) != "" for line in rows[head + 2 :])
    ]
    if len(columns) < ENOUGH * (len(columns) + len(unknown)):
        return None
    first = head + 1 + (1 if _is_units(rows, head, columns) else 0)
    values = {
        (row, col): line[col]
        for row, line in enumerate(rows[first:], first)
        for col in columns
        if col < len(line) and not _is_blank(line[col])
    }
    row_ids = dict.fromkeys(sorted({row for row, _ in values}), "")
    sheet = FilledSheet(name, wanted.ledger, *own, wanted.level, head, columns, row_ids, values)
    return len(columns), sheet, unknown


def _is_units(rows: Rows, head: int, columns: Mapping[int, str]) -> bool:
    """Return whether the row below the headings says units and how to fill: it names no village."""
    area = next((col for col, element in columns.items() if element == AREA_COLUMN), None)
    below = rows[head + 1] if head + 1 < len(rows) else []
    return area is not None and squeeze(_at(below, area)) in ("", AREA_HINT)


def _indicators(name: str, rows: Rows, wanted: Issued, own: tuple[str, str], desk: Desk) -> Hit | None:
    areas = {squeeze(title): code for title, code in desk.villages.get(own[0], {}).items()}
    if wanted.level == "乡镇":
        areas = {squeeze(desk.area_names.get(own[0], "")): own[0]}
    best: tuple[int, dict[int, str]] | None = None
    for number, row in enumerate(rows[:HEAD_ROWS]):
        there = dict(_texts(row))
        hits = {col: areas[text] for col, text in there.items() if text in areas}
        is_head = "指标" in there.values() or len(hits) > 1
        if hits and is_head and (best is None or len(hits) > len(best[1])):
            best = (number, hits)
    if best is None:
        return None
    head, columns = best
    titles = _titles(wanted.element_ids, desk)
    named: dict[int, str] = {}
    unknown = []
    for number, row in enumerate(rows[head + 1 :], head + 1):
        before = [text for col, text in _texts(row) if col < min(columns)]
        element = next((titles[text] for text in before if text in titles), None)
        if element and element not in named.values():
            named[number] = element
        elif any(not _is_blank(_at(row, col)) for col in columns):
            title = next((text for text in before if not text.isdigit()), "")
            unknown.append((number, min(columns), title))
    if not named or len(named) < ENOUGH * len(wanted.element_ids):
        return None
    said = {col: text for col, text in _texts(rows[head]) if text == "核实说明"}
    columns = columns | dict.fromkeys(said, REMARK_COLUMN)
    values = {
        (row, col): rows[row][col]
        for row in named
        for col in columns
        if col < len(rows[row]) and not _is_blank(rows[row][col])
    }
    return len(named), FilledSheet(name, INDICATOR, *own, wanted.level, head, columns, named, values), unknown


def _titles(element_ids: Sequence[str], desk: Desk) -> dict[str, str]:
    """Return element ids by heading; headings that two elements share name neither."""
    found: dict[str, str] = {}
    shared = set()
    for element_id in element_ids:
        title = squeeze(desk.title(element_id))
        if found.setdefault(title, element_id) != element_id:
            shared.add(title)
        if element_id.startswith(POPULATION_PREFIX):
            found.setdefault(squeeze(f"是否列入：{element_id.removeprefix(POPULATION_PREFIX)}"), element_id)
    return {title: element_id for title, element_id in found.items() if title not in shared}


def _texts(row: Sequence[object]) -> Iterator[tuple[int, str]]:
    for col, value in enumerate(row):
        if value not in ("", None):
            text = squeeze(str(int(value)) if isinstance(value, float) and value.is_integer() else value)
            if text:
                yield col, text


def _at(row: Sequence[object], col: int) -> object:
    return row[col] if col < len(row) else ""


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
