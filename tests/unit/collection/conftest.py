"""An office of the made-up county with one accepted period behind it, made once."""

from pathlib import Path

import pytest

from tests.unit.collection.clerk import fill
from tests.unit.collection.county import EAST, WEST, Office


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """December issued, filled and accepted for both townships; January issued."""
    office = Office(tmp_path_factory.mktemp("office"))
    issued = office.issue("2025-12")
    filled = [fill(issued[code], office.folder / f"{code}.xlsx") for code in (EAST, WEST)]
    receipts = office.receive("2025-12", *filled)
    assert [receipt.submission["status"] for receipt in receipts if receipt.submission] == ["接收", "接收"], [
        str(finding) for receipt in receipts for finding in receipt.findings
    ]
    office.issue("2026-01")
    return office


@pytest.fixture
def office(settled: Office, tmp_path: Path) -> Office:
    """A copy of that office which a test may change."""
    return Office(tmp_path, settled.values, settled.submissions, settled.issued)


@pytest.fixture
def january(settled: Office) -> dict[str, Path]:
    """January's issued workbooks by township."""
    folder = settled.folder / "2026-01"
    return {row["area_code"]: folder / row["file"] for row in settled.issued.filter(period="2026-01").to_dicts()}
