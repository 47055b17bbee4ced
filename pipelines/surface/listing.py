"""Lists of the warehouse for a person or a program: findings, states, plans."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from pipelines.store.warehouse import TABLES, Warehouse
from pipelines.store.workspace import open_workspace
from pipelines.surface.journey import print_findings
from pipelines.surface.screen import Screen


def read_tables(home: Path | None, *names: str) -> list[pl.DataFrame]:
    """Return tables of a workspace's warehouse."""
    with Warehouse(open_workspace(home).database) as warehouse:
        return [warehouse.read(name) for name in names]


def print_all_findings(home: Path | None, as_json: bool) -> int:
    """Print every finding; return 1 when one of them is an error."""
    (findings,) = read_tables(home, "findings")
    if as_json:
        print_json(findings)
        return int("error" in findings["severity"])
    console = Screen()
    if findings.is_empty():
        console.print("没有发现问题。")
    return int(print_findings(console, findings, is_all=True) > 0)


def print_json(frame: pl.DataFrame) -> None:
    """Print a frame as JSON Lines, a row per line."""
    console = Screen(soft_wrap=True, highlight=False, markup=False)
    for row in frame.iter_rows(named=True):
        console.print(json.dumps(row, ensure_ascii=False, default=str))


def titled(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table's frame with its Chinese column titles."""
    return frame.rename(TABLES[table].titles())
