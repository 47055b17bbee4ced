"""Units of measure: what a printed unit means, and whether two may meet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipelines.rulebook import rows
from pipelines.text import fold
from schemas.words import LIST_SEPARATOR


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: a value in it times `factor` is the value in `base`. Dimensions do not convert into each other."""

    unit: str
    dimension: str
    factor: float
    base: str


@lru_cache
def _units() -> dict[str, Unit]:
    table: dict[str, Unit] = {}
    for row in rows("catalogue_units"):
        unit = Unit(row["unit"], row["dimension"], float(row["factor"]), row["base"])
        for label in (row["unit"], *row["labels"].split(LIST_SEPARATOR)):
            if label:
                table.setdefault(fold(label), unit)
    return table


@lru_cache(maxsize=20_000)
def unit_of(printed: str) -> Unit | None:
    """Return the unit that a printed text names, or None when it names none that is known.

    Of several of one dimension (头/只) it is the first.

    >>> unit_of("万元").factor
    10000.0
    """
    text = fold(printed).removeprefix("单位:").strip("()[]")
    found = _units().get(text)
    if found is None and "/" in text:
        several = {_units().get(part) for part in text.split("/")}
        first = _units().get(text.split("/")[0])
        found = first if len({unit.dimension if unit else "" for unit in several}) == 1 else None
    return found


def dimension_of(unit: str) -> str:
    """Return the dimension of a printed unit, "" when the unit is empty or not known."""
    found = unit_of(unit) if unit else None
    return found.dimension if found else ""
