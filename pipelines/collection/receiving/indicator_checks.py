"""Hard checks of indicators: read in the areas of their township."""

from __future__ import annotations

from pipelines import periods
from pipelines.collection.desk import Desk
from pipelines.collection.layout import FilledSheet
from pipelines.collection.ledger_list import INDICATOR
from pipelines.collection.reading import Reading, Said
from pipelines.collection.receiving.hard_checks import NOT_ELEMENTS
from schemas.faults import collection as faults


def check_indicators(sheet: FilledSheet, reading: Reading, desk: Desk) -> Said:
    """Read the indicators of a level; return what they say, for the checks that follow."""
    said: Said = {}
    own = set(desk.villages.get(sheet.area_code, {}).values()) | {sheet.area_code}
    areas = {col: code for col, code in sheet.columns.items() if code not in NOT_ELEMENTS}
    for col, code in areas.items():
        if code not in own:
            reading.find(faults.AREA_MISSING, sheet.name, sheet.header_row, col, value=desk.area_names.get(code, code))
    for row, element_id in sheet.row_ids.items():
        read = desk.readers.get(element_id)
        if not read:
            continue
        asked = desk.plan.get((INDICATOR, element_id))
        period = periods.containing(asked["frequency"], reading.period) if asked else reading.period
        for col, area in areas.items():
            raw = sheet.values.get((row, col))
            if raw is None or area not in own:
                continue
            answer = read(raw)
            if answer.fault:
                details = {"column": desk.title(element_id)} | dict(answer.details)
                reading.find(answer.fault, sheet.name, row, col, **details)
                continue
            if answer.value is None and answer.null_reason is None:
                continue
            text = answer.value if answer.value is not None else str(answer.null_reason)
            said.setdefault(area, {})[element_id] = (text, row, col)
            held = desk.indicators.get((area, element_id), {})
            if held.get(period) == text:
                reading.tally.confirmed += 1
                continue
            carried = "" if element_id in desk.flows else (list(held.values()) or [""])[-1]
            if period in held:
                reading.tally.changed += 1
            elif carried == text:
                reading.tally.confirmed += 1
            else:
                reading.tally.typed += not carried
                reading.tally.changed += bool(carried)
            reading.post(
                INDICATOR, area, area, period, element_id, answer.value, answer.null_reason, sheet.name, row, col
            )
    return said
