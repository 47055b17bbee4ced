"""The same figures a second time, as one SQL text over the warehouse's tables: an auditor's independent recomputation.

The text (figures.sql) shares nothing with `trace` and `figures` but the rules, which go in as tables; tests hold both
to the same numbers, row by row.
"""

from __future__ import annotations

from importlib.resources import files

import polars as pl

from pipelines.burden.assumptions import Assumptions
from pipelines.burden.evidence import tables
from pipelines.burden.inputs import Inputs
from pipelines.text import fold

FIGURES = files("pipelines.burden").joinpath("figures.sql").read_text(encoding="utf-8")
"""The SELECT of figure (key of the rules), scope, scope_value, before, after, reduction; every row of the figures."""


def sql_tables(inputs: Inputs, assumed: Assumptions) -> dict[str, pl.DataFrame]:
    """Return the tables that the text reads: those of the state, and the rules.

    parameters (one row: the day, seconds, yuan), frequency_rules, level_rules, row_rules, change_rules, method_rules,
    left_rules; printed: a path or unit as the form prints it → as it is compared (NFKC, which SQL has no word for).
    """
    levels = sorted({*assumed.area_levels, *assumed.per_village})
    printed = sorted(
        {*inputs.baseline["path"].drop_nulls().to_list(), *inputs.report_fields["unit"].drop_nulls().to_list()}
    )
    return tables(inputs) | {
        "parameters": pl.DataFrame(
            {
                "as_of": [inputs.as_of],
                "minutes_overhead": [float(assumed.minutes_overhead)],
                "seconds_per_cell": [float(assumed.seconds_per_cell)],
                "seconds_per_confirm": [float(assumed.seconds_per_confirm)],
                "yuan_per_hour": [float(assumed.yuan_per_hour)],
            }
        ),
        "frequency_rules": pl.DataFrame(list(assumed.responses.items()), ["frequency", "responses"], orient="row"),
        "level_rules": pl.DataFrame(
            [(level, assumed.area_levels.get(level), assumed.per_village.get(level)) for level in levels],
            {"respondent_level": pl.String, "area_level": pl.String, "per_village": pl.Float64},
            orient="row",
        ),
        "row_rules": pl.DataFrame(
            [(*key, rows) for key, rows in assumed.rows.items()], ["layout", "respondent_level", "n"], orient="row"
        ),
        "method_rules": pl.DataFrame({"method": list(assumed.time_methods)}, schema={"method": pl.String}),
        "left_rules": pl.DataFrame({"text": list(assumed.left_reasons)}, schema={"text": pl.String}),
        "change_rules": pl.DataFrame(list(assumed.change.items()), ["ledger", "share"], orient="row"),
        "printed": pl.DataFrame(
            {"text": printed, "folded": [fold(text) for text in printed]},
            schema={"text": pl.String, "folded": pl.String},
        ),
    }
