"""Writes the sheets 核实请求 and 疑似重复: what is asked, both values or both sides, and a drop-down to answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.collection.asked import ANSWER, OUTCOMES, VALUE, Questions
from pipelines.collection.layout import FIRST_DATA_ROW, HEADER_ROW, ID_ROW, REMARK_COLUMN, UNIT_ROW, identity
from pipelines.collection.ledger_list import CORRECTION, DUPLICATE
from pipelines.collection.workbook.styles import Styles
from pipelines.collection.workbook.validation import Lists

DOUBTS_SHEET, PAIRS_SHEET = "核实请求", "疑似重复"
DOUBTS = (
    ("序号", 5, ""), ("提出部门", 14, ""), ("提出日期", 11, ""), ("请于此日前答复", 13, ""), ("对象", 30, ""),
    ("项目", 24, ""), ("报告期", 12, ""), ("现在的值", 14, ""), ("部门掌握的值", 14, ""), ("疑点", 34, ""),
    ("核实结果", 12, ANSWER), ("更正后的值", 14, VALUE), ("说明", 24, REMARK_COLUMN),
)  # fmt: skip
PAIRS = (
    ("序号", 5, ""), ("台账", 10, ""), ("甲：登记在", 20, ""), ("甲：姓名或名称", 14, ""), ("甲：号码", 21, ""),
    ("乙：登记在", 20, ""), ("乙：姓名或名称", 14, ""), ("乙：号码", 21, ""), ("为什么疑似重复", 44, ""),
    ("是不是同一个", 14, ANSWER), ("说明", 24, REMARK_COLUMN),
)  # fmt: skip
DOUBTS_NOTE = "部门对下面的数有疑问。只有你们的答复能改动它：数没错选“原数无误”；有错选“已更正”，写上更正后的值。"
PAIRS_NOTE = "甲和乙可能是同一个登记了两次。平台不会合并：确认是同一个的，请在台账里把多余的一行选“移出”或改正号码。"


def write_questions(
    book: Any, asked: Questions, area_code: str, name: str, period: str, styles: Styles, lists: Lists
) -> None:
    """Write the sheets that there are questions for."""
    if asked.doubts:
        rows = [
            (d.department, d.raised_on, d.due, d.who, d.title, d.period, d.value, d.suggested, d.reason)
            for d in asked.doubts
        ]
        numbers = [doubt.request_id for doubt in asked.doubts]
        choices: Sequence[Sequence[str]] = [OUTCOMES] * len(rows)
        mark = identity(CORRECTION, area_code, period, "")
        _write(book, DOUBTS_SHEET, mark, f"{name}核实请求", DOUBTS_NOTE, DOUBTS, numbers, rows, choices, styles, lists)
    if asked.pairs:
        sides = [(p.ledger_title, *p.left, *p.right, p.reasons) for p in asked.pairs]
        numbers = [pair.pair_id for pair in asked.pairs]
        mark = identity(DUPLICATE, area_code, period, "")
        _write(
            book, PAIRS_SHEET, mark, f"{name}疑似重复", PAIRS_NOTE, PAIRS, numbers, sides,
            [pair.choices for pair in asked.pairs], styles, lists,
        )  # fmt: skip


def _write(
    book: Any,
    title: str,
    mark: str,
    heading: str,
    note: str,
    columns: Sequence[tuple[str, int, str]],
    numbers: Sequence[str],
    rows: Sequence[Sequence[str]],
    choices: Sequence[Sequence[str]],
    styles: Styles,
    lists: Lists,
) -> None:
    sheet = book.add_worksheet(title)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 2, None, {"hidden": True})
    sheet.set_row(0, 30)
    sheet.write_string(0, 1, heading, styles.title)
    sheet.write_string(1, 1, note, styles.plain_note)
    sheet.set_row(ID_ROW, 8, None, {"hidden": True})
    sheet.write_string(ID_ROW, 0, mark, styles.hidden)
    sheet.set_row(HEADER_ROW, 30)
    sheet.set_row(UNIT_ROW, 18)
    open_cell = styles.cell("text", False)
    for col, (name, width, column_id) in enumerate(columns, 1):
        sheet.set_column(col, col, width)
        sheet.write_string(HEADER_ROW, col, name, styles.key if column_id else styles.head)
        sheet.write_string(UNIT_ROW, col, {ANSWER: "下拉选择"}.get(column_id, ""), styles.unit)
        if column_id:
            sheet.write_string(ID_ROW, col, column_id, styles.hidden)
    for number, (row_id, texts, offered) in enumerate(zip(numbers, rows, choices, strict=True)):
        row = FIRST_DATA_ROW + number
        sheet.set_row(row, 40)
        sheet.write_string(row, 0, row_id, styles.hidden)
        sheet.write_number(row, 1, number + 1, styles.serial)
        for col, text in enumerate(texts, 2):
            sheet.write_string(row, col, text, styles.table)
        for col, (_, _, column_id) in enumerate(columns, 1):
            if column_id:
                sheet.write_blank(row, col, None, open_cell)
            if column_id == ANSWER:
                sheet.data_validation(row, col, row, col, _drop_down(lists.source(offered)))
    sheet.freeze_panes(FIRST_DATA_ROW, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW, UNIT_ROW)
    sheet.print_area(0, 1, FIRST_DATA_ROW + len(rows) - 1, len(columns))
    sheet.set_footer("&C&9第 &P 页，共 &N 页")
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _drop_down(source: str) -> dict[str, str]:
    return {
        "validate": "list",
        "source": source,
        "input_message": "请从下拉列表选择；说不准的可以留空，下期再答。",
        "error_type": "warning",
        "error_title": "请核对",
        "error_message": "请从下拉列表选择。",
    }
