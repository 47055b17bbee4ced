"""Sensitive values as a department without a grant for them sees them, and counts too small to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import polars as pl

from pipelines.rulebook import rows

STAR = "*"
SMALLEST_SHOWN = 5
"""Counts of persons or households from 1 to 4 can point at somebody; they are not shown in aggregates."""


def mask_expressions(
    schema: Mapping[str, pl.DataType], columns: Mapping[str, str], own: Path | None = None
) -> list[pl.Expr]:
    """Return the expressions that mask columns. columns: column name → property of its element. Numbers become null."""
    changes = []
    for column, label in columns.items():
        if schema[column] != pl.String:
            changes.append(pl.lit(None, dtype=schema[column]).alias(column))
            continue
        head, tail = _ends(label, own)
        text, length = pl.col(column), pl.col(column).str.len_chars().cast(pl.Int64)
        parts = [text.str.head(head), _stars(length - head - tail), *([text.str.tail(tail)] if tail else [])]
        changes.append(pl.when(length > head + tail).then(pl.concat_str(parts)).otherwise(_stars(length)).alias(column))
    return changes


def suppressed(
    frame: pl.DataFrame, columns: Iterable[str], area: str, parents: Mapping[str, str | None]
) -> pl.DataFrame:
    """Return statistics without small cells: counts of 1 to 4 become null, and as many more as hide them in sums.

    frame: a row per area (and period). columns: counts. area: name of the column with the area code. Areas under the
    same parent add up to it: where a single one of them is hidden, it could be worked out, so the next smallest is
    hidden too; where there is no other, the parent is.
    """
    codes = frame[area].to_list()
    periods = frame["_period"].to_list() if "_period" in frame.columns else [""] * frame.height
    changes = {}
    for column in columns:
        values = frame[column].to_list()
        hidden = {i for i, value in enumerate(values) if value is not None and 0 < value < SMALLEST_SHOWN}
        groups: dict[tuple[str | None, str], list[int]] = {}
        place: dict[tuple[str, str], int] = {}
        for index, (code, period) in enumerate(zip(codes, periods, strict=True)):
            place[(code, period)] = index
            groups.setdefault((parents.get(code), period), []).append(index)
        is_settled = False
        while not is_settled:
            is_settled = True
            for (parent, period), members in groups.items():
                total = place.get((parent or "", period))
                inside = [i for i in members if i in hidden]
                if total is None or len(inside) != 1 or total in hidden:
                    continue
                others = [i for i in members if i not in hidden and values[i] is not None and values[i] > 0]
                hidden.add(min(others, key=lambda i: values[i]) if others else total)
                is_settled = False
        changes[column] = [None if index in hidden else value for index, value in enumerate(values)]
    return frame.with_columns(pl.Series(column, kept, dtype=frame.schema[column]) for column, kept in changes.items())


@lru_cache(maxsize=4096)
def _ends(label: str, own: Path | None) -> tuple[int, int]:
    for row in rows("sharing_masks", own):
        if re.search(row["property"], label):
            return int(row["head"]), int(row["tail"])
    return 0, 0


def _stars(count: pl.Expr) -> pl.Expr:
    return pl.lit(STAR).repeat_by(count.clip(0)).list.join("")
