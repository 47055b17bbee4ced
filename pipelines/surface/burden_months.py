"""The burden report's charts over months: what was typed, the county's cells a year, what was asked anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from pipelines.periods import months
from pipelines.surface.burden_charts import BLUE, GREEN, GREY, ORANGE, SKY, WIDTH
from pipelines.surface.burden_words import short


def typed_by_month(issued: pl.DataFrame, submissions: pl.DataFrame) -> dict[str, Any] | None:
    """Return, month by month, the cells of received workbooks: typed, changed, only confirmed; None when none came."""
    received = (
        submissions.filter(pl.col("status") == "接收")
        .join(issued.select("workbook_id"), on="workbook_id", how="semi")
        .with_columns(pl.col("period").map_elements(lambda period: months(period)[0], return_dtype=pl.String))
        .group_by("period")
        .agg(pl.col("typed_count").sum(), pl.col("changed_count").sum(), pl.col("confirmed_count").sum())
        .sort("period")
    )
    if received.is_empty():
        return None
    names = {"typed_count": "键入", "changed_count": "改动", "confirmed_count": "只看一眼（预填）"}
    values = []
    for row in received.iter_rows(named=True):
        whole = sum(row[column] for column in names) or 1
        values += [
            {
                "period": row["period"],
                "what": name,
                "cells": row[column],
                "order": number,
                "label": f"{short(row[column]).strip()}（{row[column] / whole:.0%}）"
                if row[column] / whole > 0.09
                else "",
            }
            for number, (column, name) in enumerate(names.items())
        ]
    colours = {"domain": list(names.values()), "range": [ORANGE, GREEN, SKY]}
    axis = {"labelExpr": "datum.value / 10000 + ' 万'"}
    x = {"field": "cells", "type": "quantitative", "stack": "zero", "title": "单元格（个）", "axis": axis}
    y = {"field": "period", "type": "ordinal", "title": None, "axis": {"ticks": False, "domain": False}}
    return {
        "width": WIDTH - 100,
        "height": {"step": 44},
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.7}},
                "encoding": {
                    "y": y,
                    "x": x,
                    "color": {"field": "what", "type": "nominal", "scale": colours, "title": None},
                    "order": {"field": "order"},
                },
            },
            {
                "mark": {"type": "text", "fontSize": 13, "color": "#1A1A1A"},
                "encoding": {
                    "y": y,
                    "x": x | {"bandPosition": 0.5},
                    "text": {"field": "label"},
                    "order": {"field": "order"},
                },
            },
        ],
    }


def trend(kept: pl.DataFrame) -> dict[str, Any] | None:
    """Return the county's cells a year, the last computation of every month; None before there are two months."""
    cells = (
        kept.filter(pl.col("figure") == "单元格（每年）")
        .sort("as_of")
        .with_columns(pl.col("as_of").str.slice(0, 7).alias("month"))
        .unique("month", keep="last", maintain_order=True)
    )
    if cells.height < 2:
        return None
    values = [
        {"month": row["month"], "when": when, "cells": row[side], "label": short(row[side]).strip()}
        for row in cells.iter_rows(named=True)
        for when, side in (("整合前", "before"), ("整合后", "after"))
    ]
    colours = {"domain": ["整合前", "整合后"], "range": [GREY, BLUE]}
    x = {"field": "month", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}}
    axis = {"labelExpr": "datum.value / 10000 + ' 万'"} if float(cells["before"].max() or 0) >= 20000 else {}  # type: ignore[arg-type]
    y = {"field": "cells", "type": "quantitative", "title": "单元格（个/年）", "axis": axis}
    return {
        "width": WIDTH - 90,
        "height": 220,
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "line", "point": {"size": 60}, "strokeWidth": 2.5},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {"field": "when", "type": "nominal", "scale": colours, "title": None},
                    "strokeDash": {"field": "when", "type": "nominal", "legend": None},
                },
            },
            {
                "mark": {"type": "text", "dy": -12, "fontSize": 12, "color": "#333"},
                "encoding": {"x": x, "y": y, "detail": {"field": "when"}, "text": {"field": "label"}},
            },
        ],
    }


def rebound_by_month(again: pl.DataFrame, months: Sequence[str]) -> dict[str, Any] | None:
    """Return the cells a year that were asked anew, by month; months without any are seen as 0. None when none was.

    again: BurdenRebound. months: every month since the baseline.
    """
    if again.is_empty():
        return None
    sums = {
        month: (cells, items, forms)
        for month, cells, items, forms in again.group_by("month")
        .agg(pl.col("new_cells").sum(), pl.col("new_items").sum(), pl.col("new_forms").sum())
        .iter_rows()
    }
    values = []
    for month in months:
        cells, items, forms = sums.get(month, (0.0, 0, 0))
        label = f"{short(cells).strip()}（{forms} 张、{items} 项）" if items or forms else "0"
        values.append({"month": month, "cells": cells, "label": label})
    x = {"field": "month", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}}
    y = {"field": "cells", "type": "quantitative", "title": "照原表填的单元格（个/年）"}
    return {
        "width": WIDTH - 90,
        "height": 200,
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "bar", "color": ORANGE, "width": {"band": 0.5}}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "text", "dy": -9, "fontSize": 12, "color": "#333"},
                "encoding": {"x": x, "y": y, "text": {"field": "label"}},
            },
        ],
    }
