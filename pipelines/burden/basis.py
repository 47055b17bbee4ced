"""What each figure rests on, in words: counted, measured, from the register, or assumed (假定). Shown beside it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.burden.assumptions import Assumptions

WORDS = {
    "实测": "实测",
    "报表清单": "报表清单填写（申报值，不是实测）",
    "区划表": "区划表实数",
    "台账实数": "台账实数",
    "规则声明": "规则声明（假定）",
    "不可计": "不可计",
}
"""Basis → how it is said, so that nobody takes a declared number for a measured one."""


def bases(rows: pl.DataFrame, assumed: Assumptions) -> Mapping[str, str]:
    """Return the basis of every figure by its key in the rules (rows: BurdenRows)."""
    counted = "逐张、逐栏清点"
    d = f"D {_shares(rows, 'respondents_basis')}"
    c = f"行数 {_shares(rows, 'rows_basis')}"
    turnover = f"整合后的年变动比例：{assumed.change_source}"
    confirm, new = f"{assumed.seconds_per_confirm:g}", f"{assumed.seconds_per_cell:g}"
    g = f"G {minutes_words(rows)}；预填每格确认 {confirm} 秒、新列每格键入 {new} 秒：{assumed.time_source}"
    cells = f"{d}；{c}；{turnover}"
    return {
        "forms": counted,
        "items": counted,
        "labels": counted,
        "instances": d,
        "cells": cells,
        "gross": cells,
        "new": cells,
        "prefilled": cells,
        "cells_once": f"{d}；{c}",
        "hours": f"{g}；{cells}",
        "cost": f"L：{assumed.cost_source}；{g}",
        "typed": "报送记录实数",
    }


def minutes_words(rows: pl.DataFrame) -> str:
    """Return on what G of how many reports rests."""
    counts = dict(rows.group_by("minutes_basis").agg(pl.col("report_id").n_unique()).iter_rows())
    said = [f"{WORDS[basis]} {counts[basis]} 张" for basis in WORDS if basis in counts]
    return "、".join(said) or "没有报表"


def _shares(rows: pl.DataFrame, column: str) -> str:
    sums = dict(rows.group_by(column).agg(pl.col("cells_before").sum()).iter_rows())
    whole = sum(sums.values())
    said = [f"{WORDS[basis]} {_percent(sums[basis] / whole)}" for basis in WORDS if sums.get(basis)]
    return "、".join(said) or "没有可计的"


def _percent(share: float) -> str:
    return "不到 1%" if share < 0.005 else f"{share:.0%}"
