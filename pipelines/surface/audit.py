"""The auditor's table: figures of today or of a past day, and the rows behind them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from rich.console import Console

from pipelines.burden.evidence import recompute
from pipelines.store.warehouse import TABLES, Warehouse
from pipelines.store.workspace import Workspace
from pipelines.surface.desk import print_problems
from pipelines.surface.journey import print_figures
from pipelines.surface.listing import print_json


def print_burden(workspace: Workspace, as_of: str, scope: str, rows_to: Path | None, as_json: bool) -> int:
    """Print the figures of a scope; recompute those of a past day from the evidence kept then."""
    console = Console()
    status = 0
    if as_of:
        burden, findings = recompute(workspace.evidence, as_of)
        status = print_problems(console, findings)
        if burden is None:
            return 1
        figures, rows = burden.figures, burden.rows
    else:
        with Warehouse(workspace.database) as warehouse:
            figures, rows = warehouse.read("burden_figures"), warehouse.read("burden_rows")
    if rows_to:
        write_rows(rows, rows_to)
        console.print(f"{rows.height} 个栏目的明细已写到 {rows_to}", highlight=False)
    chosen = figures.filter(pl.col("scope") == scope)
    if as_json:
        print_json(chosen)
    else:
        print_figures(console, chosen, scope)
    return status


def write_rows(rows: pl.DataFrame, path: Path) -> None:
    """Write the rows behind the figures as Parquet (names of the contract) or as a workbook (Chinese titles)."""
    if path.suffix == ".parquet":
        rows.write_parquet(path)
    else:
        rows.rename(TABLES["burden_rows"].titles()).write_excel(
            path, worksheet="负担明细", autofit=True, freeze_panes=(1, 0)
        )
