"""A returned file as it was read, before anybody asks whose it is. Needs nothing but the file, so it is read ahead,
in other processes, while earlier files are still being checked.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, PasswordError

from pipelines import rulebook
from pipelines.collection import package
from pipelines.collection.layout import (
    COPY_PREFIX,
    COVER_SHEET,
    IDS_SHEET,
    LISTS_SHEET,
    FilledSheet,
    read_sheets,
    recognise,
)
from pipelines.garbage import uncollected
from pipelines.text import address, squeeze
from schemas.faults import Fault, Finding, returns
from schemas.faults import collection as faults

NO_RESULT = "#NAME?"
"""What stands for a formula that was never calculated."""
LIST_SHEET = "问题清单"
"""The sheet of problems in a returned copy, which comes back with it; nothing in it is an answer."""
TEXT_SHEET = "文本"
"""What the one sheet of a file saved as text is called."""
CLERK = ("填报人", "填表人", "经办人", "填报员", "填报人姓名")
"""Labels on the cover beside which the clerk's name stands."""
PHONE = ("联系电话", "电话", "填报人电话", "手机号码")
SPENT = ("本次填报用时（分钟，可不填）", "本次填报用时")
LONGEST_FILL = 6000.0
"""Minutes: more is a slip of the pen, or a time of day."""
_HTML = (b"<html", b"<!doctype", b"<table", b"<?xml")
_OLE = b"\xd0\xcf\x11\xe0"
Rows = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Issued:
    """A sheet as the hidden sheet says it was issued."""

    name: str
    ledger: str
    level: str
    element_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a file holds. sheets: with their hidden ids; others: rows of the sheets without; facts, issued: what the
    hidden sheet says, empty when it is lost; notes: findings to be passed on (fault, sheet, details); trouble: why
    the file could not be read, with the sheet and cell when there is one.
    """

    sheets: tuple[FilledSheet, ...] = ()
    others: Mapping[str, Rows] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    issued: tuple[Issued, ...] = ()
    clerk: str = ""
    minutes: float | None = None
    notes: tuple[tuple[Fault, str, Mapping[str, Any]], ...] = ()
    trouble: Finding | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file to receive: its copy in the archive, its name as it came, the SHA-256 of its content, and what it holds
    when it was read already.
    """

    path: Path
    file_name: str
    submission_id: str
    parcel: Parcel | None = None


@uncollected()
def read_parcel(path: Path, own_rules: Path | None = None) -> Parcel:
    """Read a file. Never raises for what a clerk or a program did to it: then `trouble` says what."""
    start = path.open("rb").read(512)
    is_zip = start.startswith(b"PK")
    if not is_zip and not start.startswith(_OLE) and not _is_markup(start):
        return _sorted_out(_text(path), {})
    found: dict[str, package.Formulas] = {}
    try:
        if is_zip:
            limits = rulebook.settings("returns", own_rules)["package"]
            parts = package.suspects(path, limits)
            names = package.sheet_parts(path) if parts else {}
            ours = {part for part, name in names.items() if name == COVER_SHEET or name.startswith(COPY_PREFIX)}
            found = {names[p]: package.formulas(path, p, NO_RESULT) for p in parts if p in names and p not in ours}
        cells = read_sheets(path)
    except PasswordError:
        return Parcel(trouble=faults.RETURN_LOCKED.at())
    except package.TooLarge as error:
        return Parcel(trouble=returns.PACKAGE_TOO_LARGE.at(size=error.size, limit=error.limit))
    except package.FarCell as error:
        name = package.sheet_parts(path).get(error.part, error.part)
        return Parcel(trouble=returns.CELL_FAR_AWAY.at(sheet=name, cell=error.cell, name=name, far=error.cell))
    except (CalamineError, *package.BROKEN) as error:
        # a password-protected .xlsx is an OLE file without a workbook stream
        if not is_zip and "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            return Parcel(trouble=faults.RETURN_LOCKED.at())
        return Parcel(trouble=faults.RETURN_UNREADABLE.at(why=_why(error)))
    if not is_zip and start.startswith(_OLE):
        found = _errors_of_xls(path)
    for name, formulas in found.items():
        rows = cells.get(name, [])
        for (row, col), text in formulas.empty.items():
            if _at(rows, row, col) in ("", None):
                _put(rows, row, col, text)
    return _sorted_out(cells, found)


