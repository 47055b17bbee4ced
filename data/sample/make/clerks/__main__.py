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

from fill import fill  # noqa: E402 - the folders above are this program's own
from holdings import Holdings, load  # noqa: E402
from mistakes import SENT_AS_IS, make, planned  # noqa: E402
from patch import save  # noqa: E402

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
    from pipelines.store.workspace import Workspace

    holdings = load(SAMPLE, Workspace(given.forms.parents[1]), given.period)
    slips = planned(SAMPLE / "make" / "facts", given.period)
    given.inbox.mkdir(parents=True, exist_ok=True)
    for file, digest in waiting:
        answer_one(file, given.inbox, holdings, slips, given.forms.parent)
        sent[digest] = file.name
        record.write_text(json.dumps(sent, ensure_ascii=False, indent=0, sort_keys=True), encoding="utf-8")


def answer_one(issued: Path, inbox: Path, holdings: Holdings, slips: dict[str, str], forms: Path) -> None:
    """Answer one workbook: with a mistake first and its correction after it, where one is planned."""
    filled = fill(issued, holdings)
    township = filled.sheets[0].area_code
    kind = slips.get(township, "")
    stem = issued.stem
    if kind == "unreadable":
        (inbox / f"{stem}-1初报.xlsx").write_bytes(b"PK\x03\x04" + issued.read_bytes()[40:4000])
    elif kind == "other_period":
        earlier = sorted(
            path for path in forms.glob(f"*/*{stem.split(' ', 1)[-1]}.xlsx") if path.parent != issued.parent
        )
        if earlier:
            other = fill(earlier[-1], holdings)
            save(other.finish(), inbox / f"{stem}-1初报.xlsx")
    elif kind:
        make(kind, filled, holdings)
        if kind in SENT_AS_IS:
            save(filled.finish(), inbox / f"{stem}.xlsx")
            return
        save(filled.finish(), inbox / f"{stem}-1初报.xlsx")
    if kind:
        save(fill(issued, holdings).finish(), inbox / f"{stem}-2更正.xlsx")
    else:
        save(filled.finish(), inbox / f"{stem}.xlsx")


if __name__ == "__main__":
    main()
