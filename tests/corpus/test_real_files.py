"""Every real form is opened: at least one table, or a finding that says why not. Collected only beside the forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.intake.read import read_folder
from schemas.templates import TableReading

RAW = Path(__file__).resolve().parents[3] / "shared" / "forms" / "raw"


@pytest.fixture(scope="module")
def readings() -> dict[Path, list[TableReading]]:
    paths = sorted(path for path in RAW.rglob("*") if path.is_file() and path.suffix != ".tsv")
    return dict(zip(paths, read_folder(paths), strict=True))


def test_every_file_gives_a_table_or_says_why_not(readings: dict[Path, list[TableReading]]) -> None:
    assert len(readings) == 220
    mute = [
        path.name for path, tables in readings.items() if not any(table.fields or table.findings for table in tables)
    ]
    assert mute == []


def test_no_file_is_refused(readings: dict[Path, list[TableReading]]) -> None:
    refused = {
        path.name: finding.code
        for path, tables in readings.items()
        for table in tables
        for finding in table.findings
        if finding.severity == "error"
    }
    assert refused == {}
