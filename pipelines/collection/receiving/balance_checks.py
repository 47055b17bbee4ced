"""Checks what the templates state between numbers: totals, parts, sums on both sides, and other forms' numbers.

A relation between indicators of villages and of the township is checked for the township, with the sum of its villages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.collection.arithmetic import Relation, Term, number, side
from pipelines.collection.desk import Desk
from pipelines.collection.layout import FilledSheet
from pipelines.collection.ledger_list import INDICATOR
from pipelines.collection.reading import Reading, Said
from pipelines.text import address
from schemas.faults import collection as faults
from schemas.faults import returns


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number stands in the file."""

    sheet: FilledSheet
    row: int
    col: int


Numbers = Mapping[str, Mapping[str, tuple[Decimal, Place]]]
"""Element → area → number and place."""


def check_balances(read: Sequence[tuple[FilledSheet, Said]], reading: Reading, desk: Desk) -> None:
    """Note relations that do not hold between the numbers of a file. read: its indicator sheets with what they say.

    Only what is wholly answered is checked; what a form states as a rule may be explained in the row's 核实说明.
    A whole and its parts that several forms state, or one as = and as ≥, are told once: the words are the same.
    """
    numbers = _numbers(read, desk)
    told: set[tuple[object, ...]] = set()
    for relation in (relation for stated in desk.relations.values() for relation in stated):
        if not all(term.element_id in numbers for term in relation.terms):
            continue
        levels = {desk.plan[INDICATOR, term.element_id]["respondent_level"] for term in relation.terms}
        is_mixed = len(levels) > 1
        for area in [reading.area_code] if is_mixed else list(numbers[relation.left[0].element_id]):
            left = _sum(relation.left, area, numbers, desk, is_mixed)
            right = _sum(relation.right, area, numbers, desk, is_mixed)
            if left is not None and right is not None and not relation.holds(left, right):
                sides = [
                    tuple((term.sign, term.element_id) for term in each) for each in (relation.left, relation.right)
                ]
                said = (area, *sides, relation.text if relation.is_wide else "")
                if said in told:
                    continue
                told.add(said)
                _report(relation, area, left, right, numbers, reading, desk)


def _numbers(read: Sequence[tuple[FilledSheet, Said]], desk: Desk) -> Numbers:
    wanted = {term.element_id for stated in desk.relations.values() for each in stated for term in each.terms}
    found: dict[str, dict[str, tuple[Decimal, Place]]] = {}
    for sheet, said in read:
        for area, answers in said.items():
            for element_id in wanted & answers.keys():
                text, row, col = answers[element_id]
                value = number({"": text}, "")
                if value is not None:
                    found.setdefault(element_id, {})[area] = (value, Place(sheet, row, col))
    return found


def _sum(terms: Sequence[Term], area: str, numbers: Numbers, desk: Desk, is_mixed: bool) -> Decimal | None:
    """Return the sum of a side for an area, None when not all of it was answered."""
    values = [_value(term.element_id, area, numbers, desk, is_mixed) for term in terms]
    known = [value for value in values if value is not None]
    return side(terms, known) if len(known) == len(values) else None


def _value(element_id: str, area: str, numbers: Numbers, desk: Desk, is_mixed: bool) -> Decimal | None:
    """Return an indicator's number for an area; of one that villages tell their sum, once all have answered."""
    there = numbers[element_id]
    if is_mixed and desk.plan[INDICATOR, element_id]["respondent_level"] == "村":
        villages = set(desk.villages.get(area, {}).values())
        return sum((there[code][0] for code in villages), Decimal(0)) if villages <= there.keys() else None
    return there[area][0] if area in there else None


def _report(
    relation: Relation, area: str, left: Decimal, right: Decimal, numbers: Numbers, reading: Reading, desk: Desk
) -> None:
    places = [place for term in relation.terms for place in _places(term, area, numbers)]
    first = places[0]
    at = (first.sheet.name, first.row, first.col)
    if not relation.is_wide:
        names = "、".join(desk.title(term.element_id) for term in relation.right)
        title = desk.title(relation.left[0].element_id)
        reading.find(faults.PARTS_EXCEED, *at, column=title, value=left, sum=right, parts=names)
        return
    if relation.is_soft and first.sheet.is_answered(first.row):
        return
    reading.find(
        returns.SIDES_UNUSUAL if relation.is_soft else returns.SIDES_UNLIKE, *at,
        left=_words(relation.left, area, numbers, desk), value=left, sign="等于" if relation.is_equal else "不小于",
        right=_words(relation.right, area, numbers, desk), sum=right,
        form=desk.forms.get(relation.form, relation.form), text=relation.text,
    )  # fmt: skip


def _places(term: Term, area: str, numbers: Numbers) -> Iterator[Place]:
    """Yield the cell of a term: the area's own, else that of the first village."""
    there = numbers[term.element_id]
    yield there[area][1] if area in there else next(iter(there.values()))[1]


def _words(terms: Sequence[Term], area: str, numbers: Numbers, desk: Desk) -> str:
    """Return a side in words, each number with its form and its cell: “疑似辍学人数”（《控辍保学》乡镇指标 E7）."""
    said = []
    for at, term in enumerate(terms):
        there = numbers[term.element_id]
        place = next(_places(term, area, numbers))
        where = (
            f"{place.sheet.name} {address(place.row, place.col)}" if area in there else f"{place.sheet.name}各村合计"
        )
        sign = "－" if term.sign < 0 else "＋" if at else ""
        said.append(f"{sign}“{desk.title(term.element_id)}”（《{desk.forms.get(term.form, term.form)}》，{where}）")
    return "".join(said)
