"""Some columns of a Parquet file as a file of their own, without decoding: column chunks are copied as they are.

A view's file has the house's key columns in front; a department that may have every row and nothing masked gets the
other columns. Copying what is already encoded costs a read and a write; decoding and encoding a million rows of 20
columns cost twice DuckDB's scan of them. Layout: parquet.thrift of apache/parquet-format.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from pipelines.sharing.thrift import I64, LIST, STRUCT, Struct, read_struct, write_struct

MAGIC = b"PAR1"
_BLOCK = 1 << 20
_SCHEMA, _GROUPS, _KEY_VALUES, _ORDERS = 2, 4, 5, 7
_INDEXES = (4, 5, 6, 7)
"""Places of page indexes in a ColumnChunk; 14 and 15 of its metadata place a Bloom filter. They are left out."""


def copy_columns(source: Path, names: Sequence[str], out: IO[bytes]) -> None:
    """Write the named columns of a Parquet file, all rows, in the order given.

    Raises ValueError when the file is not flat (a nested column has several chunks), KeyError for an unknown column.
    """
    with source.open("rb") as data:
        footer = _footer(data)
        elements: list[Struct] = footer[_SCHEMA][1][1]
        if any(5 in element for element in elements[1:]):
            raise ValueError("nested columns")
        place = {element[4][1].decode(): at for at, element in enumerate(elements[1:])}
        order = [place[name] for name in names]
        written = out.write(MAGIC)
        total = 0
        for group in footer[_GROUPS][1][1]:
            chunks = [group[1][1][1][at] for at in order]
            group[1] = (LIST, (STRUCT, chunks))
            start = written
            for chunk in chunks:
                written = _copy(data, out, chunk, written)
            sizes = [chunk[3][1] for chunk in chunks]
            group[2] = (I64, sum(size[6][1] for size in sizes))
            group.pop(4, None)  # sorting columns are numbered by their place
            group[5], group[6] = (I64, start), (I64, written - start)
            total += written - start
    root = dict(elements[0])
    root[5] = (root[5][0], len(order))
    footer[_SCHEMA] = (LIST, (STRUCT, [root, *(elements[1 + at] for at in order)]))
    footer.pop(_KEY_VALUES, None)  # the writer's own schema, of all columns
    if _ORDERS in footer:
        kind, orders = footer[_ORDERS][1]
        footer[_ORDERS] = (LIST, (kind, [orders[at] for at in order]))
    end = write_struct(footer)
    out.write(end + struct.pack("<I", len(end)) + MAGIC)


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
