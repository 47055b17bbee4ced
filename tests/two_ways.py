"""The two implementations of the burden figures, compared row by row; what they share are the rules, nothing else."""

import polars as pl
import pytest

from pipelines import rulebook
from pipelines.burden.sql import FIGURES, sql_tables
from pipelines.store.query import run

KEYS = ("figure", "scope", "scope_value")


def assert_same(inputs, assumed, stated):
    """Hold every figure of `stated` (BurdenFigures) against the SQL text: same rows, same numbers, nothing more."""
    keys = {row["figure"]: row["key"] for row in rulebook.rows("burden_figures")}
    polars = {
        (keys[row["figure"]], row["scope"], row["scope_value"]): (row["before"], row["after"], row["reduction"])
        for row in stated.iter_rows(named=True)
    }
    by_sql = run(sql_tables(inputs, assumed), FIGURES)
    sql = {row[:3]: row[3:] for row in by_sql.select(*KEYS, pl.exclude(KEYS)).iter_rows()}
    assert sorted(sql) == sorted(polars)
    for key, numbers in polars.items():
        for side, ours, other in zip(("before", "after", "reduction"), numbers, sql[key], strict=True):
            assert (ours is None) == (other is None), (key, side, ours, other)
            assert ours is None or ours == pytest.approx(other, rel=1e-9, abs=1e-9), (key, side)
    return sql
