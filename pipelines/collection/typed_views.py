"""The wide ledgers as a steward's SQL sees them: a view per object class, typed, under the standard names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.collection.layout import KEY_PREFIX
from pipelines.collection.ledger_list import Ledger
from schemas.words import POPULATION_PREFIX

FIXED = {"subject_key": "主体", "area_code": "区划代码", "period": "报告期"}
NUMBER = "DECIMAL(38, 6)"
"""As exact as the sums of the ledgers themselves."""


def typed_views(
    held: Mapping[str, pl.DataFrame], elements: pl.DataFrame, known: Mapping[str, Ledger], folder: Path
) -> dict[str, str]:
    """Return the SELECT of each ledger's view by the ledger's name (人员台账 …).

    held: wide ledgers as `ledgers.current` gives them; folder: where they lie as `<ledger>.parquet`. Whole numbers are
    BIGINT, others DECIMAL, dates to the day DATE, everything else VARCHAR. Elements of one name have their ids behind
    it. Nothing is copied: the Parquet files are what is read.
    """
    records = {row["element_id"]: row for row in elements.iter_rows(named=True)}
    return {
        known[ledger].title: _select(frame, records, known[ledger], folder / f"{ledger}.parquet")
        for ledger, frame in held.items()
    }


def _select(frame: pl.DataFrame, records: Mapping[str, Mapping[str, Any]], ledger: Ledger, file: Path) -> str:
    names = {column: _name(column, records, ledger) for column in frame.columns}
    twice = {name for name, count in Counter(map(str.casefold, names.values())).items() if count > 1}
    lines = []
    for column, name in names.items():
        shown = f"{name}（{column}）" if name.casefold() in twice else name
        lines.append(f"  {_typed(column, frame.schema[column], records.get(column))} AS {_quoted(shown)}")
    path = str(file).replace("'", "''")
    return "SELECT\n" + ",\n".join(lines) + f"\nFROM read_parquet('{path}')"


def _name(column: str, records: Mapping[str, Mapping[str, Any]], ledger: Ledger) -> str:
    if column in FIXED:
        return FIXED[column]
    if column.startswith(POPULATION_PREFIX):
        return f"是否列入：{column.removeprefix(POPULATION_PREFIX)}"
    if column.startswith(KEY_PREFIX):
        return ledger.key_name
    return str(records[column]["element_name"]) if column in records else column


def _typed(column: str, stored: pl.DataType, record: Mapping[str, Any] | None) -> str:
    if stored.is_integer():
        return f"CAST({_quoted(column)} AS BIGINT)"
    if stored.is_numeric():
        return f"CAST({_quoted(column)} AS {NUMBER})"
    if record is not None and record["data_type"] == "date" and record["representation"] == "D8":
        return f"TRY_CAST({_quoted(column)} AS DATE)"
    return f"CAST({_quoted(column)} AS VARCHAR)"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
