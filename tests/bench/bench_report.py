"""A report over five million persons: 12 counts by village, township and county, by the view's own SQL text."""

from __future__ import annotations

import time

import duckdb
import polars as pl

from pipelines.sharing.publish import area_paths
from pipelines.sharing.views.sources import BASE
from pipelines.sharing.views.statement import counted_lines

PERSONS, VILLAGES, COUNTS = 5_000_000, 100, 12


def run() -> dict[str, float]:
    """Return seconds and processor seconds of the counts, and of a plain GROUP BY of the same counts by village."""
    villages = [f"532328{100 + n // 10}{n % 10 + 1:03d}" for n in range(VILLAGES)]
    parents = {v: v[:9] + "000" for v in villages} | {v[:9] + "000": "532328000000" for v in villages}
    parents |= {"532328000000": None}
    areas = pl.DataFrame(list(parents.items()), schema={"area_code": pl.String, "parent_code": pl.String}, orient="row")
    number = pl.int_range(PERSONS, eager=True)
    person = pl.DataFrame(
        {"area_code": pl.Series(sorted(villages)).gather((number * VILLAGES // PERSONS).cast(pl.UInt32))}
        | {"DE1": "3" + number.hash(1).cast(pl.String), "DE2": (number.hash(2) % 100).cast(pl.Int64)}
        | {"DE3": pl.Series(["低保", "特困", "残疾", None]).gather((number.hash(3) % 4).cast(pl.UInt32))}
    )
    aggregates = {
        f"N{n}": f'count(CASE WHEN {BASE}."DE2" >= {n * 8} AND {BASE}."DE3" = \'低保\' THEN 1 END)'
        for n in range(COUNTS)
    }
    sql = "\n".join(counted_lines("person", aggregates))
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET threads = 2")
        connection.register("person", person.to_arrow())
        connection.register("area_paths", area_paths(areas).to_arrow())
        plain = "SELECT area_code, " + ", ".join(aggregates.values()) + " FROM person " + BASE + " GROUP BY area_code"
        figures = {}
        for label, text in (("report", sql), ("plain_group_by", plain)):
            wall = cpu = float("inf")
            for _ in range(3):
                start, begin = time.perf_counter(), time.process_time()
                rows = connection.sql(text).pl()
                wall, cpu = min(wall, time.perf_counter() - start), min(cpu, time.process_time() - begin)
            figures |= {f"{label}_s": wall, f"{label}_cpu_s": cpu, f"{label}_rows": float(rows.height)}
    figures["report_to_plain_ratio"] = figures["report_cpu_s"] / figures["plain_group_by_cpu_s"]
    return figures
