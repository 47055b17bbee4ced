"""The life of a value at the command line: every report of it, with the file, sheet and cell that it came from."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any

import polars as pl
from rich.text import Text

from pipelines.collection.history import history
from pipelines.collection.merging import moved
from pipelines.periods import in_words, is_month
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table

NEAR = 6
"""How many items of a like name are offered."""


def print_history(workspace: Workspace, subject: str, element: str) -> int:
    """Print every value that a subject's element ever had; 1 when there is none, with what there is instead."""
    with Warehouse(workspace.database) as warehouse:
        values = moved(warehouse.lookup("ledger_values", "subject_key", subject), warehouse.read("element_successors"))
        submissions, elements = warehouse.read("submissions"), warehouse.read("elements")
        places = dict(warehouse.read("areas").select("area_code", "area_name").iter_rows())
    chosen = elements.filter((pl.col("element_id") == element.upper()) | (pl.col("element_name") == element))
    console = Screen()
    found = [history(values, submissions, subject, row) for row in chosen["element_id"].to_list()]
    lives = pl.concat(found) if found else None
    if lives is None or lives.is_empty():
        console.print(_not_found(subject, element, values, elements), highlight=False, markup=False)
        return 1
    table = Table(
        *("值", "报告期", "单位", "文件", "工作表和单元格", "填报人", "报送", "入账时间"),
        title=f"{subject} {element}：共 {lives.height} 次",
        title_justify="left",
    )
    for row in lives.iter_rows(named=True):
        value = row["value"] if row["value"] is not None else row["null_reason"]
        cells = (
            value,
            _period(row),
            places.get(row["area_code"], row["area_code"]),
            PurePath(row["file_name"] or "").stem,
            f"{row['sheet']} {row['cell']}",
            row["clerk_name"] or "没有写",
            row["status"],
            row["recorded_at"][:16].replace("T", " "),
        )
        table.add_row(*(Text(str(text or "")) for text in cells))  # as it stands: a value may hold square brackets
    console.print(table)
    return 0


def _period(row: dict[str, Any]) -> str:
    """Return the period that a value is of; where another period's workbook told it, that too."""
    of, told = (
        period if not period or is_month(period) else in_words(period)
        for period in (row["period"], row["submitted_period"])
    )
    return of if of == told else f"{of}（{told} 报）" if of else str(told)


def _not_found(subject: str, element: str, values: pl.DataFrame, elements: pl.DataFrame) -> str:
    """Return what is missing, the subject or the element, and the subject's own items of a like name."""
    if values.is_empty():
        return f"台账里没有“{subject}”。请写身份证号、户编号、统一社会信用代码或 12 位区划代码。"
    held = elements.filter(pl.col("element_id").is_in(values["element_id"].unique().to_list()))["element_name"]
    near = _near(element, held.unique().sort().to_list())
    more = f"相近的有：{'、'.join(near)}。" if near else "数据元写编号或名称，全部名称见 oneform dictionary。"
    return f"“{subject}”没有“{element}”的值。{more}"


def _near(element: str, names: Sequence[str]) -> list[str]:
    inside = [name for name in names if element in name or name in element]
    return list(dict.fromkeys([*inside, *get_close_matches(element, names, NEAR, 0.5)]))[:NEAR]
