"""The steward's desk: a workbook with one question a row, most worthwhile first; and the way back to verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import polars as pl

from pipelines.catalogue.desk.review_sheet import lay_out, lay_out_past, write_help
from pipelines.catalogue.registry import Catalogue, accept, field_keys
from pipelines.catalogue.verdicts import DIFFERENT, SAME, TAKEN_BACK, UNSURE, settle, verdict
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
CHANGES = (TAKEN_BACK, SAME, DIFFERENT)
SHEET, PAST, HELP = "判定表", "已有判定", "填写说明"
PAST_HEADS = ("左栏目", "右栏目", "原判定", "原判定人", "判定时间", "理由", "判定", "备注")
SHOWN = ["left_field_key", "right_field_key", "answer", "decided_by", "decided_at", "reason"]
"""Columns of Verdicts under the heads of the verdicts so far."""
SIDE = ("数据元", "部门", "报表", "栏目", "单位", "相邻栏目")
NEIGHBOURS = 2
"""Fields shown before and after the one that is asked about."""
LEFT_KEY, RIGHT_KEY = "左栏目标识", "右栏目标识"
Answer = tuple[int, str, str, str, str]
"""Row number, answer, remark, left and right field key."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What came back: Verdicts rows, and what was wrong with the sheet."""

    verdicts: pl.DataFrame
    findings: list[Finding]


def columns() -> list[str]:
    """Return the heads of the review sheet, in order; the last two are hidden."""
    sides = [f"{mark}{name}" for mark in ("甲：", "乙：") for name in SIDE]
    return ["序号", *sides, "把握", "涉及栏目", "为什么拿不准", "判定", "备注", LEFT_KEY, RIGHT_KEY]


def export(catalogue: Catalogue, report_fields: pl.DataFrame, path: Path, verdicts: pl.DataFrame | None = None) -> int:
    """Write the review workbook; return the number of questions.

    report_fields: ReportFields, for both sides' department, form, path, unit and neighbours. verdicts: Verdicts so far;
    those that hold are listed on a sheet of their own, where they can be changed or taken back.
    """
    import xlsxwriter

    questions = list(_questions(catalogue, report_fields))
    held = settle(Verdicts.empty() if verdicts is None else verdicts).rows.sort(
        "decided_at", "verdict_id", descending=True
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        lay_out(book, book.add_worksheet(SHEET), columns(), questions, ANSWERS)
        lay_out_past(book, book.add_worksheet(PAST), PAST_HEADS, held.select(SHOWN).rows(), CHANGES)
        write_help(book, book.add_worksheet(HELP))
    return len(questions)


def read(path: Path, decided_at: str, decided_by: str = "") -> Sheet:
    """Return the verdicts of a filled review workbook; rows left empty say nothing.

    decided_at: ISO 8601. decided_by: who decided, when the sheet does not say. The sheet may have been sorted, filtered
    and re-saved by WPS; columns are found by their heads. A bad row is a finding, the other rows are taken.
    """
    try:
        rows, past = _cells(path)
    except (BadZipFile, KeyError, OSError, ValueError) as error:
        return Sheet(Verdicts.empty(), [REVIEW_UNREADABLE.at(file=path.name, why=str(error))])
    answers, missing = _filled(rows, ("判定", "备注", LEFT_KEY, RIGHT_KEY))
    changes, lacking = _filled(past, ("判定", "备注", *PAST_HEADS[:2])) if past else ([], "")
    for sheet, column in ((SHEET, missing), (PAST, lacking)):
        if column:
            return Sheet(Verdicts.empty(), [REVIEW_COLUMN.at(file=path.name, sheet=sheet, column=column)])
    who = _steward(rows) or decided_by
    if (answers or changes) and not who:
        return Sheet(Verdicts.empty(), [REVIEW_NOBODY.at(file=path.name, sheet=SHEET)])
    taken, findings = _accepted(answers, ANSWERS, path.name, SHEET)
    changed, more = _accepted(changes, CHANGES, path.name, PAST)
    made = [verdict(row[3], row[4], row[1], who, decided_at, row[2]) for row in (*taken, *changed)]
    return Sheet(Verdicts.frame(made), [*findings, *more])


def _filled(rows: list[list[Any]], needed: tuple[str, ...]) -> tuple[list[Answer], str]:
    """Return the rows in which something is answered, and the first column that is missing ("" when none is)."""
    head = next((number for number, row in enumerate(rows[:20]) if needed[0] in map(squeeze, row)), None)
    names = [squeeze(cell) for cell in rows[head]] if head is not None else []
    missing = next((column for column in needed if column not in names), "")
    if missing or head is None:
        return [], missing
    answer, remark, left, right = (names.index(column) for column in needed)
    return [
        (number, _text(row, answer), _text(row, remark), _text(row, left), _text(row, right))
        for number, row in enumerate(rows[head + 1 :], start=head + 2)
        if squeeze(_text(row, answer))
    ], ""


def _accepted(
    answers: list[Answer], allowed: tuple[str, ...], file: str, sheet: str
) -> tuple[list[Answer], list[Finding]]:
    """Return the rows that say something clear, and what is wrong with the others."""
    findings: list[Finding] = []
    by_pair: dict[frozenset[str], Answer] = {}
    disputed: set[frozenset[str]] = set()
    for number, printed, remark, left, right in answers:
        answer, place = squeeze(printed), {"file": file, "sheet": sheet, "cell": f"第{number}行"}
        if answer not in allowed:
            findings.append(VERDICT_VALUE.at(**place, row=number, value=printed, allowed="”“".join(allowed)))
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


def _cells(path: Path) -> tuple[list[list[Any]], list[list[Any]]]:
    """Return the rows of the questions (of the first sheet, when it was renamed) and of the verdicts so far."""
    from python_calamine import CalamineError, load_workbook

    try:
        book = load_workbook(path)
        names = book.sheet_names
        first = SHEET if SHEET in names else names[0]
        rows: list[list[Any]] = book.get_sheet_by_name(first).to_python(skip_empty_area=False)
        past: list[list[Any]] = book.get_sheet_by_name(PAST).to_python(skip_empty_area=False) if PAST in names else []
    except CalamineError as error:
        raise ValueError(str(error)) from error
    return rows, past


def _steward(rows: list[list[Any]]) -> str:
    """Return the name right of “判定人”."""
    for row in rows[:20]:
        texts = [squeeze(cell) for cell in row]
        if "判定人" in texts:
            return next((text for text in texts[texts.index("判定人") + 1 :] if text), "")
    return ""


def _text(row: list[Any], at: int) -> str:
    return str(row[at]).strip() if at < len(row) and row[at] is not None else ""
