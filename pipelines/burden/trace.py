"""The rows behind the figures: what became of every field, cell by cell. Nothing is dropped; every row has a reason."""

from __future__ import annotations

import polars as pl

from pipelines.burden import plan
from pipelines.burden.assumptions import Assumptions
from pipelines.burden.compared import compared
from pipelines.burden.inputs import Inputs
from schemas.burden import BurdenRows

SHARED = "（共用）"
"""Stands for department, report and path of a column that the shared workbooks ask and no report's field stands for."""


def trace(inputs: Inputs, assumed: Assumptions) -> pl.DataFrame:
    """Return BurdenRows: a row per field of the baseline or of today's templates, and per element without a field.

    What an element still costs stands in one row, its keeper: the field that cost most in the baseline (ties: lowest
    field_id; today's fields before none). So the sums over the rows are the figures. A field that a steward's verdict
    placed says by whom and when; what the rules placed is placed anew in every run.
    """
    fields = compared(inputs, assumed)
    plan_rows = plan.asked(inputs, assumed, fields)
    keepers = (
        fields.lazy()
        .filter("is_current", "counts")
        .join(plan_rows.lazy().filter("is_asked").select("element_id"), on="element_id", how="semi")
        .sort("is_baseline", "cells_old", "field_id", descending=[True, True, False])
        .unique("element_id", keep="first", maintain_order=True)
        .select("field_id", pl.lit(True).alias("is_keeper"))
        .collect(engine="in-memory")
    )
    fields = (
        fields.lazy()
        .join(plan_rows.lazy(), on="element_id", how="left", maintain_order="left")
        .join(keepers.lazy(), on="field_id", how="left", maintain_order="left")
        .with_columns(pl.col("is_planned", "is_asked", "is_keeper").fill_null(False))
        .collect(engine="in-memory")
    )
    rows = pl.concat([_field_rows(fields, assumed), _shared_rows(fields, assumed, plan_rows)])
    named = inputs.elements.lazy().select("element_id", "element_name", "object_class")
    return (
        rows.join(named, on="element_id", how="left", maintain_order="left")
        .join(decided(inputs), on="field_id", how="left", maintain_order="left")
        .with_columns(pl.coalesce("judged_by", "decision").alias("decision"))
        .select([pl.col(column).cast(kind) for column, kind in BurdenRows.schema_types().items()])
        .sort("field_id")
        .collect(engine="in-memory")
    )


def decided(inputs: Inputs) -> pl.LazyFrame:
    """Return field_id, judged_by, decided_at of every field whose element rests on a verdict: the latest one."""
    keys = inputs.report_fields.lazy().select(
        "field_id", (pl.col("form_title") + "#" + pl.col("path")).alias("field_key")
    )
    answers = inputs.verdicts.lazy().filter(pl.col("answer") != "不确定")
    said = pl.concat(
        [
            answers.select(pl.col(side).alias("field_key"), "decided_by", "decided_at", "answer")
            for side in ("left_field_key", "right_field_key")
        ]
    )
    return (
        inputs.element_map.lazy()
        .filter(pl.col("decision") == "判定")
        .select("field_id")
        .join(keys, on="field_id")
        .join(said, on="field_key")
        .sort("field_id", "decided_at", descending=[False, True])
        .unique("field_id", keep="first", maintain_order=True)
        .select("field_id", ("判定：" + pl.col("decided_by")).alias("judged_by"), "decided_at")
    )


def _field_rows(fields: pl.DataFrame, assumed: Assumptions) -> pl.LazyFrame:
    is_indicator = pl.col("is_indicator")
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
    is_new = ~pl.col("is_baseline")
    rows = fields.lazy().with_columns(
        change.alias("change"),
        is_new.alias("is_new"),
        pl.when(is_new).then("cells_as_form").otherwise(0.0).alias("new_as_form"),
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
        *(pl.col(f"{name}_used").alias(column) for name, column in _USED.items()),
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


def _shared_rows(fields: pl.DataFrame, assumed: Assumptions, plan_rows: pl.DataFrame) -> pl.LazyFrame:
    """Return a row per asked element that no field of today stands for: population marks, keys."""
    stands = fields.lazy().filter(pl.col("is_keeper") | (pl.col("is_current") & pl.col("is_fill") & ~pl.col("counts")))
    seconds = assumed.seconds_per_cell
    return (
        plan_rows.lazy()
        .filter("is_asked")
        .join(stands, on="element_id", how="anti", maintain_order="left")
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
            *(pl.lit(None, pl.Float64).alias(column) for column in _USED.values()),
            *(pl.lit(None, pl.String).alias(name) for name in ("respondents_basis", "rows_basis", "minutes_basis")),
            *(
                pl.lit(0.0).alias(name)
                for name in ("new_as_form", "cells_frozen", "cells_before", "once_before", "hours_before")
            ),
            (
                pl.col("cells_after") * seconds / 3600 + pl.col("cells_prefilled") * assumed.seconds_per_confirm / 3600
            ).alias("hours_after"),
            pl.lit("共用工作簿新问的：对象范围标记或主键，没有对应的旧栏目").alias("reason"),
        )
        .select(_COLUMNS)
    )


_USED = {
    "respondents": "respondents",
    "responses": "responses_per_year",
    "rows": "rows_per_response",
    "minutes": "minutes_per_response",
}
_COLUMNS = [name for name in BurdenRows.__annotations__ if name not in ("element_name", "object_class", "decided_at")]
