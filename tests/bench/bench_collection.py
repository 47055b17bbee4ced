"""How fast collection is: issuing township workbooks, receiving returns end to end, one large workbook.

Peer figures for receiving: ODK Central 41.2 submissions a second at 250 questions, about 12 at 5,000 (2018).
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import polars as pl

from pipelines.collection.layout import read_layout
from pipelines.collection.receive import Arrived, receive_all
from pipelines.store.inbox import archive
from pipelines.store.warehouse import Warehouse
from schemas.ledgers import LedgerValues, Submissions
from tests.unit.collection.county import EAST, INCOME, NAME, Office, fill, id_number

SMALL, PERSONS, LARGE = 200, 1000, 20_000
"""Returned workbooks of about 250 answers; persons of a township; persons of the one large workbook."""


def run() -> dict[str, float | int]:
    """Return seconds and rates; every file is archived, read, checked and posted in a transaction of its own."""
    with TemporaryDirectory() as name:
        return _returns(Path(name)) | _issue(Path(name), PERSONS) | _large(Path(name))


def _returns(folder: Path) -> dict[str, float | int]:
    office = Office(folder / "returns")
    first = fill(office.issue("2025-12")[EAST], folder / "first.xlsx", people=22)
    office.receive("2025-12", first)
    issued = office.issue("2026-01")[EAST]
    files = [_variant(issued, folder / f"{number}.xlsx", number) for number in range(SMALL)]
    answers = sum(len(sheet.values) for sheet in read_layout(files[0]))
    counter = office.desk("2026-01")
    with Warehouse(folder / "returns.duckdb") as warehouse:
        started = time.perf_counter()
        kept = [archive(file, folder / "archive") for file in files]
        arrived = [Arrived(each.path, each.file_name, each.submission_id) for each in kept]
        for receipt in receive_all(arrived, counter, folder / "receipts", "2026-01-20T09:00:00"):
            posted = {"submissions": Submissions.frame([receipt.submission] if receipt.submission else [])}
            warehouse.write({}, posted | {"ledger_values": receipt.values})
        seconds = time.perf_counter() - started
        received = warehouse.read("submissions").height
    return {
        "returns": SMALL,
        "answers in each": answers,
        "returns a second, end to end": SMALL / seconds,
        "returns lost": SMALL - received,
    }


def _variant(issued: Path, target: Path, number: int) -> Path:
    """Return a copy of a workbook in which one name differs, so that no two files have the same content."""
    shutil.copy(issued, target)
    sheet = next(s for s in read_layout(issued) if s.ledger == "person")
    col = next(col for col, element in sheet.columns.items() if element == NAME)
    book = openpyxl.load_workbook(target)
    book[sheet.name].cell(min(sheet.row_ids) + 1, col + 1).value = f"试{number}号"
    book.save(target)
    return target


def _person_values(count: int) -> pl.DataFrame:
    """Return the values of persons of one village, as if accepted before."""
    names = [element for element in (NAME, INCOME) if element == NAME]
    rows = []
    for number in range(count):
        key = id_number(number)[:-1] + f"{number:05d}"
        for element in (*names, *(f"DE{n:06d}" for n in (2, 3, 6, 7, 8, 9))):
            value = {"DE000002": key, "DE000003": "男", "DE000006": "初中", "DE000008": "300", "DE000009": "2024-05-06"}
            rows.append(("person", key, f"{EAST[:9]}001", "", element, value.get(element, f"试{number}")))
    head = pl.DataFrame(rows, schema=list(LedgerValues.schema_types())[:6], orient="row")
    return head.with_columns(
        pl.lit(None, pl.String).alias("null_reason"),
        *(pl.lit(text).alias(name) for name, text in _ORIGIN.items()),
    ).select(list(LedgerValues.schema_types()))


_ORIGIN = {
    "submission_id": "s",
    "submitted_period": "2025-12",
    "sheet": "人员台账",
    "cell": "A1",
    "recorded_at": "2025-12-20T09:00:00",
}


def _issue(folder: Path, persons: int) -> dict[str, float | int]:
    office = Office(folder / "issue", _person_values(persons))
    started = time.perf_counter()
    office.issue("2026-01")
    seconds = time.perf_counter() - started
    return {"persons of the township": persons, "seconds to issue its workbook and an empty one": seconds}


def _large(folder: Path) -> dict[str, float | int]:
    office = Office(folder / "large")
    issued = office.issue("2025-12")[EAST]
    filled = fill(issued, folder / "large.xlsx", people=LARGE)
    counter = office.desk("2025-12")
    with Warehouse(folder / "large.duckdb") as warehouse:
        started = time.perf_counter()
        kept = archive(filled, folder / "archive")
        arrived = [Arrived(kept.path, kept.file_name, kept.submission_id)]
        for receipt in receive_all(arrived, counter, folder / "receipts", "2025-12-20T09:00:00"):
            warehouse.write({}, {"ledger_values": receipt.values})
            errors = sum(finding.severity == "error" for finding in receipt.findings)
        seconds = time.perf_counter() - started
    return {"rows of the large workbook": LARGE, "seconds to check and post it": seconds, "errors in it": errors}
