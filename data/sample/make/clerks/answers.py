"""From a concept's value to what a clerk types into a column: the column's unit, its code names, its date format."""

from __future__ import annotations

import csv
import datetime as dt
import re
from functools import lru_cache
from pathlib import Path

from chance import pick
from holdings import Element, Holdings
from invent import invent

FACTORS = {
    ("亩", "公顷"): 1 / 15,
    ("公顷", "亩"): 15,
    ("元", "万元"): 1e-4,
    ("万元", "元"): 1e4,
    ("元", "千元"): 1e-3,
    ("千元", "元"): 1e3,
    ("千元", "万元"): 0.1,
    ("万元", "千元"): 10,
    ("吨", "公斤"): 1e3,
    ("公斤", "吨"): 1e-3,
    ("万亩", "亩"): 1e4,
    ("亩", "万亩"): 1e-4,
    ("公里", "米"): 1e3,
    ("公顷", "平方米"): 1e4,
    ("平方米", "公顷"): 1e-4,
    ("万立方米", "立方米"): 1e4,
    ("吨", "千克"): 1e3,
    ("千克", "吨"): 1e-3,
    ("人", "万人"): 1e-4,
}
SHORT_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?")


def answer(value: str, concept: str, element: Element, holdings: Holdings) -> str:
    """Return a concept's value in the form that an element's column takes."""
    if element.is_year and SHORT_DATE.match(value):
        return value[:4]
    if element.choices:
        return _choose(value, element.choices)
    if element.data_type in ("integer", "decimal"):
        return _number(value, holdings.units.get(concept, ""), element)
    if element.data_type == "date":
        match = SHORT_DATE.fullmatch(value)
        return f"{match[1]}-{match[2] or '01'}-01" if match else value if is_date(value) else invent("日期", (), value)
    return value[: element.length] if element.length else value


def made_up(element: Element, about: str) -> str:
    """Return a value for a column of which the sample's world knows nothing (a blank in a form's frame)."""
    if element.is_year:
        return "2025"
    if element.choices:
        return pick(element.choices, element.key, about)
    if element.data_type in ("integer", "decimal"):
        return str(1 + len(element.key) % 9)
    if element.data_type == "date":
        return invent("日期", (), element.key, about)
    return invent(element.key, (), about)[: element.length or None]


def is_date(text: str) -> bool:
    """Return whether a text is a day, YYYY-MM-DD."""
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _number(value: str, unit: str, element: Element) -> str:
    try:
        number = float(value)
    except ValueError:
        return made_up(element, value)
    number *= FACTORS.get((unit, element.unit), 1)
    return str(round(number)) if element.data_type == "integer" else f"{round(number, 4):.10g}"


@lru_cache(maxsize=100_000)
def _choose(value: str, choices: tuple[str, ...]) -> str:
    if value in choices:
        return value
    for group in _equivalents():
        if value in group:
            same = [choice for choice in choices if choice in group]
            if same:
                return same[0]
    if value in ("是", "有", "1") or value in ("否", "无", "0"):
        wanted = {"是", "有"} if value in ("是", "有", "1") else {"否", "无"}
        same = [choice for choice in choices if choice in wanted]
        if same:
            return same[0]
    near = [choice for choice in choices if value and (value in choice or choice in value)]
    return min(near, key=len) if near else pick(choices, value)


@lru_cache
def _equivalents() -> tuple[frozenset[str], ...]:
    file = Path(__file__).resolve().parents[1] / "facts" / "equivalents.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple(frozenset(row["values"].split("|")) for row in csv.DictReader(lines))
