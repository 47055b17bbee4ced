"""How figures are said to people: quantities, changes with their sign, and the sentence that the headline rests on."""

from __future__ import annotations

import polars as pl

from pipelines.burden.figures import Burden

WORK_YEAR_HOURS = 248 * 8
"""Working hours of one person a year (人社部发〔2025〕2号), for saying hours as persons."""


def drivers(burden: Burden) -> str:
    """Return the sentence that says what the headline rests on, so that nobody quotes the rate without it."""
    rows = burden.rows
    before, after = float(rows["cells_before"].sum()), float(rows["cells_after"].sum())
    if before <= 0:
        return "整合前没有可计的单元格，不计算下降比例。"
    saved = {
        name: float(drop)
        for name, drop in rows.group_by("change")
        .agg((pl.col("cells_before") - pl.col("cells_after")).sum())
        .sort("cells_before", descending=True)
        .iter_rows()
        if drop
    }
    gross = sum(drop for drop in saved.values() if drop > 0)
    parts = [f"{name} {number(drop)}（{drop / gross:.0%}）" for name, drop in saved.items() if drop > 0 and gross]
    added = -sum(drop for drop in saved.values() if drop < 0)
    once_before, once_after = float(rows["once_before"].sum()), float(rows["once_after"].sum())
    once = change(1 - once_after / once_before) if once_before else "不可计"
    grown = f"；另有增加 {number(added)} 个" if added else ""
    return (
        f"每年单元格{change(1 - after / before)}，毛减少 {number(gross)} 个，来自：{'，'.join(parts) or '无'}{grown}。"
        f"只看一项填几遍、不看一年报几次，单元格{once}。"
        f"另有 {number(float(rows['cells_prefilled'].sum()))} 个预填单元格每年仍要看一眼，不算键入，已计入工时。"
    )


def number(value: float | None) -> str:
    """Return a quantity for people: no decimals from 100 on."""
    if value is None:
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.2f}"


def change(reduction: float | None) -> str:
    """Return a reduction as a change with its sign: 0.25 → "下降 25.0%", -0.1 → "上升 10.0%"."""
    if reduction is None:
        return "不可计"
    if abs(reduction) < 0.0005:
        return "持平"
    return f"{'下降' if reduction > 0 else '上升'} {abs(reduction):.1%}"


def signed(value: float) -> str:
    """Return a difference with its sign."""
    return "0" if not value else ("＋" if value > 0 else "−") + number(abs(value))


def headline(burden: Burden) -> str:
    """Return what changed for the people who fill, in one plain sentence; empty when nothing can be counted."""
    county = {row["figure"]: row for row in burden.figures.filter(pl.col("scope") == "全县").iter_rows(named=True)}
    cells, hours = county.get("单元格（每年）"), county.get("填报工时（每年）")
    if not cells or not cells["before"]:
        return ""
    verb = "少" if cells["numerator"] >= 0 else "多"
    said = f"基层每年{verb}填 {short(abs(cells['numerator']))}个单元格（{change(cells['reduction'])}）"
    if hours and hours["before"]:
        saved = hours["numerator"]
        said += (
            f"，{'省下' if saved >= 0 else '多花'} {number(abs(saved))} 小时，"
            f"约合 {abs(saved) / WORK_YEAR_HOURS:,.1f} 个人全年的工作时间"
        )
    return said + "。"


def short(value: float) -> str:
    """Return a quantity for charts and headlines: 12345 → "1.2 万", 912 → "912"."""
    return f"{value / 10000:,.1f} 万" if abs(value) >= 10000 else f"{value:,.0f} "
