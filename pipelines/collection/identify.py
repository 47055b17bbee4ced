"""Finds out whose workbook a file is and of which period, whatever was renamed, re-ordered or re-saved."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, PasswordError

from pipelines import periods
from pipelines.collection.desk import Desk
from pipelines.collection.error_cells import with_errors
from pipelines.collection.layout import IDS_SHEET, FilledSheet, identity, read_sheets, recognise, workbook_id
from pipelines.collection.reading import Reading
from pipelines.text import squeeze
from schemas.faults import collection as faults

_HTML = (b"<html", b"<!doctype", b"<table")


@dataclass(frozen=True, slots=True)
class Issued:
    """A sheet as the hidden sheet says it was issued."""

    name: str
    ledger: str
    level: str
    element_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was read. issued is empty when the hidden sheet is lost."""

    sheets: tuple[FilledSheet, ...]
    facts: dict[str, str]
    issued: tuple[Issued, ...]


def open_return(path: Path, reading: Reading, desk: Desk) -> Opened | None:
    """Read a file and identify it, noting faults in `reading`; None when there is nothing to check further."""
    cells = _cells(path, reading)
    if cells is None:
        return None
    facts, issued = _facts(cells.pop(IDS_SHEET, []))
    found = [sheet for name, rows in cells.items() if (sheet := recognise(name, rows))]
    if facts:
        found += _by_headers(cells, found, issued, facts, desk)
    if not found:
        reading.find(faults.RETURN_FOREIGN)
        return None
    owners = Counter((sheet.area_code, sheet.period) for sheet in found)
    own = (facts["area_code"], facts["period"]) if facts else owners.most_common(1)[0][0]
    reading.area_code, reading.period = own
    reading.workbook_id = workbook_id(*own)
    for sheet in found:
        if (sheet.area_code, sheet.period) != own:
            other = f"{desk.area_names.get(sheet.area_code, sheet.area_code)} {periods.in_words(sheet.period)}"
            expected = f"{desk.area_names.get(own[0], own[0])} {periods.in_words(own[1])}"
            reading.find(faults.RETURN_MIXED, sheet.name, found=other, expected=expected)
    known = desk.issued.get(reading.workbook_id)
    if own[1] != desk.month:
        reading.find(faults.RETURN_PERIOD, found=periods.in_words(own[1]), expected=periods.in_words(desk.month))
        return None
    if known is None:
        reading.find(faults.RETURN_UNKNOWN, workbook=reading.workbook_id)
        return None
    if facts.get("version") and known["version"] and facts["version"] != known["version"]:
        reading.find(faults.RETURN_STALE)
        return None
    kept = tuple(sheet for sheet in found if (sheet.area_code, sheet.period) == own)
    return Opened(kept, facts, issued)


def _cells(path: Path, reading: Reading) -> dict[str, list[list[Any]]] | None:
    start = path.open("rb").read(512)
    if not start.startswith((b"PK", b"\xd0\xcf\x11\xe0")) and not start.lstrip().lower().startswith(_HTML):
        return _text(path)
    try:
        return with_errors(path, read_sheets(path))
    except PasswordError:
        reading.find(faults.RETURN_LOCKED)
    except CalamineError as error:
        # a password-protected .xlsx is an OLE file without a workbook stream
        fault = faults.RETURN_LOCKED if "EncryptedPackage".encode("utf-16-le") in path.read_bytes() else None
        if fault:
            reading.find(fault)
        else:
            reading.find(faults.RETURN_UNREADABLE, why=_first_line(error))
    return None


def _text(path: Path) -> dict[str, list[list[Any]]]:
    """Return a sheet saved as text: UTF-8 or GB 18030, comma or tab."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    delimiter = "\t" if text.split("\n", 1)[0].count("\t") > text.split("\n", 1)[0].count(",") else ","
    return {path.stem: list(csv.reader(io.StringIO(text), delimiter=delimiter))}


def _facts(rows: Sequence[Sequence[Any]]) -> tuple[dict[str, str], tuple[Issued, ...]]:
    facts: dict[str, str] = {}
    issued: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        texts = [str(value) for value in row if value not in ("", None)]
        if not texts:
            continue
        if texts[0] == "sheet" and len(row) > 3:
            ids = [str(value) for value in row[4:] if value not in ("", None)]
            issued.setdefault((str(row[1]), str(row[2]), str(row[3] or "")), []).extend(ids)
        elif len(texts) == 2:
            facts[texts[0]] = texts[1]
    sheets = tuple(Issued(*names, tuple(ids)) for names, ids in issued.items())
    return (facts if {"area_code", "period"} <= facts.keys() else {}), sheets


def _by_headers(
    cells: dict[str, list[list[Any]]],
    found: Sequence[FilledSheet],
    issued: Sequence[Issued],
    facts: dict[str, str],
    desk: Desk,
) -> list[FilledSheet]:
    """Return sheets whose hidden ids were lost, recognised by their headings: enough of them must stand in one row."""
    seen = {sheet.name for sheet in found}
    missing = [i for i in issued if not any((s.ledger, s.level) == (i.ledger, i.level) for s in found)]
    recovered = []
    for name, rows in cells.items():
        for wanted in missing:
            if name in seen or wanted.ledger == "indicator":
                continue
            titles = {squeeze(desk.title(element_id)): element_id for element_id in wanted.element_ids}
            titles |= {"变动情况": "CHANGE", "所在村（社区）": "AREA", "核实说明": "REMARK"}
            for number, row in enumerate(rows[:12]):
                hits = {col: titles[squeeze(v)] for col, v in enumerate(row) if squeeze(v) in titles}
                if len(hits) >= max(3, 0.6 * len(wanted.element_ids)):
                    mark = identity(wanted.ledger, facts["area_code"], facts["period"], wanted.level)
                    ids: list[Any] = [mark, *(hits.get(col, "") for col in range(max(hits) + 1))]
                    shifted = [["", *line] for line in rows[number:]]
                    sheet = recognise(name, [ids, *shifted])
                    if sheet:
                        recovered.append(_moved(sheet, number - 1))
                        seen.add(name)
                    break
    return recovered


def _moved(sheet: FilledSheet, rows: int) -> FilledSheet:
    """Return the sheet with the addresses of the clerk's own file: `rows` further down, one column to the left."""
    return FilledSheet(
        sheet.name,
        sheet.ledger,
        sheet.area_code,
        sheet.period,
        sheet.level,
        sheet.header_row + rows,
        {col - 1: element_id for col, element_id in sheet.columns.items()},
        {row + rows: "" for row in sheet.row_ids},
        {(row + rows, col - 1): value for (row, col), value in sheet.values.items()},
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:80] or type(error).__name__
