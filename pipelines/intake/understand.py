"""From a grid to what it asks for: the tables on it, their frames, their fields."""

from __future__ import annotations

from dataclasses import replace

from pipelines.intake import regions
from pipelines.intake.card import read_region
from pipelines.intake.card_fields import Reading
from pipelines.intake.checks import derive, formula_checks, part_checks, total_checks
from pipelines.intake.continued import continued_pieces
from pipelines.intake.details import add_details, measured
from pipelines.intake.doubts import with_doubts
from pipelines.intake.edges import closing_rows, opening_rows
from pipelines.intake.folded import refold, unfold
from pipelines.intake.frame import Frame, is_title
from pipelines.intake.helper_sheets import why_not_a_form
from pipelines.intake.kinds import SAMPLE_ROWS
from pipelines.intake.lattice import Lattice
from pipelines.intake.marks import is_number
from pipelines.intake.numbering import read_mark
from pipelines.intake.regions import Region
from pipelines.intake.roster import roster_fields
from pipelines.intake.statistics import statistics_fields
from pipelines.intake.surroundings import asked, gather, read_lines
from pipelines.intake.tables import Block, find_block
from pipelines.text import address
from schemas.faults import Finding
from schemas.faults import layout as faults
from schemas.templates import Check, FieldReading, Grid, Layout, TableReading

COVERED = 0.85
"""Share of a region's columns that a header covers in a table; the labels of a card cover about half."""
BLANK_HEADERS = 0.3
"""Share of columns that may lack a header on a sheet before it is taken for a card."""


def understand(grid: Grid) -> list[TableReading]:
    """Return what a sheet or a document's table asks for: a reading per table, top to bottom.

    A sheet that is not a form (blank, code list, instructions) gives one reading without fields and a finding that
    says why. Never raises on odd content: what is not understood is a finding.
    """
    unfolded = unfold(grid)
    return [refold(reading, unfolded) for reading in _understand(unfolded.grid)]


def _understand(grid: Grid) -> list[TableReading]:
    lattice = Lattice(grid)
    reason = why_not_a_form(lattice)
    if reason is not None:
        return [_nothing(grid, reason.at(file=grid.file, sheet=grid.sheet))]
    found = regions.find_regions(lattice)
    readings = [_read(lattice, region) for region in found]
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
    lines = [(f"para {number}", text) for number, text in grid.before + grid.after]
    lines += [(box.at, box.raw) for row in range(lattice.bottom + 1) for box in lattice.printed(row)]
    read_lines(frame, lines)
    fields = asked(frame, "card")
    if not fields:
        return []
    fields = add_details(lattice, fields, frame.notes, "card")
    return [with_doubts(_reading(lattice, None, "card", frame, fields, [], 0.5))]


def _read(lattice: Lattice, region: Region) -> TableReading:
    frame = gather(lattice, region)
    findings: list[Finding] = []
    checks: list[Check] = []
    layout, fields, data, confidence = _body(lattice, region, frame, findings, checks)
    fields, formulas = formula_checks(lattice, [*asked(frame, layout), *fields])
    fields = add_details(lattice, fields, frame.notes, layout)
    reading = _reading(lattice, region, layout, frame, fields, findings, confidence, data)
    return with_doubts(replace(reading, checks=(*formulas, *checks)))


def _body(
    lattice: Lattice, region: Region, frame: Frame, findings: list[Finding], checks: list[Check]
) -> tuple[Layout, list[FieldReading], tuple[Block, ...], float]:
    grid = lattice.grid
    top = region.top
    lead, closing = Reading(), Reading()
    start = _first_columns(lattice, region)
    blocks: list[Block | None] = [None]
    opening: list[FieldReading] = []
    table = region
    if start > region.top and find_block(lattice, start, region.bottom, region.left, region.right) is not None:
        read_region(lattice, region.top, start - 1, region.left, region.right, (), lead)
        table = replace(region, top=start)
    opened = opening_rows(lattice, table.top, table.bottom, table.left, table.right)
    if opened > table.top and _has_statistics(lattice, replace(table, top=opened)):
        known = len(lead.fields)
        read_region(lattice, table.top, opened - 1, table.left, table.right, (), lead)
        opening, lead.fields, lead.pairs = lead.fields[known:], lead.fields[:known], 0
        table = replace(table, top=opened)
    if not lead.pairs and not any(field.inline is None for field in lead.fields):
        end = closing_rows(lattice, table.top + 2, table.bottom, table.left, table.right)
        pieces = continued_pieces(lattice, replace(table, bottom=end - 1))
        blocks = [find_block(lattice, one.top, one.bottom, one.left, one.right) for one in pieces]
        if end <= table.bottom:
            read_region(lattice, end, table.bottom, table.left, table.right, (), closing)
        table = replace(table, bottom=end - 1)
    first = blocks[0]
    if first is not None and _is_table(lattice, first, table):
        known = tuple(block for block in blocks if block is not None)
        if first.is_statistics:
            read = statistics_fields(lattice, known, notes=frame.notes)
            for cell, label in read.doubtful:
                path = next((f.path for f in read.fields if f.label_cell == cell), ())
                findings.append(
                    faults.ROW_PLACE.at(file=grid.file, sheet=grid.sheet, cell=cell, label=label, path=" › ".join(path))
                )
            read_lines(frame, [(box.at, box.raw) for box in read.lines])
            fields, balances = derive(read.fields, read.columns, [*frame.notes, *read.formulas])
            checks.extend(balances)
            checks.extend(part_checks(fields, read.columns, read.wholes))
            checks.extend(total_checks(fields, read.columns))
            fields = measured(fields, frame.parts.get("unit"), "statistics")
            return "statistics", [*lead.fields, *opening, *fields, *closing.fields], known, 0.97
        asks = measured(roster_fields(lattice, first), frame.parts.get("unit"), "roster")
        return "roster", [*lead.fields, *opening, *asks, *closing.fields], known, 0.97
    out = Reading()
    read_region(
        lattice,
        _section_top(lattice, region, top, frame),
        region.bottom,
        region.left,
        _card_right(lattice, region),
        (),
        out,
    )
    frame.notes.extend(out.notes)
    frame.parts = out.frame | frame.parts
    for box in out.without_blank:
        findings.append(faults.LABEL_WITHOUT_BLANK.at(file=grid.file, sheet=grid.sheet, cell=box.at, label=box.text))
    layout: Layout = "card"
    if out.blocks and not out.pairs:
        layout = "statistics" if set(out.blocks) == {"statistics"} else "roster"
    return layout, measured(out.fields, frame.parts.get("unit"), layout), (), 0.92


