"""Lists that 其中 opens: which of the rows after it still belong to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.intake.wording.datatypes import data_type
from pipelines.intake.wording.numbering import PART_WIDTH, Mark
from pipelines.intake.wording.vocabulary import words

_DIGITS = re.compile(r"[0-9]+")


@dataclass(slots=True)
class Node:
    """A row while it is open: rows after it may still stand under it. part_indent: where its 其中 stands."""

    index: int
    mark: Mark
    indent: int
    unit: str | None
    has_value: bool
    path: tuple[str, ...]
    is_part: bool = False
    part_indent: int = 0
    is_top: bool = False


def continues(
    node: Node,
    part: Node,
    stack: list[Node],
    upcoming: Mark | None,
    steps: bool,
    is_inside: bool,
    after: int | None = None,
) -> str | None:
    """Say whether an unnumbered row goes on with a 其中 list: "yes", "perhaps" or None.

    is_inside: the numbering of the whole goes on after the row, so that it stands within its item.
    after: how far the next row stands in, when it is not numbered: a row typed askew is followed by the list again.
    """
    if (not node.has_value and part.has_value) or _is_no_number(node.mark.text):
        return None
    if part.mark.text in words("attribute") and node.mark.text not in words("attribute"):
        return None
    before = stack[-1]
    shape = _DIGITS.sub("#", node.mark.text)
    if "#" in shape and shape == _DIGITS.sub("#", before.mark.text) and before.index == node.index - 1:
        return "yes"
    step = node.indent - part.part_indent
    if node.indent and abs(step - PART_WIDTH) <= 1:
        return "yes"
    if step >= 3:
        outer = any(n.is_part and n is not part and abs(node.indent - n.part_indent - PART_WIDTH) <= 1 for n in stack)
        return None if outer else "yes"
    is_askew = after is not None and after - part.part_indent >= 3 and after > node.indent > 0
    if (
        steps
        and step < -1
        and not is_askew
        and part.part_indent >= 2
        and not (before.indent == node.indent and before is not part)
    ):
        return None
    if before.is_part and before.indent >= part.part_indent + 3 and node.indent <= part.part_indent and not is_askew:
        return None  # the list stood in under 其中, the row stands left again
    counted = part.unit or next((n.unit for n in reversed(stack) if not n.is_part), None)
    if node.unit and counted and node.unit != counted:
        return None
    if upcoming is not None and (upcoming.is_part or upcoming.number == 1):
        return None
    whole = None if is_inside else next((n for n in reversed(stack) if not n.is_part), None)
    if whole is not None and _is_share(whole.mark.text, node.mark.text):
        return "perhaps"
    if whole is not None and _tail(whole.mark.text, node.mark.text) >= 2 > _tail(whole.mark.text, part.mark.text):
        return None
    if whole is not None and before is not part and _tail(whole.mark.text, node.mark.text):
        listed = [n.mark.text for n in (part, before)]
        if not any(_tail(whole.mark.text, name) for name in listed):
            return None  # 部门办, 其中：街道, 乡镇: then 个人办
    if before.is_part and not before.mark.is_part and before.indent == node.indent and before.index == node.index - 1:
        return "yes"
    if whole is not None and _tail(whole.mark.text, part.mark.text) >= 2 > _tail(whole.mark.text, node.mark.text):
        return None
    if whole is not None and _head(whole.mark.text, node.mark.text) >= 2 > _head(whole.mark.text, part.mark.text):
        return None
    return "perhaps"


def _is_share(whole: str, name: str) -> bool:
    """True for 药品支出 under 总支出: a total of a kind and one of that kind."""
    return whole[:1] == "总" and len(whole) > 2 and name.endswith(whole[1:])


def _is_no_number(name: str) -> bool:
    """True for what asks for a telephone, a date or yes and no: no part of a number."""
    return data_type((name,), None, (), None, None)[0] in ("identifier", "date", "boolean")


def _head(one: str, other: str) -> int:
    """Characters that two names share at their beginnings."""
    return _tail(one[::-1], other[::-1])


def _tail(one: str, other: str) -> int:
    """Characters that two names share at their ends."""
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count
