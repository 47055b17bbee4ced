"""What a field is in its form: something to fill, a serial number, about the act of reporting, or computed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipelines.intake.headers import Leaf
from pipelines.intake.lattice import Lattice
from pipelines.intake.numbering import read_mark
from pipelines.intake.vocabulary import words
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


@lru_cache(maxsize=50_000)
def role_of(path: tuple[str, ...]) -> Role:
    """Return the role that the words of a header path give. Lists: `serial`, `meta`, `total` of intake_words.csv."""
    leaf = path[-1] if path else ""
    bare = leaf.rstrip("*＊").lstrip("*＊")
    if bare in words("standing_total"):
        return "fill"
    if bare in words("serial"):
        return "serial"
    if bare in words("total"):
        return "derived"
    if bare in words("meta"):
        return "meta"
    if bare.endswith(("姓名", "日期", "时间", "电话")) and any(
        word in bare for word in ("填报", "填表", "审核人", "经办人")
    ):
        return "meta"
    return "fill"
