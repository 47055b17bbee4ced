"""How fast the desk is beside receiving: issuing a county, merging five million values and undoing it.

Peers in the same run: XlsxWriter writing the same cells bare; SQLite updating the same values row by row. DHIS2's merge
of 5 M values in SQL takes 2 to 4 minutes and cannot be taken back (its documentation).
"""

from __future__ import annotations

import resource
import sqlite3
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import polars as pl
import xlsxwriter

from pipelines.collection.ledgers import latest
from pipelines.collection.merging import moved
from pipelines.collection.workbook.issue import issue_all
from pipelines.collection.workbook.issue_inputs import prepare
from schemas.elements import ElementSuccessors
from schemas.ledgers import LedgerValues
from schemas.organisations import Areas
from tests.unit.collection.county import ID, NAME, PHONE, Office, id_number

TOWNSHIPS, VILLAGES, PERSONS = 100, 10, 1000
MERGED = 5_000_000
MAX_ISSUE, MAX_MERGE = 60.0, 10.0


def run() -> dict[str, float | int]:
    """Return seconds and ratios. Raises AssertionError when a measure is missed."""
    return issuing() | merging()


def issuing() -> dict[str, float | int]:
    """Return the seconds that the workbooks of a county take, and what the same cells take bare."""
    county = "530100000000"
    rows = [(county, "试县", "县", None)]
    for number in range(TOWNSHIPS):
        town = f"530100{100 + number}000"
        rows.append((town, f"第{number}镇", "乡镇", county))
        rows += [(f"{town[:9]}{1 + v:03d}", f"第{number}镇第{v}村", "村", town) for v in range(VILLAGES)]
    areas = Areas.frame(
        [dict(zip(("area_code", "area_name", "area_level", "parent_code"), r, strict=True)) for r in rows]
    )
    with TemporaryDirectory() as name:
        folder = Path(name)
        office = Office(folder)
        inputs_from = (office.made.fill_plan, office.frames["elements"], office.frames["reports"], areas)
        values = _persons()
        started, spent = time.perf_counter(), _cpu()
        inputs = prepare(*inputs_from, values, "2026-01")
        prepared = time.perf_counter() - started
        issued, _ = issue_all(inputs, folder / "issued", "2026-01-01T08:00:00")
        seconds, spent = time.perf_counter() - started, _cpu() - spent
        cells = int(issued["prefilled_count"].sum())
        first = folder / "issued" / issued["file"][0]
        bare = _bare(first, folder / "bare.xlsx") * TOWNSHIPS
    assert issued.height == TOWNSHIPS
    assert seconds <= MAX_ISSUE, seconds
    return {
        "issue: townships": TOWNSHIPS,
        "issue: persons of each": PERSONS,
        "issue: cells prefilled": cells,
        "issue: seconds to prepare": prepared,
        "issue: seconds in all (two processes)": seconds,
        "issue: CPU seconds of all processes": spent,
        "issue: CPU seconds of XlsxWriter bare, the same cells": bare,
        "issue: ratio to bare": spent / bare,
    }


def _cpu() -> float:
    """Return the CPU seconds of this process and of those that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _persons() -> pl.DataFrame:
    rows = []
    for town in range(TOWNSHIPS):
        for number in range(PERSONS):
            key = f"{id_number(number)[:-4]}{town:02d}{number % 100:02d}{number:04d}"
            area = f"530100{100 + town}{1 + number % VILLAGES:03d}"
            answers = {NAME: f"试{number}", ID: key, "DE000003": "男", "DE000006": "初中", PHONE: f"139{number:08d}"}
            answers |= {"DE000008": "300", "DE000009": "2024-05-06", "POP:低保对象花名册": "是"}
            rows += [(key, area, element, value) for element, value in answers.items()]
    return _values(
        pl.DataFrame(rows, schema=["subject_key", "area_code", "element_id", "value"], orient="row"), "person"
    )


def _bare(issued: Path, target: Path) -> float:
    """Return the CPU seconds that XlsxWriter takes for the texts and numbers of a workbook, with no format at all."""
    book = openpyxl.load_workbook(issued, read_only=True)
    sheets = [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book]
    started = time.process_time()
    with xlsxwriter.Workbook(str(target)) as bare:
        for cells in sheets:
            sheet = bare.add_worksheet()
            for row, line in enumerate(cells):
                for col, value in enumerate(line):
                    if isinstance(value, str):
                        sheet.write_string(row, col, value)
                    elif value is not None and not hasattr(value, "year"):
                        sheet.write_number(row, col, value)
                    elif value is not None:
                        sheet.write_datetime(row, col, value)
    return time.process_time() - started


def merging() -> dict[str, float | int]:
    """Return the seconds until five million values are read under another element, and until they are back."""
    half = MERGED // 2
    values = _values(
        pl.DataFrame({"n": pl.arange(0, MERGED, eager=True)}).select(
            subject_key=pl.format("530100{}", pl.col("n") % half),
            area_code=pl.format("530100{}", pl.col("n") % half),
            element_id=pl.lit("OLD"),
            value=pl.col("n").cast(pl.String),
            period=pl.when(pl.col("n") < half).then(pl.lit("2025-11")).otherwise(pl.lit("2025-12")),
        ),
        "indicator",
    )
    own = values.head(half // 100).with_columns(element_id=pl.lit("NEW"), value=pl.lit("7"))  # both have a value
    values = pl.concat([values, own])
    verdict = ElementSuccessors.frame([{"element_id": "OLD", "successor_id": "NEW", "factor": 1.0, "reason": "判定"}])
    started = time.perf_counter()
    merged = moved(values, verdict)
    forth = time.perf_counter() - started
    assert merged.height == values.height
    assert merged.filter(element_id="OLD").is_empty()
    held = latest(merged)
    shown = time.perf_counter() - started
    assert held.height == MERGED
    del merged, held
    started = time.perf_counter()
    back = moved(values, ElementSuccessors.empty())
    again = latest(back)
    taken = time.perf_counter() - started
    assert again.filter(element_id="OLD").height == MERGED
    del back, again
    peer = _rowwise(values)
    assert forth <= MAX_MERGE, forth
    return {
        "merge: values": MERGED,
        "merge: seconds to move them": forth,
        "merge: seconds until the latest of each is read": shown,
        "merge: seconds until they are back and read": taken,
        "merge: SQLite UPDATE of the same values, seconds": peer,
        "merge: ratio to SQLite": shown / peer,
    }


def _rowwise(values: pl.DataFrame) -> float:
    """Return the seconds of an UPDATE by element in SQLite, with the index that finds them (data loaded beforehand)."""
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE v (subject TEXT, element TEXT, period TEXT, value TEXT)")
        rows = values.select("subject_key", "element_id", "period", "value").iter_rows()
        connection.executemany("INSERT INTO v VALUES (?, ?, ?, ?)", rows)
        connection.execute("CREATE INDEX e ON v (element)")
        connection.commit()
        started = time.perf_counter()
        connection.execute("UPDATE v SET element = 'NEW' WHERE element = 'OLD'")
        connection.commit()
        return time.perf_counter() - started


def _values(rows: pl.DataFrame, ledger: str) -> pl.DataFrame:
    same = {"ledger": ledger, "submission_id": "s", "submitted_period": "2025-12", "sheet": "表", "cell": "A1"}
    same |= {"recorded_at": "2025-12-20T09:00:00"}
    if "period" not in rows.columns:
        same |= {"period": ""}
    return rows.with_columns(
        pl.lit(None, pl.String).alias("null_reason"), *(pl.lit(text).alias(name) for name, text in same.items())
    ).select(list(LedgerValues.schema_types()))
