"""Validation lists as the choices that a clerk sees: written in place, on a (hidden) code sheet, behind a name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.intake.sources.limits import limit
from pipelines.intake.sources.xlsx_formulas import Area, area
from pipelines.text import address
from schemas.faults import Finding
from schemas.faults import intake as faults
from schemas.templates import Grid, Span

_OFFSET = re.compile(r"^=?OFFSET\(([^,()]+),", re.IGNORECASE)
_BELOW = 20
"""Rows below the used range for which choices are listed: a template's data rows are often blank and unformatted."""


@dataclass(frozen=True, slots=True)
class Validation:
    """A validation list: where it applies, and the formula its entries come from (without "=")."""

    ranges: tuple[Span, ...]
    source: str


def with_choices(
    grids: Sequence[Grid], validations: Sequence[Sequence[Validation]], names: Mapping[str, str]
) -> list[Grid]:
    """Return the grids with the choices of their cells. validations: per grid; names: defined names, lower case."""
    sheets = {grid.sheet.lower(): grid for grid in grids}
    return [
        _grid(grid, found, sheets, names) if found else grid for grid, found in zip(grids, validations, strict=True)
    ]


def _grid(grid: Grid, validations: Sequence[Validation], sheets: Mapping[str, Grid], names: Mapping[str, str]) -> Grid:
    cells, listed = dict(grid.cells), dict(grid.choices_by_cell)
    findings: list[Finding] = list(grid.findings)
    most = limit("sheet", "choice_cells")
    for validation in validations:
        entries = _entries(validation.source, grid, sheets, names, 0)
        if not entries:
            top = next(iter(validation.ranges), None)
            place = address(top.top, top.left) if top else ""
            findings.append(
                faults.CHOICES_UNRESOLVED.at(
                    file=grid.file, sheet=grid.sheet, cell=place, source=validation.source[:80]
                )
            )
            continue
        for span in validation.ranges:
            for row in range(span.top, min(span.bottom, max(grid.row_count, span.top) + _BELOW) + 1):
                for col in range(span.left, min(span.right, max(grid.col_count, span.left)) + 1):
                    if len(listed) >= most:
                        break
                    listed[row, col] = entries
                    if (row, col) in cells:
                        cells[row, col] = replace(cells[row, col], choices=entries)
    return replace(grid, cells=cells, choices_by_cell=listed, findings=tuple(findings))


def _entries(
    source: str, grid: Grid, sheets: Mapping[str, Grid], names: Mapping[str, str], depth: int
) -> tuple[str, ...]:
    text = source.strip().removeprefix("=").strip()
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        entries = [entry.strip() for entry in text[1:-1].replace('""', '"').split(",")]
        return tuple(entry for entry in entries if entry)[: limit("sheet", "choices")]
    place = area(text)
    if place is None and (match := _OFFSET.match(text)):
        start = area(match[1])
        place = Area(start.sheet, start.top, start.left, start.top + 5000, start.left) if start else None
    if place is not None:
        other = sheets.get(place.sheet.lower()) if place.sheet else grid
        return _values(other, place) if other is not None else ()
    key = text.lower()
    if depth < 5 and key in names:
        return _entries(names[key], grid, sheets, names, depth + 1)
    return ()


def _values(grid: Grid, place: Area) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for row in range(place.top, min(place.bottom, grid.row_count) + 1):
        for col in range(place.left, min(place.right, grid.col_count) + 1):
            cell = grid.cells.get((row, col))
            if cell is not None and cell.text.strip():
                found[cell.text.strip()] = None
    return tuple(found)[: limit("sheet", "choices")]
