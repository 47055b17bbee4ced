"""Every field of the baseline and of today side by side: D, E, c and G then and now, and the cells they make a year."""

from __future__ import annotations

import polars as pl

from pipelines.burden.assumptions import Assumptions
from pipelines.burden.baseline import MEASURED, REGISTERED, TO_FILL, asked_fields
from pipelines.burden.fill_times import measured_minutes
from pipelines.burden.inputs import Inputs


def compared(inputs: Inputs, assumed: Assumptions) -> pl.DataFrame:
    """Return a row per field of the baseline or of today's templates, with its element (BurdenRows' columns and more).

    counts: a year of it can be counted. once_old, cells_old, cells_as_form: cells without frequency, a year at the
    baseline's frequency, a year at today's. hours_per_cell: the pace of the field's own form.
    Re-estimated: the baseline's question with today's number of respondents and subjects (an adjustment, no change).
    G: measured wins; then what the baseline was frozen with, unless that was assumed; then today's.
    """
    measured = measured_minutes(inputs.fill_times, inputs.as_of, assumed.time_methods)
    today = asked_fields(
        inputs.reports, inputs.report_fields, inputs.areas, inputs.counts, inputs.as_of, assumed, measured
    ).lazy()
    now = today.select(
        "field_id",
        pl.col("report_id").alias("report_now"),
        *(pl.col(old).alias(new) for old, new in _NOW.items()),
        pl.lit(True).alias("is_current"),
    )
    then = inputs.baseline.lazy().select("field_id", "report_id", *_NOW, pl.lit(True).alias("is_baseline"))
    owners = inputs.reports.lazy().select("report_id", pl.col("department_name").alias("department_of_report"))
    mapped = inputs.element_map.lazy().select(
        "field_id", "element_id", "relation", "decision", pl.col("reason").alias("map_reason")
    )
    is_fill = pl.col("role").is_in(TO_FILL)
    respondents = pl.coalesce("respondents_now", "respondents")
    rows = pl.coalesce("rows_now", "rows_per_response")
    responses = pl.coalesce("responses_per_year", "responses_now")
    old_cells = pl.col("cells_before").sum().over("report_id")
    return (
        then.join(now, on="field_id", how="full", coalesce=True)
        .with_columns(
            pl.coalesce("report_id", "report_now").alias("report_id"),
            pl.col("is_baseline").fill_null(False),
            pl.col("is_current").fill_null(False),
            pl.coalesce("report_name_now", "report_name").alias("report_name"),
            pl.coalesce("path", "path_now").alias("path"),
            pl.coalesce("role", "role_now").alias("role"),
            pl.coalesce("frequency", "frequency_now").alias("frequency"),
            pl.coalesce("respondent_level", "level_now").alias("respondent_level"),
        )
        .join(owners, on="report_id", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("department_of_report", "department_now", "department_name").alias("department_name"),
            is_fill.alias("is_fill"),
            (is_fill & responses.is_not_null() & respondents.is_not_null()).alias("counts"),
            _if_filled(respondents * rows).alias("once_old"),
            _if_filled(
                pl.col("respondents") * pl.col("responses_per_year") * pl.col("rows_per_response"), "is_baseline"
            ).alias("cells_frozen"),
            _if_filled(respondents * responses * rows).alias("cells_old"),
            _if_filled(respondents * pl.coalesce("responses_now", "responses_per_year") * rows).alias("cells_as_form"),
            (respondents * responses).fill_null(0.0).alias("instances"),
            _best("minutes_now", "minutes_per_response").alias("minutes_used"),
            _best("minutes_basis_now", "minutes_basis").alias("minutes_basis"),
            respondents.alias("respondents_used"),
            responses.alias("responses_used"),
            rows.alias("rows_used"),
            pl.coalesce("respondents_basis_now", "respondents_basis").alias("respondents_basis"),
            pl.coalesce("rows_basis_now", "rows_basis").alias("rows_basis"),
        )
        .with_columns(
            (pl.col("once_old") * pl.col("is_baseline")).alias("once_before"),
            (pl.col("cells_old") * pl.col("is_baseline")).alias("cells_before"),
            (pl.col("instances").max().over("report_id") * pl.col("minutes_used") / 60).alias("report_hours"),
        )
        .with_columns(
            pl.when(old_cells > 0)
            .then(old_cells)
            .otherwise(pl.col("cells_old").sum().over("report_id"))
            .alias("report_cells")
        )
        .with_columns(
            pl.when(pl.col("report_cells") > 0)
            .then(pl.col("report_hours") / pl.col("report_cells"))
            .otherwise(assumed.seconds_per_cell / 3600)
            .alias("hours_per_cell")
        )
        .join(mapped, on="field_id", how="left", maintain_order="left")
        .collect(engine="in-memory")
    )


_NOW = {
    "report_name": "report_name_now",
    "department_name": "department_now",
    "path": "path_now",
    "role": "role_now",
    "frequency": "frequency_now",
    "respondent_level": "level_now",
    "respondents": "respondents_now",
    "responses_per_year": "responses_now",
    "rows_per_response": "rows_now",
    "minutes_per_response": "minutes_now",
    "minutes_basis": "minutes_basis_now",
    "respondents_basis": "respondents_basis_now",
    "rows_basis": "rows_basis_now",
}
"""What both states say of a field → the name of today's value."""


def _best(now: str, then: str) -> pl.Expr:
    """Return which of two values of G holds: measured now, else registered or measured then, else today's."""
    return (
        pl.when(pl.col("minutes_basis_now") == MEASURED)
        .then(now)
        .when(pl.col("minutes_basis").is_in((MEASURED, REGISTERED)))
        .then(then)
        .otherwise(pl.coalesce(now, then))
    )


def _if_filled(cells: pl.Expr, *conditions: str) -> pl.Expr:
    """Return cells of what a person fills; 0 where a number is missing."""
    holds = pl.all_horizontal(pl.col("role").is_in(TO_FILL), *conditions)
    return pl.when(holds).then(cells.fill_null(0.0)).otherwise(0.0)
