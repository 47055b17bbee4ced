"""What tells a table from a card: whether a header covers the region and what stands in the rows under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.intake.boxes.cells import is_label
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.page.continued import continued_pieces
from pipelines.intake.page.edges import closing_rows
from pipelines.intake.page.regions import Region
from pipelines.intake.tables.block import Block, find_block
from pipelines.intake.tables.kinds import SAMPLE_ROWS
from pipelines.intake.wording.frame import is_title
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.marks import is_number
from pipelines.intake.wording.numbering import read_mark

COVERED = 0.85
"""Share of a region's columns that a header covers in a table; the labels of a card cover about half."""
BLANK_HEADERS = 0.3
"""Share of columns that may lack a header on a sheet before it is taken for a card."""
LABEL = 12
"""Longest text of a header further down in a card; sample data in a roster can be longer."""
MIN_HEADERS = 3
"""Labels side by side, one more than these, that make a row in a table a header of its own."""


def has_chapters(lattice: Lattice, region: Region) -> bool:
    """True when a heading stands right over a region, and one like it within it over labels of its own.

    Counted ones (一、低保人员 … 二、残疾人员 …), or ones within the lines of the form (成员信息 … 选举结果 …).
    """
    over = lattice.printed(region.top - 1) if region.top else ()
    if len(over) != 1 or over[0].width == 1:
        return False
    first, drawn = read_mark(over[0].text), lattice.grid.bordered
    is_drawn = (over[0].row, over[0].col) in drawn and not blanks(over[0].raw)
    for row in range(region.top + 2, region.bottom):
        boxes = lattice.across(row, region.left, region.right)
        if len(boxes) > 1 or not boxes[0].text or boxes[0].width == 1:
            continue
        mark = read_mark(boxes[0].text)
        is_next = first.rank == 1 and (mark.rank, mark.number) == (1, first.number + 1)
        is_like = is_drawn and first.rank is None and mark.rank is None and is_title(boxes[0].text)
        if is_next or is_like:
            return sum(map(is_label, lattice.printed(row + 1))) > 1
    return False


def has_second_header(lattice: Lattice, block: Block) -> bool:
    """True when the rows of a statistical table are cut by a header of their own: 绩效指标 | 指标名称 | 完成值."""
    if not block.is_statistics:
        return False
    left, right = block.columns[0].leaf.col, block.columns[-1].leaf.right
    for row in range(block.data_top + 1, block.bottom):
        boxes = lattice.across(row, left, right)
        is_full = len(boxes) > MIN_HEADERS and all(box.row == row and is_label(box) for box in boxes)
        if is_full and all(len(box.text) <= LABEL for box in boxes) and lattice.box(row + 1, boxes[-1].col).is_blank:
            return True
    return False


def has_statistics(lattice: Lattice, region: Region) -> bool:
    """True when a region begins with a statistical table whose values have cells of their own in every row."""
    end = closing_rows(lattice, region.top + 2, region.bottom, region.left, region.right)
    first = continued_pieces(lattice, replace(region, bottom=end - 1))[0]
    block = find_block(lattice, first.top, first.bottom, first.left, first.right)
    if block is None or not block.is_statistics or not is_table(lattice, block, region):
        return False
    values = [column.leaf for column in block.columns if column.kind == "value"]
    rows = range(block.data_top, block.bottom + 1)
    boxes = [(lattice.box(row, leaf.col), leaf) for row in rows for leaf in values if lattice.printed(row)]
    return all((box.col, box.right) == (leaf.col, leaf.right) for box, leaf in boxes)


def is_table(lattice: Lattice, block: Block, region: Region) -> bool:
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


def _has_pairs_below(lattice: Lattice, block: Block) -> bool:
    """True when, after blank rows, labels with blanks between them follow: a card with a member table in it."""
    seen_blank = False
    left, right = block.columns[0].leaf.col, block.columns[-1].leaf.right
    for row in range(block.data_top, min(block.bottom, block.data_top + SAMPLE_ROWS) + 1):
        boxes = [box for box in lattice.across(row, left, right) if box.row == row]
        texts = [box for box in boxes if box.text and not is_number(box.text)]
        if not texts or (len(boxes) == 1 and boxes[0].width > 2):
            seen_blank = True
        elif seen_blank and len(texts) >= 2 and _is_header(lattice, boxes):
            return True
        elif seen_blank and len(texts) >= 2:
            between = [box for box in boxes if texts[0].col < box.col < texts[-1].col]
            if any(box.is_blank for box in between):
                return True
    return False


def _is_header(lattice: Lattice, boxes: Sequence[Box]) -> bool:
    """True for short labels without a gap over blanks as wide: 户籍地址 | 现住地址 in a card of such rows."""
    if not all(is_label(box) and len(box.text) <= LABEL for box in boxes):
        return False
    under = [lattice.box(box.bottom + 1, box.col) for box in boxes]
    return all(
        (blank.is_blank or (box is boxes[0] and is_number(blank.text)))
        and (blank.col, blank.right) == (box.col, box.right)
        for box, blank in zip(boxes, under, strict=True)
    )
