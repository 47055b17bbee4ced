"""Header rows inside a card: member tables, small statistical tables, opinions under their headings."""

from __future__ import annotations

from dataclasses import replace

from pipelines.intake.boxes.asked import Reading, value_blanks
from pipelines.intake.boxes.cells import (
    is_date_blank,
    is_label,
    name_of,
    takes_value,
)
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.cards.fields import leaf_field
from pipelines.intake.cards.named_rows import named_rows
from pipelines.intake.tables.block import Block, find_block
from pipelines.intake.tables.header_rows import depth, has_room_inside
from pipelines.intake.tables.headers import Leaf, leaves
from pipelines.intake.tables.kinds import Column
from pipelines.intake.tables.statistics import statistics_fields
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.marks import is_dash, is_number
from pipelines.intake.wording.roles import role_of
from pipelines.intake.wording.vocabulary import words

_GIVEN = ("unit_column", "code_column", "given_row")
"""Lists of the headers over what the form prints itself: 计量单位, 代码, 限值."""


def header_block(
    lattice: Lattice, row: int, bottom: int, left: int, right: int, prefix: tuple[str, ...], out: Reading
) -> int | None:
    """Read a header row with value rows under it; returns the last row read, None when the row heads nothing."""
    boxes = lattice.across(row, left, right)
    while len(boxes) > 2 and boxes[-1].row < row:
        boxes = boxes[:-1]
    if len(boxes) < 2 or any(box.row != row for box in boxes):
        return None
    if boxes[0].height > 1 and has_room_inside(lattice, boxes[0], right):
        return None
    heads = list(boxes)
    while len(heads) > 3 and heads[-1].is_blank:
        heads.pop()
    if heads[0].is_blank and len(heads) > 2:
        heads = heads[1:]
    if not all(is_label(box) and not box.text.endswith(("：", ":")) for box in heads):
        return None
    right = heads[-1].right
    named = heads[1].col if role_of((heads[0].text,)) == "serial" and len(heads) > 3 else left
    inner = _inner_statistics(lattice, row, bottom, named, right) or named_rows(lattice, row, bottom, left, right)
    if inner is None and heads[0] is not boxes[0]:
        return None
    if inner is not None:
        read = statistics_fields(lattice, [inner], prefix)
        out.fields.extend(read.fields)
        out.blocks.append("statistics")
        return inner.bottom
    last = depth(lattice, row, left, right, bottom)
    if last >= bottom or any(
        not is_label(box) for at in range(row, last + 1) for box in _printed(lattice, at, left, right)
    ):
        return None
    found = leaves(lattice, row, last, left, right)
    if len(found) < 2:
        return None
    data = last + 1
    is_last_row = data == bottom
    cells = [lattice.box(data, leaf.col) for leaf in found]
    if any(cell.row != data and not _is_room_under(cell, lattice.box(row, cell.col)) for cell in cells):
        cells = []
    own = [box for box in lattice.across(data, left, right) if box.row == data]
    if any(cell.col != leaf.col for cell, leaf in zip(cells, found, strict=False)) and len(own) in (
        len(found),
        len(found) + 1,
    ):
        cells = own[: len(found)]
    if len(cells) != len(found):
        return None
    values = sum(takes_value(cell) for cell in cells)
    stub = is_label(cells[0]) and not is_number(cells[0].text)
    if len({cell.col for cell in cells}) != len(cells) or (
        values < len(cells) - 1 and not (is_last_row and last > row)
    ):
        return None
    if stub and values == len(cells) - 1 and len(cells) == 2:
        return None
    end = _rows_end(lattice, data, bottom, left, right, found)
    is_opinion = any(cell.text and blanks(cell.raw) and not is_date_blank(cell) for cell in cells)
    if is_opinion:
        for leaf, cell in zip(found, cells, strict=True):
            label = lattice.box(last, leaf.col)
            if cell.text and blanks(cell.raw):
                value_blanks(label, cell, prefix + leaf.path, out)
            else:
                out.fields.append(leaf_field(lattice, leaf, cell, prefix))
        return data
    if stub and values:
        for at in range(data, end + 1):
            head = lattice.box(at, found[0].col)
            if not head.text or head.row != at:
                continue
            for leaf in found[1:]:
                out.fields.append(leaf_field(lattice, leaf, lattice.box(at, leaf.col), (*prefix, name_of(head)), head))
        out.blocks.append("statistics")
        return end
    for leaf, cell in zip(found, cells, strict=True):
        out.fields.append(leaf_field(lattice, leaf, cell, prefix))
    out.blocks.append("roster")
    return _named_rows_under(lattice, end, bottom, found, prefix, out)


