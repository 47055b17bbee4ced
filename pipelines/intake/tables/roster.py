"""Rosters 花名册: a row per subject, a field per leaf column."""

from __future__ import annotations

from pipelines.intake.boxes.lattice import Lattice
from pipelines.intake.tables.block import Block
from pipelines.intake.tables.totals import column_role, is_stated_whole
from pipelines.text import address
from schemas.templates import FieldReading, Role


def roster_fields(lattice: Lattice, block: Block, prefix: tuple[str, ...] = ()) -> list[FieldReading]:
    """Return a field per leaf column; `cell` is the first data cell under the header."""
    fields = []
    leaves = [column.leaf for column in block.columns]
    for column in block.columns:
        leaf = column.leaf
        if not leaf.path:
            continue
        path = prefix + leaf.path
        ordinal = (leaf.ordinal or "").split("=")[0]
        code = ordinal if ordinal and ordinal.isascii() else None
        is_computed = bool(leaf.ordinal) and "=" in (leaf.ordinal or "")
        role: Role = "derived" if is_computed else column_role(path)
        if role == "derived" and not is_computed and is_stated_whole(lattice, leaves, leaf):
            role = "fill"
        fields.append(
            FieldReading(
                path=path,
                cell=address(block.data_top, leaf.col),
                label_cell=leaf.label_cell,
                unit=leaf.unit,
                code=code,
                role=role,
            )
        )
    return fields
