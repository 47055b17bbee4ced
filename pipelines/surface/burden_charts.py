"""The charts of the burden report as inline SVG: Vega-Lite specifications, rendered offline by vl-convert.

Colours are Okabe and Ito's, which colour-blind readers tell apart; bars also carry their numbers, so a black-and-white
print says the same.
"""

from __future__ import annotations

import re
from typing import Any

import polars as pl

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#E69F00", "#009E73", "#8C8C8C"
FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
_WIDTH = 620
_ORDER = ("合并", "推算", "预填", "降频", "停用", "增加", "新增")


def svg(spec: dict[str, Any], title: str) -> str:
    """Return a Vega-Lite specification as inline SVG with a title for readers who do not see it."""
    import vl_convert

    config = {
        "font": FONT,
        "axis": {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 240, "gridColor": "#E5E5E5"},
        "legend": {"labelFontSize": 12, "titleFontSize": 12, "orient": "top"},
        "view": {"stroke": None},
    }
    drawn: str = vl_convert.vegalite_to_svg({"config": config, "background": "white"} | spec)
    drawn = re.sub(r'(<svg[^>]*?) width="[\d.]+" height="[\d.]+"', r"\1", drawn, count=1)
    return drawn.replace(">", f' role="img" aria-label="{title}"><title>{title}</title>', 1)


