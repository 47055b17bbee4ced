"""The table of the terminal: Chinese has no spaces to break a line at, so a long text is broken anywhere, never cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import rich.table
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult

NUMBER = re.compile(r"[\d,.%:\- ]+")
SHORT = 10
"""Columns of the screen: a text no longer than this, like a number, a date or a time, stays on one line."""
LEAST = 2
"""Columns of the screen that a Chinese character needs."""


class Table(rich.table.Table):
    """A table whose long texts go on in the next line, and short ones too where the screen is too narrow for all."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render with every cell shown: on a narrow screen the columns share what room there is."""
        room = options.max_width - 3 * len(self.columns) - 1
        whole = [max(cell_len(str(text)) for text in (one.header, *one.cells)) for one in self.columns]
        if sum(whole) > room:
            widths = shared([one.min_width or LEAST for one in self.columns], whole, room)
            for column, width in zip(self.columns, widths, strict=True):
                column.width = column.min_width = width
                column.overflow = "fold"
        return super().__rich_console__(console, options)

    def add_row(self, *cells: Any, **more: Any) -> None:
        """Add a row (as rich.table.Table)."""
        super().add_row(*cells, **more)
        for column, cell in zip(self.columns, cells, strict=False):
            column.overflow = "fold"
            width = cell_len(cell) if isinstance(cell, str) else 0
            if width <= SHORT or NUMBER.fullmatch(cell):
                column.min_width = max(column.min_width or 0, width)


def shared(least: Sequence[int], whole: Sequence[int], room: int) -> list[int]:
    """Return the widths of columns that together have `room`: short texts first, then the narrowest grow alike.

    least: what a column needs to keep its short texts on a line, given up by the widest where even that is too much;
    whole: what it would take. A column never falls below LEAST.

    >>> shared([10, 2, 2], [10, 40, 6], 30)
    [10, 14, 6]
    """
    widths = [max(LEAST, one) for one in least]
    while sum(widths) > room and max(widths) > LEAST:
        widths[widths.index(max(widths))] -= 1
    for _ in range(room - sum(widths)):
        growing = [at for at, width in enumerate(widths) if width < whole[at]]
        if not growing:
            break
        widths[min(growing, key=widths.__getitem__)] += 1
    return widths
