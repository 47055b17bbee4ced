"""The body of a table: the layout it is read in, and what it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipelines.intake.boxes.asked import Reading
from pipelines.intake.boxes.cells import is_label, is_unit_only, name_of
from pipelines.intake.boxes.lattice import Lattice
from pipelines.intake.cards.card import read_region
from pipelines.intake.details import measured
from pipelines.intake.page.continued import continued_pieces
from pipelines.intake.page.edges import closing_lines, closing_rows, numbered_header, opening_rows, signer
from pipelines.intake.page.regions import Region, spans_header
from pipelines.intake.page.shape import has_chapters, has_second_header, has_statistics, is_table
from pipelines.intake.page.surroundings import asked, read_lines, sign_rows
from pipelines.intake.tables.block import Block, find_block
from pipelines.intake.tables.checks import derive, part_checks, total_checks
from pipelines.intake.tables.kinds import Column
from pipelines.intake.tables.roster import roster_fields
from pipelines.intake.tables.statistics import statistics_fields
from pipelines.intake.tables.unheaded import unheaded_block
from pipelines.intake.wording.datatypes import data_type
from pipelines.intake.wording.frame import Frame, is_title
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.labelled import FILE_NUMBER
from pipelines.intake.wording.numbering import read_mark
from schemas.faults import Finding
from schemas.faults import layout as faults
from schemas.templates import Check, FieldReading, Layout


@dataclass(slots=True)
class Body:
    """What the body of a table asks for. blocks: the table and its 续表, none for a card; confidence from 0 to 1."""

    layout: Layout
    fields: list[FieldReading]
    blocks: tuple[Block, ...] = ()
    confidence: float = 0.97
    findings: list[Finding] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A table between rows of a card. before, after: what those rows ask for; blocks: the table, empty for none."""

    before: list[FieldReading]
    blocks: tuple[Block, ...]
    after: list[FieldReading]


def read_body(lattice: Lattice, region: Region, frame: Frame) -> Body:
    """Return what the rows of a region ask for, as a statistical table, a roster or a card.

    Lines of the body that belong to the frame (补充资料, notes) are added to `frame`.
    """
    parts = _parts(lattice, region, frame)
    if not parts.blocks:
        return _card(lattice, region, frame)
    unit = frame.parts.get("unit")
    if parts.blocks[0].is_statistics:
        body = _statistics(lattice, parts.blocks, frame)
    else:
        first = parts.blocks[0]
        under = _lines_under(lattice, region, first, frame)
        asks = [*measured(roster_fields(lattice, first), unit, "roster"), *under]
        body = Body("roster", asks, parts.blocks)
    return replace(body, fields=[*parts.before, *body.fields, *parts.after])


def _parts(lattice: Lattice, region: Region, frame: Frame) -> _Parts:
    """Part the rows of a card over and under a table from it; no blocks when the region is a card as a whole."""
    nothing = _Parts([], (), [])
    if has_chapters(lattice, region):
        return nothing
    lead, opening, closing = Reading(), Reading(), Reading()
    table = region
    start = _first_columns(lattice, region)
    if start > region.top and find_block(lattice, start, region.bottom, region.left, region.right) is not None:
        read_region(lattice, region.top, start - 1, region.left, region.right, (), lead)
        table = replace(region, top=start)
    is_led = lead.pairs > 0 or any(one.inline is None for one in lead.fields)
    is_apart = any(box.is_blank for box in lattice.across(table.top - 1, table.left, table.right))  # no heading over it
    if is_led and not (is_apart and has_statistics(lattice, table)):
        return nothing
    for begins in (numbered_header, opening_rows):
        top = begins(lattice, table.top, table.bottom, table.left, table.right)
        below = replace(table, top=top)
        if top > table.top and has_statistics(lattice, below):
            read_region(lattice, table.top, top - 1, table.left, table.right, (), opening)
            table = below
        elif top > table.top and _asks(lattice, table.top, table.left, table.right):
            return nothing
    end = closing_rows(lattice, table.top + 2, table.bottom, table.left, table.right)
    if end <= table.bottom:
        read_region(lattice, end, table.bottom, table.left, table.right, (), closing)
        table = replace(table, bottom=end - 1)
    over = _section_top(lattice, table, table.top, frame)
    if (plain := unheaded_block(lattice, over, table.bottom, table.left, table.right)) is not None:
        return _Parts([*lead.fields, *opening.fields], (plain,), closing.fields)
    if any(map(is_unit_only, lattice.printed(table.top))):
        return nothing  # 受灾人口 |     人: a label and its room, no header
    found = [find_block(lattice, one.top, one.bottom, one.left, one.right) for one in continued_pieces(lattice, table)]
    if found[0] is None or not is_table(lattice, found[0], table):
        return nothing
    if has_second_header(lattice, found[0]):
        return nothing
    blocks = tuple(block for block in found if block is not None)
    return _Parts([*lead.fields, *opening.fields], blocks, closing.fields)


