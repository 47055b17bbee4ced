"""The township clerks of the sample county: fill what was issued for a period and drop it into the inbox.

`python data/sample/make/clerks --forms forms/2025-12 forms/2025-12-X3 --inbox FOLDER`. What was sent before stays sent:
an issued workbook that was already answered is left alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[3]), str(HERE.parent)]

from holdings import load  # noqa: E402 - the folders above are this program's own
from mistakes import planned  # noqa: E402
from reply import Desk, reply, sit_down  # noqa: E402

SAMPLE = HERE.parents[1]


def main() -> None:
    """Fill every issued workbook of the periods that was not answered yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=Path, nargs="+", required=True)
    parser.add_argument("--inbox", type=Path, required=True)
    given = parser.parse_args()
    record = given.inbox / ".sent.json"
    sent: dict[str, str] = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    for folder in given.forms:
        waiting = {
            file: digest
            for file in sorted(folder.glob("*.xlsx"))
            if not file.name.startswith(("~$", "."))
            and (digest := hashlib.sha256(file.read_bytes()).hexdigest()) not in sent
        }
        if waiting:
            given.inbox.mkdir(parents=True, exist_ok=True)
            for digest, name in zip(waiting.values(), answers(folder, list(waiting), given.inbox), strict=True):
                sent[digest] = name
                record.write_text(json.dumps(sent, ensure_ascii=False, indent=0, sort_keys=True), encoding="utf-8")


def answers(folder: Path, files: list[Path], inbox: Path) -> Iterator[str]:
    """Answer the files of a period's folder; yield the name of each once it lies in the inbox."""
    from pipelines.periods import months, previous
    from pipelines.side_by_side import side_by_side
    from pipelines.store.workspace import Workspace

    month = months(folder.name)[0]
    holdings = load(SAMPLE, Workspace(folder.parents[1]), (month, previous(month)))
    desk = Desk(holdings, planned(SAMPLE / "make" / "facts", folder.name), inbox, folder.parent)
    if month == folder.name:
        yield from side_by_side(reply, files, begin=sit_down, given=(desk,))
        return
    sit_down(desk)  # a few cells: another process would take longer to start than the work takes
    yield from map(reply, files)


if __name__ == "__main__":
    main()
