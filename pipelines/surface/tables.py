"""The table of the terminal: Chinese has no spaces to break a line at, so a long text is broken anywhere, never cut."""

from __future__ import annotations

import re
from typing import Any

import rich.table
from rich.cells import cell_len

NUMBER = re.compile(r"[\d,.%:\- ]+")
SHORT = 10
"""Columns of the screen: a text no longer than this, like a number, a date or a time, stays on one line."""


class Table(rich.table.Table):
    """A table whose long texts go on in the next line."""

    def add_row(self, *cells: Any, **more: Any) -> None:
        """Add a row (as rich.table.Table)."""
        super().add_row(*cells, **more)
        for column, cell in zip(self.columns, cells, strict=False):
            column.overflow = "fold"
            width = cell_len(cell) if isinstance(cell, str) else 0
            if width <= SHORT or NUMBER.fullmatch(cell):
                column.min_width = max(column.min_width or 0, width)
