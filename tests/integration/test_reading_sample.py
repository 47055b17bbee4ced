"""How well the sample's templates are read, measured against what their author knows of every field."""

import csv
from pathlib import Path

import pytest

from pipelines.intake.read import read_folder

MEASURED = {"found": 0.94, "path": 0.98, "invented": 0.08}
"""Least share of the fields to fill that are found in their cell; of those, that have the author's path; most share of
the fields read as fields to fill that the author does not have (blanks of frame lines count as such)."""


@pytest.fixture(scope="module")
def score(sample: Path) -> dict[str, float]:
    with (sample / "truth" / "fields.csv").open(encoding="utf-8", newline="") as file:
        truth = [row for row in csv.DictReader(file) if row["role"] == "fill"]
    files = sorted(path for path in (sample / "templates").rglob("*") if path.is_file())
    read = {}
    for path, tables in zip(files, read_folder(files), strict=True):
        for table in tables:
            sheet = "" if path.suffix == ".csv" else table.sheet
            read |= {(path.name, sheet, field.cell): field for field in table.fields}
    wanted = {(row["file"], row["sheet"], row["cell"]): row["path"] for row in truth}
    found = [place for place in wanted if place in read]
    same = [place for place in found if " › ".join(read[place].path) == wanted[place]]
    to_fill = [place for place, field in read.items() if field.role == "fill"]
    invented = [place for place in to_fill if place not in wanted]
    return {
        "found": len(found) / len(wanted),
        "path": len(same) / len(found),
        "invented": len(invented) / len(to_fill),
    }


def test_fields_are_found_in_their_cells(score: dict[str, float]) -> None:
    assert score["found"] >= MEASURED["found"]


def test_found_fields_have_their_path(score: dict[str, float]) -> None:
    assert score["path"] >= MEASURED["path"]


def test_little_is_invented(score: dict[str, float]) -> None:
    assert score["invented"] <= MEASURED["invented"]
