"""D and c of the worksheet: how many respondents a report has on a day, and how many rows each of them fills."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.burden.assumptions import Assumptions, declared_rows
from pipelines.burden.counts import Counts

_ESTIMATE = {
    "report_id": pl.String,
    "table_no": pl.Int64,
    "respondents": pl.Float64,
    "respondents_basis": pl.String,
    "rows_per_response": pl.Float64,
    "rows_basis": pl.String,
}


def area_counts(areas: pl.DataFrame, on: str) -> dict[str, int]:
    """Return how many areas each level has on a day (YYYY-MM-DD); a merged township counts until its last day."""
    numbers: dict[str, int] = {}
    for level, first, last in areas.select("area_level", "valid_from", "valid_until").iter_rows():
        if (first or "") <= on <= (last or "9999-12-31"):
            numbers[level] = numbers.get(level, 0) + 1
    return numbers


def level_counts(areas: pl.DataFrame, on: str, assumed: Assumptions) -> dict[str, float]:
    """Return D of every respondent level that the area table can count."""
    numbers = area_counts(areas, on)
    return {level: float(numbers.get(area, 0)) for level, area in assumed.area_levels.items()}


def estimate(tables: pl.DataFrame, areas: pl.DataFrame, counts: Counts, on: str, assumed: Assumptions) -> pl.DataFrame:
    """Return D and c of every table of every report, each with its basis (see schemas.burden.BASES).

    tables: report_id, table_no, layout, respondent_level, unique by (report_id, table_no). A level of areas: D is their
    number on that day, c the published rows ÷ D. 户, 个人, 单位: every subject answers for itself, D is the number of
    the report's subjects and c is 1. In a table over areas every respondent fills its own line: c is 1. What was not
    counted comes from the rules. D is null where no rule has a number.
    """
    published = {(row[0], row[1]): row[2] for row in counts.table_rows.iter_rows() if row[2] is not None}
    over_areas = {(row[0], row[1]) for row in counts.table_rows.iter_rows()} - published.keys()
    largest: dict[str, float] = {}
    for (report_id, _), number in published.items():
        largest[report_id] = max(number, largest.get(report_id, 0.0))
    numbers = area_counts(areas, on)
    by_level = {level: float(numbers.get(area, 0)) for level, area in assumed.area_levels.items()}
    villages = numbers.get("村", 0)
    rows: list[tuple[Any, ...]] = []
    for report_id, table_no, layout, level in tables.select(
        "report_id", "table_no", "layout", "respondent_level"
    ).iter_rows():
        number = published.get((report_id, table_no))
        if level in by_level:
            respondents, basis = by_level[level], "区划表"
            if (report_id, table_no) in over_areas:
                c, rows_basis = 1.0, "区划表"
            elif layout == "statistics" or number is None or not respondents:
                c, rows_basis = declared_rows(assumed, layout, level), "规则声明"
            else:
                c, rows_basis = number / respondents, "台账实数"
        elif report_id in largest:
            respondents, basis = largest[report_id], "台账实数"
            c = 1.0 if number is None or not respondents or layout == "statistics" else number / respondents
            rows_basis = "规则声明" if number is None else "台账实数"
        elif level in assumed.per_village:
            respondents, basis = assumed.per_village[level] * villages, "规则声明"
            c, rows_basis = declared_rows(assumed, layout, level), "规则声明"
        else:
            respondents, basis, c, rows_basis = None, "不可计", declared_rows(assumed, layout, level), "规则声明"
        rows.append((report_id, table_no, respondents, basis, c, rows_basis))
    return pl.DataFrame(rows, schema=_ESTIMATE, orient="row")
