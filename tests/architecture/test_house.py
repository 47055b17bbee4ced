"""What keeps the house in order beyond the direction of imports (`make check`)."""

import re
import subprocess

import pytest

from schemas.faults import every_fault
from tests.conftest import ROOT

TOP_LEVEL = {
    *("pipelines", "schemas", "assets", "data", "notebooks", "tests"),
    *("README.md", "CHANGELOG.md", "Makefile", "pyproject.toml", "dagster.yaml", "requirements.lock"),
    *(".ci", ".gitignore"),
}


def tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def test_only_known_names_at_the_top():
    assert {name.split("/")[0].strip('"') for name in tracked()} <= TOP_LEVEL


def test_fault_codes_are_unique_and_say_what_to_do():
    faults = every_fault()
    assert len(faults) > 100
    for code, fault in faults.items():
        assert re.fullmatch(r"OF-\d{3}", code)
        assert fault.title, code
        assert re.search("[一-鿿]", fault.message), code


@pytest.mark.parametrize("folder", ["schemas/decisions"])
def test_decisions_are_numbered_once(folder):
    numbers = [path.name[:4] for path in sorted((ROOT / folder).glob("*.md"))]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def test_the_lock_has_hashes_and_names_no_host():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert not re.search(r"https?://|--index-url|--find-links", lock)


def test_helping_names_are_refused():
    bad = [name for name in tracked() if re.search(r"(^|/)(utils?|helpers?|common|misc)\.py$", name)]
    assert bad == []
