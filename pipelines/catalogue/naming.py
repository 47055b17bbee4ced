"""The standard name of a data element, by one rule (GB/T 18391.5 naming principles; GB/T 19488.1 data element names).

Name = object class term + property term + （qualifiers）. The object class term is left out where the ledger already
says whose property it is (自然人, 行政区域), and where the property begins with it. A name from
rules/elements_standard.csv wins. The name depends on the element alone, so adding a form never renames another's.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from pipelines.rulebook import rows
from schemas.templates import PATH_SEPARATOR

SPLIT = re.compile("｛(?P<form>.*?)#(?P<path>.*)｝$")
"""Ends the key of a group that verdicts parted from its element key: the field that stands for it."""
LONGEST = 60
"""Characters of a name; longer ones are instructions that were read as labels."""


def standard_name(object_class: str, property_name: str, qualifiers: str, own: Path | None = None) -> str:
    """Return the name that people read.

    qualifiers: joined by "；". own: the workspace's rules.

    >>> standard_name("行政区域", "人口数", "户籍；女")
    '户籍女性人口数'
    >>> standard_name("学校", "名称", ""), standard_name("自然人", "缴费金额", "社会保险；个人缴纳")
    ('学校名称', '缴费金额（社会保险、个人缴纳）')
    """
    fixed = _fixed(own).get((object_class, property_name, qualifiers))
    if fixed:
        return fixed
    term = _terms(own).get(object_class, object_class)
    core = property_name if property_name.startswith((term, object_class)) else term + property_name
    return core + (f"（{qualifiers.replace('；', '、')}）" if qualifiers else "")


def parted_by(group_key: str, property_name: str) -> str:
    """Return what tells a parted group from its namesake: its headings, or its form; "" for a group that is not parted.

    >>> parted_by("自然人.姓名｛党组织统计表#书记 › 姓名｝", "姓名"), parted_by("房屋.坐落｛林权登记表#坐落｝", "坐落")
    ('书记', '林权登记表')
    """
    found = SPLIT.search(group_key)
    if not found:
        return ""
    headings = [part for part in found["path"].split(PATH_SEPARATOR) if part != property_name]
    return "、".join(headings) or found["form"]


@lru_cache(maxsize=8)
def _fixed(own: Path | None) -> dict[tuple[str, str, str], str]:
    return {
        (row["object_class"], row["property"], row["qualifiers"]): row["element_name"]
        for row in rows("elements_standard", own, ("object_class", "property", "qualifiers"))
    }


@lru_cache(maxsize=8)
def _terms(own: Path | None) -> dict[str, str]:
    return {row["object_class"]: row["term"] for row in rows("elements_object_terms", own, ("object_class",))}
