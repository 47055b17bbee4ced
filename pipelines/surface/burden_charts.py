"""The charts of the burden report as inline SVG: Vega-Lite specifications, rendered offline by vl-convert.

Colours are Okabe and Ito's, which colour-blind readers tell apart; bars also carry their numbers, so a black-and-white
print says the same. They are drawn at the page's width, so that their letters are as large as the page's.
"""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from pipelines.surface.burden_words import short

BLUE, SKY, ORANGE, GREEN, GREY, PALE = "#0072B2", "#56B4E9", "#E69F00", "#009E73", "#7A8791", "#DDE3E8"
FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
WIDTH = 940
_ORDER = ("合并", "推算", "预填", "降频", "停用", "增加", "新增")


def svg(spec: dict[str, Any], title: str) -> str:
    """Return a Vega-Lite specification as inline SVG with a title for readers who do not see it."""
    import vl_convert

    config = {
        "font": FONT,
        "axis": {
            "labelFontSize": 13,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "labelColor": "#333",
            "titleColor": "#555",
            "labelLimit": 240,
            "gridColor": "#EBEEF1",
            "domainColor": "#B5BEC6",
            "tickColor": "#B5BEC6",
        },
        "legend": {"labelFontSize": 13, "titleFontSize": 13, "orient": "top", "symbolType": "square"},
        "title": {"fontSize": 14, "anchor": "start", "color": "#333", "fontWeight": "bold", "offset": 10},
        "view": {"stroke": None},
    }
    drawn: str = vl_convert.vegalite_to_svg({"config": config, "background": "white"} | spec)
    drawn = re.sub(r'(<svg[^>]*?) width="[\d.]+" height="[\d.]+"', r"\1", drawn, count=1)
    return drawn.replace(">", f' role="img" aria-label="{title}"><title>{title}</title>', 1)


def waterfall(figures: pl.DataFrame) -> dict[str, Any] | None:
    """Return the steps from the frozen baseline to today, in cells a year; None without a baseline.

    Two panels, each with its own scale: the re-estimate, which is no reduction, and the program changes.
    """
    cells = figures.filter(pl.col("figure") == "单元格（每年）")
    by_change = {row["scope_value"]: row for row in cells.filter(pl.col("scope") == "变化类别").iter_rows(named=True)}
    whole = cells.filter(pl.col("scope") == "全县").to_dicts()
    if not whole:
        return None
    before, after = whole[0]["before"], whole[0]["after"]
    adjustment = by_change.get("调整（重新估算）", {"before": before, "after": before})
    moved = adjustment["after"] - adjustment["before"]
    left = [_total("冻结时的估算", adjustment["before"])]
    if moved:
        left.append(_move("重新估算", adjustment["before"], moved, "重新估算（不算减负）"))
    steps, level = [_total("整合前", before)], before
    for name in _ORDER:
        move = by_change[name]["after"] - by_change[name]["before"] if name in by_change else 0.0
        if move:
            steps.append(_move(name, level, move, "减少" if move < 0 else "增加"))
            level += move
    steps.append(_total("现在", after))
    wide = WIDTH - 300
    return {
        "hconcat": [
            _panel("先按今天的对象数重新估算", left, 60 * len(left) + 30),
            _panel("再看真正的增减（程序变化）", steps, wide),
        ],
        "spacing": 36,
        "resolve": {"scale": {"y": "independent", "x": "independent", "color": "shared"}},
    }


def _total(name: str, value: float) -> dict[str, Any]:
    return {"step": name, "from": 0.0, "to": value, "kind": "总量", "label": short(value).strip()}


def _move(name: str, level: float, move: float, kind: str) -> dict[str, Any]:
    label = ("−" if move < 0 else "＋") + short(abs(move)).strip()
    return {"step": name, "from": level, "to": level + move, "kind": kind, "label": label}


def _panel(title: str, steps: list[dict[str, Any]], width: int) -> dict[str, Any]:
    order = [step["step"] for step in steps]
    kinds = {"domain": ["总量", "减少", "增加", "重新估算（不算减负）"], "range": [GREY, BLUE, ORANGE, PALE]}
    x = {"field": "step", "type": "nominal", "sort": order, "title": None, "axis": {"labelAngle": 0, "ticks": False}}
    y = {"type": "quantitative", "title": None, "axis": {"format": "~s", "labelExpr": "datum.value / 10000 + ' 万'"}}
    highest = max((max(step["from"], step["to"]) for step in steps), default=0)
    if highest < 20000:
        y["axis"] = {"format": ",.0f"}
    return {
        "title": title,
        "width": width,
        "height": 300,
        "data": {"values": steps},
        "transform": [{"calculate": "max(datum.from, datum.to)", "as": "top"}],
        "layer": [
            {
                "mark": {
                    "type": "bar",
                    "width": {"band": 0.68},
                    "cornerRadius": 2,
                    "stroke": "#9AA5AE",
                    "strokeWidth": 0.5,
                },
                "encoding": {
                    "x": x,
                    "y": y | {"field": "from"},
                    "y2": {"field": "to"},
                    "color": {"field": "kind", "type": "nominal", "scale": kinds, "title": None},
                },
            },
            {
                "mark": {"type": "text", "dy": -9, "fontSize": 13, "fontWeight": "bold", "color": "#333"},
                "encoding": {"x": x, "y": y | {"field": "top"}, "text": {"field": "label"}},
            },
        ],
    }


