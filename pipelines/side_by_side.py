"""Does a few heavy pieces of work in two processes at once. Results come in the order of the pieces.

Where no process can be started (a script that has no `if __name__ == "__main__"`), the work is done in this one.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

PROCESSES = 2
"""What an office computer can spare; every process holds its own piece in memory."""
LEAST = 3
"""Fewer pieces are done here: starting a process takes about as long as a piece."""

Piece = TypeVar("Piece")
Result = TypeVar("Result")
Given = ParamSpec("Given")


def side_by_side(
    work: Callable[[Piece], Result],
    pieces: Sequence[Piece],
    *,
    begin: Callable[..., None] | None = None,
    given: tuple[Any, ...] = (),
) -> Iterator[Result]:
    """Yield work(piece) for every piece, in order; what work raises is raised here.

    work, begin: functions of a module, not lambdas. begin(*given) is called once in every process before its work.
    Done in this process when there are few pieces or the computer has one core.
    """
    done = 0
    if len(pieces) >= LEAST and _has_room():
        try:
            with _pool(PROCESSES, begin, given) as pool:
                for result in pool.map(work, pieces):
                    yield result
                    done += 1
        except BrokenProcessPool:
            pass
    if begin is not None and done < len(pieces):
        begin(*given)
    for piece in pieces[done:]:
        yield work(piece)


class Aside:
    """Other processes for work whose result is needed later, started when first needed. Use as a context manager."""

    def __init__(self, *, is_used: bool = True, processes: int = 1) -> None:
        """is_used: False does the work here, when its result is asked for."""
        self._is_used = is_used and _has_room()
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def hand(self, work: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Callable[[], Result]:
        """Begin work(*given), a function of a module; return what waits for its result, or raises what it raised."""
        here = partial(work, *given, **named)
        if not self._is_used:
            return here
        self._pool = self._pool or _pool(self._processes)
        try:
            future = self._pool.submit(here)
        except BrokenProcessPool:
            return here

        def wait() -> Result:
            try:
                return future.result()
            except BrokenProcessPool:
                return here()

        return wait


def _has_room() -> bool:
    return (os.cpu_count() or 1) > 1 and not multiprocessing.current_process().daemon


def _pool(processes: int, begin: Callable[..., None] | None = None, given: tuple[Any, ...] = ()) -> ProcessPoolExecutor:
    start = multiprocessing.get_context("spawn")  # a fork would copy the locks of threads that polars runs
    return ProcessPoolExecutor(processes, start, _begin, (begin, given))


def _begin(begin: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    """Begin in a new process. It ends with the one that started it, also when that one is killed."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if begin is not None:
        begin(*given)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
