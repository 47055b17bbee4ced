"""The standard name of a data element, by one rule (GB/T 18391.5 naming principles; GB/T 19488.1 data element names).

Name = object class term + property term + （qualifiers）. The object class term is left out where the ledger already
says whose property it is (自然人, 行政区域), and where the property begins with it. A name from
rules/elements_standard.csv wins. The name depends on the element alone, so adding a form never renames another's.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pipelines.rulebook import rows

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


@lru_cache(maxsize=8)
def _fixed(own: Path | None) -> dict[tuple[str, str, str], str]:
    return {
        (row["object_class"], row["property"], row["qualifiers"]): row["element_name"]
        for row in rows("elements_standard", own, ("object_class", "property", "qualifiers"))
    }


@lru_cache(maxsize=8)
def _terms(own: Path | None) -> dict[str, str]:
    return {row["object_class"]: row["term"] for row in rows("elements_object_terms", own, ("object_class",))}
