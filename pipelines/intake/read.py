"""Reads templates: any file, or a folder of them over the cores, as what each of their tables asks for."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.intake.isolation import Task, each
from pipelines.intake.joined import carry, continues, join, part
from pipelines.intake.keeping import keep, kept, key_of, packed, unpacked
from pipelines.intake.overrides import Overrides, apply, find_overrides
from pipelines.intake.sources import Opened, convert_files, open_file
from pipelines.intake.understand import understand
from schemas.faults import Finding
from schemas.faults import intake as faults
from schemas.templates import Grid, TableReading

Progress = Callable[[int, int, str], None]
"""Called after every file with files done, files in all, the file's name."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file with what it looks like and what was understood of it. grids: empty when it could not be opened."""

    path: Path
    grids: tuple[Grid, ...]
    tables: tuple[TableReading, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """What a reading process is given: the file, its conversion (or why there is none), its overrides."""

    path: Path
    converted: Path | Finding | None
    overrides: Overrides | None


def read_file(path: Path, *, rules: Path | None = None, cache: Path | None = None) -> list[TableReading]:
    """Return a reading per table of one file, at least one: see `read_folder`."""
    return read_folder([path], workers=1, rules=rules, cache=cache)[0]


def read_folder(
    paths: Sequence[Path],
    workers: int | None = None,
    progress: Progress | None = None,
    cache: Path | None = None,
    rules: Path | None = None,
) -> list[list[TableReading]]:
    """Return the readings of each file, in the order of `paths`.

    Every file has at least one reading; one that cannot be read has a single reading without fields whose findings say
    why. Nothing is raised for what a file contains; time and memory per file are those of intake_limits.toml.
    workers: processes (default: one per core). cache: folder of earlier readings and conversions, by content and reader
    version. rules: the workspace's `rules/` folder, for its overrides (`templates/<department>/<template>.toml`).
    """
    found: list[list[TableReading]] = [[] for _ in paths]
    keys: dict[int, str] = {}
    overrides = [find_overrides(path, rules) for path in paths]
    if cache is not None:
        for number, path in enumerate(paths):
            key = _key(path, overrides[number])
            if key is not None:
                keys[number] = key
                found[number] = kept(cache, key, str(path)) or []
    missing = [number for number in range(len(paths)) if not found[number]]
    done = len(paths) - len(missing)
    if progress is not None and done:
        progress(done, len(paths), "")
    with tempfile.TemporaryDirectory(prefix="oneform_") as folder:
        converted = convert_files([paths[number] for number in missing], Path(folder), cache)
        tasks = [Task(n, str(paths[n]), _Given(paths[n], converted.get(paths[n]), overrides[n])) for n in missing]
        count = min(workers or os.cpu_count() or 1, max(len(tasks), 1))
        for task, result in each(_read, tasks, count):
            if isinstance(result, Finding):
                found[task.number] = [_unread(task.file, result)]
            else:
                found[task.number] = unpacked(result, task.file)
                if cache is not None and task.number in keys:
                    keep(cache, keys[task.number], result)
            done += 1
            if progress is not None:
                progress(done, len(paths), paths[task.number].name)
    return found


def look(paths: Sequence[Path], rules: Path | None = None) -> list[Seen]:
    """Return the files with their grids beside their readings, for showing; never from the cache."""
    found: dict[int, Seen] = {}
    with tempfile.TemporaryDirectory(prefix="oneform_") as folder:
        converted = convert_files(paths, Path(folder))
        tasks = [
            Task(n, str(path), _Given(path, converted.get(path), find_overrides(path, rules)))
            for n, path in enumerate(paths)
        ]
        for task, result in each(_look, tasks, min(os.cpu_count() or 1, max(len(tasks), 1))):
            path = paths[task.number]
            found[task.number] = (
                Seen(path, (), (_unread(task.file, result),)) if isinstance(result, Finding) else result
            )
    return [found[number] for number in range(len(paths))]


def _key(path: Path, overrides: Overrides | None) -> str | None:
    try:
        return key_of(path, path.read_bytes(), overrides.source if overrides else b"")
    except OSError:
        return None


def _read(given: _Given) -> bytes:
    return packed(_look(given).tables)


def _look(given: _Given) -> Seen:
    opened = open_file(given.path, given.converted)
    tables = readings(opened) if given.overrides is None else apply(given.overrides, opened, readings)
    return Seen(given.path, opened.grids, tuple(tables))


def _unread(file: str, finding: Finding) -> TableReading:
    return TableReading(file=file, sheet="", confidence=0.0, findings=(finding,))


def readings(opened: Opened) -> list[TableReading]:
    """Return what an opened file's tables ask for; the file's own findings are on the first reading."""
    found: list[TableReading] = list(opened.tables)
    for joined in join(opened.grids):
        seen: set[Finding] = set()
        for whole in understand(joined.grid):
            for one in part(whole, joined):
                table = carry(found[-1], one) if found and continues(one, joined) else one
                found.append(replace(table, findings=tuple(one for one in table.findings if one not in seen)))
                seen.update(joined.grid.findings)  # findings of the sheet are told once, on its first table
    findings = list(opened.findings)
    if not findings and not any(table.fields or table.findings for table in found):
        findings.append(faults.NO_FORM.at(file=str(opened.path)))
    if not found:
        return [TableReading(file=str(opened.path), sheet="", confidence=0.0, findings=tuple(findings))]
    found[0] = replace(found[0], findings=(*findings, *found[0].findings))
    return found
