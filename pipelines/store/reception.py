"""The reception: takes waiting files in, posts them, hands out receipts. A kill at any moment loses nothing.

A file goes through five doors: (1) archived by content hash and read, in other processes, ahead of the rest; (2)
checked; (3) posted: its submission, findings, arrival and values in one transaction, with those of the files beside it
(a group commits as one, so each is in whole or not at all); (4) receipt and returned copy written, from what was
posted; (5) moved out of the inbox. A file that lies in the inbox although its arrival is posted was killed between
(3) and (5): the next run makes (4) and (5) good and posts nothing.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.collection.desk import Desk
from pipelines.collection.parcel import Arrived
from pipelines.collection.receiving.deliver import deliver
from pipelines.collection.receiving.open_returns import as_findings
from pipelines.collection.receiving.receive import Receipt, receive
from pipelines.side_by_side import LEAST, Aside
from pipelines.store.fetch import fetch
from schemas.burden import FillTimes
from schemas.faults import Finding
from schemas.ledgers import LedgerValues, Submissions
from schemas.returns import AGAIN, Arrivals, SubmissionFindings

AHEAD = 12
"""Files that are read while earlier ones are checked; memory does not grow with the number of files."""
GROUP_FILES, GROUP_VALUES, GROUP_SECONDS = 100, 100_000, 5.0
"""A group is posted when it has so many files or values, or is so old: a transaction of its own costs 40 ms a file."""
FEW = 12
"""Fewer files than this are read here: two processes take a second to start."""
RECEIPTS, KEPT = "回执", "收到"

Progress = Callable[[int, int, str], None]
Write = Callable[..., None]
Lookup = Callable[[str, str, str], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that went through: what became of it, and the files for the clerk. receipt: None when a run before had
    posted it already.
    """

    receipt: Receipt | None
    findings: tuple[Finding, ...]
    files: tuple[Path, ...] = ()


