"""Work on files in processes of their own, with limits of time and memory per file: a bad file costs one process."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from pipelines.intake.sources.limits import limit
from schemas.faults import Finding
from schemas.faults import intake as faults

_BATCH = 8
"""Tasks handed to a process at once; a small workbook takes less time than waking a process up."""


_START_UP = 60.0
"""Seconds that a new process may take before it says that it is ready; on a busy machine it takes three."""


@dataclass(frozen=True, slots=True)
class Task:
    """One file to work on: its number in the answer, its path for findings, what the work is given."""

    number: int
    file: str
    given: Any


@dataclass(slots=True)
class _Worker:
    process: _Forked | _Fresh
    line: Connection
    tasks: deque[Task] = field(default_factory=deque)
    deadline: float = 0.0
    is_ready: bool = False


def each(
    work: Callable[[Any], Any], tasks: Sequence[Task], workers: int, seconds: float | None = None
) -> Iterator[tuple[Task, Any]]:
    """Yield every task with what `work(task.given)` returned, or with the Finding that ended it, as they get done.

    seconds: wall time per task (default: the declared limit). `work` must be importable: it runs in other processes.
    """
    allowed = float(limit("file", "seconds")) if seconds is None else seconds
    waiting = deque(tasks)
    running: list[_Worker] = []
    try:
        while waiting or any(worker.tasks for worker in running):
            while waiting and len(running) < workers:
                running.append(_start(work))
            for worker in running:
                if not worker.tasks and waiting:
                    _hand_over(worker, waiting, workers, allowed)
            busy = [worker for worker in running if worker.tasks]
            first = min(worker.deadline for worker in busy)
            ready = wait([worker.line for worker in busy], timeout=max(first - time.monotonic(), 0))
            for worker in busy:
                if worker.line in ready:
                    yield from _receive(worker, running, waiting, allowed)
                elif time.monotonic() >= worker.deadline:
                    yield _end(worker, running, waiting, faults.TIME_UP.at(seconds=round(allowed)))
    finally:
        for worker in running:
            worker.line.close()
        for worker in running:
            worker.process.end()


def _hand_over(worker: _Worker, waiting: deque[Task], workers: int, allowed: float) -> None:
    count = max(1, min(_BATCH, len(waiting) // workers))
    worker.tasks.extend(waiting.popleft() for _ in range(count))
    worker.line.send([task.given for task in worker.tasks])
    worker.deadline = time.monotonic() + allowed + (0 if worker.is_ready else _START_UP)
    worker.is_ready = True


def _receive(
    worker: _Worker, running: list[_Worker], waiting: deque[Task], allowed: float
) -> Iterator[tuple[Task, Any]]:
    while worker.tasks and worker.line.poll():
        try:
            kind, result = worker.line.recv()
        except (EOFError, OSError):
            died = faults.READER_DIED.at(why=f"退出码 {worker.process.end()}")
            yield _end(worker, running, waiting, died)
            return
        if kind == "ready":
            worker.deadline = time.monotonic() + allowed
            continue
        if kind == "memory":
            ended = faults.MEMORY_UP.at(megabytes=limit("file", "memory_megabytes"))
            yield _end(worker, running, waiting, ended)
            return
        if kind == "bug":
            yield _end(worker, running, waiting, faults.READER_DIED.at(why=result))
            return
        yield worker.tasks.popleft(), result
        worker.deadline = time.monotonic() + allowed


def _end(worker: _Worker, running: list[_Worker], waiting: deque[Task], finding: Finding) -> tuple[Task, Finding]:
    """End a process whose first task went wrong; its other tasks go back to the queue."""
    running.remove(worker)
    worker.line.close()
    worker.process.end()
    task = worker.tasks.popleft()
    waiting.extendleft(reversed(worker.tasks))
    return task, replace(finding, file=task.file)


def _start(work: Callable[[Any], Any]) -> _Worker:
    """Start a process. Forking costs 5 ms, a fresh interpreter 300 ms; with other threads it is not safe."""
    here, there = multiprocessing.Pipe()
    native_threads = {"polars", "pyarrow", "duckdb", "dagster"} & sys.modules.keys()
    if sys.platform.startswith("linux") and not native_threads and threading.active_count() == 1:
        forked = multiprocessing.get_context("fork").Process(target=_serve, args=(there, work), daemon=True)
        forked.start()
        process: _Forked | _Fresh = _Forked(forked)
    else:
        process = _Fresh(there)
        here.send(work)
    there.close()
    return _Worker(process, here)


class _Forked:
    """A copy of this process."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process

    def end(self) -> int | None:
        """Wait a second for the process to end by itself, else kill it; return its exit code."""
        self._process.join(1)
        self._process.kill()
        self._process.join()
        return self._process.exitcode


class _Fresh:
    """A new interpreter that has this one's module path and one end of the pipe, and imports nothing but the reader."""

    def __init__(self, line: Connection) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from pipelines.intake.isolation import serve; serve({line.fileno()})"],
            pass_fds=(line.fileno(),),
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)},
        )

    def end(self) -> int | None:
        """Wait a second for the process to end by itself, else kill it; return its exit code."""
        try:
            return self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def serve(line: int) -> None:
    """Work for the process at the other end of the pipe, which sends first the work, then what to work on."""
    connection = Connection(line)
    _serve(connection, connection.recv())


def _serve(line: Connection, work: Callable[[Any], Any]) -> None:
    _restrict()
    line.send(("ready", None))
    while True:
        try:
            given = line.recv()
        except (EOFError, OSError):
            return
        for one in given:
            try:
                result = work(one)
            except MemoryError as error:
                line.send(("memory", None))
                raise SystemExit(1) from error
            except Exception as error:
                line.send(("bug", _where(error)))
                raise SystemExit(1) from error
            line.send(("done", result))


def _where(error: Exception) -> str:
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f"{last.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{last.tb_lineno}" if last is not None else ""
    return f"{type(error).__name__} {place}"


def _restrict() -> None:
    """Limit the address space of this process to what it has now plus the declared memory (where the system can)."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    with open("/proc/self/statm", encoding="ascii") as handle:
        now = int(handle.read().split()[0]) * resource.getpagesize()
    ceiling = now + limit("file", "memory_megabytes") * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling if hard == resource.RLIM_INFINITY else min(ceiling, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
