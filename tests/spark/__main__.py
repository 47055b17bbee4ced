"""Runs every share view of a workspace on Spark, unchanged, and compares the rows with DuckDB's, value by value.

python -m tests.spark WORKSPACE        needs pyspark 4 and Java 17, which the lock does not have
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import periods
from pipelines.sharing.holdings import Holdings
from pipelines.sharing.publish import all_views, area_paths, run_views
from pipelines.sharing.views.roll_up import at_pace, newest_periods
from pipelines.sharing.views.sources import INDICATOR, complete
from pipelines.steps.sharing import SHARED
from pipelines.store.frames import read_frames
from pipelines.store.query import run_each
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import open_workspace


def main(home: str) -> int:
    """Print every view that Spark refuses or answers otherwise; returns how many there are."""
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.ansi.doubleQuotedIdentifiers", "true")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.execution.arrow.pyspark.enabled", "true")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    held = holdings(home)
    views = all_views(held)
    wanted = run_views(views, held, run_each)
    ledgers = complete(held.ledgers, held.fill_plan, held.elements)
    temporal = dict(held.elements.select("element_id", "temporal").iter_rows())
    faults = []
    with tempfile.TemporaryDirectory() as name:
        for table, frame in {**ledgers, "areas": held.areas, "area_paths": area_paths(held.areas)}.items():
            register(spark, Path(name), table, frame)
        for frequency in dict.fromkeys(view.frequency for view in views):
            paced = at_pace(ledgers[INDICATOR], frequency, held.month, temporal, held.areas, held.short)
            register(spark, Path(name), INDICATOR, paced)
            for view in views:
                if view.frequency != frequency:
                    continue
                found = pl.from_arrow(spark.sql(view.sql).toArrow())
                if not same(found, wanted[view.view_name]):
                    faults.append(view.view_name)
                    print("不同：", view.view_name)
    print(f"{len(views)} 个视图在 Spark {spark.version} 上原文执行，{len(faults)} 个结果不同。")
    spark.stop()
    return len(faults)


def holdings(home: str) -> Holdings:
    """Return what the workspace's snapshot is made of; templates are not needed."""
    place = open_workspace(home)
    with Warehouse(place.database) as warehouse:
        tables = {name: warehouse.read(name) for name in (*SHARED, "ledger_values")}
    month, short = newest_periods(tables["ledger_values"]["submitted_period"])
    return Holdings(
        **{name: tables[name] for name in SHARED},
        ledgers=read_frames(place.ledgers),
        templates={},
        month=month,
        short=short,
        as_of=periods.last_day(month),
        own_rules=place.rules,
    )


def register(spark: Any, folder: Path, table: str, frame: pl.DataFrame) -> None:
    """Put a frame where Spark finds it under its name: the same Parquet that DuckDB would read."""
    file = Path(tempfile.mkdtemp(dir=folder)) / f"{table}.parquet"
    frame.write_parquet(file)
    spark.read.parquet(str(file)).createOrReplaceTempView(table)


def same(found: pl.DataFrame, wanted: pl.DataFrame) -> bool:
    """Whether two frames hold the same rows in the same order; numbers as exact decimals, whatever their width."""
    if found.columns != wanted.columns or found.height != wanted.height:
        return False
    texts = [
        [None if value is None else f"{value:f}" if hasattr(value, "as_tuple") else str(value) for value in column]
        for frame in (found, wanted)
        for column in frame.get_columns()
    ]
    half = len(texts) // 2
    return all(_trimmed(a) == _trimmed(b) for a, b in zip(texts[:half], texts[half:], strict=True))


def _trimmed(values: list[str | None]) -> list[str | None]:
    return [v.rstrip("0").rstrip(".") if v is not None and "." in v else v for v in values]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