def waterfall(figures: pl.DataFrame) -> dict[str, Any] | None:
    """Return the steps from the frozen baseline to today, in cells a year; None without a baseline."""
    cells = figures.filter(pl.col("figure") == "单元格（每年）")
    by_change = {row["scope_value"]: row for row in cells.filter(pl.col("scope") == "变化类别").iter_rows(named=True)}
    whole = cells.filter(pl.col("scope") == "全县").to_dicts()
    if not whole:
        return None
    adjustment = by_change.get("调整（重新估算）", {"before": whole[0]["before"], "after": whole[0]["before"]})
    level = adjustment["before"]
    steps = [{"step": "冻结的基线", "from": 0.0, "to": level, "kind": "总量", "label": _short(level)}]
    moves = [("调整：重新估算", adjustment["after"] - adjustment["before"])]
    moves += [(name, by_change[name]["after"] - by_change[name]["before"]) for name in _ORDER if name in by_change]
    for name, move in moves:
        if move:
            kind = "减少" if move < 0 else "增加"
            label = ("−" if move < 0 else "＋") + _short(abs(move))
            steps.append({"step": name, "from": level, "to": level + move, "kind": kind, "label": label})
            level += move
    after = whole[0]["after"]
    steps.append({"step": "现在", "from": 0.0, "to": after, "kind": "总量", "label": _short(after)})
    order = [step["step"] for step in steps]
    kinds = {"domain": ["总量", "减少", "增加"], "range": [GREY, BLUE, ORANGE]}
    x = {"field": "step", "type": "nominal", "sort": order, "title": None, "axis": {"labelAngle": 0}}
    return {
        "width": _WIDTH,
        "height": 260,
        "data": {"values": steps},
        "transform": [{"calculate": "max(datum.from, datum.to)", "as": "top"}],
        "layer": [
            {
                "mark": {"type": "bar", "size": 46},
                "encoding": {
                    "x": x,
                    "y": {"field": "from", "type": "quantitative", "title": "单元格（个/年）"},
                    "y2": {"field": "to"},
                    "color": {"field": "kind", "type": "nominal", "scale": kinds, "title": None},
                },
            },
            {
                "mark": {"type": "text", "dy": -8, "fontSize": 12},
                "encoding": {"x": x, "y": {"field": "top", "type": "quantitative"}, "text": {"field": "label"}},
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
    values = [
        {"department": row["scope_value"], "when": when, "cells": row[side], "label": _short(row[side])}
        for row in cells.iter_rows(named=True)
        for when, side in (("整合前", "before"), ("整合后", "after"))
    ]
    y = {"field": "department", "type": "nominal", "sort": cells["scope_value"].to_list(), "title": None}
    offset = {"field": "when", "sort": ["整合前", "整合后"]}
    colours = {"domain": ["整合前", "整合后"], "range": [GREY, BLUE]}
    x = {"field": "cells", "type": "quantitative", "title": "单元格（个/年）"}
    return {
        "width": _WIDTH - 180,
        "height": {"step": 11},
        "data": {"values": values},
        "layer": [
            {
                "mark": "bar",
                "encoding": {
                    "y": y,
                    "yOffset": offset,
                    "x": x,
                    "color": {"field": "when", "type": "nominal", "scale": colours, "title": None},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 3, "fontSize": 9},
                "encoding": {"y": y, "yOffset": offset, "x": x, "text": {"field": "label"}},
            },
        ],
    }


def overlap_matrix(overlap: pl.DataFrame) -> dict[str, Any] | None:
    """Return how many elements of the row's department the column's department asks too; None with fewer than two."""
    names = sorted(set(overlap["department_name"]))
    if len(names) < 2:
        return None
    values = [
        {"of": row["department_name"], "also": row["other_department"], "n": row["shared_elements"]}
        for row in overlap.iter_rows(named=True)
        if row["department_name"] != row["other_department"]
    ]
    encoding = {
        "x": {
            "field": "also",
            "type": "nominal",
            "title": "这些部门也要",
            "scale": {"domain": names},
            "axis": {"labelAngle": -60, "orient": "top"},
        },
        "y": {"field": "of", "type": "nominal", "title": "这个部门要的数据元", "scale": {"domain": names}},
    }
    dark = max((value["n"] for value in values), default=0) * 0.6
    return {
        "width": {"step": 24},
        "height": {"step": 20},
        "data": {"values": values},
        "layer": [
            {
                "mark": "rect",
                "encoding": encoding
                | {
                    "color": {
                        "field": "n",
                        "type": "quantitative",
                        "scale": {"scheme": "blues", "domainMin": 0},
                        "title": "共同的数据元（个）",
                    }
                },
            },
            {
                "mark": {"type": "text", "fontSize": 10},
                "encoding": encoding
                | {
                    "text": {"field": "n"},
                    "color": {"condition": {"test": f"datum.n > {dark}", "value": "white"}, "value": "#222"},
                },
            },
        ],
    }


def typed_by_month(issued: pl.DataFrame, submissions: pl.DataFrame) -> dict[str, Any] | None:
    """Return, month by month, the cells of received workbooks: typed, changed, only confirmed; None when none came."""
    months = (
        submissions.filter(pl.col("status") == "接收")
        .join(issued.select("workbook_id"), on="workbook_id", how="semi")
        .group_by("period")
        .agg(pl.col("typed_count").sum(), pl.col("changed_count").sum(), pl.col("confirmed_count").sum())
        .sort("period")
    )
    if months.is_empty():
        return None
    names = {"typed_count": "键入", "changed_count": "改动", "confirmed_count": "只确认预填"}
    values = [
        {"period": row["period"], "what": name, "cells": row[column], "order": number}
        for row in months.iter_rows(named=True)
        for number, (column, name) in enumerate(names.items())
    ]
    colours = {"domain": list(names.values()), "range": [ORANGE, GREEN, BLUE]}
    return {
        "width": _WIDTH,
        "height": 220,
        "data": {"values": values},
        "mark": "bar",
        "encoding": {
            "x": {"field": "period", "type": "ordinal", "title": "报告期", "axis": {"labelAngle": 0}},
            "y": {"field": "cells", "type": "quantitative", "title": "单元格（个）"},
            "color": {"field": "what", "type": "nominal", "scale": colours, "title": None},
            "order": {"field": "order"},
        },
    }


def trend(kept: pl.DataFrame) -> dict[str, Any] | None:
    """Return the county's cells a year, day by day of the kept evidence; None before there are two days."""
    cells = kept.filter(pl.col("figure") == "单元格（每年）").sort("as_of")
    if cells["as_of"].n_unique() < 2:
        return None
    values = [
        {"as_of": row["as_of"], "when": when, "cells": row[side]}
        for row in cells.iter_rows(named=True)
        for when, side in (("整合前", "before"), ("整合后", "after"))
    ]
    colours = {"domain": ["整合前", "整合后"], "range": [GREY, BLUE]}
    return {
        "width": _WIDTH,
        "height": 200,
        "data": {"values": values},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "as_of", "type": "ordinal", "title": "截至"},
            "y": {"field": "cells", "type": "quantitative", "title": "单元格（个/年）"},
            "color": {"field": "when", "type": "nominal", "scale": colours, "title": None},
            "strokeDash": {"field": "when", "type": "nominal", "legend": None},
        },
    }


def _short(value: float) -> str:
    return f"{value / 10000:,.1f} 万" if abs(value) >= 10000 else f"{value:,.0f}"
