"""Tables of a workspace's `rules/` that programs write to: rows appended, or the whole table replaced at once."""

from __future__ import annotations

import csv
import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipelines.rulebook import own_rows


@contextmanager
def held(rules: Path, name: str) -> Iterator[None]:
    """Keep other processes from writing a table while its next rows are worked out."""
    rules.mkdir(parents=True, exist_ok=True)
    with (rules / f".{name}.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def append_rows(
    rules: Path, name: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]], mode: int = 0o640
) -> None:
    """Add rows to the end of a table; what stands there stays. Call with the table held."""
    replace_rows(rules, name, columns, [*own_rows(name, rules), *rows], mode)


def replace_rows(
    rules: Path, name: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]], mode: int = 0o640
) -> None:
    """Write a table beside the old one and move it over; a reader sees the old one whole or the new one whole."""
    rules.mkdir(parents=True, exist_ok=True)
    aside = rules / f".{name}.{os.getpid()}.part"
    with open(
        os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8-sig", newline=""
    ) as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="raise")
        writer.writeheader()
        writer.writerows(rows)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(rules / f"{name}.csv")
