"""Text with separators (.csv, .tsv, .txt) in whatever encoding it was written: UTF-8, UTF-16, GB18030."""

from __future__ import annotations

import csv
import io
from pathlib import PurePath

from pipelines.intake.sources.limits import limit
from schemas.faults import Finding
from schemas.faults import intake as faults
from schemas.templates import Cell, Grid


def read_text(data: bytes, file: str) -> list[Grid]:
    """Return the text as one grid named after the file. Rows beyond the limit are left out, with a finding."""
    text, findings = decode(data, file)
    sheet = PurePath(file).stem
    head, wide = limit("sheet", "head_rows"), limit("sheet", "columns")
    lines = text.splitlines(keepends=True)
    reader = csv.reader(io.StringIO("".join(lines[: head * 2]), newline=""), delimiter=_separator(lines[:50]))
    cells: dict[tuple[int, int], Cell] = {}
    row, cols = -1, 0
    try:
        for row, values in enumerate(reader):
            if row >= head:
                findings.append(faults.HEAD_ONLY.at(file=file, sheet=sheet, rows=len(lines), head=head))
                break
            cols = max(cols, min(len(values), wide))
            for col, value in enumerate(values[:wide]):
                if value.strip():
                    cells[row, col] = Cell(row=row, col=col, text=value, value=value)
    except csv.Error as error:
        findings.append(faults.DAMAGED.at(file=file, sheet=sheet, why=str(error)))
    rows = max((at[0] for at in cells), default=-1) + 1
    return [Grid(file, sheet, cells, row_count=rows, col_count=cols, kind="csv", findings=tuple(findings))]


def decode(data: bytes, file: str) -> tuple[str, list[Finding]]:
    """Return the text of bytes, with a finding when no encoding fits. GB18030 holds GBK and GB 2312."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, errors="replace")
            return text, _mojibake(text, file)
    wide = _utf16(data)
    for encoding in (wide,) if wide else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), []
        except UnicodeDecodeError:
            continue
    text = data.decode(wide or "gb18030", errors="replace")
    return text, _mojibake(text, file)


def _utf16(data: bytes) -> str | None:
    head = data[:4096]
    if b"\x00" not in head:
        return None
    return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"


def _mojibake(text: str, file: str) -> list[Finding]:
    count = text.count("\ufffd")
    return [faults.ENCODING.at(file=file, count=count)] if count else []


def _separator(lines: list[str]) -> str:
    """Return the separator that stands equally often on most lines; a comma when none does."""
    best, score = ",", 0.0
    for mark in ",\t;|，":
        counts = [line.count(mark) for line in lines if line.strip()]
        most = max(counts, default=0)
        if most:
            even = sum(count == max(set(counts), key=counts.count) for count in counts) / len(counts)
            if (value := even * min(most, 50)) > score:
                best, score = mark, value
    return best
