"""What the fill-once workbooks ask in a year, element by element: the "after" of every figure."""

from __future__ import annotations

import polars as pl

from pipelines.burden.assumptions import Assumptions
from pipelines.burden.estimate import level_counts
from pipelines.burden.inputs import Inputs
from schemas.words import LIST_SEPARATOR

INDICATOR = "indicator"
"""The ledger of areas, whose cells are new in every period."""


def asked(inputs: Inputs, assumed: Assumptions, fields: pl.DataFrame) -> pl.DataFrame:
    """Return what is asked of each element: element_id, is_planned, is_asked, plan_reason, asked_now,
    is_indicator, is_flow,     once_after, cells_after, cells_prefilled (per year); a row per element of the plan.

    is_planned is false for what is not asked because somebody else still fills its own form (assumed.left_reasons).

    fields: report_id, element_id, once_old (cells without frequency), counts (is it countable). Before the ledger is
    filled, the most rows that one report has of the element stand in; for marks and keys, which no form has, the most
    rows of a report that needs them. A subject ledger's cell is typed once and again when it changes (assumed.change);
    in the other periods it is shown. A flow (时期数) is another number in every period and so typed in every period, in
    any ledger. An indicator's cell is typed by every respondent in every period. Elements whose frequency has no number
    of responses (随时) count one response; whether they count at all is decided by the fields behind them.
    """
    plan = inputs.fill_plan.with_columns(
        pl.col("frequency")
        .replace_strict(dict(assumed.responses), default=1.0, return_dtype=pl.Float64)
        .alias("responses"),
        _respondents(inputs, assumed).alias("respondents"),
        pl.col("ledger")
        .replace_strict(dict(assumed.change), default=assumed.change["default"], return_dtype=pl.Float64)
        .alias("change_share"),
    )
    plan = (
        plan.join(inputs.counts.subjects, on="ledger", how="left")
        .join(inputs.counts.answers, on=["ledger", "element_id"], how="left")
        .join(_largest_need(fields), on="element_id", how="left")
        .join(_largest_report(inputs.fill_plan, fields), on=["ledger", "element_id"], how="left")
        .join(inputs.elements.select("element_id", "temporal"), on="element_id", how="left")
    )
    is_indicator = pl.col("ledger") == INDICATOR
    subjects = pl.coalesce("answers", "need", "report_need", "subjects", pl.lit(0.0))
    once = pl.when(is_indicator).then(pl.col("respondents")).otherwise(subjects)
    is_new_each_period = is_indicator | (pl.col("temporal") == "flow").fill_null(False)
    typed = pl.when(is_new_each_period).then(pl.col("responses")).otherwise(1.0 + pl.col("change_share"))
    shown = (
        pl.when(is_new_each_period)
        .then(0.0)
        .otherwise(pl.max_horizontal(pl.col("responses") - 1.0 - pl.col("change_share"), 0.0))
    )
    plan = plan.with_columns(once.alias("once"), typed.alias("typed"), shown.alias("shown"))
    words = pl.format("{}台账，{}填，{}", pl.col("ledger"), pl.col("respondent_level"), pl.col("frequency"))
    on = pl.col("is_asked")
    is_left = pl.any_horizontal(
        pl.lit(False), *(pl.col("reason").str.contains(text, literal=True) for text in assumed.left_reasons)
    )
    return plan.group_by("element_id", maintain_order=True).agg(
        on.any().alias("is_asked"),
        pl.col("reason").filter(~on).first().alias("plan_reason"),
        words.filter(on).str.join("；").alias("asked_now"),
        (on & is_indicator).any().alias("is_indicator"),
        (pl.col("temporal") == "flow").fill_null(False).any().alias("is_flow"),
        (on | ~is_left).any().alias("is_planned"),
        pl.col("once").filter(on).sum().alias("once_after"),
        (pl.col("once") * pl.col("typed")).filter(on).sum().alias("cells_after"),
        (pl.col("once") * pl.col("shown")).filter(on).sum().alias("cells_prefilled"),
    )


def _largest_need(fields: pl.DataFrame) -> pl.DataFrame:
    return fields.filter("counts").group_by("element_id").agg(pl.col("once_old").max().alias("need"))


def _largest_report(fill_plan: pl.DataFrame, fields: pl.DataFrame) -> pl.DataFrame:
    reports = fields.filter("counts").group_by("report_id").agg(pl.col("once_old").max().alias("report_need"))
    return (
        fill_plan.select("ledger", "element_id", pl.col("report_ids").str.split(LIST_SEPARATOR).alias("report_id"))
        .explode("report_id")
        .join(reports, on="report_id")
        .group_by("ledger", "element_id")
        .agg(pl.col("report_need").max())
    )


def sheets(inputs: Inputs, assumed: Assumptions) -> pl.DataFrame:
    """Return the shared sheets: ledger, respondent_level, respondents, responses (the finest); a row each."""
    return (
        inputs.fill_plan.filter("is_asked")
        .with_columns(
            pl.col("frequency")
            .replace_strict(dict(assumed.responses), default=1.0, return_dtype=pl.Float64)
            .alias("responses")
        )
        .group_by("ledger", "respondent_level")
        .agg(pl.col("responses").max())
        .with_columns(_respondents(inputs, assumed).alias("respondents"))
        .sort("ledger", "respondent_level")
    )


def _respondents(inputs: Inputs, assumed: Assumptions) -> pl.Expr:
    """Return D of the plan's respondent level; what households and persons know, their village fills."""
    by_level = level_counts(inputs.areas, inputs.as_of, assumed)
    return pl.col("respondent_level").replace_strict(by_level, default=by_level.get("村", 0.0), return_dtype=pl.Float64)
