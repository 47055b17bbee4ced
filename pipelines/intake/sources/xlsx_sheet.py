"""One worksheet's XML as raw cells, merged ranges, hidden parts and validation lists; large sheets from their head."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from pipelines.intake.sources.choices import Validation
from pipelines.intake.sources.limits import Unreadable, limit
from pipelines.intake.sources.package import BROKEN, Package, parse
from pipelines.intake.sources.xlsx_formulas import area, moved
from pipelines.intake.sources.xlsx_strings import rich_text
from pipelines.text import position
from schemas.faults import intake as faults
from schemas.templates import Span

_WHOLE = 2 * 1024 * 1024
"""Sheets up to this size are parsed at once; a 2 MB sheet holds about 30,000 cells."""
_CHUNK = 1024 * 1024
_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_END = re.compile(rb"</(?:\w+:)?sheetData\s*>")
_ROW_END = re.compile(rb"</(?:\w+:)?row\s*>|<(?:\w+:)?row\b[^>]*/>")


_CELL = re.compile(rb"<c[\s>/]")
_PLACED = re.compile(rb'<c r="[A-Z]')
_BLANK = re.compile(rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,6})")?\s*/>')
"""A cell that holds nothing, as every writer we know prints it; the first two count whether all cells say where."""


class RawCell(NamedTuple):
    """A cell as it stands in the XML. kind: the `t` attribute; text: content of `v` or inline text; style: `s`."""

    row: int
    col: int
    kind: str
    text: str | None
    style: int
    formula: str | None = None


@dataclass(slots=True)
class RawSheet:
    """A worksheet before strings and styles are known. blanks: row, column and style of cells that hold nothing."""

    cells: list[RawCell] = field(default_factory=list)
    blanks: list[tuple[int, int, int]] = field(default_factory=list)
    merges: list[Span] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    validations: list[Validation] = field(default_factory=list)
    rows: int = 0
    cols: int = 0
    declared_rows: int = 0
    last_string: int = -1
    is_cut: bool = False


def read_sheet(package: Package, part: str) -> RawSheet:
    """Return a worksheet part, at most the declared number of rows, columns and cells of it."""
    size = package.size(part)
    data = package.read(part) if size <= _WHOLE else _head(package, part)
    sheet = RawSheet(is_cut=size > _WHOLE and data.endswith(b"<!-- cut -->"))
    data = _take_blanks(data, sheet)
    root = parse(data, package.file, part)
    ns = root.tag[: root.tag.find("}") + 1]
    for child in root:
        tag = child.tag[len(ns) :] if isinstance(child.tag, str) else ""
        if tag == "sheetData":
            _rows(child, ns, sheet)
        elif tag == "cols":
            _columns(child, sheet)
        elif tag == "mergeCells":
            _merges(child, sheet)
        elif tag == "dimension":
            reach = area(child.get("ref") or "")
            sheet.declared_rows = reach.bottom + 1 if reach else 0
        elif tag in ("dataValidations", "extLst"):
            sheet.validations += _validations(child)
    return sheet


def _take_blanks(data: bytes, sheet: RawSheet) -> bytes:
    """Return the XML without the cells that hold nothing, which go to the sheet's blanks.

    A template has ten of them for one that is printed; a pattern takes them in a fifth of the time of the parser.
    """
    found = _BLANK.findall(data)
    if not found or len(_CELL.findall(data)) != len(_PLACED.findall(data)):
        return data
    head, wide, most = limit("sheet", "head_rows"), limit("sheet", "columns"), limit("sheet", "cells")
    cols = {letters: _column(letters.decode("ascii")) for letters in {one[0] for one in found}}
    sheet.cols = max(cols.values()) + 1
    sheet.blanks = [
        (row - 1, cols[letters], int(style or 0))
        for letters, digits, style in found
        if (row := int(digits)) <= head and cols[letters] < wide
    ][:most]
    return _BLANK.sub(b"", data)


def _head(package: Package, part: str) -> bytes:
    """Return the sheet's XML without the rows beyond the limit: its head, and what follows the rows.

    The rows in between are unpacked (merged ranges and validations stand behind them) but neither kept nor parsed.
    """
    rows, ceiling = limit("sheet", "head_rows"), limit("package", "part_megabytes") * 1024 * 1024
    try:
        with package.archive.open(package.names[part.lower()]) as handle:
            head = b""
            while True:
                chunk = handle.read(_CHUNK)
                head += chunk
                if not chunk:
                    return head
                starts = [match.start() for match in _ROW.finditer(head)]
                if len(starts) > rows:
                    break
                if len(head) > ceiling:
                    raise _too_large(package, part, ceiling)
            cut, rest = head[: starts[rows]], head[starts[rows] :]
            tail = b""
            while True:
                found = _END.search(rest)
                if found is not None:
                    tail = rest[found.start() :]
                    break
                chunk = handle.read(_CHUNK)
                if not chunk:
                    return cut + _closing(cut)
                rest = rest[-64:] + chunk
            while chunk := handle.read(_CHUNK):
                tail += chunk
                if len(tail) > ceiling:
                    raise _too_large(package, part, ceiling)
            return cut + tail + b"<!-- cut -->"
    except (*BROKEN, zlib.error) as error:
        raise Unreadable(faults.DAMAGED.at(file=package.file, why=f"部件“{part}”解不开")) from error


def _too_large(package: Package, part: str, ceiling: int) -> Unreadable:
    size = f"{ceiling // 1024 // 1024} MB"
    return Unreadable(faults.TOO_LARGE.at(file=package.file, what=f"部件“{part}”", size=f"超过 {size}", limit=size))


def _closing(head: bytes) -> bytes:
    match = re.search(rb"<(\w+:)?worksheet\b", head)
    prefix = (match[1] or b"") if match else b""
    return b"</" + prefix + b"sheetData></" + prefix + b"worksheet><!-- cut -->"


def _rows(data: etree._Element, ns: str, sheet: RawSheet) -> None:
    head, wide, most = limit("sheet", "head_rows"), limit("sheet", "columns"), limit("sheet", "cells")
    cell_tag, value_tag, formula_tag, inline_tag = f"{ns}c", f"{ns}v", f"{ns}f", f"{ns}is"
    shared: dict[str, tuple[int, int, str]] = {}
    cells, blanks = sheet.cells, sheet.blanks
    row = -1
    for node in data:
        number = node.get("r")
        row = int(number) - 1 if number and number.isdecimal() else row + 1
        if row >= head or len(cells) + len(blanks) >= most:
            sheet.is_cut = True
            break
        if node.get("hidden") in ("1", "true"):
            sheet.hidden_rows.add(row)
        col = -1
        for cell in node:
            if cell.tag != cell_tag:
                continue
            place = cell.get("r")
            col = _column(place.rstrip("0123456789")) if place else col + 1
            if col < 0 or col >= wide:
                sheet.cols = max(sheet.cols, col + 1)
                continue
            style = cell.get("s") or "0"
            look = int(style) if style.isdecimal() else 0
            if not len(cell):
                blanks.append((row, col, look))
                continue
            kind = cell.get("t") or "n"
            text = formula = None
            for part in cell:
                if part.tag == value_tag:
                    text = part.text
                elif part.tag == formula_tag:
                    formula = _formula(part, row, col, shared)
                elif part.tag == inline_tag:
                    text = rich_text(part, ns)
            if kind == "s" and text is not None and text.isdecimal():
                sheet.last_string = max(sheet.last_string, int(text))
            cells.append(RawCell(row, col, kind, text, look, formula))
        sheet.cols = max(sheet.cols, col + 1)
    sheet.rows = row + 1


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    """Return the column of its letters, -1 when they are none."""
    try:
        return position(letters + "1")[1]
    except ValueError:
        return -1


def _formula(node: etree._Element, row: int, col: int, shared: dict[str, tuple[int, int, str]]) -> str | None:
    text = node.text
    number = node.get("si")
    if node.get("t") == "shared" and number is not None:
        if text:
            shared[number] = (row, col, text)
        elif number in shared:
            top, left, first = shared[number]
            text = moved(first, row - top, col - left)
    return text or None


def _columns(node: etree._Element, sheet: RawSheet) -> None:
    wide = limit("sheet", "columns")
    for child in node:
        first, last = child.get("min") or "", child.get("max") or ""
        if child.get("hidden") in ("1", "true") and first.isdecimal() and last.isdecimal():
            sheet.hidden_cols.update(range(int(first) - 1, min(int(last), wide)))


def _merges(node: etree._Element, sheet: RawSheet) -> None:
    head, wide = limit("sheet", "head_rows"), limit("sheet", "columns")
    for child in node:
        found = area(child.get("ref") or "")
        if found is None or found.top >= head or found.left >= wide:
            continue
        if found.bottom > found.top or found.right > found.left:
            sheet.merges.append(Span(found.top, found.left, min(found.bottom, head - 1), min(found.right, wide - 1)))
    sheet.merges.sort(key=lambda span: (span.top, span.left))


def _validations(node: etree._Element) -> Iterator[Validation]:
    for rule in node.iter("{*}dataValidation"):
        if rule.get("type") != "list":
            continue
        source = places = ""
        for child in rule:
            tag = child.tag.rsplit("}", 1)[-1] if isinstance(child.tag, str) else ""
            if tag == "formula1":
                source = "".join(map(str, child.itertext()))
            elif tag == "sqref":
                places = child.text or ""
        found = [area(place) for place in (rule.get("sqref") or places).split()]
        ranges = tuple(Span(one.top, one.left, one.bottom, one.right) for one in found if one is not None)
        if source.strip() and ranges:
            yield Validation(ranges, source)
