"""The rows behind the figures: what became of every field, cell by cell. Nothing is dropped; every row has a reason."""

from __future__ import annotations

import polars as pl

from pipelines.burden import plan
from pipelines.burden.assumptions import Assumptions
from pipelines.burden.baseline import TO_FILL, asked_fields
from pipelines.burden.inputs import Inputs
from schemas.burden import BurdenRows

SHARED = "（共用）"
"""Stands for department, report and path of a column that the shared workbooks ask and no report's field stands for."""


def trace(inputs: Inputs, assumed: Assumptions) -> pl.DataFrame:
    """Return BurdenRows: a row per field of the baseline or of today's templates, and per element without a field.

    What an element still costs stands in one row, its keeper: the field that cost most in the baseline (ties: lowest
    field_id; today's fields before none). So the sums over the rows are the figures.
    """
    fields = _fields(inputs, assumed)
    plan_rows = plan.asked(inputs, assumed, fields)
    fields = fields.join(plan_rows, on="element_id", how="left", maintain_order="left").with_columns(
        pl.col("is_planned").fill_null(False), pl.col("is_asked").fill_null(False)
    )
    is_candidate = pl.col("is_current") & pl.col("counts") & pl.col("is_asked")
    fields = fields.with_columns(
        pl.when(is_candidate)
        .then(
            pl.struct(~pl.col("is_baseline"), -pl.col("cells_old"), "field_id")
            .rank("ordinal")
            .over(pl.when(is_candidate).then(pl.col("element_id")))
        )
        .alias("place")
    ).with_columns((pl.col("place") == 1).fill_null(False).alias("is_keeper"))
    kept = fields.filter("is_keeper")
    rows = pl.concat([_field_rows(fields, assumed), _shared_rows(inputs, assumed, plan_rows, fields, kept)])
    named = inputs.elements.select("element_id", "element_name", "object_class")
    return (
        rows.join(named, on="element_id", how="left", maintain_order="left")
        .select([pl.col(column).cast(kind) for column, kind in BurdenRows.schema_types().items()])
        .sort("field_id")
    )


