"""A returned workbook on its way through the checks: what was read, what was found, what would be posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from pipelines.text import address, column_letters
from schemas.faults import Fault, Finding

POSTED = ("ledger", "subject_key", "area_code", "period", "element_id", "value", "null_reason", "sheet", "cell")
"""Columns of LedgerValues that differ from value to value of a submission."""
Said = dict[str, dict[str, tuple[str, int, int]]]
"""What an indicator sheet says: area → element → (text, row, column)."""
_letters = lru_cache(maxsize=20_000)(column_letters)


@dataclass(slots=True)
class Tally:
    """Cells by what the clerk did: typed anew, changed, or left as prefilled."""

    typed: int = 0
    changed: int = 0
    confirmed: int = 0


@dataclass(slots=True)
class RowRead:
    """A row of a subject sheet. texts: what it says by element id; places: the cell of each."""

    sheet: str
    row: int
    ledger: str
    area_code: str
    key: str
    subject_key: str
    texts: dict[str, str]
    cols: Mapping[str, int]


@dataclass(slots=True)
class Reading:
    """What has been found so far in one file."""

    file_name: str
    submission_id: str
    recorded_at: str
    workbook_id: str = ""
    area_code: str = ""
    period: str = ""
    clerk: str = ""
    minutes: float | None = None
    findings: list[Finding] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    values: list[tuple[Any, ...]] = field(default_factory=list)
    """POSTED of each value."""
    rows: list[RowRead] = field(default_factory=list)

    def find(
        self, fault: Fault, sheet: str = "", row: int | None = None, col: int | None = None, **details: object
    ) -> None:
        """Note a finding at a cell counted from 0."""
        cell = "" if row is None or col is None else address(row, col)
        place: Mapping[str, str] = {"file": self.file_name, "sheet": sheet, "cell": cell}
        self.findings.append(fault.at(**place, **details))  # type: ignore[arg-type]

    def add(self, finding: Finding) -> None:
        """Note a finding that was made before the file had its name."""
        self.findings.append(replace(finding, file=self.file_name))

    def post(
        self,
        ledger: str,
        subject_key: str,
        area_code: str,
        period: str,
        element_id: str,
        value: str | None,
        null_reason: str | None,
        sheet: str,
        row: int,
        col: int,
    ) -> None:
        """Note a value to be posted if the file is accepted."""
        self.values.append(
            (
                ledger,
                subject_key,
                area_code,
                period,
                element_id,
                value,
                null_reason,
                sheet,
                f"{_letters(col)}{row + 1}",
            )
        )

    @property
    def has_errors(self) -> bool:
        """Whether the file must be returned."""
        return any(finding.severity == "error" for finding in self.findings)
