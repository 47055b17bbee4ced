"""The fill plan as people read it: who fills what, how often, for which reports; and why the rest is not asked."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipelines.collection.ledger_list import ledgers
from pipelines.periods import SHORT
from schemas.words import LIST_SEPARATOR, POPULATION_PREFIX

COLUMNS = (
    ("台账", 12), ("数据元编号", 12), ("数据元", 34), ("是否填报", 9), ("由谁填", 9), ("频率", 8), ("按什么周期收", 14),
    ("理由", 52), ("用到的报表数", 9), ("用到的报表", 60), ("用到的部门", 40),
)  # fmt: skip


def listing(
    fill_plan: pl.DataFrame, elements: pl.DataFrame, reports: pl.DataFrame, own_rules: Path | None = None
) -> pl.DataFrame:
    """Return COLUMNS, a row per ledger and element of FillPlan in its order, asked ones first within a ledger."""
    known = ledgers(own_rules)
    names = dict(elements.select("element_id", "element_name").iter_rows())
    about = {row[0]: row[1:] for row in reports.select("report_id", "report_name", "department_name").iter_rows()}
    rows = []
    for row in fill_plan.sort("column_no").iter_rows(named=True):
        element_id = row["element_id"]
        is_mark = element_id.startswith(POPULATION_PREFIX)
        mark = f"是否列入：{element_id.removeprefix(POPULATION_PREFIX)}" if is_mark else ""
        used = [report for report in row["report_ids"].split(LIST_SEPARATOR) if report]
        departments = dict.fromkeys(about[report][1] for report in used if report in about)
        ledger = known[row["ledger"]]
        rows.append(
            (
                ledger.title,
                element_id if element_id in names else "",
                names.get(element_id) or mark or ledger.key_name,
                "填" if row["is_asked"] else "首期填一次" if row["over_time"] else "不填",
                row["respondent_level"],
                row["frequency"],
                f"{row['frequency']}工作簿" if row["frequency"] in SHORT and row["is_asked"] else "",
                row["reason"],
                len(used),
                "、".join(f"{report}《{about[report][0]}》" for report in used if report in about),
                "、".join(departments),
            )
        )
    schema = {name: pl.Int64() if name == "用到的报表数" else pl.String() for name, _ in COLUMNS}
    return pl.DataFrame(rows, schema=schema, orient="row")


def write_plan(rows: pl.DataFrame, out: Path) -> None:
    """Write the listing as a workbook that can be filtered."""
    import xlsxwriter

    out.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(out), options) as book:
        sheet = book.add_worksheet("填报方案")
        head = book.add_format({"bold": True, "bg_color": "#E8EEF5", "text_wrap": True, "border": 1})
        plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D5DAE1"})
        for col, (name, width) in enumerate(COLUMNS):
            sheet.set_column(col, col, width)
            sheet.write_string(0, col, name, head)
        for row, values in enumerate(rows.iter_rows(), 1):
            for col, value in enumerate(values):
                if isinstance(value, int):
                    sheet.write_number(row, col, value, plain)
                else:
                    sheet.write_string(row, col, value, plain)
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, rows.height, len(COLUMNS) - 1)
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
