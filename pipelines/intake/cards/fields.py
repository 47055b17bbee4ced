"""The fields that the boxes of a card ask for."""

from __future__ import annotations

from dataclasses import replace

from pipelines.intake.boxes.asked import Reading, value_unit
from pipelines.intake.boxes.cells import (
    lettered,
)
from pipelines.intake.boxes.lattice import Box, Lattice
from pipelines.intake.tables.headers import Leaf
from pipelines.intake.wording.datatypes import data_type
from pipelines.intake.wording.roles import role_of
from pipelines.intake.wording.units import split_unit
from pipelines.intake.wording.vocabulary import words
from schemas.templates import FieldReading


def with_unit(fields: list[FieldReading], unit: str | None) -> list[FieldReading]:
    """Return the fields under a heading that says a unit; choices and texts (测算依据) have none."""
    if unit is None:
        return fields
    texts = (words("text_column"), words("score_column"))
    return [
        one if one.options or any(one.path[-1] in text for text in texts) else replace(one, unit=one.unit or unit)
        for one in fields
    ]


def pair_field(lattice: Lattice, path: tuple[str, ...], label: Box, cell: Box) -> FieldReading:
    """Return the field of a label and the blank beside or under it."""
    _, unit = split_unit(label.text.rstrip("：:"))
    unit = unit or value_unit(cell, path[-1])
    choices = lattice.grid.choices_by_cell.get((cell.row, cell.col), ()) or lettered(cell.text)
    path = (*path[:-1], path[-1].rstrip("：:"))
    return FieldReading(path, cell.at, label.at, unit=unit, role=role_of(path), options=choices)


def own_field(path: tuple[str, ...], box: Box) -> FieldReading:
    """Return the field of a label that has its room in its own cell."""
    return FieldReading(path, box.at, box.at, role=role_of(path[-1:]), inline=1)


def leaf_field(
    lattice: Lattice, leaf: Leaf, cell: Box, prefix: tuple[str, ...], label: Box | None = None
) -> FieldReading:
    """Return the field of a column header and the first cell under it; `label` when a row label names it too."""
    path = prefix + leaf.path
    choices = lattice.grid.choices_by_cell.get((cell.row, cell.col), ())
    return FieldReading(
        path=path,
        cell=cell.at,
        label_cell=label.at if label else leaf.label_cell,
        unit=leaf.unit or (value_unit(cell, path[-1]) if cell.text and path else None),
        role=role_of(path),
        options=choices,
    )


def _counts(box: Box) -> bool:
    """True for a label that asks for a number: only that has parts."""
    name, unit = split_unit(box.text)
    return data_type((name,), unit, (), None, None)[0] in ("integer", "decimal")


def whole_of(part: Box, out: Reading) -> Box:
    """Return the label that a 其中 is a part of: the one above it, or the last one when only that shares its unit."""
    last = list(out.wholes.values())[-1]
    above = out.wholes.get(part.col, last)
    if not _counts(above) and _counts(last):
        return last
    unit, own, near = (split_unit(box.text)[1] for box in (part, above, last))
    return last if unit and unit != own and unit == near else above
