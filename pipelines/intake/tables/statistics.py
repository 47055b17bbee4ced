"""Statistical tables 统计表: indicators down, columns across; a field per fillable row and column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.intake.boxes.asked import Reading, value_blanks
from pipelines.intake.boxes.cells import CHOICE
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.tables.block import Block
from pipelines.intake.tables.checks import plain_code, wholes_by_part
from pipelines.intake.tables.given import crossed_columns, given_cells, given_columns
from pipelines.intake.tables.headers import Leaf
from pipelines.intake.tables.kinds import Column
from pipelines.intake.tables.outline import Entry, Placed, arrange
from pipelines.intake.tables.stub_rows import Row, rows_of
from pipelines.intake.tables.totals import column_role, is_stated_whole
from pipelines.intake.wording.datatypes import data_type
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.marks import is_number
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.roles import role_of
from pipelines.intake.wording.units import is_unit
from pipelines.intake.wording.vocabulary import words
from pipelines.text import address, position
from schemas.templates import FieldReading

INDENT_STEP = 2
"""Half-width spaces that one step of a cell's indentation format stands for."""

_ROOM_BEHIND = re.compile(r"\S[ \u3000\u00a0_]{3,}$")
"""Room to write behind a name in the same cell."""


@dataclass(frozen=True, slots=True)
class StatisticsReading:
    """Fields of a statistical table; what column each cell stands in; 其中 rows with their whole; doubtful rows.

    columns: name of the value column by cell; wholes: (label cell of the part, label cell of the whole);
    doubtful: (label cell, label); lines: boxes across the table that hold blanks of their own (补充资料).
    formulas: codes printed with what they are computed from (4=1+2-3).
    """

    fields: list[FieldReading]
    columns: dict[str, tuple[str, ...]]
    wholes: list[tuple[str, str]]
    doubtful: list[tuple[str, str]]
    lines: list[Box]
    formulas: list[str]


def statistics_fields(
    lattice: Lattice, blocks: Sequence[Block], prefix: tuple[str, ...] = (), notes: Sequence[str] = ()
) -> StatisticsReading:
    """Return what a statistical table asks for.

    blocks: the table and its 续表, in order; panels side by side are read one after the other.
    notes: 填表说明; a relation “06≤03” tells of which row a 其中 row is a part.
    """
    rows: list[Row] = []
    panels: list[list[Column]] = []
    lines: list[Box] = []
    for block in blocks:
        for whole in block.panels:
            title, panel = _untitled(whole)
            panels.append(panel)
            found = rows_of(lattice, block, panel, len(panels) - 1, lines)
            rows.extend(replace(row, groups=title + row.groups) for row in found)
    places = _replace_parts(rows, _places(lattice, rows), wholes_by_part(notes))
    total = _divided_total(rows, places)
    fields: list[FieldReading] = []
    columns: dict[str, tuple[str, ...]] = {}
    wholes: list[tuple[str, str]] = []
    doubtful: list[tuple[str, str]] = []
    given = given_columns(lattice, rows, panels)
    printed = given_cells(lattice, rows, panels)
    parted: tuple[str, ...] = ()
    for row, place in zip(rows, places, strict=True):
        if not row.groups and place.part_of is None:
            parted = place.path
        if place.is_doubtful:
            doubtful.append((row.label.at, row.text))
        if place.part_of is not None:
            wholes.append((row.label.at, rows[place.part_of].label.at))
        if row.has_value:
            above = total if row is not rows[0] and place.path[: len(total)] != total else ()
            above = parted if row.is_part else above
            path = prefix + above + row.groups + place.path
            if _has_own_room(row, panels[row.panel]):
                fields.append(FieldReading(path, row.label.at, row.label.at, row.unit, row.code, inline=1))
            for leaf, reading in _cells(lattice, row, path, panels[row.panel], given):
                if position(reading.cell) in printed:
                    continue
                fields.append(reading)
                columns[reading.cell] = leaf.path
    formulas = [row.formula for row in rows if row.formula]
    return StatisticsReading(fields, columns, wholes, doubtful, lines, formulas)


