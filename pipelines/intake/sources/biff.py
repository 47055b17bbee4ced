"""What xlrd passes over in Excel 97 files: validation lists, formula texts ([MS-XLS] 2.4.91, 2.4.127, 2.4.277)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from xlrd.book import Book
from xlrd.formula import FMLA_TYPE_DATA_VAL, FMLA_TYPE_NAME

from pipelines.biff import BROKEN, cell_formulas, records, sheet_starts, stream_of, text_of
from pipelines.intake.sources.choices import Validation
from pipelines.intake.sources.limits import limit
from schemas.templates import Span

_DV, _LIST = 0x01BE, 3


@dataclass(slots=True)
class Extras:
    """Of one worksheet: validation lists, and formula text by (row, col)."""

    validations: list[Validation] = field(default_factory=list)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)


def extras(data: bytes, book: Book) -> list[Extras]:
    """Return the extras of every worksheet, in the order of `book.sheets()`; empty ones where the stream is odd.

    data: the file; book: the same file opened by xlrd, whose sheet and name tables the formulas refer to.
    """
    found = [
        Extras(formulas=texts)
        for texts in cell_formulas(data, book, limit("sheet", "head_rows"), limit("sheet", "cells"))
    ]
    stream = stream_of(data) if book.biff_version >= 80 else b""
    for number, start in enumerate(sheet_starts(stream, book)):
        if start is not None:
            found[number].validations = _validations(stream, start, book)
    return found


def defined_names(book: Book) -> dict[str, str]:
    """Return the defined names (lower case) with the formula that each stands for; those that are odd are left out."""
    found: dict[str, str] = {}
    for name in book.name_obj_list:
        if name.macro or not name.basic_formula_len:
            continue
        try:
            tokens = name.raw_formula[: name.basic_formula_len]
            found[name.name.lower()] = text_of(book, tokens, FMLA_TYPE_NAME, 0, 0)
        except BROKEN:
            continue
    return found


def _validations(stream: bytes, start: int, book: Book) -> list[Validation]:
    found = []
    for code, body in records(stream, start):
        if code != _DV:
            continue
        try:
            rule = _validation(body, book)
        except BROKEN:
            continue
        if rule is not None:
            found.append(rule)
    return found


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
    return Validation(tuple(ranges), text_of(book, tokens, FMLA_TYPE_DATA_VAL, ranges[0].top, ranges[0].left))
