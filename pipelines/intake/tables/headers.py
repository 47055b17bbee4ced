"""Column headers: the path of every leaf column."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.tables.header_rows import ENDS, is_open
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.units import is_unit, split_unit
from pipelines.intake.wording.vocabulary import words

_SHORT_UNIT = re.compile(r"^[(（](?![男女是否有无甲乙丙丁一二三四五六七八九十])[\u4e00-\u9fff][)）]$")
"""A unit that no list knows, in a cell of its own under a header: （块）."""
_NUMERAL = re.compile(r"^[一二三四五六七八九十]{1,3}$")
"""A cell of a header that only numbers it."""
_NUMBERED = frozenset((1, 2, 3))
"""Numbering that a header may carry as rows do: 一、 （一） 1."""
_COUNTING = re.compile(r"^([1-9][0-9]?)(?=[\u4e00-\u9fff]{2})")
MIN_COUNTED = 3
"""Columns that are counted by the numbers before their names; fewer may be names that begin with one."""
_COUNTED = frozenset("人户只头个")
"""Units that are headers themselves under one that counts in both: 合计 over 户 | 人."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf column: columns it covers, header path (white space and unit removed), unit, label cell, number below."""

    col: int
    right: int
    path: tuple[str, ...]
    unit: str | None
    label_cell: str
    ordinal: str | None = None

    @property
    def name(self) -> str:
        """The last header, as printed without its unit."""
        return self.path[-1] if self.path else ""


def leaves(lattice: Lattice, top: int, bottom: int, left: int, right: int) -> list[Leaf]:
    """Return the leaf columns under the header rows `top` … `bottom`; columns without any header are left out."""
    found: list[Leaf] = []
    previous: tuple[Box, ...] = ()
    repeated = _repeated(lattice, top, bottom)
    numbered = [row for row in range(top, bottom) if _only_counts(lattice.printed(row))]
    stacks = {
        col: tuple(box for box in _stack(lattice, top, bottom, left, col) if box.row not in numbered)
        for col in range(left, right + 1)
    }
    spreading = {box for col, boxes in stacks.items() for box in boxes if not box.col <= col <= box.right}
    told = _told_apart(stacks)
    for col, boxes in stacks.items():
        if not boxes:
            previous = ()
            continue
        if found and boxes == previous and boxes[-1].right >= col and boxes[-1].bottom >= 0:
            found[-1] = Leaf(found[-1].col, col, found[-1].path, found[-1].unit, found[-1].label_cell)
            continue
        previous = boxes
        path, unit = _path(boxes, spreading, repeated, told)
        if path:
            found.append(
                Leaf(col, min(boxes[-1].right, right) if boxes[-1].col == col else col, path, unit, boxes[-1].at)
            )
    return _unnumbered(found)


def _only_counts(boxes: tuple[Box, ...]) -> bool:
    """True for a row amid a header that only counts the columns: 1 | 2 | 3 over their names."""
    numbers = [int(box.text) for box in boxes if box.text.isdecimal()]
    is_all = len(numbers) == len(boxes) >= MIN_COUNTED
    return is_all and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _unnumbered(found: list[Leaf]) -> list[Leaf]:
    """Return the columns without the numbers that count all of them: 1设备类别 | 2设备代码 | 3设备型号."""
    numbers = [int(match[1]) if (match := _COUNTING.match(leaf.name)) else 0 for leaf in found]
    if len(found) < MIN_COUNTED or numbers != list(range(numbers[0], numbers[0] + len(numbers))) or not numbers[0]:
        return found
    names = [leaf.name[len(str(number)) :] for leaf, number in zip(found, numbers, strict=True)]
    return [replace(leaf, path=(*leaf.path[:-1], name)) for leaf, name in zip(found, names, strict=True)]


def _told_apart(stacks: dict[int, tuple[Box, ...]]) -> set[Box]:
    """Return the headers under one that spreads over others of another text: 户次 | 金额, mg/l | kg."""
    under: dict[Box, set[Box]] = {}
    for boxes in stacks.values():
        for above, box in pairwise(boxes):
            under.setdefault(above, set()).add(box)
    return {box for boxes in under.values() if len({one.text for one in boxes}) > 1 for box in boxes}


def _stack(lattice: Lattice, top: int, bottom: int, left: int, col: int) -> tuple[Box, ...]:
    """Return the header boxes over a column from the top, with those that are merged over it only in look."""
    boxes: list[Box] = []
    for row in range(top, bottom + 1):
        box = lattice.box(row, col)
        if box.text:
            if box not in boxes:
                boxes.append(box)
        elif (not boxes or boxes[-1].right > boxes[-1].col or boxes[-1].col != col) and row < bottom:
            parent = _spread(lattice, row, bottom, left, col) if is_open(lattice, row, col) else None
            parent = parent or (_hooked(lattice, box, bottom, left) if not boxes else None)
            if parent and (not boxes or parent.col >= boxes[-1].col):
                boxes.append(parent)
    return tuple(boxes)


