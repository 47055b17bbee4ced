"""The sample's own program is no package of the project: its folders are put on the path for its tests."""

import csv
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"
MAKE = SAMPLE / "make"
sys.path[:0] = [str(MAKE), str(MAKE / "clerks")]


@pytest.fixture(scope="session")
def truth() -> list[dict[str, str]]:
    """The rows of truth/fields.csv."""
    with (SAMPLE / "truth" / "fields.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
