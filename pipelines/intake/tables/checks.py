"""Relations that a form states itself: “11=01+02-05”, 其中 ≤ whole, totals, formulas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipelines.intake.boxes.lattice import Lattice
from pipelines.intake.wording.vocabulary import words
from pipelines.text import address, position
from schemas.templates import Check, FieldReading

_TERM = r"第?[(\[]?([0-9]{1,3})[)\]]?(?:行|栏|列|项|号|款)?"
_SIGN = r"(=|≥|≤|>=|<=|=>|=<|≧|≦|>|<)"
_RELATION = re.compile(
    rf"(?<![0-9.+\-表》的中])((?:{_TERM}[、,])*{_TERM})(?:\(([^()]{{1,30}})\))?{_SIGN}=?((?:{_TERM}[+\-])*{_TERM})(?![0-9.%])"
)
_REVERSED = re.compile(r"(?<![0-9.+\-=])([0-9]{1,3}(?:\+[0-9]{1,3})+)(=|≤|<=?)([0-9]{1,3})(?![0-9.%+\-])")
_NUMBER = re.compile(r"([+\-]?)第?[(\[]?([0-9]{1,3})[)\]]?")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,6})(?::\$?([A-Z]{1,3})\$?([0-9]{1,6}))?(?![0-9(A-Z])")
MAX_RANGE = 2_000
"""Cells of one range in a formula that are listed; a longer one is cut."""


@dataclass(frozen=True, slots=True)
class Relation:
    """“23（面积、产量）=24+28”: codes on the left, sign, signed codes on the right, the columns it is limited to."""

    left: str
    sign: str
    right: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    text: str


@lru_cache(maxsize=512)
def relations(note: str) -> tuple[Relation, ...]:
    """Return the relations between row or column codes of its own table that a note states, in order.

    Those that name another form, or have sums on both sides, are read by `statements`.

    >>> [(r.left, r.sign, r.right) for r in relations("平衡关系：10=11+12，18≤17")]
    [('10', '=', (('+', '11'), ('+', '12'))), ('18', '≤', (('+', '17'),))]
    """
    if not re.search("[0-9０-９]", note) or not re.search("[=＝≥≤<>＜＞﹤﹥≧≦]", note):
        return ()
    found: list[Relation] = []
    text = (
        re.sub(r"\s+", " ", unicodedata.normalize("NFKC", note))
        .replace("﹤", "<")
        .replace("﹥", ">")
        .replace("本表", "")
    )
    flat = re.sub(r" ?([、,=<>≥≤+\-]) ?", r"\1", text)
    for match in _REVERSED.finditer(flat):
        right = tuple((plus or "+", _code(code)) for plus, code in _NUMBER.findall(match[1]))
        found.append(Relation(_code(match[3]), "=" if match[2] == "=" else "≥", right, (), match[0]))
    for match in _RELATION.finditer(flat):
        groups = match.groups()
        sign = {">=": "≥", "=>": "≥", "≧": "≥", "<=": "≤", "=<": "≤", "≦": "≤"}.get(groups[4], groups[4])
        right = tuple((plus or "+", _code(code)) for plus, code in _NUMBER.findall(groups[5]))
        columns = tuple(part for part in re.split("[、,和及]", groups[3] or "") if part)
        if sign == "=" and len(right) < 2:
            continue
        for _, code in _NUMBER.findall(groups[0]):
            found.append(Relation(_code(code), sign, right, columns, match[0]))
    return tuple(found)


def wholes_by_part(notes: Iterable[str]) -> dict[str, set[str]]:
    """Return the codes that a code is stated to be no more than: “06≤03” → {"6": {"3"}}."""
    found: dict[str, set[str]] = {}
    for note in notes:
        for relation in relations(note):
            if relation.sign in ("≤", "<") and len(relation.right) == 1:
                found.setdefault(relation.left, set()).add(relation.right[0][1])
            elif relation.sign in ("≥", ">"):
                for _, code in relation.right:
                    found.setdefault(code, set()).add(relation.left)
    return found


def plain_code(code: str | None) -> str:
    """Return a code without leading zeros, as relations state it."""
    return _plain(code)


def _code(text: str) -> str:
    return str(int(text))


def _plain(code: str | None) -> str:
    return _code(code) if code and code.isdecimal() else (code or "")


def derive(
    fields: Sequence[FieldReading],
    columns: Mapping[str, tuple[str, ...]],
    notes: Iterable[str],
    numbers: frozenset[str] = frozenset(),
) -> tuple[list[FieldReading], list[Check]]:
    """Return the fields with computed ones marked `derived`, and the balance checks, from the notes' relations.

    columns: name of the value column of each cell; a relation holds per column. Ratios (单产, 价格 …) do not add up.
    numbers: those printed under the columns; “6=7+8” is about columns where the rows are numbered 06, 07, 08.
    """
    stated = [relation for note in notes for relation in relations(note)]
    if any((field.code or "").startswith("0") for field in fields):
        stated = [one for one in stated if not _is_about_columns(one, numbers)]
    if not stated:
        return list(fields), []
    at: dict[tuple[str, tuple[str, ...]], FieldReading] = {}
    by_code: dict[str, list[FieldReading]] = {}
    for field in fields:
        if field.code and field.inline is None:
            code = _plain(field.code)
            at.setdefault((code, columns.get(field.cell, ())), field)
            by_code.setdefault(code, []).append(field)
    checks: list[Check] = []
    computed: set[str] = set()
    for relation in stated:
        for field in by_code.get(relation.left, ()):
            column = columns.get(field.cell, ())
            name = column[-1] if column else ""
            if relation.columns and not any(part in name or part in "".join(column) for part in relation.columns):
                continue
            if name in words("ratio"):
                continue
            parts = [at.get((code, column)) for _, code in relation.right]
            if any(part is None for part in parts) and not (relation.sign == "=" and any(parts)):
                continue
            cells = tuple(part.cell for part in parts if part)
            checks.append(Check("balance", field.cell, cells, relation.text))
            if relation.sign == "=" and field.role == "fill":
                computed.add(field.cell)
    return [replace(f, role="derived") if f.cell in computed and f.inline is None else f for f in fields], checks


def _is_about_columns(relation: Relation, numbers: frozenset[str]) -> bool:
    codes = {relation.left, *(code for _, code in relation.right)}
    return codes <= numbers and not re.search(r"(?<![0-9])0[0-9]", relation.text)


def part_checks(
    fields: Sequence[FieldReading], columns: Mapping[str, tuple[str, ...]], wholes: Sequence[tuple[str, str]]
) -> list[Check]:
    """Return a check per 其中 row and value column: the part is not more than its whole."""
    at = {(field.label_cell, columns.get(field.cell, ())): field for field in fields if field.inline is None}
    found = []
    for part_label, whole_label in wholes:
        for (label, column), part in at.items():
            if label != part_label or (column and column[-1] in words("ratio")):
                continue
            whole = at.get((whole_label, column))
            if whole and whole.unit == part.unit:
                found.append(Check("part", whole.cell, (part.cell,), f"其中：{part.path[-1]}"))
    return found


def total_checks(
    fields: Sequence[FieldReading], columns: Mapping[str, tuple[str, ...]], wholes: Sequence[tuple[str, str]] = ()
) -> list[Check]:
    """Return a check per total row with components of its own: the rows one level under it, in the same column.

    wholes: (label cell of a 其中 row, label cell of its whole); such a row overlaps the components. None for a total
    that groups divide again and again (按学历分, 按年龄分).
    """
    found = []
    within = {part for part, _ in wholes}
    divided = {field.path[:at] for field in fields for at, name in enumerate(field.path) if name in words("grouping")}
    for total in fields:
        column = columns.get(total.cell)
        if total.role != "derived" or column is None:
            continue
        name = total.path[: len(total.path) - _tail(total, column)]
        if not name or name[-1] not in words("total") or name in divided:
            continue
        parts = tuple(
            field.cell
            for field in fields
            if columns.get(field.cell) == column
            and len(field.path) == len(total.path) + 1
            and field.path[: len(name)] == name
            and field.unit == total.unit
            and field.label_cell not in within
        )
        if parts:
            found.append(Check("total", total.cell, parts, name[-1]))
    return found


def _tail(field: FieldReading, column: tuple[str, ...]) -> int:
    return len(column) if column and field.path[-len(column) :] == column else 0


def formula_checks(lattice: Lattice, fields: Sequence[FieldReading]) -> tuple[list[FieldReading], list[Check]]:
    """Return the fields with those that hold a formula marked `derived`, and the formulas as checks."""
    if not any(cell.formula for cell in lattice.grid.cells.values()):
        return list(fields), []
    checks: list[Check] = []
    marked: list[FieldReading] = []
    for field in fields:
        cell = None if field.inline or field.cell.startswith("para") else lattice.grid.cells.get(position(field.cell))
        if cell is None or not cell.formula:
            marked.append(field)
            continue
        checks.append(Check("formula", field.cell, _references(cell.formula), "=" + cell.formula.lstrip("=")))
        marked.append(replace(field, role="derived") if field.role == "fill" else field)
    return marked, checks


def _references(formula: str) -> tuple[str, ...]:
    cells: list[str] = []
    for left, top, right, bottom in _REFERENCE.findall(formula):
        start = position(f"{left}{top}")
        end = position(f"{right}{bottom}") if right else start
        for row in range(min(start[0], end[0]), max(start[0], end[0]) + 1):
            for col in range(min(start[1], end[1]), max(start[1], end[1]) + 1):
                if len(cells) < MAX_RANGE:
                    cells.append(address(row, col))
    return tuple(dict.fromkeys(cells))