def _hooked(lattice: Lattice, blank: Box, bottom: int, left: int) -> Box | None:
    """Return the header that a merged blank beside or over it carries over the headers under the blank.

    The whole stands in the corner of an L: its cell goes down to the last header row, and the blank that goes on from
    it is merged over the parts.
    """
    if blank.width == 1 or blank.bottom >= bottom:
        return None
    under = lattice.box(blank.bottom + 1, blank.col)
    whole = under if under.text and under.row < bottom <= under.bottom else None
    if whole is None and blank.col > left:
        beside = lattice.box(blank.row, blank.col - 1)
        whole = beside if beside.text and beside.bottom >= bottom else None
    parts = {box for box in lattice.across(bottom, blank.col, blank.right) if box is not whole}
    return whole if whole is not None and len(parts) > 1 and all(box.text for box in parts) else None


def _spread(lattice: Lattice, row: int, bottom: int, left: int, col: int) -> Box | None:
    """Return the header that stands left of a blank one in the same row and is meant to cover it too."""
    if not any(lattice.text(below, col) and lattice.box(below, col).row > row for below in range(row + 1, bottom + 1)):
        return None
    for near in range(col - 1, left - 1, -1):
        box = lattice.box(row, near)
        if not box.text:
            continue
        has_child = any(
            lattice.text(below, box.col) and lattice.box(below, box.col).row > row
            for below in range(row + 1, bottom + 1)
        )
        is_crossed = any(
            lattice.text(below, col) and lattice.box(below, col).col <= box.right
            for below in range(row + 1, bottom + 1)
        )
        return box if has_child and box.row == row and (box.width == 1 or is_crossed) else None
    return None


def _repeated(lattice: Lattice, top: int, bottom: int) -> set[tuple[int, str]]:
    """Return the (row, text) that a header prints under headers that differ: 多孩 under 计划内 and under 计划外."""
    seen: dict[tuple[int, str], set[str]] = {}
    for row in range(top + 1, bottom + 1):
        for box in lattice.printed(row):
            seen.setdefault((row, box.text), set()).add(lattice.text(row - 1, box.col))
    return {one for one, above in seen.items() if len(above - {""}) > 1}


def _path(
    boxes: tuple[Box, ...], spreading: set[Box], repeated: set[tuple[int, str]], told: set[Box]
) -> tuple[tuple[str, ...], str | None]:
    """Join what was only wrapped over several cells, drop 其中 and bare ordinals, take the units off."""
    parts: list[tuple[str, Box]] = []
    for box in boxes:
        above = parts[-1][1] if parts else None
        is_wrapped = above and above.col == box.col and above.right == box.right and above not in spreading
        is_rate = "/" in box.text and is_unit(box.text)  # 补助标准 over 元/亩
        is_rate = is_rate or bool(above and len(above.text) > 2 and is_unit(box.text, above.text))
        is_rate = is_rate or bool(_SHORT_UNIT.match(box.text))
        is_level = (box.row, box.text) in repeated or bool(above and _NUMERAL.match(above.text))
        if above and is_wrapped and not is_rate and not is_level and not _is_level(above, box):
            parts[-1] = (parts[-1][0] + box.text, box)
        else:
            parts.append((box.text, box))
    path: list[str] = []
    unit: str | None = None
    for at, (text, box) in enumerate(parts):
        above = parts[at - 1][1] if at else box
        is_alone = (above.col, above.right) == (box.col, box.right)  # 人 under 供养对象, not beside 户
        mark = read_mark(text)
        if mark.is_part or mark.rank in _NUMBERED:
            text = mark.text
        if text.rstrip("：:") == "其中" or (_NUMERAL.match(text) and len(parts) > 1):
            continue
        bare = text.strip("（）()")
        if path and box in told and is_unit(bare, path[-1]):
            path, unit = [*path, bare], bare  # COD over mg/l | kg
            continue
        if path and ((is_unit(bare, path[-1]) and (is_alone or text not in _COUNTED)) or _SHORT_UNIT.match(text)):
            unit = bare
            continue
        name, own = split_unit(text)
        unit = own or unit
        path.append(name.rstrip("：:"))
    return tuple(name for name in path if name), unit


def _is_level(above: Box, box: Box) -> bool:
    """True for a header merged over rows of its own under one that is as wide, or under one that ends in its unit.

    Also for one that asks by itself (是否入住 under 分散安置户). Such a header is a level, not a wrapped line.
    """
    if box.text in words("own_header"):
        return True
    if split_unit(above.text)[1] and not ENDS.match(box.text):
        return True
    return (above.height > 1 or box.height > 1) and not ENDS.match(box.text)
