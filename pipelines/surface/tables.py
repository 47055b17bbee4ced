"""The table of the terminal: Chinese has no spaces to break a line at, so a long text is broken anywhere, never cut."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import rich.table
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult

NUMBER = re.compile(r"[\d,.%:\- ]*")
"""What is never broken as long as there is room: numbers, dates, times."""
NAME = re.compile(r"[!-~]{0,16}")
"""What is read as one, like a word: codes, the names of options."""
WORD = 10
"""Columns of the screen: a column whose texts are no longer than this holds words."""
LINES = 4
"""Words and numbers stay whole as long as the long texts need no more lines than this, or twice this."""
LEAST = 2
"""Columns of the screen that a Chinese character needs."""


class Table(rich.table.Table):
    """A table that shows every cell on any screen: long texts go on in the next line, of as few lines as can be."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render; columns are narrowed only when the whole does not fit."""
        texts = [[str(one.header), *map(str, one.cells)] for one in self.columns]
        widths = fitted(texts, options.max_width - 3 * len(texts) - 1)
        for column, width in zip(self.columns, widths, strict=True):
            column.width, column.overflow = width, "fold"
        self.expand = False
        return super().__rich_console__(console, options)


def fitted(texts: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return the widths of columns that together have `room`: the fewest lines in which all long texts fit.

    texts: by column, its head first. Columns of words, names, numbers and dates keep their width where it costs few
    lines.

    >>> fitted([["日期", "2026-11-28"], ["报表", "农村独居老人冬季居家安全排查登记表"], ["项", "17"]], 30)
    [10, 18, 2]
    """
    whole = [max(cell_len(text) for text in column) for column in texts]
    numbers = [all(NUMBER.fullmatch(text) for text in column[1:]) for column in texts]
    names = [all(NAME.fullmatch(text) for text in column[1:]) for column in texts]
    words = [any(kinds) or width <= WORD for *kinds, width in zip(numbers, names, whole, strict=True)]
    for is_firm, most in ((words, LINES), (numbers, 2 * LINES), ([False] * len(texts), max(whole, default=0))):
        for lines in range(1, most + 1):
            narrow = [max(LEAST, min(width, 2 * math.ceil(width / lines / 2))) for width in whole]
            widths = [all_ if kept else part for all_, part, kept in zip(whole, narrow, is_firm, strict=True)]
            spare = room - sum(widths)
            if spare >= 0:
                longest = max(range(len(texts)), key=lambda at: whole[at] - widths[at], default=0)
                return [min(whole[at], width + spare * (at == longest)) for at, width in enumerate(widths)]
    return [LEAST] * len(texts)
