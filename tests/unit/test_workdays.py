"""Terms on the working-day calendar: holidays, worked weekends, a county's own days, clocks that warn and run out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.rulebook import rows
from pipelines.workdays import Clock, add, between, clock, is_working, standing

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31)).map(date.isoformat)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # a Saturday worked for Spring Festival
        ("2026-02-16", False),
        ("2026-11-28", False),
        ("2026-11-30", True),
    ],
)
def test_the_calendar_knows_holidays_and_worked_weekends(day: str, works: bool) -> None:
    assert is_working(day) is works


def test_a_county_adds_its_own_days(tmp_path) -> None:
    (tmp_path / "working_days.csv").write_text(
        "day,is_working,reason\n2026-11-30,否,州庆\n2026-11-28,是,调休\n", encoding="utf-8"
    )
    assert add("2026-11-27", 1) == "2026-11-30"
    assert add("2026-11-27", 1, tmp_path) == "2026-11-28"
    assert add("2026-11-27", 2, tmp_path) == "2026-12-01"


@given(DAYS, st.integers(1, 40))
def test_a_term_ends_on_a_working_day_and_counts_back(start: str, days: int) -> None:
    end = add(start, days)
    assert is_working(end)
    assert between(start, end) == days
    assert between(end, start) == -days


@given(DAYS, st.integers(0, 30), st.integers(0, 30))
def test_terms_add_up_from_a_working_day(start: str, first: int, more: int) -> None:
    start = add(start, 1)
    assert add(add(start, first), more) == add(start, first + more)


@pytest.mark.parametrize("name", [row["name"] for row in rows("clocks")])
def test_every_clock_names_its_law_and_warns_before_it_is_late(name: str) -> None:
    term = clock(name)
    assert "《" in term.basis
    due = standing(term, "2026-03-02", "2026-03-02").due
    after = (date.fromisoformat(due) + timedelta(days=1)).isoformat()
    assert standing(term, "2026-03-02", due).state == "临期"
    assert standing(term, "2026-03-02", after).state == "逾期"
    assert standing(term, "2026-03-02", after, ended=due).state == "已办"
    assert standing(term, "2026-03-02", after, ended=after).is_late


def test_an_extension_moves_the_end() -> None:
    term = Clock("x", "", 10, 10, 3, "")
    assert standing(term, "2026-03-02", "2026-03-20", is_extended=True).state == "办理中"


def test_an_unknown_clock_is_an_error() -> None:
    with pytest.raises(KeyError):
        clock("nothing")
