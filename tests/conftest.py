"""What all tests share: where the sample county is, and the one-line word on absent real forms."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample"
REAL_FORMS = ROOT.parent / "shared" / "forms"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave tests/corpus alone when the real forms are not beside the checkout."""
    if collection_path.name == "corpus" and not REAL_FORMS.exists():
        return True
    return None


def pytest_report_header() -> str:
    """Say whether the real forms are read."""
    return (
        "real forms: found, tests/corpus runs"
        if REAL_FORMS.exists()
        else "real forms: not here, tests/corpus is left out"
    )


@pytest.fixture(scope="session")
def sample() -> Path:
    """The committed sample county."""
    return SAMPLE
