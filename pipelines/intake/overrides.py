"""What a steward rules about one template, as data: `rules/templates/<department>/<template>.toml` in the workspace.

template_hash = "3f1c…"              # sha256 of the template it was written for

[[table]]
sheet = "Sheet1"
range = "A3:H30"                     # only these cells are a table
header_rows = [3, 5]                 # first and last row of the header
title = "…"                          # or form_code, issuing_body, approval_no, valid_until, period, unit, layout
roles = { B6 = "meta" }              # role of the field whose value goes to this cell
paths = { C6 = ["人数", "女"] }      # header path of that field
is_form = false                      # the sheet asks for nothing
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

from pipelines.intake.sources import Opened
from pipelines.text import position
from schemas.faults import Finding
from schemas.faults import intake as faults
from schemas.templates import Grid, Layout, Role, Span, TableReading

_FRAME = ("title", "form_code", "issuing_body", "approving_body", "approval_no", "valid_until", "period", "unit")
_KEYS = {"sheet", "range", "header_rows", "layout", "roles", "paths", "is_form", *_FRAME}


@dataclass(frozen=True, slots=True)
class Overrides:
    """A ruling file: its name, its bytes (part of the key of kept readings)."""

    name: str
    source: bytes


def find_overrides(path: Path, rules: Path | None) -> Overrides | None:
    """Return the ruling on a template: in the folder of its department, named after the file or its stem."""
    if rules is None:
        return None
    folder = rules / "templates" / path.parent.name
    for name in (f"{path.name}.toml", f"{path.stem}.toml"):
        if (folder / name).is_file():
            return Overrides(f"{path.parent.name}/{name}", (folder / name).read_bytes())
    return None


def apply(ruling: Overrides, opened: Opened, read: Callable[[Opened], list[TableReading]]) -> list[TableReading]:
    """Return the readings of a file under a ruling. One written for another version of the template is not applied.

    read: reads an opened file's tables. Findings say what was applied (info) and what could not be (warning).
    """
    file = str(opened.path)
    try:
        content = tomllib.loads(ruling.source.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return _told(read(opened), [_unfit(ruling, file, "TOML", str(error)[:80])])
    if content.get("template_hash") != sha256(opened.path.read_bytes()).hexdigest():
        return _told(read(opened), [faults.OVERRIDE_STALE.at(file=file, name=ruling.name)])
    tables = content.get("table", [])
    findings = [faults.OVERRIDE_USED.at(file=file, name=ruling.name)]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return _told(read(opened), [_unfit(ruling, file, "table", "应写成 [[table]]")])
    sheets = {grid.sheet for grid in opened.grids} | {table.sheet for table in opened.tables}
    for table in tables:
        findings += [_unfit(ruling, file, key, "没有这一项") for key in sorted(set(table) - _KEYS)]
        if table.get("sheet") not in sheets:
            findings.append(_unfit(ruling, file, "sheet", f"没有工作表“{table.get('sheet')}”"))
    found: list[TableReading] = []
    for grid in opened.grids:
        ruled = [table for table in tables if table.get("sheet") == grid.sheet]
        if not ruled:
            found += read(replace(opened, grids=(grid,), findings=()))
        for table in ruled:
            found += _ruled(ruling, table, grid, opened, read, findings)
    if not opened.grids:
        found = read(opened)
    return _told(found, [*opened.findings, *findings])


def _ruled(
    ruling: Overrides,
    table: dict[str, Any],
    grid: Grid,
    opened: Opened,
    read: Callable[[Opened], list[TableReading]],
    findings: list[Finding],
) -> list[TableReading]:
    if table.get("is_form") is False:
        return [TableReading(file=grid.file, sheet=grid.sheet, findings=grid.findings)]
    shaped = grid
    try:
        if "range" in table:
            shaped = cropped(shaped, str(table["range"]))
        if "header_rows" in table:
            first, last = (int(row) - 1 for row in table["header_rows"])
            shaped = with_header(shaped, first, last)
    except (ValueError, TypeError) as error:
        findings.append(_unfit(ruling, grid.file, "range / header_rows", str(error)))
    tables = read(replace(opened, grids=(shaped,), findings=()))
    first_table = tables[0]
    frame = {key: str(table[key]) for key in _FRAME if key in table}
    if table.get("layout") in get_args(Layout):
        frame["layout"] = table["layout"]
    return [_corrected(ruling, table, replace(first_table, **frame), findings), *tables[1:]]  # type: ignore[arg-type]


def _corrected(
    ruling: Overrides, table: dict[str, Any], reading: TableReading, findings: list[Finding]
) -> TableReading:
    fields = {field.cell: field for field in reading.fields if field.inline is None}
    for key in ("roles", "paths"):
        for cell, value in dict(table.get(key, {})).items():
            if cell not in fields:
                findings.append(_unfit(ruling, reading.file, key, f"{cell} 不是栏目的填写单元格"))
            elif key == "roles" and value in get_args(Role):
                fields[cell] = replace(fields[cell], role=value)
            elif key == "paths" and isinstance(value, list) and value:
                fields[cell] = replace(fields[cell], path=tuple(str(part) for part in value))
            else:
                findings.append(_unfit(ruling, reading.file, key, f"{cell} 的值“{value}”不认识"))
    return replace(
        reading, fields=tuple(field if field.inline is not None else fields[field.cell] for field in reading.fields)
    )


def cropped(grid: Grid, cells: str) -> Grid:
    """Return the grid with nothing but the cells of a range ("A3:H30"). Raises ValueError when it is no range."""
    corners = cells.split(":")
    (top, left), (bottom, right) = position(corners[0]), position(corners[-1])

    def inside(at: tuple[int, int]) -> bool:
        return top <= at[0] <= bottom and left <= at[1] <= right

    kept = {at: cell for at, cell in grid.cells.items() if inside(at)}
    merges = tuple(
        Span(span.top, span.left, min(span.bottom, bottom), min(span.right, right))
        for span in grid.merges
        if inside((span.top, span.left))
    )
    return replace(
        grid,
        cells=kept,
        merges=merges,
        row_count=min(grid.row_count, bottom + 1),
        col_count=min(grid.col_count, right + 1),
        bordered=frozenset(at for at in grid.bordered if inside(at)),
    )


def with_header(grid: Grid, first: int, last: int) -> Grid:
    """Return the grid with its header made to end in row `last` (from 0).

    Each column's lowest label reaches down to that row; what stands in the row below is sample data and left out.
    Raises ValueError when the rows are not in the grid.
    """
    if not 0 <= first <= last < max(grid.row_count, 1):
        raise ValueError(f"header_rows {first + 1}…{last + 1} 不在表内")
    owner: dict[tuple[int, int], Span] = {}
    for span in grid.merges:
        for row in range(max(span.top, first), min(span.bottom, last) + 1):
            for col in range(span.left, min(span.right, grid.col_count) + 1):
                owner[row, col] = span
    merges = set(grid.merges)
    done: set[tuple[int, int]] = set()
    for col in range(grid.col_count):
        for row in range(last, first - 1, -1):
            span = owner.get((row, col), Span(row, col, row, col))
            at = (span.top, span.left)
            if at not in grid.cells:
                continue
            if at not in done and span.bottom < last:
                merges.discard(span)
                merges.add(Span(span.top, span.left, last, span.right))
            done.add(at)
            break
    below = {at: cell for at, cell in grid.cells.items() if at[0] != last + 1}
    return replace(grid, cells=below, merges=tuple(sorted(merges, key=lambda span: (span.top, span.left))))


def _told(tables: list[TableReading], findings: list[Finding]) -> list[TableReading]:
    return [replace(tables[0], findings=(*findings, *tables[0].findings)), *tables[1:]]


def _unfit(ruling: Overrides, file: str, key: str, why: str) -> Finding:
    return faults.OVERRIDE_UNFIT.at(file=file, name=ruling.name, key=key, why=why)
