"""Tables folded into one row: Word forms that keep a whole column of indicators as lines of a single cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipelines.intake.wording.units import is_unit
from pipelines.text import address, position, squeeze
from schemas.templates import Cell, Check, FieldReading, Grid, Span, TableReading

MIN_LINES = 4
"""Lines that two cells of a row must have to be columns of lines; signature boxes have three at most."""
_CODE = re.compile(r"^(?:[0-9]{1,4}|[—\-–]+)$")
_COLON = re.compile(r"(?<!其中)(?<!附报)[：:]|^年月日$|签字")


@dataclass(frozen=True, slots=True)
class Unfolded:
    """A grid with a row per line. `origin`: by unfolded row, the file's row and the line in it (0 = not folded)."""

    grid: Grid
    origin: Mapping[int, tuple[int, int]] = field(default_factory=dict)


def unfold(grid: Grid) -> Unfolded:
    """Return the grid with folded rows opened; the same grid when it has none."""
    if grid.kind != "document":
        return Unfolded(grid)
    by_row: dict[int, list[Cell]] = {}
    for cell in grid.cells.values():
        if "\n" in cell.text:
            by_row.setdefault(cell.row, []).append(cell)
    heights = {row: _height(cells) for row, cells in by_row.items()}
    heights = {row: height for row, height in heights.items() if height}
    if not heights:
        return Unfolded(grid)
    start: dict[int, int] = {}
    origin: dict[int, tuple[int, int]] = {}
    at = 0
    for row in range(grid.row_count):
        start[row] = at
        for line in range(heights.get(row, 1)):
            origin[at + line] = (row, line + 1 if row in heights else 0)
        at += heights.get(row, 1)
    cells: dict[tuple[int, int], Cell] = {}
    for (row, col), cell in grid.cells.items():
        if row not in start:
            continue
        lines = cell.text.split("\n") if row in heights else [cell.text]
        for line, text in enumerate(lines[: heights.get(row, 1)]):
            if text.strip():
                cells[start[row] + line, col] = replace(cell, row=start[row] + line, text=text, value=text)
    merges: list[Span] = []
    for span in grid.merges:
        if span.bottom not in start:
            continue
        if span.top == span.bottom and span.top in heights:
            merges += [
                Span(start[span.top] + line, span.left, start[span.top] + line, span.right)
                for line in range(heights[span.top])
            ]
        else:
            merges.append(
                Span(start[span.top], span.left, start[span.bottom] + heights.get(span.bottom, 1) - 1, span.right)
            )
    bordered = frozenset(
        (new, col) for new, (row, _) in origin.items() for col in range(grid.col_count) if (row, col) in grid.bordered
    )
    return Unfolded(
        replace(
            grid, cells=cells, merges=tuple(merges), row_count=at, bordered=bordered, choices_by_cell={}, comments={}
        ),
        origin,
    )


def _height(cells: list[Cell]) -> int:
    """Return the lines of a folded row; 0 when its cells are not columns of lines."""
    counts = []
    for cell in sorted(cells, key=lambda cell: cell.col):
        lines = [squeeze(line) for line in cell.text.split("\n")]
        printed = [line for line in lines if line]
        labelled = sum(bool(_COLON.search(line)) for line in printed)
        is_short = labelled <= 0.2 * len(printed) and sum(map(len, printed)) <= 24 * len(printed)
        if len(printed) >= MIN_LINES and is_short:
            counts.append(max(number for number, line in enumerate(lines, start=1) if line))
    if len(counts) < 2 or min(counts[:2]) < 0.6 * max(counts[:2]):
        return _pairs(cells)
    return max(counts)


def _pairs(cells: list[Cell]) -> int:
    """Return the lines of a row that holds two or three indicators: label, unit and code cells of as many lines.

    Without a unit the codes must go on by one from line to line.
    """
    printed = [[line for line in (squeeze(part) for part in cell.text.split("\n")) if line] for cell in cells]
    printed = [lines for lines in printed if len(lines) >= 2]
    if len(printed) < 2 or len({len(lines) for lines in printed}) != 1:
        return 0
    short = sum(all(is_unit(line) or _CODE.match(line) for line in lines) for lines in printed)
    if len(printed) == 2:
        return len(printed[0]) if short == 1 and any(map(_goes_on, printed)) else 0
    return len(printed[0]) if short >= 2 else 0


def _goes_on(lines: list[str]) -> bool:
    """True for codes that count up by one: 1, 2 or 07, 08."""
    if not all(line.isdecimal() for line in lines):
        return False
    return all(int(later) == int(line) + 1 for line, later in pairwise(lines))


def refold(reading: TableReading, unfolded: Unfolded) -> TableReading:
    """Return the reading with the addresses of the file; `inline` is then the line within the cell."""
    if not unfolded.origin:
        return reading
    return replace(
        reading,
        fields=tuple(_field(one, unfolded) for one in reading.fields),
        checks=tuple(_check(one, unfolded) for one in reading.checks),
        findings=tuple(replace(one, cell=_place(one.cell, unfolded)[0]) for one in reading.findings),
    )


def _place(cell: str, unfolded: Unfolded) -> tuple[str, int]:
    if not cell or " " in cell:
        return cell, 0
    row, col = position(cell)
    real, line = unfolded.origin.get(row, (row, 0))
    return address(real, col), line


def _field(one: FieldReading, unfolded: Unfolded) -> FieldReading:
    cell, line = _place(one.cell, unfolded)
    return replace(one, cell=cell, label_cell=_place(one.label_cell, unfolded)[0], inline=one.inline or line or None)


def _check(one: Check, unfolded: Unfolded) -> Check:
    """Cells of a folded row are told apart by their line: “D3#12”."""
    return replace(
        one, target=_marked(one.target, unfolded), parts=tuple(_marked(part, unfolded) for part in one.parts)
    )


def _marked(cell: str, unfolded: Unfolded) -> str:
    place, line = _place(cell, unfolded)
    return f"{place}#{line}" if line else place
