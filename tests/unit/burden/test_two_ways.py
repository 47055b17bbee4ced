"""Two implementations that share only the rules give the same figures: Polars rows, and one SQL text in DuckDB."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.burden.assumptions import assumptions
from pipelines.burden.figures import figures
from pipelines.burden.sql import figures_sql, sql_tables
from pipelines.store.query import run

MEASURES = {
    "items": "数据项（按栏目）",
    "cells": "单元格（每年）",
    "gross": "单元格（每年，只看基线栏目）",
    "new": "基线之后新增的单元格（每年）",
    "cells_once": "单元格（不计频率）",
    "prefilled": "预填只需确认的单元格（每年）",
    "hours": "填报工时（每年）",
}


def assert_same(inputs):
    assumed = assumptions()
    by_sql = run(sql_tables(inputs, assumed), figures_sql(inputs.as_of, assumed))
    found = figures(inputs).figures.filter(pl.col("scope") == "部门")
    for key, name in MEASURES.items():
        polars = {row["scope_value"]: row for row in found.filter(pl.col("figure") == name).iter_rows(named=True)}
        for row in by_sql.iter_rows(named=True):
            for side in ("before", "after"):
                other = polars.get(row["department_name"], {side: 0.0})[side]
                assert row[f"{key}_{side}"] == pytest.approx(other, rel=1e-9), (row["department_name"], key, side)
        assert set(polars) <= set(by_sql["department_name"]), name


def test_the_golden_counties(golden):
    assert_same(golden[1])


CASES = {
    "before anything is collected": lambda c: replace(c, counts=_none()),
    "a report dropped": lambda c: replace(
        c,
        reports=c.reports.filter(pl.col("report_id") != "R2"),
        report_fields=c.report_fields.filter(pl.col("form_id") != "R2"),
    ),
    "a field retired and its element still asked": lambda c: replace(
        c, report_fields=c.report_fields.filter(pl.col("field_id") != "R1#4")
    ),
    "a report since the baseline": lambda c: replace(c, baseline=c.baseline.filter(pl.col("report_id") != "R2")),
    "no baseline": lambda c: replace(c, baseline=c.baseline.clear()),
    "no plan": lambda c: replace(c, fill_plan=c.fill_plan.clear()),
    "no map": lambda c: replace(c, element_map=c.element_map.clear()),
    "no areas": lambda c: replace(c, areas=c.areas.clear()),
    "a department renamed": lambda c: replace(
        c, reports=c.reports.with_columns(pl.col("department_name").str.replace("残联", "残疾人联合会"))
    ),
    "yearly instead of monthly": lambda c: replace(c, reports=c.reports.with_columns(pl.lit("年").alias("frequency"))),
    "respondents are persons": lambda c: replace(
        c, reports=c.reports.with_columns(pl.lit("个人").alias("respondent_level"))
    ),
    "an element left with the county": lambda c: replace(
        c,
        fill_plan=c.fill_plan.with_columns(
            pl.when(pl.col("element_id") == "DE6").then(False).otherwise("is_asked").alias("is_asked"),
            pl.when(pl.col("element_id") == "DE6")
            .then(pl.lit("只有县级部门掌握，不向乡镇要"))
            .otherwise("reason")
            .alias("reason"),
        ),
    ),
    "level not stated": lambda c: replace(
        c, reports=c.reports.with_columns(pl.lit("未说明").alias("respondent_level"))
    ),
}


def _none():
    from pipelines.burden.counts import no_counts

    return no_counts()


@pytest.mark.parametrize("case", CASES)
def test_changed_counties(county, case):
    assert_same(CASES[case](county))
