"""Questions to a township beside its ledgers: values that are doubted, and subjects that may be registered twice.

They stand on sheets of their own, with hidden numbers like every other sheet; answers are kept among the values under
the ledgers of QUESTIONS, so that they have a history, a file and a cell like any value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import periods
from pipelines.collection import corrections, duplicates
from pipelines.collection.asked import (
    ANSWER,
    CONFIRMED,
    CORRECTED,
    NO_QUESTIONS,
    OUTCOMES,
    VALUE,
    Doubt,
    Pair,
    Questions,
)
from pipelines.collection.desk import Desk
from pipelines.collection.identify import Opened
from pipelines.collection.layout import CHANGE_COLUMN, MOVED_OUT, FilledSheet
from pipelines.collection.ledger_list import CORRECTION, DUPLICATE, INDICATOR, QUESTIONS, ledgers
from pipelines.collection.ledgers import latest
from pipelines.collection.likeness import likenesses
from pipelines.collection.reading import Reading
from pipelines.text import squeeze
from schemas.faults import collection as faults
from schemas.words import NULL_REASONS

NAMES = ("姓名", "户主姓名", "名称", "坐落")
"""Properties that tell a reader which subject is meant."""
SHOWN_DIGITS = 4


@dataclass(slots=True)
class _Register:
    """Names by which people know subjects and places."""

    elements: Mapping[str, Mapping[str, Any]]
    areas: Mapping[str, str]
    subjects: Mapping[tuple[str, str], str]
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)


def questions(
    requests: pl.DataFrame,
    possible: pl.DataFrame,
    answers: pl.DataFrame,
    values: pl.DataFrame,
    elements: pl.DataFrame,
    areas: pl.DataFrame,
    today: str,
    own_rules: Path | None = None,
) -> dict[str, Questions]:
    """Return what each township is asked now, by its code; townships without a question are left out.

    requests, possible: CorrectionRequests and PossibleDuplicates; answers: all LedgerValues; values: those of ledgers.
    A request is asked until it is settled, a pair until the township has answered it or one of the two has left.
    """
    if requests.is_empty() and possible.is_empty():
        return {}
    register = _register(requests, possible, values, elements, areas)
    found: dict[str, Questions] = {}
    standing = corrections.standings(requests, answers, today, own_rules).filter(pl.col("outcome") == "")
    for row in standing.sort("due", "request_id").iter_rows(named=True):
        code = row["area_code"][:9] + "000"
        before = found.get(code, NO_QUESTIONS)
        found[code] = replace(before, doubts=(*before.doubts, _doubt(row, register)))
    said, known, like = duplicates.answers(answers), ledgers(own_rules), likenesses(own_rules)
    for row in possible.sort("probability", "pair_id", descending=[True, False]).iter_rows(named=True):
        there = all((row["ledger"], row[f"{side}_key"]) in register.subjects for side in ("left", "right"))
        for code in duplicates.townships(row):
            if there and code not in said.get(row["pair_id"], {}):
                pair = Pair(
                    row["pair_id"],
                    known[row["ledger"]].title,
                    _side(row["ledger"], row["left_key"], code, register),
                    _side(row["ledger"], row["right_key"], code, register),
                    row["reasons"],
                    like[row["ledger"]].answers,
                )
                before = found.get(code, NO_QUESTIONS)
                found[code] = replace(before, pairs=(*before.pairs, pair))
    return found


def apart(opened: Opened) -> tuple[Opened, list[FilledSheet]]:
    """Return a file without its sheets of questions, and these: they are no ledgers and are read by `check_answers`."""
    asked = [sheet for sheet in opened.sheets if sheet.ledger in QUESTIONS]
    return replace(opened, sheets=tuple(sheet for sheet in opened.sheets if sheet.ledger not in QUESTIONS)), asked


def check_answers(sheet: FilledSheet, reading: Reading, desk: Desk) -> None:
    """Read the answers of a sheet of questions; what is left open is asked again. Call after the other sheets."""
    cols = {name: col for col, name in sheet.columns.items()}
    for row, number in sheet.row_ids.items():
        said = squeeze(sheet.values.get((row, cols.get(ANSWER, -1)), ""))
        written = sheet.values.get((row, cols.get(VALUE, -1)))
        if not said and written is None:
            continue
        if sheet.ledger == DUPLICATE:
            _answer_pair(sheet, row, cols, number, said, reading, desk)
        else:
            _answer_request(sheet, row, cols, number, said, written, reading, desk)


def _answer_pair(
    sheet: FilledSheet, row: int, cols: Mapping[str, int], number: str, said: str, reading: Reading, desk: Desk
) -> None:
    choices = desk.pairs.get(number)
    if choices is None:
        reading.find(faults.QUESTION_GONE, sheet.name, row, cols[ANSWER])
    elif said not in choices:
        reading.find(faults.ANSWER_UNKNOWN, sheet.name, row, cols[ANSWER], value=said, choices="、".join(choices))
    else:
        key = f"{number}@{sheet.area_code}"
        _post(DUPLICATE, key, sheet.area_code, said, sheet, row, cols[ANSWER], reading)


def _answer_request(
    sheet: FilledSheet,
    row: int,
    cols: Mapping[str, int],
    number: str,
    said: str,
    written: Any,
    reading: Reading,
    desk: Desk,
) -> None:
    request = desk.requests.get(number)
    at, value_at = cols.get(ANSWER, 0), cols.get(VALUE, 0)
    if request is None or request["area_code"][:9] != sheet.area_code[:9]:
        reading.find(faults.QUESTION_GONE, sheet.name, row, at)
        return
    if said and said not in OUTCOMES:
        reading.find(faults.ANSWER_UNKNOWN, sheet.name, row, at, value=said, choices="、".join(OUTCOMES))
        return
    target = (request["ledger"], request["subject_key"], request["period"], request["element_id"])
    title = desk.title(request["element_id"])
    elsewhere = _posted(reading, target)
    if written is not None:
        answer = desk.readers[request["element_id"]](written)
        if answer.fault:
            reading.find(answer.fault, sheet.name, row, value_at, **{"column": title} | dict(answer.details))
            return
        text = answer.value if answer.value is not None else str(answer.null_reason)
        if said == CONFIRMED and text != request["value"]:
            reading.find(faults.CORRECTION_UNLIKE, sheet.name, row, value_at, column=title, value=text, other=CONFIRMED)
            return
        if elsewhere is not None and elsewhere != text:
            reading.find(faults.CORRECTION_UNLIKE, sheet.name, row, value_at, column=title, value=text, other=elsewhere)
            return
        if elsewhere is None and text != request["value"]:
            ledger, subject, period, element_id = target
            value, reason = (None, text) if text in NULL_REASONS else (text, None)
            area = request["area_code"]
            reading.post(ledger, subject, area, period, element_id, value, reason, sheet.name, row, value_at)
            reading.tally.changed += 1
        said = said or (CONFIRMED if text == request["value"] else CORRECTED)
    elif said == CORRECTED and elsewhere is None:
        reading.find(faults.CORRECTION_EMPTY, sheet.name, row, value_at, column=title)
        return
    _post(CORRECTION, number, request["area_code"], said, sheet, row, at, reading)


def _posted(reading: Reading, target: tuple[str, str, str, str]) -> str | None:
    """Return what the file's other sheets say anew of a value, None when nothing."""
    ledger, subject, period, element_id = target
    for of, key, _, when, element, value, reason, _, _ in reversed(reading.values):
        if (of, key, when) == (ledger, subject, period):
            if element == element_id:
                return str(value if value is not None else reason)
            if element == CHANGE_COLUMN and value == MOVED_OUT:
                return MOVED_OUT
    return None


