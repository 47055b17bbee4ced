"""Soft checks ask about what is wrong by far and leave alone what is merely uneven: villages differ by nature.

Measured on made-up townships of 7 to 15 villages: how many right values are asked about (false alarms), and how many
values with two digits too many are found. The figures stand beside the thresholds, in schemas/rules/returns.toml.
"""

import random
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.collection.desk import Desk
from pipelines.collection.layout import FilledSheet
from pipelines.collection.reading import Reading
from pipelines.collection.receiving.soft_checks import check_changes, check_outliers
from tests.unit.collection.county import EAST, PEOPLE, ROAD, Office

SHEET = FilledSheet("村级指标", "indicator", EAST, "2026-01", "村", 3, {}, {})
KINDS = {
    "nearly alike": lambda moments: moments.gauss(200, 20),
    "skewed": lambda moments: moments.lognormvariate(5, 0.6),
    "very skewed": lambda moments: moments.lognormvariate(5, 1.0),
    "extremely skewed": lambda moments: moments.lognormvariate(4, 1.4),
    "mostly zeros": lambda moments: 0 if moments.random() < 0.6 else moments.lognormvariate(4, 1.0),
    "small counts": lambda moments: moments.choice((0, 0, 0, 1, 1, 2, 3, 5)),
    "Pareto, as areas and incomes are": lambda moments: 20 * moments.paretovariate(1.5),
    "two sizes of village": lambda moments: moments.choice((30, 800)) * moments.uniform(0.7, 1.3),
}
ALLOWED = 0.005
"""False alarms a right value: fewer than one on a sheet of 200 cells."""


@cache
def counter() -> Desk:
    return Office(Path(mkdtemp())).desk("2026-01")


def asked_about(values: list[float]) -> set[int]:
    """Return which of a row's values the check asks about, by position."""
    reading = Reading("x", "x", "2026-01-20T09:00:00")
    said = {f"{EAST[:9]}{number:03d}": {ROAD: (f"{value:.2f}", 0, number)} for number, value in enumerate(values)}
    check_outliers(SHEET, said, reading, counter())
    return {ord(finding.cell[0]) - ord("A") for finding in reading.findings}


@pytest.mark.parametrize("kind", KINDS)
def test_right_values_are_seldom_asked_about(kind: str) -> None:
    moments = random.Random(kind)
    asked = there = 0
    for _ in range(400):
        values = [max(0, KINDS[kind](moments)) for _ in range(moments.randint(7, 15))]
        asked += len(asked_about(values))
        there += len(values)
    assert asked / there <= ALLOWED, f"{kind}: {asked} of {there}"


@pytest.mark.parametrize(("kind", "least"), [("nearly alike", 0.99), ("skewed", 0.95), ("very skewed", 0.5)])
def test_two_digits_too_many_are_asked_about(kind: str, least: float) -> None:
    moments = random.Random(kind)
    found = 0
    for _ in range(200):
        values = [max(1, KINDS[kind](moments)) for _ in range(12)]
        values[5] *= 100
        found += 5 in asked_about(values)
    assert found / 200 >= least, f"{kind}: {found / 200:.1%}"


@settings(deadline=None)
@given(st.lists(st.sampled_from([0, 0, 0, 1, 2, 7, 19, 20]), min_size=1, max_size=15))
def test_zeros_and_small_numbers_are_never_asked_about(values: list[float]) -> None:
    assert not asked_about(values)


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=15), st.floats(0.1, 1000))
def test_the_unit_does_not_matter_to_what_is_far(values: list[float], factor: float) -> None:
    large = [value + 100 for value in values]
    assert asked_about(large) == asked_about([value * max(1, factor) for value in large])


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_change_is_asked_about_when_it_is_large_both_ways(before: int, now: int) -> None:
    desk = counter()
    area = f"{EAST[:9]}001"
    desk.indicators[(area, PEOPLE)] = {"2025-12": str(before)}
    reading = Reading("x", "x", "2026-01-20T09:00:00")
    check_changes(SHEET, {area: {PEOPLE: (str(now), 0, 0)}}, reading, desk)
    is_large = min(before, now) > 0 and max(before, now) >= 5 * min(before, now) and abs(before - now) > 20
    assert bool(reading.findings) == is_large
