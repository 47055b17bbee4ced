"""A clerk of the made-up county: fills an issued workbook with answers that are right."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl

from pipelines.collection.layout import AREA_COLUMN, FilledSheet, read_layout
from tests.unit.collection.county import (
    DOSES_SO_FAR,
    ELDERLY,
    HOUSE_NO,
    ID,
    INCOME,
    MEMBERS,
    NAME,
    PEOPLE,
    PHONE,
    ROAD,
    SCHOOLING,
    SEX,
    SINCE,
    SUBSIDY,
    VILLAGES,
    YIELD,
    id_number,
)


def person_answers(number: int, village: str) -> dict[str, Any]:
    """Return what a clerk types for a person."""
    return {
        AREA_COLUMN: VILLAGES[village],
        ID: id_number(number),
        NAME: f"试{number}",
        SEX: "男",
        HOUSE_NO: f"{number // 3:04d}",
        SCHOOLING: "初中",
        PHONE: f"139{number:08d}",
        SUBSIDY: 300 + number,
        SINCE: "2024-05-06",
        "POP:低保对象花名册": "是" if number % 3 == 0 else None,
        "POP:劳动力花名册": "是",
    }


def fill(issued: Path, target: Path, people: int = 6) -> Path:
    """Fill an issued workbook as a careful clerk would, saved as `target`."""
    shutil.copy(issued, target)
    book = openpyxl.load_workbook(target)
    for sheet in read_layout(issued):
        page = book[sheet.name]
        for row, col, value in _answers(sheet, people):
            if sheet.values.get((row, col)) is None:
                page.cell(row + 1, col + 1).value = value
    book.save(target)
    return target


def _answers(sheet: FilledSheet, people: int) -> list[tuple[int, int, Any]]:
    if sheet.is_indicator:
        return [
            (
                row,
                col,
                {ELDERLY: 20, PEOPLE: 100, DOSES_SO_FAR: 50}.get(
                    element_id, 12.5 if element_id in (YIELD, ROAD) else 3
                ),
            )
            for row, element_id in sheet.row_ids.items()
            for col, area in sheet.columns.items()
            if area.isdigit()
        ]
    if any(sheet.row_ids.values()):
        return []
    village = next(code for code in VILLAGES if code.startswith(sheet.area_code[:9]))
    start = 1000 * int(sheet.area_code[8]) % 900
    found = []
    rows = people if sheet.ledger == "person" else (people + start) // 3 + 1
    for number in range(rows):
        answers: dict[str, Any] = person_answers(start + number, village)
        if sheet.ledger == "household":
            answers = {AREA_COLUMN: VILLAGES[village], HOUSE_NO: f"{number:04d}", MEMBERS: 3, INCOME: 5200.5}
        for col, element_id in sheet.columns.items():
            if answers.get(element_id) is not None:
                found.append((sheet.header_row + 2 + number, col, answers[element_id]))
    return found
