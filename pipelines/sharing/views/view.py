"""What a share view is: a report's table as columns over the ledgers, and the SQL text that makes its rows."""

from __future__ import annotations

from dataclasses import dataclass

SUBJECT, AREA, PERIOD = "_subject_key", "_area_code", "_period"
"""Columns of every view that are the house's own: which subject, area and period a row is about."""
AREA_COLUMNS = ("区划代码", "区划名称", "报告期")
"""First columns of a statistical view, before the department's own."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a report as a column. sql is empty when nothing can be given; reason then says why.

    unit: in which its values are; element_unit: in which the ledgers hold them; factor: from the one to the other.
    """

    name: str
    field_id: str
    path: str
    cell: str
    inline: int | None
    role: str
    data_type: str
    number_format: str
    options: tuple[str, ...]
    element_id: str
    element_name: str
    property: str
    sensitivity: str
    source_department: str
    unit: str
    source: str
    sql: str
    rule: str
    reason: str
    share_type: str = "有条件共享"
    factor: str = ""
    element_unit: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A table of a report as a view. ledger: what its rows are; columns: the department's own, in its order.

    part_of: the view of the card whose list of members this one gives, "" for a view of its own. row_level: the level
    of the areas that a statistical table lists downwards (村, 乡镇); "" where its columns do not say. sums: columns
    that are sums of others: (total, ((part, +1 or -1), …)).
    """

    view_name: str
    report_id: str
    table_no: int
    department_name: str
    title: str
    layout: str
    frequency: str
    sheet: str
    ledger: str
    grain: str
    columns: tuple[Column, ...]
    sql: str
    part_of: str = ""
    row_level: str = ""
    sums: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()

    @property
    def given(self) -> tuple[Column, ...]:
        """The columns that the view gives."""
        return tuple(column for column in self.columns if column.sql)
