"""The data type of a field, with the reason a steward is told."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.intake.wording.units import is_unit
from pipelines.intake.wording.vocabulary import words
from pipelines.rulebook import rows
from pipelines.text import fold
from schemas.templates import DataType, Layout

_DATE_FORMAT = re.compile(r"[yY]{2,}|[年月]|[mM]{1,2}[/\-][dD]")
_DECIMAL_FORMAT = re.compile(r"0\.0|#\.#|0%|%")
_YES_NO = ({"是", "否"}, {"有", "无"}, {"√", "×"}, {"是", "不是"})


@lru_cache
def _labels() -> tuple[tuple[DataType, str, re.Pattern[str], str], ...]:
    return tuple(
        (row["data_type"], row["on"], re.compile(row["pattern"]), row["reason"])  # type: ignore[misc]
        for row in rows("intake_types")
    )


@lru_cache
def _counted() -> frozenset[str]:
    return frozenset(fold(row["unit"]) for row in rows("intake_unit_types"))


def data_type(
    path: tuple[str, ...], unit: str | None, options: tuple[str, ...], number_format: str | None, layout: Layout | None
) -> tuple[DataType, str]:
    """Return the data type of a field and why: drop-down, cell format, unit, label, layout, in this order."""
    if options:
        if any(set(options) == pair for pair in _YES_NO):
            return "boolean", "选项只有是与否"
        return "code", f"只能从 {len(options)} 个选项中选"
    return _typed(path[-1].strip("*＊") if path else "", "/".join(path), unit, number_format or "", layout)


@lru_cache(maxsize=50_000)
def _typed(leaf: str, path: str, unit: str | None, number_format: str, layout: Layout | None) -> tuple[DataType, str]:
    plain = number_format.split(";")[0]
    if _DATE_FORMAT.search(plain) and "0" not in plain:
        return "date", f"单元格格式是日期（{plain}）"
    if unit and is_unit(unit, leaf):
        if fold(unit) in _counted():
            return "integer", f"计量单位是“{unit}”"
        return "decimal", f"计量单位是“{unit}”"
    for kind, on, pattern, reason in _labels():
        if pattern.search(leaf if on == "leaf" else path):
            if layout == "statistics" and kind in ("text", "code") and leaf not in words("text_column"):
                continue
            return kind, reason
    if _DECIMAL_FORMAT.search(plain):
        return "decimal", f"单元格格式是数值（{plain}）"
    if layout == "statistics":
        return "decimal", "统计表的指标按数值处理"
    return "text", "没有其他线索，按文字处理"
