"""Runs Splink over a frame of subjects: which pairs are probably the same one (Fellegi and Sunter's model).

The model is not trained here: m and u come from rules that people can read, so that the same ledgers give the same
pairs. Frequent names weigh less than rare ones (Splink's term frequency adjustment).
"""

from __future__ import annotations

import duckdb
import polars as pl

from pipelines.collection.likeness import KEY, Compared, Likeness


def pairs(subjects: pl.DataFrame, likeness: Likeness) -> pl.DataFrame:
    """Return pairs that are probably one subject, the likeliest first.

    subjects: what `likeness.features` gives. Columns: left_key, right_key (String, left < right), probability (Float64)
    and, for each column compared, its level of likeness (Int64, from 0 for the closest; null when one is empty).
    """
    compared = [column for column in likeness.columns if column.levels and subjects[column.name].count()]
    schema = {"left_key": pl.String, "right_key": pl.String, "probability": pl.Float64}
    empty = pl.DataFrame(schema=schema | {column.name: pl.Int64 for column in compared})
    if not compared or subjects.height < 2:
        return empty
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    with duckdb.connect(":memory:") as connection:
        connection.execute("SET threads = 2")
        connection.register("subjects_given", subjects.to_arrow())
        connection.execute("CREATE TABLE subjects AS SELECT * FROM subjects_given")
        linker = Linker(
            DuckDBAPI(connection).register("subjects"), _settings(subjects, likeness, compared), log_level=40
        )
        found = linker.inference.predict(threshold_match_probability=likeness.likely)
        table = pl.from_arrow(found.as_pyarrow_table())  # type: ignore[no-untyped-call]
    assert isinstance(table, pl.DataFrame)
    if table.is_empty():
        return empty
    is_in_order = pl.col(f"{KEY}_l") < pl.col(f"{KEY}_r")
    return table.select(
        pl.when(is_in_order).then(f"{KEY}_l").otherwise(f"{KEY}_r").alias("left_key"),
        pl.when(is_in_order).then(f"{KEY}_r").otherwise(f"{KEY}_l").alias("right_key"),
        pl.col("match_probability").alias("probability"),
        *(_level(column) for column in compared),
    ).sort("probability", "left_key", "right_key", descending=[True, False, False])


def _settings(subjects: pl.DataFrame, likeness: Likeness, compared: list[Compared]) -> dict[str, object]:
    there = {name for name in subjects.columns if subjects[name].count()}
    unless = f" AND NOT coalesce({likeness.unless}, FALSE)" if likeness.unless else ""
    blocks = [block for block in likeness.blocks if there.issuperset(block)]
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": KEY,
        "probability_two_random_records_match": min(0.5, 2 * likeness.share / (subjects.height - 1)),
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": " AND ".join(f"l.{name} = r.{name}" for name in block) + unless, "sql_dialect": "duckdb"}
            for block in blocks
        ],
        "comparisons": [_comparison(column) for column in compared],
        "retain_intermediate_calculation_columns": False,
        "retain_matching_columns": True,
    }


def _comparison(column: Compared) -> dict[str, object]:
    empty = f"{column.name}_l IS NULL OR {column.name}_r IS NULL"
    made: list[dict[str, object]] = [{"sql_condition": empty, "label_for_charts": "empty", "is_null_level": True}]
    for number, (level, m, u) in enumerate(zip(column.levels, column.m, column.u, strict=True)):
        entry: dict[str, object] = {
            "sql_condition": level.sql,
            "label_for_charts": f"{column.name} {number}",
            "m_probability": m,
            "u_probability": u,
        }
        if number == 0 and column.kind == "text":
            entry |= {"tf_adjustment_column": column.name, "tf_adjustment_weight": 1.0, "tf_minimum_u_value": 0.00001}
        made.append(entry)
    return {"output_column_name": column.name, "comparison_levels": made}


def _level(column: Compared) -> pl.Expr:
    """Splink counts levels down to 0 for "everything else", and gives -1 for empty."""
    gamma = pl.col(f"gamma_{column.name}").cast(pl.Int64)
    return pl.when(gamma >= 0).then(len(column.levels) - 1 - gamma).alias(column.name)
