"""Every real form is opened: at least one table, or a finding that says why not. Collected only beside the forms."""

from __future__ import annotations

from pathlib import Path

from pipelines.intake.sources.converted import office
from schemas.faults.intake import NO_OFFICE
from schemas.templates import TableReading


def test_every_file_gives_a_table_or_says_why_not(readings: dict[Path, list[TableReading]]) -> None:
    assert len(readings) == 220
    mute = [
        path.name for path, tables in readings.items() if not any(table.fields or table.findings for table in tables)
    ]
    assert mute == []


def test_no_file_is_refused(readings: dict[Path, list[TableReading]]) -> None:
    """Where LibreOffice is not installed, what needs it is refused with the finding that says so, and nothing else."""
    refused = {
        path.name: finding.code
        for path, tables in readings.items()
        for table in tables
        for finding in table.findings
        if finding.severity == "error"
    }
    if office() is None:
        assert {code for name, code in refused.items() if name.endswith(".doc")} == {NO_OFFICE.code}
        refused = {name: code for name, code in refused.items() if code != NO_OFFICE.code}
    assert refused == {}
