"""Until when a month's workbooks are in time."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines import periods

DEADLINE_DAY = "25"
"""Day of the following month by which a workbook is due, when the county sets none (deadline_day)."""


def due_on(month: str, settings: Mapping[str, str]) -> str:
    """Return the last day in time, YYYY-MM-DD, "" when `month` is no month.

    >>> due_on("2025-12", {}), due_on("2026-01", {"deadline_day": "31"})
    ('2026-01-25', '2026-02-28')
    """
    if not periods.is_month(month):
        return ""
    last = periods.last_day(periods.following(month))
    day = int(settings.get("deadline_day", DEADLINE_DAY))
    return f"{last[:8]}{min(day, int(last[8:])):02d}"