def _post(
    ledger: str, key: str, area: str, said: str, sheet: FilledSheet, row: int, col: int, reading: Reading
) -> None:
    reading.tally.typed += 1
    reading.post(ledger, key, area, "", ANSWER, said, None, sheet.name, row, col)


def _register(
    requests: pl.DataFrame, possible: pl.DataFrame, values: pl.DataFrame, elements: pl.DataFrame, areas: pl.DataFrame
) -> _Register:
    records = {row["element_id"]: row for row in elements.iter_rows(named=True)}
    keys = [*requests["subject_key"], *possible["left_key"], *possible["right_key"]]
    held = latest(values.filter(pl.col("subject_key").is_in(keys) & (pl.col("ledger") != INDICATOR)))
    subjects: dict[tuple[str, str], str] = {}
    names: dict[tuple[str, str], str] = {}
    gone = set()
    for ledger, key, area, element_id, value in held.select(
        "ledger", "subject_key", "area_code", "element_id", "value"
    ).iter_rows():
        subjects[ledger, key] = area
        if element_id == CHANGE_COLUMN and value == MOVED_OUT:
            gone.add((ledger, key))
        record = records.get(element_id)
        if record and record["property"] in NAMES and value:
            names.setdefault((ledger, key), value)
    staying = {place: area for place, area in subjects.items() if place not in gone}
    return _Register(records, dict(areas.select("area_code", "area_name").iter_rows()), staying, names)


def _doubt(row: Mapping[str, Any], register: _Register) -> Doubt:
    element = register.elements.get(row["element_id"])
    is_area = row["ledger"] == INDICATOR
    name = register.names.get((row["ledger"], row["subject_key"]), "")
    place = register.areas.get(row["area_code"], row["area_code"])
    return Doubt(
        row["request_id"],
        row["department_name"],
        row["raised_at"][:10],
        row["due"],
        place if is_area else f"{place} {name} {row['subject_key']}",
        element["element_name"] if element else row["element_id"],
        periods.in_words(row["period"]) if row["period"] else "",
        row["value_now"] or "",
        row["suggested"] or "",
        row["reason"].rstrip("。"),
        (row["ledger"], row["subject_key"], row["element_id"]),
    )


def _side(ledger: str, key: str, township: str, register: _Register) -> tuple[str, str, str]:
    """Return (area, name, key) of one side; of somebody in another township only the ends of the number are shown."""
    area = register.subjects[ledger, key]
    is_own = area[:9] == township[:9]
    full = register.areas.get(area[:9] + "000", "") + register.areas.get(area, area)
    hidden = len(key) - 6 - SHOWN_DIGITS
    shown = key if is_own or hidden <= 0 or ledger != "person" else f"{key[:6]}{'*' * hidden}{key[-SHOWN_DIGITS:]}"
    return full, register.names.get((ledger, key), ""), shown
