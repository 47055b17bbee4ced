"""Hard checks: what must hold before a file is accepted. Reads the sheets and notes what would be posted."""

from __future__ import annotations

from typing import Any

from pipelines.collection.desk import GLOBAL_LEDGERS, TOWNSHIP_DIGITS, Desk
from pipelines.collection.layout import AREA_COLUMN, CHANGE_COLUMN, MOVED_OUT, REMARK_COLUMN, FilledSheet
from pipelines.collection.ledger_list import RECORD
from pipelines.collection.reading import Reading, RowRead
from pipelines.text import address, squeeze
from schemas.faults import collection as faults
from schemas.words import NULL_REASONS, POPULATION_PREFIX

NOT_ELEMENTS = frozenset((AREA_COLUMN, CHANGE_COLUMN, REMARK_COLUMN))
SHOWN = 6
"""How many missing subjects a message names."""


def check_subjects(sheet: FilledSheet, reading: Reading, desk: Desk) -> None:
    """Read the rows of a subject sheet: villages, keys, values; note values that are new or changed."""
    ledger = sheet.ledger
    key_id = desk.keys.get(ledger, "")
    cols = {element_id: col for col, element_id in sheet.columns.items()}
    if key_id not in cols:
        return
    villages = {squeeze(name): code for name, code in desk.villages.get(sheet.area_code, {}).items()}
    held = desk.held(ledger)
    columns = {
        col: (element_id, desk.readers[element_id])
        for col, element_id in sheet.columns.items()
        if element_id in desk.readers and element_id not in NOT_ELEMENTS
    }
    area_col, change_col, key_col = cols.get(AREA_COLUMN, -1), cols.get(CHANGE_COLUMN, -1), cols[key_id]
    cells = sheet.values
    filled: dict[int, list[tuple[int, Any]]] = {}
    for (row, col), raw in cells.items():
        if col in columns:
            filled.setdefault(row, []).append((col, raw))
    seen: dict[str, int] = {}
    came_back: set[str] = set()
    to_compare: list[tuple[RowRead, str, bool]] = []
    for row, row_id in sheet.row_ids.items():
        known = held.get(row_id)
        said = filled.get(row)
        if not said:
            if not row_id and cells.get((row, area_col)) is not None:
                reading.find(faults.KEY_MISSING, sheet.name, row, key_col, column=desk.title(key_id))
            continue
        area = _area(cells.get((row, area_col)), villages, known.area_code if known else "")
        if not area:
            written = str(cells.get((row, area_col), ""))
            reading.find(faults.AREA_MISSING, sheet.name, row, max(area_col, 0), value=written)
        key, texts = "", dict[str, str]()
        for col, raw in said:
            element_id, read = columns[col]
            answer = read(raw)
            if answer.fault:
                details = {"column": desk.title(element_id)} | dict(answer.details)
                reading.find(answer.fault, sheet.name, row, col, **details)
            elif answer.value is not None or answer.null_reason:
                texts[element_id] = answer.value if answer.value is not None else str(answer.null_reason)
                if element_id == key_id:
                    key = answer.value or ""
        if not key:
            if ledger == RECORD or (key_id.startswith("KEY:") and key_id not in texts):
                key = held[row_id].values.get(key_id, "") if row_id in held else _number(sheet, reading.period, row)
                texts[key_id] = key
            elif cells.get((row, key_col)) is None or key_id in texts:
                reading.find(faults.KEY_MISSING, sheet.name, row, key_col, column=desk.title(key_id))
                came_back.add(row_id)
                continue
            else:
                came_back.add(row_id)
                continue
        if not area:
            came_back.add(row_id)
            continue
        subject_key = desk.subject_key(ledger, area, key)
        if subject_key in seen:
            reading.find(faults.ROW_TWICE, sheet.name, row, key_col, key=key, other=seen[subject_key] + 1)
            continue
        seen[subject_key] = row
        came_back |= {row_id, subject_key}
        if ledger == RECORD:
            texts[POPULATION_PREFIX + sheet.level] = "是"
        change = squeeze(cells.get((row, change_col), ""))
        read_row = RowRead(sheet.name, row, ledger, area, key, subject_key, texts, cols)
        reading.rows.append(read_row)
        to_compare.append((read_row, row_id, change == MOVED_OUT))
    for read_row, row_id, has_left in to_compare:
        # sorted without the hidden column: whose id stands in another's row has a row of its own, and did not leave
        own_id = "" if row_id != read_row.subject_key and row_id in seen else row_id
        _compare(read_row, own_id, has_left, reading, desk, max(change_col, 0))
    living_here = desk.homes.get((ledger, sheet.area_code[:TOWNSHIP_DIGITS]), {})
    gone = [key for key, subject in living_here.items() if key not in came_back and not subject.is_gone]
    if ledger == RECORD:
        gone = [key for key in gone if held[key].values.get(POPULATION_PREFIX + sheet.level) == "是"]
    if gone:
        names = "、".join(gone[:SHOWN]) + ("等" if len(gone) > SHOWN else "")
        reading.find(faults.ROW_MISSING, sheet.name, count=len(gone), subjects=names)


