"""Cards that are handed out filled in: 姓名 | 李某 | 性别 | 女. The answers are taken out before the card is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipelines.intake.boxes.cells import is_label, takes_value
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.wording.marks import is_number
from pipelines.intake.wording.vocabulary import words
from schemas.templates import Grid

MIN_ROWS = 2
"""Rows of two pairs or more, label and answer by turns, that make a sheet a filled card."""


def without_answers(lattice: Lattice) -> Grid:
    """Return the grid with room to write in place of a filled card's answers; the same grid when it is none."""
    grid = lattice.grid
    if sum(_may_be_answered(lattice.printed(row)) for row in range(lattice.bottom + 1)) < MIN_ROWS:
        return grid
    rows = {row: lattice.across(row, 0, lattice.right) for row in range(lattice.bottom + 1) if lattice.printed(row)}
    several = [row for row, boxes in rows.items() if len(_own(boxes, row)) >= 4]
    filled = [row for row in several if _is_answered(lattice, rows[row], row)]
    if len(filled) < MIN_ROWS or len(filled) * 2 < len(several):
        return grid
    pairs = [pair for row, boxes in rows.items() for pair in pairwise(_own(boxes, row)) if _is_pair(list(pair))]
    answers = {(answer.row, answer.col) for _, answer in pairs}
    return replace(grid, cells={at: cell for at, cell in grid.cells.items() if at not in answers})


def _may_be_answered(printed: Sequence[Box]) -> bool:
    return len(printed) >= 3 and _names(printed[0]) and not all(map(_names, printed)) and sum(map(_names, printed)) >= 2


def _own(boxes: list[Box], row: int) -> list[Box]:
    return [box for box in boxes if box.row == row]


def _is_answered(lattice: Lattice, boxes: list[Box], row: int) -> bool:
    """True for labels and answers by turns; not for the header of a table, whose blanks stand under it."""
    own = _own(boxes, row)
    pairs = own[: len(own) // 2 * 2]
    if not _is_pair(pairs):
        return False
    if row == lattice.bottom:
        return True
    under = [lattice.box(box.bottom + 1, box.col) for box in pairs]
    return not all(
        box.is_blank and (box.col, box.right) == (over.col, over.right) for box, over in zip(under, pairs, strict=True)
    )


def _is_pair(boxes: list[Box]) -> bool:
    labels, answers = boxes[::2], boxes[1::2]
    return all(_names(box) for box in labels) and not any(map(_names, answers)) and any(map(_is_answer, answers))


def _names(box: Box) -> bool:
    return box.text.rstrip("：:") in words("answered_label")


def _is_answer(box: Box) -> bool:
    return not box.is_blank and (is_number(box.text) or (is_label(box) and not takes_value(box)))
