"""Where a card begins on a sheet: rows that look like frame lines until one sees that no table follows."""

from __future__ import annotations

from pipelines.intake.boxes.lattice import Lattice
from pipelines.intake.page.footers import LOOK_AHEAD
from pipelines.intake.wording.frame import has_frame_label
from pipelines.intake.wording.numbering import read_mark

PAIR = 2
"""Boxes side by side in the rows of a card without columns."""


def pair_rows_top(lattice: Lattice, start: int, top: int | None) -> int | None:
    """Return the first of the drawn rows of labels with colons and blanks that go on as the pairs of a card at `top`.

    1.单位名称： | blank over 代码： | blank; counted headings may stand between. Over a header they are frame.
    """
    if top is None or not any(box.is_blank for box in lattice.across(top, 0, lattice.right)):
        return top
    first = top
    for row in range(top - 1, start - 1, -1):
        boxes = lattice.across(row, lattice.box(top, 0).col, lattice.right)
        is_drawn = all((box.row, box.col) in lattice.grid.bordered for box in boxes)
        labels = [box for box in boxes if box.text]
        if not is_drawn or not labels or any(has_frame_label(box.raw) for box in labels):
            break
        is_heading = len(boxes) == 1 and read_mark(labels[0].text).rank is not None
        is_pairs = len(boxes) > 1 and any(box.is_blank for box in boxes) and labels[0].text.endswith(("：", ":"))
        if not (is_heading or is_pairs):
            break
        first = row if is_pairs else first
    return first


def two_columns_top(lattice: Lattice, start: int, top: int | None) -> int | None:
    """Return the first drawn row with two labels over a body that is two boxes wide: all of it is a card.

    Labels with their blanks behind them (申请人：      | 请假时间：     ) are frame lines only over a wider table.
    """
    drawn = lattice.grid.bordered
    if lattice.grid.kind == "document" or any(len(lattice.printed(row)) > PAIR for row in range(start, lattice.bottom)):
        return top
    limit = lattice.bottom + 1 if top is None else top
    for row in range(start, limit):
        boxes = lattice.printed(row)
        is_drawn = all((at, box.col) in drawn for at in range(row, limit) for box in lattice.printed(at))
        if len(boxes) == PAIR and is_drawn and not any(has_frame_label(box.raw) for box in boxes):
            return row
    return top


def pairs_top(lattice: Lattice, start: int) -> int | None:
    """Return the first of two or more rows whose labels end in colons with blank cells beside: a card without lines."""
    rows = []
    for row in range(start, min(lattice.bottom, start + LOOK_AHEAD) + 1):
        labels = [box for box in lattice.printed(row) if box.text.endswith(("：", ":"))]
        if labels and any(lattice.box(row, box.right + 1).is_blank for box in labels):
            rows.append(row)
    return rows[0] if len(rows) >= 2 else None
