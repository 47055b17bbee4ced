"""Groups: fields with one key, corrected by the steward's verdicts, which win over everything and propagate."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from pipelines.catalogue.verdicts import Settled


def group_keys(element_keys: Sequence[str], field_keys: Sequence[str], settled: Settled) -> list[str]:
    """Return the group key of every field; both arguments have one item per field.

    Without verdicts the group is the element key. Fields judged 不同 are parted (those of the rarer component leave),
    fields judged 相同 are joined with their whole groups; the joined group carries the key of most of its fields. The
    result depends neither on the order of the fields nor on that of the verdicts.
    """
    component = [settled.component.get(key, "") for key in field_keys]
    if not settled.component:
        return list(element_keys)
    parted = _part(element_keys, component, settled)
    joined = _join(parted, component, settled)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for key in parted:
        counts[joined.get(key, key)][key] += 1
    name = {root: min(keys, key=lambda key: (-keys[key], key)) for root, keys in counts.items()}
    return [name[joined.get(key, key)] for key in parted]


def _part(element_keys: Sequence[str], component: Sequence[str], settled: Settled) -> list[str]:
    sizes: dict[str, Counter[str]] = defaultdict(Counter)
    for key, judged in zip(element_keys, component, strict=True):
        if judged:
            sizes[key][judged] += 1
    place: dict[tuple[str, str], str] = {}
    for key, judged_sizes in sizes.items():
        rooms: list[list[str]] = []
        for judged in sorted(judged_sizes, key=lambda name: (-judged_sizes[name], name)):
            room = next((r for r in rooms if not any(_apart(judged, other, settled) for other in r)), None)
            if room is None:
                rooms.append(room := [])
            room.append(judged)
        for room in rooms[1:]:
            for judged in room:
                place[key, judged] = f"{key}｛{min(room)}｝"
    return [place.get((key, judged), key) for key, judged in zip(element_keys, component, strict=True)]


def _join(parted: Sequence[str], component: Sequence[str], settled: Settled) -> dict[str, str]:
    groups_of: dict[str, set[str]] = defaultdict(set)
    judged_in: dict[str, set[str]] = defaultdict(set)
    for key, judged in zip(parted, component, strict=True):
        if judged:
            groups_of[judged].add(key)
            judged_in[key].add(judged)
    forest: dict[str, str] = {}

    def root(key: str) -> str:
        while key in forest:
            key = forest[key]
        return key

    for judged in sorted(groups_of):
        first, *others = sorted(groups_of[judged])
        for other in others:
            low, high = sorted((root(first), root(other)))
            if low == high or any(_apart(a, b, settled) for a in judged_in[low] for b in judged_in[high]):
                continue
            forest[high] = low
            judged_in[low] |= judged_in[high]
    return {key: root(key) for key in set(parted)}


def _apart(left: str, right: str, settled: Settled) -> bool:
    return left != right and frozenset((left, right)) in settled.apart
