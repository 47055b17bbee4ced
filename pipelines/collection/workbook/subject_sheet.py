"""Writes the sheet of a ledger of subjects: those known, and empty rows to add.

Columns stand in blocks: what tells a row's subject, what many reports use, then what single reports add, each under its
own band. On paper only the first two blocks appear unless the county sets `print_columns = "全部"`: 280 columns of a
person ledger would be hundreds of sheets of paper that nobody reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.collection.asked import NO_QUESTIONS
from pipelines.collection.layout import (
    AREA_COLUMN,
    CHANGE_COLUMN,
    FIRST_DATA_ROW,
    HEADER_ROW,
    MOVED_OUT,
    REMARK_COLUMN,
    SPARE_ROWS,
    THEME_ROW,
    identity,
)
from pipelines.collection.workbook.clerk_counts import AsIssued, show_needed
from pipelines.collection.workbook.issue_inputs import Area, Inputs, SheetPlan
from pipelines.collection.workbook.sheet_parts import (
    FIRST_COLUMN,
    Counts,
    explain,
    finish,
    frame,
    heading,
    mark_doubted,
    sheet_name,
    unit_text,
    width,
    writer,
)
from pipelines.collection.workbook.styles import Styles
from pipelines.collection.workbook.validation import Lists, rule
from pipelines.text import address

RULED_ROWS = 3000
"""How far down, below what is prefilled, drop-downs and checks reach."""
PRINT_ALL = "全部"
PRINTED = 16
"""The most columns of the first blocks that are printed."""
BAND_EVERY = 6
"""After how many columns the name of a block is written again, so that it is seen wherever one looks."""


def write_subjects(
    book: Any, plan: SheetPlan, inputs: Inputs, township: Area, styles: Styles, lists: Lists, number: int
) -> Counts:
    """Write the sheet, the number-th of its workbook, and its hidden copy; return what it asks."""
    name = sheet_name(plan.name)
    sheet = book.add_worksheet(name)
    villages = inputs.villages[township.code]
    last = FIRST_DATA_ROW + len(plan.rows) + RULED_ROWS
    ids = [CHANGE_COLUMN, AREA_COLUMN, *(column.element_id for column in plan.columns), REMARK_COLUMN]
    mark = identity(plan.ledger, township.code, inputs.period, plan.level)
    frame(sheet, mark, ids, f"{township.name}{plan.name}", _note(plan), styles)
    heading(sheet, 1, "序号", "", styles.head, styles)
    heading(sheet, 2, "变动情况", "不变留空", styles.head, styles)
    heading(sheet, 3, "所在村（社区）", "下拉选择", styles.key, styles)
    for col, column in enumerate(plan.columns, FIRST_COLUMN):
        heading(sheet, col, column.title, unit_text(column), styles.key if column.is_key else styles.head, styles)
        sheet.set_column(col, col, width(column), styles.cell(column.data_type, False))
        explain(sheet, HEADER_ROW, col, column)
        check = rule(column, address(FIRST_DATA_ROW, col), lists)
        if check:
            sheet.data_validation(FIRST_DATA_ROW, col, last, col, check)
    remark = FIRST_COLUMN + len(plan.columns)
    heading(sheet, remark, "核实说明", "有疑问的写原因", styles.head, styles)
    text, known = styles.cell("text", False), styles.cell("text", True)
    sheet.set_column(1, 1, 5, styles.serial)
    sheet.set_column(2, 2, 9, styles.cell("code", False))
    sheet.set_column(3, 3, 15, text)
    sheet.set_column(remark, remark, 22, text)
    _choose(sheet, 2, last, lists.source((MOVED_OUT,)), "迁出、注销、不再属于本乡镇的选“移出”，不要删行。")
    _choose(sheet, 3, last, lists.source([area.name for area in villages]), "请选择本乡镇的村（社区）。")
    names = {area.code: area.name for area in villages}
    writers = [(writer(sheet, column.data_type), styles.cell(column.data_type, True)) for column in plan.columns]
    places = {column.element_id: place for place, column in enumerate(plan.columns)}
    copy = AsIssued(book, name, number, 3, remark - 1)
    copiers = [writer(copy.sheet, column.data_type) for column in plan.columns]
    prefilled, write = 0, sheet.write_string
    for row, subject in enumerate(plan.rows, FIRST_DATA_ROW):
        area = names.get(subject.area_code, subject.area_code)
        write(row, 0, subject.subject_key, styles.hidden)
        sheet.write_number(row, 1, row - FIRST_DATA_ROW + 1, styles.serial)
        write(row, 3, area, known)
        copy.row(row, subject.subject_key)
        copy.sheet.write_string(row, 3, area)
        known_here = sorted((places[name], value) for name, value in subject.values.items() if name in places)
        for place, value in known_here:  # of a tenth of the columns: most ask something of few subjects
            put, look = writers[place]
            put(row, FIRST_COLUMN + place, value, look)
            copiers[place](row, FIRST_COLUMN + place, value, None)
        prefilled += len(known_here)
    _mark(sheet, plan, inputs.questions.get(township.code, NO_QUESTIONS).marks, styles)
    for row in range(FIRST_DATA_ROW + len(plan.rows), FIRST_DATA_ROW + len(plan.rows) + SPARE_ROWS):
        sheet.write_number(row, 1, row - FIRST_DATA_ROW + 1, styles.serial)
    naming = sum(column.is_key or column.is_naming for column in plan.columns[:3])
    themes = _bands(sheet, plan, styles)
    printed, breaks = _on_paper(plan, themes, remark, inputs.settings.get("print_columns", ""))
    last_row = FIRST_DATA_ROW + len(plan.rows) + min(SPARE_ROWS, 20) - 1
    finish(sheet, FIRST_COLUMN + max(1, naming), last_row, remark, printed, breaks)
    is_all = bool(plan.level)
    show_needed(sheet, plan.columns, last, is_all, styles)
    blanks = copy.still_to_fill(plan.columns, last, is_all)
    return Counts(_needed(plan), prefilled, len(plan.rows), themes, blanks, copy.changed, copy.added(last))


def _bands(sheet: Any, plan: SheetPlan, styles: Styles) -> tuple[tuple[str, int], ...]:
    """Write the names of the blocks above their columns; return each with its first column."""
    names = [column.theme for column in plan.columns]
    starts = [number for number, name in enumerate(names) if number == 0 or names[number - 1] != name]
    if len(starts) < 3:
        return ()
    for block, (start, end) in enumerate(zip(starts, [*starts[1:], len(names)], strict=True)):
        look = styles.bands[block % len(styles.bands)]
        for number in range(start, end):
            is_named = (number - start) % BAND_EVERY == 0
            write, text = (sheet.write_string, names[start]) if is_named else (sheet.write_blank, None)
            write(THEME_ROW, FIRST_COLUMN + number, text, look)
    return tuple((names[start], FIRST_COLUMN + start) for start in starts)


def _on_paper(
    plan: SheetPlan, themes: tuple[tuple[str, int], ...], last: int, wanted: str
) -> tuple[int, tuple[int, ...]]:
    """Return the last printed column, and where new pages across begin."""
    if len(plan.columns) <= PRINTED:
        return last, ()
    if wanted == PRINT_ALL:
        return last, tuple(col for _, col in themes[2:])
    basics = themes[2][1] - 1 if len(themes) > 2 else last
    return min(basics, FIRST_COLUMN + PRINTED - 1), ()


def _mark(sheet: Any, plan: SheetPlan, marks: Mapping[tuple[str, str, str], str], styles: Styles) -> None:
    """Mark the cells of subjects that somebody doubts."""
    if not marks:
        return
    rows = {subject.subject_key: (number, subject) for number, subject in enumerate(plan.rows)}
    columns = {column.element_id: (number, column) for number, column in enumerate(plan.columns)}
    for (ledger, key, element_id), text in marks.items():
        if ledger == plan.ledger and key in rows and element_id in columns:
            number, subject = rows[key]
            col, column = columns[element_id]
            value = subject.values.get(element_id)
            mark_doubted(sheet, FIRST_DATA_ROW + number, FIRST_COLUMN + col, value, column, text, styles)


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


def _note(plan: SheetPlan) -> str:
    known = "浅灰格是平台已有的数，没有变化不用动，有变化直接改；" if plan.rows else ""
    marks = "标“是”列入某个对象范围的，" if any(column.choices == ("是",) for column in plan.columns) else ""
    return f"一行一个对象。{known}{marks}浅黄格请填，白格有就填；新增的接着往下写；迁出、注销的选“移出”，不要删行。"


def _choose(sheet: Any, col: int, last: int, source: str, hint: str) -> None:
    check = {
        "validate": "list",
        "source": source,
        "input_message": hint,
        "error_type": "warning",
        "error_message": hint,
    }
    sheet.data_validation(FIRST_DATA_ROW, col, last, col, check)