def read_cells(path: Path) -> dict[str, Rows]:
    """Return the cells of every sheet, of a workbook or of a text file. Raises python_calamine.CalamineError."""
    start = path.open("rb").read(512)
    return read_sheets(path) if start.startswith((b"PK", _OLE)) or _is_markup(start) else _text(path)


def _is_markup(start: bytes) -> bool:
    return start.lstrip().lower().startswith(_HTML)


def _sorted_out(cells: dict[str, Rows], found: Mapping[str, package.Formulas]) -> Parcel:
    facts, issued = _facts(cells.pop(IDS_SHEET, []))
    cells.pop(LISTS_SHEET, None)
    cells.pop(LIST_SHEET, None)
    sheets, others = [], dict[str, Rows]()
    for name, rows in cells.items():
        sheet = recognise(name, rows)
        if sheet:
            sheets.append(sheet)
        else:
            others[name] = rows
    notes = []
    for sheet in sheets:  # our own formulas, beside the answers, are none of the clerk's
        done = [cell for cell in found[sheet.name].done if cell in sheet.values] if sheet.name in found else []
        if done:
            notes.append((returns.FORMULA_VALUES, sheet.name, {"count": len(done), "first": address(*min(done))}))
    return Parcel(tuple(sheets), others, facts, issued, _clerk(others), _minutes(others), tuple(notes))


def _text(path: Path) -> dict[str, Rows]:
    """Return a sheet saved as text: UTF-8, UTF-16 or GB 18030; comma, semicolon or tab."""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030", errors="replace")
    head = text[:20_000]
    delimiter = max("\t,;", key=head.count)
    lines = io.StringIO(text.replace("\x00", ""), newline="")
    rows: Rows = []
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            rows.append(list(next(reader)))
        except StopIteration:
            return {TEXT_SHEET: rows}
        except csv.Error:  # a field beyond 128 KB: no form has one
            continue


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


def _clerk(others: Mapping[str, Rows]) -> str:
    """Return the clerk as the cover says: what stands right of 填报人, and of 联系电话 after it."""
    said = [_beside(rows, labels) for labels in (CLERK, PHONE) for rows in others.values()]
    return " ".join(dict.fromkeys(text for text in said if text))[:60]


def _minutes(others: Mapping[str, Rows]) -> float | None:
    """Return the minutes that the clerk says the filling took; None when there are none, or no such number."""
    said = next(filter(None, (_beside(rows, SPENT) for rows in others.values())), "")
    found = re.match(r"\d+(\.\d+)?", unicodedata.normalize("NFKC", said))
    minutes = float(found[0]) if found else 0.0
    return minutes if 0 < minutes <= LONGEST_FILL else None


def _beside(rows: Rows, labels: Sequence[str]) -> str:
    for row in rows[:60]:
        for col, value in enumerate(row):
            if isinstance(value, str) and 0 < len(value) < 16 and squeeze(value).rstrip("：:") in labels:
                after = [_shown(each) for each in row[col + 1 : col + 6]]
                return next((text for text in after if text), "")
    return ""


def _shown(value: Any) -> str:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value or "")
    return " ".join(text.split())


def _errors_of_xls(path: Path) -> dict[str, package.Formulas]:
    """Return the cells with error values of an .xls or .et, which the fast reader shows as empty."""
    import xlrd

    from pipelines.biff import open_book

    try:
        book = open_book(path.read_bytes())
    except (xlrd.XLRDError, *package.BROKEN, AssertionError, IndexError, KeyError, TypeError):
        return {}  # written by a program that xlrd does not know; what calamine read holds
    found = {}
    for sheet in book.sheets():
        empty = {
            (row, col): xlrd.error_text_from_code.get(sheet.cell_value(row, col), NO_RESULT)
            for row in range(sheet.nrows)
            for col, kind in enumerate(sheet.row_types(row))
            if kind == xlrd.XL_CELL_ERROR
        }
        found[sheet.name] = package.Formulas((), empty)
    return found


def _at(rows: Rows, row: int, col: int) -> Any:
    return rows[row][col] if row < len(rows) and col < len(rows[row]) else None


def _put(rows: Rows, row: int, col: int, text: str) -> None:
    while row >= len(rows):
        rows.append([])
    rows[row].extend([""] * (col + 1 - len(rows[row])))
    rows[row][col] = text


def _why(error: Exception) -> str:
    """Return in Chinese why a file cannot be opened; what a library says is of no use to a clerk."""
    return "文件不完整" if isinstance(error, EOFError | OSError) else "内容不是 Excel 或 WPS 表格，或已损坏"