def _asks(lattice: Lattice, row: int, left: int, right: int) -> bool:
    """True for a row of pairs about one person or unit (姓名 | blank | 性别 | blank): no header over blanks."""
    names = [name_of(box) for box in lattice.across(row, left, right) if is_label(box)]
    return any(data_type((name,), None, (), None, None)[0] in ("code", "identifier", "boolean") for name in names)


def _lines_under(lattice: Lattice, region: Region, block: Block, frame: Frame) -> list[FieldReading]:
    """Return what lines of text within a roster ask for, under its rows (审核：  制表：); notes go to `frame`."""
    rows = closing_lines(lattice, block.data_top + 1, region.bottom, region.left, region.right)
    under = Frame()
    read_lines(under, [(box.at, box.raw) for row in rows for box in lattice.printed(row)])
    sign_rows(under, tuple(rows))
    frame.notes.extend(under.notes)
    signers = [
        FieldReading((name,), box.at, box.at, role="meta", inline=1)
        for row in rows
        for box in lattice.printed(row)
        if len(lattice.printed(row)) > 1 and (name := signer(box.text))
    ]
    named = {one.cell for one in signers}
    return [*signers, *(one for one in asked(under, "roster") if one.cell not in named)]


def _statistics(lattice: Lattice, blocks: Sequence[Block], frame: Frame) -> Body:
    grid = lattice.grid
    read = statistics_fields(lattice, blocks, notes=frame.notes)
    findings = []
    for cell, label in read.doubtful:
        path = next((one.path for one in read.fields if one.label_cell == cell), ())
        findings.append(
            faults.ROW_PLACE.at(file=grid.file, sheet=grid.sheet, cell=cell, label=label, path=" › ".join(path))
        )
    read_lines(frame, [(box.at, box.raw) for box in read.lines])
    numbers = frozenset(column.leaf.ordinal or "" for block in blocks for column in block.columns)
    fields, balances = derive(read.fields, read.columns, [*frame.notes, *read.formulas], numbers)
    checks = [
        *balances,
        *part_checks(fields, read.columns, read.wholes),
        *total_checks(fields, read.columns, read.wholes),
    ]
    named = [replace(block, columns=(Column(block.record, "value"),)) for block in blocks if block.record]
    fields = [*(field for block in named for field in roster_fields(lattice, block)), *fields]
    fields = measured(fields, frame.parts.get("unit"), "statistics")
    return Body("statistics", fields, tuple(blocks), findings=findings, checks=checks)


def _card(lattice: Lattice, region: Region, frame: Frame) -> Body:
    grid = lattice.grid
    out = Reading()
    top, right = _section_top(lattice, region, region.top, frame), _card_right(lattice, region)
    read_region(lattice, top, region.bottom, region.left, right, (), out)
    frame.notes.extend(out.notes)
    frame.parts = out.frame | frame.parts
    findings = [
        faults.LABEL_WITHOUT_BLANK.at(file=grid.file, sheet=grid.sheet, cell=box.at, label=box.text)
        for box in out.without_blank
    ]
    layout: Layout = "card"
    if out.blocks and not out.pairs:
        layout = "statistics" if set(out.blocks) == {"statistics"} else "roster"
    fields = measured(out.fields, frame.parts.get("unit"), layout)
    return Body(layout, fields, confidence=0.92, findings=findings)


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
    is_heading = len(boxes) == 1 and not blanks(boxes[0].raw)
    is_heading = is_heading and (boxes[0].width > 1 or read_mark(boxes[0].text).rank in (0, 1))
    if (
        not is_heading
        or not (is_title(boxes[0].text) or read_mark(boxes[0].text).rank in (0, 1))
        or boxes[0].text == frame.title
        or FILE_NUMBER.search(boxes[0].text)
    ):
        return top
    return above


def _first_columns(lattice: Lattice, region: Region) -> int:
    """Return the first row of a region with two printed boxes: lines over the whole width may stand above a header."""
    rows = range(region.top, region.bottom + 1)
    first = lattice.printed(region.top)
    if len(first) == 1 and spans_header(lattice, region.top, first[0]):
        return region.top
    return next((row for row in rows if len(lattice.printed(row)) >= 2), region.top)
