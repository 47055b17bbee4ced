"""Reporting periods, from a day to a year, as ids.

| pace | id | in words |
|---|---|---|
| 日 | 2025-12-05 | 2025年12月5日 |
| 周 | 2025-W49 (ISO 8601: from Monday; the week with the year's first Thursday is W01) | 2025年第49周 |
| 旬 | 2025-12-X1, X2, X3 (1st to 10th, 11th to 20th, the rest) | 2025年12月上旬 |
| 月 季 半年 年 | 2025-12, 2025-Q4, 2025-H2, 2025 | 2025年12月 … |

A period lies in a slower one when its `anchor` does: its last day, for a week its Thursday. So a week that straddles
two months counts wholly in the one that holds its Thursday, as ISO 8601 does with years, and every period shorter than
a month belongs to exactly one month.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

ORDER = ("日", "周", "旬", "月", "季", "半年", "年", "一次性", "随时", "未说明")
"""Frequencies from the finest to the loosest."""

SHORT = ("日", "周", "旬")
"""Frequencies with periods shorter than a month: each has workbooks of its own."""

FOLLOWING = ("周", "旬", "月", "季", "半年", "年")
"""Frequencies whose periods follow each other without a gap; a day that is not worked has no report."""

_DUE_MONTHS = {"季": (3, 6, 9, 12), "半年": (6, 12), "年": (12,)}
_TENS = "上中下"
_MONTH = r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])"
_PERIOD = re.compile(
    rf"(?:{_MONTH}(?:-(?:X(?P<tens>[1-3])|(?P<day>\d\d)))?"
    r"|(?P<only>\d{4})(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|W(?P<week>\d\d)))?)"
)
_SAID = re.compile(r"(20\d{2})年(?:第(\d{1,2})周|(1[0-2]|0?[1-9])月(?:([上中下])旬|(\d{1,2})[日号])?)")


@lru_cache(maxsize=4096)
def pace(period: str) -> str:
    """Return the frequency that a period is one of. Raises ValueError when it is none.

    >>> [pace(period) for period in ("2025-12-05", "2025-W49", "2025-12-X1", "2025-12", "2025-Q4", "2025-H2", "2025")]
    ['日', '周', '旬', '月', '季', '半年', '年']
    """
    parts = _parts(period)
    named = (("day", "日"), ("week", "周"), ("tens", "旬"), ("month", "月"), ("quarter", "季"), ("half", "半年"))
    return next((frequency for name, frequency in named if parts[name]), "年")


def is_period(text: str) -> bool:
    """Return whether a text is the id of a period.

    >>> [is_period(text) for text in ("2025-W53", "2026-W53", "2025-02-30", "2025-12-X4", "2025-13")]
    [False, True, False, False, False]
    """
    try:
        days(text)
    except ValueError:
        return False
    return True


def is_month(text: str) -> bool:
    """Return whether a text is a month id such as "2025-03"."""
    return bool(re.fullmatch(_MONTH, text))


@lru_cache(maxsize=4096)
def days(period: str) -> tuple[str, str]:
    """Return the first and the last day of a period. Raises ValueError when it is none.

    >>> days("2025-02-X3"), days("2026-W01"), days("2025-H1")
    (('2025-02-21', '2025-02-28'), ('2025-12-29', '2026-01-04'), ('2025-01-01', '2025-06-30'))
    """
    parts = _parts(period)
    if parts["day"]:
        day = date.fromisoformat(period).isoformat()
        return day, day
    if parts["week"]:
        monday = date.fromisocalendar(int(period[:4]), int(parts["week"]), 1)
        return monday.isoformat(), (monday + timedelta(days=6)).isoformat()
    if parts["tens"]:
        number, month = int(parts["tens"]), period[:7]
        return f"{month}-{number * 10 - 9:02d}", last_day(month) if number == 3 else f"{month}-{number * 10}"
    inside = months(period)
    return f"{inside[0]}-01", last_day(inside[-1])


def anchor(period: str) -> str:
    """Return the day by which a period lies in slower ones: its last, of a week its Thursday.

    >>> anchor("2026-W01"), anchor("2025-12-X1"), anchor("2025-Q4")
    ('2026-01-01', '2025-12-10', '2025-12-31')
    """
    first, last = days(period)
    return (date.fromisoformat(first) + timedelta(days=3)).isoformat() if "W" in period else last


def is_due(frequency: str, period: str) -> bool:
    """Return whether what is asked at a frequency falls due with the workbook of a month, or of a shorter period.

    A shorter period's workbook asks what is asked at its own pace and nothing else; the month's the rest. Quarters fall
    due in March, June, September and December, and so on; what is asked once or at any time (一次性, 随时, 未说明)
    stands in every month's workbook, so that it can be kept up to date, and is never pressed for.

    >>> [is_due(f, "2025-06") for f in ("周", "月", "季", "半年", "年", "随时")]
    [False, True, True, True, False, True]
    >>> [is_due(f, "2025-06-X3") for f in ("周", "旬", "月", "随时")]
    [False, True, False, False]
    """
    if not is_month(period):
        return frequency == pace(period)
    due = _DUE_MONTHS.get(frequency)
    return frequency not in SHORT and (due is None or int(period[5:7]) in due)


def months(period: str) -> list[str]:
    """Return the months of a period, of a shorter one the month it belongs to. Raises ValueError when it is none.

    >>> months("2025-Q2"), months("2025-W27")
    (['2025-04', '2025-05', '2025-06'], ['2025-07'])
    """
    parts = _parts(period)
    if parts["month"]:
        return [period[:7]]
    if parts["week"]:
        return [anchor(period)[:7]]
    quarter, half = parts["quarter"], parts["half"]
    first, count = (int(quarter) * 3 - 2, 3) if quarter else (int(half) * 6 - 5, 6) if half else (1, 12)
    return [f"{period[:4]}-{number:02d}" for number in range(first, first + count)]


@lru_cache(maxsize=4096)
def containing(frequency: str, period: str) -> str:
    """Return the period of a frequency that a month, or a shorter period, lies in.

    Of a frequency that is faster than the period: its last one in the period. Where a frequency has no period: the
    month.

    >>> [containing(frequency, "2025-11") for frequency in ("月", "季", "半年", "年", "随时")]
    ['2025-11', '2025-Q4', '2025-H2', '2025', '2025-11']
    >>> [containing(frequency, "2025-W27") for frequency in ("周", "旬", "月", "季")]
    ['2025-W27', '2025-07-X1', '2025-07', '2025-Q3']
    >>> containing("周", "2025-12-31"), containing("周", "2026-W01")
    ('2026-W01', '2026-W01')
    >>> [containing(frequency, "2025-12") for frequency in SHORT]
    ['2025-12-31', '2025-W52', '2025-12-X3']
    """
    day = anchor(period)
    year, number = day[:4], int(day[5:7])
    week = _week(day)
    if anchor(week) > day and pace(period) not in ("日", "周"):  # begun in it, and counts in the next
        week = _week(day, -1)
    names = {
        "日": day,
        "周": week,
        "旬": f"{day[:7]}-X{min(3, (int(day[8:]) + 9) // 10)}",
        "季": f"{year}-Q{(number + 2) // 3}",
        "半年": f"{year}-H{(number + 5) // 6}",
        "年": year,
    }
    return names.get(frequency, day[:7])


def newest(periods: Iterable[str], frequency: str) -> str:
    """Return the latest of some periods that is of a frequency; "" when none is.

    >>> newest(("2025-12-X1", "2026-01-X1", "2025-12-X3", "2026-02"), "旬")
    '2026-01-X1'
    """
    return max((period for period in set(periods) if pace(period) == frequency), default="")


def previous(month: str) -> str:
    """Return the month before.

    >>> previous("2025-01")
    '2024-12'
    """
    year, number = month[:4], int(month[5:7])
    return f"{int(year) - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"


def following(month: str) -> str:
    """Return the month after.

    >>> following("2024-12")
    '2025-01'
    """
    year, number = month[:4], int(month[5:7])
    return f"{int(year) + 1}-01" if number == 12 else f"{year}-{number + 1:02d}"


def year_before(period: str) -> str:
    """Return the same period a year before; of a week, the week of the same number.

    >>> year_before("2025-03"), year_before("2025-Q1"), year_before("2025-W10"), year_before("2025")
    ('2024-03', '2024-Q1', '2024-W10', '2024')
    """
    return f"{int(period[:4]) - 1}{period[4:]}"


def year_after(period: str) -> str:
    """Return the same period a year after.

    >>> year_after("2024-12")
    '2025-12'
    """
    return f"{int(period[:4]) + 1}{period[4:]}"


@lru_cache(maxsize=4096)
def before_in_year(period: str) -> str:
    """Return the period of the same length before, "" when this is the first of its year.

    >>> [before_in_year(period) for period in ("2025-03", "2025-01", "2025-Q2", "2025-H1", "2025")]
    ['2025-02', '', '2025-Q1', '', '']
    >>> [before_in_year(period) for period in ("2025-03-X2", "2025-03-X1", "2025-01-X1", "2025-W02", "2025-W01")]
    ['2025-03-X1', '2025-02-X3', '', '2025-W01', '']
    """
    first, frequency = days(period)[0], pace(period)
    day = date.fromisoformat(first) - timedelta(days=1)
    if frequency == "周":
        before = _week(day.isoformat())
    elif frequency == "年":
        before = ""
    else:
        before = containing(frequency, day.isoformat())
    return before if before[:4] == period[:4] else ""


def last_day(month: str) -> str:
    """Return the last day of a month, YYYY-MM-DD.

    >>> last_day("2024-02")
    '2024-02-29'
    """
    return f"{month}-{monthrange(int(month[:4]), int(month[5:7]))[1]:02d}"


def in_words(period: str) -> str:
    """Return a period as people write it; a text that is no period as it is.

    >>> in_words("2025-03"), in_words("2025-Q1"), in_words("2025-H2")
    ('2025年3月', '2025年第1季度', '2025年下半年')
    >>> in_words("2025-03-05"), in_words("2025-W09"), in_words("2025-03-X2")
    ('2025年3月5日', '2025年第9周', '2025年3月中旬')
    """
    try:
        parts = _parts(period)
    except ValueError:
        return period
    year = f"{period[:4]}年"
    if parts["week"]:
        return f"{year}第{int(parts['week'])}周"
    if parts["month"]:
        tens = f"{_TENS[int(parts['tens']) - 1]}旬" if parts["tens"] else ""
        return f"{year}{int(parts['month'])}月{tens}" + (f"{int(parts['day'])}日" if parts["day"] else "")
    if parts["quarter"]:
        return f"{year}第{parts['quarter']}季度"
    return year + {"1": "上半年", "2": "下半年"}.get(parts["half"], "")


def said_in(text: str) -> list[str]:
    """Return the months and shorter periods that a text names in words, in order.

    >>> said_in("2025年12月上旬报送，截止2025年12月12日；2025年第50周、2026年1月")
    ['2025-12-X1', '2025-12-12', '2025-W50', '2026-01']
    """
    found = []
    for year, week, month, tens, day in _SAID.findall(text):
        short = f"-X{_TENS.index(tens) + 1}" if tens else f"-{int(day):02d}" if day else ""
        found.append(f"{year}-W{int(week):02d}" if week else f"{year}-{int(month):02d}{short}")
    return [period for period in found if is_period(period)]


def finest(frequencies: list[str]) -> str:
    """Return the finest of some frequencies; "未说明" when there is none."""
    return min(frequencies, key=ORDER.index, default="未说明")


def _parts(period: str) -> dict[str, str]:
    match = _PERIOD.fullmatch(period)
    if not match:
        raise ValueError(f"not a period: {period!r}")
    return match.groupdict(default="")


def _week(day: str, step: int = 0) -> str:
    year, week, _ = (date.fromisoformat(day) + timedelta(weeks=step)).isocalendar()
    return f"{year}-W{week:02d}"
