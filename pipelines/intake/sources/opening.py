"""Opens any file as grids: sniffs what it is, hands it to the reader of that format, turns trouble into findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.intake.sources.converted import TARGETS, convert
from pipelines.intake.sources.docx import read_docx
from pipelines.intake.sources.field_list import read_field_list
from pipelines.intake.sources.limits import Unreadable, limit
from pipelines.intake.sources.sniff import NAMES, Kind, promised, sniff
from pipelines.intake.sources.text_table import read_text
from pipelines.intake.sources.xls import read_xls
from pipelines.intake.sources.xlsx import read_xlsx
from schemas.faults import Finding
from schemas.faults import intake as faults
from schemas.templates import Grid, TableReading

_READERS: dict[Kind, Callable[[bytes, str], list[Grid]]] = {"xlsx": read_xlsx, "xls": read_xls, "docx": read_docx}


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file gave: its grids; for a field list the tables themselves; what was found on the way."""

    path: Path
    kind: Kind
    grids: tuple[Grid, ...] = ()
    tables: tuple[TableReading, ...] = ()
    findings: tuple[Finding, ...] = ()


def grids(path: Path) -> list[Grid]:
    """Return the grids of one file; findings of the file itself are in the first grid, or in an empty one."""
    opened = open_file(path)
    if not opened.grids:
        return [Grid(file=str(path), sheet="", cells={}, findings=opened.findings)]
    first = opened.grids[0]
    return [replace(first, findings=opened.findings + first.findings), *opened.grids[1:]]


def open_file(path: Path, cache: Path | None = None) -> Opened:
    """Return what one file holds. Never raises for what a file contains; a missing file is a finding too."""
    return open_files([path], cache)[path]


def open_files(paths: Iterable[Path], cache: Path | None = None) -> dict[Path, Opened]:
    """Return what each file holds. Files that need LibreOffice are converted together first.

    cache: folder where conversions are kept by content hash.
    """
    found: dict[Path, Opened] = {}
    loaded: dict[Path, tuple[bytes, Kind]] = {}
    for path in dict.fromkeys(paths):
        try:
            data = _load(path)
        except Unreadable as trouble:
            found[path] = Opened(path, "empty", findings=(trouble.finding,))
            continue
        loaded[path] = (data, sniff(data))
    foreign = {str(path): entry for path, entry in loaded.items() if entry[1] in TARGETS}
    converted = convert(foreign, cache) if foreign else {}
    for path, (data, kind) in loaded.items():
        found[path] = _open(path, data, kind, converted)
    return {path: found[path] for path in found}


def _load(path: Path) -> bytes:
    megabytes = limit("file", "megabytes")
    try:
        size = path.stat().st_size
        if size > megabytes * 1024 * 1024:
            size_text = f"{size // 1024 // 1024} MB"
            raise Unreadable(faults.TOO_LARGE.at(file=str(path), what="文件", size=size_text, limit=f"{megabytes} MB"))
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(faults.FILE_MISSING.at(file=str(path), name=path.name)) from error
    if not data:
        raise Unreadable(faults.FILE_EMPTY.at(file=str(path)))
    return data


def _open(path: Path, data: bytes, kind: Kind, converted: Mapping[str, bytes | Finding]) -> Opened:
    file = str(path)
    findings: list[Finding] = []
    expected = promised(path)
    if expected and kind not in expected and kind in _READABLE:
        findings.append(faults.EXTENSION_WRONG.at(file=file, extension=path.suffix, found=NAMES[kind]))
    try:
        if kind in TARGETS:
            made = converted[file]
            if isinstance(made, Finding):
                return Opened(path, kind, findings=(*findings, made))
            read = _READERS["docx" if TARGETS[kind] == "docx" else "xlsx"](made, file)
        elif kind in _READERS:
            read = _READERS[kind](data, file)
        elif kind == "json":
            return Opened(path, kind, tables=tuple(read_field_list(data, file)), findings=tuple(findings))
        elif kind == "text":
            read = read_text(data, file, path.stem)
        else:
            return Opened(path, kind, findings=(*findings, _refusal(file, kind)))
    except Unreadable as trouble:
        return Opened(path, kind, findings=(*findings, trouble.finding))
    return Opened(path, kind, grids=tuple(read), findings=tuple(findings))


_READABLE: Sequence[Kind] = (*_READERS, *TARGETS, "text", "json")


def _refusal(file: str, kind: Kind) -> Finding:
    if kind == "encrypted":
        return faults.PASSWORD.at(file=file)
    if kind == "image":
        return faults.IMAGE_ONLY.at(file=file, count=1)
    if kind in ("damaged zip", "damaged ole"):
        return faults.DAMAGED.at(file=file, why=NAMES[kind])
    return faults.FORMAT_UNKNOWN.at(file=file, found=NAMES[kind])
