"""From the rows of a report's views to its own template, filled: which value stands in which cell."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.periods import in_words, months, pace
from pipelines.rulebook import rows as rule_rows
from pipelines.sharing.filling.fill import Put, Roster, SheetFill, Value
from pipelines.sharing.views.build import Column, View
from pipelines.text import position, squeeze
from schemas.templates import PATH_SEPARATOR

ROW_LAYOUTS = ("roster", "list")
_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class Frame:
    """What a filled report says about itself: whose it is, for which period, as of which day (YYYY-MM-DD)."""

    area_name: str
    county_name: str
    period: str
    as_of: str


def fill_template(
    template: bytes,
    suffix: str,
    tables: Sequence[tuple[View, Sequence[Mapping[str, Any]]]],
    frame: Frame,
    own: Path | None = None,
) -> tuple[bytes, str]:
    """Return (the filled report, its suffix).

    suffix: of the template, lower case with the dot. tables: every view of the report with the rows to write: many for
    a roster, one for a statistical table or a card. An .xls comes back as an .xlsx of the same look. Raises ValueError
    for a template that cannot be filled, KeyError when it no longer has a sheet that the fields name.
    """
    fills = fills_of(tables, frame, own)
    if suffix in (".xlsx", ".xlsm"):
        from pipelines.sharing.filling.patch_xlsx import patch_xlsx

        return patch_xlsx(template, fills), suffix
    if suffix in (".xls", ".et"):
        from pipelines.sharing.filling.fill_xls import fill_xls

        return fill_xls(template, fills), ".xlsx"
    if suffix == ".docx":
        from pipelines.sharing.filling.fill_docx import fill_docx

        return fill_docx(template, fills), suffix
    if suffix == ".csv":
        from pipelines.sharing.filling.fill_csv import fill_csv

        return fill_csv(template, fills), suffix
    raise ValueError(f"no way to fill {suffix}")


def fills_of(
    tables: Sequence[tuple[View, Sequence[Mapping[str, Any]]]], frame: Frame, own: Path | None = None
) -> list[SheetFill]:
    """Return what goes into every sheet; the tables of one sheet together, so that inserted rows move what is below."""
    puts: dict[str, list[Put]] = {}
    rosters: dict[str, list[Roster]] = {}
    for view, rows in tables:
        first_row = roster_row(view)
        in_rows = [c for c in view.columns if _row_of(c) == first_row] if first_row is not None else []
        around = [c for c in view.columns if c not in in_rows and c.cell and c.role != "serial"]
        one = rows[0] if len(rows) == 1 or (rows and first_row is not None) else {}
        for column in around:
            value = cell_value(column, one.get(column.name)) if column.sql else framed(column, frame, own)
            if value is not None:
                puts.setdefault(view.sheet, []).append(put_of(column, value))
        if in_rows:
            rosters.setdefault(view.sheet, []).append(_roster(in_rows, rows))
    return [
        SheetFill(sheet, tuple(puts.get(sheet, ())), tuple(rosters.get(sheet, ())), frame.period)
        for sheet in dict.fromkeys([view.sheet for view, _ in tables])
    ]


def roster_row(view: View) -> int | None:
    """Return the row (from 0) in which a roster's rows begin, None for cards and statistical tables."""
    if view.layout not in ROW_LAYOUTS:
        return None
    found = Counter(row for row in (_row_of(c) for c in view.columns if c.inline is None) if row is not None)
    return found.most_common(1)[0][0] if found else None


def put_of(column: Column, value: Value) -> Put:
    """Return where a column's value goes in a card or statistical table."""
    label = squeeze(column.path.split(PATH_SEPARATOR)[-1])
    return Put(column.cell, value, column.inline, label, column.options if column.inline is not None else ())


def cell_value(column: Column, value: Any) -> Value:
    """Return a view's value as the cell takes it: numbers as numbers, dates as dates where the cell has a date format.

    A percentage in a cell of per cent format is stored as a fraction, as Excel does.
    """
    if value is None or value == "":
        return None
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return Decimal(str(value)) / 100 if "%" in column.number_format else value
    text = str(value)
    if column.data_type == "date" and _is_date_format(column.number_format):
        return _day(text) or text
    return text


def framed(column: Column, frame: Frame, own: Path | None = None) -> str | None:
    """Return what the frame of a report says (填报单位, 报告期, 填报日期), None for what a person writes by hand.

    Also for fields that were read as ordinary ones, but are no data element.
    """
    if column.role not in ("meta", "fill") or column.element_id:
        return None
    label = squeeze(column.path.split(PATH_SEPARATOR)[-1])
    for row in rule_rows("sharing_frame", own):
        if re.search(row["label"], label):
            year, month, day = frame.as_of.split("-")
            answers = {
                "as_of": f"{year}年{int(month)}月{int(day)}日",
                "period": _period(frame.period, label),
                "area_name": frame.area_name,
                "county_name": frame.county_name,
            }
            return answers.get(row["value"])
    return None


def _period(period: str, label: str) -> str:
    """Return a period in words; a week is named by its month where the form asks for year and month."""
    return in_words(months(period)[0] if pace(period) == "周" and "月" in label else period)


def _roster(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> Roster:
    """Return the rows under the header; a column printed twice into one cell is written once."""
    by_cell = {column.cell: column for column in reversed(columns)}
    kept = [column for column in columns if by_cell[column.cell] is column]
    values = tuple(
        tuple(index if c.role == "serial" else cell_value(c, row.get(c.name)) for c in kept)
        for index, row in enumerate(rows, start=1)
    )
    serial = frozenset(column.cell for column in kept if column.role == "serial")
    return Roster(tuple(column.cell for column in kept), values, serial)


def _row_of(column: Column) -> int | None:
    return position(column.cell)[0] if _ADDRESS.fullmatch(column.cell) else None


def _is_date_format(number_format: str) -> bool:
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format).lower()
    return "y" in bare and "d" in bare


def _day(text: str) -> dt.date | None:
    found = re.fullmatch(r"\D*(\d{4})\D*(\d{1,2})\D*(\d{1,2})\D*", text)
    return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