def _fields(inputs: Inputs, assumed: Assumptions) -> pl.DataFrame:
    """Return every field of the baseline and of today: D, E, c then and now, and the cells they make a year."""
    today = asked_fields(
        inputs.reports, inputs.report_fields, inputs.areas, inputs.counts, inputs.as_of, assumed
    ).select(
        "field_id",
        "report_id",
        "table_no",
        pl.col("report_name").alias("report_name_now"),
        pl.col("department_name").alias("department_now"),
        pl.col("path").alias("path_now"),
        pl.col("role").alias("role_now"),
        pl.col("frequency").alias("frequency_now"),
        pl.col("respondent_level").alias("level_now"),
        pl.col("respondents").alias("respondents_now"),
        pl.col("responses_per_year").alias("responses_now"),
        pl.col("rows_per_response").alias("rows_now"),
        pl.col("minutes_per_response").alias("minutes_now"),
        pl.col("minutes_basis").alias("minutes_basis_now"),
        pl.lit(True).alias("is_current"),
    )
    then = inputs.baseline.select(
        "field_id",
        "report_id",
        "report_name",
        "department_name",
        "path",
        "role",
        "frequency",
        "respondent_level",
        "respondents",
        "responses_per_year",
        "rows_per_response",
        "minutes_per_response",
        "minutes_basis",
        pl.lit(True).alias("is_baseline"),
    )
    both = then.join(today.drop("report_id", "table_no"), on="field_id", how="full", coalesce=True).join(
        pl.concat([then.select("field_id", "report_id"), today.select("field_id", "report_id")]).unique("field_id"),
        on="field_id",
        how="left",
        suffix="_of",
    )
    both = both.with_columns(
        pl.col("report_id_of").alias("report_id"),
        pl.col("is_baseline").fill_null(False),
        pl.col("is_current").fill_null(False),
        pl.coalesce("report_name_now", "report_name").alias("report_name"),
        pl.coalesce("department_now", "department_name").alias("department_name"),
        pl.coalesce("path", "path_now").alias("path"),
        pl.coalesce("role", "role_now").alias("role"),
        pl.coalesce("frequency", "frequency_now").alias("frequency"),
        pl.coalesce("respondent_level", "level_now").alias("respondent_level"),
    )
    departments = inputs.reports.select("report_id", pl.col("department_name").alias("department_of_report"))
    both = both.join(departments, on="report_id", how="left", maintain_order="left").with_columns(
        pl.coalesce("department_of_report", "department_name").alias("department_name")
    )
    is_fill = pl.col("role").is_in(TO_FILL)
    # Re-estimated: the baseline's question, with today's number of respondents and subjects (an adjustment, no change).
    respondents = pl.coalesce("respondents_now", "respondents")
    rows = pl.coalesce("rows_now", "rows_per_response")
    responses = pl.coalesce("responses_per_year", "responses_now")
    both = (
        both.with_columns(
            is_fill.alias("is_fill"),
            (is_fill & (responses.is_not_null() & respondents.is_not_null())).alias("counts"),
            (is_fill.cast(pl.Float64) * (respondents * rows).fill_null(0.0)).alias("once_old"),
            pl.when(is_fill & pl.col("is_baseline"))
            .then((pl.col("respondents") * pl.col("responses_per_year") * pl.col("rows_per_response")).fill_null(0.0))
            .otherwise(0.0)
            .alias("cells_frozen"),
            pl.when(is_fill).then((respondents * responses * rows).fill_null(0.0)).otherwise(0.0).alias("cells_old"),
            pl.when(is_fill)
            .then((respondents * pl.coalesce("responses_now", "responses_per_year") * rows).fill_null(0.0))
            .otherwise(0.0)
            .alias("cells_as_form"),
            (respondents * responses).fill_null(0.0).alias("instances"),
            pl.coalesce(
                pl.when(pl.coalesce("minutes_basis_now", "minutes_basis") == "规则声明").then("minutes_now"),
                "minutes_per_response",
                "minutes_now",
            ).alias("minutes"),
        )
        .with_columns(
            (pl.col("once_old") * pl.col("is_baseline")).alias("once_before"),
            (pl.col("cells_old") * pl.col("is_baseline")).alias("cells_before"),
            (pl.col("instances").max().over("report_id") * pl.col("minutes") / 60).alias("report_hours"),
        )
        .with_columns(
            pl.when(pl.col("cells_before").sum().over("report_id") > 0)
            .then(pl.col("cells_before").sum().over("report_id"))
            .otherwise(pl.col("cells_old").sum().over("report_id"))
            .alias("report_cells")
        )
    )
    both = both.with_columns(
        pl.when(pl.col("report_cells") > 0)
        .then(pl.col("report_hours") / pl.col("report_cells"))
        .otherwise(assumed.seconds_per_cell / 3600)
        .alias("hours_per_cell")
    )
    mapped = inputs.element_map.select(
        "field_id", "element_id", "relation", "decision", pl.col("reason").alias("map_reason")
    )
    return both.join(mapped, on="field_id", how="left", maintain_order="left")


