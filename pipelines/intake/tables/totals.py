"""Totals among the columns of a table: which are computed from others, and which the form alone states."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.intake.boxes.lattice import Lattice
from pipelines.intake.tables.headers import Leaf
from pipelines.intake.wording.numbering import read_mark
from pipelines.intake.wording.roles import role_of
from pipelines.text import position
from schemas.templates import Role

TOTALS = frozenset(("合计", "总计", "小计", "共计", "计"))
"""Headers over columns that add up other columns."""


def column_role(path: tuple[str, ...]) -> Role:
    """Return the role that a column's header path gives; columns under 合计 are computed like 合计 itself."""
    role = role_of(path)
    return "derived" if role == "fill" and TOTALS.intersection(path) else role


def is_stated_whole(lattice: Lattice, leaves: Sequence[Leaf], leaf: Leaf) -> bool:
    """True for a 合计 that nothing in the form adds up to: its group states only parts of it (其中：女), or one.

    leaves: the columns of the table, from left to right. 男 and 女 together do add up.
    """
    parent = leaf.path[:-1]
    if not parent or leaf.name not in TOTALS:
        return False
    group = [other for other in leaves if other.path[: len(parent)] == parent]
    parts = [other for other in group if other is not leaf]
    if not parts or group[0] is not leaf:
        return False
    names = "".join(part.name for part in parts)
    if "男" in names and "女" in names:
        return False
    return len(parts) == 1 or _is_part(lattice, parts[0])


def _is_part(lattice: Lattice, leaf: Leaf) -> bool:
    row, col = position(leaf.label_cell)
    above = (lattice.text(at, col) for at in (row, row - 1) if at >= 0)
    return any(read_mark(text).is_part or text.rstrip("：:") == "其中" for text in above)
