"""Soft checks: what is unusual and may be right. Answered by a reason in the row's 核实说明; never a cause of return.

They do not cry wolf: zeros, small numbers and skewed distributions are left alone (logarithms, medians). How much is
unusual: `schemas/rules/returns.toml`.
"""

from __future__ import annotations

from math import log
from statistics import median

from pipelines.collection.arithmetic import number
from pipelines.collection.desk import Desk
from pipelines.collection.layout import REMARK_COLUMN, FilledSheet
from pipelines.collection.ledger_list import INDICATOR
from pipelines.collection.reading import Reading, Said
from pipelines.text import address
from schemas.faults import collection as faults
from schemas.words import POPULATION_PREFIX


def check_changes(sheet: FilledSheet, said: Said, reading: Reading, desk: Desk) -> None:
    """Ask about indicators that are several times larger or smaller than the last known value."""
    soft = desk.soft
    for area, answers in said.items():
        for element_id, (text, row, col) in answers.items():
            held = desk.indicators.get((area, element_id), {})
            before = number({"": list(held.values())[-1]}, "") if held else None
            now = number({"": text}, "")
            if not now or not before or now <= 0 or before <= 0 or sheet.is_answered(row):
                continue
            times = max(now / before, before / now)
            if times >= soft["times"] and abs(now - before) > soft["at_least"]:
                reading.find(
                    faults.BIG_CHANGE, sheet.name, row, col,
                    column=desk.title(element_id), value=text, before=before, times=round(float(times), 1),
                )  # fmt: skip


def check_outliers(sheet: FilledSheet, said: Said, reading: Reading, desk: Desk) -> None:
    """Ask about indicators of a village that lie far from those of its neighbours."""
    soft = desk.soft
    by_element: dict[str, list[tuple[float, str, int, int]]] = {}
    for answers in said.values():
        for element_id, (text, row, col) in answers.items():
            value = number({"": text}, "")
            if value is not None and value > 0:
                by_element.setdefault(element_id, []).append((float(value), text, row, col))
    for element_id, values in by_element.items():
        if len(values) < soft["neighbours"]:
            continue
        logs = [log(value) for value, *_ in values]
        middle = median(logs)
        spread = max(1.4826 * median(abs(each - middle) for each in logs), soft["least_spread"])
        for each, (size, text, row, col) in zip(logs, values, strict=True):
            is_far = abs(each - middle) > soft["far"] * spread and size > soft["at_least"]
            if is_far and _has_no_company(each, logs, log(soft["apart"])) and not sheet.is_answered(row):
                ordered = sorted(v for v, *_ in values if v != size)
                reading.find(
                    faults.OUTLIER, sheet.name, row, col,
                    column=desk.title(element_id), value=text, low=f"{ordered[0]:g}", high=f"{ordered[-1]:g}",
                )  # fmt: skip


def _has_no_company(one: float, all_of_them: list[float], least: float) -> bool:
    """Return whether no other value is as near as `least`: where big villages stand together, none of them is odd."""
    return sum(abs(one - other) < least for other in all_of_them) == 1


def check_unanswered(sheet: FilledSheet, said: Said, reading: Reading, desk: Desk) -> None:
    """Say which indicators were left blank, once per indicator."""
    areas = {col: code for col, code in sheet.columns.items() if code != REMARK_COLUMN}
    for row, element_id in sheet.row_ids.items():
        if element_id not in desk.readers:
            continue
        blank = [col for col in areas if sheet.values.get((row, col)) is None]
        if blank:
            reading.find(
                faults.NOT_ANSWERED, sheet.name, row, blank[0],
                column=desk.title(element_id), count=len(blank), first=address(row, blank[0]),
            )  # fmt: skip


def check_members(reading: Reading, desk: Desk) -> None:
    """Say which items are blank for subjects that stand in a roster which needs them, once per sheet and item."""
    needs: dict[tuple[str, str], list[str]] = {}
    for (ledger, element_id), row in desk.plan.items():
        if ledger != INDICATOR and row["is_asked"] and not element_id.startswith(POPULATION_PREFIX):
            for report_id in row["report_ids"].split("；"):
                needs.setdefault((ledger, report_id), []).append(element_id)
    marks = {
        (ledger, element_id): [e for report in row["report_ids"].split("；") for e in needs.get((ledger, report), ())]
        for (ledger, element_id), row in desk.plan.items()
        if element_id.startswith(POPULATION_PREFIX)
    }
    blanks: dict[tuple[str, str], list[tuple[int, int]]] = {}
    wrong = {(finding.sheet, finding.cell) for finding in reading.findings}
    for row_read in reading.rows:
        wanted = {
            element_id
            for mark, text in row_read.texts.items()
            if text == "是" and mark.startswith(POPULATION_PREFIX)
            for element_id in marks.get((row_read.ledger, mark), ())
        }
        for element_id in wanted - row_read.texts.keys():
            col = row_read.cols.get(element_id)
            if col is not None and (row_read.sheet, address(row_read.row, col)) not in wrong:
                blanks.setdefault((row_read.sheet, element_id), []).append((row_read.row, col))
    for (sheet, element_id), cells in sorted(blanks.items()):
        first, col = min(cells)
        reading.find(
            faults.NOT_ANSWERED, sheet, first, col,
            column=desk.title(element_id), count=len(cells), first=address(first, col),
        )  # fmt: skip
