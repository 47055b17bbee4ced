"""Exact conversion between units of one dimension: the factor that turns the element's value into the field's."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache

from pipelines.catalogue.meaning.units import unit_of
from pipelines.rulebook import rows
from pipelines.text import fold

DIGITS = 28
"""Significant digits of a factor that is no finite decimal (亩 to 公顷 is 1/15); rounding restores the value."""


def canonical_unit(printed: str) -> str:
    """Return the unit's name in the rules, or the text as printed when no rule knows it.

    >>> canonical_unit("㎡"), canonical_unit("包")
    ('平方米', '包')
    """
    unit = unit_of(printed) if printed else None
    return unit.unit if unit else printed


def is_known(printed: str) -> bool:
    """Return whether the rules know the unit: one that converts, or one that is only counted in (间, 箱, 册)."""
    return unit_of(printed) is not None or fold(printed) in _counted()


@lru_cache(maxsize=10_000)
def factor(unit_from: str, unit_to: str) -> str | None:
    """Return as decimal text the factor that turns a value in `unit_from` into one in `unit_to`; None when none exists.

    Finite factors are exact; others have `DIGITS` significant digits.

    >>> factor("元", "万元"), factor("公顷", "亩"), factor("人", "户")
    ('0.0001', '15', None)
    """
    source, target = unit_of(unit_from), unit_of(unit_to)
    if source is None or target is None or source.dimension != target.dimension or source.base != target.base:
        return None
    ratio = _factors()[source.unit] / _factors()[target.unit]
    value = Context(prec=DIGITS).divide(Decimal(ratio.numerator), Decimal(ratio.denominator))
    return f"{value.normalize():f}"


def is_finite(unit_from: str, unit_to: str) -> bool:
    """Return whether the factor is a finite decimal, so that converting loses nothing.

    >>> is_finite("公顷", "亩"), is_finite("亩", "公顷")
    (True, False)
    """
    source, target = unit_of(unit_from), unit_of(unit_to)
    if source is None or target is None or source.dimension != target.dimension:
        return False
    rest = (_factors()[source.unit] / _factors()[target.unit]).denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


@lru_cache
def _counted() -> frozenset[str]:
    return frozenset(fold(row["unit"]) for row in rows("intake_units"))


@lru_cache
def _factors() -> dict[str, Fraction]:
    return {row["unit"]: _fraction(row["factor"]) for row in rows("catalogue_units")}


def _fraction(text: str) -> Fraction:
    """Return the exact number; a rounded one such as 0.0666666667 stands for the simple fraction near it (1/15)."""
    exact = Fraction(text)
    simple = exact.limit_denominator(100)
    return simple if simple and abs(simple / exact - 1) < Fraction(1, 10**8) else exact
