"""Excel workbooks (.xlsx, .xlsm), read from their XML."""

from __future__ import annotations

from schemas.templates import Grid


def read_xlsx(data: bytes, file: str) -> list[Grid]:
    """Return a grid per worksheet."""
    return []
