"""The steward's desk: a workbook with one question a row, most worthwhile first; and the way back to verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import polars as pl

from pipelines.catalogue.registry import Catalogue, accept, field_keys
from pipelines.catalogue.verdicts import DIFFERENT, SAME, UNSURE, verdict
from pipelines.text import squeeze
from schemas.elements import Verdicts
from schemas.faults import Finding
from schemas.faults.registry import (
    REVIEW_COLUMN,
    REVIEW_KEY_MISSING,
    REVIEW_NOBODY,
    REVIEW_TWICE,
    REVIEW_UNREADABLE,
    VERDICT_VALUE,
)
from schemas.templates import PATH_SEPARATOR

ANSWERS = (SAME, DIFFERENT, UNSURE)
SHEET, HELP = "判定表", "填写说明"
HEADER_ROW = 3
"""Row of the column heads, counted from 0; title, hint and the steward's name stand above."""
SIDE = ("数据元", "部门", "报表", "栏目", "单位", "相邻栏目")
NEIGHBOURS = 2
"""Fields shown before and after the one that is asked about."""
WIDTHS = {
    "序号": 5,
    "数据元": 18,
    "部门": 14,
    "报表": 20,
    "栏目": 22,
    "单位": 7,
    "相邻栏目": 24,
    "把握": 7,
    "涉及栏目": 8,
    "为什么拿不准": 34,
    "判定": 9,
    "备注": 20,
}
LEFT_KEY, RIGHT_KEY = "左栏目标识", "右栏目标识"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What came back: Verdicts rows, and what was wrong with the sheet."""

    verdicts: pl.DataFrame
    findings: list[Finding]


def columns() -> list[str]:
    """Return the heads of the review sheet, in order; the last two are hidden."""
    sides = [f"{mark}{name}" for mark in ("甲：", "乙：") for name in SIDE]
    return ["序号", *sides, "把握", "涉及栏目", "为什么拿不准", "判定", "备注", LEFT_KEY, RIGHT_KEY]


def export(catalogue: Catalogue, report_fields: pl.DataFrame, path: Path) -> int:
    """Write the review workbook; return the number of questions.

    report_fields: ReportFields, for both sides' department, form, path, unit and neighbours.
    """
    import xlsxwriter

    questions = list(_questions(catalogue, report_fields))
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        _write(book, sheet, questions)
        _write_help(book, book.add_worksheet(HELP))
    return len(questions)


def read(path: Path, decided_at: str, decided_by: str = "") -> Sheet:
    """Return the verdicts of a filled review workbook; rows left empty say nothing.

    decided_at: ISO 8601. decided_by: who decided, when the sheet does not say. The sheet may have been sorted, filtered
    and re-saved by WPS; columns are found by their heads. A bad row is a finding, the other rows are taken.
    """
    try:
        rows = _cells(path)
    except (BadZipFile, KeyError, OSError, ValueError) as error:
        return Sheet(Verdicts.empty(), [REVIEW_UNREADABLE.at(file=path.name, why=str(error))])
    head = next((number for number, row in enumerate(rows[:20]) if "判定" in map(squeeze, row)), None)
    needed = ("判定", "备注", LEFT_KEY, RIGHT_KEY)
    names = [squeeze(cell) for cell in rows[head]] if head is not None else []
    for column in needed:
        if column not in names:
            return Sheet(Verdicts.empty(), [REVIEW_COLUMN.at(file=path.name, sheet=SHEET, column=column)])
    assert head is not None
    who = _steward(rows[:head]) or decided_by
    answer, remark, left, right = (names.index(column) for column in needed)
    answers = [
        (number, _text(row, answer), _text(row, remark), _text(row, left), _text(row, right))
        for number, row in enumerate(rows[head + 1 :], start=head + 2)
        if squeeze(_text(row, answer))
    ]
    if answers and not who:
        return Sheet(Verdicts.empty(), [REVIEW_NOBODY.at(file=path.name, sheet=SHEET)])
    taken, findings = _accepted(answers, path.name)
    made = [verdict(row[3], row[4], row[1], who, decided_at, row[2]) for row in taken]
    return Sheet(Verdicts.frame(made), findings)


def _accepted(
    answers: list[tuple[int, str, str, str, str]], file: str
) -> tuple[list[tuple[int, str, str, str, str]], list[Finding]]:
    """Return the rows that say something clear, and what is wrong with the others."""
    findings: list[Finding] = []
    by_pair: dict[frozenset[str], tuple[int, str, str, str, str]] = {}
    disputed: set[frozenset[str]] = set()
    for number, printed, remark, left, right in answers:
        answer, place = squeeze(printed), {"file": file, "sheet": SHEET, "cell": f"第{number}行"}
        if answer not in ANSWERS:
            findings.append(VERDICT_VALUE.at(**place, row=number, value=printed))
        elif not left or not right:
            findings.append(REVIEW_KEY_MISSING.at(**place, row=number))
        else:
            pair = frozenset((left, right))
            before = by_pair.setdefault(pair, (number, answer, remark, left, right))
            if before[1] != answer:
                disputed.add(pair)
                findings.append(
                    REVIEW_TWICE.at(**place, row=number, other=before[0], value=answer, other_value=before[1])
                )
    return [row for pair, row in by_pair.items() if pair not in disputed], findings


def _questions(catalogue: Catalogue, report_fields: pl.DataFrame) -> Iterator[list[Any]]:
    """Yield the rows of the sheet."""
    asked = set(catalogue.review_pairs["left_field_key"]) | set(catalogue.review_pairs["right_field_key"])
    sides = _sides(report_fields, asked)
    names = dict(catalogue.elements.select("element_id", "element_name").iter_rows())
    unknown = dict.fromkeys(SIDE[1:], "")
    for row in catalogue.review_pairs.iter_rows(named=True):
        both = []
        for side in ("left", "right"):
            element_id = row[f"{side}_element_id"]
            facts = sides.get(row[f"{side}_field_key"], unknown)
            both += [f"{names.get(element_id, '')}\n{element_id}", *(facts[name] for name in SIDE[1:])]
        key = (row["left_field_key"], row["right_field_key"])
        yield [row["pair_no"], *both, row["probability"], row["field_count"], row["reason"], "", "", *key]


def _sides(report_fields: pl.DataFrame, asked: set[str]) -> dict[str, dict[str, str]]:
    """Return what is shown of every field key that is asked about; of several fields with one key, the first."""
    fields, _ = accept(report_fields)
    fields = fields.join(field_keys(fields), on="field_id").sort("form_id", "field_no", "field_id")
    label = pl.col("path").str.split(PATH_SEPARATOR).list.last()
    near = [label.shift(n).over("form_id", order_by="field_no") for n in range(NEIGHBOURS, -NEIGHBOURS - 1, -1) if n]
    shown = fields.with_columns(neighbours=pl.concat_str(near, separator="｜", ignore_nulls=True))
    facts = shown.filter(pl.col("field_key").is_in(list(asked))).unique("field_key", keep="first", maintain_order=True)
    return {
        row["field_key"]: {
            "部门": row["department_name"],
            "报表": row["form_title"] or row["form_id"],
            "栏目": row["path"],
            "单位": row["unit"],
            "相邻栏目": row["neighbours"],
        }
        for row in facts.iter_rows(named=True)
    }


def _write(book: Any, sheet: Any, questions: list[list[Any]]) -> None:
    heads = columns()
    face = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
    plain = book.add_format(face | {"text_wrap": True, "border": 1, "border_color": "#BFBFBF"})
    percent = book.add_format(face | {"num_format": "0%", "border": 1, "border_color": "#BFBFBF", "align": "center"})
    fill = book.add_format(
        face | {"border": 1, "border_color": "#BFBFBF", "bg_color": "#FFF8DC", "text_wrap": True, "locked": False}
    )
    sheet.write(0, 0, "数据元判定表", book.add_format(face | {"bold": True, "font_size": 16}))
    hint = "问的是：填过甲，不再问就能填出乙吗？能，选“相同”；不能，选“不同”。最省填报的排在前面，做多少算多少。"
    sheet.write(1, 0, f"共 {len(questions)} 题。{hint}")
    sheet.write(2, 0, "判定人", book.add_format(face | {"bold": True}))
    sheet.merge_range(2, 1, 2, 2, "", fill)
    tints = {"甲": "#DDEBF7", "乙": "#E2EFDA"}
    for col, head in enumerate(heads):
        tint = tints.get(head[0], "#D9D9D9" if head not in ("判定", "备注") else "#FFE699")
        style = face | {"bold": True, "bg_color": tint, "border": 1, "align": "center", "text_wrap": True}
        sheet.write(HEADER_ROW, col, head, book.add_format(style))
        sheet.set_column(
            col, col, WIDTHS.get(head.split("：")[-1], 10), None, {"hidden": head in (LEFT_KEY, RIGHT_KEY)}
        )
    styles = {"把握": percent, "判定": fill, "备注": fill}
    for row, question in enumerate(questions, start=HEADER_ROW + 1):
        for col, (head, value) in enumerate(zip(heads, question, strict=True)):
            if isinstance(value, str):
                sheet.write_string(row, col, value, styles.get(head, plain))
            else:
                sheet.write_number(row, col, value, styles.get(head, plain))
        sheet.set_row(row, _height(heads, question))
    last = HEADER_ROW + max(len(questions), 1)
    answer = heads.index("判定")
    sheet.data_validation(
        HEADER_ROW + 1,
        answer,
        last,
        answer,
        {
            "validate": "list",
            "source": list(ANSWERS),
            "error_title": "请从下拉框里选",
            "error_message": "只能选：相同、不同、不确定",
        },
    )
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    sheet.autofilter(HEADER_ROW, 0, last, len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.print_area(0, 0, last, len(heads) - 3)


def _height(heads: list[str], question: list[Any]) -> float:
    """Return the row height in points that shows the longest cell whole: 15 a line, a Chinese character is two wide."""
    lines = 1
    for head, value in zip(heads, question, strict=True):
        width = WIDTHS.get(head.split("：")[-1])
        if width and isinstance(value, str):
            lines = max(lines, sum(-(-(2 * len(part) + 1) // width) for part in value.split("\n")))
    return min(15.0 * lines + 4, 200.0)


def _write_help(book: Any, sheet: Any) -> None:
    wrap = book.add_format({"font_name": "微软雅黑", "font_size": 11, "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    for row, text in enumerate(
        (
            "1. 在“判定人”右边写上姓名。",
            "2. 每行比较两个数据元，甲在左、乙在右；各举一个最有代表性的栏目，“相邻栏目”是它在表里前后的栏目。",
            "3. “判定”选“相同”“不同”或“不确定”；没有把握就选“不确定”或留空，不影响别的行。",
            "4. 单位、代码、日期写法不同不要紧，能换算就是“相同”；口径不同（户籍与常住、本年与上年）是“不同”。",
            "5. “把握”是系统估计的相同的可能性；“涉及栏目”是判“相同”后会合到一起的栏目数。",
            "6. 可以排序、筛选；不要删列、不要改隐藏的两列。填好后用 oneform review import 导入。",
            "7. 判错了可以撤回：判定只追加，不改写，随时可以恢复。",
        )
    ):
        sheet.write_string(row, 0, text, wrap)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _cells(path: Path) -> list[list[Any]]:
    """Return the rows of the review sheet (or of the first sheet, when it was renamed)."""
    from python_calamine import CalamineError, load_workbook

    try:
        book = load_workbook(path)
        name = SHEET if SHEET in book.sheet_names else book.sheet_names[0]
        rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise ValueError(str(error)) from error
    return rows


def _steward(rows: list[list[Any]]) -> str:
    """Return the name right of “判定人”."""
    for row in rows:
        texts = [squeeze(cell) for cell in row]
        if "判定人" in texts:
            return next((text for text in texts[texts.index("判定人") + 1 :] if text), "")
    return ""


def _text(row: list[Any], at: int) -> str:
    return str(row[at]).strip() if at < len(row) and row[at] is not None else ""
