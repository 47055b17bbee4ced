"""Draws plans as an office draws its forms: .xlsx by XlsxWriter, .xls through LibreOffice, .csv in GBK."""

from __future__ import annotations

import csv
import datetime as dt
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import xlsxwriter
from plan import Box, Plan
from xlsxwriter.utility import xl_rowcol_to_cell

_MADE = dt.datetime(2024, 12, 2, 9, 0, 0)
FONT = "宋体"
_LINE = {"font_name": FONT, "font_size": 10.5, "valign": "vcenter", "text_wrap": False}
STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter"},
    "right": {**_LINE, "align": "left"},
    "frame": _LINE,
    "note": {**_LINE, "font_size": 9, "text_wrap": True, "valign": "top"},
    "head": {
        "font_name": FONT,
        "bold": True,
        "font_size": 10.5,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "border": 1,
    },
    "label": {
        "font_name": FONT,
        "font_size": 10.5,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "border": 1,
    },
    "row": {"font_name": FONT, "font_size": 10.5, "align": "left", "valign": "vcenter", "border": 1},
    "code": {"font_name": FONT, "font_size": 9, "align": "center", "valign": "vcenter", "border": 1},
    "blank": {
        "font_name": FONT,
        "font_size": 10.5,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "border": 1,
    },
    "section": {
        "font_name": FONT,
        "bold": True,
        "font_size": 10.5,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "border": 1,
    },
}
STYLES["fixed"] = {**STYLES["blank"], "bg_color": "#F2F2F2"}


def top_lines(plan: Plan) -> list[tuple[str, str, str]]:
    """Return the lines above the grid as (style, left text, right text)."""
    facts = plan.form.facts
    lines = [] if facts.get("bare") else [("title", plan.form.title, "")]
    if facts.get("legal_header"):
        said = (
            ("表    号：", "code"),
            ("制定机关：", "issuer"),
            ("批准机关：", "approver"),
            ("批准文号：", "approval"),
            ("有效期至：", "valid"),
        )
        lines += [("right", "", name + str(facts[key])) for name, key in said if facts.get(key)]
    left, right = facts.get("frame_left", ""), facts.get("frame_right", "")
    if left or right:
        lines.append(("frame", left, right))
    return lines


def bottom_lines(plan: Plan) -> list[tuple[str, str]]:
    """Return the lines below the grid as (style, text)."""
    facts = plan.form.facts
    lines = [("frame", facts["signature"])] if facts.get("signature") and facts.get("signature_first") else []
    lines += [("note", note) for note in facts.get("notes", [])]
    return lines + (
        [("frame", facts["signature"])]
        if facts.get("signature") and lines[:1] != [("frame", facts["signature"])]
        else []
    )


