"""What a field is in its form: something to fill, a serial number, about the act of reporting, or computed."""

from __future__ import annotations

from pipelines.intake.vocabulary import words
from schemas.templates import Role

TOTALS = frozenset(("合计", "总计", "小计", "共计"))
"""Headers over columns that add up other columns."""


def column_role(path: tuple[str, ...]) -> Role:
    """Return the role that a column's header path gives; columns under 合计 are computed like 合计 itself."""
    role = role_of(path)
    return "derived" if role == "fill" and TOTALS.intersection(path) else role


def role_of(path: tuple[str, ...]) -> Role:
    """Return the role that the words of a header path give. Lists: `serial`, `meta`, `total` of intake_words.csv."""
    leaf = path[-1] if path else ""
    bare = leaf.rstrip("*＊").lstrip("*＊")
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
