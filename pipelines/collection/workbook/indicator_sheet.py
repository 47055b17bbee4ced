"""Writes the indicators of a level: indicators down under the report that asks them, areas across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.collection.arithmetic import Relation, Term
from pipelines.collection.asked import NO_QUESTIONS
from pipelines.collection.columns import Column
from pipelines.collection.layout import FIRST_DATA_ROW, REMARK_COLUMN, identity
from pipelines.collection.ledger_list import INDICATOR
from pipelines.collection.workbook.clerk_counts import AsIssued
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
    writer,
)
from pipelines.collection.workbook.styles import Styles
from pipelines.collection.workbook.validation import Lists, rule
from pipelines.text import address, column_letters

OPENING = "首期填一次作期初数，以后由平台推算，不再问。"


def write_indicators(
    book: Any, plan: SheetPlan, inputs: Inputs, township: Area, styles: Styles, lists: Lists, place: int
) -> Counts:
    """Write the sheet, the place-th of its workbook, and its hidden copy; return what it asks."""
    name = sheet_name(plan.name)
    sheet = book.add_worksheet(name)
    areas = inputs.villages[township.code] if plan.level == "村" else [township]
    mark = identity(plan.ledger, township.code, inputs.period, plan.level)
    remark = FIRST_COLUMN + len(areas)
    ids = ["", "", *(area.code for area in areas), REMARK_COLUMN]
    note = "一行一个指标，一列一个单位。浅灰格是上期的数，没有变化不用动；浅黄格请填。" + (
        "乡镇和全县的合计由平台计算，不用填。" if plan.level == "村" else ""
    )
    frame(sheet, mark, ids, f"{township.name}{plan.name}", note, styles)
    for col, (title, size) in enumerate((("序号", 5), ("指标", 44), ("单位", 9)), 1):
        sheet.set_column(col, col, size)
        heading(sheet, col, title, "", styles.head, styles)
    for col, area in enumerate(areas, FIRST_COLUMN):
        sheet.set_column(col, col, 13)
        heading(sheet, col, area.name, "", styles.key, styles)
    heading(sheet, remark, "核实说明", "", styles.head, styles)
    sheet.set_column(remark, remark, 26)
    marks = inputs.questions.get(township.code, NO_QUESTIONS).marks
    row, prefilled, group = FIRST_DATA_ROW, 0, ""
    blank_remark = styles.cell("text", False)
    rows: dict[str, int] = {}
    copy = AsIssued(book, name, place, FIRST_COLUMN, remark - 1)
    names = dict(inputs.elements.select("element_id", "element_name").iter_rows()) if inputs.relations else {}
    for number, column in enumerate(_by_report(plan.columns, inputs.report_names)):
        title = inputs.report_names.get(column.report_ids[0], "") if column.report_ids else ""
        if title != group:
            sheet.write_string(row, 1, title, styles.band)
            row, group = row + 1, title
        put, put_copy = writer(sheet, column.data_type), writer(copy.sheet, column.data_type)
        rows[column.element_id] = row
        sheet.write_string(row, 0, column.element_id, styles.hidden)
        sheet.write_number(row, 1, number + 1, styles.serial)
        sheet.write_string(row, 2, column.title, styles.label)
        sheet.write_string(row, 3, column.unit, styles.serial)
        more = [OPENING] if column.is_opening else []
        more += [
            _in_words(relation, names, inputs.report_names) for relation in inputs.relations.get(column.element_id, ())
        ]
        explain(sheet, row, 2, column, "\n".join(more))
        copy.row(row, column.element_id)
        for col, area in enumerate(areas, FIRST_COLUMN):
            value = inputs.carried.get((area.code, column.element_id))
            if value is None:
                sheet.write_blank(row, col, None, styles.cell(column.data_type, False))
            else:
                put(row, col, value, styles.cell(column.data_type, True))
                put_copy(row, col, value, None)
                prefilled += 1
            doubted = marks.get((INDICATOR, area.code, column.element_id))
            if doubted:
                mark_doubted(sheet, row, col, value, column, doubted, styles)
        sheet.write_blank(row, remark, None, blank_remark)
        check = rule(column, address(row, FIRST_COLUMN), lists)
        if check:
            sheet.data_validation(row, FIRST_COLUMN, row, remark - 1, check)
        row += 1
    _show_imbalance(sheet, rows, inputs.relations, remark - 1, styles)
    empty = f'=AND($A{FIRST_DATA_ROW + 1}<>"",{address(FIRST_DATA_ROW, FIRST_COLUMN)}="")'
    look = {"type": "formula", "criteria": empty, "format": styles.needed}
    sheet.conditional_format(FIRST_DATA_ROW, FIRST_COLUMN, max(row - 1, FIRST_DATA_ROW), remark - 1, look)
    finish(sheet, FIRST_COLUMN, row - 1, remark, remark, ())
    blanks = _blanks(name, row, remark - 1)
    return Counts(len(plan.columns) * len(areas), prefilled, len(plan.columns), (), blanks, copy.changed)


def _by_report(asked: Sequence[Column], names: Mapping[str, str]) -> list[Column]:
    """Return the indicators with those of one report together, in the order in which the reports first appear."""
    order = {report: number for number, report in enumerate(dict.fromkeys(c.report_ids[:1] for c in asked))}
    return sorted(asked, key=lambda column: order[column.report_ids[:1]])


def _in_words(relation: Relation, names: Mapping[str, str], reports: Mapping[str, str]) -> str:
    """Return a relation as a comment says it; of several forms, which form states it and whose numbers they are."""

    def said(terms: Sequence[Term]) -> str:
        forms = {term.form for term in relation.terms} if relation.is_wide else set()
        text = "".join(
            ("－" if term.sign < 0 else "＋")
            + names.get(term.element_id, term.element_id)
            + (f"（{reports.get(term.form, term.form)}）" if len(forms) > 1 else "")
            for term in terms
        )
        return text.removeprefix("＋")

    how = "应等于" if relation.is_equal else "不小于" if relation.is_wide or len(relation.right) > 1 else "不小于其中的"
    lead = f"{said(relation.left)} " if len(relation.left) > 1 else ""
    return f"{lead}{'一般' if relation.is_soft else ''}{how}：{said(relation.right)}"


def _show_imbalance(
    sheet: Any, rows: Mapping[str, int], relations: Mapping[str, Sequence[Relation]], last: int, styles: Styles
) -> None:
    """Colour a number whose relation does not hold, as soon as all of it is filled on this sheet."""
    for relation in (relation for stated in relations.values() for relation in stated):
        if any(term.element_id not in rows for term in relation.terms) or relation.is_soft:
            continue
        left, right = (_sum(terms, rows) for terms in (relation.left, relation.right))
        cells = ",".join(address(rows[term.element_id], FIRST_COLUMN) for term in relation.terms)
        slack = 0.01 * len(relation.right)
        wrong = f"ABS({left}-({right}))>{slack}" if relation.is_equal else f"{left}+{slack}<{right}"
        formula = f"=AND(COUNT({cells})={len(relation.terms)},{wrong})"
        row = rows[relation.left[0].element_id]
        look = {"type": "formula", "criteria": formula, "format": styles.wrong}
        sheet.conditional_format(row, FIRST_COLUMN, row, last, look)


def _sum(terms: Sequence[Term], rows: Mapping[str, int]) -> str:
    signed = (("-" if term.sign < 0 else "+") + address(rows[term.element_id], FIRST_COLUMN) for term in terms)
    return "".join(signed).removeprefix("+")


def _blanks(name: str, end: int, last: int) -> str:
    """Return a formula that counts the answers that are still empty; headings of reports have no id in column A."""
    first, bottom = FIRST_DATA_ROW + 1, end
    ids = f"'{name}'!$A${first}:$A${bottom}"
    cells = f"'{name}'!${column_letters(FIRST_COLUMN)}${first}:${column_letters(last)}${bottom}"
    return f'=SUMPRODUCT(({ids}<>"")*({cells}=""))'
