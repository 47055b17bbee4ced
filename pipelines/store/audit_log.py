"""The log of pulls: one JSON line per pull or refusal, each with the hash of the one before, so that an auditor needs
neither us nor the warehouse to see that nothing was changed, removed or put in another order (条例 29: kept 3 years).
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from schemas.faults import Finding
from schemas.faults.sharing import LOG_BROKEN, LOG_ENTRY_CHANGED, LOG_HEAD_DIFFERS, LOG_NUMBER, LOG_UNREADABLE
from schemas.sharing import PullLog

GENESIS = "0" * 64
"""What the first entry names as the hash before it."""
_HASHES = ("previous_hash", "entry_hash")


def append(log: Path, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Write one entry to the end of the log and to disk, and return it with its number and hashes.

    entry: the columns of PullLog but entry_no and the two hashes. Only one process writes at a time; the others wait.
    Raises ValueError when the log's last line cannot be read: a broken log is not carried on.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a+", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        number, previous = _last(log)
        full = {"entry_no": number + 1, **entry, "previous_hash": previous}
        unknown = full.keys() ^ (PullLog.schema_types().keys() - {"entry_hash"})
        if unknown:
            raise KeyError(f"log entry: {sorted(unknown)}")
        full["entry_hash"] = entry_hash(full)
        handle.write(json.dumps(full, ensure_ascii=False, sort_keys=True) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    return full


def entry_hash(entry: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an entry's canonical JSON (keys sorted, no blanks, entry_hash left out)."""
    content = {name: value for name, value in entry.items() if name != "entry_hash"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read(log: Path) -> pl.DataFrame:
    """Return the log as a frame of PullLog; empty when nothing was pulled yet."""
    if not log.exists():
        return PullLog.empty()
    return PullLog.frame([json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.strip()])


def head(log: Path) -> dict[str, Any]:
    """Return the newest entry's number and hash, to be kept elsewhere: with it a cut-off end is seen too."""
    number, last = _last(log) if log.exists() else (0, GENESIS)
    return {"entry_no": number, "entry_hash": last}


def verify(log: Path, heads: Iterable[Mapping[str, Any]] = ()) -> list[Finding]:
    """Return what is wrong with a log: unreadable, changed, missing or moved entries; empty when it is whole.

    heads: exported heads (entry_no, entry_hash) that the log must still contain.
    """
    if not log.exists():
        return [LOG_HEAD_DIFFERS.at(file=log.name, number=h["entry_no"]) for h in heads if h["entry_no"]]
    findings: list[Finding] = []
    previous, number, seen = GENESIS, 0, dict[int, str]()
    for line_no, line in enumerate(log.read_text(encoding="utf-8").splitlines(), start=1):
        place = {"file": log.name, "cell": f"第{line_no}行"}
        try:
            entry = json.loads(line)
            stated = {name: str(entry[name]) for name in _HASHES}
        except (ValueError, KeyError, TypeError):
            findings.append(LOG_UNREADABLE.at(**place))
            continue
        if entry_hash(entry) != stated["entry_hash"]:
            findings.append(LOG_ENTRY_CHANGED.at(**place, number=entry.get("entry_no")))
        if stated["previous_hash"] != previous:
            findings.append(LOG_BROKEN.at(**place, number=entry.get("entry_no")))
        if entry.get("entry_no") != number + 1:
            findings.append(LOG_NUMBER.at(**place, number=entry.get("entry_no"), expected=number + 1))
        number, previous = entry.get("entry_no") or number + 1, stated["entry_hash"]
        seen[number] = previous
    for known in heads:
        if known["entry_no"] and seen.get(known["entry_no"]) != known["entry_hash"]:
            findings.append(LOG_HEAD_DIFFERS.at(file=log.name, number=known["entry_no"]))
    return findings


def _last(log: Path) -> tuple[int, str]:
    """Return number and hash of the last entry; (0, GENESIS) for an empty log."""
    with log.open("rb") as handle:
        handle.seek(0, os.SEEK_END)
        size, block = handle.tell(), b""
        while size and block.strip().count(b"\n") < 1:
            step = min(65_536, size)
            size -= step
            handle.seek(size)
            block = handle.read(step) + block
    line = block.strip().rsplit(b"\n", 1)[-1]
    if not line:
        return 0, GENESIS
    entry = json.loads(line)
    return int(entry["entry_no"]), str(entry["entry_hash"])
