"""How fast collection is: issuing township workbooks, receiving returns end to end, one large workbook.

Receiving is archive, read, check, post, receipt, move: everything `oneform receive` does, on files of as many
townships, every answer new. Peers in the same run: only reading the same cells, with calamine, openpyxl and pandas.
Figures of others: ODK Central 41.2 submissions a second at 250 questions, 12 at 5,000 with 1 in 1,000 failing (2018).
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pandas as pd
import polars as pl

from pipelines.collection.layout import read_sheets
from pipelines.collection.parcel import Arrived, read_parcel
from pipelines.collection.receiving.receive import receive_all
from pipelines.store.inbox import archive
from pipelines.store.receiving import READ, receive_waiting
from pipelines.store.warehouse import Warehouse
from schemas.ledgers import LedgerValues
from tests.unit.collection.clerk import fill
from tests.unit.collection.county import EAST, INCOME, NAME, Office, id_number
from tests.unit.collection.many import MONTH, many

FILES, PEOPLE = 1000, 12
"""Returned workbooks of 255 answers each."""
LONG_FILES, LONG_PEOPLE = 100, 480
"""Returned workbooks of about 5,000 answers each."""
PERSONS, LARGE = 1000, 20_000
"""Persons of a township; persons of the one large workbook."""
NOW = "2026-01-20T09:00:00"


def run() -> dict[str, float | int]:
    """Return seconds, rates and ratios."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        return (
            _returns(folder / "small", FILES, PEOPLE)
            | _returns(folder / "long", LONG_FILES, LONG_PEOPLE)
            | _issue(folder, PERSONS)
            | _large(folder)
        )


def _returns(folder: Path, count: int, people: int) -> dict[str, float | int]:
    made = many(folder, count, people)
    place, files = made.place, made.files
    peers = {
        "calamine": _seconds(read_sheets, files[:50]),
        "openpyxl": _seconds(_with_openpyxl, files[:5]),
        "pandas": _seconds(_with_pandas, files[:20]),
    }
    memory: list[int] = []
    before, started = _cpu(), time.perf_counter()
    with Warehouse(place.database) as warehouse:
        tables = {name: warehouse.read(name) for name in READ}
        receive_waiting(
            place, tables, warehouse.write, warehouse.lookup, NOW,
            lambda done, total, what: memory.append(_resident()) if done % max(1, total // 10) == 0 else None,
        )  # fmt: skip
    each = (time.perf_counter() - started) / count
    cpu = (_cpu() - before) / count
    with Warehouse(place.database) as warehouse:
        posted, values = warehouse.read("submissions"), warehouse.glance("ledger_values", 1)[0]
    receipts = len(list((place.forms / MONTH / "回执").glob("*回执.txt")))
    accepted = posted.filter(pl.col("status") == "接收").height
    title = f"{count} returns of {made.values} answers: "
    found: dict[str, float | int] = {
        "a second, end to end": 1 / each,
        "lost": count - min(accepted, receipts, values // made.values),
        "CPU milliseconds each, all processes": 1000 * cpu,
        "a second that this CPU time allows on two cores": 2 / cpu,
        "MB of memory more at the end than after a tenth": memory[-1] - memory[1],
    }
    found |= {f"times the time of {name} only reading the cells": each / seconds for name, seconds in peers.items()}
    return {title + figure: value for figure, value in found.items()}


def _seconds(read: Callable[[Path], object], files: list[Path]) -> float:
    started = time.perf_counter()
    for file in files:
        read(file)
    return (time.perf_counter() - started) / len(files)


def _with_openpyxl(file: Path) -> None:
    for sheet in openpyxl.load_workbook(file, data_only=True).worksheets:
        for _ in sheet.iter_rows(values_only=True):
            pass


def _with_pandas(file: Path) -> None:
    pd.read_excel(file, sheet_name=None, header=None, engine="openpyxl")


def _cpu() -> float:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() >> 20


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
        arrived = [Arrived(kept.path, kept.file_name, kept.submission_id, read_parcel(kept.path))]
        for receipt in receive_all(arrived, counter, "2025-12-20T09:00:00"):
            warehouse.write({}, {"ledger_values": receipt.values})
            errors = sum(finding.severity == "error" for finding in receipt.findings)
        seconds = time.perf_counter() - started
    peer = _seconds(read_sheets, [filled])
    return {
        "rows of the large workbook": LARGE,
        "seconds to check and post it": seconds,
        "times the time of calamine only reading it": seconds / peer,
        "errors in it": errors,
    }
