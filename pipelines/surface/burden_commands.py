"""Commands of auditors: the reduction table, recomputed figures, the rows behind them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.surface.options import AsJson, Home

PANEL = "减负"


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("burden", rich_help_panel=PANEL)(burden)


def burden(
    as_of: Annotated[str, typer.Option("--as-of", help="重算过去某一天的指标，如 2025-12-31")] = "",
    by: Annotated[str, typer.Option("--by", help="按什么分组：部门、填报层级、频率、对象类；不写就是全县")] = "全县",
    rows: Annotated[Path | None, typer.Option("--rows", help="把每个数字背后的栏目另存为 .xlsx 或 .parquet")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """整合前后的负担：每个数字都有分子、分母和算法，可以重算。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.audit import print_burden

    raise typer.Exit(print_burden(open_workspace(home), as_of, by, rows, as_json))
