"""What xlrd passes over in Excel 97 files: validation lists, formula texts ([MS-XLS] 2.4.91, 2.4.127, 2.4.277)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile
from xlrd.biffh import XLRDError
from xlrd.book import Book
from xlrd.formula import (
    FMLA_TYPE_CELL,
    FMLA_TYPE_DATA_VAL,
    FMLA_TYPE_NAME,
    FMLA_TYPE_SHARED,
    FormulaError,
    decompile_formula,
)

from pipelines.intake.sources.choices import Validation
from pipelines.intake.sources.limits import limit
from schemas.templates import Span

_FORMULA, _SHARED, _DV, _BOF, _EOF, _SHEET = 0x0006, 0x04BC, 0x01BE, 0x0809, 0x000A, 0x0085
_LIST = 3
_BROKEN = (
    struct.error, IndexError, KeyError, ValueError, TypeError, AttributeError, AssertionError, FormulaError, XLRDError,
    UnicodeError, OverflowError, RecursionError, ZeroDivisionError,
)  # fmt: skip
"""What decompiling raises on odd tokens; such a formula is left out, as xlrd leaves out all of them."""


@dataclass(slots=True)
class Extras:
    """Of one worksheet: validation lists, and formula text by (row, col)."""

    validations: list[Validation] = field(default_factory=list)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)


def extras(data: bytes, book: Book) -> list[Extras]:
    """Return the extras of every worksheet, in the order of `book.sheets()`; empty ones where the stream is odd.

    data: the file; book: the same file opened by xlrd, whose sheet and name tables the formulas refer to.
    """
    found = [Extras() for _ in range(book.nsheets)]
    if book.biff_version < 80:
        return found
    stream = workbook_stream(data)
    for number, start in enumerate(_starts(stream, book)):
        if number < len(found) and start is not None:
            _gather(stream, start, book, found[number])
    return found


def defined_names(book: Book) -> dict[str, str]:
    """Return the defined names (lower case) with the formula that each stands for; those that are odd are left out."""
    found: dict[str, str] = {}
    for name in book.name_obj_list:
        if name.macro or not name.basic_formula_len:
            continue
        try:
            tokens = name.raw_formula[: name.basic_formula_len]
            found[name.name.lower()] = _text(book, tokens, FMLA_TYPE_NAME, 0, 0)
        except _BROKEN:
            continue
    return found


def workbook_stream(data: bytes) -> bytes:
    """Return the workbook's records out of its compound file; empty when there are none, or the file is damaged."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            for name in ("Workbook", "Book"):
                if container.exists(name):
                    return bytes(container.openstream(name).read())
    except (OSError, *_BROKEN):
        return b""
    return b""


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    at = start
    while at + 4 <= len(stream):
        code, length = struct.unpack_from("<HH", stream, at)
        yield code, stream[at + 4 : at + 4 + length]
        at += 4 + length
        if code == _EOF:
            return


def _starts(stream: bytes, book: Book) -> list[int | None]:
    places: dict[str, int] = {}
    for code, body in _records(stream, 0):
        if code == _SHEET and len(body) > 8:
            wide = body[7] & 1
            name = body[8 : 8 + body[6] * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")
            places[name] = struct.unpack_from("<I", body, 0)[0]
    return [places.get(sheet.name) for sheet in book.sheets()]


def _gather(stream: bytes, start: int, book: Book, found: Extras) -> None:
    head, most = limit("sheet", "head_rows"), limit("sheet", "cells")
    waiting: list[tuple[int, int]] = []
    shared: dict[tuple[int, int, int, int], bytes] = {}
    for code, body in _records(stream, start):
        try:
            if code == _DV:
                rule = _validation(body, book)
                if rule is not None:
                    found.validations.append(rule)
            elif code == _FORMULA and len(found.formulas) < most:
                row, col = struct.unpack_from("<HH", body, 0)
                if row >= head:
                    continue
                size = struct.unpack_from("<H", body, 20)[0]
                tokens = body[22 : 22 + size]
                if tokens[:1] == b"\x01":
                    waiting.append((row, col))
                else:
                    found.formulas[row, col] = _text(book, tokens, FMLA_TYPE_CELL, row, col)
            elif code == _SHARED:
                top, bottom, left, right = struct.unpack_from("<HHBB", body, 0)
                size = struct.unpack_from("<H", body, 8)[0]
                shared[top, left, bottom, right] = body[10 : 10 + size]
        except _BROKEN:
            continue
    for (top, left, bottom, right), tokens in shared.items():
        for row, col in waiting:
            if top <= row <= bottom and left <= col <= right:
                try:
                    found.formulas[row, col] = _text(book, tokens, FMLA_TYPE_SHARED, row, col)
                except _BROKEN:
                    continue


def _text(book: Book, tokens: bytes, kind: int, row: int, col: int) -> str:
    text = decompile_formula(book, tokens, len(tokens), fmlatype=kind, browx=row, bcolx=col, blah=0)
    if not text:
        raise ValueError("empty formula")
    return str(text)


def _validation(body: bytes, book: Book) -> Validation | None:
    flags = struct.unpack_from("<I", body, 0)[0]
    if flags & 0xF != _LIST:
        return None
    at = 4
    for _ in range(4):  # prompt title, error title, prompt, error
        count, wide = struct.unpack_from("<HB", body, at)
        at += 3 + count * (2 if wide & 1 else 1)
    size = struct.unpack_from("<H", body, at)[0]
    tokens = body[at + 4 : at + 4 + size]
    at += 4 + size
    at += 4 + struct.unpack_from("<H", body, at)[0]
    count = struct.unpack_from("<H", body, at)[0]
    ranges = []
    for number in range(count):
        top, bottom, left, right = struct.unpack_from("<4H", body, at + 2 + 8 * number)
        ranges.append(Span(top, left, bottom, right))
    if not ranges:
        return None
    if tokens[:1] == b"\x17":
        wide = tokens[2] & 1
        raw = tokens[3 : 3 + tokens[1] * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")
        return Validation(tuple(ranges), '"' + raw.replace("\x00", ",").replace('"', '""') + '"')
    return Validation(tuple(ranges), _text(book, tokens, FMLA_TYPE_DATA_VAL, ranges[0].top, ranges[0].left))
