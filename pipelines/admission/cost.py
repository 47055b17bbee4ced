"""The burden that a form would add, in cells and hours a year: the arithmetic of the burden figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.burden.assumptions import assumptions
from pipelines.burden.baseline import TO_FILL, asked_fields
from pipelines.burden.counts import no_counts

HELD = ("已有", "原表已有", "可推算")
"""Kinds of items that need not be asked."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Burden of some fields. cells, hours: a year, None when frequency or respondents cannot be counted.

    respondents D, responses E, rows c (mean over fields), minutes G; cells_once: of one response of all respondents.
    """

    fields: int
    respondents: float | None
    responses: float | None
    rows: float
    minutes: float
    cells_once: float | None
    cells: float | None
    hours: float | None


NOTHING = Cost(0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def cost(
    fields: pl.DataFrame, areas: pl.DataFrame, frequency: str, level: str, on: str, own: Path | None = None
) -> Cost:
    """Return the burden of the fields that somebody fills, as one report (worksheet D × E × c, H = D × E × G).

    fields: ReportFields of one form. frequency, level: of the register's lists. on: YYYY-MM-DD.
    """
    asked = fields.filter(pl.col("role").is_in(TO_FILL))
    if asked.is_empty():
        return NOTHING
    report = pl.DataFrame(
        {
            "report_id": [asked["form_id"][0]],
            "report_name": [asked["form_title"][0]],
            "department_name": [asked["department_name"][0]],
            "frequency": [frequency],
            "frequency_text": [frequency],
            "respondent_level": [level],
            "minutes_per_response": pl.Series([None], dtype=pl.Int64),
        }
    )
    table = asked_fields(report, asked, areas, no_counts(), on, assumptions(own))
    first = table.row(0, named=True)
    d, e, g = first["respondents"], first["responses_per_year"], first["minutes_per_response"]
    rows = float(table["rows_per_response"].sum())
    once = None if d is None else d * rows
    cells = None if once is None or e is None else once * e
    hours = None if d is None or e is None else d * e * g / 60
    return Cost(asked.height, d, e, rows / asked.height, g, once, cells, hours)


def yearly_cells(
    report_ids: list[str],
    reports: pl.DataFrame,
    report_fields: pl.DataFrame,
    areas: pl.DataFrame,
    on: str,
    own: Path | None = None,
) -> dict[str, float]:
    """Return the cells a year of reports on the register; those that cannot be counted are left out."""
    chosen = reports.filter(pl.col("report_id").is_in(report_ids))
    fields = report_fields.filter(pl.col("form_id").is_in(report_ids))
    if chosen.is_empty() or fields.is_empty():
        return {}
    table = asked_fields(chosen, fields, areas, no_counts(), on, assumptions(own)).filter(pl.col("role").is_in(TO_FILL))
    cells = pl.col("respondents") * pl.col("responses_per_year") * pl.col("rows_per_response")
    sums = (
        table.with_columns(cells=cells)
        .filter(pl.col("cells").is_not_null())
        .group_by("report_id")
        .agg(pl.col("cells").sum())
    )
    return dict(sums.iter_rows())
