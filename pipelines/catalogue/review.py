"""The steward's desk: a workbook with one question a row, most worthwhile first; and the way back to verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import polars as pl

from pipelines.catalogue.registry import Catalogue, accept, field_keys
from pipelines.catalogue.review_sheet import lay_out, write_help
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
SIDE = ("数据元", "部门", "报表", "栏目", "单位", "相邻栏目")
NEIGHBOURS = 2
"""Fields shown before and after the one that is asked about."""
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
        lay_out(book, sheet, columns(), questions, ANSWERS)
        write_help(book, book.add_worksheet(HELP))
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
    near = [
        label.shift(n).over("form_id", order_by="field_no") if n else pl.lit("【本栏】")
        for n in range(NEIGHBOURS, -NEIGHBOURS - 1, -1)
    ]
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
