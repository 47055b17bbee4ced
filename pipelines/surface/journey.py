"""A run of the journey in the terminal: progress while it works, a table of what was achieved at the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import polars as pl
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipelines.step import Step, StepResult, Watcher, watcher
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table


class Journal(Watcher):
    """Shows progress and keeps the results of every step that ran, in order. Use as a context manager."""

    def __init__(self, console: Screen | None = None) -> None:
        self.console = console or Screen()
        self.results: list[tuple[str, StepResult]] = []
        self.started_at = time.perf_counter()
        self._label = self._title = ""
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
        )
        self._task = self._progress.add_task("准备", total=None)

    def __enter__(self) -> Self:
        self._token = watcher.set(self)
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()
        watcher.reset(self._token)

    @contextmanager
    def part(self, label: str) -> Iterator[None]:
        """Mark the steps that run inside as belonging to `label` (a period, say)."""
        self._label = label
        yield
        self._label = ""

    def started(self, step: Step) -> None:
        """Show that a step starts."""
        self._title = f"{self._label} {step.title}".strip()
        self._progress.reset(self._task, description=self._title, total=None)

    def progressed(self, done: int, total: int, what: str) -> None:
        """Move the bar and say what is being worked on."""
        about = escape(f"{self._title} {done:,}/{total:,} {what[:40]}".strip())
        self._progress.update(self._task, completed=done, total=total, description=about)

    def finished(self, result: StepResult) -> None:
        """Keep the result and print its line."""
        self.results.append((self._label, result))
        self._progress.console.print(step_line(self._label, result), highlight=False)

    @property
    def has_changed(self) -> bool:
        """Whether any step had something to do."""
        return any(not result.is_unchanged for _, result in self.results)


def step_line(label: str, result: StepResult) -> str:
    """Return the line that tells how a step went."""
    figures = "，".join(f"{name} {_number(value)}" for name, value in result.figures.items())
    mark = "[dim]＝ 未变化[/dim]" if result.is_unchanged else f"[green]✓[/green] {result.seconds:5.1f} 秒"
    return f"{mark}  [bold]{f'{label} ' if label else ''}{result.step.title}[/bold]  {figures}"


def print_summary(workspace: Workspace, journal: Journal) -> int:
    """Print what was found and achieved; return the exit status: 1 when something was refused."""
    with Warehouse(workspace.database) as warehouse:
        findings = warehouse.read("findings")
        figures = warehouse.read("burden_figures")
    console = journal.console
    print_figures(console, figures)
    errors = print_findings(console, findings)
    if not journal.has_changed:
        console.print("输入没有变化，什么也没有改动。")
    console.print(
        f"共用时 {time.perf_counter() - journal.started_at:.1f} 秒。工作区：{workspace.home}", highlight=False
    )
    return 1 if errors else 0


def print_figures(console: Screen, figures: pl.DataFrame, scope: str = "全县") -> None:
    """Print the reduction table of a scope; nothing when there are no figures of it."""
    chosen = figures.filter(pl.col("scope") == scope)
    if chosen.is_empty():
        return
    is_county = scope == "全县"
    table = Table(title=f"负担变化（{scope}，截至 {chosen['as_of'][0]}）", title_justify="left")
    for title in ("指标", *(() if is_county else (scope,)), "整合前", "整合后", "下降", "单位"):
        table.add_column(title, justify="right" if title in ("整合前", "整合后", "下降") else "left", overflow="fold")
    for row in chosen.iter_rows(named=True):
        drop = "—" if row["reduction"] is None else f"{row['reduction']:.1%}"
        after = "—" if row["after"] is None else _number(row["after"])
        named = (row["figure"],) if is_county else (row["figure"], row["scope_value"])
        table.add_row(*named, _number(row["before"]), after, drop, row["unit"])
    console.print(table)


def print_findings(console: Screen, findings: pl.DataFrame, is_all: bool = False) -> int:
    """Print the findings, errors first: one of each kind with how many more there are, or all. Return the errors."""
    counts = dict(findings.group_by("severity").len().iter_rows())
    if not counts:
        return 0
    console.print(
        f"问题 {counts.get('error', 0)} 个，提醒 {counts.get('warning', 0)} 个，说明 {counts.get('info', 0)} 个"
        f"{'' if is_all else '，每种列一个（全部见 oneform findings）'}：",
        highlight=False,
    )
    alike = dict(findings.group_by("code").len().iter_rows())
    shown = findings.sort("severity", "code", maintain_order=True)
    if not is_all:
        shown = shown.filter(pl.col("severity") != "info").unique("code", keep="first", maintain_order=True)
    for row in shown.iter_rows(named=True):
        sheet = f"[{row['sheet']}]" if row["sheet"] else ""
        place = f"{row['file'] or ''}{sheet}{' ' + row['cell'] if row['cell'] else ''}"
        more = "" if is_all or alike[row["code"]] == 1 else f"（同类共 {alike[row['code']]} 个）"
        text = f"{row['code']} {place} {row['message']}{row['remedy']}{more}"
        console.print(f"  {' '.join(text.split())}", highlight=False, markup=False)
    return int(counts.get("error", 0))


def _number(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:.2f}".rstrip("0")