@dataclass(slots=True)
class Reception:
    """What the reception works with. forms: the folder of periods; write, lookup: of the Warehouse; arrivals: Arrivals
    so far; own_rules: the county's.
    """

    archive: Path
    forms: Path
    desk: Desk
    write: Write
    lookup: Lookup
    now: str
    arrivals: pl.DataFrame
    own_rules: Path | None = None
    progress: Progress = lambda done, total, what: None
    _log: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    _names: set[Path] = field(default_factory=set)
    _mine: set[str] = field(default_factory=set)
    """Arrivals of this run, whose files are still to be moved."""

    def take_in(self, files: Sequence[Path]) -> Iterator[Taken]:
        """Take in files of the inbox, in this order, and yield what became of each once all of it is done."""
        for row in self.arrivals.iter_rows(named=True):
            self._log.setdefault(row["submission_id"], []).append(row)
        with Aside(is_used=len(files) >= LEAST, processes=2 if len(files) >= FEW else 1) as aside:
            waiting: deque[Callable[[], Taken]] = deque()
            group: list[tuple[Path, Receipt, dict[str, Any]]] = []
            began, held = time.monotonic(), 0
            for number, (file, arrived) in enumerate(self._fetched(files, aside)):
                self.progress(number, len(files), file.name)
                if isinstance(arrived, Finding):
                    waiting.append(partial(Taken, None, (arrived,)))
                    continue
                unfinished = self._unfinished(arrived)
                if unfinished:
                    waiting.append(self._finish(file, arrived, unfinished, aside))
                    continue
                receipt = receive(arrived, self.desk, self.now)
                group.append((file, receipt, self._arrival(receipt)))
                held += receipt.values.height
                is_old = time.monotonic() - began > GROUP_SECONDS
                if len(group) >= GROUP_FILES or held >= GROUP_VALUES or is_old:
                    waiting += self._post(group, aside)
                    group, began, held = [], time.monotonic(), 0
                    while len(waiting) > GROUP_FILES:
                        yield waiting.popleft()()
            if group:
                waiting += self._post(group, aside)
            while waiting:
                yield waiting.popleft()()
        self.progress(len(files), len(files), "")

    def _fetched(self, files: Sequence[Path], aside: Aside) -> Iterator[tuple[Path, Arrived | Finding]]:
        """Yield each file with what it holds, reading ahead in other processes when there are enough to be worth it."""
        is_aside = len(files) >= FEW
        ahead: deque[tuple[Path, Callable[[], Arrived | Finding]]] = deque()
        for file in files:
            given = (file, self.archive, self.own_rules)
            ahead.append((file, aside.hand(fetch, *given) if is_aside else partial(fetch, *given)))
            if len(ahead) > AHEAD:
                first, wait = ahead.popleft()
                yield first, wait()
        while ahead:
            first, wait = ahead.popleft()
            yield first, wait()

    def _post(self, group: list[tuple[Path, Receipt, dict[str, Any]]], aside: Aside) -> list[Callable[[], Taken]]:
        """Post a group in one transaction; return what hands out the receipt of each and moves it."""
        receipts = [receipt for _, receipt, _ in group]
        new = {r.submission["submission_id"]: r.submission for r in receipts if r.submission}
        amended = {row["submission_id"]: row for receipt in receipts for row in receipt.superseded}
        new |= {submission_id: row for submission_id, row in amended.items() if submission_id in new}
        before = {submission_id: row for submission_id, row in amended.items() if submission_id not in new}
        values = [receipt.values for receipt in receipts if not receipt.values.is_empty()]
        self.write(
            {},
            {
                "submissions": Submissions.frame(list(new.values())),
                "submission_findings": _findings_frame(receipts),
                "arrivals": Arrivals.frame([arrival for _, _, arrival in group]),
                "ledger_values": pl.concat(values) if values else LedgerValues.empty(),
                "fill_times": FillTimes.frame([_fill_time(receipt) for receipt in receipts if _is_timed(receipt)]),
            },
            {"submissions": Submissions.frame(list(before.values()))} if before else {},
        )
        for submission_id, row in before.items():
            self._again(submission_id, row)
        return [self._hand_out(file, receipt, arrival, aside) for file, receipt, arrival in group]

    def _hand_out(self, file: Path, receipt: Receipt, arrival: Mapping[str, Any], aside: Aside) -> Callable[[], Taken]:
        submission = self.desk.received[receipt.arrived.submission_id]
        files = self._deliver(submission, receipt.findings, receipt.arrived.path, arrival, aside)

        def finish() -> Taken:
            written = files()
            self._move(file, arrival)
            return Taken(receipt, receipt.findings, written)

        return finish

    def _finish(self, file: Path, arrived: Arrived, arrival: Mapping[str, Any], aside: Aside) -> Callable[[], Taken]:
        """Return what makes good the receipt and the move that a kill prevented."""
        self._mine.add(arrival["arrival_id"])
        submission = self.desk.received[arrived.submission_id]
        findings = self._known(arrived.submission_id)
        files = self._deliver(submission, findings, arrived.path, arrival, aside)

        def finish() -> Taken:
            written = files()
            self._move(file, arrival)
            return Taken(None, findings, written)

        return finish

    def _deliver(
        self,
        submission: Mapping[str, Any],
        findings: Sequence[Finding],
        path: Path,
        arrival: Mapping[str, Any],
        aside: Aside,
    ) -> Callable[[], tuple[Path, ...]]:
        folder = self.forms / arrival["period"] / RECEIPTS
        unit = self.desk.area_names.get(submission["area_code"] or "", "")
        again = arrival["receipt_file"] if arrival["outcome"] == AGAIN else ""
        given = (dict(submission), tuple(findings), path, folder, unit, again)
        return aside.hand(deliver, *given)

    def _again(self, submission_id: str, row: Mapping[str, Any]) -> None:
        """Write the receipt of an earlier submission anew: it now says what replaced it."""
        first = next(iter(self._log.get(submission_id, ())), None)
        if first is not None:
            folder = self.forms / first["period"] / RECEIPTS
            unit = self.desk.area_names.get(row["area_code"] or "", "")
            deliver({**row, "returned_file": None}, self._known(submission_id), Path(), folder, unit)

    def _known(self, submission_id: str) -> tuple[Finding, ...]:
        return tuple(as_findings(self.lookup("submission_findings", "submission_id", submission_id)))

    def _unfinished(self, arrived: Arrived) -> Mapping[str, Any] | None:
        """Return the posted arrival of a file that was never moved out of the inbox."""
        return next(
            (
                row
                for row in self._log.get(arrived.submission_id, ())
                if row["file_name"] == arrived.file_name
                and row["arrival_id"] not in self._mine
                and not self._place(row).exists()
            ),
            None,
        )

    def _arrival(self, receipt: Receipt) -> dict[str, Any]:
        arrived = receipt.arrived
        earlier = self._log.setdefault(arrived.submission_id, [])
        submission = self.desk.received[arrived.submission_id]
        receipt_file = submission["receipt_file"]
        if receipt.outcome == AGAIN:
            receipt_file = f"{Path(receipt_file).stem}（再次报送{len(earlier)}）.txt"
        row = {
            "arrival_id": f"{arrived.submission_id[:16]}-{len(earlier) + 1}",
            "submission_id": arrived.submission_id,
            "file_name": arrived.file_name,
            "arrived_at": self.now,
            "period": submission["period"] if submission["period"] in self.desk.open else self.desk.month,
            "outcome": receipt.outcome,
            "kept_as": arrived.file_name,
            "receipt_file": receipt_file,
        }
        stem, suffix = Path(arrived.file_name).stem, Path(arrived.file_name).suffix
        for number in range(1, 1000):
            place = self._place(row)
            if place not in self._names and not place.exists():
                break
            tail = f" {number}" if number > 1 else ""
            row["kept_as"] = f"{stem} {arrived.submission_id[:8]}{tail}{suffix}"
        self._names.add(self._place(row))
        self._mine.add(str(row["arrival_id"]))
        earlier.append(row)
        return row

    def _place(self, arrival: Mapping[str, Any]) -> Path:
        return self.forms / str(arrival["period"]) / KEPT / str(arrival["kept_as"])

    def _move(self, file: Path, arrival: Mapping[str, Any]) -> None:
        place = self._place(arrival)
        place.parent.mkdir(parents=True, exist_ok=True)
        file.replace(place)


def _is_timed(receipt: Receipt) -> bool:
    """True for an accepted file whose clerk says how long it took; one that is returned is filled on."""
    return receipt.is_accepted and receipt.minutes is not None


def _fill_time(receipt: Receipt) -> dict[str, Any]:
    submission = receipt.submission or {}
    return {
        "target": "工作簿",
        "target_id": submission["period"],
        "minutes": receipt.minutes,
        "method": "填报人自报",
        "observed_at": str(submission["received_at"])[:10],
        "source": submission["submission_id"],
    }


def _findings_frame(receipts: Sequence[Receipt]) -> pl.DataFrame:
    names = [name for name in SubmissionFindings.schema_types() if name != "submission_id"]
    return SubmissionFindings.frame(
        [
            {"submission_id": receipt.arrived.submission_id} | {name: getattr(finding, name) for name in names}
            for receipt in receipts
            if receipt.submission
            for finding in receipt.findings
        ]
    )
