"""How fast the desk is beside receiving: issuing a county, merging five million values and undoing it, duplicates.

Peers in the same run: XlsxWriter writing the same cells bare; SQLite updating the same values row by row. DHIS2's merge
of 5 M values in SQL takes 2 to 4 minutes and cannot be taken back (its documentation).
"""

from __future__ import annotations

import random
import resource
import sqlite3
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import polars as pl
import xlsxwriter

from pipelines.collection.issue_inputs import prepare
from pipelines.collection.ledgers import latest
from pipelines.collection.likeness import KEY, features, likenesses
from pipelines.collection.merging import moved
from pipelines.collection.workbook import issue_all
from pipelines.store.linkage import pairs
from schemas.elements import ElementSuccessors
from schemas.ledgers import LedgerValues
from schemas.organisations import Areas
from tests.unit.collection.county import ID, NAME, PHONE, Office, id_number

TOWNSHIPS, VILLAGES, PERSONS = 100, 10, 1000
MERGED = 5_000_000
MAX_ISSUE, MAX_MERGE = 60.0, 10.0
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample" / "returns" / "模拟数据_自然人.parquet"


def run() -> dict[str, float | int]:
    """Return seconds and ratios. Raises AssertionError when a measure is missed."""
    return issuing() | merging() | duplicates()


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


def duplicates() -> dict[str, float | int]:
    """Return precision and recall on duplicates planted among the sample's persons, and twins that are none."""
    chance = random.Random(5)
    people = _sample_people()
    likeness = likenesses()["person"]
    planted: set[tuple[str, str]] = set()
    added: list[dict[str, str | None]] = []
    villages = people["area_code"].unique().sort().to_list()
    for row in chance.sample(people.to_dicts(), 300):
        twin = row | {
            "id": _typo(row["id"], chance),
            "household": f"X{len(added)}",
            "area_code": chance.choice(villages),
        }
        twin["name"] = chance.choices((row["name"], _other_character(row["name"], chance)), (3, 1))[0]
        twin["phone"] = chance.choices((row["phone"], None, f"138{chance.randrange(10**8):08d}"), (5, 3, 2))[0]
        twin[KEY] = twin["id"]
        planted.add(tuple(sorted((row[KEY], twin[KEY]))))
        added.append(twin)
    for row in chance.sample(people.to_dicts(), 200):  # brothers and sisters of one birth, in one household
        number = f"{row['id'][:14]}{chance.randrange(1000):03d}{row['id'][-1]}"
        added.append(row | {"id": number, KEY: number, "name": _other_character(row["name"], chance)})
    every = pl.concat([people, pl.DataFrame(added, schema=people.schema)]).unique(
        KEY, keep="first", maintain_order=True
    )
    subjects = features(every, likeness, IDS)
    started = time.process_time()
    found = pairs(subjects, likeness)
    seconds = time.process_time() - started
    proposed = set(found.select("left_key", "right_key").iter_rows())
    hits = len(proposed & planted)
    return {
        "duplicates: persons": every.height,
        "duplicates: planted": len(planted),
        "duplicates: proposed": len(proposed),
        "duplicates: precision": hits / len(proposed),
        "duplicates: recall": hits / len(planted),
        "duplicates: CPU seconds of Splink": seconds,
    }


IDS = {"自然人.姓名": "name", "自然人.公民身份号码": "id", "自然人.联系电话": "phone", "户.户编号": "household"}


def _sample_people() -> pl.DataFrame:
    """Return the sample's persons as a person ledger; their made-up numbers end alike, so real sequences are put in."""
    chance = random.Random(3)
    table = pl.read_parquet(SAMPLE)
    return table.select(
        pl.col("自然人.公民身份号码").alias("id"), pl.col("自然人.姓名").alias("name"),
        pl.col("自然人.联系电话").alias("phone"), pl.col("户.编号").alias("household"),
        pl.col("区划代码").alias("area_code"),
    ).with_columns(
        pl.col("id").map_elements(
            lambda text: f"{text[:14]}{chance.randrange(1000):03d}{text[-1]}", return_dtype=pl.String
        )
    ).with_columns(pl.col("id").alias(KEY)).unique(KEY, keep="first", maintain_order=True)  # fmt: skip


def _typo(text: str, chance: random.Random) -> str:
    at = chance.randrange(6, 17)
    if chance.random() < 0.3 and text[at] != text[at - 1]:
        return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    digit = str((int(text[at]) + chance.randrange(1, 10)) % 10)
    changed = text[:at] + digit + text[at + 1 :]
    return _typo(changed, chance) if chance.random() < 0.2 else changed


def _other_character(name: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(name))
    return (
        name[:at]
        + chance.choice([letter for letter in "伟芳娜敏静丽强磊军洋艳勇杰娟涛明超兰霞平" if letter != name[at]])
        + name[at + 1 :]
    )


def _values(rows: pl.DataFrame, ledger: str) -> pl.DataFrame:
    same = {"ledger": ledger, "submission_id": "s", "submitted_period": "2025-12", "sheet": "表", "cell": "A1"}
    same |= {"recorded_at": "2025-12-20T09:00:00"}
    if "period" not in rows.columns:
        same |= {"period": ""}
    return rows.with_columns(
        pl.lit(None, pl.String).alias("null_reason"), *(pl.lit(text).alias(name) for name, text in same.items())
    ).select(list(LedgerValues.schema_types()))
