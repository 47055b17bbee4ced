"""Receives returned workbooks: identified, read, checked; each accepted whole or returned whole, with a receipt."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.collection.desk import Desk
from pipelines.collection.hard_checks import check_indicators, check_references, check_structure, check_subjects
from pipelines.collection.identify import open_return
from pipelines.collection.reading import POSTED, Reading
from pipelines.collection.receipt import write_receipt
from pipelines.collection.returned_copy import write_returned_copy
from pipelines.collection.soft_checks import check_changes, check_members, check_outliers, check_unanswered
from pipelines.garbage import uncollected
from pipelines.side_by_side import LEAST, Aside
from schemas.faults import Finding
from schemas.faults import collection as faults
from schemas.ledgers import LedgerValues, Submissions

Progress = Callable[[int, int, str], None]
AHEAD = 2
"""Files that are checked while the returned copy of an earlier one is still being written."""
ACCEPTED, RETURNED, SUPERSEDED = "接收", "退回", "被取代"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file to receive: its copy in the archive, its name as it came, and the SHA-256 of its content."""

    path: Path
    file_name: str
    submission_id: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a file. submission: a row of Submissions (None when the same content was received before);

    values: LedgerValues to post, empty unless accepted; superseded: ids of earlier submissions that this one replaces.
    """

    submission: dict[str, Any] | None
    values: pl.DataFrame
    findings: tuple[Finding, ...]
    superseded: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether the values go into the ledgers."""
        return self.submission is not None and self.submission["status"] == ACCEPTED


def receive_all(
    arrived: Sequence[Arrived],
    desk: Desk,
    folder: Path,
    received_at: str,
    progress: Progress = lambda done, total, what: None,
) -> Iterator[Receipt]:
    """Yield the receipt of each file; post one before asking for the next, and a kill loses nothing: what
    is not posted yet is received again.

    folder: where receipts and returned copies go. received_at: ISO time that the values carry.
    """
    with Aside(is_used=len(arrived) >= LEAST) as aside:
        waiting: deque[Callable[[], Receipt]] = deque()
        for number, file in enumerate(arrived):
            progress(number, len(arrived), file.file_name)
            waiting.append(_receive(file, desk, folder, received_at, aside))
            if len(waiting) > AHEAD:
                yield waiting.popleft()()
        while waiting:
            yield waiting.popleft()()
    progress(len(arrived), len(arrived), "")


@uncollected()
def _receive(file: Arrived, desk: Desk, folder: Path, received_at: str, aside: Aside) -> Callable[[], Receipt]:
    """Check one file; return what gives its receipt when its files are written. Never raises for what a clerk did.

    The desk then holds what was accepted.
    """
    before = desk.received.get(file.submission_id)
    if before is not None:
        when = str(before["received_at"]).replace("T", " ")
        found = faults.RETURN_DUPLICATE.at(file=file.file_name, when=when, status=before["status"])
        return partial(Receipt, None, LedgerValues.empty(), (found,))
    reading = Reading(file.file_name, file.submission_id, received_at, desk.month)
    _check(file.path, reading, desk)
    is_returned = reading.has_errors
    values = LedgerValues.empty() if is_returned else _frame(reading)
    superseded = () if is_returned else _earlier(reading, desk)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{Path(file.file_name).stem} {file.submission_id[:8]}"
    submission = {
        "submission_id": file.submission_id,
        "file_name": file.file_name,
        "workbook_id": reading.workbook_id or None,
        "area_code": reading.area_code or None,
        "period": reading.period or None,
        "status": RETURNED if is_returned else ACCEPTED,
        "received_at": received_at,
        "typed_count": reading.tally.typed,
        "changed_count": reading.tally.changed,
        "confirmed_count": reading.tally.confirmed,
        "error_count": sum(finding.severity == "error" for finding in reading.findings),
        "warning_count": sum(finding.severity == "warning" for finding in reading.findings),
        "receipt_file": f"{name} 回执.txt",
        "returned_file": None,
    }
    desk.received[file.submission_id] = submission
    if not is_returned:
        desk.hold(values)
        for earlier in superseded:
            desk.received[earlier] = {**desk.received[earlier], "status": SUPERSEDED}
    target = folder / f"{name} 退回.xlsx"
    copy = (
        aside.hand(write_returned_copy, file.path, file.file_name, tuple(reading.findings), target)
        if is_returned
        else None
    )

    def finish() -> Receipt:
        written = copy() if copy else None
        submission["returned_file"] = written.name if written else None
        receipt = write_receipt(folder / f"{name} 回执.txt", submission, reading, desk)
        files = (written, receipt) if written else (receipt,)
        return Receipt(submission, values, tuple(reading.findings), superseded, files)

    return finish


def settle(submissions: pl.DataFrame, receipts: Sequence[Receipt]) -> pl.DataFrame:
    """Return Submissions with those of the receipts added, and replaced ones marked 被取代."""
    added = Submissions.frame([receipt.submission for receipt in receipts if receipt.submission])
    replaced = [submission_id for receipt in receipts for submission_id in receipt.superseded]
    status = pl.when(pl.col("submission_id").is_in(replaced)).then(pl.lit(SUPERSEDED)).otherwise(pl.col("status"))
    return pl.concat([submissions, added]).with_columns(status.alias("status"))


def _check(path: Path, reading: Reading, desk: Desk) -> None:
    opened = open_return(path, reading, desk)
    if opened is None:
        return
    check_structure(opened, reading, desk)
    for sheet in opened.sheets:
        if not sheet.is_indicator:
            check_subjects(sheet, reading, desk)
    check_references(reading, desk)
    for sheet in opened.sheets:
        if sheet.is_indicator:
            said = check_indicators(sheet, reading, desk)
            check_changes(sheet, said, reading, desk)
            check_outliers(sheet, said, reading, desk)
            check_unanswered(sheet, said, reading, desk)
    check_members(reading, desk)


def _earlier(reading: Reading, desk: Desk) -> tuple[str, ...]:
    """Return the accepted submissions of the same workbook, which this one replaces."""
    found = tuple(
        submission_id
        for submission_id, row in desk.received.items()
        if row["workbook_id"] == reading.workbook_id and row["status"] == ACCEPTED
    )
    if found:
        reading.find(faults.RETURN_SUPERSEDED)
    return found


def _frame(reading: Reading) -> pl.DataFrame:
    if not reading.values:
        return LedgerValues.empty()
    columns = dict(zip(POSTED, zip(*reading.values, strict=True), strict=True))
    same = {
        "submission_id": reading.submission_id,
        "submitted_period": reading.month,
        "recorded_at": reading.recorded_at,
    }
    found = pl.DataFrame([pl.Series(name, column, pl.String, strict=False) for name, column in columns.items()])
    return found.with_columns(pl.lit(text).alias(name) for name, text in same.items()).select(
        list(LedgerValues.schema_types())
    )
