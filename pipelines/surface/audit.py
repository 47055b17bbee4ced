"""The auditor's table: figures of today or of a past day, and the rows behind them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.burden.evidence import recompute
from pipelines.burden.figures import SCOPES
from pipelines.store.warehouse import TABLES, Warehouse
from pipelines.store.workspace import Workspace
from pipelines.surface.desk import print_problems
from pipelines.surface.journey import print_figures
from pipelines.surface.listing import print_json
from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table


def print_burden(workspace: Workspace, as_of: str, scope: str, value: str, rows_to: Path | None, as_json: bool) -> int:
    """Print the figures of a scope, or of one value of it; recompute those of a past day from the evidence kept then.

    rows_to: where the rows behind them go.
    """
    console = Screen()
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
    chosen = figures.filter((pl.col("scope") == scope) & (pl.col("scope_value") == value if value else pl.lit(True)))
    if chosen.is_empty():
        of_scope = figures.filter(pl.col("scope") == scope)
        known = figures["scope"] if of_scope.is_empty() else of_scope["scope_value"]
        named = "、".join(known.unique(maintain_order=True).to_list())
        console.print(f"没有这样的指标。可选：{named}。", highlight=False)
        return 1
    if value and scope in SCOPES:
        rows = rows.filter(pl.col(SCOPES[scope]) == value)
    if rows_to:
        write_rows(rows, rows_to)
        console.print(f"{rows.height} 个栏目的明细已写到 {rows_to}", highlight=False)
    if as_json:
        print_json(chosen)
    else:
        print_figures(console, chosen, scope)
        _print_bases(console, chosen)
    return status


def _print_bases(console: Screen, chosen: pl.DataFrame) -> None:
    """Say what the cells and hours rest on, so that nobody takes an assumed number for a measured one."""
    for figure in ("单元格（每年）", "填报工时（每年）", "填报成本（每年）"):
        for basis in chosen.filter(pl.col("figure") == figure)["basis"].head(1):
            console.print(f"{figure}的依据：{basis}。", highlight=False)


def print_rebound(workspace: Workspace, department: str, as_json: bool) -> int:
    """Print what departments asked anew since the baseline, month by month."""
    console = Screen()
    with Warehouse(workspace.database) as warehouse:
        found, baseline = warehouse.read("burden_rebound"), warehouse.read("baseline")
    if department:
        found = found.filter(pl.col("department_name") == department)
    if as_json:
        print_json(found)
        return 0
    if found.is_empty():
        frozen = str(baseline["frozen_at"].first() or "（还没有冻结）")
        console.print(f"基线（{frozen}）以来，{department or '各部门'}没有新增报表和栏目。", highlight=False)
        return 0
    titles = {k: v for k, v in TABLES["burden_rebound"].titles().items() if k not in ("frozen_at", "as_of")}
    table = Table(title=f"基线以来逐月新增（截至 {found.item(0, 'as_of')}）", title_justify="left")
    for name, title in titles.items():
        table.add_column(title, justify="left" if found.schema[name] == pl.String else "right", overflow="fold")
    for row in found.select(list(titles)).iter_rows():
        table.add_row(*(f"{value:,.0f}" if isinstance(value, float) else str(value) for value in row))
    console.print(table)
    return 0


def write_rows(rows: pl.DataFrame, path: Path) -> None:
    """Write the rows behind the figures as Parquet (names of the contract) or as a workbook (Chinese titles)."""
    if path.suffix == ".parquet":
        rows.write_parquet(path)
    else:
        rows.rename(TABLES["burden_rows"].titles()).write_excel(
            path, worksheet="负担明细", autofit=True, freeze_panes=(1, 0)
        )
