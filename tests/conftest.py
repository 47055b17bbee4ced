"""What all tests share: where the sample county is, and a line on each thing of this machine that limits them."""

import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# The same cases in every run, so that a red run can be run again; how long one takes says nothing on a busy machine.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "sample"
REAL_FORMS = ROOT.parent / "shared" / "forms"
HAS_OFFICE = bool(shutil.which("soffice"))
TOGETHER = ("tests/integration", "tests/corpus")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out tests/corpus when the real forms are not beside the checkout, and what needs LibreOffice without it."""
    if collection_path.name == "corpus" and not REAL_FORMS.exists():
        return True
    if collection_path.name == "test_resaved_returns.py" and not HAS_OFFICE:
        return True
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was and was not read; in the summary, because the quiet report has no header."""
    found = REAL_FORMS.exists()
    terminalreporter.write_line(
        "real forms: found, tests/corpus ran" if found else "real forms: not here, tests/corpus was left out"
    )
    if not HAS_OFFICE:
        terminalreporter.write_line(
            "LibreOffice: not here, so returned workbooks were not saved again in other formats, and .doc, .wps, .rtf,"
            " .odt and .ods were only tested to answer with OF-111"
            + (" and do not count in the scores of tests/corpus" if found else "")
        )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Keep the tests of a folder that share something slow in one process: the demonstration, the read real forms.

    All other tests go wherever there is room. Marks (xdist_group) cannot say it: xdist 3.8 writes them into a private
    name of the node that pytest 9.2 no longer reads.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFolder(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((folder for folder in TOGETHER if nodeid.startswith(f"{folder}/")), nodeid)

    return ByFolder(config, log)


@pytest.fixture(scope="session")
def sample() -> Path:
    """The committed sample county."""
    return SAMPLE
