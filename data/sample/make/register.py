"""Writes the form register, the templates, and the truth about every field."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import xlsxwriter
from document import write_document
from facts import Report, key
from plan import Plan, lay_out
from workbook import STYLES, write_old_workbook, write_text, write_workbook

REGISTER_TITLES = {
    "报表编号": "id",
    "报表名称": "name",
    "表号": "code",
    "主管部门": "department",
    "制定机关": "issuer",
    "批准机关": "approver",
    "批准文号": "approval",
    "有效期至": "valid",
    "填报依据": "basis",
    "频率": "frequency",
    "填报层级": "level",
    "模板文件": "file",
    "单次填报用时（分钟）": "minutes",
    "备注": "remark",
}
TRUTH_TITLES = (
    "report_id",
    "file",
    "sheet",
    "table_no",
    "cell",
    "path",
    "role",
    "concept",
    "unit",
    "code",
    "rendering",
)
_WRITERS: dict[str, Callable[[list[Plan], Path], list[int]]] = {
    ".xlsx": write_workbook,
    ".xls": write_old_workbook,
    ".docx": write_document,
    ".csv": write_text,
}


def write_register(reports: list[Report], out: Path) -> None:
    """Write 报表清单.xlsx, a row per report, with the titles of the Reports contract."""
    book = xlsxwriter.Workbook(str(out / "报表清单.xlsx"))
    book.set_properties({"created": dt.datetime(2024, 12, 2, 9, 0, 0)})
    sheet = book.add_worksheet("报表清单")
    title, head = book.add_format(STYLES["title"]), book.add_format(STYLES["head"])
    body = book.add_format({**STYLES["row"], "text_wrap": True})
    sheet.merge_range(0, 0, 0, len(REGISTER_TITLES) - 1, "元谋县乡镇（村）报表清单（模拟数据）", title)
    sheet.set_row(0, 30)
    for col, (name, width) in enumerate(
        zip(REGISTER_TITLES, (10, 34, 14, 16, 18, 18, 22, 16, 40, 14, 10, 36, 12, 24), strict=True)
    ):
        sheet.set_column(col, col, width)
        sheet.write_string(1, col, name, head)
    for row, report in enumerate(reports, start=2):
        for col, name in enumerate(REGISTER_TITLES.values()):
            value = report.facts.get(name, "")
            if isinstance(value, int):
                sheet.write_number(row, col, value, body)
            else:
                sheet.write_string(row, col, value, body)
    sheet.freeze_panes(2, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()


def write_templates(reports: list[Report], out: Path) -> list[dict[str, str]]:
    """Write every template below `out/templates/<department>/`; return the truth, a row per field."""
    truth = []
    for report in reports:
        plans = [lay_out(form) for form in report.forms]
        name = str(report.facts["file"])
        starts = _WRITERS[Path(name).suffix](plans, out / "templates" / report.facts["department"] / name)
        for number, (plan, start) in enumerate(zip(plans, starts, strict=True), start=1):
            truth += [row for row in _truth(report, plan, start, number, name)]
    return truth


def _truth(report: Report, plan: Plan, start: int, number: int, name: str) -> list[dict[str, str]]:
    sheet = plan.form.sheet if name.endswith((".xlsx", ".xls")) else f"table {number}" if name.endswith(".docx") else ""
    rows = []
    for placed in plan.placed:
        concept = key(placed.item.concept, placed.concept_added) if placed.role == "fill" else ""
        options = placed.item.options
        rendering = "；".join(f"{name}={options[name]}" for name in ("codes", "date", "number") if name in options)
        path = " › ".join(placed.path)
        cell = _address(start + placed.cell[0], placed.cell[1])
        values = (
            report.report_id,
            name,
            sheet,
            str(number),
            cell,
            path,
            placed.role,
            concept,
            placed.unit,
            placed.code,
            rendering,
        )
        rows.append(dict(zip(TRUTH_TITLES, values, strict=True)))
    return rows


def write_truth(truth: list[dict[str, str]], out: Path) -> None:
    """Write truth/fields.csv."""
    (out / "truth").mkdir(parents=True, exist_ok=True)
    with (out / "truth" / "fields.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, TRUTH_TITLES, lineterminator="\n")
        writer.writeheader()
        writer.writerows(truth)


def _address(row: int, col: int) -> str:
    letters = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
