"""Which cells are drawn as boxes: the edges of cells, a cell's edge counted whichever neighbour carries it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from schemas.templates import Span

Sides = tuple[bool, bool, bool, bool]
"""Border of a cell format: left, top, right, bottom."""
_FRAMED: Sides = (True, True, True, True)


def bordered(sides: Mapping[tuple[int, int], Sides], merges: Iterable[Span], cells: int) -> frozenset[tuple[int, int]]:
    """Return the cells with a border on all sides; a merged range counts as a whole, by its perimeter or top-left cell.

    sides: borders by (row, col), only of cells that have any. cells: most cells of merged ranges that are listed.
    """
    if not sides:
        return frozenset()
    found = {at for at, side in sides.items() if side == _FRAMED}
    if len(found) < len(sides):
        found |= _shared(sides)
    for span in merges:
        size = (span.bottom - span.top + 1) * (span.right - span.left + 1)
        if size > cells or (span.top, span.left) not in sides:
            continue
        members = {(r, c) for r in range(span.top, span.bottom + 1) for c in range(span.left, span.right + 1)}
        found = found | members if all(sides[span.top, span.left]) or _is_framed(span, sides) else found - members
    return frozenset(found)


def _shared(sides: Mapping[tuple[int, int], Sides]) -> set[tuple[int, int]]:
    """Return the cells whose four edges are drawn, some of them by the neighbour."""
    upright = {at for at, side in sides.items() if side[0]} | {(r, c + 1) for (r, c), side in sides.items() if side[2]}
    level = {at for at, side in sides.items() if side[1]} | {(r + 1, c) for (r, c), side in sides.items() if side[3]}
    return {
        (r, c)
        for r, c in sides
        if (r, c) in upright and (r, c + 1) in upright and (r, c) in level and (r + 1, c) in level
    }


def _is_framed(span: Span, sides: Mapping[tuple[int, int], Sides]) -> bool:
    """True when every edge of the range's perimeter is drawn, from inside or outside."""

    def drawn(row: int, col: int, side: int, other: tuple[int, int]) -> bool:
        here, there = sides.get((row, col)), sides.get(other)
        return bool((here and here[side]) or (there and there[(side + 2) % 4]))

    rows, cols = range(span.top, span.bottom + 1), range(span.left, span.right + 1)
    return (
        all(drawn(r, span.left, 0, (r, span.left - 1)) for r in rows)
        and all(drawn(span.top, c, 1, (span.top - 1, c)) for c in cols)
        and all(drawn(r, span.right, 2, (r, span.right + 1)) for r in rows)
        and all(drawn(span.bottom, c, 3, (span.bottom + 1, c)) for c in cols)
    )