def _field_rows(fields: pl.DataFrame, assumed: Assumptions) -> pl.DataFrame:
    is_indicator = pl.col("ledger") == plan.INDICATOR
    is_outside = ~pl.col("is_planned")
    change = (
        pl.when(pl.col("role") == "none")
        .then(pl.lit("不可计"))
        .when(~pl.col("is_fill"))
        .then(pl.lit("不填报"))
        .when(~pl.col("is_current"))
        .then(pl.lit("停用"))
        .when(~pl.col("counts"))
        .then(pl.lit("不可计"))
        .when(~pl.col("is_baseline"))
        .then(pl.lit("新增"))
        .when(is_outside)
        .then(pl.lit("保留"))
        .when(~pl.col("is_asked"))
        .then(pl.lit("推算"))
        .when(~pl.col("is_keeper"))
        .then(pl.lit("合并"))
        .when(pl.col("cells_after") > pl.col("cells_before"))
        .then(pl.lit("增加"))
        .when((pl.col("cells_after") < pl.col("cells_before")) & is_indicator)
        .then(pl.lit("降频"))
        .when(pl.col("cells_after") < pl.col("cells_before"))
        .then(pl.lit("预填"))
        .otherwise(pl.lit("保留"))
    )
    reason = (
        pl.when(pl.col("role") == "none")
        .then(pl.lit("没有读出要填的栏目：只计报表数、份数和工时"))
        .when(pl.col("role") == "serial")
        .then(pl.lit("序号，不算填报"))
        .when(pl.col("role") == "derived")
        .then(pl.lit("公式或合计，表内自动得出，不算填报"))
        .when(~pl.col("is_fill"))
        .then(pl.lit("表头、说明或签章，不算填报"))
        .when(~pl.col("is_current"))
        .then(pl.lit("现在的模板没有这一栏"))
        .when(~pl.col("counts"))
        .then(pl.lit("频率或填报单位数不可折算，列出不计"))
        .when(is_outside)
        .then(pl.lit("仍照原表填报：") + pl.coalesce("plan_reason", "map_reason", pl.lit("没有归入数据元")))
        .when(~pl.col("is_asked"))
        .then(pl.lit("不再填报：") + pl.col("plan_reason").fill_null("由其他数据得出"))
        .when(~pl.col("is_keeper"))
        .then(pl.lit("同一数据元只填一次：") + pl.col("map_reason").fill_null(""))
        .when(is_indicator)
        .then(pl.lit("由这一栏代表该数据元：各单位每期填一次"))
        .when(pl.col("is_flow"))
        .then(pl.lit("由这一栏代表该数据元：时期数，每期都是新数，每期填一次"))
        .otherwise(pl.lit("由这一栏代表该数据元：填一次，以后各期预填，变动时改"))
    )
    rows = fields.with_columns(
        change.alias("change"),
        (~pl.col("is_baseline")).alias("is_new"),
        reason.alias("reason"),
        _cost("cells_after", pl.col("cells_as_form")).alias("cells_after"),
        _cost("cells_prefilled", pl.lit(0.0)).alias("cells_prefilled"),
        _cost("once_after", pl.col("once_old")).alias("once_after"),
        pl.when(_GOES_ON & is_outside)
        .then(pl.lit("仍照原表填报"))
        .when(pl.col("is_asked"))
        .then("asked_now")
        .alias("asked_now"),
    )
    none = pl.col("role") == "none"
    return rows.with_columns(
        pl.when(none & pl.col("is_baseline"))
        .then("report_hours")
        .otherwise(pl.col("cells_before") * pl.col("hours_per_cell"))
        .fill_null(0.0)
        .alias("hours_before"),
        pl.when(none & pl.col("is_current"))
        .then("report_hours")
        .otherwise(
            pl.col("cells_after") * pl.col("hours_per_cell")
            + pl.col("cells_prefilled") * assumed.seconds_per_confirm / 3600
        )
        .fill_null(0.0)
        .alias("hours_after"),
        pl.when(pl.col("counts")).then("once_before").otherwise(0.0).alias("once_before"),
    ).select(_COLUMNS)


_GOES_ON = pl.col("is_current") & pl.col("is_fill") & pl.col("counts")


def _cost(name: str, outside: pl.Expr) -> pl.Expr:
    """Return what a field still costs: its form's cells outside the plan, the element's for its keeper, else 0."""
    return (
        pl.when(_GOES_ON & ~pl.col("is_planned"))
        .then(outside)
        .when(_GOES_ON & pl.col("is_keeper"))
        .then(pl.col(name))
        .otherwise(0.0)
        .fill_null(0.0)
    )


def _shared_rows(
    inputs: Inputs, assumed: Assumptions, plan_rows: pl.DataFrame, fields: pl.DataFrame, kept: pl.DataFrame
) -> pl.DataFrame:
    """Return a row per asked element that no field of today stands for: population marks, keys."""
    uncounted = fields.filter(pl.col("is_current") & pl.col("is_fill") & ~pl.col("counts"))
    seconds = assumed.seconds_per_cell
    return (
        plan_rows.filter("is_asked")
        .join(kept, on="element_id", how="anti")
        .join(uncounted, on="element_id", how="anti")
        .with_columns(
            ("共用#" + pl.col("element_id")).alias("field_id"),
            pl.lit(SHARED).alias("report_id"),
            pl.lit(None, pl.String).alias("report_name"),
            pl.lit(SHARED).alias("department_name"),
            pl.lit(SHARED).alias("path"),
            pl.lit("fill").alias("role"),
            pl.lit(None, pl.String).alias("respondent_level"),
            pl.lit(None, pl.String).alias("frequency"),
            pl.lit("填报方案").alias("decision"),
            pl.lit("新增").alias("change"),
            pl.lit(True).alias("is_new"),
            *(pl.lit(0.0).alias(name) for name in ("cells_frozen", "cells_before", "once_before", "hours_before")),
            (
                pl.col("cells_after") * seconds / 3600 + pl.col("cells_prefilled") * assumed.seconds_per_confirm / 3600
            ).alias("hours_after"),
            pl.lit("共用工作簿新问的：对象范围标记或主键，没有对应的旧栏目").alias("reason"),
        )
        .select(_COLUMNS)
    )


_COLUMNS = [name for name in BurdenRows.__annotations__ if name not in ("element_name", "object_class")]
