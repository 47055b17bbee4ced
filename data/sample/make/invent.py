"""Values that the model of people and places does not know: plausible, and the same every time."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from chance import between, day, pick
from codes import identity_number
from facts import Report
from geography import COUNTY_CODE
from people import names, phone


@lru_cache
def rules() -> list[dict[str, Any]]:
    """Return the rules of facts/values.toml, in order."""
    text = (Path(__file__).parent / "facts" / "values.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["rule"]
    return found


KINDS = {
    "phone": "identifier",
    "yes": "boolean",
    "date": "date",
    "identity": "identifier",
    "number": "identifier",
    "int": "integer",
    "money": "decimal",
    "decimal": "decimal",
    "name": "text",
    "choice": "text",
}


def choices_of(reports: list[Report]) -> dict[str, tuple[str, ...]]:
    """Return for every concept the values that the forms offer: of the first form (by id) that offers any."""
    found: dict[str, tuple[str, ...]] = {}
    for report in reports:
        for item in (item for form in report.forms for item in form.items):
            options = item.options
            if "choices" in options or "box" in options:
                found.setdefault(item.concept, tuple((options.get("choices") or options["box"]).split("、")))
            elif ":" in options.get("codes", ""):
                found.setdefault(item.concept, tuple(pair.split(":")[0] for pair in options["codes"].split(",")))
    return found


@lru_cache(maxsize=4096)
def rule_of(concept: str) -> tuple[str, int, int, tuple[str, ...]]:
    """Return (kind, low, high, values) of the rule that holds for a concept."""
    rule = next(rule for rule in rules() if re.search(rule["match"], concept))
    return str(rule["kind"]), rule.get("low", 0), rule.get("high", 9), tuple(rule.get("values", ()))


def invent(concept: str, choices: tuple[str, ...], *about: object) -> str:
    """Return a value for a concept in canonical form: dates YYYY-MM-DD, plain numbers, 是 or 否."""
    kind, low, high, values = rule_of(concept)
    if kind == "yes":
        return "是" if between(0, 3, concept, *about) == 0 else "否"
    if choices:
        return pick(choices, concept, *about)
    if kind == "choice":
        return pick(values, concept, *about)
    if kind == "phone":
        return phone(concept, *about)
    if kind == "date":
        return day(dt.date(2021, 1, 1), dt.date(2025, 9, 30), concept, *about)
    if kind == "name":
        parts = enumerate(("surnames", "shared", "male"), start=1)
        return "".join(pick(names()[part], concept, number, *about) for number, part in parts)
    if kind == "identity":
        born = day(dt.date(1955, 1, 1), dt.date(1999, 12, 31), concept, *about)
        return identity_number(COUNTY_CODE, born.replace("-", ""), between(900, 999, concept, *about))
    if kind == "number":
        return f"{COUNTY_CODE}{between(0, 10**8 - 1, concept, *about):08d}"
    value = between(low, high, concept, *about)
    return str(value * 100 if kind == "money" else value) if kind != "decimal" else f"{value / 10:.10g}"