def _has_statistics(lattice: Lattice, region: Region) -> bool:
    end = closing_rows(lattice, region.top + 2, region.bottom, region.left, region.right)
    block = find_block(lattice, region.top, end - 1, region.left, region.right)
    return block is not None and block.is_statistics and _is_table(lattice, block, region)


def _card_right(lattice: Lattice, region: Region) -> int:
    """Return the last column of a card: on a sheet the blank beside the last label has neither text nor border."""
    if lattice.grid.kind == "document" or region.right + 1 >= lattice.grid.col_count:
        return region.right
    rows = range(region.top, region.bottom + 1)
    return region.right + any(box.right == region.right for row in rows for box in lattice.printed(row))


def _section_top(lattice: Lattice, region: Region, top: int, frame: Frame) -> int:
    """Return the row at which a card begins: the section heading right above its first labels belongs to it."""
    above = region.above[-1] if region.above else -1
    boxes = lattice.printed(above) if above == top - 1 else ()
    is_heading = len(boxes) == 1 and (boxes[0].width > 1 or read_mark(boxes[0].text).rank in (0, 1))
    if (
        not is_heading
        or not (is_title(boxes[0].text) or read_mark(boxes[0].text).rank in (0, 1))
        or boxes[0].text == frame.title
    ):
        return top
    return above


def _first_columns(lattice: Lattice, region: Region) -> int:
    """Return the first row of a region with two printed boxes: lines over the whole width may stand above a header."""
    rows = range(region.top, region.bottom + 1)
    return next((row for row in rows if len(lattice.printed(row)) >= 2), region.top)


def _has_pairs_below(lattice: Lattice, block: Block) -> bool:
    """True when, after blank rows, labels with blanks between them follow: a card with a member table in it."""
    seen_blank = False
    left, right = block.columns[0].leaf.col, block.columns[-1].leaf.right
    for row in range(block.data_top, min(block.bottom, block.data_top + SAMPLE_ROWS) + 1):
        boxes = [box for box in lattice.across(row, left, right) if box.row == row]
        texts = [box for box in boxes if box.text and not is_number(box.text)]
        if not texts:
            seen_blank = True
        elif seen_blank and len(texts) >= 2:
            between = [box for box in boxes if texts[0].col < box.col < texts[-1].col]
            if any(box.is_blank for box in between):
                return True
    return False


def _is_table(lattice: Lattice, block: Block, region: Region) -> bool:
    """True when the block covers the region: every column headed, nothing but rows of values below."""
    if block.number_row is not None:
        return True
    if block.coverage < COVERED:
        return False
    left, right = block.columns[0].leaf.col, block.columns[-1].leaf.right
    named = [column.leaf for column in block.columns if column.leaf.path or column.kind == "stub"]
    headed = {col for leaf in named for col in range(leaf.col, leaf.right + 1)}
    first = [leaf.col for leaf in named if leaf.path == named[0].path]
    headed.update(col - 1 for col in first[1:])  # a blank column may part panels with the same headers
    is_document = lattice.grid.kind == "document"
    top = lattice.across(block.top, left, region.right if is_document else right)
    blank = sum(1 for box in top[1:-1] if box.is_blank and box.col not in headed)
    if is_document and sum(box.is_blank and box.row == block.top for box in top[1:]) >= 2:
        return False  # a cell drawn in Word is its own: labels with blanks between them are pairs
    if block.is_statistics:
        return blank == 0
    if not is_document:
        return blank <= BLANK_HEADERS * (right - left + 1) and not _has_pairs_below(lattice, block)
    columns = {column.leaf.col for column in block.columns}
    for row in range(block.data_top, region.bottom + 1):
        labels = [box for box in lattice.printed(row) if not box.text.replace(".", "").isdecimal()]
        if len(labels) > 1 or any(box.col not in columns or box.width > 3 for box in labels):
            return False
    return blank == 0 and block.data_top <= region.bottom


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
        header_rows=(blocks[0].top + 1, blocks[0].header_bottom + 1) if blocks else None,
        data_rows=(blocks[0].data_top + 1, blocks[-1].bottom + 1) if blocks else None,
        fields=tuple(fields),
        notes=tuple(frame.notes),
        confidence=round(confidence, 2),
        findings=(*grid.findings, *findings),
    )
