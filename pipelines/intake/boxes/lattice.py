"""A grid as the eye sees it: boxes instead of cells, with merged ranges as one box."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from pipelines.text import address, squeeze
from schemas.templates import Cell, Grid, Span

MAX_SPAN = 20_000
"""Merged ranges larger than this many cells are clipped to the used range first; a form has none of that size."""

clean = lru_cache(maxsize=50_000)(squeeze)
"""`squeeze` with a memory: the same labels come back on every form."""


class Box(NamedTuple):
    """One visible cell: a cell, or a merged range. Rows and columns count from 0, inclusive.

    A tuple: a form has ten blank boxes for one that is printed, and they are made in a third of a dataclass's time.
    """

    row: int
    col: int
    bottom: int
    right: int
    text: str
    raw: str

    @property
    def at(self) -> str:
        """The A1 style address of the top-left cell."""
        return address(self.row, self.col)

    @property
    def is_blank(self) -> bool:
        """True when nothing is printed in it."""
        return not self.text

    @property
    def width(self) -> int:
        """Columns covered."""
        return self.right - self.col + 1

    @property
    def height(self) -> int:
        """Rows covered."""
        return self.bottom - self.row + 1


class Lattice:
    """Boxes of a grid by position. Built once per grid in time linear in its cells and merged ranges."""

    __slots__ = ("_across", "_boxes", "_rows", "bottom", "grid", "owner", "right", "spans")

    def __init__(self, grid: Grid) -> None:
        """Index the grid; blank borders beyond the last printed or merged cell are cut off."""
        self.grid = grid
        rows, cols = grid.row_count, grid.col_count
        self.spans: dict[tuple[int, int], Span] = {}
        self.owner: dict[tuple[int, int], tuple[int, int]] = {}
        for span in grid.merges:
            bottom, right = min(span.bottom, rows - 1), min(span.right, cols - 1)
            if (bottom - span.top + 1) * (right - span.left + 1) > MAX_SPAN or bottom < span.top or right < span.left:
                continue
            corner = (span.top, span.left)
            self.spans[corner] = Span(span.top, span.left, bottom, right)
            for row in range(span.top, bottom + 1):
                for col in range(span.left, right + 1):
                    self.owner[row, col] = corner
        self._boxes: dict[tuple[int, int], Box] = {}
        self._across: dict[tuple[int, int, int], list[Box]] = {}
        by_row: dict[int, list[Box]] = {}
        for at, cell in grid.cells.items():
            if self.owner.get(at, at) == at and clean(cell.text):
                by_row.setdefault(at[0], []).append(self.box(*at))
        self._rows = {row: tuple(sorted(boxes, key=lambda box: box.col)) for row, boxes in by_row.items()}
        self.bottom = max((box.bottom for boxes in self._rows.values() for box in boxes), default=-1)
        self.right = max((box.right for boxes in self._rows.values() for box in boxes), default=-1)

    def box(self, row: int, col: int) -> Box:
        """Return the box that covers a position, blank ones too."""
        corner = self.owner.get((row, col), (row, col))
        found = self._boxes.get(corner)
        if found is None:
            cell = self.grid.cells.get(corner)
            raw = cell.text if cell is not None else ""
            span = self.spans.get(corner)
            bottom, right = (span.bottom, span.right) if span else corner
            found = self._boxes[corner] = Box(*corner, bottom, right, clean(raw) if raw else "", raw)
        return found

    def printed(self, row: int) -> tuple[Box, ...]:
        """Return the boxes with text whose top row is this one, from left to right."""
        return self._rows.get(row, ())

    def across(self, row: int, left: int, right: int) -> list[Box]:
        """Return the boxes that cover a row between two columns, blank ones and those from above too."""
        found = self._across.get((row, left, right))
        if found is None:
            found, col = [], left
            while col <= right:
                box = self.box(row, col)
                found.append(box)
                col = max(box.right, col) + 1
            self._across[row, left, right] = found
        return list(found)

    def cell(self, box: Box) -> Cell | None:
        """Return the cell behind a box."""
        return self.grid.cells.get((box.row, box.col))

    def text(self, row: int, col: int) -> str:
        """Return the squeezed text at a position; of a merged range, anywhere in it."""
        cell = self.grid.cells.get(self.owner.get((row, col), (row, col)))
        return clean(cell.text) if cell else ""
