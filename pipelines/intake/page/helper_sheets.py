"""Sheets that are no forms: blank ones, code lists behind drop-downs, instruction texts."""

from __future__ import annotations

from pipelines.intake.boxes.lattice import Lattice
from pipelines.intake.tables.block import find_block
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.vocabulary import words
from pipelines.text import squeeze
from schemas.faults import Fault
from schemas.faults import layout as faults

MIN_ROWS = 6
"""Rows under the header that a table printed full has at least; a card's sample row is no directory."""
DISTINCT_SHARE = 0.9
"""The options of a code list differ from one another; the sexes and townships of a filled roster do not."""
FULL_SHARE = 0.8
"""A table of which this much is printed asks for nothing; cards print about half."""
SAMPLE_ROWS = 200
"""Rows looked at; a code list of more rows looks the same from its head."""


def why_not_a_form(lattice: Lattice) -> Fault | None:
    """Return the fault that names what a sheet is instead of a form; None when it can be one."""
    grid = lattice.grid
    if lattice.bottom < 0 and not grid.before and not grid.after:
        return faults.SHEET_BLANK
    if grid.kind == "document":
        return faults.SHEET_CODES if _is_reference(lattice) else None
    sheet = squeeze(grid.sheet)
    if (grid.is_hidden and _is_list(lattice)) or sheet in words("helper_sheet") or _is_ragged(lattice):
        return faults.SHEET_CODES
    if sheet in words("guide_sheet") and not _has_columns(lattice):
        return faults.SHEET_GUIDE
    if sheet.endswith("目录") and _is_full(lattice):
        return faults.SHEET_GUIDE
    return None


def _is_reference(lattice: Lattice) -> bool:
    """True for a document's table that is printed full: a directory, a code list, a table of sources."""
    top = next((row for row in range(lattice.bottom + 1) if len(lattice.printed(row)) >= 2), None)
    if top is None or lattice.bottom - top < MIN_ROWS:
        return False
    last = min(lattice.bottom, top + SAMPLE_ROWS)
    if any(box.is_blank for box in lattice.across(top, 0, lattice.right)):
        return False
    block = find_block(lattice, top, last, 0, lattice.right)
    if block is None or block.number_row is not None or block.coverage < 0.8:
        return False
    rows = range(block.data_top, last + 1)
    if any(blanks(box.raw) for row in rows for box in lattice.printed(row)):
        return False
    filled = sum(1 for row in rows for column in block.columns if lattice.text(row, column.leaf.col))
    share = filled / max(1, len(rows) * len(block.columns))
    return share >= FULL_SHARE or (share >= FULL_SHARE / 2 and _is_directory(lattice, top))


def _is_directory(lattice: Lattice, top: int) -> bool:
    """True when the last line over a table names a directory: 报表目录, 资料来源参照表."""
    lines = [text for _, text in lattice.grid.before[-1:]]
    lines += [box.raw for row in range(top) for box in lattice.printed(row)]
    return any(read_mark(squeeze(line)).text in words("directory") for line in lines)


def _is_list(lattice: Lattice) -> bool:
    return sum(1 for row in range(1, min(lattice.bottom, SAMPLE_ROWS) + 1) if lattice.printed(row)) >= 1


def _is_full(lattice: Lattice) -> bool:
    """True when every row that prints two cells or more prints all of them: nothing is left to fill."""
    rows = [row for row in range(min(lattice.bottom, SAMPLE_ROWS) + 1) if len(lattice.printed(row)) >= 2]
    boxes = [box for row in rows for box in lattice.across(row, 0, lattice.right)]
    return len(rows) >= 2 and sum(not box.is_blank for box in boxes) >= FULL_SHARE * len(boxes)


def _has_columns(lattice: Lattice) -> bool:
    return any(len(lattice.printed(row)) >= 3 for row in range(min(lattice.bottom, SAMPLE_ROWS) + 1))


def _is_ragged(lattice: Lattice) -> bool:
    """True for columns of words, each filled without a gap from the top, of different lengths, under one header row."""
    top = next((row for row in range(lattice.bottom + 1) if lattice.printed(row)), None)
    if top is None or lattice.spans:
        return False
    head = lattice.printed(top)
    if head[-1].right < lattice.right:
        return False
    last = min(lattice.bottom, top + SAMPLE_ROWS)
    if last - top < 2:
        return False
    lengths = []
    for box in head:
        length = 0
        while top + length + 1 <= last and lattice.text(top + length + 1, box.col):
            length += 1
        later = sum(1 for row in range(top + length + 1, last + 1) if lattice.text(row, box.col))
        lengths.append((length, later))
    for box, (length, _) in zip(head, lengths, strict=True):
        values = [lattice.text(row, box.col) for row in range(top + 1, top + length + 1)]
        if len(set(values)) < DISTINCT_SHARE * len(values):
            return False
    texts = [lattice.text(row, box.col) for box in head for row in range(top + 1, last + 1)]
    filled = [text for text in texts if text]
    if not filled or sum(len(text) for text in filled) > 14 * len(filled):
        return False
    if sum(text.endswith(("：", ":")) for text in filled) * 2 > len(filled):
        return False  # labels of a card, no options
    if len(head) == 1:
        return lengths[0][0] >= 2 and lengths[0][1] == 0 and head[0].text not in words("form_word")
    if all(box.text in words("code_list_header") for box in head):
        return all(length >= 2 for length, _ in lengths)
    is_packed = all(length >= 1 and later == 0 for length, later in lengths)
    return is_packed and len({length for length, _ in lengths}) >= max(2, len(head) // 3)
