"""Which periods have workbooks of their own, when they are issued, and until when they are in time.

A month's workbook is due on a day of the following month (`deadline_day` of the county). A shorter period's is issued
on the last day worked in it and due some working days after its end (`rules/returns.toml`, `[short]`), so that it is
in before the next one goes out and shows what it said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

from pipelines import periods, rulebook, workdays

DEADLINE_DAY = "25"
"""Day of the following month by which a workbook is due, when the county sets none (deadline_day)."""


def has_workbook(period: str) -> bool:
    """Return whether workbooks can be issued for a period: a month, or what is shorter.

    >>> [has_workbook(period) for period in ("2025-12", "2025-12-X1", "2025-W50", "2025-Q4", "2025-12-32")]
    [True, True, True, False, False]
    """
    return periods.is_period(period) and periods.pace(period) in (*periods.SHORT, "月")


def due_on(period: str, settings: Mapping[str, str], own_rules: Path | None = None) -> str:
    """Return the last day in time, YYYY-MM-DD, "" for what has no workbook; one that is not worked moves to the next.

    >>> due_on("2025-12", {}), due_on("2026-01", {"deadline_day": "31"}), due_on("2025-04", {"deadline_day": "1"})
    ('2026-01-26', '2026-02-28', '2025-05-06')
    >>> due_on("2025-12-X1", {}), due_on("2025-W50", {}), due_on("2025-12-05", {}), due_on("2025-12-06", {})
    ('2025-12-12', '2025-12-15', '2025-12-05', '2025-12-08')
    """
    if not has_workbook(period):
        return ""
    if periods.is_month(period):
        last = periods.last_day(periods.following(period))
        day = int(settings.get("deadline_day", DEADLINE_DAY))
        wanted = f"{last[:8]}{min(day, int(last[8:])):02d}"
    else:
        after = rulebook.settings("returns", own_rules)["short"][periods.pace(period)]
        wanted = workdays.add(periods.days(period)[1], int(after), own_rules)
    return wanted if workdays.is_working(wanted, own_rules) else workdays.add(wanted, 1, own_rules)


def issued_on(day: str, own_rules: Path | None = None) -> list[str]:
    """Return the short periods whose workbooks go out on a day (YYYY-MM-DD): it is the last day worked in them.

    >>> issued_on("2025-09-30"), issued_on("2025-12-12"), issued_on("2025-12-13")
    (['2025-09-30', '2025-W40', '2025-09-X3'], ['2025-12-12', '2025-W50'], [])
    """
    if not workdays.is_working(day, own_rules):
        return []
    return [
        period
        for frequency in periods.SHORT
        if not _is_worked_after(day, periods.days(period := periods.containing(frequency, day))[1], own_rules)
    ]


def open_periods(issued: Iterable[str], settings: Mapping[str, str], own_rules: Path | None = None) -> dict[str, str]:
    """Return the periods whose returned workbooks are taken, each with the last day in time; the month first.

    issued: all periods that were issued. Of every pace the newest is open, until the next one is issued.

    >>> open_periods(("2025-11", "2025-12-X1", "2025-12-X2", "2025-12"), {})
    {'2025-12': '2026-01-26', '2025-12-X2': '2025-12-23'}
    """
    all_of_them = set(issued)
    found = (periods.newest(all_of_them, frequency) for frequency in ("月", *reversed(periods.SHORT)))
    return {period: due_on(period, settings, own_rules) for period in found if period}


def _is_worked_after(day: str, last: str, own_rules: Path | None) -> bool:
    ahead = (date.fromisoformat(last) - date.fromisoformat(day)).days
    days = (date.fromisoformat(day) + timedelta(days=number) for number in range(1, ahead + 1))
    return any(workdays.is_working(each.isoformat(), own_rules) for each in days)
