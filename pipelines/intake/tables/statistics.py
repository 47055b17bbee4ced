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
from pipelines.intake.tables.headers import Leaf
from pipelines.intake.tables.kinds import Column
from pipelines.intake.tables.outline import Entry, Placed, arrange
from pipelines.intake.tables.stub_rows import Row, rows_of
from pipelines.intake.tables.totals import column_role, is_stated_whole
from pipelines.intake.wording.datatypes import data_type
from pipelines.intake.wording.inline import blanks
from pipelines.intake.wording.marks import is_dash, is_number
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.roles import role_of
from pipelines.intake.wording.units import is_unit
from pipelines.intake.wording.vocabulary import words
from pipelines.text import address
from schemas.templates import FieldReading

INDENT_STEP = 2
"""Half-width spaces that one step of a cell's indentation format stands for."""

_ROOM_BEHIND = re.compile(r"\S[ \u3000\u00a0_]{3,}$")
MIN_GIVEN = 4
"""Rows that a column must have before most of them being printed says that the form gives the others too."""


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
    given = _given_columns(lattice, rows, panels)
    for row, place in zip(rows, places, strict=True):
        if place.is_doubtful:
            doubtful.append((row.label.at, row.text))
        if place.part_of is not None:
            wholes.append((row.label.at, rows[place.part_of].label.at))
        if row.has_value:
            above = total if row is not rows[0] and place.path[: len(total)] != total else ()
            path = prefix + above + row.groups + place.path
            if _has_own_room(row, panels[row.panel]):
                fields.append(FieldReading(path, row.label.at, row.label.at, row.unit, row.code, inline=1))
            for leaf, reading in _cells(lattice, row, path, panels[row.panel], given):
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
    """Arrange the rows, each run under the same merged groups by itself."""
    places: list[Placed] = []
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and rows[end].groups == rows[start].groups:
            end += 1
        run = [_entry(lattice, row) for row in rows[start:end]]
        for place in arrange(run, is_group=bool(rows[start].groups), is_first=not start):
            whole = None if place.part_of is None or place.part_of < 0 else place.part_of + start
            places.append(replace(place, part_of=whole))
        start = end
    return places


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


def _given_columns(lattice: Lattice, rows: Sequence[Row], panels: list[list[Column]]) -> set[tuple[int, int]]:
    """Return (panel, column) of value columns that the form has filled itself (分值, 标准), others being blank."""
    given: set[tuple[int, int]] = set()
    for number, panel in enumerate(panels):
        at = [row.row for row in rows if row.panel == number and row.has_value]
        cols = [column.leaf.col for column in panel if column.kind == "value"]
        parts = [row.row for row in rows if row.panel == number and row.has_value and row.text not in words("total")]
        bodies = {col: [lattice.box(row, col) for row in at] for col in cols}
        is_bare = any(not any(map(_is_given, body)) for body in bodies.values())
        full = [
            col
            for col in cols
            if at and (_is_printed(bodies[col]) or (is_bare and _is_mostly([lattice.box(row, col) for row in parts])))
        ]
        if len(at) > 1 and len(full) < len(cols) and not any(_has_formula(lattice, at[0], col) for col in full):
            given.update((number, col) for col in full)
    return given


def _is_printed(column: Sequence[Box]) -> bool:
    """True for a column that the form has filled itself: numbers in every row, or texts in three rows of four."""
    given = [box for box in column if _is_given(box)]
    is_text = any(not is_number(box.text) for box in given)
    crossed = sum(is_dash(box.text) for box in column)
    return (bool(given) and len(given) + crossed == len(column)) or (is_text and len(given) >= 0.75 * len(column))


def _is_mostly(column: Sequence[Box]) -> bool:
    """True for a column that the form has filled in three rows of four, totals aside."""
    return len(column) >= MIN_GIVEN and sum(map(_is_given, column)) >= 0.75 * len(column)


def _is_given(box: Box) -> bool:
    return bool(box.text.strip("0.%")) and not is_dash(box.text) and not CHOICE.search(box.text) and not blanks(box.raw)


def _has_formula(lattice: Lattice, row: int, col: int) -> bool:
    cell = lattice.grid.cells.get((row, col))
    return bool(cell and cell.formula)


def _cells(
    lattice: Lattice, row: Row, path: tuple[str, ...], panel: list[Column], given: set[tuple[int, int]]
) -> list[tuple[Leaf, FieldReading]]:
    values = [column.leaf for column in panel if column.kind == "value" and (row.panel, column.leaf.col) not in given]
    crossed = _crossed(lattice, row.row, [leaf.col for leaf in values])
    fields: list[tuple[Leaf, FieldReading]] = []
    for leaf in values:
        box = lattice.box(row.row, leaf.col)
        if leaf.col in crossed or box is row.label:
            continue
        covered = [one for one in values if box.col <= one.col <= box.right]
        if len(covered) == len(values) > 2 and box.is_blank:  # 申请理由: one room over all columns
            if leaf is covered[0]:
                role = role_of(path)
                fields.append((leaf, FieldReading(path, box.at, row.label.at, row.unit, row.code, role=role)))
            continue
        is_sum = row.text in words("total") and leaf.name in words("score_column")
        is_generic = len(values) == 1 and (not leaf.path or leaf.name in words("generic_column") or is_sum)
        full = path if is_generic else path + leaf.path
        role = "derived" if row.formula else role_of(path)
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


def _crossed(lattice: Lattice, row: int, cols: list[int]) -> set[int]:
    """Return the value columns that are crossed out in a row.

    A merged cell over several columns with one dash crosses out the column that the dash is printed over.
    """
    crossed: set[int] = set()
    for col in cols:
        box = lattice.box(row, col)
        if box.col != col and box.col in cols:
            continue
        if not is_dash(box.text):
            continue
        under = [c for c in cols if box.col <= c <= box.right]
        if len(under) == 1:
            if box.height == 1 or box.row == row:
                crossed.add(col)
            continue
        marks = len(box.raw.split())
        if marks >= len(under):
            crossed.update(under)
        else:
            crossed.add(under[-1] if len(box.raw) - len(box.raw.lstrip()) else under[0])
    return crossed
