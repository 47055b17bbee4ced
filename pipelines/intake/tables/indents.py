"""What the indentation of the rows of a statistical table says, and whether it can be relied on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipelines.intake.wording.numbering import Mark

MESSY_SHARE = 0.3
"""Share of numbered neighbours at different depths above which indentation says nothing."""


def is_trusted(marks: Sequence[Mark], indents: Sequence[int]) -> bool:
    """True when indentation is used with care.

    That is when numbered neighbours stand at one depth, and no two depths of unnumbered rows are one space apart.
    """
    levels: set[int] = set()
    apart = True
    in_part = False
    last: dict[float, tuple[int, int]] = {}
    same = other = 0
    for mark, indent in zip(marks, indents, strict=True):
        if mark.is_part:
            in_part = True
        elif mark.rank is not None:
            in_part = False
            apart, levels = apart and _are_apart(levels), set()
            number, depth = last.get(mark.rank, (0, 0))
            if mark.number == number + 1 and number:
                same += depth == indent
                other += depth != indent
            last = {rank: seen for rank, seen in last.items() if rank < mark.rank} | {mark.rank: (mark.number, indent)}
        elif not in_part:
            levels.add(indent)
    return apart and _are_apart(levels) and other <= MESSY_SHARE * (same + other)


def part_step(marks: Sequence[Mark], indents: Sequence[int]) -> int:
    """Return how much deeper than its whole a 其中 row usually stands; 0 when there is no usual depth."""
    steps: list[int] = []
    whole = 0
    for mark, indent in zip(marks, indents, strict=True):
        if mark.is_part:
            steps.append(indent - whole)
        else:
            whole = indent
    usual = max(set(steps), key=steps.count, default=0)
    return usual if steps and steps.count(usual) * 2 >= len(steps) else 0


def group_steps(marks: Sequence[Mark], indents: Sequence[int]) -> set[int]:
    """Return by how much groups of unnumbered rows stand deeper than the unnumbered row above them.

    A group has two rows or more; a step in that comes back under another row makes a group of one.
    """
    steps: set[int] = set()
    single: list[int] = []
    plain = [mark.rank is None and not mark.is_part for mark in marks]
    for index in range(1, len(marks) - 1):
        step = indents[index] - indents[index - 1]
        if step >= 2 and all(plain[index - 1 : index + 2]) and indents[index + 1] == indents[index]:
            steps.add(step)
        if step >= 2 and all(plain[index - 1 : index + 1]):
            single.append(step)
    return steps | {step for step in single if single.count(step) >= 2}


def _are_apart(levels: set[int]) -> bool:
    ordered = sorted(levels)
    return all(deeper - level >= 2 for level, deeper in pairwise(ordered))
