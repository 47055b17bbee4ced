"""What all sheets that are filled have in common: frame, headings, explanations, values by type, print set-up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.collection.columns import Column
from pipelines.collection.layout import FIRST_DATA_ROW, HEADER_ROW, ID_ROW, THEME_ROW, UNIT_ROW
from pipelines.collection.workbook.styles import DOUBTED, Styles

FIRST_COLUMN = 4
"""Columns before the answers: hidden id, and three that say what a row is."""
PROTECTION = {
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}
WIDE_PAPER = 14
"""From how many columns A3 is printed on instead of A4."""
_EPOCH = date(1899, 12, 30).toordinal()


@dataclass(frozen=True, slots=True)
class Counts:
    """cells: how many answers a sheet asks for; prefilled: how many of them stand there already; rows: of subjects or

    indicators. themes: (name, first column) of each block of columns. blanks, changed, added: formulas that count what
    is still to be filled, what is different from what was prefilled, and rows without a hidden id; "" where there is
    nothing to count.
    """

    cells: int
    prefilled: int
    rows: int
    themes: tuple[tuple[str, int], ...] = ()
    blanks: str = ""
    changed: str = ""
    added: str = ""


def sheet_name(name: str) -> str:
    """Return a name that Excel takes: at most 31 characters, none of []:*?/\\ ."""
    return "".join("、" if letter in "[]:*?/\\'" else letter for letter in name)[:31]


def frame(sheet: Any, mark: str, ids: Sequence[str], title: str, note: str, styles: Styles) -> None:
    """Write title, note and the hidden ids, the first id over the third column (C)."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 2, None, {"hidden": True})
    sheet.set_row(0, 30, styles.plain_note)
    sheet.set_row(1, 20, styles.plain_note)
    sheet.write_string(0, 1, title, styles.title)
    sheet.write_string(1, 1, note, styles.plain_note)
    sheet.set_row(THEME_ROW, 18)
    sheet.set_row(ID_ROW, 8, None, {"hidden": True})
    sheet.write_string(ID_ROW, 0, mark, styles.hidden)
    for col, element_id in enumerate(ids, 2):
        if element_id:
            sheet.write_string(ID_ROW, col, element_id, styles.hidden)
    sheet.set_row(HEADER_ROW, 48)
    sheet.set_row(UNIT_ROW, 18)


def heading(sheet: Any, col: int, title: str, unit: str, look: Any, styles: Styles) -> None:
    """Write a column's heading and, below it, its unit or how it is filled."""
    sheet.write_string(HEADER_ROW, col, title, look)
    sheet.write_string(UNIT_ROW, col, unit, styles.unit)


def explain(sheet: Any, row: int, col: int, column: Column, more: str = "") -> None:
    """Write the definition and the departments that use an item as a comment on its heading."""
    users = "、".join(column.departments[:8]) + ("等" if len(column.departments) > 8 else "")
    lines = [column.title, column.definition, more, f"用到的部门：{users}" if users else ""]
    text = "\n".join(line for line in lines if line)[:900]
    sheet.write_comment(row, col, text, {"x_scale": 2.2, "y_scale": 1.2, "font_size": 9, "author": "一表通"})


def writer(sheet: Any, data_type: str) -> Callable[[int, int, str, Any], None]:
    """Return a function (row, col, canonical value, format) that writes a value as its type; reasons stay text."""
    if data_type in ("integer", "decimal"):

        def put_number(row: int, col: int, value: str, look: Any) -> None:
            try:
                sheet.write_number(row, col, float(value), look)
            except ValueError:
                sheet.write_string(row, col, value, look)

        return put_number
    if data_type == "date":

        def put_date(row: int, col: int, value: str, look: Any) -> None:
            try:
                serial = date.fromisoformat(value).toordinal() - _EPOCH
            except ValueError:
                serial = 0
            if serial > 60:  # before March 1900 the serial numbers of Excel are wrong
                sheet.write_number(row, col, serial, look)
            else:
                sheet.write_string(row, col, value, look)

        return put_date
    put_text: Callable[[int, int, str, Any], None] = sheet.write_string
    return put_text


def mark_doubted(sheet: Any, row: int, col: int, value: str | None, column: Column, text: str, styles: Styles) -> None:
    """Write a value that somebody asks to have checked: coloured, with what is doubted as a comment."""
    look = styles.cell(column.data_type, value is not None, is_doubted=True)
    if value is None:
        sheet.write_blank(row, col, None, look)
    else:
        writer(sheet, column.data_type)(row, col, value, look)
    sheet.write_comment(row, col, text, {"x_scale": 2.0, "font_size": 9, "author": "一表通", "color": DOUBTED})


def finish(
    sheet: Any, frozen_columns: int, last_row: int, last_col: int, last_printed: int, breaks: Sequence[int]
) -> None:
    """Freeze, filter, protect and set up printing.

    last_printed: the last column on paper; breaks: columns before which a new page across begins; none: fit to width.
    """
    sheet.freeze_panes(FIRST_DATA_ROW, frozen_columns)
    sheet.autofilter(UNIT_ROW, 1, last_row, last_col)
    sheet.set_landscape()
    sheet.set_paper(8 if last_printed > WIDE_PAPER else 9)
    if breaks:
        sheet.set_v_pagebreaks(list(breaks))
        sheet.set_print_scale(70)
    else:
        sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW, UNIT_ROW)
    sheet.repeat_columns(1, frozen_columns - 1)
    sheet.print_area(0, 1, last_row, last_printed)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    is_whole = last_printed == last_col
    sheet.set_footer(
        "&C&9第 &P 页，共 &N 页" + ("" if is_whole else "&L&8只印基本栏；要印其他栏，选中后打印“选定区域”")
    )
    sheet.protect("", PROTECTION)


def unit_text(column: Column) -> str:
    """Return what stands under a heading: the unit, or how the column is filled."""
    if column.unit:
        return column.unit
    if column.choices:
        return "填“是”或留空" if column.choices == ("是",) else "下拉选择"
    return {"date": "年-月-日", "integer": "整数", "decimal": "数字"}.get(column.data_type, "")


def width(column: Column) -> float:
    """Return how wide a column is, in characters."""
    if column.is_id_number or column.is_credit_code:
        return 21
    if "址" in column.title:
        return 26
    return {"date": 12, "integer": 10, "decimal": 11, "code": 12, "boolean": 9, "identifier": 17}.get(
        column.data_type, 12 if len(column.title) < 8 else 18
    )
