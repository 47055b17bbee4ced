"""A first look into a returned .xlsx before anything reads it: bombs, cells far away, formulas and error values.

Every part is unpacked once, in pieces, and never further than the limits of `schemas/rules/returns.toml`.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pipelines.text import column_letters, position

MEGABYTE = 1 << 20
_SUSPECTS = (b't="e"', b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
"""Cells that hold an error value or a formula, with or without a prefix. Plain searches: a regex takes 5 times."""
_MOST_UNPACKED = 1032
"""How many times its size deflated data can grow (zlib's own limit): small parts need not be tried."""
_FAR = re.compile(rb' r="([A-Z]{3}[0-9]+|[A-Z]{1,2}[0-9]{6,})"(?:[^<>]*[^/<>])?>')
_CELL = re.compile(rb' r="([A-Z]{1,3})([0-9]+)"(?:[^<>]*[^/<>])?>')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
"""What the zip reader raises for packages that are cut off, encrypted, or packed in a way it does not know."""


class TooLarge(Exception):
    """A package that unpacks to more than the limit."""

    def __init__(self, size: str, limit: str) -> None:
        super().__init__(size)
        self.size, self.limit = size, limit


class FarCell(Exception):
    """A sheet with a cell so far away that reading all up to it is not possible."""

    def __init__(self, part: str, cell: str) -> None:
        super().__init__(f"{part} {cell}")
        self.part, self.cell = part, cell


@dataclass(frozen=True, slots=True)
class Formulas:
    """What formulas and error values a sheet has. done: (row, col) of formulas with a result; empty: of the cells whose
    content the fast reader does not give.
    """

    done: tuple[tuple[int, int], ...]
    empty: Mapping[tuple[int, int], str]


def suspects(path: Path, limits: Mapping[str, int]) -> list[str]:
    """Return the worksheet parts that hold formulas or error values.

    Raises TooLarge, FarCell, or one of BROKEN when the package cannot be unpacked.
    """
    with zipfile.ZipFile(path) as package:
        parts = package.infolist()
        total = sum(part.file_size for part in parts)
        if len(parts) > limits["parts"]:
            raise TooLarge(f"{len(parts)} 个部件", f"{limits['parts']} 个")
        if total > limits["total_megabytes"] * MEGABYTE:
            raise TooLarge(f"{total // MEGABYTE} MB", f"{limits['total_megabytes']} MB")
        found = []
        for part in parts:
            is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
            if not is_sheet and part.compress_size * _MOST_UNPACKED <= limits["part_megabytes"] * MEGABYTE:
                continue
            data = _unpacked(package, part, limits["part_megabytes"])
            if is_sheet:
                if _FAR.search(data):
                    _check_extent(part.filename, data, limits["cells"])
                if any(mark in data for mark in _SUSPECTS):
                    found.append(part.filename)
    return found


def _unpacked(package: zipfile.ZipFile, part: zipfile.ZipInfo, megabytes: int) -> bytes:
    limit = megabytes * MEGABYTE
    with package.open(part) as handle:
        data = handle.read(limit + 1)
    if len(data) > limit:
        raise TooLarge(f"{part.file_size // MEGABYTE} MB", f"{megabytes} MB")
    return data


def _check_extent(part: str, data: bytes, limit: int) -> None:
    """Raise FarCell when the rectangle up to the farthest cells with content is beyond the limit."""
    last_row = last_col = 0
    farthest = "A1"
    for match in _CELL.finditer(data):
        row, col = int(match[2]), position(f"{match[1].decode()}1")[1] + 1
        if row > last_row or col > last_col:
            last_row, last_col = max(row, last_row), max(col, last_col)
            farthest = f"{column_letters(col - 1)}{row}"
    if last_row * last_col > limit:
        raise FarCell(part, farthest)


def sheet_parts(path: Path | IO[bytes]) -> dict[str, str]:
    """Return the name of the sheet that each worksheet part holds."""
    from lxml import etree

    with zipfile.ZipFile(path) as package:
        try:
            book = etree.fromstring(package.read("xl/workbook.xml"))
            relations = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        except (KeyError, etree.XMLSyntaxError):
            return {}
    targets = {each.get("Id"): str(each.get("Target") or "") for each in relations}
    found = {}
    for each in book.iter("{*}sheet"):
        target = targets.get(each.get(_RELATION), "")
        found["xl/" + target.removeprefix("/xl/").removeprefix("/")] = str(each.get("name") or "")
    return found


def formulas(path: Path, part: str, no_result: str) -> Formulas:
    """Return the formulas and error values of a worksheet part; an error stands for itself, no result for no_result."""
    from lxml import etree

    done, empty = list[tuple[int, int]](), dict[tuple[int, int], str]()
    with zipfile.ZipFile(path) as package, package.open(part) as handle:
        row, col = 0, -1
        for _, cell in etree.iterparse(handle, events=("end",), tag="{*}c", recover=True):
            row, col = _place(cell, row, col)
            value = cell.find("{*}v")
            is_formula = cell.find("{*}f") is not None
            if cell.get("t") == "e":
                empty[(row, col)] = (value.text if value is not None else "") or no_result
            elif is_formula and (value is None or not value.text):
                empty[(row, col)] = no_result
            elif is_formula:
                done.append((row, col))
            cell.clear()
    return Formulas(tuple(done), empty)


def _place(cell: Any, row: int, col: int) -> tuple[int, int]:
    """Return where a cell stands; one without an address follows the one before it."""
    try:
        return position(cell.get("r") or "")
    except ValueError:
        return row, col + 1
