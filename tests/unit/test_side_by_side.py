"""Pieces of work in two processes: in order, with their errors, and also where no process can be started."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.side_by_side import side_by_side

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("pieces", [[], ["a"], ["ccc", "a", "bb", "dddd"]])
def test_results_come_in_the_order_of_the_pieces(pieces: list[str]) -> None:
    assert list(side_by_side(len, pieces)) == [len(piece) for piece in pieces]


@pytest.mark.parametrize("pieces", [["x"], ["1", "2", "x", "4"]])
def test_what_the_work_raises_is_raised(pieces: list[str]) -> None:
    with pytest.raises(ValueError, match="x"):
        list(side_by_side(int, pieces))


def test_a_script_that_cannot_start_processes_does_the_work_itself(tmp_path: Path) -> None:
    script = tmp_path / "plain.py"
    script.write_text(
        "from pipelines.side_by_side import side_by_side\nprint(list(side_by_side(len, ['a', 'bb', ''])))"
    )
    done = subprocess.run([sys.executable, script], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True)
    assert done.stdout.decode().splitlines()[-1] == "[1, 2, 0]"
