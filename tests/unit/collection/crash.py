"""Kills receiving at random moments and looks at what is left.

Another run, which nobody killed, says what must come out.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import polars as pl

from pipelines.collection.layout import read_layout
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace, file_hash
from tests.unit.collection.county import PEOPLE
from tests.unit.collection.many import MONTH, Many, many

ROOT = Path(__file__).resolve().parents[3]
TABLES = ("submissions", "arrivals", "submission_findings", "ledger_values")
TIMES = {"received_at", "arrived_at", "recorded_at", "message"}
"""Columns that tell when, or name such a time."""


@dataclass
class Left:
    """What is there after a run: tables by name; names of the files in each folder."""

    tables: dict[str, pl.DataFrame]
    inbox: set[str]
    kept: set[str]
    receipts: set[str]

    def comparable(self) -> dict[str, list[tuple[object, ...]]]:
        """Return everything but times, in an order of its own."""
        found = {name: sorted(frame.select(pl.exclude(TIMES)).rows(), key=str) for name, frame in self.tables.items()}
        return found | {"kept": sorted(self.kept), "receipts": sorted(self.receipts), "inbox": sorted(self.inbox)}  # type: ignore[dict-item]


def prepared(folder: Path, count: int, people: int = 3) -> Many:
    """Make a workspace with `count` files waiting: most good, some wrong, some twice, one that replaces another."""
    made = many(folder, count, people)
    for number in range(0, count, 10):
        spoil(made.files[number], "多少人")
    for number in range(3, count, 20):
        shutil.copy(made.files[number], made.place.inbox / f"再报 {made.files[number].name}")
    later = made.place.inbox / f"更正 {made.files[1].name}"
    shutil.copy(made.files[1], later)
    spoil(later, 120)
    return made


def spoil(path: Path, value: object) -> None:
    """Write a value into the resident population of the first village."""
    sheet = next(s for s in read_layout(path) if s.is_indicator and s.level == "村")
    row = next(row for row, element in sheet.row_ids.items() if element == PEOPLE)
    col = min(col for col, code in sheet.columns.items() if code.isdigit())
    book = openpyxl.load_workbook(path)
    book[sheet.name].cell(row + 1, col + 1).value = value
    book.save(path)


class Receiver:
    """Processes that receive workspaces, one at a time, and may be killed."""

    def __init__(self, files_per_group: int) -> None:
        command = [sys.executable, "-m", "tests.unit.collection.receiving", str(files_per_group)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONUTF8": "1"},
        )  # fmt: skip

    def close(self) -> None:
        """End."""
        self._process.communicate()

    def receive(self, place: Workspace, kill_after: float | None = None) -> tuple[int, float]:
        """Receive a workspace, killed after so many seconds; return the exit status and the seconds it took."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{place.home}\n")
        self._process.stdin.flush()
        begins, pid = self._process.stdout.readline().split()
        assert begins == "begins"
        began = time.monotonic()
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        ended, status = self._process.stdout.readline().split()
        assert ended == "ended"
        return int(status), time.monotonic() - began


def left(place: Workspace) -> Left:
    """Look at a workspace."""
    with Warehouse(place.database) as warehouse:
        tables = {name: warehouse.read(name) for name in TABLES}
    return Left(tables, _names(place.inbox), _names(place.forms / MONTH / "收到"), _names(place.forms / MONTH / "回执"))


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")} if folder.exists() else set()


def check(found: Left, expected: Left) -> None:
    """Raise AssertionError unless ledgers, log and receipts agree, and every file is done or still to do."""
    submissions, arrivals, values = (found.tables[name] for name in ("submissions", "arrivals", "ledger_values"))
    assert found.inbox | found.kept >= expected.kept, "a file is gone"
    assert found.inbox.isdisjoint(found.kept)
    assert found.receipts <= expected.receipts
    posted = set(submissions["submission_id"])
    assert set(arrivals["submission_id"]) == posted
    assert arrivals["file_name"].is_unique().all(), "an arrival is logged twice"
    assert set(arrivals["file_name"]) >= found.kept, "a file was moved before it was posted"
    done = arrivals.filter(pl.col("kept_as").is_in(list(found.kept)))
    assert set(done["receipt_file"]) <= found.receipts, "a file was moved without its receipt"
    assert found.receipts <= set(arrivals["receipt_file"]) | set(submissions["returned_file"].drop_nulls())
    whole = Counter(expected.tables["ledger_values"]["submission_id"].to_list())
    there = Counter(values["submission_id"].to_list())
    accepted = set(submissions.filter(pl.col("status") != "退回")["submission_id"])
    assert there == {key: whole[key] for key in accepted if whole[key]}, "a submission is in by halves, or twice"


def endure(
    made: Many, home: Path, expected: Left, kills: int, moments: random.Random, window: float, receiver: Receiver
) -> tuple[int, int]:
    """Kill receiving so often, each time at a random moment, in as many fresh copies of the workspace as that takes.

    Return how many kills hit a running process and how many copies were used. The state is checked after every kill
    and, run to the end, compared with that of the run nobody killed.
    """
    done, copies = 0, 0
    while done < kills:
        copies += 1
        place = Workspace(home / str(copies))
        shutil.copytree(made.place.home, place.home)
        while _names(place.inbox) and done < kills:
            status, _ = receiver.receive(place, moments.uniform(0, window))
            assert status in (0, signal.SIGKILL)
            done += status == signal.SIGKILL
            check(left(place), expected)
        assert receiver.receive(place)[0] == 0
        found = left(place)
        check(found, expected)
        assert found.comparable() == expected.comparable()
        shutil.rmtree(place.home)
    return done, copies


def undisturbed(made: Many, home: Path, receiver: Receiver) -> tuple[Left, float]:
    """Receive a copy of the workspace without a kill; return what is there then, and the seconds it took."""
    shutil.copytree(made.place.home, home)
    place = Workspace(home)
    status, seconds = receiver.receive(place)
    assert status == 0
    assert all(file_hash(file) == file.stem for file in place.archive.rglob("*.xlsx"))
    return left(place), seconds
