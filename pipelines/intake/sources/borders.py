"""Which cells are drawn as boxes: the edges of cells, a cell's edge counted whichever neighbour carries it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schemas.templates import Span

Sides = tuple[bool, bool, bool, bool]
"""Border of a cell format: left, top, right, bottom."""


def bordered(sides: Mapping[tuple[int, int], Sides], merges: Iterable[Span], cells: int) -> frozenset[tuple[int, int]]:
    """Return the cells with a border on all sides; a merged range counts as a whole, by its perimeter or top-left cell.

    sides: borders by (row, col), only of cells that have any. cells: most cells of merged ranges that are listed.
    """
    if not sides:
        return frozenset()
    upright = {at for at, side in sides.items() if side[0]} | {(r, c + 1) for (r, c), side in sides.items() if side[2]}
    level = {at for at, side in sides.items() if side[1]} | {(r + 1, c) for (r, c), side in sides.items() if side[3]}
    found = {
        (r, c)
        for r, c in sides
        if (r, c) in upright and (r, c + 1) in upright and (r, c) in level and (r + 1, c) in level
    }
    for span in merges:
        size = (span.bottom - span.top + 1) * (span.right - span.left + 1)
        if size > cells or (span.top, span.left) not in sides:
            continue
        boxed = all(sides[span.top, span.left]) or (
            all((r, c) in upright for r in range(span.top, span.bottom + 1) for c in (span.left, span.right + 1))
            and all((r, c) in level for c in range(span.left, span.right + 1) for r in (span.top, span.bottom + 1))
        )
        members = {(r, c) for r in range(span.top, span.bottom + 1) for c in range(span.left, span.right + 1)}
        found = found | members if boxed else found - members
    return frozenset(found)
