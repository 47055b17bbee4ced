"""Excel 97 workbooks (.xls, .et) through xlrd: values, merges, indents, borders, formats, notes, hidden parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import xlrd
from xlrd.book import Book
from xlrd.formatting import XF
from xlrd.sheet import Sheet

from pipelines.biff import open_book
from pipelines.intake.sources.biff import defined_names, extras
from pipelines.intake.sources.borders import Sides, bordered
from pipelines.intake.sources.choices import with_choices
from pipelines.intake.sources.limits import Unreadable, limit
from pipelines.intake.sources.values import render
from schemas.faults import Finding
from schemas.faults import intake as faults
from schemas.templates import Cell, Grid, Span

_CENTRED = (2, 6)
"""Horizontal alignments of BIFF: centred, centred across the selection."""


def read_xls(data: bytes, file: str) -> list[Grid]:
    """Return a grid per worksheet. Raises Unreadable for a workbook that is encrypted or damaged."""
    book = _open(data, file)
    numbers = range(min(book.nsheets, limit("sheet", "sheets")))
    more = extras(data, book)
    grids = [_grid(book, book.sheet_by_index(number), file, more[number].formulas) for number in numbers]
    if not any(one.validations for one in more):
        return grids
    names = defined_names(book)
    return with_choices(grids, [one.validations for one in more[: len(grids)]], names)


def _open(data: bytes, file: str) -> Book:
    try:
        return open_book(data, formatting_info=True, ragged_rows=True)
    except MemoryError:
        raise
    except Exception as error:  # xlrd does not guard its parser: damaged records surface as whatever Python raises
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise Unreadable(faults.PASSWORD.at(file=file)) from error
        why = str(error)[:80] if isinstance(error, xlrd.XLRDError) else type(error).__name__
        raise Unreadable(faults.DAMAGED.at(file=file, why=why)) from error


def _grid(book: Book, sheet: Sheet, file: str, formulas: Mapping[tuple[int, int], str]) -> Grid:
    head, wide = limit("sheet", "head_rows"), limit("sheet", "columns")
    findings: list[Finding] = []
    spans = [
        Span(top, left, min(bottom, head) - 1, min(right, wide) - 1)
        for top, bottom, left, right in sheet.merged_cells
        if top < head and left < wide and (bottom - top > 1 or right - left > 1) and bottom > top and right > left
    ]
    merges = tuple(sorted(spans, key=lambda span: (span.top, span.left)))
    covered = {
        (r, c)
        for span in merges
        for r in range(span.top, min(span.bottom + 1, sheet.nrows))
        for c in range(span.left, min(span.right + 1, sheet.ncols))
    } - {(span.top, span.left) for span in merges}
    cells: dict[tuple[int, int], Cell] = {}
    sides: dict[tuple[int, int], Sides] = {}
    drawn = {number: edges for number, xf in enumerate(book.xf_list) if (edges := _sides(xf))}
    for row in range(min(sheet.nrows, head)):
        types, values = sheet.row_types(row), sheet.row_values(row)
        for col in range(min(len(types), wide)):
            kind = types[col]
            style = sheet.cell_xf_index(row, col)
            if style in drawn:
                sides[row, col] = drawn[style]
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or (row, col) in covered:
                continue
            cell = _cell(book, row, col, kind, values[col], _xf(book, style), formulas.get((row, col)))
            if cell is not None:
                cells[row, col] = cell
    if sheet.nrows > head:
        findings.append(faults.HEAD_ONLY.at(file=file, sheet=sheet.name, rows=sheet.nrows, head=head))
    if sheet.ncols > wide:
        findings.append(faults.WIDE_ONLY.at(file=file, sheet=sheet.name, cols=sheet.ncols, head=wide))
    comments = {at: note.text for at, note in sheet.cell_note_map.items() if at[0] < head and note.text}
    boxes = bordered(sides, merges, limit("sheet", "choice_cells"))
    rows, cols = _extent(cells, merges, boxes)
    return Grid(
        file=file,
        sheet=sheet.name,
        cells=cells,
        merges=merges,
        row_count=rows,
        col_count=cols,
        is_hidden=bool(sheet.visibility),
        hidden_rows=frozenset(r for r, info in sheet.rowinfo_map.items() if info.hidden and r < head),
        hidden_cols=frozenset(c for c, info in sheet.colinfo_map.items() if info.hidden and c < wide),
        comments=comments,
        bordered=boxes,
        findings=tuple(findings),
    )


def _extent(
    cells: dict[tuple[int, int], Cell], merges: tuple[Span, ...], boxes: frozenset[tuple[int, int]]
) -> tuple[int, int]:
    rows = [r for r, _ in cells] + [span.bottom for span in merges] + [r for r, _ in boxes]
    cols = [c for _, c in cells] + [span.right for span in merges] + [c for _, c in boxes]
    return max(rows, default=-1) + 1, max(cols, default=-1) + 1


def _xf(book: Book, index: int | None) -> XF | None:
    return book.xf_list[index] if index is not None and 0 <= index < len(book.xf_list) else None


def _sides(xf: XF) -> Sides | None:
    border = xf.border
    edges = (
        bool(border.left_line_style),
        bool(border.top_line_style),
        bool(border.right_line_style),
        bool(border.bottom_line_style),
    )
    return edges if any(edges) else None


def _cell(book: Book, row: int, col: int, kind: int, raw: Any, xf: XF | None, formula: str | None) -> Cell | None:
    shape = book.format_map.get(xf.format_key) if xf is not None else None
    pattern = shape.format_str if shape is not None else None
    value: Any = raw
    if kind == xlrd.XL_CELL_DATE:
        try:
            value = xlrd.xldate_as_datetime(raw, book.datemode)
        except (xlrd.XLDateError, ValueError, OverflowError):
            value = raw
    elif kind == xlrd.XL_CELL_BOOLEAN:
        value = bool(raw)
    elif kind == xlrd.XL_CELL_ERROR:
        value = None
    elif kind == xlrd.XL_CELL_NUMBER and raw == int(raw):
        value = int(raw)
    text = render(value, pattern)
    if not text.strip() and formula is None:
        return None
    font = book.font_list[xf.font_index] if xf is not None and xf.font_index < len(book.font_list) else None
    return Cell(
        row=row,
        col=col,
        text=text,
        value=value,
        formula=formula,
        number_format=None if pattern in (None, "General") else pattern,
        indent=xf.alignment.indent_level if xf is not None else 0,
        is_bold=font is not None and font.weight >= 600,
        is_centred=xf is not None and xf.alignment.hor_align in _CENTRED,
    )
