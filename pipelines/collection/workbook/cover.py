"""The cover: whose workbook, for when, until when, what to do, and what changed. In plain Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines import periods
from pipelines.collection.asked import NO_QUESTIONS, Questions
from pipelines.collection.due import due_on
from pipelines.collection.layout import HEADER_ROW
from pipelines.collection.ledger_list import INDICATOR
from pipelines.collection.workbook.clerk_counts import MOVED
from pipelines.collection.workbook.issue_inputs import Area, Inputs, SheetPlan
from pipelines.collection.workbook.question_sheets import DOUBTS_SHEET, PAIRS_SHEET
from pipelines.collection.workbook.sheet_parts import Counts, sheet_name
from pipelines.collection.workbook.styles import Styles
from pipelines.text import address, column_letters

WEEKDAYS = "一二三四五六日"
NAMED = 4
"""How many new items are named."""
LAST = 8
"""The last column of the cover."""
LINK_COLUMNS = ((2, 2), (3, 5), (6, 8))
"""Where links to blocks of columns stand in a line: first and last column."""
LONGEST_LINK = 18


@dataclass(frozen=True, slots=True)
class Changes:
    """Against the workbooks so far: titles of items that are new, and how many are not asked any more."""

    new: tuple[str, ...]
    gone: int


WHO = ("填报人", "联系电话", "本次填报用时（分钟，可不填）")
"""What the clerk may write on the cover, never checked: who filled is kept with every value; the minutes, where someone
cares to give them, let the burden rest on measured times instead of declared ones.
"""

STEPS = (
    "只看后面各张表。浅灰格是平台已有的数，没有变化不用动；有变化直接改。",
    "浅黄格请填，填上就不黄了；白格有就填。确实没有的，写“无此项”“不适用”或“暂未掌握”，不要填 0 代替。",
    "新增的人、户、房等接着往下写；迁出、注销的在“变动情况”里选“移出”，不要删行删列。",
    "点表头右上角的小红角，可以看这一项的含义和哪些部门要用；同一项只填这一次。",
    "合计、年龄、性别、季度数、年度数都由平台算，不用填。",
    "用 Excel 或 WPS 填好后直接保存，发回县里；有错会把这份表原样退回，错处标在格子上。",
)


def write_cover(
    sheet: Any,
    inputs: Inputs,
    township: Area,
    plans: Sequence[SheetPlan],
    counts: Sequence[Counts],
    styles: Styles,
    changes: Changes | None,
) -> None:
    """Write the cover. changes: against the workbooks so far, None when this is the first."""
    sheet.hide_gridlines(2)
    for col, width in enumerate((3, 24, 32, 10, 10, 10, 10, 10, 10)):
        sheet.set_column(col, col, width)
    total = sum(count.cells for count in counts)
    known = sum(count.prefilled for count in counts)
    period = inputs.period
    sheet.set_row(1, 34)
    sheet.write_string(1, 1, f"{township.name}一次填报工作簿", styles.title)
    sheet.write_string(2, 1, f"{inputs.settings.get('county_name', '')}　{periods.in_words(period)}", styles.strong)
    facts: tuple[tuple[str, str], ...] = (
        ("填报单位", f"{township.name}及所属 {len(inputs.villages[township.code])} 个村（社区）"),
        ("报告期", _period(period)),
        ("报送截止", _deadline(inputs)),
        ("有问题找谁", inputs.settings.get("contact", "县数据管理员")),
        ("本期要填", _to_fill(total, known, plans)),
        ("与上期相比", _changes(changes)),
    )
    if not periods.is_month(period):
        only = f"本册只有按{periods.pace(period)}上报的项；月、季、年的数由平台汇总，月工作簿里不再填。"
        facts += (("与月报的关系", only),)
    asked = inputs.questions.get(township.code, NO_QUESTIONS)
    if asked.doubts or asked.pairs:
        facts += (("请先答复", _questions(asked)),)
    row = 4
    for title, text in facts:
        sheet.set_row(row, 22 if len(text) < LINE else 36)
        sheet.write_string(row, 1, title, styles.head)
        sheet.merge_range(row, 2, row, LAST, text, styles.table)
        row += 1
    for title in WHO:
        sheet.set_row(row, 22)
        sheet.write_string(row, 1, title, styles.head)
        sheet.merge_range(row, 2, row, LAST, "", styles.cell("text", False))
        row += 1
    row += 1
    sheet.merge_range(row, 1, row, LAST, "怎么填", styles.section)
    for number, step in enumerate(STEPS, 1):
        row += 1
        sheet.set_row(row, 32)
        sheet.merge_range(row, 1, row, LAST, f"{number}．{step}", styles.plain)
    row += 2
    sheet.merge_range(row, 1, row, LAST, "颜色", styles.section)
    sheet.write_string(row + 1, 1, "浅灰格", styles.sample_prefilled)
    sheet.write_string(row + 1, 2, "已有的数，没有变化不用动", styles.plain)
    sheet.write_string(row + 2, 1, "浅黄格", styles.sample_needed)
    sheet.write_string(row + 2, 2, "请填写，填上就不黄了", styles.plain)
    sheet.write_string(row + 3, 1, "白格", styles.sample_blank)
    sheet.write_string(row + 3, 2, "与这一行有关的才填", styles.plain)
    row += 5
    sheet.merge_range(row, 1, row, LAST, "要填的表", styles.section)
    row = _table(sheet, row + 1, plans, counts, styles)
    for plan, count in zip(plans, counts, strict=True):
        row = _blocks(sheet, row, plan, count, styles)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.protect("", {"select_locked_cells": True})
    sheet.activate()
    sheet.set_first_sheet()


HEADINGS = ("工作表", "填什么", "行数", "应填格", "已预填", "还没填", "已改动", "新增行")


def _table(sheet: Any, row: int, plans: Sequence[SheetPlan], counts: Sequence[Counts], styles: Styles) -> int:
    """Write a line per sheet and their sums, the last three columns counted as the clerk goes; return the last row."""
    for col, title in enumerate(HEADINGS, 1):
        sheet.write_string(row, col, title, styles.head)
    top = row + 1
    for plan, count in zip(plans, counts, strict=True):
        row += 1
        sheet.set_row(row, 20)
        name = sheet_name(plan.name)
        sheet.write_url(row, 1, f"internal:'{name}'!A1", styles.link, name)
        sheet.write_string(row, 2, _purpose(plan), styles.table)
        for col, figure in enumerate((count.rows, count.cells, count.prefilled), 3):
            sheet.write_number(row, col, figure, styles.number)
        counted = ((count.blanks, count.cells - count.prefilled), (count.changed, 0), (count.added, 0))
        for col, (formula, at_first) in enumerate(counted, 6):
            if formula:
                sheet.write_formula(row, col, formula, styles.number, at_first)
            else:
                sheet.write_string(row, col, "—", styles.number)
    bottom, row = row, row + 1
    sheet.set_row(row, 20)
    sheet.write_string(row, 1, "合计", styles.head)
    sheet.write_string(row, 2, "后三栏随填随变", styles.table)
    sheet.write_string(row, 3, "", styles.number)
    to_fill = sum(count.cells - count.prefilled for count in counts if count.blanks)
    sums = (sum(c.cells for c in counts), sum(c.prefilled for c in counts), to_fill, 0, 0)
    for col, at_first in enumerate(sums, 4):
        cells = f"{column_letters(col)}{top + 1}:{column_letters(col)}{bottom + 1}"
        total = f'=IF(COUNTIF({cells},"{MOVED}")>0,"{MOVED}",SUM({cells}))'
        sheet.write_formula(row, col, total, styles.number, at_first)
    return row


LINE = 44
"""Characters of a fact that fit on one line."""


def _period(period: str) -> str:
    """Return a period in words, of a short one the days and the month it counts in: a week may lie in two."""
    said = periods.in_words(period)
    if periods.is_month(period) or periods.pace(period) == "日":
        return said
    first, last = (f"{int(day[5:7])}月{int(day[8:])}日" for day in periods.days(period))
    counts = f"，计入{int(periods.months(period)[0][5:])}月" if periods.pace(period) == "周" else ""
    return f"{said}（{first}至{last}{counts}）"


def _deadline(inputs: Inputs) -> str:
    due = date.fromisoformat(due_on(inputs.period, inputs.settings, inputs.own_rules))
    return f"{due.year}年{due.month}月{due.day}日（星期{WEEKDAYS[due.weekday()]}）"


def _questions(asked: Questions) -> str:
    parts = []
    if asked.doubts:
        parts.append(f"“{DOUBTS_SHEET}” {len(asked.doubts)} 条，最早的应于 {asked.doubts[0].due} 前答复")
    if asked.pairs:
        parts.append(f"“{PAIRS_SHEET}” {len(asked.pairs)} 对")
    return "；".join(parts) + "。"


def _blocks(sheet: Any, row: int, plan: SheetPlan, count: Counts, styles: Styles) -> int:
    """Write links to the blocks of columns of a wide sheet; return the last row used."""
    if not count.themes:
        return row
    name = sheet_name(plan.name)
    row += 1
    sheet.write_string(row, 1, f"{name}各块（点击直达）", styles.plain_note)
    for number, (theme, col) in enumerate(count.themes[1:]):
        first, last = LINK_COLUMNS[number % len(LINK_COLUMNS)]
        if number and first == LINK_COLUMNS[0][0]:
            row += 1
        place = f"internal:'{name}'!{address(HEADER_ROW, col)}"
        text = theme if len(theme) <= LONGEST_LINK else theme[: LONGEST_LINK - 1] + "…"
        if last > first:
            sheet.merge_range(row, first, row, last, "", styles.small_link)
        sheet.write_url(row, first, place, styles.small_link, text, f"到{name}的“{theme}”")
    return row


def _to_fill(total: int, known: int, plans: Sequence[SheetPlan]) -> str:
    if not known and all(plan.ledger == INDICATOR for plan in plans):
        return f"应填 {total} 格。"
    if not known:
        return f"首次建账：各台账请逐行登记，另有 {total} 个指标格。以后各期只改有变化的。"
    return f"应填 {total} 格，其中 {known} 格已预填，请补填 {max(total - known, 0)} 格。"


def _changes(changes: Changes | None) -> str:
    if changes is None:
        return "这是第一期。"
    names = "、".join(changes.new[:NAMED]) + ("等" if len(changes.new) > NAMED else "")
    new = f"新增 {len(changes.new)} 项：{names}。" if changes.new else "没有新增的填报项。"
    return new + (f"以前填过的 {changes.gone} 项不再要填，由平台推算或已合并。" if changes.gone else "")


def _purpose(plan: SheetPlan) -> str:
    if plan.level in ("村", "乡镇"):
        return f"{len(plan.columns)} 个指标，{'逐村' if plan.level == '村' else '全乡镇一个数'}"
    return f"一行一个，{len(plan.columns)} 项"
