"""What is added to a field once it is known: options, note, number format, data type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.intake.boxes.lattice import Lattice
from pipelines.intake.wording.datatypes import data_type
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.units import is_single, parts_of
from pipelines.intake.wording.vocabulary import words
from pipelines.text import position
from schemas.templates import FieldReading, Layout

_CLAUSE = re.compile(
    r"(?:^|[0-9]{1,2}[、.．]|[；;。])([^：:；;。、.]{1,16})[：:]([^：:]*?)(?=$|[0-9]{1,2}[、.．][^0-9]|[。])"
)
_QUOTED = re.compile(r"[“\"]([^”\"]{1,20})[”\"]")
_CHOOSE = re.compile(r"填|选")
_CODED = re.compile(r"^([0-9]{2,3})([^0-9.、．%％\-—~～年月日岁个周天][^0-9]*)$")
_CODE = re.compile(r"^[0-9]{2,4}$")
MIN_CODED = 4
"""Labels that must begin with different numbers before the numbers are codes: “60岁以上” is none."""
_GENERAL = ("General", "@", "GENERAL", "general")


def add_details(
    lattice: Lattice, fields: Sequence[FieldReading], notes: Sequence[str], layout: Layout
) -> list[FieldReading]:
    """Return the fields with options (drop-down lists, “填“男”或“女””), notes (comments, 填表说明), format and type."""
    clauses = _clauses(notes)
    fields = _codes_beside(lattice, _take_codes(fields)) if layout == "card" else fields
    return [_detailed(lattice, field, clauses, layout) for field in fields if any(field.path)]


def _take_codes(fields: Sequence[FieldReading]) -> Sequence[FieldReading]:
    """Return the fields of a card whose labels are numbered “01姓名 02性别” with the number as their code."""
    found = {
        index: match
        for index, field in enumerate(fields)
        if (match := _CODED.match(field.path[-1] if field.path else ""))
    }
    if len({match[1] for match in found.values()}) < MIN_CODED or len(found) * 2 < len(fields):
        return fields
    coded: list[FieldReading] = []
    whole: tuple[str, ...] = ()
    for index, field in enumerate(fields):
        if index in found:
            mark = read_mark(found[index][2])
            is_part = mark.is_part and bool(whole)
            path = (*whole, mark.text) if is_part else (*field.path[:-1], found[index][2])
            whole = whole if is_part else path
            field = replace(field, path=path, code=found[index][1])
        coded.append(field)
    return coded


def _codes_beside(lattice: Lattice, fields: Sequence[FieldReading]) -> Sequence[FieldReading]:
    """Return the fields of a card with the codes that stand in cells of their own left of the labels: 101 | 名称."""
    found: dict[int, str] = {}
    for index, field in enumerate(fields):
        if field.code or not field.label_cell or field.label_cell.startswith("para"):
            continue
        row, col = position(field.label_cell)
        text = lattice.text(row, col - 1) if col else ""
        if _CODE.match(text):
            found[index] = text
    if len(set(found.values())) < MIN_CODED:
        return fields
    return [replace(field, code=found.get(index, field.code)) for index, field in enumerate(fields)]


def measured(fields: Sequence[FieldReading], unit: str | None, layout: Layout) -> list[FieldReading]:
    """Return the fields of a table with the unit that its frame states, where they have none of their own."""
    return [_measured(field, unit, layout) for field in fields] if unit else list(fields)


def _measured(field: FieldReading, stated: str, layout: Layout) -> FieldReading:
    """Give a value the unit of its frame: every indicator of a statistical table, a roster's money and areas.

    stated: what the frame says, one unit or several (公顷、元); of several, a column takes the one of its kind.
    """
    if field.unit or field.inline or field.role not in ("fill", "derived"):
        return field
    if any(part in words("ratio") or part in words("text_column") for part in field.path):
        return field
    is_count = any(part in words("count_column") for part in field.path)
    if layout == "statistics" and is_count and stated in words("money_unit"):
        return field
    if layout == "statistics":
        return replace(field, unit=stated) if is_single(stated) else field
    kind = next((kind for kind in ("money", "area") if field.path[-1] in words(f"{kind}_column")), None)
    if layout != "roster" or kind is None:
        return field
    fitting = [unit for unit in parts_of(stated) if "/" not in unit and unit in words(f"{kind}_unit")]
    return replace(field, unit=fitting[0]) if len(fitting) == 1 else field


def _clauses(notes: Sequence[str]) -> dict[str, str]:
    """Return what the notes say about a label: “2、性别：填“男”或者“女”” → {"性别": …}."""
    found: dict[str, str] = {}
    for note in notes:
        for label, text in _CLAUSE.findall(note):
            if text:
                found.setdefault(label.strip("“”*＊ "), text)
    return found


def _detailed(lattice: Lattice, field: FieldReading, clauses: dict[str, str], layout: Layout) -> FieldReading:
    grid = lattice.grid
    options, number_format, comments = field.options, None, []
    if not field.cell.startswith("para"):
        row, col = position(field.cell)
        if field.inline is None:
            options = options or grid.choices_by_cell.get((row, col)) or grid.choices_by_cell.get((row + 1, col)) or ()
            cell = grid.cells.get((row, col))
            if cell:
                options = options or cell.choices
                number_format = cell.number_format if cell.number_format not in _GENERAL else None
        comments.append(grid.comments.get((row, col)))
    if field.label_cell and not field.label_cell.startswith("para") and field.label_cell != field.cell:
        at = position(field.label_cell)
        label = grid.cells.get(at)
        comments += [grid.comments.get(at), label.comment if label else None]
    said = clauses.get(field.path[-1].strip("*＊")) if field.path else None
    if said and not options and _CHOOSE.search(said):
        quoted = _QUOTED.findall(said)
        options = tuple(quoted) if len(quoted) >= 2 else ()
    told = [text.strip() for text in (*comments, said) if text]
    note = "；".join(dict.fromkeys(told)) if told else None
    kind, reason = data_type(field.path, field.unit, options, number_format, layout if field.inline is None else None)
    if field.data_type == "date":
        kind, reason = "date", "空格印成“年 月 日”"
    return FieldReading(  # built anew: dataclasses.replace takes ten times as long, and this runs for every field
        field.path if all(field.path) else tuple(part for part in field.path if part),
        field.cell,
        field.label_cell,
        field.unit,
        field.code,
        kind,
        reason,
        field.role,
        field.inline,
        tuple(options),
        field.note or note or None,
        number_format,
    )
