"""Opens any file as grids: sniffs what it is, hands it to the reader of that format, turns trouble into findings."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.intake.sources.converted import TARGETS, convert
from pipelines.intake.sources.docx import read_docx
from pipelines.intake.sources.field_list import read_field_list
from pipelines.intake.sources.html_table import read_html
from pipelines.intake.sources.limits import Unreadable, limit
from pipelines.intake.sources.sniff import NAMES, Kind, has_macros, promised, sniff
from pipelines.intake.sources.text_table import read_text
from pipelines.intake.sources.values_only import read_values
from pipelines.intake.sources.xls import read_xls
from pipelines.intake.sources.xlsx import read_xlsx
from schemas.faults import Finding
from schemas.faults import intake as faults
from schemas.templates import Grid, TableReading

_READERS: dict[Kind, Callable[[bytes, str], list[Grid]]] = {
    "xlsx": read_xlsx,
    "xls": read_xls,
    "docx": read_docx,
    "html": read_html,
    "text": read_text,
    "xlsb": read_values,
}
_READABLE: Sequence[Kind] = (*_READERS, *TARGETS, "json")


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
    opened = open_files([path])[path]
    if not opened.grids:
        return [Grid(file=str(path), sheet="", cells={}, findings=opened.findings)]
    first = opened.grids[0]
    return [replace(first, findings=opened.findings + first.findings), *opened.grids[1:]]


def open_files(paths: Iterable[Path], cache: Path | None = None) -> dict[Path, Opened]:
    """Return what each file holds, read in this process; files that need LibreOffice are converted together first."""
    chosen = list(dict.fromkeys(paths))
    with tempfile.TemporaryDirectory(prefix="oneform_") as folder:
        converted = convert_files(chosen, Path(folder), cache)
        return {path: open_file(path, converted.get(path)) for path in chosen}


def convert_files(paths: Sequence[Path], folder: Path, cache: Path | None = None) -> dict[Path, Path | Finding]:
    """Convert those of the files that need LibreOffice; return the converted file of each, or why there is none.

    folder: where conversions are put when there is no cache.
    """
    foreign: dict[Path, Kind] = {}
    for path in dict.fromkeys(paths):
        try:
            with path.open("rb") as handle:
                head = handle.read(4096)
            if head.startswith(b"PK") and b"mimetype" not in head[:64]:
                continue  # a package of Office itself: no need to read it twice
            kind = sniff(_load(path)) if head.startswith((b"\xd0\xcf\x11\xe0", b"PK")) else sniff(head)
        except (OSError, Unreadable):
            continue
        if kind in TARGETS:
            foreign[path] = kind
    return convert(foreign, cache / "converted" if cache else folder) if foreign else {}


def open_file(path: Path, converted: Path | Finding | None = None) -> Opened:
    """Return what one file holds. Never raises for what a file contains; a missing file is a finding too.

    converted: of a file that needs LibreOffice, what `convert_files` gave for it.
    """
    file = str(path)
    kind: Kind = "empty"
    findings: list[Finding] = []
    try:
        data = _load(path)
        kind = sniff(data)
        expected = promised(path)
        if expected and kind not in expected and kind in _READABLE:
            findings.append(faults.EXTENSION_WRONG.at(file=file, extension=path.suffix, found=NAMES[kind]))
        if kind == "json":
            return Opened(path, kind, tables=tuple(read_field_list(data, file)), findings=tuple(findings))
        if kind in ("xls", "doc") and has_macros(data):
            findings.append(faults.MACRO.at(file=file))
        return Opened(path, kind, tuple(_grids(data, file, kind, converted)), findings=tuple(findings))
    except Unreadable as trouble:
        return Opened(path, kind, findings=(*findings, trouble.finding))


def _grids(data: bytes, file: str, kind: Kind, converted: Path | Finding | None) -> list[Grid]:
    if kind in TARGETS:
        if isinstance(converted, Path):
            made = _load(converted)
            return (read_docx if TARGETS[kind] == "docx" else read_xlsx)(made, file)
        finding = converted or faults.NO_OFFICE.at(file=file, found=NAMES[kind])
        if kind == "ods":
            first, *rest = read_values(data, file)
            return [replace(first, findings=(replace(finding, severity="warning"), *first.findings)), *rest]
        raise Unreadable(finding)
    if kind in _READERS:
        return _READERS[kind](data, file)
    if kind == "encrypted":
        raise Unreadable(faults.PASSWORD.at(file=file))
    if kind == "image":
        raise Unreadable(faults.IMAGE_ONLY.at(file=file, count=1))
    if kind in ("damaged zip", "damaged ole"):
        raise Unreadable(faults.DAMAGED.at(file=file, why=NAMES[kind]))
    raise Unreadable(faults.FORMAT_UNKNOWN.at(file=file, found=NAMES[kind]))


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
