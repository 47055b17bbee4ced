"""From the rows of a statistical table to their paths: numbering, indentation, 其中 and headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.intake.tables.indents import group_steps, is_trusted, part_step
from pipelines.intake.tables.part_lists import Node, continues
from pipelines.intake.tables.totals import TOTALS
from pipelines.intake.wording.numbering import Mark, leading, read_mark
from pipelines.intake.wording.vocabulary import words

_TOTAL_OF = re.compile(r"^(.+?)(合计|总计)$")
PLAIN = 3
"""Rank of “1.” (`numbering.read_mark`)."""
_BRACKET = re.compile(r"[(（][^()（）]*[)）]$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the stub: its label as printed, extra indentation in spaces, unit, and whether it takes values."""

    raw: str
    text: str
    indent: int = 0
    unit: str | None = None
    has_value: bool = True


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a row stands: its path from the outermost row, and the row it is a 其中 of."""

    path: tuple[str, ...]
    part_of: int | None = None
    is_doubtful: bool = False


def arrange(entries: Sequence[Entry], is_group: bool = False, is_first: bool = True) -> list[Placed]:
    """Return the place of every row, in order.

    is_group: the rows stand under a heading merged beside them; a bare 合计 among them adds nothing to their paths.
    is_first: the rows are the first of their table; a total that opens it is made up of what follows.

    Conventions: numbering marks and 其中 are dropped from the names; an unnumbered total above 一、 is not its parent,
    above （一） it is; rows after 其中 belong to it while indentation, unit and wording allow.
    """
    marks = _marks(entries)
    plain = [entry.indent + leading(entry.raw, signs=False) for entry in entries]
    signs = max(plain, default=0) - min(plain, default=0) > 1  # lines that all begin alike stand in by nothing
    indents = [entry.indent + leading(entry.raw, signs=signs) for entry in entries]
    trusted = is_trusted(marks, indents)
    steps = part_step(marks, indents) >= 2
    usual = group_steps(marks, indents)
    stack: list[Node] = []
    placed: list[Placed] = []
    last: dict[str, Node] = {}
    totalled = False
    for index, (entry, mark, indent) in enumerate(zip(entries, marks, indents, strict=True)):
        upcoming = marks[index + 1] if index + 1 < len(marks) else None
        is_alone = upcoming is None or upcoming.rank is not None or indents[index + 1] < indent
        is_alone = is_alone and not (index and indent - indents[index - 1] in usual)
        node = Node(index, mark, indent, entry.unit, entry.has_value, (), is_top=is_first and not index)
        goes_on = next((mark for mark in marks[index + 1 :] if mark.rank is not None), None)
        whole = next((open_node for open_node in reversed(stack) if not open_node.is_part), None)
        is_inside = goes_on is not None and whole is not None and _precedes(whole.mark, goes_on)
        doubtful = False
        if mark.supplement:
            stack.clear()
            stack.append(Node(-1, Mark(mark.supplement), 0, None, False, (mark.supplement,)))
        elif mark.is_part:
            _open_part(stack, node, last)
        elif mark.rank is not None:
            _open_numbered(stack, node, trusted)
        elif upcoming is None and not totalled and _closes(mark, marks, entries):
            stack.clear()  # 合计 after the last of several headings that have none of their own
        else:
            is_plain = upcoming is not None and upcoming.rank is None and not upcoming.is_part
            after = indents[index + 1] if is_plain else None
            doubtful = _open_plain(stack, node, upcoming, trusted, steps, is_alone, is_inside, after)
        parent = stack[-1] if stack else None
        node.path = (*(parent.path if parent else ()), mark.text)
        stack.append(node)
        if mark.text in words("total"):
            totalled = True
        last[mark.text] = node
        placed.append(Placed(node.path, parent.index if node.is_part and parent else None, doubtful))
        if is_group and not index and mark.text in TOTALS and not (upcoming and upcoming.is_part):
            stack.clear()
    return placed


def _closes(total: Mark, marks: Sequence[Mark], entries: Sequence[Entry]) -> bool:
    """True for a total under two numbered headings or more that take no values themselves."""
    heads = [mark for mark, entry in zip(marks, entries, strict=True) if mark.rank is not None and not entry.has_value]
    return total.text in TOTALS and len(heads) >= 2 and len({mark.rank for mark in heads}) == 1


def _marks(entries: Sequence[Entry]) -> list[Mark]:
    marks: list[Mark] = []
    expected = 0
    for entry in entries:
        mark = read_mark(entry.text, expected)
        if mark.rank == 3:
            expected = mark.number + 1
        elif mark.rank is not None and mark.rank < 3:
            expected = 0
        marks.append(mark)
    return marks


def _open_part(stack: list[Node], node: Node, last: dict[str, Node]) -> None:
    node.is_part, node.part_indent = True, node.indent
    if node.mark.whole:
        whole = next((seen for text, seen in reversed(last.items()) if _names(text, node.mark.whole)), None)
        if whole:
            if not any(open_node is whole for open_node in stack):
                stack.append(whole)
            while stack[-1] is not whole:
                stack.pop()
            return
    is_next = bool(stack) and stack[-1].index == node.index - 1
    while stack and stack[-1].is_part and not (is_next and node.indent > stack[-1].indent + 1):
        stack.pop()
        is_next = False


def _names(text: str, whole: str) -> bool:
    return text == whole or (len(whole) >= 2 and text.endswith(whole))


def _open_numbered(stack: list[Node], node: Node, trusted: bool) -> None:
    rank = node.mark.rank or 0
    series = next((i for i, n in enumerate(stack) if n.mark.rank is not None and n.mark.rank >= rank), None)
    if series is not None:
        del stack[series:]
        if rank > 1:
            return
    begins = node.mark.number == 1 and bool(stack) and stack[-1].index == node.index - 1
    if begins and stack[-1].is_part and stack[-1].mark.rank is None and node.indent > stack[-1].indent + 1:
        return  # a list that begins right under a 其中, further in, takes it apart
    while stack and (
        stack[-1].is_part
        or (
            stack[-1].mark.rank is None
            and (rank <= 1 or _is_apart(stack[-1], rank) or _steps_out(stack, node, trusted))
        )
    ):
        stack.pop()


def _is_apart(total: Node, rank: float) -> bool:
    """True for a total that opens a table whose highest numbering is 1. 2. 3.: it is no parent, as above 一、."""
    return rank == PLAIN and total.is_top and (total.mark.text in TOTALS or total.mark.text.endswith(("总数", "总计")))


def _steps_out(stack: list[Node], node: Node, trusted: bool) -> bool:
    """True when a numbered row stands left of an unnumbered one that is itself under an unnumbered one."""
    is_nested = len(stack) > 1 and stack[-2].mark.rank is None
    return trusted and is_nested and node.indent < stack[-1].indent


def _precedes(mark: Mark, later: Mark) -> bool:
    """True for neighbours in one numbering: 1. and 2."""
    return mark.rank is not None and mark.rank == later.rank and mark.number + 1 == later.number


def _open_plain(
    stack: list[Node],
    node: Node,
    upcoming: Mark | None,
    trusted: bool,
    steps: bool,
    is_alone: bool,
    is_inside: bool,
    after: int | None,
) -> bool:
    """Bring the stack to the parent of an unnumbered row; returns True when the choice was not clear-cut."""
    doubtful = False
    if node.mark.text in words("total"):
        last_indent = stack[-1].indent if stack else 0
        while stack and stack[-1].has_value and len(stack) > 1:
            stack.pop()
        is_closing = bool(stack) and last_indent >= stack[-1].indent + 2 and node.indent <= stack[-1].indent
        if len(stack) == 1 and (
            stack[0].has_value
            or (trusted and is_closing)
            or (node.index > stack[0].index + 1 and _is_wider(node.mark.text, stack[0].mark.text))
        ):
            stack.pop()  # 资产总计 after the last of its groups
        return False
    if upcoming is not None and upcoming.rank is not None and upcoming.number == 1:
        series = next((i for i, n in enumerate(stack) if n.mark.rank == upcoming.rank), None)
        if series is not None:
            del stack[series:]
    while stack and stack[-1].is_part:
        part = stack[-1]
        verdict = continues(node, part, stack, upcoming, trusted and steps, is_inside, after)
        stack.pop()
        if verdict is not None:
            doubtful = verdict == "perhaps"
            node.is_part, node.part_indent = True, part.part_indent
            return doubtful
    return _descend(stack, node, trusted, is_alone)


def _is_wider(total: str, heading: str) -> bool:
    """True for a total of more than the group it stands after: 负债合计 after 受托代理负债."""
    match = _TOTAL_OF.match(total)
    return match is not None and match[1] != heading and (match[2] == "总计" or heading.endswith(match[1]))


def _descend(stack: list[Node], node: Node, trusted: bool, is_alone: bool) -> bool:
    """Cut the stack back to the parent of an unnumbered row that continues no 其中; True when it was not clear-cut.

    A row indented below its neighbour all by itself is not its part: a whole has two parts or says 其中.
    """
    twin = next((i for i, n in enumerate(stack) if _are_twins(n.mark.text, node.mark.text)), None)
    if twin is not None:
        node.mark, node.indent = replace(node.mark, rank=stack[twin].mark.rank), stack[twin].indent
        del stack[twin:]
        return False
    if not node.has_value:
        heading = next((i for i, n in enumerate(stack) if _is_heading(n) and n.index < node.index - 1), None)
        if heading is not None and not (trusted and node.indent >= stack[heading].indent + 2):
            del stack[heading:]
            return False
    numbered = 0
    position = len(stack)
    left_child = False
    while position:
        above = stack[position - 1]
        if above.mark.rank is None and above.index >= 0:
            if numbered and (left_child or above.indent > node.indent or (trusted and above.indent + 2 <= node.indent)):
                break
            is_total = above.is_top and above.mark.text in words("total") and above.unit == node.unit
            if (
                is_total
                or (trusted and node.indent >= above.indent + 2 and not (is_alone and above.index == node.index - 1))
                or (
                    not above.has_value
                    and node.has_value
                    and not (trusted and node.indent + 2 <= above.indent)
                    and not (left_child and trusted and node.indent <= above.indent)
                )
            ):
                del stack[position:]
                return False
            if not (trusted and node.indent <= above.indent - 2 and position > 1):
                del stack[position - 1 :]
                return False
            left_child = True
        elif above.mark.rank is not None and not numbered and trusted and node.indent + 2 <= above.indent:
            left_child = False  # 养殖面积 left of 二、: outside its numbering
        elif not above.has_value and not numbered:
            del stack[position:]
            return False
        elif not above.has_value:
            break
        elif not numbered:
            numbered = position
            if left_child:
                break
        position -= 1
    if not numbered:
        del stack[position:]
        return False
    above = stack[numbered - 1]
    rank = above.mark.rank or 0
    is_deeper = node.indent > above.indent
    del stack[numbered if rank <= 2 or is_deeper or left_child else numbered - 1 :]
    return rank > 2 and not left_child


def _is_heading(node: Node) -> bool:
    return node.mark.rank is None and not node.has_value and node.index >= 0


def _are_twins(one: str, other: str) -> bool:
    """True for names that differ only in what stands in brackets: “增加值(现价)”, “增加值(可比价)”."""
    bare, found = _BRACKET.subn("", one)
    return bool(found) and one != other and bare == _BRACKET.sub("", other) and len(bare) >= 2
