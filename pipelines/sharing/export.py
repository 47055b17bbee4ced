"""Writes rows for a department in the format it asked for; the same rows always give the same bytes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.sharing.fill_csv import FORMULA_STARTS, GUARD
from pipelines.sharing.sheet_xml import plain

_FIXED = dt.datetime(2000, 1, 1)
_BATCH = 50_000


def write_csv(rows: pl.LazyFrame, path: Path, title: str) -> None:
    """Write CSV in UTF-8 with a mark, for Excel and WPS; texts that look like formulas get an apostrophe."""
    schema = rows.collect_schema()
    texts = [name for name, kind in schema.items() if kind == pl.String]
    starts = pl.lit("^[" + "".join("\\" + start if start in "=+-@" else start for start in FORMULA_STARTS) + "]")
    guarded = [
        pl.when(pl.col(name).str.contains(starts)).then(pl.concat_str(pl.lit(GUARD), name)).otherwise(name).alias(name)
        for name in texts
    ]
    numbers = [_trimmed(name) for name, kind in schema.items() if kind.is_decimal()]
    rows.with_columns(guarded + numbers).sink_csv(path, include_bom=True)


def write_parquet(rows: pl.LazyFrame, path: Path, title: str) -> None:
    """Write Parquet (zstd)."""
    rows.sink_parquet(path, row_group_size=122_880)


def write_arrow(rows: pl.LazyFrame, path: Path, title: str) -> None:
    """Write an Arrow IPC file."""
    rows.sink_ipc(path)


def write_json(rows: pl.LazyFrame, path: Path, title: str) -> None:
    """Write a JSON array, an object per row and line."""
    with path.open("w", encoding="utf-8") as handle:
        lead = "["
        for row in rows.collect().iter_rows(named=True):
            handle.write(lead + "\n" + json.dumps(row, ensure_ascii=False, default=_json))
            lead = ","
        handle.write("[]\n" if lead == "[" else "\n]\n")


def write_xlsx(rows: pl.LazyFrame, path: Path, title: str) -> None:
    """Write a workbook of one sheet; texts stay texts. Rows are written as they come, memory stays flat."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "in_memory": False})
    book.set_properties({"created": _FIXED, "title": title})
    sheet = book.add_worksheet("数据")
    bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    schema = rows.collect_schema()
    for col, name in enumerate(schema):
        sheet.write_string(0, col, name, bold)
        sheet.set_column(col, col, min(max(len(name) * 2 + 2, 10), 30))
    sheet.freeze_panes(1, 0)
    frame = rows.collect()
    for start in range(0, frame.height, _BATCH):
        for offset, values in enumerate(frame.slice(start, _BATCH).iter_rows()):
            for col, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(start + offset + 1, col, value)
                elif value is not None:
                    sheet.write_number(start + offset + 1, col, float(value))
    book.close()


WRITERS: Mapping[str, Callable[[pl.LazyFrame, Path, str], None]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
    "json": write_json,
    "arrow": write_arrow,
}
"""The formats of a pull."""


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
