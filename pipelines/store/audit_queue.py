"""Many threads of one process that log: whoever comes first writes for all who wait, with one write to disk."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.store.audit_log import append_all


@dataclass(slots=True)
class _Waiting:
    entry: Mapping[str, Any]
    written: dict[str, Any] = field(default_factory=dict)
    error: BaseException | None = None
    is_done: bool = False


class LogQueue:
    """The log of a server. `append` comes back when the entry is on disk, as `audit_log.append` does."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._waiting: list[_Waiting] = []
        self._enter, self._writing = threading.Lock(), threading.Lock()

    def append(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """Write an entry and return it with its number and hashes. Raises what writing raises."""
        mine = _Waiting(entry)
        with self._enter:
            self._waiting.append(mine)
        with self._writing:
            if not mine.is_done:
                with self._enter:
                    batch, self._waiting = self._waiting, []
                self._write(batch)
        if mine.error is not None:
            raise mine.error
        return mine.written

    def _write(self, batch: list[_Waiting]) -> None:
        error: BaseException | None = RuntimeError("log entry not written")
        try:
            for waiting, written in zip(batch, append_all(self._log, [one.entry for one in batch]), strict=True):
                waiting.written = written
            error = None
        except (OSError, ValueError, KeyError) as trouble:
            error = trouble
        finally:
            for waiting in batch:
                waiting.is_done, waiting.error = True, error
