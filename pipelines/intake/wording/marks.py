"""Texts in cells that are no words: dashes that cross a cell out, numbers."""

from __future__ import annotations

import re
from functools import lru_cache

_DASHES = re.compile(r"^[—\-–―─－~～×Xx/／\\*…·．.]+$")
_NUMBER = re.compile(r"^[0-9０-９.,，％%\-−+]+$")


_BAND = re.compile(r"^(?:[0-9]{1,3}[\-−—–~～][0-9]{1,3}|[0-9]{1,3}\+|[<>≤≥＜＞][0-9]{1,3})$")


def is_band(text: str) -> bool:
    """True for a text that names a group by its bounds: 0-14, 60+."""
    return bool(_BAND.match(text))


@lru_cache(maxsize=50_000)
def is_dash(text: str) -> bool:
    """True for a text that crosses a cell out: —, ——, /, ×."""
    return bool(text) and bool(_DASHES.match(text))


@lru_cache(maxsize=50_000)
def is_number(text: str) -> bool:
    """True for a text of digits only."""
    return bool(text) and bool(_NUMBER.match(text))
