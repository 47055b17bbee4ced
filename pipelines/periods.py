"""Reporting periods: "2025-03", "2025-Q1", "2025-H1", "2025". Months are the finest that is asked for."""

from __future__ import annotations

import re
from calendar import monthrange

ORDER = ("日", "周", "旬", "月", "季", "半年", "年", "一次性", "随时", "未说明")
"""Frequencies from the finest to the loosest; daily to ten-day reports are asked by the month."""

REPORTED = ("月", "季", "半年", "年")
"""Frequencies with a period of their own that values are kept under."""

_DUE_MONTHS = {"季": (3, 6, 9, 12), "半年": (6, 12), "年": (12,)}
_PERIOD = re.compile(r"^(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?$")


def is_due(frequency: str, month: str) -> bool:
    """Return whether what is asked at a frequency falls due with the month's workbook.

    Quarters fall due in March, June, September and December, and so on; what is asked once or at any time (一次性,
    随时, 未说明) stands in every workbook, so that it can be kept up to date, and is never pressed for.

    >>> [is_due(f, "2025-06") for f in ("月", "季", "半年", "年", "随时")]
    [True, True, True, False, True]
    """
    due = _DUE_MONTHS.get(frequency)
    return due is None or int(month[5:7]) in due


def months(period: str) -> list[str]:
    """Return the months of a period. Raises ValueError when it is none.

    >>> months("2025-Q2")
    ['2025-04', '2025-05', '2025-06']
    """
    match = _PERIOD.match(period)
    if not match:
        raise ValueError(f"not a period: {period!r}")
    year, month, quarter, half = match.groups()
    if month:
        return [period]
    first, count = (int(quarter) * 3 - 2, 3) if quarter else (int(half) * 6 - 5, 6) if half else (1, 12)
    return [f"{year}-{number:02d}" for number in range(first, first + count)]


def containing(frequency: str, month: str) -> str:
    """Return the period of a frequency that a month lies in; the month itself where a frequency has no period.

    >>> [containing(frequency, "2025-11") for frequency in ("月", "季", "半年", "年", "随时")]
    ['2025-11', '2025-Q4', '2025-H2', '2025', '2025-11']
    """
    year, number = month[:4], int(month[5:7])
    names = {"季": f"{year}-Q{(number + 2) // 3}", "半年": f"{year}-H{(number + 5) // 6}", "年": year}
    return names.get(frequency, month)


def is_month(text: str) -> bool:
    """Return whether a text is a month id such as "2025-03"."""
    return bool(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text))


def previous(month: str) -> str:
    """Return the month before.

    >>> previous("2025-01")
    '2024-12'
    """
    year, number = int(month[:4]), int(month[5:7])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def following(month: str) -> str:
    """Return the month after.

    >>> following("2024-12")
    '2025-01'
    """
    year, number = int(month[:4]), int(month[5:7])
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02d}"


def year_before(period: str) -> str:
    """Return the same period a year before.

    >>> year_before("2025-03"), year_before("2025-Q1"), year_before("2025")
    ('2024-03', '2024-Q1', '2024')
    """
    return f"{int(period[:4]) - 1}{period[4:]}"


def year_after(period: str) -> str:
    """Return the same period a year after.

    >>> year_after("2024-12")
    '2025-12'
    """
    return f"{int(period[:4]) + 1}{period[4:]}"


def before_in_year(period: str) -> str:
    """Return the period of the same length before, "" when this is the first of its year.

    >>> [before_in_year(period) for period in ("2025-03", "2025-01", "2025-Q2", "2025-H1", "2025")]
    ['2025-02', '', '2025-Q1', '', '']
    """
    year, rest = period[:4], period[5:]
    if not rest:
        return ""
    mark, number = ("", int(rest)) if rest.isdigit() else (rest[0], int(rest[1:]))
    width = 1 if mark else 2
    return f"{year}-{mark}{number - 1:0{width}d}" if number > 1 else ""


def last_day(month: str) -> str:
    """Return the last day of a month, YYYY-MM-DD.

    >>> last_day("2024-02")
    '2024-02-29'
    """
    return f"{month}-{monthrange(int(month[:4]), int(month[5:7]))[1]:02d}"


def in_words(period: str) -> str:
    """Return a period as people write it.

    >>> in_words("2025-03"), in_words("2025-Q1"), in_words("2025-H2")
    ('2025年3月', '2025年第1季度', '2025年下半年')
    """
    match = _PERIOD.match(period)
    if not match:
        return period
    year, month, quarter, half = match.groups()
    if month:
        return f"{year}年{int(month)}月"
    if quarter:
        return f"{year}年第{quarter}季度"
    return f"{year}年{'上' if half == '1' else '下'}半年" if half else f"{year}年"


def finest(frequencies: list[str]) -> str:
    """Return the finest of some frequencies; "未说明" when there is none."""
    return min(frequencies, key=ORDER.index, default="未说明")
