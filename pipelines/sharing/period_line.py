"""A line of a form that prints nothing but the blanks of its period: “20    年   季”."""

from __future__ import annotations

import re

_GAP = r"[\s\u00a0\u3000_＿]"
_LINE = re.compile(
    rf"\s*(?P<lead>[(（]?)(?:(?:20|二[〇○零]){_GAP}*|{_GAP}+)(?P<year>年度?)"
    rf"(?:{_GAP}*第?{_GAP}*(?P<part>季度?|月份?|半年))?(?P<tail>[)）]?)\s*"
)


def period_line(text: str, period: str) -> str | None:
    """Return the line with the period in its blanks; None when it is no such line, or the period does not say it.

    period: 2025-12, 2025-Q4, 2025-H2 or 2025. A month also says its quarter, a quarter its last month.

    >>> period_line("20     年   季", "2025-Q4"), period_line("　　年　　月", "2025-Q4")
    ('2025年4季', '2025年12月')
    >>> period_line("2024年3月", "2025-03"), period_line("  年  月  日", "2025-03"), period_line("20  年  月", "2025")
    (None, None, None)
    >>> period_line("年 月", "2025-03") is None
    True
    """
    found = _LINE.fullmatch(text)
    year, _, said = period.partition("-")
    number = _number(found["part"] or "", said) if found else None
    if found is None or number is None:
        return None
    part = found["part"] or ""
    return f"{found['lead']}{year}{found['year']}{number}{part}{found['tail']}"


def _number(part: str, said: str) -> str | None:
    """Return what stands before 季, 月 or 半年 in a period's second half; "" where nothing is to stand."""
    month = int(said) if said.isdigit() else 3 * int(said[1:]) if said.startswith("Q") else 0
    if not part:
        return ""
    if part == "半年":
        return {"H1": "上", "H2": "下"}.get(said)
    if not month:
        return None
    return str((month + 2) // 3) if part.startswith("季") else str(month)
