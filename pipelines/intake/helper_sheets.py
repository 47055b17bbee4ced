"""Sheets that are no forms: blank ones, code lists behind drop-downs, instruction texts."""

from __future__ import annotations

from pipelines.intake.lattice import Lattice
from pipelines.intake.vocabulary import words
from pipelines.text import squeeze
from schemas.faults import Fault
from schemas.faults import layout as faults

SAMPLE_ROWS = 200
"""Rows looked at; a code list of more rows looks the same from its head."""


def why_not_a_form(lattice: Lattice) -> Fault | None:
    """Return the fault that names what a sheet is instead of a form; None when it can be one."""
    grid = lattice.grid
    if lattice.bottom < 0 and not grid.before and not grid.after:
        return faults.SHEET_BLANK
    if grid.kind == "document":
        return None
    sheet = squeeze(grid.sheet)
    if (grid.is_hidden and _is_list(lattice)) or sheet in words("helper_sheet") or _is_ragged(lattice):
        return faults.SHEET_CODES
    if sheet in words("guide_sheet") and not _has_columns(lattice):
        return faults.SHEET_GUIDE
    return None


def _is_list(lattice: Lattice) -> bool:
    return sum(1 for row in range(1, min(lattice.bottom, SAMPLE_ROWS) + 1) if lattice.printed(row)) >= 1


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
    texts = [lattice.text(row, box.col) for box in head for row in range(top + 1, last + 1)]
    filled = [text for text in texts if text]
    if not filled or sum(len(text) for text in filled) > 14 * len(filled):
        return False
    if len(head) == 1:
        return lengths[0][0] >= 2 and lengths[0][1] == 0 and head[0].text not in words("form_word")
    if all(box.text in words("code_list_header") for box in head):
        return all(length >= 2 for length, _ in lengths)
    is_packed = all(length >= 1 and later == 0 for length, later in lengths)
    return is_packed and len({length for length, _ in lengths}) >= max(2, len(head) // 3)