def _compare(row: RowRead, row_id: str, has_left: bool, reading: Reading, desk: Desk, change_col: int) -> None:
    """Note what a row says anew, against what is held of the subject; a corrected key moves the subject."""
    held = desk.held(row.ledger)
    known = held.get(row.subject_key)
    before = known.values if known and not known.is_gone else {}
    if row_id and row_id != row.subject_key and row_id in held and not held[row_id].is_gone:
        old = held[row_id]
        reading.post(
            row.ledger, row_id, old.area_code, "", CHANGE_COLUMN, MOVED_OUT, None, row.sheet, row.row, change_col
        )
        before = {}
    elsewhere = known and not known.is_gone and known.area_code[:9] != row.area_code[:9]
    if elsewhere and row.ledger in GLOBAL_LEDGERS and known:
        key_col = row.cols[desk.keys[row.ledger]]
        owner = desk.area_names.get(known.area_code, known.area_code)
        township = desk.area_names.get(known.area_code[:9] + "000", "")
        reading.find(faults.KEY_ELSEWHERE, row.sheet, row.row, key_col, key=row.key, area=township + owner)
        return
    has_moved = bool(known) and known is not None and (known.area_code != row.area_code or known.is_gone)
    tally = reading.tally
    for element_id, text in row.texts.items():
        was = before.get(element_id)
        if was == text:
            tally.confirmed += 1
            if not has_moved:
                continue
        elif was is None:
            tally.typed += 1
        else:
            tally.changed += 1
        is_reason = text in NULL_REASONS
        reading.post(
            row.ledger,
            row.subject_key,
            row.area_code,
            "",
            element_id,
            None if is_reason else text,
            text if is_reason else None,
            row.sheet,
            row.row,
            row.cols.get(element_id, 0),
        )
    for element_id, was in before.items():
        if element_id in row.texts or element_id not in row.cols:
            continue
        if element_id.startswith(POPULATION_PREFIX):
            if was == "是":
                tally.changed += 1
                reading.post(
                    row.ledger,
                    row.subject_key,
                    row.area_code,
                    "",
                    element_id,
                    "否",
                    None,
                    row.sheet,
                    row.row,
                    row.cols[element_id],
                )
        elif not has_left and element_id not in NOT_ELEMENTS:
            col = row.cols[element_id]
            if not any(
                f.cell and f.sheet == row.sheet and f.cell == address(row.row, col) for f in reading.findings[-8:]
            ):
                reading.find(faults.VALUE_CLEARED, row.sheet, row.row, col, column=desk.title(element_id), value=was)
    if has_left or (known is not None and known.is_gone):
        said = MOVED_OUT if has_left else "在册"
        tally.changed += 1
        reading.post(
            row.ledger, row.subject_key, row.area_code, "", CHANGE_COLUMN, said, None, row.sheet, row.row, change_col
        )


def check_references(reading: Reading, desk: Desk) -> None:
    """Note rows that point to a household (or other subject) that is neither in this file nor held already."""
    present: dict[str, set[str]] = {}
    for row in reading.rows:
        present.setdefault(row.ledger, set()).add(row.subject_key)
    for row in reading.rows:
        for (ledger, pointer), target in desk.pointers.items():
            if ledger != row.ledger or pointer not in row.texts or row.texts[pointer] in NULL_REASONS:
                continue
            wanted = desk.subject_key(target, row.area_code, row.texts[pointer])
            known = desk.held(target).get(wanted)
            if wanted not in present.get(target, ()) and (known is None or known.is_gone):
                reading.find(
                    faults.REFERENCE_MISSING, row.sheet, row.row, row.cols.get(pointer, 0),
                    column=desk.title(pointer), value=row.texts[pointer], ledger=desk.known[target].title,
                )  # fmt: skip


def _number(sheet: FilledSheet, period: str, row: int) -> str:
    """Return the number of a subject that has none of its own: township, period, sheet and row where it first stood."""
    return f"{sheet.area_code[:9]}-{period}-{sheet.level or sheet.ledger}-{row + 1}"


def _area(raw: Any, villages: dict[str, str], held: str) -> str:
    if raw is None:
        return held
    text = squeeze(raw)
    if text in villages:
        return villages[text]
    return text if text in villages.values() else ""
