"""How long work takes: the least of several tries."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def best(work: Callable[[], object], times: int = 3, clock: Callable[[], float] = time.process_time) -> float:
    """Return the least seconds of several tries: processor time, which other work on the machine does not stretch."""
    least = float("inf")
    for _ in range(times):
        gc.collect()
        started = clock()
        work()
        least = min(least, clock() - started)
    return least
