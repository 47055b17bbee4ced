"""Reads templates: any file, or a folder of them over the cores, as what each of their tables asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pipelines.intake.sources import Opened, open_files
from pipelines.intake.understand import understand
from schemas.faults import Finding
from schemas.faults import intake as faults
from schemas.templates import TableReading

Progress = Callable[[int, int, str], None]
"""Called after every file with files done, files in all, the file's name."""


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
    why. Nothing is raised for what a file contains.
    workers: processes (default: one per core). cache: folder of earlier readings, by content and reader version.
    rules: the workspace's `rules/` folder, for its limits and overrides.
    """
    opened = open_files(paths, cache)
    found = []
    for number, path in enumerate(paths, start=1):
        found.append(readings(opened[path]))
        if progress is not None:
            progress(number, len(paths), path.name)
    return found


def readings(opened: Opened) -> list[TableReading]:
    """Return what an opened file's tables ask for; the file's own findings are on the first reading."""
    found: list[TableReading] = list(opened.tables)
    for grid in opened.grids:
        seen: set[Finding] = set()
        for table in understand(grid):
            found.append(replace(table, findings=tuple(one for one in table.findings if one not in seen)))
            seen.update(grid.findings)  # findings of the sheet are told once, on its first table
    findings = list(opened.findings)
    told = findings or any(table.fields or table.findings for table in found)
    if not told:
        findings.append(faults.NO_FORM.at(file=str(opened.path)))
    if not found:
        return [TableReading(file=str(opened.path), sheet="", confidence=0.0, findings=tuple(findings))]
    found[0] = replace(found[0], findings=(*findings, *found[0].findings))
    return found
