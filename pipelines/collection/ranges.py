"""What a number cannot be: persons, heads, hectares and the like are not below zero, unless their name says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines import rulebook


def least(element: Mapping[str, Any], own_rules: Path | None = None) -> int | None:
    """Return the least value of a row of Elements, None where there is none (money, rates, 净增, 减少 …).

    From `rules/returns.toml`: dimensions of units that count or measure a thing, and words of names that may be signed.
    """
    units, signed = _rules(own_rules)
    if element["data_type"] not in ("integer", "decimal") or element["unit"] not in units:
        return None
    return None if signed.search(element["element_name"]) else 0


@lru_cache(maxsize=8)
def _rules(own_rules: Path | None) -> tuple[frozenset[str], re.Pattern[str]]:
    rule = rulebook.settings("returns", own_rules)["range"]
    things = set(rule["dimensions"])
    units = {row["unit"] for row in rulebook.rows("catalogue_units", own_rules) if row["dimension"] in things}
    return frozenset(units), re.compile("|".join(rule["signed"]))
