"""Receives returned workbooks: identified, checked; each accepted whole or returned whole. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.collection.desk import Desk
from pipelines.collection.identify import identify
from pipelines.collection.parcel import Arrived, Parcel, read_parcel
from pipelines.collection.questions import apart, check_answers
from pipelines.collection.reading import POSTED, Reading
from pipelines.collection.receiving.balance_checks import check_balances
from pipelines.collection.receiving.hard_checks import check_references, check_subjects
from pipelines.collection.receiving.indicator_checks import check_indicators
from pipelines.collection.receiving.soft_checks import check_changes, check_members, check_outliers, check_unanswered
from pipelines.collection.receiving.structure_checks import check_structure
from pipelines.garbage import uncollected
from schemas.faults import Finding, returns
from schemas.faults import collection as faults
from schemas.ledgers import LedgerValues, Submissions
from schemas.returns import AGAIN

ACCEPTED, RETURNED, SUPERSEDED = "接收", "退回", "被取代"
UNOPENED = frozenset(
    fault.code for fault in (faults.RETURN_UNREADABLE, faults.RETURN_LOCKED, returns.PACKAGE_TOO_LARGE)
)
"""Files of which there is no copy to mark: nobody could open them."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a file. submission: a row of Submissions (None when the same content was received before);

    values: LedgerValues to post, empty unless accepted; superseded: rows of earlier submissions that it replaces;
    minutes: what the filling took, where the clerk says so.
    """

    arrived: Arrived
    submission: dict[str, Any] | None
    values: pl.DataFrame
    findings: tuple[Finding, ...]
    superseded: tuple[dict[str, Any], ...] = ()
    minutes: float | None = None

    @property
    def outcome(self) -> str:
        """接收, 退回 or 再次报送."""
        return AGAIN if self.submission is None else str(self.submission["status"])

    @property
    def is_accepted(self) -> bool:
        """Whether the values go into the ledgers."""
        return self.outcome == ACCEPTED


def receive_all(arrived: Iterable[Arrived], desk: Desk, received_at: str) -> Iterator[Receipt]:
    """Yield the receipt of each file. received_at: ISO time that the values carry."""
    for file in arrived:
        yield receive(file, desk, received_at)


@uncollected()
def receive(file: Arrived, desk: Desk, received_at: str) -> Receipt:
    """Check one file. Never raises for what a clerk did. The desk then holds what was accepted."""
    before = desk.received.get(file.submission_id)
    if before is not None:
        when = str(before["received_at"]).replace("T", " ")
        found = faults.RETURN_DUPLICATE.at(file=file.file_name, when=when, status=before["status"])
        return Receipt(file, None, LedgerValues.empty(), (found,))
    reading = Reading(file.file_name, file.submission_id, received_at)
    _check(file.parcel or read_parcel(file.path), reading, desk)
    late_days = _late_days(reading, desk)
    is_returned = reading.has_errors
    values = LedgerValues.empty() if is_returned else _frame(reading)
    superseded = () if is_returned else _superseded(reading, desk)
    name = f"{Path(file.file_name).stem} {file.submission_id[:8]}"
    has_copy = is_returned and not any(finding.code in UNOPENED for finding in reading.findings)
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
        "returned_file": f"{name} 退回.xlsx" if has_copy else None,
        "clerk_name": reading.clerk or None,
        "late_days": late_days,
        "superseded_by": None,
    }
    desk.received[file.submission_id] = submission
    if not is_returned:
        desk.hold_rows(reading.values)
        desk.standing[reading.workbook_id] = file.submission_id
        for earlier in superseded:
            desk.received[earlier["submission_id"]] = earlier
    return Receipt(file, submission, values, tuple(reading.findings), superseded, reading.minutes)


def settle(submissions: pl.DataFrame, receipts: Iterable[Receipt]) -> pl.DataFrame:
    """Return Submissions with those of the receipts added, and replaced ones marked 被取代."""
    rows = {row["submission_id"]: row for row in submissions.iter_rows(named=True)}
    for receipt in receipts:
        for row in (*receipt.superseded, *((receipt.submission,) if receipt.submission else ())):
            rows[row["submission_id"]] = row
    return Submissions.frame(list(rows.values()))


def _check(parcel: Parcel, reading: Reading, desk: Desk) -> None:
    opened = identify(parcel, reading, desk)
    if opened is None:
        return
    opened, asked = apart(opened)
    check_structure(opened, reading, desk)
    for sheet in opened.sheets:
        if not sheet.is_indicator:
            check_subjects(sheet, reading, desk)
    check_references(reading, desk)
    read = [(sheet, check_indicators(sheet, reading, desk)) for sheet in opened.sheets if sheet.is_indicator]
    check_balances(read, reading, desk)
    for sheet, said in read:
        check_changes(sheet, said, reading, desk)
        check_outliers(sheet, said, reading, desk)
        check_unanswered(sheet, said, reading, desk)
    check_members(reading, desk)
    for sheet in asked:
        check_answers(sheet, reading, desk)


def _late_days(reading: Reading, desk: Desk) -> int | None:
    """Return by how many days the file came late, noting it; None when in time or of no known period."""
    due = desk.open.get(reading.period)
    if not due:
        return None
    days = (date.fromisoformat(reading.recorded_at[:10]) - date.fromisoformat(due)).days
    if days <= 0:
        return None
    reading.find(returns.RETURN_LATE, due=due, days=days)
    return days


def _superseded(reading: Reading, desk: Desk) -> tuple[dict[str, Any], ...]:
    """Return the row of the accepted submission of the same workbook, which this one replaces."""
    earlier = desk.received.get(desk.standing.get(reading.workbook_id, ""))
    if earlier is None:
        return ()
    when = str(earlier["received_at"]).replace("T", " ")
    reading.find(returns.RETURN_REPLACES, earlier=earlier["file_name"], when=when)
    return ({**earlier, "status": SUPERSEDED, "superseded_by": reading.submission_id},)


def _frame(reading: Reading) -> pl.DataFrame:
    """Return what a file says as LedgerValues. Made column by column: an expression costs more than the values."""
    if not reading.values:
        return LedgerValues.empty()
    columns: dict[str, Sequence[str | None]] = dict(zip(POSTED, zip(*reading.values, strict=True), strict=True))
    count = len(reading.values)
    columns["submission_id"] = [reading.submission_id] * count
    columns["submitted_period"] = [reading.period] * count
    columns["recorded_at"] = [reading.recorded_at] * count
    return pl.DataFrame([pl.Series(name, columns[name], pl.String) for name in LedgerValues.schema_types()])
