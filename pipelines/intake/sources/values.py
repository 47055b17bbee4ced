"""A typed value as a person reads it in the cell."""

from __future__ import annotations

import datetime
import re
from typing import Any

_ZEROS = re.compile(r"^0{2,}$")
_PERCENT = re.compile(r"^0(?:\.(0+))?%$")


def render(value: Any, number_format: str | None = None) -> str:
    """Return the text of a value. Row codes typed as numbers keep their leading zeros ("00"), whole numbers lose ".0".

    >>> render(1.0, "00"), render(3.0), render(0.5, "0%"), render(0.1 + 0.2), render(True)
    ('01', '3', '50%', '0.3', 'TRUE')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format or "")
    if isinstance(value, datetime.datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    return str(value)


def _number(value: float, number_format: str) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if _ZEROS.match(number_format) and value == int(value) and value >= 0:
        return str(int(value)).zfill(len(number_format))
    if percent := _PERCENT.match(number_format):
        return f"{value * 100:.{len(percent[1] or '')}f}%"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"
