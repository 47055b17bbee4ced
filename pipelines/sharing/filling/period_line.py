"""A line of a form that prints nothing but the blanks of its period: “20    年   季”."""

from __future__ import annotations

import re

from pipelines.periods import months, pace

_GAP = r"[\s\u00a0\u3000_＿]"
_LINE = re.compile(
    rf"\s*(?P<lead>[(（]?)(?:(?:20|二[〇○零]){_GAP}*|{_GAP}+)(?P<year>年度?)"
    rf"(?:{_GAP}*第?{_GAP}*(?P<part>季度?|月份?|半年|周)(?:{_GAP}*(?P<tens>旬))?)?(?P<tail>[)）]?)\s*"
)


def period_line(text: str, period: str) -> str | None:
    """Return the line with the period in its blanks; None when it is no such line, or the period does not say it.

    period: of any pace. A month also says its quarter, a quarter its last month, a shorter period its month.

    >>> period_line("20     年   季", "2025-Q4"), period_line("　　年　　月", "2025-Q4")
    ('2025年4季', '2025年12月')
    >>> period_line("2024年3月", "2025-03"), period_line("  年  月  日", "2025-03"), period_line("20  年  月", "2025")
    (None, None, None)
    >>> period_line("    年   月   旬", "2025-12-X1"), period_line("    年   月   旬", "2025-12")
    ('2025年12月上旬', None)
    >>> period_line("20    年第   周", "2025-W09"), period_line("    年   月", "2026-W01")
    ('2025年9周', '2026年1月')
    >>> period_line("年 月", "2025-03") is None
    True
    """
    found = _LINE.fullmatch(text)
    if found is None or (found["tens"] and (pace(period) != "旬" or found["part"] != "月")):
        return None
    part = found["part"] or ""
    number = _number(part, period)
    if number is None:
        return None
    tens = f"{'上中下'[int(period[-1]) - 1]}旬" if found["tens"] else ""
    return f"{found['lead']}{period[:4]}{found['year']}{number}{part}{tens}{found['tail']}"


def _number(part: str, period: str) -> str | None:
    """Return what stands before 季, 月, 周 or 半年; "" where nothing is to stand, None where the period says none."""
    said = period[5:]
    if not part:
        return ""
    if part == "半年":
        return {"H1": "上", "H2": "下"}.get(said)
    if part == "周":
        return str(int(said[1:])) if pace(period) == "周" else None
    if pace(period) in ("半年", "年"):
        return None
    month = int(months(period)[-1][5:])
    return str((month + 2) // 3) if part.startswith("季") else str(month)
