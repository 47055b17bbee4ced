"""The record stream of Excel 97 files, and formula texts in it, which xlrd passes over ([MS-XLS] 2.4.127, 2.4.277)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

import olefile
import xlrd
from xlrd.biffh import XLRDError
from xlrd.book import Book
from xlrd.formula import FMLA_TYPE_CELL, FMLA_TYPE_SHARED, FormulaError, decompile_formula

_FORMULA, _SHARED, _EOF, _SHEET = 0x0006, 0x04BC, 0x000A, 0x0085
BROKEN = (
    struct.error, IndexError, KeyError, ValueError, TypeError, AttributeError, AssertionError, FormulaError, XLRDError,
    UnicodeError, OverflowError, RecursionError, ZeroDivisionError,
)  # fmt: skip
"""What decompiling raises on odd tokens; such a formula is left out, as xlrd leaves out all of them."""


def open_book(data: bytes, **options: Any) -> Book:
    """Return a workbook (options as xlrd.open_workbook). Raises what xlrd raises, XLRDError when there are no records.

    olefile takes the records out of the compound file: xlrd follows a ring of sectors until memory ends.
    """
    stream = stream_of(data) if data.startswith(olefile.MAGIC) else data
    if not stream:
        raise XLRDError("no workbook in the file")
    return xlrd.open_workbook(file_contents=stream, logfile=io.StringIO(), **options)


def cell_formulas(data: bytes, book: Book, rows: int, most: int) -> list[dict[tuple[int, int], str]]:
    """Return the formulas of every worksheet, in the order of `book.sheets()`: (row, col) from 0 → text without "=".

    data: the file; book: the same file opened by xlrd, whose sheet and name tables the formulas refer to; rows: how
    many rows of a sheet are looked at; most: formulas of a sheet.
    """
    found: list[dict[tuple[int, int], str]] = [{} for _ in range(book.nsheets)]
    stream = stream_of(data) if book.biff_version >= 80 else b""
    for number, start in enumerate(sheet_starts(stream, book)):
        if start is not None:
            found[number] = _formulas(stream, start, book, rows, most)
    return found


def stream_of(data: bytes) -> bytes:
    """Return the stream of records in a file; none where the file is odd."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            for name in ("Workbook", "Book"):
                if container.exists(name):
                    return bytes(container.openstream(name).read())
    except (OSError, *BROKEN):
        return b""
    return b""


def records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield (code, body) of the records from a place on, to the end of their part of the stream."""
    at = start
    while at + 4 <= len(stream):
        code, length = struct.unpack_from("<HH", stream, at)
        yield code, stream[at + 4 : at + 4 + length]
        at += 4 + length
        if code == _EOF:
            return


def sheet_starts(stream: bytes, book: Book) -> list[int | None]:
    """Return where the records of every worksheet begin, in the order of `book.sheets()`."""
    places: dict[str, int] = {}
    for code, body in records(stream, 0):
        if code == _SHEET and len(body) > 8:
            wide = body[7] & 1
            name = body[8 : 8 + body[6] * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1", "replace")
            places[name] = struct.unpack_from("<I", body, 0)[0]
    return [places.get(sheet.name) for sheet in book.sheets()]


def _formulas(stream: bytes, start: int, book: Book, rows: int, most: int) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    waiting: list[tuple[int, int]] = []
    shared: dict[tuple[int, int, int, int], bytes] = {}
    for code, body in records(stream, start):
        try:
            if code == _FORMULA and len(found) < most:
                row, col = struct.unpack_from("<HH", body, 0)
                if row >= rows:
                    continue
                size = struct.unpack_from("<H", body, 20)[0]
                tokens = body[22 : 22 + size]
                if tokens[:1] == b"\x01":
                    waiting.append((row, col))
                else:
                    found[row, col] = text_of(book, tokens, FMLA_TYPE_CELL, row, col)
            elif code == _SHARED:
                top, bottom, left, right = struct.unpack_from("<HHBB", body, 0)
                size = struct.unpack_from("<H", body, 8)[0]
                shared[top, left, bottom, right] = body[10 : 10 + size]
        except BROKEN:
            continue
    for (top, left, bottom, right), tokens in shared.items():
        for row, col in waiting:
            if top <= row <= bottom and left <= col <= right:
                try:
                    found[row, col] = text_of(book, tokens, FMLA_TYPE_SHARED, row, col)
                except BROKEN:
                    continue
    return found


def text_of(book: Book, tokens: bytes, kind: int, row: int, col: int) -> str:
    """Return the text of a formula's tokens at a cell. Raises one of BROKEN for what cannot be told."""
    text = decompile_formula(book, tokens, len(tokens), fmlatype=kind, browx=row, bcolx=col, blah=0)
    if not text:
        raise ValueError("empty formula")
    return str(text)
