"""The cover: whose workbook, for when, until when, what to do, and what changed. In plain Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines import periods
from pipelines.collection.issue_inputs import Area, Inputs, SheetPlan
from pipelines.collection.sheets import Counts, sheet_name
from pipelines.collection.styles import Styles

DEADLINE_DAY = "25"
"""Day of the following month by which the workbook is due, when the county sets none (deadline_day)."""

STEPS = (
    "只看后面各张表。浅灰格是平台已有的数，没有变化不用动；有变化直接改。",
    "白格请填。确实没有的，写“无此项”“不适用”或“暂未掌握”，不要留空、不要填 0 代替。",
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
    new: int,
) -> None:
    """Write the cover. new: how many columns and indicators the last workbook did not have, -1 when it is the first."""
    sheet.hide_gridlines(2)
    for col, width in enumerate((3, 26, 34, 12, 12, 12, 3)):
        sheet.set_column(col, col, width)
    total = sum(count.cells for count in counts)
    known = sum(count.prefilled for count in counts)
    month = inputs.month
    sheet.set_row(1, 34)
    sheet.write_string(1, 1, f"{township.name}一次填报工作簿", styles.title)
    sheet.write_string(2, 1, f"{inputs.settings.get('county_name', '')}　{periods.in_words(month)}", styles.strong)
    facts = (
        ("填报单位", f"{township.name}及所属 {len(inputs.villages[township.code])} 个村（社区）"),
        ("报告期", periods.in_words(month)),
        ("报送截止", _deadline(month, inputs.settings.get("deadline_day", DEADLINE_DAY))),
        ("有问题找谁", inputs.settings.get("contact", "县数据管理员")),
        ("本期要填", _to_fill(total, known, counts)),
        ("与上期相比", _changes(new)),
    )
    row = 4
    for title, text in facts:
        sheet.set_row(row, 22)
        sheet.write_string(row, 1, title, styles.head)
        sheet.merge_range(row, 2, row, 5, text, styles.table)
        row += 1
    row += 1
    sheet.merge_range(row, 1, row, 5, "怎么填", styles.section)
    for number, step in enumerate(STEPS, 1):
        row += 1
        sheet.set_row(row, 32)
        sheet.merge_range(row, 1, row, 5, f"{number}．{step}", styles.plain)
    row += 2
    sheet.merge_range(row, 1, row, 5, "颜色", styles.section)
    sheet.write_string(row + 1, 1, "浅灰格", styles.sample_prefilled)
    sheet.write_string(row + 1, 2, "已有的数，没有变化不用动", styles.plain)
    sheet.write_string(row + 2, 1, "白格", styles.sample_blank)
    sheet.write_string(row + 2, 2, "请填写", styles.plain)
    row += 4
    sheet.merge_range(row, 1, row, 5, "要填的表", styles.section)
    row += 1
    for col, title in enumerate(("工作表", "填什么", "行数", "应填格", "已预填"), 1):
        sheet.write_string(row, col, title, styles.head)
    for plan, count in zip(plans, counts, strict=True):
        row += 1
        sheet.set_row(row, 20)
        name = sheet_name(plan.name)
        sheet.write_url(row, 1, f"internal:'{name}'!A1", styles.link, name)
        sheet.write_string(row, 2, _purpose(plan), styles.table)
        for col, figure in enumerate((count.rows, count.cells, count.prefilled), 3):
            sheet.write_number(row, col, figure, styles.number)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.protect("", {"select_locked_cells": True})
    sheet.activate()
    sheet.set_first_sheet()


def _deadline(month: str, day: str) -> str:
    following = periods.following(month)
    return f"{int(following[:4])}年{int(following[5:7])}月{int(day)}日"


def _to_fill(total: int, known: int, counts: Sequence[Counts]) -> str:
    if not known:
        return f"首次建账：各台账请逐行登记，另有 {total} 个指标格。以后各期只改有变化的。"
    return f"应填 {total} 格，其中 {known} 格已预填，请补填 {max(total - known, 0)} 格。"


def _changes(new: int) -> str:
    if new < 0:
        return "这是第一期。"
    return f"新增 {new} 个填报项，没有的项不再问。" if new else "填报项与上期相同。"


def _purpose(plan: SheetPlan) -> str:
    if plan.level in ("村", "乡镇"):
        return f"{len(plan.columns)} 个指标，{'逐村' if plan.level == '村' else '全乡镇一个数'}"
    return f"一行一个，{len(plan.columns)} 项"
