"""Until when a month's workbooks are in time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines import periods, workdays

DEADLINE_DAY = "25"
"""Day of the following month by which a workbook is due, when the county sets none (deadline_day)."""


def due_on(month: str, settings: Mapping[str, str], own_rules: Path | None = None) -> str:
    """Return the last day in time, YYYY-MM-DD, "" when `month` is no month; one that is not worked moves to the next.

    >>> due_on("2025-12", {}), due_on("2026-01", {"deadline_day": "31"}), due_on("2025-04", {"deadline_day": "1"})
    ('2026-01-26', '2026-02-28', '2025-05-06')
    """
    if not periods.is_month(month):
        return ""
    last = periods.last_day(periods.following(month))
    day = int(settings.get("deadline_day", DEADLINE_DAY))
    wanted = f"{last[:8]}{min(day, int(last[8:])):02d}"
    return wanted if workdays.is_working(wanted, own_rules) else workdays.add(wanted, 1, own_rules)
