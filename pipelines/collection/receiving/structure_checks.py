"""Whether everything that was issued came back, and came back once."""

from __future__ import annotations

from pipelines import periods
from pipelines.collection.desk import Desk
from pipelines.collection.identify import Opened
from pipelines.collection.layout import AREA_COLUMN, AREA_TITLE
from pipelines.collection.ledger_list import INDICATOR
from pipelines.collection.reading import Reading
from schemas.faults import collection as faults
from schemas.faults import returns


def check_structure(opened: Opened, reading: Reading, desk: Desk) -> None:
    """Note sheets and columns that were issued and did not come back, and those that came back twice."""
    first: dict[tuple[str, str], str] = {}
    for each in opened.sheets:
        other = first.setdefault((each.ledger, each.level), each.name)
        if other != each.name:
            reading.find(returns.SHEET_TWICE, each.name, name=each.name, other=other)
    for issued in opened.issued:
        sheet = next((s for s in opened.sheets if (s.ledger, s.level) == (issued.ledger, issued.level)), None)
        if sheet is None:
            reading.find(faults.SHEET_MISSING, name=issued.name)
            continue
        there = set(sheet.row_ids.values()) if sheet.is_indicator else set(sheet.columns.values())
        if not sheet.is_indicator:
            there_twice = [e for e in there if list(sheet.columns.values()).count(e) > 1]
            for element_id in sorted(there_twice):
                reading.find(faults.COLUMN_TWICE, sheet.name, column=desk.title(element_id))
        for element_id in issued.element_ids:
            if element_id not in there:
                reading.find(faults.COLUMN_MISSING, sheet.name, column=desk.title(element_id))
        if not sheet.is_indicator and AREA_COLUMN not in there:
            reading.find(faults.COLUMN_MISSING, sheet.name, column=AREA_TITLE)
    if not opened.issued:
        _check_expected(opened, reading, desk)


def _check_expected(opened: Opened, reading: Reading, desk: Desk) -> None:
    """Note what is missing when the hidden list of what was issued is lost: then the plan says what must be there."""
    there = {(sheet.ledger, sheet.level if sheet.is_indicator else "") for sheet in opened.sheets}
    expected: dict[tuple[str, str], None] = {}
    for (ledger, _), row in desk.plan.items():
        if row["is_asked"] and not row["is_key"] and periods.is_due(row["frequency"], reading.period):
            expected[(ledger, row["respondent_level"] if ledger == INDICATOR else "")] = None
    for ledger, level in expected:
        if (ledger, level) not in there:
            name = f"{level}指标" if ledger == INDICATOR else desk.known[ledger].title
            reading.find(faults.SHEET_MISSING, name=name)
    for sheet in opened.sheets:
        if not sheet.is_indicator and desk.keys.get(sheet.ledger) not in sheet.columns.values():
            title = desk.title(desk.keys.get(sheet.ledger, ""))
            reading.find(faults.COLUMN_MISSING, sheet.name, column=title)
