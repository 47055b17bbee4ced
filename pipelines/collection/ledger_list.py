"""The ledgers there are, as `schemas/rules/ledgers.csv` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines import rulebook
from schemas.words import LIST_SEPARATOR

INDICATOR = "indicator"
DUPLICATE, CORRECTION = "duplicate", "correction"
QUESTIONS = (DUPLICATE, CORRECTION)
"""Not ledgers of things: under these names the respondents' answers to questions are kept among the values."""
RECORD = "record"
"""Where subjects go that no other ledger is made for."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger. key: canonical key of the element that tells its subjects apart, e.g. 自然人.公民身份号码, or ""."""

    name: str
    title: str
    object_classes: tuple[str, ...]
    key: str
    key_name: str


def ledgers(own_rules: Path | None = None) -> Mapping[str, Ledger]:
    """Return the ledgers by identifier, in the order of the list."""
    found = {}
    for row in rulebook.rows("ledgers", own_rules, key=("ledger",)):
        classes = tuple(part for part in row["object_classes"].split(LIST_SEPARATOR) if part)
        key = f"{classes[0]}.{row['key_property']}" if classes and row["key_property"] else ""
        found[row["ledger"]] = Ledger(row["ledger"], row["ledger_name"], classes, key, row["key_name"])
    return found


def ledger_of(object_class: str, known: Mapping[str, Ledger]) -> str:
    """Return the ledger of an object class; the record ledger when none is made for it."""
    return next((name for name, ledger in known.items() if object_class in ledger.object_classes), RECORD)
