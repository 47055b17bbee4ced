"""Values without looks, through calamine: .xlsb, and .ods where LibreOffice is not installed."""

from __future__ import annotations

import io

from python_calamine import CalamineError, CalamineWorkbook

from pipelines.intake.sources.limits import Unreadable, limit
from pipelines.intake.sources.values import render
from schemas.faults import intake as faults
from schemas.templates import Cell, Grid, Span


def read_values(data: bytes, file: str) -> list[Grid]:
    """Return a grid per worksheet: values, and merges where the format tells. Raises Unreadable when damaged."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names[: limit("sheet", "sheets")]
        return [_grid(book, name, file) for name in names]
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable(faults.DAMAGED.at(file=file, why=str(error)[:80])) from error


def _grid(book: CalamineWorkbook, name: str, file: str) -> Grid:
    head, wide = limit("sheet", "head_rows"), limit("sheet", "columns")
    sheet = book.get_sheet_by_name(name)
    cells: dict[tuple[int, int], Cell] = {}
    for row, values in enumerate(sheet.to_python(skip_empty_area=False, nrows=head)):
        for col, value in enumerate(values[:wide]):
            text = render(value)
            if text.strip():
                cells[row, col] = Cell(row=row, col=col, text=text, value=value)
    merges = tuple(
        Span(top, left, min(bottom, head - 1), right)
        for (top, left), (bottom, right) in sorted(sheet.merged_cell_ranges or ())
        if top < head
    )
    rows = max([at[0] for at in cells] + [span.bottom for span in merges], default=-1) + 1
    cols = max([at[1] for at in cells] + [span.right for span in merges], default=-1) + 1
    return Grid(file, name, cells, merges, rows, cols)
