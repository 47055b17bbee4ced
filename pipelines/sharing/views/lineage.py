"""From the cell of a department's form to the data element to the column of its share view, a row per field."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.sharing.views.view import View

COLUMNS = (
    *("report_id", "department_name", "sheet", "cell", "path", "field_id"),
    *("element_id", "element_name", "source", "source_department", "rule", "view_name", "column_name", "reason"),
)


def lineage(found: Sequence[View]) -> pl.DataFrame:
    """Return COLUMNS (text), a row per field of every view in its order.

    cell: where the value stands in the department's own template; source: the ledger and how the value comes from it;
    column_name: empty where the view gives nothing, reason then says why. From a ledger's value to the cell of the
    township's workbook it came from lead the source_file, source_sheet and source_cell of the ledger's values.
    """
    rows = [
        (
            *(view.report_id, view.department_name, view.sheet, column.cell, column.path, column.field_id),
            *(column.element_id, column.element_name, column.source, column.source_department, column.rule),
            *(view.view_name, column.name if column.sql else "", column.reason),
        )
        for view in found
        for column in view.columns
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