def _named_rows_under(
    lattice: Lattice, end: int, bottom: int, found: list[Leaf], prefix: tuple[str, ...], out: Reading
) -> int:
    """Read the rows under a member table that are named in its first column and blank in the others; the last row."""
    while end < bottom:
        cells = [lattice.box(end + 1, leaf.col) for leaf in found]
        same = all((cell.row, cell.col) == (end + 1, leaf.col) for cell, leaf in zip(cells, found, strict=True))
        as_wide = all(cell.right == lattice.box(end, cell.col).right for cell in cells)
        blank = len(cells) > 2 and all(cell.is_blank for cell in cells[1:])
        if not (same and as_wide and blank and is_label(cells[0])):
            break
        for leaf, cell in zip(found[1:], cells[1:], strict=True):
            out.fields.append(leaf_field(lattice, leaf, cell, (*prefix, name_of(cells[0])), cells[0]))
        end += 1
    return end


def _is_room_under(cell: Box, label: Box) -> bool:
    """True for a blank that begins right under a label beside which others are divided further."""
    return cell.is_blank and cell.row == label.bottom + 1 and (cell.col, cell.right) == (label.col, label.right)


def paired_columns(lattice: Lattice, row: int, bottom: int, boxes: list[Box]) -> int | None:
    """Return the last row in which each label of `row` has labels and rooms of its own under it; None when none has."""
    if len(boxes) < 2 or not all(is_label(box) and box.width > 1 and box.bottom == row for box in boxes):
        return None
    end = row
    while end < bottom and all(_is_paired(lattice.across(end + 1, box.col, box.right), box) for box in boxes):
        end += 1
    return end if end > row else None


def _is_paired(under: list[Box], head: Box) -> bool:
    is_inside = all(head.col <= box.col and box.right <= head.right for box in under)
    asked = [blank for box in under for blank in blanks(box.raw) if not is_label(box)]
    if is_inside and len(asked) >= len(under) > 0 and not any(blank.is_meta for blank in asked):
        return True  # 一般隐患 over “发现：   项”
    return is_inside and len(under) % 2 == 0 and all(map(is_label, under[::2])) and all(map(takes_value, under[1::2]))


def _inner_statistics(lattice: Lattice, row: int, bottom: int, left: int, right: int) -> Block | None:
    """Return the statistical table that begins in a row of a card: row labels under the first header, blanks right."""
    last = depth(lattice, row, left, right, bottom)
    found = leaves(lattice, row, last, left, right)
    corner = lattice.box(row, left)
    if corner.is_blank and found:
        found = [Leaf(corner.col, corner.right, ("",), None, ""), *found]
    if last >= bottom or len(found) < 2 or len(found[0].path) != 1:
        return None
    stubs = [leaf for leaf in found if leaf.name == found[0].name]
    if len(stubs) == 1 and len(found) < 3:
        return None
    values = [leaf for leaf in found if leaf not in stubs and not any(leaf.name in words(kind) for kind in _GIVEN)]
    if not values:
        return None
    end = last
    is_grouped = False
    for at in range(last + 1, bottom + 1):
        labels = [_row_label(lattice, at, leaf) for leaf in stubs]
        cells = [box for leaf in values if (box := lattice.box(at, leaf.col)) not in labels]
        if any(label.row != at for label in labels):
            break
        if any(cell.row != at or (cell.text and not is_dash(cell.text) and not is_number(cell.text)) for cell in cells):
            break
        named = [
            is_label(label) or (is_number(label.text) and label.col > leaf.col)
            for label, leaf in zip(labels, stubs, strict=True)
        ]
        if not any(named) or not cells or (len(cells) < len(values) and labels[0].text not in words("total")):
            break
        end = at
        is_grouped = is_grouped or any(label.col > leaf.col for label, leaf in zip(labels, stubs, strict=True))
    if end - last < (1 if len(stubs) > 1 else 2):
        return None
    block = find_block(lattice, row, end, left, right)
    if block is not None and is_grouped and not block.is_statistics:  # 乙肝疫苗 | 1, 2, 3: the form names its rows
        kinds = tuple(Column(one.leaf, "value" if at else "stub") for at, one in enumerate(block.columns))
        block = replace(block, columns=kinds, is_statistics=True, data_top=last + 1)
    return block if block is not None and block.is_statistics else None


def _row_label(lattice: Lattice, row: int, leaf: Leaf) -> Box:
    """Return the box under a stub header that labels a row: the last one that begins in it."""
    boxes = lattice.across(row, leaf.col, leaf.right)
    return next((box for box in reversed(boxes) if box.row == row and box.text), boxes[-1])


def _printed(lattice: Lattice, row: int, left: int, right: int) -> list[Box]:
    return [box for box in lattice.printed(row) if left <= box.col <= right]


def _rows_end(lattice: Lattice, data: int, bottom: int, left: int, right: int, found: list[Leaf]) -> int:
    """Return the last row under a header that still takes values."""
    end = data
    for row in range(data + 1, bottom + 1):
        boxes = [box for box in lattice.across(row, left, right) if box.row == row]
        texts = [box for box in boxes if box.text and not is_date_blank(box)]
        if any(box.width > found[-1].right - found[0].col for box in boxes):
            break
        if len(texts) > 1 or (texts and texts[0].col != found[0].col):
            break
        if (
            texts
            and not is_number(texts[0].text)
            and texts[0].text not in words("total")
            and lattice.box(data, found[0].col).is_blank
        ):
            break
        end = row
    return end