def departments(figures: pl.DataFrame) -> dict[str, Any] | None:
    """Return the departments' cells a year before and after, the largest load first; None when no department asks."""
    cells = figures.filter((pl.col("scope") == "部门") & (pl.col("figure") == "单元格（每年）")).sort(
        "before", "scope_value", descending=[True, False]
    )
    if cells.is_empty():
        return None
    values = []
    for row in cells.iter_rows(named=True):
        drop = row["reduction"]
        sign = "" if drop is None else f"（{'−' if drop >= 0 else '＋'}{abs(drop):.0%}）"
        for when, side, more in (("整合前", "before", ""), ("整合后", "after", sign)):
            label = short(row[side]).strip() + more
            values.append({"department": row["scope_value"], "when": when, "cells": row[side], "label": label})
    y = {
        "field": "department",
        "type": "nominal",
        "sort": cells["scope_value"].to_list(),
        "title": None,
        "axis": {"ticks": False, "domain": False},
        "scale": {"paddingInner": 0.28},
    }
    offset = {"field": "when", "sort": ["整合前", "整合后"]}
    colours = {"domain": ["整合前", "整合后"], "range": [GREY, BLUE]}
    axis = {"labelExpr": "datum.value / 10000 + ' 万'"} if float(cells["before"].max() or 0) >= 20000 else {}  # type: ignore[arg-type]
    x = {"field": "cells", "type": "quantitative", "title": "单元格（个/年）", "axis": axis}
    return {
        "width": WIDTH - 270,
        "height": {"step": 15},
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 2},
                "encoding": {
                    "y": y,
                    "yOffset": offset,
                    "x": x,
                    "color": {"field": "when", "type": "nominal", "scale": colours, "title": None},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 11, "color": "#333"},
                "encoding": {"y": y, "yOffset": offset, "x": x, "text": {"field": "label"}},
            },
        ],
    }


def overlap_matrix(overlap: pl.DataFrame) -> dict[str, Any] | None:
    """Return how many elements of the row's department the column's department asks too; None with fewer than two.

    The departments that ask most stand first; the diagonal says how many elements a department asks in all.
    """
    sizes = overlap.unique("department_name").sort("elements", "department_name", descending=[True, False])
    names = sizes["department_name"].to_list()
    if len(names) < 2:
        return None
    pairs = [
        {"of": row["department_name"], "also": row["other_department"], "n": row["shared_elements"]}
        for row in overlap.iter_rows(named=True)
        if row["department_name"] != row["other_department"]
    ]
    own = [{"of": name, "also": name, "n": n} for name, n in sizes.select("department_name", "elements").iter_rows()]
    step = max(20, min(34, (WIDTH - 200) // len(names)))
    encoding = {
        "x": {
            "field": "also",
            "type": "nominal",
            "title": None,
            "scale": {"domain": names},
            "axis": {"labelAngle": -55, "orient": "top", "ticks": False, "domain": False, "labelFontSize": 12},
        },
        "y": {
            "field": "of",
            "type": "nominal",
            "title": None,
            "scale": {"domain": names},
            "axis": {"ticks": False, "domain": False, "labelFontSize": 12},
        },
    }
    dark = max((pair["n"] for pair in pairs), default=0) * 0.55
    shade = {
        "field": "n",
        "type": "quantitative",
        "scale": {"scheme": "blues", "domainMin": 0},
        "title": "两个部门都要的数据元（个）",
    }
    white = {"condition": {"test": f"datum.n > {dark}", "value": "white"}, "value": "#222"}
    return {
        "width": {"step": step},
        "height": {"step": min(step, 24)},
        "layer": [
            {
                "data": {"values": pairs},
                "mark": {"type": "rect", "stroke": "white", "strokeWidth": 1},
                "encoding": encoding | {"color": shade},
            },
            {
                "data": {"values": pairs},
                "mark": {"type": "text", "fontSize": 11},
                "encoding": encoding | {"text": {"field": "n"}, "color": white},
            },
            {
                "data": {"values": own},
                "mark": {"type": "text", "fontSize": 11, "fontWeight": "bold", "color": GREY},
                "encoding": encoding | {"text": {"field": "n"}},
            },
        ],
    }
