"""Duplication for the steward: who asks for what others hold, and which reports could go. Departments, never areas."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import polars as pl

from pipelines.burden.evidence import latest, recompute, state
from pipelines.burden.insight import Insight, insight, saving
from pipelines.store.workspace import Workspace
from pipelines.surface.desk import print_problems
from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table

_SHOWN = 15
SPARE_TITLES = {
    "report_id": "报表编号",
    "report_name": "报表",
    "department_name": "部门",
    "element_count": "数据元（个）",
    "cells_before": "单元格/年",
    "hours_before": "工时/年",
    "held_by": "由这些报表取得",
}
MOST_ASKED_TITLES = {
    "element_id": "数据元标识符",
    "element_name": "数据元",
    "object_class": "对象类",
    "department_count": "部门（个）",
    "report_count": "报表（张）",
    "departments": "部门名单",
}


def print_overlap(workspace: Workspace, as_of: str, department: str, out: Path | None, as_json: bool) -> int:
    """Print the duplication insight of the last evidence on or before a day; return the exit status."""
    console = Screen()
    day = as_of or f"{datetime.now():%Y-%m-%d}"
    burden, findings = recompute(workspace.evidence, day)
    folder = latest(workspace.evidence, day)
    if burden is None or folder is None:
        return max(print_problems(console, findings), 1)
    about = insight(state(folder), burden.rows)
    if department and department not in set(about.overlap["department_name"]):
        console.print(f"没有“{department}”要的数据元。请用报表清单里的部门名称。", highlight=False)
        return 1
    if out:
        write_overlap(about, out)
        console.print(f"重叠矩阵、要得最多的数据元、可取消的报表已写到 {out}", highlight=False)
    if as_json:
        parts = {name: getattr(about, name).to_dicts() for name in ("overlap", "most_asked", "spare")}
        Screen(soft_wrap=True, highlight=False, markup=False).print(json.dumps(parts, ensure_ascii=False))
    else:
        _print(console, about, department)
    return 0


def write_overlap(about: Insight, path: Path) -> Path:
    """Write the insight as a workbook: matrix, most asked, spare reports."""
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        for name, frame in sheets(about):
            frame.write_excel(book, worksheet=name, autofit=True, freeze_panes=(1, 1))
    return path


def sheets(about: Insight) -> list[tuple[str, pl.DataFrame]]:
    """Return the insight's frames with Chinese titles, as sheets of a workbook."""
    matrix = about.overlap.pivot("other_department", index=["department_name", "elements"], values="shared_elements")
    matrix = matrix.rename({"department_name": "部门（行）与部门（列）都要的数据元", "elements": "本部门要的数据元"})
    return [
        ("部门重叠矩阵", matrix),
        ("要得最多的数据元", about.most_asked.rename(MOST_ASKED_TITLES)),
        ("可取消的报表", about.spare.rename(SPARE_TITLES)),
    ]


def _print(console: Screen, about: Insight, department: str) -> None:
    pairs = about.overlap.filter(pl.col("department_name") != pl.col("other_department"))
    if department:
        pairs = pairs.filter(pl.col("department_name") == department)
    else:
        pairs = pairs.filter(pl.col("department_name") < pl.col("other_department"))
    pairs = pairs.sort("shared_elements", "department_name", "other_department", descending=[True, False, False])
    _table(
        console,
        "两个部门都要的数据元（最多的几对）",
        ("部门", "部门", "都要的数据元（个）"),
        pairs.head(_SHOWN).select("department_name", "other_department", "shared_elements"),
    )
    asked = about.most_asked
    if department:
        asked = asked.filter(pl.col("departments").str.split("；").list.contains(department))
    _table(
        console,
        "要得最多的数据元",
        ("数据元", "对象类", "部门（个）", "报表（张）"),
        asked.head(_SHOWN).select("element_name", "object_class", "department_count", "report_count"),
    )
    spare = about.spare.filter(pl.col("department_name") == department) if department else about.spare
    if spare.is_empty():
        console.print("没有一张报表的数据元全部能由别的报表取得。")
        return
    shown = spare.select("report_name", "department_name", "element_count", pl.col("cells_before").round(0), "held_by")
    _table(console, "可以取消的报表", ("报表", "部门", "数据元（个）", "单元格/年", "由这些报表取得"), shown)
    console.print(f"{saving(spare)}取消前请核对对象范围；用 --out 另存全部。", highlight=False)


def _table(console: Screen, title: str, heads: tuple[str, ...], frame: pl.DataFrame) -> None:
    table = Table(title=title, title_justify="left")
    for head, kind in zip(heads, frame.dtypes, strict=True):
        table.add_column(head, justify="right" if kind.is_numeric() else "left", overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*(f"{value:,.0f}" if isinstance(value, float) else str(value) for value in row))
    console.print(table)