def write_workbook(plans: list[Plan], file: Path) -> list[int]:
    """Write one sheet per plan (and hidden code sheets); return for each plan the row at which its grid begins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(file))
    book.set_properties({"author": "", "created": _MADE})
    formats = {name: book.add_format(style) for name, style in STYLES.items()}
    indents = {n: book.add_format({**STYLES["row"], "indent": n}) for n in range(1, 6)}
    starts = [_sheet(book, formats, indents, plan) for plan in plans]
    _code_sheets(book, plans, formats)
    book.close()
    return starts


def _sheet(book: Any, formats: dict[str, Any], indents: dict[int, Any], plan: Plan) -> int:
    sheet = book.add_worksheet(plan.form.sheet)
    last = len(plan.widths) - 1
    for col, width in enumerate(plan.widths):
        sheet.set_column(col, col, width)
    row = 0
    for style, left, right in top_lines(plan):
        sheet.set_row(row, 30 if style == "title" else 16)
        if style == "title":
            _merge(sheet, row, 0, row, last, left, formats[style])
        else:
            split = _right_part(plan.widths) if right else last
            if left:
                _merge(sheet, row, 0, row, max(split - 1, 0), left, formats["frame"])
            if right:
                _merge(sheet, row, split, row, last, right, formats["right"])
        row += 1
    start = row
    for line in range(plan.row_count):
        sheet.set_row(start + line, 30 if line < plan.head_rows and plan.form.layout == "roster" else 21)
    for box in plan.boxes:
        _box(sheet, box, start, formats, indents, plan)
    row += plan.row_count
    for style, text in bottom_lines(plan):
        _merge(sheet, row, 0, row, last, text, formats[style])
        if style == "note":
            sheet.set_row(row, 14 * (1 + len(text) * 2 // max(sum(plan.widths), 1)))
        row += 1
    sheet.set_paper(9)
    if sum(plan.widths) > 90:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.center_horizontally()
    sheet.set_footer("第 &P 页，共 &N 页")
    if plan.head_rows:
        sheet.repeat_rows(0, start + plan.head_rows - 1)
    return start


def _right_part(widths: list[int]) -> int:
    """Return the first of the last columns that together hold 30 characters: where the lines at the right begin."""
    total, col = 0, len(widths)
    while col > 1 and total < 30:
        col -= 1
        total += widths[col]
    return col


def _box(sheet: Any, box: Box, start: int, formats: dict[str, Any], indents: dict[int, Any], plan: Plan) -> None:
    row, form = start + box.row, plan.form
    style = formats[box.kind]
    text = box.text
    if box.kind == "row" and box.indent:
        if form.facts.get("indent_by") == "spaces":
            text = "　" * box.indent + text
        else:
            style = indents[min(box.indent, 5)]
    _merge(sheet, row, box.col, row + box.rows - 1, box.col + box.cols - 1, text, style)
    if not box.choices:
        return
    if form.facts.get("code_sheet"):
        sheet.data_validation(
            row, box.col, row, box.col, {"validate": "list", "source": "=" + _code_range(plan, box.choices)}
        )
    else:
        sheet.data_validation(row, box.col, row, box.col, {"validate": "list", "source": list(box.choices)})


def _formula(text: str, row: int, col: int) -> str:
    """Return a formula whose cells are written as steps to the left and right: "={1}/{-1}" in D5 is "=E5/C5"."""
    return "=" + re.sub(r"\{(-?\d+)\}", lambda step: xl_rowcol_to_cell(row, col + int(step[1])), text[1:])


def _merge(sheet: Any, top: int, left: int, bottom: int, right: int, text: str, style: Any) -> None:
    if (top, left) == (bottom, right):
        if text.startswith("={"):
            sheet.write_formula(top, left, _formula(text, top, left), style, "")
        elif text:
            sheet.write_string(top, left, text, style)
        else:
            sheet.write_blank(top, left, None, style)
    else:
        sheet.merge_range(top, left, bottom, right, text, style)


def _lists(plan: Plan) -> list[tuple[str, ...]]:
    found = [box.choices for box in plan.boxes if box.choices] if plan.form.facts.get("code_sheet") else []
    return list(dict.fromkeys(found))


def _code_range(plan: Plan, choices: tuple[str, ...]) -> str:
    col = _lists(plan).index(choices)
    letter = chr(65 + col)
    return f"'{plan.form.facts['code_sheet']}'!${letter}$2:${letter}${len(choices) + 1}"


def _code_sheets(book: Any, plans: list[Plan], formats: dict[str, Any]) -> None:
    for plan in plans:
        lists = _lists(plan)
        if not lists:
            continue
        sheet = book.add_worksheet(plan.form.facts["code_sheet"])
        for col, choices in enumerate(lists):
            sheet.write_string(0, col, f"代码{col + 1}", formats["code"])
            for row, choice in enumerate(choices, start=1):
                sheet.write_string(row, col, choice)
        sheet.hide()


def write_old_workbook(plans: list[Plan], file: Path) -> list[int]:
    """Write a .xls: drawn as .xlsx, then converted by LibreOffice (nothing maintained writes BIFF).

    Without LibreOffice the committed file stays as it is; the same input always gives the same bytes.
    """
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / (file.stem + ".xlsx")
        starts = write_workbook(plans, drawn)
        office = shutil.which("soffice")
        if office is None:
            if not file.exists():
                raise FileNotFoundError(f"LibreOffice is needed to make {file.name}")
            return starts
        file.parent.mkdir(parents=True, exist_ok=True)
        command = [
            office,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "xls:MS Excel 97",
        ]
        subprocess.run(
            [*command, "--outdir", str(file.parent), str(drawn)], check=True, capture_output=True, timeout=180
        )
    return starts


def write_text(plans: list[Plan], file: Path) -> list[int]:
    """Write a .csv in GBK, as systems of departments export it; merged cells leave only their first text."""
    file.parent.mkdir(parents=True, exist_ok=True)
    plan = plans[0]
    rows = [[left or right] for _, left, right in top_lines(plan)]
    start = len(rows)
    grid = [[""] * len(plan.widths) for _ in range(plan.row_count)]
    for box in plan.boxes:
        grid[box.row][box.col] = box.text
    rows += grid + [[text] for _, text in bottom_lines(plan)]
    with file.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out, lineterminator="\r\n").writerows(rows)
    return [start]
