"""What several steps read: the county's own rules, and the values of the ledgers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipelines.collection.ledger_list import QUESTIONS
from pipelines.collection.merging import moved
from pipelines.step import Bench
from pipelines.store.workspace import Workspace


def rule_files(place: Workspace) -> Sequence[Path]:
    """Return the county's own rules, which decide whether a step must run again."""
    return sorted(place.rules.rglob("*.*")) if place.rules.exists() else ()


def held_values(bench: Bench) -> pl.DataFrame:
    """Return LedgerValues under the elements of today; answers to questions are no values of a ledger."""
    held = bench.tables["ledger_values"].filter(~pl.col("ledger").is_in(QUESTIONS))
    return moved(held, bench.tables["element_successors"])
