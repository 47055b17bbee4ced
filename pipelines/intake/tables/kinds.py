"""What each column of a table is: row labels, their units and codes, or values to fill."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.intake.boxes.cells import CHOICE, LETTERED
from pipelines.intake.boxes.lattice import Lattice
from pipelines.intake.tables.headers import Leaf
from pipelines.intake.tables.row_names import has_numbered_blanks, is_banded, is_grouped, is_name, names_rows
from pipelines.intake.wording.datatypes import data_type
from pipelines.intake.wording.marks import is_band, is_dash, is_number
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.units import is_unit
from pipelines.intake.wording.vocabulary import words

_CODE = re.compile(r"^(?:[0-9A-Za-z\-.]{1,8}|[0-9]{1,3}=[0-9+\-×*/÷()（）]+)$")
AREA_SHARE = 0.6
"""Row labels that must be names of places or organisations before a table is a roster of them."""
SAMPLE_ROWS = 60
"""Rows under the header that tell the kinds of columns; the longest printed stub seen has 177."""


@dataclass(frozen=True, slots=True)
class Column:
    """A leaf column with its kind: stub (row labels), unit, code or value."""

    leaf: Leaf
    kind: str


def classify(lattice: Lattice, found: list[Leaf], data_top: int, bottom: int) -> tuple[Column, ...]:
    """Return the leaf columns with their kinds; those of a roster are all values.

    data_top, bottom: the rows under the header, counted from 0.
    """
    rows = range(data_top, min(bottom, data_top + SAMPLE_ROWS) + 1)
    width = found[-1].right - found[0].col + 1
    printed_at = [{box.col: box.text for box in lattice.printed(row) if box.width < width} for row in rows]
    texts = [[row[leaf.col] for row in printed_at if leaf.col in row] for leaf in found]
    columns: list[Column] = []
    serial = (
        len(found) > 2 and found[0].name in words("code_column") and bool(texts[0]) and all(map(is_number, texts[0]))
    )
    second = _second_panel(found)
    for position, (leaf, body) in enumerate(zip(found, texts, strict=True)):
        kind = "code" if serial and not position else _kind(leaf, body, position - serial, columns)
        if position == second and any(column.kind == "stub" for column in columns) and not all(map(is_number, body)):
            kind = "stub"
        if kind == "value" and columns and columns[-1].kind == "stub" and is_grouped(lattice, rows, columns[-1].leaf):
            kind = "stub" if names_rows(lattice, rows, columns[-1].leaf, leaf) else kind
        columns.append(Column(leaf, kind))
    stubs = [index for index, column in enumerate(columns) if column.kind == "stub"]
    if not stubs or _is_counted(found[0], texts[0]):
        return tuple(columns)
    named = [_row_names(lattice, rows, found[0], columns[index].leaf) for index in stubs]
    labels = [text for one in named for text in one if text not in words("total")]
    values = [index for index, column in enumerate(columns) if column.kind == "value"]
    is_checklist = any(columns[index].leaf.name in words("check_stub") for index in stubs)
    is_checklist = is_checklist or any(columns[index].leaf.name in words("score_column") for index in values)
    if is_checklist or any(column.kind in ("unit", "code") for column in columns[1:]):
        told = [len(texts[index]) for index, column in enumerate(columns) if index and column.kind in ("unit", "code")]
        rows_asked = max(told, default=len(texts[stubs[0]]))
        full = [index for index in values if len(texts[index]) >= 0.6 * rows_asked > 1]
        values = [index for index in values if index not in full] or values  # 规格, 标准 beside the stub are given
    filled = sum(
        1
        for index in values
        for t in texts[index]
        if not (is_dash(t) or is_number(t) or CHOICE.search(t) or LETTERED.match(t))
    )
    slots = len(values) * max(1, len(texts[stubs[0]]))
    labelled = [row for row in rows if any(is_name(lattice, row, columns[index].leaf) for index in stubs)]
    printed = sum(1 for row in rows if lattice.printed(row))
    spread = labelled[-1] - data_top + 1 if labelled and lattice.grid.kind == "document" else 0
    is_named = any(_is_stub_header(columns[index].leaf) for index in stubs)
    numbers = sum(1 for index in values for t in texts[index] if is_number(t))
    is_roster = (
        has_numbered_blanks(lattice, rows, found, columns[stubs[0]].leaf)
        or (
            not is_named
            and len(stubs) == 1
            and not any(column.kind == "unit" and texts[at] for at, column in enumerate(columns))
            and (numbers > 0.6 * slots or _describes_subjects([columns[index].leaf.name for index in values]))
        )
        or (len(stubs) == 1 and is_banded(lattice, rows, columns[stubs[0]].leaf) and not texts[stubs[0] + 1])
        or len(labelled) < 0.5 * max(printed, spread)
        or len(labels) < 1
        or not values
        or filled > 0.34 * slots
        or columns[stubs[0]].leaf.name in words("area_stub")
        or sum(label in words("area_name") and label not in words("kind_of_place") for label in labels)
        >= AREA_SHARE * len(labels)
    )
    if is_roster:
        return tuple(Column(column.leaf, "value") for column in columns)
    return tuple(columns)


def _row_names(lattice: Lattice, rows: range, first: Leaf, leaf: Leaf) -> list[str]:
    """Return what names each row under a stub: the last label within its columns, groups left of it aside.

    first: the first column; rows beside a 合计 merged over several there are totals of the others.
    """
    found = [
        [box for box in lattice.printed(row) if leaf.col <= box.col <= box.right <= leaf.right]
        for row in rows
        if lattice.box(row, first.col).height == 1 or lattice.text(row, first.col) not in words("total")
    ]
    return [boxes[-1].text for boxes in found if boxes]


def _second_panel(found: list[Leaf]) -> int | None:
    """Return the column at which the headers begin again but for the first: 资产 | 行次 | 金额 | 负债 | 行次 | 金额."""
    names = [leaf.path[-1:] for leaf in found]
    halves = range(len(found) // 2, 1, -1)
    return next((half for half in halves if names[half + 1 : 2 * half] == names[1:half]), None)


def _is_stub_header(leaf: Leaf) -> bool:
    return not leaf.name or leaf.name in words("stub") or leaf.name in words("check_stub") or leaf.ordinal == "甲"


def _describes_subjects(names: list[str]) -> bool:
    """True when columns ask for numbers of documents, dates or yes and no: the rows are subjects, not indicators."""
    kinds = [data_type((name,), None, (), None, None)[0] for name in names]
    return any(kind in ("identifier", "date", "boolean") for kind in kinds)


def _is_counted(leaf: Leaf, body: list[str]) -> bool:
    """True for a column that prints the months or quarters by number: 月份 over 1, 2, 3, 合计."""
    numbers = [int(text) for text in body if text.isdecimal()]
    return leaf.name in words("counted_stub") and len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))


def _kind(leaf: Leaf, body: list[str], position: int, before: list[Column]) -> str:
    printed = [t for t in body if not is_dash(t)]
    has_bands = sum(map(is_band, printed)) >= 2 and not position and leaf.name not in words("serial")
    names = [t for t in printed if (not is_number(t) or (has_bands and is_band(t))) and not CHOICE.search(t)]
    has_stub = any(column.kind == "stub" for column in before)
    if (
        leaf.name in words("unit_column")
        and (not printed or sum(map(is_unit, printed)) >= 0.5 * len(printed))
        and has_stub
    ):
        return "unit"
    if not position and _is_counted(leaf, body):
        return "stub"
    codes = sum(1 for t in printed if _CODE.match(t))
    is_coded = len(names) <= 0.3 * max(1, len(printed)) or codes >= 0.7 * len(printed)
    if leaf.name in words("code_column") and has_stub and is_coded:
        return "code"
    if leaf.ordinal in ("乙", "丙") and has_stub and printed:
        if sum(map(is_unit, printed)) >= 0.6 * len(printed):
            return "unit"
        if codes >= 0.7 * len(printed):
            return "code"
    is_stub_name = not leaf.name or leaf.name in words("stub") or leaf.ordinal == "甲"
    is_stub_name = is_stub_name or leaf.name in words("check_stub")
    if leaf.name and leaf.ordinal != "甲" and any(column.kind == "value" for column in before) and has_stub:
        is_stub_name = any(column.kind == "stub" and column.leaf.name == leaf.name for column in before)
    if before and before[-1].kind == "stub" and leaf.name and leaf.name in words("generic_column"):
        is_stub_name = False  # 项目 | 内容: what is to be filled stands under the second
    if names and (is_stub_name or position == 0) and len(names) >= max(1 if is_stub_name else 2, 0.6 * len(printed)):
        return "stub"
    if (
        names
        and before
        and before[-1].kind == "stub"
        and len(names) >= 0.6 * len(printed)
        and len(names) >= 2
        and not leaf.unit
    ):
        marks = sum(1 for t in names if read_mark(t).rank is not None and not LETTERED.match(t))
        if before[-1].leaf.path == leaf.path or not before[-1].leaf.name or marks >= 2:
            return "stub"
    return "value"
