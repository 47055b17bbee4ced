"""Marks that a program leaves in its templates where it will print values: ${name}, {{list.name}}, &=item.name."""

from __future__ import annotations

import re
from dataclasses import replace

from schemas.templates import Grid

_MARK = re.compile(
    r"[$#@]!?\{[^{}\n]{0,120}\}|\{\{[^{}\n]{0,120}\}\}|&==?[\w.\[\]()]+|<%.{0,120}?%>|</?[#@][^<>\n]{0,120}>"
    r"|</?jx:[^<>\n]{0,200}>|«[^«»\n]{1,60}»|\{[.!]?[A-Za-z_][\w.]{0,60}\}|\$![A-Za-z_][\w.]{0,60}"
    r"|([$#%@])[A-Za-z_][A-Za-z0-9_.]{0,60}\1"
)


def without_marks(grid: Grid) -> Grid:
    """Return the grid with room to write where a program prints; the same grid when it has no such marks."""
    cells = {at: text for at, cell in grid.cells.items() if (text := _MARK.sub(_room, cell.text)) != cell.text}
    lines = [tuple((number, _MARK.sub(_room, text)) for number, text in some) for some in (grid.before, grid.after)]
    if not cells and lines == [grid.before, grid.after]:
        return grid
    kept = {at: replace(cell, text=cells[at], value=None) if at in cells else cell for at, cell in grid.cells.items()}
    return replace(
        grid,
        cells={at: cell for at, cell in kept.items() if at not in cells or cell.text.strip()},
        before=lines[0],
        after=lines[1],
    )


def _room(match: re.Match[str]) -> str:
    return " " * max(6, len(match[0]))
