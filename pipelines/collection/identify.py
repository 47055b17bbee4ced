"""Finds out whose workbook a file is and of which period, whatever was renamed, re-ordered or re-saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines import periods
from pipelines.collection.by_content import owner, wanted_by_plan, without_ids
from pipelines.collection.desk import Desk
from pipelines.collection.layout import FilledSheet, workbook_id
from pipelines.collection.parcel import Issued, Parcel
from pipelines.collection.reading import Reading
from schemas.faults import collection as faults
from schemas.faults import returns


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was read and is ours. issued is empty when the hidden sheet is lost."""

    sheets: tuple[FilledSheet, ...]
    facts: Mapping[str, str]
    issued: tuple[Issued, ...]


def identify(parcel: Parcel, reading: Reading, desk: Desk) -> Opened | None:
    """Return a file's sheets once it is known whose they are, noting faults in `reading`; None when there is nothing
    to check further.

    Hidden ids decide; where they are lost, titles, headings and the names of villages do.
    """
    reading.clerk, reading.minutes = parcel.clerk, parcel.minutes
    if parcel.trouble is not None:
        reading.add(parcel.trouble)
        return None
    found = list(parcel.sheets)
    own = _own(parcel, found)
    if own is None:
        own = owner(parcel.others, desk)
        if own is None:
            reading.find(faults.RETURN_FOREIGN)
            return None
    reading.area_code, reading.period = own
    reading.workbook_id = workbook_id(*own)
    wanted = parcel.issued or wanted_by_plan(desk, own[1])
    missing = [each for each in wanted if not any((s.ledger, s.level) == (each.ledger, each.level) for s in found)]
    if missing and own[1] in desk.open:
        found += without_ids(parcel.others, missing, own, reading, desk)
    if not found:
        reading.find(faults.RETURN_FOREIGN)
        return None
    if not parcel.sheets and not parcel.facts:
        area = desk.area_names.get(own[0], own[0])
        reading.find(returns.READ_BY_CONTENT, area=area, period=periods.in_words(own[1]))
    for fault, name, details in parcel.notes:
        reading.find(fault, name, **details)
    for sheet in found:
        if (sheet.area_code, sheet.period) != own:
            other = f"{desk.area_names.get(sheet.area_code, sheet.area_code)} {periods.in_words(sheet.period)}"
            expected = f"{desk.area_names.get(own[0], own[0])} {periods.in_words(own[1])}"
            reading.find(faults.RETURN_MIXED, sheet.name, found=other, expected=expected)
    return _current(parcel, found, own, reading, desk)


def _current(
    parcel: Parcel, found: list[FilledSheet], own: tuple[str, str], reading: Reading, desk: Desk
) -> Opened | None:
    """Return the file's sheets unless it belongs to another period, was never issued, or is of an older version."""
    known = desk.issued.get(reading.workbook_id)
    if own[1] not in desk.open:
        expected = periods.in_words(desk.expected(own[1]))
        reading.find(faults.RETURN_PERIOD, found=periods.in_words(own[1]), expected=expected)
        return None
    if known is None:
        reading.find(faults.RETURN_UNKNOWN, workbook=reading.workbook_id)
        return None
    version = parcel.facts.get("version")
    if version and known["version"] and version != known["version"]:
        reading.find(faults.RETURN_STALE)
        return None
    return Opened(tuple(s for s in found if (s.area_code, s.period) == own), parcel.facts, parcel.issued)


def _own(parcel: Parcel, found: list[FilledSheet]) -> tuple[str, str] | None:
    if parcel.facts:
        return parcel.facts["area_code"], parcel.facts["period"]
    owners = Counter((sheet.area_code, sheet.period) for sheet in found)
    return owners.most_common(1)[0][0] if owners else None