def _has_own_room(row: Row, panel: list[Column]) -> bool:
    """True for an item to be scored that asks for its measure as well, behind its name: 办公室面积（㎡）    | 得分."""
    is_scored = any(column.kind == "value" and column.leaf.name in words("score_column") for column in panel)
    is_measure = is_scored and data_type((row.text,), row.unit, (), None, None)[0] in ("integer", "decimal")
    return is_measure and bool(_ROOM_BEHIND.search(row.label.raw))


def _divided_total(rows: Sequence[Row], places: Sequence[Placed]) -> tuple[str, ...]:
    """Return the total that opens a table when groups merged under it divide it (按学历分, 按年龄分), else nothing."""
    if not rows or rows[0].groups or rows[0].text not in words("total") or len({row.panel for row in rows}) > 1:
        return ()
    is_divided = any(row.groups and row.groups[0] in words("grouping") for row in rows)
    grouped = [row for row in rows[1:] if row.groups]
    is_divided = is_divided or (
        bool(grouped) and all(row.groups or read_mark(row.label.text).is_part for row in rows[1:])
    )
    return places[0].path if is_divided else ()


def _untitled(panel: list[Column]) -> tuple[tuple[str, ...], list[Column]]:
    """Return the header over a panel with its row labels (收入 over 项目 | 本季 | 累计), and the panel without it."""
    paths = [column.leaf.path for column in panel]
    title = paths[0][:1]
    inside = [len(path) > 1 and path[:1] == title for path in paths]
    if not title or sum(inside) < 2 or not inside[0] or any(len(path) > 1 for path in paths if path[:1] != title):
        return (), panel
    bare = [
        replace(column, leaf=replace(column.leaf, path=column.leaf.path[1:])) if is_inside else column
        for column, is_inside in zip(panel, inside, strict=True)
    ]
    return title, bare


def _places(lattice: Lattice, rows: Sequence[Row]) -> list[Placed]:
    """Arrange the rows, each run under the same merged groups by itself; a group of 其中 parts no run."""
    placed: dict[int, Placed] = {}
    for run in _runs(rows):
        entries = [_entry(lattice, rows[at]) for at in run]
        for at, place in zip(run, arrange(entries, bool(rows[run[0]].groups), not run[0]), strict=True):
            whole = None if place.part_of is None or place.part_of < 0 else run[place.part_of]
            placed[at] = replace(place, part_of=whole)
    return [placed[at] for at in range(len(rows))]


def _runs(rows: Sequence[Row]) -> list[list[int]]:
    """Return the rows by number that stand under the same groups without others between, groups of 其中 aside."""
    runs: list[list[int]] = []
    parts: list[list[int]] = []
    for at, row in enumerate(rows):
        found = parts if row.is_part else runs
        before = found[-1][-1] if found else None
        is_same = before is not None and rows[before].groups == row.groups
        if is_same and (not row.is_part or before == at - 1):
            found[-1].append(at)
        else:
            found.append([at])
    return runs + parts


def _replace_parts(rows: Sequence[Row], places: list[Placed], wholes: dict[str, set[str]]) -> list[Placed]:
    """Move a 其中 row to the ancestor that the form's own relations name as its whole, when that is not its parent."""
    if not wholes:
        return places
    by_code = {plain_code(row.code): index for index, row in enumerate(rows) if row.code}
    moved = list(places)
    for index, (row, place) in enumerate(zip(rows, places, strict=True)):
        stated = wholes.get(plain_code(row.code), set()) if row.code and place.part_of is not None else set()
        if not stated or plain_code(rows[place.part_of or 0].code) in stated:
            continue
        above = [by_code[code] for code in stated if code in by_code]
        fits = [at for at in above if place.path[: len(places[at].path)] == places[at].path and at != index]
        if len(fits) == 1:
            moved[index] = Placed((*places[fits[0]].path, place.path[-1]), fits[0])
    return moved


