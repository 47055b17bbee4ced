"""Statutory clocks on the Chinese working-day calendar: when something is due, and how late it is.

Public holidays and the weekends that are worked instead (调休) come from the library `holidays`, which follows the
State Council's yearly arrangement; until a year's arrangement is in it, weekends stay free, so a county adds days of
its own in `rules/working_days.csv`. The clocks are data (`rules/clocks.csv`) with the article each rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

import holidays

from pipelines.rulebook import own_rows, rows

State = Literal["办理中", "临期", "逾期", "已办", "逾期办结"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A term set by law. days, extension_days, warn_days: working days; basis: the article."""

    name: str
    title: str
    days: int
    extension_days: int
    warn_days: int
    basis: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a clock stands on a day. left: working days until the due day, negative when it has passed."""

    clock: Clock
    due: str
    state: State
    left: int

    @property
    def is_late(self) -> bool:
        """Whether the term has run out, or had when the matter ended."""
        return self.state in ("逾期", "逾期办结")


def clock(name: str, own: Path | None = None) -> Clock:
    """Return a clock of `rules/clocks.csv`. Raises KeyError for a name that no rule has."""
    for row in rows("clocks", own, key=("name",)):
        if row["name"] == name:
            days, more, warn = (int(row[column]) for column in ("days", "extension_days", "warn_days"))
            return Clock(name, row["title"], days, more, warn, row["basis"])
    raise KeyError(name)


def is_working(day: str, own: Path | None = None) -> bool:
    """Return whether a day (YYYY-MM-DD) is worked.

    >>> [is_working(day) for day in ("2025-09-28", "2025-10-01", "2025-10-08", "2025-10-09")]
    [True, False, False, True]
    """
    return _is_working(date.fromisoformat(day), _own_days(own))


def add(start: str, days: int, own: Path | None = None) -> str:
    """Return the day on which a term of so many working days ends; the day it starts does not count (民法典 201).

    >>> add("2025-09-26", 3), add("2025-09-30", 1), add("2025-10-01", 0)
    ('2025-09-30', '2025-10-09', '2025-10-01')
    """
    own_days, day = _own_days(own), date.fromisoformat(start)
    while days > 0:
        day += timedelta(days=1)
        days -= _is_working(day, own_days)
    return day.isoformat()


def between(start: str, end: str, own: Path | None = None) -> int:
    """Return how many working days lie after `start` up to and with `end`; negative when `end` is earlier.

    >>> between("2025-09-26", "2025-09-30"), between("2025-10-09", "2025-09-30"), between("2025-10-01", "2025-10-08")
    (3, -1, 0)
    """
    if end < start:
        return -between(end, start, own)
    own_days, first = _own_days(own), date.fromisoformat(start)
    span = (date.fromisoformat(end) - first).days
    return sum(_is_working(first + timedelta(days=step), own_days) for step in range(1, span + 1))


def standing(
    clock: Clock, started: str, today: str, ended: str = "", own: Path | None = None, *, is_extended: bool = False
) -> Standing:
    """Return how a clock stands. started, today, ended: YYYY-MM-DD; ended is empty while the matter is open.

    >>> reply = Clock("reply", "共享申请答复", 10, 10, 3, "")
    >>> [standing(reply, "2025-09-22", day).state for day in ("2025-09-24", "2025-10-10", "2025-10-14")]
    ['办理中', '临期', '逾期']
    """
    due = add(started, clock.days + (clock.extension_days if is_extended else 0), own)
    left = between(ended or today, due, own)
    if ended:
        return Standing(clock, due, "已办" if ended <= due else "逾期办结", left)
    return Standing(clock, due, "逾期" if today > due else "临期" if left <= clock.warn_days else "办理中", left)


def _is_working(day: date, own_days: Mapping[date, bool]) -> bool:
    return own_days[day] if day in own_days else bool(_calendar().is_working_day(day))


@lru_cache(maxsize=1)
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("CN", language="zh_CN")


def _own_days(own: Path | None) -> Mapping[date, bool]:
    listed = own_rows("working_days", own) if own else []
    return {date.fromisoformat(row["day"]): row["is_working"] == "是" for row in listed}
