"""One demonstration run for all integration tests of a worker."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ONEFORM = Path(sys.executable).parent / "oneform"


def oneform(home, *words, check=None):
    """Run the command line on a workspace and return the finished process."""
    environment = os.environ | {"ONEFORM_HOME": str(home), "COLUMNS": "200", "NO_COLOR": "1", "PYTHONUTF8": "1"}
    done = subprocess.run([ONEFORM, *map(str, words)], capture_output=True, text=True, env=environment, cwd=ROOT)
    if check is not None:
        assert done.returncode == check, done.stdout + done.stderr
    return done


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The workspace after `oneform demo`, and what the command printed."""
    home = tmp_path_factory.mktemp("demo") / "data"
    done = oneform(home, "demo", check=0)
    return home, done.stdout
