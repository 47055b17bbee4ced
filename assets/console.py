"""The console entry point `oneform`. It imports Dagster only when a command starts it."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.surface.commands import app
from pipelines.surface.options import Home, Period


@app.command("run", rich_help_panel="日常工作")
def run(home: Home = None, period: Period = "") -> None:
    """走完全程：读模板 → 数据元目录 → 下发工作簿 → 接收 → 台账 → 共享视图 → 负担指标。"""
    from assets.runs import run_journey
    from pipelines.store.workspace import open_workspace

    raise typer.Exit(run_journey(open_workspace(home), period))


@app.command("demo", rich_help_panel="日常工作")
def demo(home: Home = None) -> None:
    """用自带的样例县演示全程（模拟数据）；重复运行不会改变结果。"""
    from assets.demo import run_demo
    from pipelines.store.workspace import open_workspace

    raise typer.Exit(run_demo(open_workspace(home)))


@app.command("dev", rich_help_panel="日常工作")
def dev(
    home: Home = None,
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口")] = 3000,
) -> None:
    """打开数据管理员的网页（Dagster），含收件箱传感器和每月下发计划。"""
    from assets.runs import serve
    from pipelines.store.workspace import open_workspace

    raise typer.Exit(serve(open_workspace(home), host, port))


def main() -> None:
    """Run the command line."""
    app()


__all__ = ["main"]
