"""Commands of the data steward: catalogue, review, explain, dictionary."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.surface.chinese import ChineseTyper
from pipelines.surface.options import Home

PANEL = "目录"
review_app = ChineseTyper(help="拿不准的栏目由数据管理员判定。")


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("catalogue", rich_help_panel=PANEL)(catalogue)
    app.command("explain", rich_help_panel=PANEL)(explain)
    app.command("dictionary", rich_help_panel=PANEL)(dictionary)
    app.add_typer(review_app, name="review", rich_help_panel=PANEL)


def catalogue(
    templates: Annotated[Path, typer.Option("--templates", help="模板或栏目清单所在的文件夹")],
    out: Annotated[Path, typer.Option("--out", help="结果放到哪个文件夹")],
) -> None:
    """给一个文件夹的模板编目录，不需要工作区：栏目、数据元、映射、待判定。"""
    from pipelines.surface.desk import print_catalogue_of_folder

    raise typer.Exit(print_catalogue_of_folder(templates, out))


def explain(
    term: Annotated[str, typer.Argument(help="栏目名称、栏目编号、数据元编号或名称")],
    other: Annotated[str, typer.Argument(help="再写一个，比较两者是不是同一项")] = "",
    home: Home = None,
) -> None:
    """说明一个栏目归到哪个数据元，或两个栏目为什么是、为什么不是同一项。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.desk import print_explanation

    raise typer.Exit(print_explanation(open_workspace(home), term, other))


def dictionary(
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件")] = Path("数据元目录.xlsx"), home: Home = None
) -> None:
    """导出数据元目录工作簿（GB/T 19488 的各项属性）。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.desk import export_dictionary

    raise typer.Exit(export_dictionary(open_workspace(home), out))


@review_app.command("export")
def review_export(
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件")] = Path("数据元判定表.xlsx"), home: Home = None
) -> None:
    """导出判定表：一行一题，最省填报的排在前面，在 Excel 或 WPS 里填。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.desk import export_review

    raise typer.Exit(export_review(open_workspace(home), out))


@review_app.command("import")
def review_import(
    file: Annotated[Path, typer.Argument(help="填好的判定表")],
    decided_by: Annotated[str, typer.Option("--by", help="判定人；表里写了就不用")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只预览会改变什么，不保存")] = False,
    home: Home = None,
) -> None:
    """导入填好的判定表；判定只追加，可撤回。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.desk import import_review

    raise typer.Exit(import_review(open_workspace(home), file, decided_by, dry_run))
