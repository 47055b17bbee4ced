"""Writes the sheets that are filled: a row per subject, or a row per indicator with the areas across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.collection.columns import Column
from pipelines.collection.issue_inputs import Area, Inputs, SheetPlan
from pipelines.collection.layout import (
    AREA_COLUMN,
    CHANGE_COLUMN,
    FIRST_DATA_ROW,
    HEADER_ROW,
    ID_ROW,
    MOVED_OUT,
    REMARK_COLUMN,
    SPARE_ROWS,
    UNIT_ROW,
    identity,
)
from pipelines.collection.styles import Styles
from pipelines.collection.validation import Lists, rule
from pipelines.text import address

RULED_ROWS = 3000
"""How far down, below what is prefilled, drop-downs and checks reach."""
PROTECTION = {
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}
_EPOCH = date(1899, 12, 30).toordinal()
_FIRST_COLUMN = 4
"""Columns before the elements: hidden id, 序号, 变动情况, 所在村."""


@dataclass(frozen=True, slots=True)
class Counts:
    """cells: how many answers a sheet asks for; prefilled: how many of them stand there already."""

    cells: int
    prefilled: int
    rows: int


def write_subjects(book: Any, plan: SheetPlan, inputs: Inputs, township: Area, styles: Styles, lists: Lists) -> Counts:
    """Write the sheet of a ledger of subjects: those known, and empty rows to add."""
    sheet = book.add_worksheet(sheet_name(plan.name))
    villages = inputs.villages[township.code]
    last = FIRST_DATA_ROW + len(plan.rows) + RULED_ROWS
    ids = [CHANGE_COLUMN, AREA_COLUMN, *(column.element_id for column in plan.columns), REMARK_COLUMN]
    mark = identity(plan.ledger, township.code, inputs.month, plan.level)
    _frame(sheet, mark, ids, f"{township.name}{plan.name}", _subject_note(plan), styles)
    _heading(sheet, 1, "序号", "", styles.head, styles, 5)
    _heading(sheet, 2, "变动情况", "不变留空", styles.head, styles, 9)
    _heading(sheet, 3, "所在村（社区）", "下拉选择", styles.key, styles, 15)
    for number, column in enumerate(plan.columns):
        col = _FIRST_COLUMN + number
        _heading(
            sheet,
            col,
            column.title,
            _unit(column),
            styles.key if column.is_key else styles.head,
            styles,
            _width(column),
        )
        sheet.set_column(col, col, _width(column), styles.cell(column.data_type, False))
        _explain(sheet, HEADER_ROW, col, column)
        check = rule(column, address(FIRST_DATA_ROW, col), lists)
        if check:
            sheet.data_validation(FIRST_DATA_ROW, col, last, col, check)
    remark = _FIRST_COLUMN + len(plan.columns)
    _heading(sheet, remark, "核实说明", "有疑问的写原因", styles.head, styles, 22)
    text, known = styles.cell("text", False), styles.cell("text", True)
    sheet.set_column(1, 1, 5, styles.serial)
    sheet.set_column(2, 2, 9, styles.cell("code", False))
    sheet.set_column(3, 3, 15, text)
    sheet.set_column(remark, remark, 22, text)
    _choose(sheet, 2, last, lists.source((MOVED_OUT,)), "迁出、注销、不再属于本乡镇的选“移出”，不要删行。")
    _choose(sheet, 3, last, lists.source([area.name for area in villages]), "请选择本乡镇的村（社区）。")
    names = {area.code: area.name for area in villages}
    writers = [(_writer(sheet, column.data_type), styles.cell(column.data_type, True)) for column in plan.columns]
    elements = [column.element_id for column in plan.columns]
    prefilled, write = 0, sheet.write_string
    for number, subject in enumerate(plan.rows):
        row = FIRST_DATA_ROW + number
        write(row, 0, subject.subject_key, styles.hidden)
        sheet.write_number(row, 1, number + 1, styles.serial)
        write(row, 3, names.get(subject.area_code, subject.area_code), known)
        values = subject.values
        for col, (element_id, (put, look)) in enumerate(zip(elements, writers, strict=True), _FIRST_COLUMN):
            value = values.get(element_id)
            if value is not None:
                put(row, col, value, look)
                prefilled += 1
    for row in range(FIRST_DATA_ROW + len(plan.rows), FIRST_DATA_ROW + len(plan.rows) + SPARE_ROWS):
        sheet.write_number(row, 1, row - FIRST_DATA_ROW + 1, styles.serial)
    frozen = _FIRST_COLUMN + min(2, len(plan.columns))
    _finish(sheet, frozen, FIRST_DATA_ROW + len(plan.rows) + min(SPARE_ROWS, 20) - 1, remark)
    return Counts(_needed(plan), prefilled, len(plan.rows))


def write_indicators(
    book: Any, plan: SheetPlan, inputs: Inputs, township: Area, styles: Styles, lists: Lists
) -> Counts:
    """Write the indicators of a level: indicators down, areas across."""
    sheet = book.add_worksheet(sheet_name(plan.name))
    areas = inputs.villages[township.code] if plan.level == "村" else [township]
    mark = identity(plan.ledger, township.code, inputs.month, plan.level)
    remark = _FIRST_COLUMN + len(areas)
    ids = ["", "", *(area.code for area in areas), REMARK_COLUMN]
    note = "一行一个指标，一列一个单位。浅灰格是上期的数，没有变化不用动；白格请填。" + (
        "乡镇和全县的合计由平台计算，不用填。" if plan.level == "村" else ""
    )
    _frame(sheet, mark, ids, f"{township.name}{plan.name}", note, styles)
    for col, (title, width) in enumerate((("序号", 5), ("指标", 44), ("单位", 9)), 1):
        sheet.set_column(col, col, width)
        _heading(sheet, col, title, "", styles.head, styles, width)
    for col, area in enumerate(areas, _FIRST_COLUMN):
        sheet.set_column(col, col, 13)
        _heading(sheet, col, area.name, "", styles.key, styles, 13)
    _heading(sheet, remark, "核实说明", "", styles.head, styles, 26)
    sheet.set_column(remark, remark, 26)
    row, prefilled, group = FIRST_DATA_ROW, 0, ""
    blank_remark = styles.cell("text", False)
    for number, column in enumerate(_by_report(plan.columns, inputs.report_names)):
        heading = inputs.report_names.get(column.report_ids[0], "") if column.report_ids else ""
        if heading != group:
            sheet.write_string(row, 1, heading, styles.band)
            row, group = row + 1, heading
        put = _writer(sheet, column.data_type)
        sheet.write_string(row, 0, column.element_id, styles.hidden)
        sheet.write_number(row, 1, number + 1, styles.serial)
        sheet.write_string(row, 2, column.title, styles.label)
        sheet.write_string(row, 3, column.unit, styles.serial)
        _explain(sheet, row, 2, column)
        for col, area in enumerate(areas, _FIRST_COLUMN):
            value = inputs.carried.get((area.code, column.element_id))
            if value is None:
                sheet.write_blank(row, col, None, styles.cell(column.data_type, False))
            else:
                put(row, col, value, styles.cell(column.data_type, True))
                prefilled += 1
        sheet.write_blank(row, remark, None, blank_remark)
        check = rule(column, address(row, _FIRST_COLUMN), lists)
        if check:
            sheet.data_validation(row, _FIRST_COLUMN, row, remark - 1, check)
        row += 1
    _finish(sheet, _FIRST_COLUMN, row - 1, remark)
    return Counts(len(plan.columns) * len(areas), prefilled, len(plan.columns))


def _needed(plan: SheetPlan) -> int:
    """Return how many answers the known subjects need: what is there, and what the rosters they are marked for ask."""
    wanted: dict[str, set[str]] = {}
    for mark in plan.columns:
        if mark.choices == ("是",):
            users = set(mark.report_ids)
            wanted[mark.element_id] = {
                c.element_id for c in plan.columns if c.choices != ("是",) and users & set(c.report_ids)
            }
    asked = {column.element_id for column in plan.columns}
    total = 0
    for row in plan.rows:
        needed = asked & row.values.keys()
        for mark_id, elements in wanted.items():
            if row.values.get(mark_id) == "是":
                needed |= elements
        total += len(needed)
    return total


def sheet_name(name: str) -> str:
    """Return a name that Excel takes: at most 31 characters, none of []:*?/\\ ."""
    return "".join("、" if letter in "[]:*?/\\'" else letter for letter in name)[:31]


def _by_report(asked: Sequence[Column], names: Mapping[str, str]) -> list[Column]:
    """Return the indicators with those of one report together, in the order in which the reports first appear."""
    order = {report: number for number, report in enumerate(dict.fromkeys(c.report_ids[:1] for c in asked))}
    return sorted(asked, key=lambda column: order[column.report_ids[:1]])


def _frame(sheet: Any, mark: str, ids: Sequence[str], title: str, note: str, styles: Styles) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 2, None, {"hidden": True})
    sheet.set_row(0, 30, styles.plain_note)
    sheet.set_row(1, 24, styles.plain_note)
    sheet.write_string(0, 1, title, styles.title)
    sheet.write_string(1, 1, note, styles.plain_note)
    sheet.set_row(ID_ROW, 8, None, {"hidden": True})
    sheet.write_string(ID_ROW, 0, mark, styles.hidden)
    for col, element_id in enumerate(ids, 2):
        if element_id:
            sheet.write_string(ID_ROW, col, element_id, styles.hidden)
    sheet.set_row(HEADER_ROW, 48)
    sheet.set_row(UNIT_ROW, 18)


def _subject_note(plan: SheetPlan) -> str:
    known = "浅灰格是平台已有的数，没有变化不用动，有变化直接改；" if plan.rows else ""
    return f"一行一个对象。{known}白格请填；新增的接着往下写；迁出、注销的在“变动情况”选“移出”，不要删行。"


def _heading(sheet: Any, col: int, title: str, unit: str, look: Any, styles: Styles, width: float) -> None:
    sheet.write_string(HEADER_ROW, col, title, look)
    sheet.write_string(UNIT_ROW, col, unit, styles.unit)


def _explain(sheet: Any, row: int, col: int, column: Column) -> None:
    users = "、".join(column.departments[:8]) + ("等" if len(column.departments) > 8 else "")
    lines = [column.title, column.definition, f"用到的部门：{users}" if users else ""]
    text = "\n".join(line for line in lines if line)[:900]
    sheet.write_comment(row, col, text, {"x_scale": 2.2, "y_scale": 1.2, "font_size": 9, "author": "一表通"})


def _choose(sheet: Any, col: int, last: int, source: str, hint: str) -> None:
    check = {
        "validate": "list",
        "source": source,
        "input_message": hint,
        "error_type": "warning",
        "error_message": hint,
    }
    sheet.data_validation(FIRST_DATA_ROW, col, last, col, check)


def _writer(sheet: Any, data_type: str) -> Any:
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
    return sheet.write_string


def _finish(sheet: Any, frozen_columns: int, last_row: int, last_col: int) -> None:
    sheet.freeze_panes(FIRST_DATA_ROW, frozen_columns)
    sheet.autofilter(UNIT_ROW, 1, last_row, last_col)
    sheet.set_landscape()
    sheet.set_paper(8 if last_col > 14 else 9)  # A3 for wide sheets, A4 otherwise
    sheet.fit_to_pages(1 if last_col <= 14 else 0, 0)
    sheet.repeat_rows(HEADER_ROW, UNIT_ROW)
    sheet.repeat_columns(1, frozen_columns - 1)
    sheet.print_area(0, 0, last_row, last_col)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.set_footer("&C&9第 &P 页，共 &N 页")
    sheet.protect("", PROTECTION)


def _unit(column: Column) -> str:
    if column.unit:
        return column.unit
    if column.choices:
        return "填“是”或留空" if column.choices == ("是",) else "下拉选择"
    return {"date": "年-月-日", "integer": "整数", "decimal": "数字"}.get(column.data_type, "")


def _width(column: Column) -> float:
    if column.is_id_number or column.is_credit_code:
        return 21
    return {"date": 12, "integer": 10, "decimal": 11, "code": 12, "boolean": 9, "identifier": 17}.get(
        column.data_type, 12 if len(column.title) < 8 else 18
    )
