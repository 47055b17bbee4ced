"""A hundred kinds of damage, as a table: tests/golden/collection/damage.csv. Adding a case needs no Python."""

import csv
import shutil
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.unit.collection import county
from tests.unit.collection.clerk import fill
from tests.unit.collection.county import EAST, WEST, Office
from tests.unit.collection.damages import damage

GOLDEN = Path(__file__).parents[2] / "golden" / "collection" / "damage.csv"
with GOLDEN.open(encoding="utf-8", newline="") as handle:
    CASES = list(csv.DictReader(line for line in handle if not line.startswith("#")))


@pytest.fixture(scope="session")
def filled(settled: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """January's workbooks, filled."""
    folder = tmp_path_factory.mktemp("filled")
    rows = settled.issued.filter(period="2026-01").to_dicts()
    return {
        row["area_code"]: fill(settled.folder / "2026-01" / row["file"], folder / f"{row['area_code']}.xlsx")
        for row in rows
    }


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_damage(case: dict[str, str], settled: Office, filled: dict[str, Path], tmp_path: Path) -> None:
    office = Office(tmp_path, settled.values, settled.submissions, settled.issued)
    path = tmp_path / "交回.xlsx"
    shutil.copy(filled[EAST], path)
    damage(path, filled[WEST], settled.folder / f"{WEST}.xlsx", case)
    if case["damage"] == "other_period":
        office.submissions = office.submissions.clear()
    [receipt] = office.receive("2026-01", path)
    assert receipt.submission is not None
    said = [str(finding) for finding in receipt.findings]
    assert receipt.submission["status"] == case["status"], said
    codes = {finding.code for finding in receipt.findings}
    assert {code for code in case["codes"].split("；") if code} <= codes, said
    if case["status"] == "退回":
        assert receipt.values.is_empty()
        assert office.values.equals(settled.values)
    if case["held"]:
        element = getattr(county, case["element"], case["element"])
        rows = office.values.filter((pl.col("element_id") == element) & (pl.col("submitted_period") == "2026-01"))
        assert case["held"] in rows.select(pl.coalesce("value", "null_reason")).to_series().to_list()
    returned = receipt.submission["returned_file"]
    if returned:
        book = openpyxl.load_workbook(tmp_path / "回执" / returned)
        assert book.sheetnames[0] == "问题清单"
        marked = [finding for finding in receipt.findings if finding.cell and finding.sheet in book.sheetnames]
        for finding in marked:
            place = book[finding.sheet][finding.cell]
            is_covered = any(finding.cell in span for span in book[finding.sheet].merged_cells.ranges)
            assert is_covered or (place.comment is not None and finding.code in place.comment.text)
    assert (
        (tmp_path / "回执" / receipt.submission["receipt_file"])
        .read_text(encoding="utf-8-sig")
        .startswith("一表通回执")
    )
