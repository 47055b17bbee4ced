"""Commands of the data steward: catalogue, catalogue diff, review, explain, dictionary."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.surface.chinese import ChineseTyper
from pipelines.surface.options import AsJson, Home

PANEL = "目录"
review_app = ChineseTyper(help="拿不准的栏目由数据管理员判定。")
catalogue_app = ChineseTyper(invoke_without_command=True, no_args_is_help=False)
dictionary_app = ChineseTyper(invoke_without_command=True, no_args_is_help=False)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(catalogue_app, name="catalogue", rich_help_panel=PANEL)
    app.command("explain", rich_help_panel=PANEL)(explain)
    app.add_typer(dictionary_app, name="dictionary", rich_help_panel=PANEL)
    app.add_typer(review_app, name="review", rich_help_panel=PANEL)


@catalogue_app.callback()
def catalogue(
    context: typer.Context,
    templates: Annotated[Path | None, typer.Option("--templates", help="模板或栏目清单所在的文件夹")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="结果放到哪个文件夹")] = None,
) -> None:
    """给一个文件夹的模板编目录，不需要工作区：栏目、数据元、映射、待判定。"""
    if context.invoked_subcommand:
        return
    if templates is None or out is None:
        typer.echo("请写明 --templates 文件夹 和 --out 文件夹，或用 oneform catalogue diff 预览变化。", err=True)
        raise typer.Exit(2)
    from pipelines.surface.desk import print_catalogue_of_folder

    raise typer.Exit(print_catalogue_of_folder(templates, out))


@catalogue_app.command("diff")
def catalogue_diff(
    templates: Annotated[
        list[Path] | None, typer.Argument(help="新表或改版后的模板；与报表清单里的模板同名的算改版")
    ] = None,
    review: Annotated[Path | None, typer.Option("--review", help="填好的判定表")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """预览一批判定、一张新表或一次改版会改变什么：数据元、报表、视图、单元格；不保存。"""
    from pipelines.store.workspace import open_workspace

    if not templates and review is None:
        typer.echo("请给出模板文件，或用 --review 给出填好的判定表。", err=True)
        raise typer.Exit(2)
    from pipelines.surface.previews import print_difference

    raise typer.Exit(print_difference(open_workspace(home), templates or [], review, as_json))


def explain(
    term: Annotated[str, typer.Argument(help="栏目名称、栏目编号、数据元编号或名称")],
    other: Annotated[str, typer.Argument(help="再写一个，比较两者是不是同一项")] = "",
    home: Home = None,
) -> None:
    """说明一个栏目归到哪个数据元，或两个栏目为什么是、为什么不是同一项。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.desk import print_explanation

    raise typer.Exit(print_explanation(open_workspace(home), term, other))


@dictionary_app.callback()
def dictionary(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option("--out", help="写到哪个文件（.xlsx 或 .csv）；写文件夹则另附每张表的 Table Schema")
    ] = Path("数据元目录.xlsx"),
    home: Home = None,
) -> None:
    """导出数据元目录（GB/T 19488 的各项属性），或导回数据管理员改过的。"""
    if context.invoked_subcommand:
        return
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.dictionaries import export_dictionary

    raise typer.Exit(export_dictionary(open_workspace(home), out))


@dictionary_app.command("import")
def dictionary_import(
    file: Annotated[Path, typer.Argument(help="改过的数据元目录（.xlsx 或 .csv）")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只预览会改变什么，不保存")] = False,
    home: Home = None,
) -> None:
    """导回改过的数据元目录：名称、定义、级别、共享属性、数源部门、登记状态；坏的行不采用并说明原因。"""
    from pipelines.store.workspace import open_workspace
    from pipelines.surface.dictionaries import import_dictionary

    raise typer.Exit(import_dictionary(open_workspace(home), file, dry_run))


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
