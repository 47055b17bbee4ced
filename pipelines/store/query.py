"""Runs SQL text over frames in memory: how the texts of the share views become rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import polars as pl


def run(tables: Mapping[str, pl.DataFrame], sql: str) -> pl.DataFrame:
    """Return the rows of one SELECT over tables given as frames. Raises duckdb.Error for SQL that cannot run."""
    return run_all(tables, [sql])[0]


def run_all(tables: Mapping[str, pl.DataFrame], statements: Sequence[str]) -> list[pl.DataFrame]:
    """Return the rows of every SELECT, over tables registered once. Nothing but these tables can be read."""
    return list(run_each(tables, statements))


def run_each(tables: Mapping[str, pl.DataFrame], statements: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Yield the rows of every SELECT in its turn, so that the results need not all be held at once."""
    with duckdb.connect(":memory:", config={"enable_external_access": "false"}) as connection:
        for name, frame in tables.items():
            connection.register(name, frame.to_arrow())
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET lock_configuration = true")
        for sql in statements:
            yield connection.sql(sql).pl()
