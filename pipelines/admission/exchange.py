"""One in, one out: which forms of the department could be dropped when the new one is admitted."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import polars as pl

from pipelines.admission.cost import yearly_cells
from pipelines.admission.county import County
from pipelines.intake.register import end_of_validity
from pipelines.rulebook import settings


@dataclass(frozen=True, slots=True)
class Exchange:
    """A report that could go. cells: a year, None when not countable; why: in Chinese."""

    report_id: str
    title: str
    cells: float | None
    why: str


def exchanges(
    items: pl.DataFrame, department: str, county: County, kept: Set[str] = frozenset()
) -> tuple[Exchange, ...]:
    """Return reports of the department that could be dropped: run out, wholly asked elsewhere, or covered by this form.

    items: ITEM_TYPES of the proposed form; kept: reports that stay (its own entry, the one to merge it into).
    The costliest come first. A report is “wholly asked elsewhere” when every
    element that it asks stands in a report of somebody else as well.
    """
    own = county.reports.filter((pl.col("department_name") == department) & ~pl.col("report_id").is_in(list(kept)))
    ids = own["report_id"].to_list()
    if not ids:
        return ()
    cells = yearly_cells(ids, county.reports, county.report_fields, county.areas, county.today, county.own)
    asked = _asked(county)
    mine = set(items["element_id"])
    by_element: dict[str, set[str]] = {}
    for report, elements in asked.items():
        for element in elements:
            by_element.setdefault(element, set()).add(report)
    found = []
    for row in own.iter_rows(named=True):
        report, elements = row["report_id"], asked.get(row["report_id"], set())
        until = end_of_validity(row["valid_until"])
        if until and until < county.today:
            why = f"有效期到 {until}，已经过期"
        elif elements and all(by_element[element] - {report} for element in elements):
            why = f"它的 {len(elements)} 个数据元别的报表都在要，可以改为调取"
        elif elements and elements <= mine:
            why = f"它的 {len(elements)} 个数据元新表都有，由新表代替"
        else:
            continue
        found.append(Exchange(report, row["report_name"], cells.get(report), why))
    found.sort(key=lambda one: (-(one.cells or 0.0), one.report_id))
    return tuple(found[: int(settings("admission", county.own)["exchange"]["shown"])])


def _asked(county: County) -> dict[str, set[str]]:
    table = (
        county.catalogue.element_map.filter(pl.col("element_id").is_not_null())
        .join(county.report_fields.select("field_id", "form_id"), on="field_id")
        .group_by("form_id")
        .agg(pl.col("element_id").unique())
    )
    return {form: set(elements) for form, elements in table.iter_rows()}
