"""Writes one fill-once workbook. Reads no contracts, so that the processes that only write start quickly."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines import periods
from pipelines.collection.asked import NO_QUESTIONS
from pipelines.collection.layout import CHANGE_COLUMN, COVER_SHEET, IDS_SHEET, KEY_PREFIX, workbook_id
from pipelines.collection.ledger_list import INDICATOR
from pipelines.collection.workbook.cover import Changes, write_cover
from pipelines.collection.workbook.indicator_sheet import write_indicators
from pipelines.collection.workbook.issue_inputs import Area, Inputs, SheetPlan, sheet_plans
from pipelines.collection.workbook.question_sheets import write_questions
from pipelines.collection.workbook.sheet_parts import Counts, sheet_name
from pipelines.collection.workbook.styles import Styles
from pipelines.collection.workbook.subject_sheet import write_subjects
from pipelines.collection.workbook.validation import Lists
from pipelines.garbage import uncollected
from schemas.words import POPULATION_PREFIX

MADE_ON = datetime(2000, 1, 1)
"""Written into every workbook as its date, so that the same content gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Job:
    """A workbook to write, as another process gets it."""

    inputs: Inputs
    township: Area
    folder: Path
    issued_at: str


def write_job(job: Job) -> dict[str, Any]:
    """Write the workbook of a job; return its row of IssuedWorkbooks."""
    return write_workbook(job.inputs, job.township, job.folder, job.issued_at)


@uncollected()
def write_workbook(inputs: Inputs, township: Area, folder: Path, issued_at: str) -> dict[str, Any]:
    """Write one township's workbook; return its row of IssuedWorkbooks. The same inputs give the same bytes."""
    import xlsxwriter

    from pipelines.collection.workbook.quick_sheet import QuickSheet  # imports xlsxwriter, which only writing needs

    plans = sheet_plans(inputs, township.code)
    version = fingerprint(plans, inputs, township)
    number = workbook_id(township.code, inputs.period)
    path = folder / f"{_file_period(inputs.period)} {township.name} 一次填报.xlsx"
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    options["in_memory"] = True  # 73 temporary files for a workbook take longer than its cells, and all are a few MB
    with xlsxwriter.Workbook(str(path), options) as book:
        book.worksheet_class = QuickSheet
        book.set_properties({"title": f"{township.name}一次填报工作簿", "author": "一表通", "created": MADE_ON})
        book.set_custom_property("workbook_id", number)
        book.set_custom_property("version", version)
        styles, lists = Styles(book), Lists()
        cover = book.add_worksheet(COVER_SHEET)
        asked = inputs.questions.get(township.code, NO_QUESTIONS)
        write_questions(book, asked, township.code, township.name, inputs.period, styles, lists)
        counts: list[Counts] = []
        for place, plan in enumerate(plans, 1):
            write = write_indicators if plan.ledger == INDICATOR else write_subjects
            counts.append(write(book, plan, inputs, township, styles, lists, place))
        write_cover(cover, inputs, township, plans, counts, styles, _changed_items(inputs, plans))
        lists.write(book)
        _write_ids(book, number, township, inputs, version, plans)
    return {
        "workbook_id": number,
        "area_code": township.code,
        "period": inputs.period,
        "file": path.name,
        "cell_count": sum(count.cells for count in counts),
        "prefilled_count": sum(count.prefilled for count in counts),
        "issued_at": issued_at,
        "version": version,
    }


def fingerprint(plans: Sequence[SheetPlan], inputs: Inputs, township: Area) -> str:
    """Return the checksum of what a workbook asks: its sheets, columns, prefilled rows and the villages."""
    digest = hashlib.sha256(f"{township.code}@{inputs.period}".encode())
    for area in inputs.villages[township.code]:
        digest.update(f"{area.code}{area.name}\n".encode())
    for plan in plans:
        digest.update(f"{plan.ledger}|{plan.level}|{'|'.join(c.element_id for c in plan.columns)}\n".encode())
        for row in plan.rows:
            digest.update(f"{row.subject_key}\n".encode())
    return digest.hexdigest()[:12]


def _file_period(period: str) -> str:
    """Return what the name of a file begins with: a short period in the words that people use."""
    return period if periods.is_month(period) else periods.in_words(period)


def _changed_items(inputs: Inputs, plans: Sequence[SheetPlan]) -> Changes | None:
    """Return what this workbook asks that nobody was asked before, and how much is not asked any more.

    None for the first workbook.
    """
    if not inputs.held:
        return None
    columns = {c.element_id: c.title for plan in plans for c in plan.columns if c.temporal != "flow"}
    new = [title for element_id, title in columns.items() if element_id not in inputs.held and _is_item(element_id)]
    wanted = set(inputs.plan.filter("is_asked")["element_id"])
    gone = sum(_is_item(name) for name in inputs.held - wanted) if periods.is_month(inputs.period) else 0
    return Changes(tuple(dict.fromkeys(new)), gone)


def _is_item(element_id: str) -> bool:
    return element_id != CHANGE_COLUMN and not element_id.startswith((POPULATION_PREFIX, KEY_PREFIX))


def _write_ids(
    book: Any, number: str, township: Area, inputs: Inputs, version: str, plans: Sequence[SheetPlan]
) -> None:
    sheet = book.add_worksheet(IDS_SHEET)
    facts = (("workbook_id", number), ("area_code", township.code), ("period", inputs.period), ("version", version))
    for row, (key, value) in enumerate(facts):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
    row = len(facts)
    for plan in plans:
        for column in plan.columns:  # downwards: .xls has 256 columns, and what it cuts off must be noticed
            texts = ("sheet", sheet_name(plan.name), plan.ledger, plan.level, column.element_id)
            for col, text in enumerate(texts):
                sheet.write_string(row, col, text)
            row += 1
    sheet.protect("")
    sheet.very_hidden()
