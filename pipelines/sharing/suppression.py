"""Which cells of a table of counts must be hidden so that no small count can be worked out from what stays.

Primary: counts of 1 to 4 persons or households, which can point at somebody. Complementary: as many more as it takes
that nobody who sees all other numbers and knows every sum (villages to townships to the county, 男＋女＝合计, months to
quarters) can tell a hidden cell's value. Such a reader also knows that zeros are shown, so that a hidden cell is at
least 1: five villages of one person each under a shown total of 5 would be no secret.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_DEPTH, _BREADTH = 4, 4
"""How far a simple way of moving a cell is looked for before another cell is hidden."""
Sums = Sequence[Mapping[int, int]]
"""Relations: cell → coefficient, e.g. {total: 1, part: -1, part: -1}; each adds up to nothing."""


def suppress(values: Sequence[float], sums: Sums, smallest: int) -> set[int]:
    """Return the cells to hide.

    values: the count in every cell, 0 where nothing was given. sums: relations between cells that hold for the values.
    smallest: the smallest count that may be shown. Every hidden cell can still have another value than its own: there
    are other counts of at least 1 in the hidden cells that agree with everything shown.
    """
    same, sums = _merged(len(values), sums)
    hidden = {same[at] for at, value in enumerate(values) if 0 < value < smallest}
    of_cell: dict[int, list[int]] = {}
    for number, relation in enumerate(sums):
        for at in relation:
            of_cell.setdefault(at, []).append(number)
    sure: set[int] = set()
    todo = {number for at in hidden for number in of_cell.get(at, ())}
    while todo:
        _hide_lone_cells(todo, hidden, values, sums, of_cell)
        doubtful = [at for at in sorted(hidden - sure) if not _moves_at_all(at, hidden, values, sums, of_cell)]
        sure |= hidden - set(doubtful)
        eased: set[int] = set()  # sums that got another hidden cell in this round: look again before adding more
        for at in doubtful:
            more = None if eased.intersection(of_cell[at]) else _complement(at, hidden, values, sums, of_cell)
            if more is not None:
                hidden.add(more)
                eased.update(of_cell[more])
        todo = eased
    return {at for at, one in enumerate(same) if one in hidden}


def _merged(count: int, sums: Sums) -> tuple[list[int], list[dict[int, int]]]:
    """Return (the cell that stands for each cell, the other sums): a sum of one part says that two cells are one."""
    same = list(range(count))

    def one(at: int) -> int:
        while same[at] != at:
            same[at] = same[same[at]]
            at = same[at]
        return at

    for relation in sums:
        if len(relation) == 2 and sum(relation.values()) == 0:
            first, second = (one(at) for at in relation)
            same[max(first, second)] = min(first, second)
    found: dict[frozenset[tuple[int, int]], dict[int, int]] = {}
    for relation in sums:
        merged: dict[int, int] = {}
        for at, factor in relation.items():
            merged[one(at)] = merged.get(one(at), 0) + factor
        merged = {at: factor for at, factor in merged.items() if factor}
        if merged:
            found.setdefault(frozenset(merged.items()), merged)
    return [one(at) for at in range(count)], list(found.values())


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


def _moves_at_all(
    at: int, hidden: set[int], values: Sequence[float], sums: Sums, of_cell: Mapping[int, list[int]]
) -> bool:
    """Return whether a simple way was found by which a hidden cell can have another value: see `_moves`.

    What was found once stays true when more cells are hidden. Not found does not mean that there is none; then one more
    cell is hidden, which costs a few cells in a thousand.
    """
    return any(_moves(at, move, -1, hidden, values, sums, of_cell, set(), _DEPTH) for move in (1, -1))


def _moves(
    at: int,
    move: int,
    came_by: int,
    hidden: set[int],
    values: Sequence[float],
    sums: Sums,
    of_cell: Mapping[int, list[int]],
    used: set[int],
    depth: int,
) -> bool:
    """Return whether a cell can go up or down by one while one other cell of each of its sums takes it up, and so on.

    used: sums that are balanced already; a way that meets one again is given up, so that what is found is true.
    """
    if values[at] + move < 1 or not depth:
        return False
    before = set(used)
    for number in of_cell.get(at, ()):
        if number == came_by:
            continue
        if number in used:
            break
        used.add(number)
        factor = sums[number]
        takers = sorted(
            (other for other in factor if other in hidden and other != at), key=lambda other: len(of_cell[other])
        )
        if not any(
            _moves(other, -factor[at] * move // factor[other], number, hidden, values, sums, of_cell, used, depth - 1)
            for other in takers[:_BREADTH]
        ):
            break
    else:
        return True
    used.clear()
    used.update(before)
    return False


def _complement(
    at: int, hidden: set[int], values: Sequence[float], sums: Sums, of_cell: Mapping[int, list[int]]
) -> int | None:
    """Return the smallest shown cell that one can hide behind: in its own sums, else in those that hang on them."""
    seen: set[int] = set()
    front = list(of_cell.get(at, ()))
    while front:
        seen.update(front)
        near = dict.fromkeys(other for number in front for other in sums[number])
        found = _smallest(near, hidden, values)
        if found is not None:
            return found
        front = sorted({number for other in near if other in hidden for number in of_cell[other]} - seen)
    return None


def _smallest(cells: Mapping[int, object], hidden: set[int], values: Sequence[float]) -> int | None:
    others = [at for at in cells if at not in hidden and values[at] > 0]
    return min(others, key=lambda at: (values[at], at), default=None)
