"""Receiving killed (SIGKILL) at 200 random moments of 200 files. After every kill: ledgers, log and receipts agree, and
every file is posted with its receipt or still to do; at the end all is as if nobody had killed anything.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.unit.collection.crash import Receiver, check, endure, prepared, undisturbed

FILES = int(os.environ.get("CRASH_FILES", "200"))
KILLS = int(os.environ.get("CRASH_KILLS", "200"))
GROUP = 25


def run() -> dict[str, float | int]:
    """Return how many kills hit; raises AssertionError when one did harm."""
    with TemporaryDirectory() as name:
        made = prepared(Path(name) / "made", FILES)
        receiver = Receiver(GROUP)
        expected, seconds = undisturbed(made, Path(name) / "calm", receiver)
        check(expected, expected)
        seed = random.SystemRandom().randrange(10**6)
        killed, copies = endure(made, Path(name) / "killed", expected, KILLS, random.Random(seed), seconds, receiver)
        receiver.close()
    return {
        "files": len(expected.kept),
        "kills that hit receiving": killed,
        "workspaces used": copies,
        "seed": seed,
        "files lost, posted twice or by halves": 0,
    }


if __name__ == "__main__":
    for figure, value in run().items():
        print(f"{figure}: {value}")
