"""Blocking: which groups are worth comparing. A new group costs what it shares, not what there is."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from pipelines.catalogue.profile import SETTLED, Profile

LARGEST_BLOCK = 40
"""A key that more groups share says too little; with 40, a block costs at most 780 comparisons."""

CANDIDATES_PER_GROUP = 25

NEAREST = 8
"""Groups that an unsettled one is compared with because their names share the rarest pieces, however common."""

COMMON_PIECE = 400
"""A pair of characters that more groups use says nothing."""


def candidates(profiles: Sequence[Profile]) -> list[tuple[int, int]]:
    """Return pairs of positions (smaller first, sorted) of groups that share a name, a property or rare pieces."""
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, profile in enumerate(profiles):
        for key in sorted(set(_keys(profile))):
            blocks[key].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for key, numbers in blocks.items():
        if 1 < len(numbers) <= LARGEST_BLOCK:
            weight = 4 if key[0] == "label" else 2 if key[0] == "property" else 1
            for pair in combinations(numbers, 2):
                shared[pair] += weight
    for pair in _nearest(profiles):
        shared[pair] += 2
    return _strongest(shared)


def _nearest(profiles: Sequence[Profile]) -> Iterator[tuple[int, int]]:
    """Yield for every group that no vocabulary settles those whose names share the most telling pieces with its own."""
    index: dict[str, list[int]] = defaultdict(list)
    for number, profile in enumerate(profiles):
        for piece in {piece for name in (*profile.names, profile.property) for piece in _pieces(name)}:
            index[piece].append(number)
    for number, profile in enumerate(profiles):
        if profile.known > SETTLED:
            continue
        worth: dict[int, float] = defaultdict(float)
        for piece in {piece for label in profile.labels for piece in _pieces(label)}:
            found = index[piece]
            if len(found) <= COMMON_PIECE:
                for other in found:
                    worth[other] += 1 / (1 + math.log(len(found)))
        worth.pop(number, None)
        for other in sorted(worth, key=lambda name: (-worth[name], name))[:NEAREST]:
            yield min(number, other), max(number, other)


def _pieces(name: str) -> Iterator[str]:
    return (name[at : at + 2] for at in range(len(name) - 1))


def _strongest(shared: Counter[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs that share at least two pieces, for each group only the strongest."""
    by_group: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for (left, right), weight in shared.items():
        if weight >= 2:
            by_group[left].append((-weight, left, right))
            by_group[right].append((-weight, left, right))
    kept = {(left, right) for ranked in by_group.values() for _, left, right in sorted(ranked)[:CANDIDATES_PER_GROUP]}
    return sorted(kept)


def _keys(profile: Profile) -> Iterator[tuple[str, str]]:
    for name in profile.names:
        yield "label", name
    for label in profile.labels:
        for piece in _pieces(label):
            yield "piece", piece
    yield "property", profile.property
    for qualifier in profile.qualifiers:
        yield "qualified", f"{profile.property}|{qualifier}"
