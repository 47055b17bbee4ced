"""续表 that a document prints as tables of their own: read as one table with the table that they continue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.intake.wording.vocabulary import words
from pipelines.text import address, position, squeeze
from schemas.faults import layout as faults
from schemas.templates import Check, FieldReading, Grid, Span, TableReading

_FRAME = ("title", "form_code", "issuing_body", "approving_body", "approval_no", "valid_until", "period", "unit")


@dataclass(frozen=True, slots=True)
class Part:
    """One of the tables that were joined: its sheet, and the row of the whole at which it begins."""

    sheet: str
    top: int


@dataclass(frozen=True, slots=True)
class Joined:
    """A grid to understand. parts: the tables in it, one for most; continues: 续表 that could not be joined.

    is_under: no line of text stands between it and the table before. is_later: a document's table after another.
    """

    grid: Grid
    parts: tuple[Part, ...]
    continues: bool = False
    is_under: bool = False
    is_later: bool = False


def join(grids: Sequence[Grid]) -> list[Joined]:
    """Return the grids with every 续表 under the table that it continues, where both have the same columns."""
    found: list[Joined] = []
    for grid in grids:
        marked = bool(found) and _is_marked(found[-1].grid, grid)
        is_under = bool(found) and _is_under(found[-1].grid, grid)
        continues = marked or (is_under and len(_row(grid, 0)) > 1)
        if marked and (whole := _stack(found[-1].grid, grid)) is not None:
            top = whole.row_count - grid.row_count
            found[-1] = replace(found[-1], grid=whole, parts=(*found[-1].parts, Part(grid.sheet, top)))
        else:
            is_later = bool(found) and grid.kind == found[-1].grid.kind == "document" and "." not in grid.sheet
            found.append(Joined(grid, (Part(grid.sheet, 0),), continues, is_under, is_later))
    return found


def part(reading: TableReading, joined: Joined) -> list[TableReading]:
    """Return the reading of a joined grid as one per table in it, each with the addresses of its own table."""
    if len(joined.parts) == 1:
        return [reading]
    found = []
    for number, one in enumerate(joined.parts):
        bottom = joined.parts[number + 1].top if number + 1 < len(joined.parts) else joined.grid.row_count
        fields = tuple(_field(field, one) for field in reading.fields if _is_in(field.cell, one, bottom, not number))
        checks = tuple(
            _check(check, one)
            for check in reading.checks
            if all(_is_in(cell, one, bottom, not number) for cell in (check.target, *check.parts))
        )
        findings = tuple(
            replace(finding, sheet=one.sheet, cell=_moved(finding.cell, one))
            for finding in reading.findings
            if _is_in(finding.cell, one, bottom, not number)
        )
        if fields or not number:
            found.append(replace(reading, sheet=one.sheet, fields=fields, checks=checks, findings=findings))
    return found


def continues(later: TableReading, joined: Joined) -> bool:
    """True for what goes on with the form of the table before it: a 续表, and any table without a title of its own.

    later: the reading of the table.
    """
    return joined.continues or (joined.is_later and later.title is None and bool(later.fields))


def carry(first: TableReading, later: TableReading) -> TableReading:
    """Return the reading of a 续表 that stands by itself with what only the frame of the first says."""
    stated = {name: getattr(later, name) or getattr(first, name) for name in _FRAME}
    known = {faults.FORM_CODE_MISSING.code} if stated["form_code"] else set()
    return replace(later, **stated, findings=tuple(one for one in later.findings if one.code not in known))


def _is_marked(above: Grid, grid: Grid) -> bool:
    if above.kind != "document" or grid.kind != "document" or "." in grid.sheet:
        return False
    return any(squeeze(text) in words("continued") for _, text in (*above.after, *grid.before))


def _is_under(above: Grid, grid: Grid) -> bool:
    """True for a document's table without a line between it and the one before: both have one head."""
    return above.kind == grid.kind == "document" and not above.after and not grid.before and "." not in grid.sheet


def _stack(above: Grid, grid: Grid) -> Grid | None:
    """Return both as one grid; None when the second has other columns or a header of its own."""
    if above.col_count != grid.col_count:
        return None
    is_repeated = bool(_row(grid, 0)) and _row(grid, 0) == _row(above, 0)
    if not is_repeated and all(_covers(grid, col) for col in range(grid.col_count)):
        return None  # a full first row is another header
    skip = 1 if is_repeated else 0
    top = above.row_count + skip
    cells = dict(above.cells)
    for (row, col), cell in grid.cells.items():
        cells[row + top, col] = replace(cell, row=row + top)
    if is_repeated:
        corner = next(iter(grid.cells.values()))
        cells[above.row_count, 0] = replace(corner, row=above.row_count, col=0, text="续表", value="续表")
    moved = [Span(span.top + top, span.left, span.bottom + top, span.right) for span in grid.merges]
    return replace(
        above,
        cells=cells,
        merges=(*above.merges, *moved),
        row_count=top + grid.row_count,
        bordered=above.bordered | {(row + top, col) for row, col in grid.bordered},
        choices_by_cell=above.choices_by_cell | {(r + top, c): v for (r, c), v in grid.choices_by_cell.items()},
        after=grid.after,
        findings=(*above.findings, *grid.findings),
    )


def _row(grid: Grid, row: int) -> list[str]:
    return [squeeze(grid.cells[row, col].text) for col in range(grid.col_count) if (row, col) in grid.cells]


def _covers(grid: Grid, col: int) -> bool:
    return (0, col) in grid.cells or any(
        span.top == 0 and span.left <= col <= span.right and (0, span.left) in grid.cells for span in grid.merges
    )


def _is_in(cell: str, one: Part, bottom: int, is_first: bool) -> bool:
    if not cell or " " in cell:
        return is_first
    return one.top <= position(cell.partition("#")[0])[0] < bottom


def _moved(cell: str, one: Part) -> str:
    if not cell or " " in cell:
        return cell
    place, mark, line = cell.partition("#")  # C3#4: the fourth line of a cell that holds several
    row, col = position(place)
    return f"{address(row - one.top, col)}{mark}{line}"


def _field(field: FieldReading, one: Part) -> FieldReading:
    label = field.label_cell
    if label and " " not in label and position(label)[0] >= one.top:
        label = _moved(label, one)
    return replace(field, cell=_moved(field.cell, one), label_cell=label)


def _check(check: Check, one: Part) -> Check:
    return replace(check, target=_moved(check.target, one), parts=tuple(_moved(cell, one) for cell in check.parts))
