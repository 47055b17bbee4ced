"""Pieces of work in two processes: in order, with their errors, and also where no process can be started."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.side_by_side import Aside, side_by_side

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
        "from pipelines.side_by_side import Aside, side_by_side\n"
        "with Aside() as aside:\n"
        "    later = aside.hand(len, 'abc')\n"
        "    print(later(), list(side_by_side(len, ['a', 'bb', ''])))\n"
    )
    done = subprocess.run([sys.executable, script], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True)
    assert done.stdout.decode().splitlines()[-1] == "3 [1, 2, 0]"


@pytest.mark.parametrize("is_used", [True, False])
def test_work_handed_aside_gives_its_result_or_its_error(is_used: bool) -> None:
    with Aside(is_used=is_used) as aside:
        first, wrong, last = (aside.hand(int, text) for text in ("1", "x", "3"))
        assert (first(), last()) == (1, 3)
        with pytest.raises(ValueError, match="x"):
            wrong()
