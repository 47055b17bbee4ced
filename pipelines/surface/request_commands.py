"""Commands of the fill plan, correction requests and possible duplicates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.surface.options import AsJson, Home

PANEL = "填报"


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("plan", rich_help_panel=PANEL)(plan)
    app.command("correct", rich_help_panel=PANEL)(correct)
    app.command("corrections", rich_help_panel=PANEL)(corrections)
    app.command("duplicates", rich_help_panel=PANEL)(duplicates)


def plan(
    out: Annotated[Path | None, typer.Option("--out", help="另存为 Excel")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """填报方案：每个数据元由谁填、多久填一次、给哪些报表；不用填的为什么不用填。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.requests import print_plan

    raise typer.Exit(print_plan(open_workspace(home), out, as_json))


def correct(
    department: Annotated[str, typer.Option("--department", help="提出部门")],
    by: Annotated[str, typer.Option("--by", help="提出人")],
    subject: Annotated[str, typer.Option("--subject", help="身份证号、户编号、区划代码等")],
    element: Annotated[str, typer.Option("--element", help="数据元编号或名称")],
    reason: Annotated[str, typer.Option("--reason", help="疑点：为什么认为不对")],
    suggested: Annotated[str, typer.Option("--suggested", help="部门掌握的值")] = "",
    period: Annotated[str, typer.Option("--period", help="指标的报告期；不写就是最近一期")] = "",
    home: Home = None,
) -> None:
    """对一个值提出核实请求：只有填报单位下次报送才能更正或确认，谁也不能替它改。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.requests import Asked, print_correct

    asked = Asked(department, by, subject, element, period, reason, suggested)
    raise typer.Exit(print_correct(open_workspace(home), asked))


def corrections(home: Home = None, as_json: AsJson = False) -> None:
    """核实请求办理情况：办理中、临期、逾期、已办（十个工作日）。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.requests import print_corrections

    raise typer.Exit(print_corrections(open_workspace(home), as_json))


def duplicates(
    home: Home = None,
    as_json: AsJson = False,
    is_listing: Annotated[bool, typer.Option("--list", help="只列出，不重新查找")] = False,
) -> None:
    """查找疑似重复登记的人、户、房屋，列入有关乡镇下一期工作簿请填报员确认；绝不自动合并。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.requests import print_duplicates

    raise typer.Exit(print_duplicates(open_workspace(home), as_json, is_listing))
