"""Some columns and rows of a Parquet file as a file of their own; what need not change is copied without decoding.

A view's file has the house's key columns in front and lies sorted by area, so an area is a run of rows. A row group
that lies in the run whole keeps its column chunks as they are; only masked columns, and the groups at the two ends of
the run, are encoded again. Copying what is already encoded costs a read and a write; decoding and encoding a million
rows of 20 columns cost twice DuckDB's scan of them. Layout: parquet.thrift of apache/parquet-format.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pipelines.sharing.thrift import I16, I64, LIST, STRUCT, Struct, read_struct, write_struct

MAGIC = b"PAR1"
_BLOCK = 1 << 20
_SCHEMA, _ROWS, _GROUPS, _KEY_VALUES, _ORDERS = 2, 3, 4, 5, 7
_TYPE, _LENGTH, _REPETITION, _CONVERTED, _LOGICAL = 1, 2, 3, 6, 10
_SAME = (_TYPE, _LENGTH, _REPETITION, _CONVERTED, _LOGICAL, 7, 8)
"""What two files must say alike of a column (7, 8: scale and precision) for their chunks to stand in one file."""
_INDEXES = (4, 5, 6, 7)
"""Places of page indexes in a ColumnChunk; 14 and 15 of its metadata place a Bloom filter. They are left out."""
Encode = Callable[[int, int, Sequence[str]], bytes]
"""(first row, rows, columns) → these rows as a Parquet file of one row group, as they may leave."""


@dataclass(frozen=True)
class _Source:
    """An open Parquet file: its footer, its row groups, and of each column the number and what the schema says."""

    data: IO[bytes]
    footer: Struct
    groups: list[Struct]
    place: dict[str, int]
    elements: list[Struct]

    def chunk(self, group: int, name: str) -> Struct:
        return self.groups[group][1][1][1][self.place[name]]  # type: ignore[no-any-return]

    def said(self, name: str) -> dict[int, Any]:
        element = self.elements[self.place[name]]
        return {key: element[key] for key in _SAME if key in element}


def copy_rows(
    source: Path, names: Sequence[str], out: IO[bytes], span: tuple[int, int], changed: Collection[str], encode: Encode
) -> None:
    """Write the named columns, in the order given, of the rows of a span (first row, number of rows).

    changed: those of the columns whose values do not leave as they are; encode makes them, and all columns of a row
    group that the span cuts. Raises ValueError when the file is not flat (a nested column has several chunks) or encode
    gives a column of another type than the file, KeyError for an unknown column.
    """
    with source.open("rb") as data:
        file = _open(data)
        order = [file.place[name] for name in names]
        written = out.write(MAGIC)
        groups: list[Struct] = []
        for number, first, rows, is_whole in _overlaps(file.groups, span):
            again = [name for name in names if name in changed or not is_whole]
            made = _open(io.BytesIO(encode(first, rows, again))) if again else file
            if any(made.said(name) != file.said(name) for name in again):
                raise ValueError("another type")
            start, chunks = written, []
            for name in names:
                lies_in, group = (made, 0) if name in again else (file, number)
                chunks.append(lies_in.chunk(group, name))
                written = _copy(lies_in.data, out, chunks[-1], written)
            groups.append(_group(file.groups[number], chunks, rows, start, written) | {7: (I16, len(groups))})
        out.write(_end(file, order, groups, span[1]))


def _overlaps(groups: Sequence[Struct], span: tuple[int, int]) -> Iterator[tuple[int, int, int, bool]]:
    """Yield (group, first row, rows, whether these are all of the group's) for the groups that a span meets."""
    begin, end, at = span[0], span[0] + span[1], 0
    for number, group in enumerate(groups):
        rows = int(group[3][1])
        first, last = max(at, begin), min(at + rows, end)
        if first < last:
            yield number, first, last - first, last - first == rows
        at += rows


def _open(data: IO[bytes]) -> _Source:
    footer = _footer(data)
    elements: list[Struct] = footer[_SCHEMA][1][1][1:]
    if any(5 in element for element in elements):
        raise ValueError("nested columns")
    place = {element[4][1].decode(): at for at, element in enumerate(elements)}
    return _Source(data, footer, footer[_GROUPS][1][1], place, elements)


def _group(like: Struct, chunks: Sequence[Struct], rows: int, start: int, end: int) -> Struct:
    group = dict(like)
    group[1] = (LIST, (STRUCT, list(chunks)))
    group[2] = (I64, sum(chunk[3][1][6][1] for chunk in chunks))
    group[3] = (I64, rows)
    group.pop(4, None)  # sorting columns are numbered by their place
    group[5], group[6] = (I64, start), (I64, end - start)
    return group


def _end(file: _Source, order: Sequence[int], groups: Sequence[Struct], rows: int) -> bytes:
    """Return the footer with its length. order: the places of the columns in the file that is copied from."""
    root = dict(file.footer[_SCHEMA][1][1][0])
    root[5] = (root[5][0], len(order))
    elements = [root, *(file.elements[at] for at in order)]
    made = file.footer | {_SCHEMA: (LIST, (STRUCT, elements)), _GROUPS: (LIST, (STRUCT, list(groups)))}
    made[_ROWS] = (I64, rows)
    made.pop(_KEY_VALUES, None)  # the writer's own schema, of all columns
    if _ORDERS in made:
        kind, orders = made[_ORDERS][1]
        made[_ORDERS] = (LIST, (kind, [orders[at] for at in order]))
    end = write_struct(made)
    return end + struct.pack("<I", len(end)) + MAGIC


def _footer(data: IO[bytes]) -> Struct:
    data.seek(-8, 2)
    size, magic = struct.unpack("<I4s", data.read(8))
    if magic != MAGIC:
        raise ValueError("not a Parquet file")
    data.seek(-8 - size, 2)
    return read_struct(data.read(size))[0]


def _copy(data: IO[bytes], out: IO[bytes], chunk: Struct, written: int) -> int:
    """Copy a chunk's pages, put right where its metadata says they are, and return the place after them."""
    about: dict[int, tuple[int, Any]] = chunk[3][1]
    begin = min(about[at][1] for at in (9, 11) if at in about and about[at][1] > 0)
    left, shift = about[7][1], written - begin
    data.seek(begin)
    while left:
        block = data.read(min(_BLOCK, left))
        out.write(block)
        left -= len(block)
    for at in (9, 10, 11):
        if at in about:
            about[at] = (I64, about[at][1] + shift)
    for at in (14, 15):
        about.pop(at, None)
    for at in _INDEXES:
        chunk.pop(at, None)
    chunk[2] = (I64, written)
    return written + int(about[7][1])
