"""Does a few heavy pieces of work in two processes at once. Results come in the order of the pieces."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

PROCESSES = 2
"""What an office computer can spare; every process holds its own piece in memory."""
LEAST = 3
"""Fewer pieces are done here: starting a process takes about as long as a piece."""

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def side_by_side(
    work: Callable[[Piece], Result],
    pieces: Sequence[Piece],
    *,
    begin: Callable[..., None] | None = None,
    given: tuple[Any, ...] = (),
) -> Iterator[Result]:
    """Yield work(piece) for every piece, in order; what work raises is raised here.

    work, begin: functions of a module, not lambdas. begin(*given) is called once in every process before its work.
    Done in this process when there are few pieces, when the computer has one core, or when no process can be started
    (a script that has no `if __name__ == "__main__"`).
    """
    done = 0
    if len(pieces) >= LEAST and (os.cpu_count() or 1) > 1 and not multiprocessing.current_process().daemon:
        start = multiprocessing.get_context("spawn")  # a fork would copy the locks of threads that polars runs
        try:
            with ProcessPoolExecutor(PROCESSES, start, begin, given) as pool:
                for result in pool.map(work, pieces):
                    yield result
                    done += 1
        except BrokenProcessPool:
            pass
    if begin is not None and done < len(pieces):
        begin(*given)
    for piece in pieces[done:]:
        yield work(piece)
