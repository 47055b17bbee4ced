"""Sensitive values as a department without a grant for them sees them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import polars as pl

from pipelines.rulebook import rows

STAR = "*"


def mask_expressions(
    schema: Mapping[str, pl.DataType], columns: Mapping[str, str], own: Path | None = None
) -> list[pl.Expr]:
    """Return the expressions that mask columns. columns: column name → property of its element. Numbers become null."""
    changes = []
    for column, label in columns.items():
        if schema[column] != pl.String:
            changes.append(pl.lit(None, dtype=schema[column]).alias(column))
            continue
        head, tail = mask_ends(label, own)
        text, length = pl.col(column), pl.col(column).str.len_chars().cast(pl.Int64)
        parts = [text.str.head(head), _stars(length - head - tail), *([text.str.tail(tail)] if tail else [])]
        changes.append(pl.when(length > head + tail).then(pl.concat_str(parts)).otherwise(_stars(length)).alias(column))
    return changes


@lru_cache(maxsize=4096)
def mask_ends(label: str, own: Path | None) -> tuple[int, int]:
    """Return how many characters of a value stay at its beginning and its end. label: the property of its element."""
    for row in rows("sharing_masks", own):
        if re.search(row["property"], label):
            return int(row["head"]), int(row["tail"])
    return 0, 0


def _stars(count: pl.Expr) -> pl.Expr:
    return pl.lit(STAR).repeat_by(count.clip(0)).list.join("")
