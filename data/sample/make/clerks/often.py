"""What a village tells of a period shorter than a month: its part of the month's figure."""

from __future__ import annotations

from functools import lru_cache

from holdings import Holdings

RUNNING = "累计"


def told(holdings: Holdings, village: str, period: str, concept: str) -> str | None:
    """Return a village's figure for a month or a shorter period, None when the sample's world has none.

    What happens in a month is shared out, the last part taking the rest; a running total is that of the month before
    with the parts so far (none in January, when it starts anew); what stands is the month's.
    """
    from pipelines.periods import months, previous

    month = months(period)[0]
    value = holdings.statistics.get((village, month, concept))
    parts = parts_of(period)
    if value is None or period == month or not parts:
        return value
    so_far = parts.index(period) + 1
    if concept in holdings.flows:
        return _text(_until(float(value), so_far, len(parts)) - _until(float(value), so_far - 1, len(parts)))
    if RUNNING in concept:
        before = float(holdings.statistics.get((village, previous(month), concept)) or 0)
        before = 0.0 if month.endswith("-01") else before
        return _text(before + _until(float(value) - before, so_far, len(parts)))
    return value


@lru_cache
def parts_of(period: str) -> tuple[str, ...]:
    """Return all periods of the same length that belong to the month of a ten-day period or week."""
    from pipelines.periods import is_period, months, pace

    month = months(period)[0]
    named = {"旬": [f"{month}-X{n}" for n in (1, 2, 3)], "周": [f"{month[:4]}-W{n:02d}" for n in range(1, 54)]}
    return tuple(each for each in named.get(pace(period), ()) if is_period(each) and months(each)[0] == month)


def _until(value: float, so_far: int, parts: int) -> float:
    return value if so_far == parts else value * so_far // parts


def _text(value: float) -> str:
    return f"{value:.10g}"
