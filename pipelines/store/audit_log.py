"""The log of pulls: one JSON line per pull or refusal, each with the hash of the one before, so that an auditor needs
neither us nor the warehouse to see that nothing was changed, removed or put in another order (条例 29: kept 3 years).

The log is a file that grows, and a folder of the same name beside it with the closed parts of earlier times; the chain
runs through all of them (`audit_parts`). Many processes and threads may append: a lock file lets in one at a time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.store.audit_parts import GENESIS, close_full, is_torn, last_of, lines_of, locked, parts
from schemas.faults import Finding
from schemas.faults.sharing import (
    LOG_BROKEN,
    LOG_ENTRY_CHANGED,
    LOG_HEAD_DIFFERS,
    LOG_NUMBER,
    LOG_TORN,
    LOG_UNREADABLE,
)
from schemas.sharing import CLEARED, PullLog

_HASHES = ("previous_hash", "entry_hash")
_MAY_BE_LEFT_OUT = ("channel", "caller", "period", "view_version")
Head = Mapping[str, Any]
"""An exported head, or a receipt of a pull: entry_no and entry_hash."""


def append(log: Path, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Write one entry to the end of the log and to disk, and return it with its number and hashes.

    entry: the columns of PullLog but entry_no and the two hashes. Raises ValueError when the log's last line cannot be
    read: a broken log is not carried on.
    """
    return append_all(log, [entry])[0]


def append_all(log: Path, entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Write entries in their order, all under one lock and one write to disk; see `append`."""
    written = []
    with locked(log):
        close_full(log)
        number, previous = last_of(log)
        for entry in entries:
            number += 1
            full = {"entry_no": number, **dict.fromkeys(_MAY_BE_LEFT_OUT, ""), **entry, "previous_hash": previous}
            if unknown := full.keys() ^ _columns():
                raise KeyError(f"log entry: {sorted(unknown)}")
            previous = full["entry_hash"] = entry_hash(full)
            written.append(full)
        with log.open("a", encoding="utf-8") as handle:
            handle.writelines(json.dumps(full, ensure_ascii=False, sort_keys=True) + "\n" for full in written)
            handle.flush()
            os.fsync(handle.fileno())
    return written


@lru_cache(maxsize=1)
def _columns() -> frozenset[str]:
    return frozenset(PullLog.schema_types().keys() - {"entry_hash"})


def entry_hash(entry: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an entry's canonical JSON (keys sorted, no blanks, entry_hash left out)."""
    content = {name: value for name, value in entry.items() if name != "entry_hash"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read(log: Path) -> pl.DataFrame:
    """Return the log as a frame of PullLog, closed parts first; empty when nothing was pulled yet."""
    lines = (line for part in parts(log) for line in lines_of(part))
    blank = dict.fromkeys(_MAY_BE_LEFT_OUT, "")
    return PullLog.frame([blank | json.loads(line) for line in lines if line.strip()])


def head(log: Path) -> dict[str, Any]:
    """Return the newest entry's number and hash, to be kept elsewhere: with it a cut-off end is seen too."""
    number, last = last_of(log)
    return {"entry_no": number, "entry_hash": last}


def verify(log: Path, heads: Iterable[Head] = ()) -> list[Finding]:
    """Return what is wrong with a log: unreadable, changed, missing or moved entries; empty when it is whole.

    heads: exported heads and receipts that the log must still contain. Works on a copy of the file and its folder,
    without anything else. A chain that does not begin at the first entry is whole only when a later entry says that
    the earlier ones were cleared after their time of keeping, and names the hash they ended with.
    """
    findings: list[Finding] = []
    chain = _Chain()
    for part in parts(log):
        for line_no, line in enumerate(lines_of(part), start=1):
            findings += chain.follow(line, part.name, line_no)
        if is_torn(part):
            findings.append(LOG_TORN.at(file=part.name))
    if chain.start and chain.start not in chain.cleared:
        findings.insert(0, LOG_BROKEN.at(file=log.name, number=chain.start[0] + 1))
    for known in heads:
        number = known["entry_no"]
        is_cleared = any(number <= last for last, _ in chain.cleared)
        if number and not is_cleared and chain.seen.get(number) != known["entry_hash"]:
            findings.append(LOG_HEAD_DIFFERS.at(file=log.name, number=number))
    return findings


class _Chain:
    """What has been read of a chain so far: where it begins, number and hash of its last entry, what was cleared."""

    def __init__(self) -> None:
        self.start: tuple[int, str] | None = None
        self.number, self.previous = 0, GENESIS
        self.seen: dict[int, str] = {}
        self.cleared: set[tuple[int, str]] = set()

    def follow(self, line: str, file: str, line_no: int) -> list[Finding]:
        """Take the next line; return what is wrong with it."""
        place = {"file": file, "cell": f"第{line_no}行"}
        try:
            entry = json.loads(line)
            stated = {name: str(entry[name]) for name in _HASHES}
            number = int(entry["entry_no"])
        except (ValueError, KeyError, TypeError):
            return [LOG_UNREADABLE.at(**place)]
        if not self.seen and stated["previous_hash"] != GENESIS:
            self.start = (number - 1, stated["previous_hash"])
            self.number, self.previous = self.start
        findings = []
        if entry_hash(entry) != stated["entry_hash"]:
            findings.append(LOG_ENTRY_CHANGED.at(**place, number=number))
        if stated["previous_hash"] != self.previous:
            findings.append(LOG_BROKEN.at(**place, number=number))
        if number != self.number + 1:
            findings.append(LOG_NUMBER.at(**place, number=number, expected=self.number + 1))
        if entry.get("outcome") == CLEARED:
            self.cleared.add((int(entry["row_count"]), str(entry["content_hash"])))
        self.number, self.previous = number, stated["entry_hash"]
        self.seen[number] = self.previous
        return findings
