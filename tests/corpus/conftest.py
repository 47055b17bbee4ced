"""The real forms, read once for all tests of the folder (they run in one process)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.intake.read import read_folder
from schemas.templates import TableReading

collect_ignore = [] if shutil.which("soffice") else ["test_resaved_returns.py"]

FORMS = Path(__file__).resolve().parents[3] / "shared" / "forms"


@pytest.fixture(scope="session")
def readings() -> dict[Path, list[TableReading]]:
    """Readings by path below the folder of raw files."""
    raw = FORMS / "raw"
    paths = sorted(path for path in raw.rglob("*") if path.is_file() and path.suffix != ".tsv")
    return {path.relative_to(raw): tables for path, tables in zip(paths, read_folder(paths), strict=True)}
