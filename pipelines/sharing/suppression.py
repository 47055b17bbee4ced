"""Which cells of a table of counts must be hidden so that no small count can be worked out from what stays.

Primary: counts of 1 to 4 persons or households, which can point at somebody. Complementary: as many more as it takes
that nobody who sees all other numbers and knows every sum (villages to townships to the county, 男＋女＝合计, months to
quarters) can tell a hidden cell's value. Such a reader also knows that zeros are shown, so that a hidden cell is at
least 1: five villages of one person each under a shown total of 5 would be no secret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Sums = Sequence[Mapping[int, int]]
"""Relations: cell → coefficient, e.g. {total: 1, part: -1, part: -1}; each adds up to nothing."""


def suppress(values: Sequence[float], sums: Sums, smallest: int) -> set[int]:
    """Return the cells to hide.

    values: the count in every cell, 0 where nothing was given. sums: relations between cells that hold for the values.
    smallest: the smallest count that may be shown. Every hidden cell can still have another value than its own: there
    are other counts of at least 1 in the hidden cells that agree with everything shown.
    """
    hidden = {at for at, value in enumerate(values) if 0 < value < smallest}
    of_cell: dict[int, list[int]] = {}
    for number, relation in enumerate(sums):
        for at in relation:
            of_cell.setdefault(at, []).append(number)
    todo = {number for at in hidden for number in of_cell.get(at, ())}
    while todo:
        _hide_lone_cells(todo, hidden, values, sums, of_cell)
        todo = set()
        for cells, relations in _components(hidden, sums, of_cell):
            for at in _pinned(cells, relations, values, sums):
                more = _complement(at, relations, hidden, values, sums, of_cell)
                if more is not None:
                    hidden.add(more)
                    todo.update(of_cell[more])
    return hidden


def _hide_lone_cells(
    todo: set[int], hidden: set[int], values: Sequence[float], sums: Sums, of_cell: Mapping[int, list[int]]
) -> None:
    """Where a single cell of a sum is hidden, the others tell it: hide the smallest of them too, and look again."""
    while todo:
        relation = sums[todo.pop()]
        if sum(at in hidden for at in relation) == 1:
            more = _smallest(relation, hidden, values)
            if more is not None:
                hidden.add(more)
                todo.update(of_cell[more])


def _components(hidden: set[int], sums: Sums, of_cell: Mapping[int, list[int]]) -> list[tuple[list[int], list[int]]]:
    """Return (hidden cells, relations) of each group that hangs together."""
    seen: set[int] = set()
    found = []
    for first in sorted(hidden):
        if first in seen:
            continue
        seen.add(first)
        cells, relations, front = [first], dict[int, None](), [first]
        while front:
            for number in of_cell.get(front.pop(), ()):
                relations[number] = None
                for at in sums[number]:
                    if at in hidden and at not in seen:
                        seen.add(at)
                        cells.append(at)
                        front.append(at)
        found.append((cells, list(relations)))
    return found


def _pinned(cells: Sequence[int], relations: Sequence[int], values: Sequence[float], sums: Sums) -> list[int]:
    """Return the hidden cells whose value can be worked out.

    A cell can move when there is a direction that keeps every sum, moves the cell, and lowers no cell of 1 or less.
    The directions form a cone, so that those found for some cells add up to one for all of them.
    """
    if not relations:
        return []
    ones = {at for at in cells if values[at] <= 1}
    if len(relations) == 1:
        lowered = [at for at in cells if at not in ones]
        if not lowered or len(cells) < 2:
            return list(cells)
        return []
    return _pinned_by_cone(cells, relations, ones, sums)


def _pinned_by_cone(cells: Sequence[int], relations: Sequence[int], ones: set[int], sums: Sums) -> list[int]:
    import numpy as np
    from scipy.optimize import linprog  # type: ignore[import-untyped]
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

    column = {at: n for n, at in enumerate(cells)}
    places = [(n, column[at], factor) for n, number in enumerate(relations) for at, factor in sums[number].items()
              if at in column]  # fmt: skip
    row, col, factor = zip(*places, strict=True)
    matrix = csr_array((factor, (row, col)), shape=(len(relations), len(cells)), dtype=float)
    bounds = [(0.0 if at in ones else -1.0, 1.0) for at in cells]
    moves = np.zeros(len(cells), dtype=bool)
    for sign in (-1.0, 1.0):  # first upwards, which every cell may do
        left = ~moves
        while left.any():
            aim = np.where(left, sign * (1.0 + np.arange(len(cells)) % 7 / 8.0), 0.0)
            answer = linprog(aim, A_eq=matrix, b_eq=np.zeros(len(relations)), bounds=bounds, method="highs")
            found = left & (np.abs(answer.x) > 1e-6)
            if not found.any():
                break
            moves |= found
            left &= ~found
    return [at for at, is_moving in zip(cells, moves, strict=True) if not is_moving]


def _complement(
    at: int,
    relations: Sequence[int],
    hidden: set[int],
    values: Sequence[float],
    sums: Sums,
    of_cell: Mapping[int, list[int]],
) -> int | None:
    """Return the smallest shown cell that a worked-out one can hide behind: in its own sums, else in the group's."""
    near = dict.fromkeys(other for number in of_cell[at] for other in sums[number])
    far = dict.fromkeys(other for number in relations for other in sums[number])
    found = _smallest(near, hidden, values)
    return found if found is not None else _smallest(far, hidden, values)


def _smallest(cells: Mapping[int, object], hidden: set[int], values: Sequence[float]) -> int | None:
    others = [at for at in cells if at not in hidden and values[at] > 0]
    return min(others, key=lambda at: (values[at], at), default=None)