def _entry(lattice: Lattice, row: Row) -> Entry:
    cell = lattice.cell(row.label)
    steps = (cell.indent if cell else 0) + row.shift
    return Entry(row.label.raw, row.text, steps * INDENT_STEP, row.unit, row.has_value)


def _cells(
    lattice: Lattice, row: Row, path: tuple[str, ...], panel: list[Column], given: set[tuple[int, int]]
) -> list[tuple[Leaf, FieldReading]]:
    values = [column.leaf for column in panel if column.kind == "value" and (row.panel, column.leaf.col) not in given]
    crossed = crossed_columns(lattice, row.row, [leaf.col for leaf in values])
    fields: list[tuple[Leaf, FieldReading]] = []
    for leaf in values:
        box = lattice.box(row.row, leaf.col)
        if leaf.col in crossed or box is row.label:
            continue
        if box.row < row.row and row.label.height == 1 and row.groups:
            continue  # a score merged over several items of a group: the first row has it
        covered = [one for one in values if box.col <= one.col <= box.right]
        if len(covered) == len(values) > 2 and box.is_blank:  # 申请理由: one room over all columns
            if leaf is covered[0]:
                role = role_of(path)
                fields.append((leaf, FieldReading(path, box.at, row.label.at, row.unit, row.code, role=role)))
            continue
        if box.is_blank and box.height == 1 and (shared := _common([one.path for one in covered])) != leaf.path:
            if leaf is not covered[0] and shared:
                continue  # 上年数 as a whole, not 户次 | 金额 under it
            unit = leaf.unit if len({one.unit for one in covered}) == 1 else None
            leaf = replace(leaf, path=shared, unit=unit) if shared else leaf
        is_sum = row.text in words("total") and leaf.name in words("score_column")
        is_generic = len(values) == 1 and (not leaf.path or leaf.name in words("generic_column") or is_sum)
        is_shared = row.label.height == 1 and box.height > 1 and box.row == row.row and bool(row.groups)
        own = path[:-1] if is_shared else path
        full = own if is_generic else own + leaf.path
        role = "derived" if row.formula else role_of(path)
        role = "fill" if role == "meta" and not is_generic else role  # 单位负责人 by number, as an occupation
        if role == "derived" and leaf.name in words("text_column"):
            role = "fill"  # a remark beside a total is not computed
        if role == "fill" and not is_generic and len(values) > 1:
            role = "derived" if "=" in (leaf.ordinal or "") else column_role(leaf.path)
            if "=" not in (leaf.ordinal or "") and is_stated_whole(lattice, values, leaf):
                role = "fill"
        reading = FieldReading(
            path=full,
            cell=address(row.row, leaf.col),
            label_cell=row.label.at,
            unit=_unit(leaf, row.unit) or (box.text if is_unit(box.text, row.text) else None),
            code=row.code,
            role=role,
        )
        if box.text and not is_number(box.text) and (CHOICE.search(box.text) or blanks(box.raw)):
            inner = Reading()
            value_blanks(row.label, box, full, inner)
            fields.extend((leaf, replace(one, unit=one.unit or reading.unit, code=row.code)) for one in inner.fields)
            continue
        fields.append((leaf, reading))
    return fields


def _common(paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the headers that begin every one of the paths."""
    same = 0
    while all(len(path) > same for path in paths) and len({path[same] for path in paths}) == 1:
        same += 1
    return paths[0][:same]


def _unit(leaf: Leaf, stated: str | None) -> str | None:
    """Return the unit of a cell: its column's, or its row's; a row of shares is one in every column."""
    if stated and stated in words("share_unit") and leaf.name not in words("text_column"):
        return stated
    return leaf.unit or _row_unit(stated, leaf.name)


def _row_unit(unit: str | None, column: str) -> str | None:
    if unit and unit.startswith("元/") and "价" in column:
        return unit
    if (
        not unit
        or column in words("ratio")
        or column in words("text_column")
        or column in words("score_column")
        or data_type((column,), None, (), None, None)[0] in ("boolean", "date", "identifier")
        or (column in words("money_column") and "元" not in unit)
    ):
        return None
    return unit
