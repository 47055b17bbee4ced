"""Two implementations that share only the rules give the same figures: Polars rows, and one SQL text in DuckDB."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.burden.assumptions import assumptions
from pipelines.burden.figures import figures
from tests.two_ways import assert_same


def assert_agree(county):
    return assert_same(county, assumptions(), figures(county).figures)


def test_the_golden_counties(golden):
    assert_agree(golden[1])


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
    assert_agree(CASES[case](county))
