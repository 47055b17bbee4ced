"""A form does not ask one thing twice: not under two names, and not under two headings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import replace

from pipelines.catalogue.meaning.headings import bare_heading
from pipelines.catalogue.meaning.wording import data_type_of, is_mobile, plain, standard_ending
from schemas.decomposition import Decomposition

OWN_NAME = 0.5
"""Confidence of a reading that was given up: as printed, and the steward is asked."""

_SAME_THING = re.compile("(?:名称|编号|编码|代码|号码|名|号|ID|id)$")
_IN_PARTS = ("地址", "现住址", "户籍地址", "坐落", "所在行政村", "家庭住址")
"""Properties that forms ask in parts (家庭住址, 详细地址): both labels say the same."""


def tell_headings_apart(
    paths: Sequence[tuple[str, ...]], made: Sequence[Decomposition], of_anybody: Container[str]
) -> list[Decomposition]:
    """Return the readings of one form, those of one label under several headings narrowed by the heading.

    paths: cleaned labels, outermost heading first. of_anybody: properties of whoever the form is about (姓名), which
    the first of them keeps; of the others (党员人数 of candidates, of a committee) none is the form's own.
    """
    same: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, part in enumerate(made):
        if part.role == "fill":
            same[part.element_key, paths[number][-1]].append(number)
    told = list(made)
    for numbers in same.values():
        by_heading = {paths[number][:-1]: number for number in reversed(numbers)}
        if len(by_heading) < 2:
            continue
        keeps = made[numbers[0]].property in of_anybody or () in by_heading
        first = paths[numbers[0]][:-1] if () not in by_heading else ()
        for number in numbers:
            parents = paths[number][:-1]
            heading = bare_heading(parents[-1]) if parents else ""
            says_nothing = heading in ("", "人口") or (keeps and parents == first)
            if not says_nothing and heading not in made[number].qualifiers:
                told[number] = replace(made[number], qualifiers=tuple(sorted({*made[number].qualifiers, heading})))
    return told


def tell_apart(leaves: Sequence[str], made: Sequence[Decomposition]) -> list[Decomposition]:
    """Return the readings of one form, those given up that say the same as a surer one under another label.

    leaves: cleaned labels, one per reading. A code and a name of one thing may be one element, and so may the parts of
    an address. 重残人员姓名 beside 学生姓名 is not the student's.
    """
    same: dict[str, list[int]] = defaultdict(list)
    for number, part in enumerate(made):
        if part.role == "fill":
            same[part.element_key].append(number)
    told = list(made)
    for numbers in same.values():
        if len({leaves[number] for number in numbers}) < 2 or made[numbers[0]].property in _IN_PARTS:
            continue
        surest = min(numbers, key=lambda number: (-made[number].confidence, number))
        for number in numbers:
            if _SAME_THING.sub("", leaves[number]) != _SAME_THING.sub("", leaves[surest]):
                told[number] = _own(leaves[number], leaves[surest], made[number], leaves)
    return told


def _own(label: str, other: str, part: Decomposition, leaves: Sequence[str]) -> Decomposition:
    if is_mobile(label) and part.property.endswith("联系电话"):
        return replace(part, qualifiers=tuple(sorted({*part.qualifiers, "手机"})))
    name = plain(label, leaves) or part.property
    if name == part.property:
        name = label
    is_of_party = part.property != name and part.property.endswith(standard_ending(name))
    return replace(
        part,
        property=part.property if is_of_party else name,
        qualifiers=tuple(sorted({*part.qualifiers, label})) if is_of_party else part.qualifiers,
        data_type=data_type_of(name) if part.data_type in ("text", "date", "identifier") else part.data_type,
        confidence=OWN_NAME,
        reasons=(f"本表“{other}”问的已是{part.property}，“{label}”另作一项", *part.reasons[1:]),
    )
