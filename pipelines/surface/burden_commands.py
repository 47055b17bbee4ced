"""Commands of auditors and the steward: the reduction table, recomputed figures, the rows behind them, duplication."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.surface.options import AsJson, Home

PANEL = "减负"
AsOf = Annotated[str, typer.Option("--as-of", help="重算过去某一天的指标，如 2025-12-31")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("burden", rich_help_panel=PANEL)(burden)
    app.command("overlap", rich_help_panel=PANEL)(overlap)
    app.command("baseline", rich_help_panel=PANEL)(baseline)


def burden(
    as_of: AsOf = "",
    by: Annotated[
        str,
        typer.Option("--by", help="按什么分组：部门、填报层级、频率、对象类、变化类别；月 看逐月新增；不写就是全县"),
    ] = "全县",
    of: Annotated[str, typer.Option("--of", help="只看其中一个，如 --by 部门 --of 县民政局")] = "",
    rows: Annotated[Path | None, typer.Option("--rows", help="把每个数字背后的栏目另存为 .xlsx 或 .parquet")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """整合前后的负担：每个数字都有分子、分母和算法，可以重算。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.audit import print_burden, print_rebound

    place = open_workspace(home)
    if by == "月":
        raise typer.Exit(print_rebound(place, of, as_json))
    raise typer.Exit(print_burden(place, as_of, by, of, rows, as_json))


def overlap(
    as_of: AsOf = "",
    department: Annotated[str, typer.Option("--department", help="只看这个部门与别的部门")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="另存为工作簿：重叠矩阵、要得最多的、可取消的报表")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """谁在要别人已有的：部门之间的重叠、要得最多的数据元、可以取消的报表。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.duplication import print_overlap

    raise typer.Exit(print_overlap(open_workspace(home), as_of, department, out, as_json))


def baseline(
    correct: Annotated[
        list[str] | None, typer.Option("--correct", help="更正哪张报表（报表编号，可写多次）；其余报表保持冻结时的样子")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="更正的理由，写进新版本")] = "",
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """基线的各个版本和双向确认；更正只出新版本，旧版本不改。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.baseline_desk import correct_baseline, print_baseline

    place = open_workspace(home)
    if correct:
        raise typer.Exit(correct_baseline(place, correct, reason))
    raise typer.Exit(print_baseline(place, as_json))
