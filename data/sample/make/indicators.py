"""Statistics of every village for every month of the year, counted over the persons where they can be.

Rules are in facts/indicators.csv. Stock and flow agree: the registered population of a month is that of the month
before plus births and arrivals, less deaths and departures; at the end of the year it is the number of persons.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chance import TODAY, share
from facts import key
from invent import invent
from people import Subject

MONTHS = tuple(f"{TODAY.year}-{month:02d}" for month in range(1, 13))
CLASS = "行政区域."


@dataclass(frozen=True)
class Rule:
    """How an indicator comes about."""

    concept: str
    kind: str
    source: str
    low: float
    high: float
    decimals: int
    is_flow: bool
    unit: str


def read_rules(file: Path) -> dict[str, Rule]:
    """Return the rules by concept."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    rules = [
        Rule(
            key(CLASS + row["concept"]),
            row["kind"],
            row["source"],
            float(row["low"] or 0),
            float(row["high"] or 0),
            int(row["decimals"]),
            row["is_flow"] == "1",
            row["unit"],
        )
        for row in rows
    ]
    return {rule.concept: rule for rule in rules}


@dataclass
class Village:
    """A village with what is counted in it."""

    code: str
    name: str
    persons: list[Subject]
    household_count: int
    poor_household_count: int
    group_count: int
    land: dict[str, float]


def year_of(village: Village, concepts: list[str], rules: dict[str, Rule]) -> dict[str, list[str]]:
    """Return the twelve monthly values of every concept for a village, in canonical form."""
    made: dict[str, list[float]] = {}

    def series(concept: str) -> list[float]:
        if concept not in made:
            made[concept] = _series(village, rules[concept], series)
        return made[concept]

    found = {}
    for concept in concepts:
        if concept == CLASS + "名称":
            found[concept] = [village.name] * 12
        elif "累计" in concept and concept not in rules:
            flow = rules[_without(concept, "累计")]
            found[concept] = _text(_running(series(flow.concept)), flow.decimals)
        elif "上年" in concept:
            base = rules[_without(concept, "上年")]
            factor = 0.9 + share(village.code, base.concept, "before") * 0.1
            found[concept] = _text([value * factor for value in series(base.concept)], base.decimals)
        elif concept in rules:
            found[concept] = _text(series(concept), rules[concept].decimals)
        else:
            found[concept] = [invent(concept, (), village.code)] * 12
    return found


def is_flow(concept: str, rules: dict[str, Rule]) -> bool:
    """Return whether the months of an indicator add up to the year (时期数)."""
    rule = rules.get(concept) or rules.get(_without(concept, "上年"))
    return bool(rule and rule.is_flow)


def _series(village: Village, rule: Rule, series: Callable[[str], list[float]]) -> list[float]:
    kind, source = rule.kind, rule.source
    named = key(CLASS + source) if kind in ("share", "times", "running") else ""
    if kind in ("sum", "minus"):
        parts = [series(key(CLASS + part)) for part in re.split(r"[+-](?![^\[]*\])", source)]
        sign = 1 if kind == "sum" else -1
        return [round(values[0] + sign * sum(values[1:]), 4) for values in zip(*parts, strict=True)]
    if kind in ("share", "times"):
        return [_cut(value * _factor(village, rule, n), rule) for n, value in enumerate(series(named))]
    if kind == "running":
        return _running(series(named))
    if kind == "range":
        return [
            _cut(rule.low + (rule.high - rule.low + (rule.decimals == 0)) * _dice(village, rule, n), rule)
            for n in range(12)
        ]
    if kind == "count" and not re.search("年龄|学段|低保|脱贫|留守|户口|民族", source):
        return _population(village, source, series)
    if kind == "births":
        return [
            float(sum(_holds(p, source) and p.values["出生日期"][:7] == month for p in village.persons))
            for month in MONTHS
        ]
    if kind == "moves":
        return [float(sum(_moves(village, source, month))) for month in MONTHS]
    counts: dict[str, Callable[[], float]] = {
        "households": lambda: village.household_count,
        "population_households": lambda: village.poor_household_count,
        "groups": lambda: village.group_count,
        "land": lambda: village.land.get(source, 0.0) * rule.low,
        "count": lambda: sum(_holds(person, source) for person in village.persons),
        "population": lambda: int(sum(source in person.populations for person in village.persons) * rule.low + 0.5),
    }
    return [round(counts[kind](), rule.decimals)] * 12


def _population(village: Village, source: str, series: Callable[[str], list[float]]) -> list[float]:
    """Registered population at the end of each month, walked back from the persons of today."""
    stock = [0.0] * 12
    now = float(sum(_holds(person, source) for person in village.persons))
    for n in range(11, -1, -1):
        stock[n] = now
        born = sum(_holds(p, source) and p.values["出生日期"][:7] == MONTHS[n] for p in village.persons)
        moved = {kind: _moves(village, kind, MONTHS[n]) for kind in ("死亡", "迁入", "迁出")}
        index = {"性别=男": (0,), "性别=女": (1,)}.get(source, (0, 1))
        change = sum(moved["迁入"][i] - moved["死亡"][i] - moved["迁出"][i] for i in index)
        now -= born + change
    return stock


def _moves(village: Village, kind: str, month: str) -> tuple[int, int]:
    """Return how many men and women died, came or left in a month."""
    return tuple(int(share(village.code, kind, month, sex) < 0.06) for sex in ("男", "女"))  # type: ignore[return-value]


def _holds(person: Subject, condition: str) -> bool:
    for part in filter(None, condition.split("&")):
        match = re.fullmatch(r"(.+?)(>=|<=|<|=|!)(.+)", part)
        assert match, part
        value, wanted = person.values.get(match[1], ""), match[3]
        if not _compares(value, match[2], wanted):
            return False
    return True


def _compares(value: str, sign: str, wanted: str) -> bool:
    if sign in "=!":
        return (value == wanted) == (sign == "=")
    difference = int(value) - int(wanted)
    return difference < 0 if sign == "<" else difference <= 0 if sign == "<=" else difference >= 0


def _dice(village: Village, rule: Rule, month: int) -> float:
    return share(village.code, rule.concept, month if rule.is_flow else "year")


def _factor(village: Village, rule: Rule, month: int) -> float:
    return rule.low + (rule.high - rule.low) * _dice(village, rule, month)


def _cut(value: float, rule: Rule) -> float:
    """Round down, so that a share never exceeds its whole."""
    scale = float(10**rule.decimals)
    return int(value * scale + 1e-6) / scale


def _running(values: list[float]) -> list[float]:
    totals, total = [], 0.0
    for value in values:
        total = round(total + value, 4)
        totals.append(total)
    return totals


def _without(concept: str, word: str) -> str:
    head, _, inner = concept.partition("[")
    return key(f"{head}[{'；'.join(part for part in inner.rstrip(']').split('；') if part != word)}]")


def _text(values: list[float], decimals: int) -> list[str]:
    return [
        f"{round(value, decimals):.{decimals}f}".rstrip("0").rstrip(".") if decimals else str(round(value))
        for value in values
    ]
