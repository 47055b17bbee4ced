"""The rows of a statistical table: their labels, the groups that stand left of them, units, codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.tables.block import Block
from pipelines.intake.tables.headers import Leaf
from pipelines.intake.tables.kinds import Column
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.marks import is_dash
from pipelines.intake.wording.numbering import leading, read_mark
from pipelines.intake.wording.units import is_unit, split_unit
from pipelines.intake.wording.vocabulary import words
from pipelines.text import squeeze

_SPACED = re.compile(r"^\s*([1-9][0-9]?)[ \u3000]+(?=[\u4e00-\u9fff])")
"""A number that only a space parts from the label: 1 每亩人工成本."""
_HEAD_NUMBER = re.compile(r"^([0-9]{1,2})[.．、]")
PLAIN, DECIMAL = 3, 3.5
"""Ranks of “3.” and of “3.1” (`numbering.read_mark`)."""
_SHORT_BRACKET = re.compile(r"[(（][^()（）]{1,3}[)）]$")
"""A unit that no list knows: 灭火器（具）."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a panel: label box, groups merged over it, unit, code, and whether it takes values.

    is_part: its outermost group is a 其中 of the row before the group.
    formula: the code with what it is computed from (4=1+2-3), when the form prints both.
    shift: columns by which the label stands further right than the stub begins, with nothing left of it.
    """

    row: int
    label: Box
    text: str
    groups: tuple[str, ...]
    unit: str | None
    code: str | None
    has_value: bool
    panel: int
    shift: int = 0
    formula: str = ""
    is_part: bool = False


def rows_of(lattice: Lattice, block: Block, panel: list[Column], number: int, lines: list[Box]) -> list[Row]:
    """Return the rows of one panel; rows across the whole table that hold blanks of their own go to `lines`."""
    stubs = [column.leaf for column in panel if column.kind == "stub"]
    values = [column.leaf for column in panel if column.kind == "value"]
    if not stubs or not values:
        return []
    units = [column.leaf.col for column in panel if column.kind == "unit"]
    codes = [column.leaf.col for column in panel if column.kind == "code"]
    found: list[tuple[int, Box, str, tuple[str, ...], str, str]] = []
    carried: dict[int, str] = {}
    heads: dict[tuple[int, str], str] = {}
    is_part = False
    for at in range(block.data_top, block.bottom + 1):
        wide = lattice.box(at, values[0].col)
        if wide.text and stubs[0].col < wide.col < values[0].col and wide.right >= values[-1].col:
            continue  # 说明 | a line of text over the other columns
        boxes: list[Box] = []
        for leaf in stubs:
            for box in lattice.across(at, leaf.col, leaf.right):
                if box.text and box not in boxes:
                    boxes.append(box)
        if any(not is_dash(box.text) for box in boxes if box.row == at):
            boxes = [box for box in boxes if not is_dash(box.text)]  # 卡介苗 | —: the row has no second name
        own = [box for box in boxes if box.row == at]
        if not own and found and any(lattice.text(at, col) for col in codes) and found[-1][0] == at - 1:
            own = boxes = [found[-1][1]]
        if not own or is_dash(own[-1].text):
            continue
        measure = own.pop().text if len(own) > 1 and not units and is_unit(own[-1].text) else ""
        boxes = boxes[:-1] if measure else boxes
        label = own[-1]
        if label.text.rstrip("：:") == "其中" and not any(lattice.text(at, col) for col in codes):
            is_part = True
            continue
        if label.right >= values[0].col and label.width > len(stubs) and blanks(label.raw):
            lines.append(label)
            continue
        groups, text = _groups(boxes, label, carried, heads)
        measured_by = [split_unit(group) for group in groups]
        groups = tuple(name for name, _ in measured_by)
        unit, code = measure or _beside(lattice, at, units, label), _beside(lattice, at, codes, label)
        text, own_unit = split_unit(text)
        unit = unit or own_unit or next((stated for _, stated in reversed(measured_by) if stated), None) or ""
        if is_part and read_mark(text).rank is None:
            text = f"其中：{text}"
        is_part = False
        found.append((at, label, text, groups, unit, code))
    _put_back(found)
    coded = sum(1 for *_, code in found if code and not is_dash(code))
    measured = sum(1 for *_, unit, _ in found if unit and not is_dash(unit))
    rows = []
    is_marked = any(
        text != label.text and not text.startswith("其中")
        for _, label, text, *_ in found
        if not split_unit(label.text)[1]
    )
    for index, (at, label, text, groups, unit, code) in enumerate(found):
        is_leaf = not unit and _is_leaf(found, index, not units)
        if coded >= 0.4 * len(found):
            has_value = (
                bool(code)
                and not is_dash(code)
                and not (is_dash(unit) and _heads_numbers(found, index) and not _is_partly_crossed(lattice, at, values))
            )
        elif measured >= 0.4 * len(found):
            has_value = (
                (bool(unit) and not is_dash(unit))
                or (not units and bool(_SHORT_BRACKET.search(label.text)))
                or is_leaf
                or text in words("total")
                or (bool(units) and units[0] <= label.right < values[-1].col)  # a total merged over its unit
                or (is_dash(unit) and (_is_partly_crossed(lattice, at, values) or _has_given(lattice, at, values)))
                or (
                    bool(groups) and (not unit or is_dash(unit)) and text == label.text and read_mark(text).rank is None
                )
            )
        else:
            has_value = label.right < values[-1].col  # 总分 may be merged over columns that are given
        if label.right >= values[-1].col:
            has_value = False  # 一 | 村组织情况 over all other columns
        if has_value and not code and (text.endswith(("：", ":")) or text in words("grouping")):
            has_value = False
        rows.append(
            Row(
                at,
                label,
                text.rstrip("：:"),
                groups,
                unit if unit and not is_dash(unit) else None,
                code.split("=")[0] if code and not is_dash(code) else None,
                has_value,
                number,
                0 if groups or is_marked else label.col - stubs[0].col,
                code if "=" in code else "",
                any(groups) and _is_part_group(lattice, at, stubs[0], groups[0]),
            )
        )
    return rows


def _beside(lattice: Lattice, row: int, cols: Sequence[int], label: Box) -> str:
    """Return what a row prints in its unit or code columns; a heading merged over them prints nothing there."""
    boxes = [lattice.box(row, col) for col in cols]
    return next((box.text for box in boxes if box.text and box is not label), "")


def _heads_numbers(found: Sequence[tuple[int, Box, str, tuple[str, ...], str, str]], index: int) -> bool:
    """True for a numbered row under which a deeper numbering begins: 一、耕地情况 | — over （一）."""
    if index + 1 == len(found):
        return False
    mark, following = read_mark(found[index][2]), read_mark(found[index + 1][2])
    return mark.rank is not None and following.number == 1 and (following.rank or 0) > mark.rank


def _is_partly_crossed(lattice: Lattice, row: int, values: Sequence[Leaf]) -> bool:
    """True when some values of a row are crossed out and others are not: the others are to be filled."""
    crossed = [is_dash(lattice.text(row, leaf.col)) for leaf in values]
    return any(crossed) and not all(crossed)


def _has_given(lattice: Lattice, row: int, values: Sequence[Leaf]) -> bool:
    """True when a row prints a limit or a standard among its values and leaves others blank: pH值 | — | 6.5-8.5."""
    texts = [lattice.text(row, leaf.col) for leaf in values if lattice.box(row, leaf.col).col == leaf.col]
    return "" in texts and any(text and not is_dash(text) for text in texts)


def _is_leaf(found: Sequence[tuple[int, Box, str, tuple[str, ...], str, str]], index: int, is_plain: bool) -> bool:
    """True for a row without a unit under which nothing stands: it asks for a text (主导产业), it is no heading.

    is_plain: units stand in the labels; then unnumbered rows are told too, by the indentation of the next row.
    """
    mark, label = read_mark(found[index][2]), found[index][1]
    if index + 1 == len(found):
        return True
    following = read_mark(found[index + 1][2])
    if mark.rank is not None:
        return following.rank is not None and following.rank <= mark.rank and not following.is_part
    is_deeper = leading(found[index + 1][1].raw) >= leading(label.raw) + 2
    return is_plain and not is_deeper and following.number != 1


def _put_back(found: list[tuple[int, Box, str, tuple[str, ...], str, str]]) -> None:
    """Give a code that slipped onto a heading back to the row under it, which has a unit and no code."""
    for index, (row, following) in enumerate(pairwise(found)):
        if row[5] and not row[4] and following[4] and not is_dash(following[4]) and not following[5]:
            found[index] = (*row[:5], "")
            found[index + 1] = (*following[:5], row[5])


def _groups(
    boxes: list[Box], label: Box, carried: dict[int, str], heads: dict[tuple[int, str], str]
) -> tuple[tuple[str, ...], str]:
    """Return the groups that stand left of a row label: merged over it, or written once above blanks.

    carried: names written once, by column; heads: groups by column and number, of which 3.1 goes under 3.
    """
    groups: list[str] = []
    mark_only = ""
    if any(box is not label and box.col < label.col and box.text.rstrip("：:") == "其中" for box in boxes):
        boxes = [box for box in boxes if box.text.rstrip("：:") != "其中"]
        mark_only = "其中："
    for box in boxes:
        if box is label or box.col >= label.col:
            continue
        mark = read_mark(_numbered(box))
        is_short = box.row == label.row and box.height == 1 and len(box.text) <= 3 and _is_mark(box.text)
        if is_short or (mark.text == box.text and mark.rank is not None and len(box.text) <= 4):
            mark_only = box.text
        else:
            number = _HEAD_NUMBER.match(box.text)
            above = heads.get((box.col, number[1])) if number and mark.rank == DECIMAL else None
            groups += [above, mark.text] if above else [mark.text]
    for box in boxes:
        if (number := _HEAD_NUMBER.match(box.text)) and (mark := read_mark(box.text)).rank == PLAIN:
            heads[box.col, number[1]] = split_unit(mark.text)[0]
    first = label.col
    for col in [col for col in carried if col >= first]:
        del carried[col]
    if not groups and not mark_only:
        groups = [text for col, text in sorted(carried.items()) if col < first]
    else:
        for box in boxes:
            if box.col < first and box.height == 1 and not _is_mark(box.text):
                carried[box.col] = read_mark(_numbered(box)).text
    return tuple(groups), mark_only + _numbered(label)


def _is_part_group(lattice: Lattice, row: int, stub: Leaf, name: str) -> bool:
    """True when the group merged over a row says 其中 before its name."""
    boxes = lattice.across(row, stub.col, stub.right)
    marks = [read_mark(box.text) for box in boxes if box.text and box.height > 1]
    return any(mark.is_part and split_unit(mark.text)[0] == name for mark in marks)


def _numbered(box: Box) -> str:
    """Return a label with a point behind the number before it, when the form prints only a space there."""
    return squeeze(_SPACED.sub(r"\1.", box.raw)) if _SPACED.match(box.raw) else box.text


def _is_mark(text: str) -> bool:
    return read_mark(text + "某").rank is not None and read_mark(text + "某").text == "某"
