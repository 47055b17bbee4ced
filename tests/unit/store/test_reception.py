"""The reception: kills, files that come again, files that are being written, thousands of names alike."""

import random
from pathlib import Path

from tests.unit.collection.crash import Receiver, check, endure, prepared, undisturbed

FILES, KILLS, GROUP = 14, 6, 4
"""The long form, 200 kills of 200 files, is `make crash`."""


def test_a_kill_at_any_moment_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    made = prepared(tmp_path / "made", FILES)
    receiver = Receiver(GROUP)
    expected, seconds = undisturbed(made, tmp_path / "calm", receiver)
    check(expected, expected)
    assert not expected.inbox
    outcomes = expected.tables["arrivals"]["outcome"].value_counts()
    assert dict(outcomes.iter_rows()) == {"接收": 13, "退回": 2, "再次报送": 1}
    assert expected.tables["submissions"]["status"].to_list().count("被取代") == 1
    killed, _ = endure(made, tmp_path / "killed", expected, KILLS, random.Random(2026), seconds, receiver)
    receiver.close()
    assert killed == KILLS
