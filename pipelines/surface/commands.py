"""The commands of `oneform`. Everything heavy is imported by the command that needs it: the help must come at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.surface import (
    admission_commands,
    burden_commands,
    catalogue_commands,
    collection_commands,
    publish_commands,
    request_commands,
    sharing_commands,
)
from pipelines.surface.chinese import ChineseTyper
from pipelines.surface.options import AsJson, Home

app = ChineseTyper(
    help="一表通 oneform：各部门的报表只填一次，部门自己来取。",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
catalogue_commands.add_to(app)
collection_commands.add_to(app)
request_commands.add_to(app)
sharing_commands.add_to(app)
publish_commands.add_to(app)
burden_commands.add_to(app)
admission_commands.add_to(app)


@app.command("init", rich_help_panel="日常工作")
def init(
    home: Home = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="含报表清单、区划、模板的文件夹；不写就用样例县")
    ] = None,
) -> None:
    """建立工作区：放入报表清单、区划和各部门模板。"""
    from pipelines.store.workspace import SAMPLE, found, open_workspace

    workspace = open_workspace(home)
    if found(workspace, source or SAMPLE):
        typer.echo(f"工作区已建立：{workspace.home}。下一步：oneform run")
    else:
        typer.echo(f"工作区已经有报表清单，没有改动：{workspace.home}")


@app.command("fields", rich_help_panel="目录")
def fields(
    files: Annotated[list[Path], typer.Argument(help="模板文件")],
    as_json: AsJson = False,
    html: Annotated[Path | None, typer.Option(help="另存为网页：每个栏目的单元格按角色着色")] = None,
) -> None:
    """看一张模板要填什么：表头路径、单位、代码、填写单元格。"""
    from pipelines.surface.fields import print_fields

    raise typer.Exit(print_fields(files, as_json, html))


@app.command("findings", rich_help_panel="日常工作")
def findings(home: Home = None, as_json: AsJson = False) -> None:
    """列出全部问题：代码、位置、情况、下一步。"""
    from pipelines.surface.listing import print_all_findings

    raise typer.Exit(print_all_findings(home, as_json))
