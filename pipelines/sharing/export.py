"""Writes rows for a department in the format it asked for; the same rows always give the same bytes.

What can be written some rows at a time is, so that a million of them need no more memory than a hundred thousand.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

import polars as pl

from pipelines.sharing.filling.fill_csv import FORMULA_STARTS, GUARD
from pipelines.sharing.filling.sheet_xml import plain

_FIXED = dt.datetime(2000, 1, 1)
_STREAMED = 10_000
"""Rows of a batch of an Arrow stream."""
_SHEET_ROWS = 1_048_575
"""Rows of a sheet below its header: Excel's limit."""
ROW_GROUP = 16_384
"""Rows of a row group of a Parquet file: a page of a thousand rows decodes one or two groups."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Rows that may leave: as a whole, to be read where they are needed, and in their order some at a time (once)."""

    whole: pl.LazyFrame
    parts: Iterable[pl.DataFrame]


class HashedFile:
    """A file that is only written from its beginning to its end, and knows the hash of what was written."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._hash = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, data: bytes) -> int:
        """Write bytes and return how many."""
        self._hash.update(data)
        return self._file.write(data)

    closed = False
    """Libraries ask before they write; the file is closed where it was opened."""

    def close(self) -> None:
        """Do nothing: a library that is done may say so."""

    def flush(self) -> None:
        """Hand what was written to the system."""
        self._file.flush()

    def hexdigest(self) -> str:
        """Return the SHA-256 of what was written."""
        return self._hash.hexdigest()


def write_csv(rows: Leaving, out: HashedFile, title: str) -> None:
    """Write CSV in UTF-8 with a mark, for Excel and WPS; texts that look like formulas get an apostrophe."""
    schema = rows.whole.collect_schema()
    texts = [name for name, kind in schema.items() if kind == pl.String]
    starts = pl.lit("^[" + "".join("\\" + start if start in "=+-@" else start for start in FORMULA_STARTS) + "]")
    guarded = [
        pl.when(pl.col(name).str.contains(starts)).then(pl.concat_str(pl.lit(GUARD), name)).otherwise(name).alias(name)
        for name in texts
    ]
    numbers = [_trimmed(name) for name, kind in schema.items() if kind.is_decimal()]
    pl.DataFrame(schema=schema).write_csv(cast("IO[bytes]", out), include_bom=True)
    for part in rows.parts:
        part.with_columns(guarded + numbers).write_csv(cast("IO[bytes]", out), include_header=False)


def write_parquet(rows: Leaving, out: HashedFile, title: str) -> None:
    """Write Parquet (zstd)."""
    rows.whole.sink_parquet(cast("IO[bytes]", out), row_group_size=ROW_GROUP)


def one_group(rows: pl.DataFrame) -> bytes:
    """Return rows as a Parquet file (zstd) of one row group."""
    out = io.BytesIO()
    rows.rechunk().write_parquet(out, row_group_size=max(rows.height, 1))
    return out.getvalue()


def write_arrow(rows: Leaving, out: HashedFile, title: str) -> None:
    """Write an Arrow IPC file; zstd, because hashing and moving what is not compressed costs more."""
    rows.whole.sink_ipc(cast("IO[bytes]", out), compression="zstd")


def write_stream(rows: Leaving, out: HashedFile, title: str) -> None:
    """Write an Arrow IPC stream, batch by batch: a reader can begin before the end has come."""
    import pyarrow as pa

    nothing = _arrow(pl.DataFrame(schema=rows.whole.collect_schema()))
    packed = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(cast(Any, out), nothing.schema, options=packed) as writer:
        for part in rows.parts:
            writer.write_table(_arrow(part), max_chunksize=_STREAMED)


def write_json(rows: Leaving, out: HashedFile, title: str) -> None:
    """Write a JSON array, an object per row and line."""
    lead = "["
    for part in rows.parts:
        lines = []
        for row in part.iter_rows(named=True):
            lines.append(lead + "\n" + json.dumps(row, ensure_ascii=False, default=_json))
            lead = ","
        out.write("".join(lines).encode())
    out.write(b"[]\n" if lead == "[" else b"\n]\n")


def write_xlsx(rows: Leaving, out: HashedFile, title: str) -> None:
    """Write a workbook, a sheet per million rows; texts stay texts."""
    import xlsxwriter

    with tempfile.NamedTemporaryFile(suffix=".xlsx") as aside:
        book = xlsxwriter.Workbook(aside.name, {"constant_memory": True, "in_memory": False})
        book.set_properties({"created": _FIXED, "title": title})
        bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        schema = rows.whole.collect_schema()
        sheet, row_no = _sheet(book, schema, bold), 0
        for part in rows.parts:
            for values in part.iter_rows():
                if row_no == _SHEET_ROWS:
                    sheet, row_no = _sheet(book, schema, bold), 0
                row_no += 1
                for col, value in enumerate(values):
                    if isinstance(value, str):
                        sheet.write_string(row_no, col, value)
                    elif value is not None:
                        sheet.write_number(row_no, col, float(value))
        book.close()
        while block := aside.read(1 << 20):
            out.write(block)


def _arrow(part: pl.DataFrame) -> Any:
    return part.to_arrow(compat_level=pl.CompatLevel.oldest())


def _sheet(book: Any, schema: pl.Schema, bold: Any) -> Any:
    count = len(book.worksheets())
    sheet = book.add_worksheet("数据" if not count else f"数据{count + 1}")
    for col, name in enumerate(schema):
        sheet.set_column(col, col, min(max(len(name) * 2 + 2, 10), 30))
        sheet.write_string(0, col, name, bold)
    sheet.freeze_panes(1, 0)
    return sheet


WRITERS: Mapping[str, Callable[[Leaving, HashedFile, str], None]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
    "json": write_json,
    "arrow": write_arrow,
    "arrows": write_stream,
}
"""The formats of a pull; arrow is Arrow's file, arrows its stream."""


def _trimmed(name: str) -> pl.Expr:
    """Return a decimal column as text without trailing zeros."""
    text = pl.col(name).cast(pl.String)
    return (
        pl.when(text.str.contains(".", literal=True))
        .then(text.str.strip_chars_end("0").str.strip_chars_end("."))
        .otherwise(text)
        .alias(name)
    )


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        text = plain(value)
        return int(text) if "." not in text else float(text)
    return str(value)
