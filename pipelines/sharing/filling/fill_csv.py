"""Fills a department's .csv template: same encoding, separator and printed lines; rows where it had blanks."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from pipelines.sharing.filling.fill import SheetFill, Value
from pipelines.sharing.filling.fill_docx import shown
from pipelines.sharing.filling.inline import edit_for, home_of
from pipelines.text import position

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"
"""Goes before a text that Excel would take for a formula: a .csv has no cell types."""


def fill_csv(template: bytes, fills: Sequence[SheetFill]) -> bytes:
    """Return the filled file in the template's own encoding (UTF-8 with or without mark, or GB 18030)."""
    encoding = encoding_of(template)
    text = template.decode(encoding)
    line_end = "\r\n" if "\r\n" in text else "\n"
    delimiter = max(",\t;", key=text.count)
    rows = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    for fill in fills:
        for put in fill.puts:
            row, col = position(put.cell)
            if put.value is None:
                continue
            value = guarded(put.value)
            if put.inline is not None or put.options:
                line = rows[row][col:] if row < len(rows) and col < len(rows[row]) else [""]
                col += home_of(line, shown(put.value), put.label, put.inline, put.options)
                printed = _cell(rows, row, col)
                start, end, new = edit_for(printed, shown(put.value), put.label, put.inline, put.options)
                value = printed[:start] + new + printed[end:]
            _set(rows, row, col, value)
        for roster in fill.rosters:
            _write_roster(rows, roster.cells, roster.rows)
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return buffer.getvalue().encode("gb18030" if encoding == "gb18030" else encoding)


def encoding_of(data: bytes) -> str:
    """Return the encoding of a text file: UTF-8 (with its mark, if any) where it reads as such, else GB 18030."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def guarded(value: Value) -> str:
    """Return a value as the text of a .csv field; a text that looks like a formula gets an apostrophe before it."""
    text = shown(value)
    return GUARD + text if isinstance(value, str) and text.startswith(FORMULA_STARTS) else text


def _write_roster(rows: list[list[str]], cells: Sequence[str], values: Sequence[Sequence[Value]]) -> None:
    first = position(cells[0])[0]
    columns = [position(cell)[1] for cell in cells]
    width = max([len(row) for row in rows] + [col + 1 for col in columns])
    last = first - 1
    while last + 1 < len(rows) and all(not cell.strip() or cell.strip().isdigit() for cell in rows[last + 1]):
        last += 1
    blank = max(last - first + 1, 0)
    added = [[""] * width for _ in range(len(values) - blank)]
    rows[first + blank : first + blank] = added
    for index, row_values in enumerate(values):
        for col, value in zip(columns, row_values, strict=True):
            if value is not None:
                _set(rows, first + index, col, guarded(value))


def _cell(rows: list[list[str]], row: int, col: int) -> str:
    return rows[row][col] if row < len(rows) and col < len(rows[row]) else ""


def _set(rows: list[list[str]], row: int, col: int, value: str) -> None:
    while row >= len(rows):
        rows.append([])
    rows[row].extend([""] * (col + 1 - len(rows[row])))
    rows[row][col] = value
