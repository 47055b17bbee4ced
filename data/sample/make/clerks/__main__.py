"""The township clerks of the sample county: fill what was issued for a period and drop it into the inbox.

`python data/sample/make/clerks --forms FOLDER --period 2025-12 --inbox FOLDER --archive FOLDER`. What was sent before
stays sent: an issued workbook that was already answered is left alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[3]), str(HERE.parent)]

from holdings import load  # noqa: E402 - the folders above are this program's own
from mistakes import planned  # noqa: E402
from reply import Desk, reply, sit_down  # noqa: E402

SAMPLE = HERE.parents[1]


def main() -> None:
    """Fill every issued workbook of the period that was not answered yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("forms", "inbox", "archive"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--period", required=True)
    given = parser.parse_args()
    record = given.inbox / ".sent.json"
    sent: dict[str, str] = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    waiting = [
        (file, hashlib.sha256(file.read_bytes()).hexdigest())
        for file in sorted(given.forms.glob("*.xlsx"))
        if not file.name.startswith(("~$", "."))
    ]
    waiting = [(file, digest) for file, digest in waiting if digest not in sent]
    if not waiting:
        return
    from pipelines.side_by_side import side_by_side
    from pipelines.store.workspace import Workspace

    holdings = load(SAMPLE, Workspace(given.forms.parents[1]), given.period)
    slips = planned(SAMPLE / "make" / "facts", given.period)
    given.inbox.mkdir(parents=True, exist_ok=True)
    desk = Desk(holdings, slips, given.inbox, given.forms.parent)
    names = side_by_side(reply, [file for file, _ in waiting], begin=sit_down, given=(desk,))
    for (_, digest), name in zip(waiting, names, strict=True):
        sent[digest] = name
        record.write_text(json.dumps(sent, ensure_ascii=False, indent=0, sort_keys=True), encoding="utf-8")


if __name__ == "__main__":
    main()
