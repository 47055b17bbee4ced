"""One step of the journey: which tables it reads and writes, and the function that does the work.

A step whose input has not changed since its last run is left alone, so that a second run changes nothing and says so.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

import polars as pl

from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace, fingerprint
from schemas.faults import Finding
from schemas.findings import Findings
from schemas.runs import StepRuns

CODE = Path(__file__).resolve().parent.parent
"""The code's own folder: a new version of it makes every step run again."""

Progress = Callable[[int, int, str], None]
"""Called with (done, total, what) while a step works."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step gives back: whole tables, findings, files for people, and the figures worth showing (in Chinese).

    views: SELECT texts by name that the warehouse shows from now on; None leaves those that are there.
    """

    replace: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    files: Sequence[Path] = ()
    figures: Mapping[str, int | float | str] = field(default_factory=dict)
    views: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """What a step works with. `write`, `lookup` (of Warehouse): for steps that post piece by piece, before they end."""

    workspace: Workspace
    tables: Mapping[str, pl.DataFrame]
    write: Callable[..., None]
    lookup: Callable[[str, str, str], pl.DataFrame]
    progress: Progress
    period: str
    today: str
    now: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step. reads: tables that decide whether it must run; consults: tables it also sees; files: its other input.

    follows: steps that give it files instead of tables. is_by_period: it has a run of its own for every period.
    """

    name: str
    title: str
    group: str
    description: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    work: Callable[[Bench], Outcome]
    consults: tuple[str, ...] = ()
    files: Callable[[Workspace], Sequence[Path]] = lambda workspace: ()
    follows: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("duckdb",)
    is_by_period: bool = False


@dataclass(frozen=True, slots=True)
class StepResult:
    """How a step went. figures are those of the run that did the work, even when this one found nothing to do."""

    step: Step
    is_unchanged: bool
    seconds: float
    figures: Mapping[str, int | float | str]
    findings: Sequence[Finding] = ()
    files: Sequence[Path] = ()


class Watcher:
    """Is told how steps go. The command line sets one, so that it also hears of steps that Dagster runs."""

    def started(self, step: Step) -> None:
        """A step starts."""

    def progressed(self, done: int, total: int, what: str) -> None:
        """The running step has done so much."""

    def finished(self, result: StepResult) -> None:
        """A step ended."""


watcher: ContextVar[Watcher] = ContextVar("watcher", default=Watcher())  # noqa: B039 - the default has no state


def run_step(step: Step, workspace: Workspace, *, period: str = "", today: str = "") -> StepResult:
    """Run one step on a workspace, or find that nothing changed. Tables and findings are written in one transaction."""
    watcher.get().started(step)
    started = time.perf_counter()
    with Warehouse(workspace.database) as warehouse:
        name = f"{step.name}@{period}" if step.is_by_period else step.name
        figures = _figures_of_last_run(step, name, workspace, warehouse, period)
        if figures is not None:
            result = StepResult(step, True, time.perf_counter() - started, figures)
        else:
            bench = Bench(
                workspace=workspace,
                tables={table: warehouse.read(table) for table in (*step.reads, *step.consults)},
                write=warehouse.write,
                lookup=warehouse.lookup,
                progress=watcher.get().progressed,
                period=period,
                today=today or f"{datetime.now():%Y-%m-%d}",
                now=datetime.now().isoformat(timespec="seconds"),
            )
            outcome = step.work(bench)
            seconds = time.perf_counter() - started
            run = {
                "step": name,
                "fingerprint": _fingerprint(step, workspace, warehouse, period),
                "ran_at": datetime.now().isoformat(timespec="seconds"),
                "seconds": round(seconds, 2),
                "figures": json.dumps(dict(outcome.figures), ensure_ascii=False),
            }
            runs = warehouse.read("step_runs").filter(pl.col("step") != name)
            findings = _findings(warehouse.read("findings"), name, outcome.findings)
            state = {"findings": findings, "step_runs": pl.concat([runs, StepRuns.frame([run])])}
            warehouse.write({**outcome.replace, **state})
            if outcome.views is not None:
                warehouse.show(outcome.views)
            seconds = time.perf_counter() - started
            result = StepResult(step, False, seconds, outcome.figures, outcome.findings, outcome.files)
    watcher.get().finished(result)
    return result


def _figures_of_last_run(
    step: Step, name: str, workspace: Workspace, warehouse: Warehouse, period: str
) -> Mapping[str, int | float | str] | None:
    """Return the figures of the step's last run if its input is still the same, else None."""
    last = warehouse.read("step_runs").filter(pl.col("step") == name).to_dicts()
    if not last or last[0]["fingerprint"] != _fingerprint(step, workspace, warehouse, period):
        return None
    figures: dict[str, int | float | str] = json.loads(last[0]["figures"])
    return figures


def _findings(before: pl.DataFrame, stage: str, found: Sequence[Finding]) -> pl.DataFrame:
    columns = [name for name in Findings.schema_types() if name != "stage"]
    rows = [{"stage": stage} | {name: getattr(finding, name) for name in columns} for finding in found]
    return pl.concat([before.filter(pl.col("stage") != stage), Findings.frame(rows)])


def _fingerprint(step: Step, workspace: Workspace, warehouse: Warehouse, period: str) -> str:
    """Hash what the step reads. A step that appends to what it reads is marked after its work, hence called twice."""
    digest = hashlib.sha256(f"{step.name}\0{period if step.is_by_period else ''}\0{_code_version()}".encode())
    for table in step.reads:
        digest.update(f"{table}\0{warehouse.version(table)}\n".encode())
    digest.update(fingerprint(step.files(workspace), workspace.home).encode())
    return digest.hexdigest()


@cache
def _code_version() -> str:
    files = [
        p for room in ("pipelines", "schemas") for p in (CODE / room).rglob("*") if p.suffix in (".py", ".csv", ".toml")
    ]
    return fingerprint(files, CODE)
