"""SQL texts run over frames, and over nothing else."""

import duckdb
import polars as pl
import pytest

from pipelines.store.query import run, run_all


def test_rows_of_a_select():
    tables = {"a": pl.DataFrame({"k": [1, 2]}), "b": pl.DataFrame({"k": [2], "v": ["二"]})}
    assert run(tables, "SELECT a.k, b.v FROM a LEFT JOIN b ON a.k = b.k ORDER BY 1").rows() == [(1, None), (2, "二")]
    assert [frame.item() for frame in run_all(tables, ["SELECT count(*) FROM a", "SELECT count(*) FROM b"])] == [2, 1]


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM missing", "SET threads = 9", "COPY a TO 'x'"]
)
def test_nothing_else_can_be_reached(sql):
    with pytest.raises(duckdb.Error):
        run({"a": pl.DataFrame({"k": [1]})}, sql)
