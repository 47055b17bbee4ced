"""What a field is in its form: something to fill, a serial number, about the act of reporting, or computed."""

from __future__ import annotations

from functools import lru_cache

from pipelines.intake.wording.vocabulary import words
from schemas.templates import Role


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
