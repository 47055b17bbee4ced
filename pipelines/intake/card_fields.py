"""The fields that the boxes of a card ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pipelines.intake.blank import Blank
from pipelines.intake.card_cells import (
    CHOICE,
    HEADING_LENGTH,
    SENTENCE,
    lettered,
)
from pipelines.intake.datatypes import data_type
from pipelines.intake.headers import Leaf
from pipelines.intake.inline import blanks
from pipelines.intake.lattice import Box, Lattice
from pipelines.intake.numbering import read_mark
from pipelines.intake.roles import role_of
from pipelines.intake.units import is_unit, split_unit
from pipelines.intake.vocabulary import words
from pipelines.text import squeeze
from schemas.templates import FieldReading, Role

_DIGIT_BOXES = re.compile("[□☐▢]")


@dataclass(slots=True)
class Reading:
    """What a card gave while it is being read: fields, notes, and labels for which no blank was found."""

    fields: list[FieldReading] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    without_blank: list[Box] = field(default_factory=list)
    wholes: dict[int, Box] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    frame: dict[str, str] = field(default_factory=dict)
    pairs: int = 0


def value_unit(cell: Box, label: str) -> str | None:
    """Return the unit that a value cell prints after the room to write, None when it prints none."""
    pieces = cell.raw.split()
    is_led = len(pieces) == 2 and (pieces[0] in words("per_value") or pieces[0] in "/／")
    after_gap = pieces[-1:] if is_led else []
    texts = (cell.text, cell.text.strip("（）()"), cell.text.lstrip("/／"), *after_gap)
    return next((text for text in texts if is_unit(text, label)), None)


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


def value_blanks(label: Box, cell: Box, path: tuple[str, ...], out: Reading) -> None:
    """Read a value cell that has text of its own: choices, or a signature under an opinion."""
    found = blanks(cell.raw)
    _, unit = split_unit(label.text.rstrip("：:"))
    if CHOICE.search(cell.text) and len(found) == 1:
        out.fields.append(
            FieldReading(path, cell.at, label.at, unit=unit, role=role_of(path), options=found[0].options)
        )
        return
    if CHOICE.search(cell.text) and found and not found[0].path and found[0].options:
        out.fields.append(FieldReading(path, cell.at, label.at, unit=unit, role="fill", options=found[0].options))
        for number, blank in enumerate(found[1:], start=2):
            out.fields.append(_inline(blank, path, cell.at, number))
        return
    inline = 1 if found or _DIGIT_BOXES.search(cell.text) else None
    out.fields.append(FieldReading(path, cell.at, label.at, unit=unit, role="fill", inline=inline))
    for number, blank in enumerate(found, start=2):
        out.fields.append(_inline(blank, path, cell.at, number))


def _inline(blank: Blank, path: tuple[str, ...], place: str, number: int) -> FieldReading:
    return FieldReading(
        path=path + blank.path,
        cell=place,
        label_cell=place,
        unit=blank.unit,
        code=blank.code,
        role="meta" if blank.is_meta or role_of(blank.path) == "meta" else "fill",
        inline=number,
        options=blank.options,
        data_type="date" if blank.is_date else "text",
    )


def own_blanks(box: Box, found: list[Blank], path: tuple[str, ...], out: Reading) -> None:
    """Read a box that is label and blank in one: “收车单位（章） 经办人：  年 月 日”."""
    number = 1
    first = next((line for line in (squeeze(part) for part in re.split(r"[\n]", box.raw)) if line), "")
    title = re.sub("[□☐▢]+$", "", first.rstrip("：:"))
    has_more = squeeze(box.raw) != first
    is_title = (
        has_more
        and 2 <= len(title) <= HEADING_LENGTH
        and not SENTENCE.search(title)
        and not re.search(r"[：:].|[□☐▢].", first)
        and not re.search(r"(?:签章|盖章|签字|签名|人|日期|负责人)$|[(（](?:签字|签名)[)）]$", title)
        and title != "年月日"
    )
    if is_title:
        path = (*path, read_mark(title).text)
        role: Role = "meta" if title in words("stamp") or title in words("meta") else "fill"
        out.fields.append(FieldReading(path, box.at, box.at, role=role, inline=number))
        number += 1
    for blank in found:
        if is_title and blank.path and blank.path[-1].rstrip("：:") == path[-1]:
            continue
        out.fields.append(_inline(blank, path, box.at, number))
        number += 1


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
