"""From a grid to what it asks for: the tables on it, their frames, their fields."""

from __future__ import annotations

from dataclasses import replace

from pipelines.intake.body import read_body
from pipelines.intake.boxes.answered import without_answers
from pipelines.intake.boxes.folded import refold, unfold
from pipelines.intake.boxes.lattice import Lattice
from pipelines.intake.boxes.markers import without_marks
from pipelines.intake.details import add_details
from pipelines.intake.doubts import with_doubts
from pipelines.intake.page.covers import with_colons
from pipelines.intake.page.helper_sheets import why_not_a_form
from pipelines.intake.page.regions import Region, chapters, find_regions
from pipelines.intake.page.surroundings import asked, gather, read_lines
from pipelines.intake.tables.block import Block
from pipelines.intake.tables.checks import formula_checks
from pipelines.intake.wording.frame import Frame
from pipelines.text import address
from schemas.faults import Finding
from schemas.faults import layout as faults
from schemas.templates import FieldReading, Grid, Layout, TableReading


def understand(grid: Grid) -> list[TableReading]:
    """Return what a sheet or a document's table asks for: a reading per table, top to bottom.

    A sheet that is not a form (blank, code list, instructions) gives one reading without fields and a finding that
    says why. Never raises on odd content: what is not understood is a finding.
    """
    unfolded = unfold(without_marks(grid))
    return [refold(reading, unfolded) for reading in _understand(unfolded.grid)]


def _understand(grid: Grid) -> list[TableReading]:
    lattice = Lattice(grid)
    reason = why_not_a_form(lattice)
    if reason is not None:
        return [_nothing(grid, reason.at(file=grid.file, sheet=grid.sheet))]
    blank = without_answers(lattice)
    if blank is not grid:
        lattice = Lattice(blank)
    found = find_regions(lattice)
    parts = chapters(lattice, found)
    readings = [_read(lattice, region, part) for region, part in zip(found, parts, strict=True)]
    if any(parts):
        readings = [replace(reading, title=reading.title or readings[0].title) for reading in readings]
    if not any(reading.fields for reading in readings):
        texts = _texts_only(lattice)
        if texts and texts[0].fields:
            return texts
        return [_nothing(grid, faults.NOTHING_ASKED.at(file=grid.file, sheet=grid.sheet))]
    return [reading for reading in readings if reading.fields]


def _nothing(grid: Grid, *findings: Finding) -> TableReading:
    return TableReading(file=grid.file, sheet=grid.sheet, findings=(*grid.findings, *findings), confidence=1.0)


def _texts_only(lattice: Lattice) -> list[TableReading]:
    """Read a document without a table, or a sheet of lines: the blanks inside its text."""
    grid = lattice.grid
    frame = Frame()
    lines = with_colons([(f"para {number}", text) for number, text in grid.before + grid.after])
    lines += [(box.at, box.raw) for row in range(lattice.bottom + 1) for box in lattice.printed(row)]
    read_lines(frame, lines)
    fields = asked(frame, "card")
    if not fields:
        return []
    fields = add_details(lattice, fields, frame.notes, "card")
    return [with_doubts(_reading(lattice, None, "card", frame, fields, [], 0.5))]


def _read(lattice: Lattice, region: Region, chapter: str) -> TableReading:
    frame = gather(lattice, region)
    body = read_body(lattice, region, frame)
    if chapter:
        body.fields = [replace(field, path=(chapter, *field.path)) for field in body.fields]
    fields, formulas = formula_checks(lattice, [*asked(frame, body.layout), *body.fields])
    fields = add_details(lattice, fields, frame.notes, body.layout)
    reading = _reading(lattice, region, body.layout, frame, fields, body.findings, body.confidence, body.blocks)
    return with_doubts(replace(reading, checks=(*formulas, *body.checks)))


def _reading(
    lattice: Lattice,
    region: Region | None,
    layout: Layout,
    frame: Frame,
    fields: list[FieldReading],
    findings: list[Finding],
    confidence: float,
    blocks: tuple[Block, ...] = (),
) -> TableReading:
    grid = lattice.grid
    first = region.above[0] if region and region.above else (region.top if region else 0)
    last = max((region.bottom, *region.below)) if region else 0
    return TableReading(
        file=grid.file,
        sheet=grid.sheet,
        layout=layout,
        range=f"{address(first, region.left)}:{address(last, region.right)}" if region else "",
        title=frame.title,
        form_code=frame.parts.get("form_code"),
        issuing_body=frame.parts.get("issuing_body"),
        approving_body=frame.parts.get("approving_body"),
        approval_no=frame.parts.get("approval_no"),
        valid_until=frame.parts.get("valid_until"),
        period=frame.period,
        respondent=frame.parts.get("respondent"),
        unit=frame.parts.get("unit"),
        header_rows=(blocks[0].top + 1, blocks[0].header_bottom + 1) if blocks and blocks[0].has_header else None,
        data_rows=(blocks[0].data_top + 1, blocks[-1].bottom + 1) if blocks else None,
        fields=tuple(fields),
        notes=tuple(frame.notes),
        confidence=round(confidence, 2),
        findings=(*grid.findings, *findings),
    )
