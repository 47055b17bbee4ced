"""Where a log lies: the file that grows, its closed parts, and the lock that lets in one writer at a time."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from pipelines.rulebook import settings

GENESIS = "0" * 64
"""What the first entry names as the hash before it."""


@lru_cache(maxsize=1)
def part_bytes() -> int:
    """Return the size at which a part is closed."""
    return int(settings("audit")["log"]["part_megabytes"]) * 2**20


@contextmanager
def locked(log: Path) -> Iterator[None]:
    """Hold the log for writing. The lock is a file of its own: the log itself is renamed when a part is closed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.with_name(f".{log.name}.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def parts(log: Path) -> list[Path]:
    """Return the files of a log in the order of their entries; the one that grows is the last."""
    closed = sorted(log.with_suffix("").glob("*.jsonl"))
    return [*closed, log] if log.exists() else closed


def lines_of(part: Path) -> list[str]:
    """Return the lines of a part. Only a line feed ends one: what is typed may hold other line ends of Unicode."""
    return part.read_bytes().decode("utf-8", errors="replace").split("\n")[:-1] if part.exists() else []


def is_torn(part: Path) -> bool:
    """Return whether the last line of a part was not written to its end."""
    with part.open("rb") as handle:
        if not handle.seek(0, os.SEEK_END):
            return False
        handle.seek(-1, os.SEEK_END)
        return handle.read(1) != b"\n"


def close_full(log: Path, is_forced: bool = False) -> Path | None:
    """Close the growing file when it is full (`rules/audit.toml`), and return the closed part. Call with the lock held.

    A part is named by the numbers of its first and last entry; the next entry goes on with the chain in a new file.
    """
    if not log.exists() or not (size := log.stat().st_size):
        return None
    if size < part_bytes() and not is_forced:
        return None
    with log.open("rb") as handle:
        first = int(json.loads(handle.readline())["entry_no"])
    last, _ = last_of(log)
    target = log.with_suffix("") / f"{first:010d}-{last:010d}.jsonl"
    target.parent.mkdir(exist_ok=True)
    os.replace(log, target)
    return target


def last_of(log: Path) -> tuple[int, str]:
    """Return number and hash of the last entry of a log; (0, GENESIS) for an empty one.

    Raises ValueError when the last line is no entry.
    """
    for part in reversed(parts(log)):
        line = _last_line(part)
        if line:
            entry = json.loads(line)
            return int(entry["entry_no"]), str(entry["entry_hash"])
    return 0, GENESIS


def _last_line(path: Path) -> bytes:
    with path.open("rb") as handle:
        handle.seek(0, os.SEEK_END)
        size, block = handle.tell(), b""
        while size and block.strip().count(b"\n") < 1:
            step = min(65_536, size)
            size -= step
            handle.seek(size)
            block = handle.read(step) + block
    if block and not block.endswith(b"\n"):
        raise ValueError(f"{path.name}: the last line is torn")
    return block.strip().rsplit(b"\n", 1)[-1]
