"""One Word table as cells on its grid: gridSpan and vMerge become merged ranges, A1 addresses count grid columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipelines.intake.sources.borders import Sides, bordered
from pipelines.intake.sources.word_text import W, choices_of, format_of, text_boxes, text_of
from schemas.templates import Cell, Span

_SIDES = (("left", "start"), ("top",), ("right", "end"), ("bottom",))
_WRAPPERS = {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"}


@dataclass(slots=True)
class TableCells:
    """What a table holds. nested: tables inside its cells, in reading order."""

    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[Span] = field(default_factory=list)
    rows: int = 0
    cols: int = 0
    choices: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    nested: list[etree._Element] = field(default_factory=list)
    bordered: frozenset[tuple[int, int]] = frozenset()


def read_table(table: etree._Element, budget: int) -> TableCells:
    """Return the cells of a `w:tbl`. budget: most cells to read; rows beyond are left out."""
    found = TableCells()
    open_spans: dict[int, Span] = {}
    sides: dict[tuple[int, int], Sides] = {}
    count = 0
    lines = _table_lines(table)
    for row, node in enumerate(_children(table, "tr")):
        col = _number(node.find(f"{W}trPr/{W}gridBefore"), 0)
        continued: dict[int, Span] = {}
        for cell in _children(node, "tc"):
            shape = cell.find(f"{W}tcPr")
            width = max(_number(shape.find(f"{W}gridSpan") if shape is not None else None, 1), 1)
            merge = shape.find(f"{W}vMerge") if shape is not None else None
            above = open_spans.get(col)
            if merge is not None and merge.get(f"{W}val") != "restart" and above is not None:
                continued[col] = Span(above.top, above.left, row, above.right)
            else:
                _close(open_spans, col, found)
                if merge is not None:
                    continued[col] = Span(row, col, row, col + width - 1)
                elif width > 1:
                    found.merges.append(Span(row, col, row, col + width - 1))
                _place(cell, row, col, found)
            edges = _cell_lines(shape, lines)
            for at in range(col, col + width):
                sides[row, at] = edges
            col += width
            count += 1
        for at in [one for one in open_spans if one not in continued]:
            _close(open_spans, at, found)
        open_spans = continued
        found.rows, found.cols = row + 1, max(found.cols, col)
        if count >= budget:
            break
    for at in list(open_spans):
        _close(open_spans, at, found)
    found.merges.sort(key=lambda span: (span.top, span.left))
    found.bordered = bordered(sides, found.merges, budget)
    return found


def _close(open_spans: dict[int, Span], col: int, found: TableCells) -> None:
    span = open_spans.pop(col, None)
    if span is not None and (span.bottom > span.top or span.right > span.left):
        found.merges.append(span)


def _children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    for child in node:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, name)


def _number(node: etree._Element | None, otherwise: int) -> int:
    text = node.get(f"{W}val") if node is not None else None
    return min(int(text), 1000) if text and text.isdecimal() else otherwise  # Word itself allows 63 columns


_STEP = "\u3000"
_ASKS = re.compile(r"(?<!其中)[：:]|[年月]\s|□|章|签")
"""Lines with blanks of their own: how far they stand in says nothing."""


def _place(cell: etree._Element, row: int, col: int, found: TableCells) -> None:
    paragraphs = [node for node in _paragraphs(cell, found)]
    lines = [text_of(node) for node in paragraphs]
    for node in paragraphs:
        lines += text_boxes(node)
    text = "\n".join(lines)
    choices = choices_of(cell)
    if choices:
        found.choices[row, col] = choices
    if not text.strip():
        return
    formats = [format_of(node) for node, line in zip(paragraphs, lines, strict=False) if line.strip()]
    indent, bold, centred = formats[0] if formats else (0, False, False)
    if len({steps for steps, *_ in formats}) > 1 and not _ASKS.search(text):
        indent = min(steps for steps, *_ in formats)
        depths = iter(steps - indent for steps, *_ in formats)
        lines = [_STEP * next(depths, 0) + line if line.strip() else line for line in lines]
        text = "\n".join(lines)
    found.cells[row, col] = Cell(
        row=row, col=col, text=text, value=text, indent=indent, is_bold=bold, is_centred=centred, choices=choices
    )


def _paragraphs(cell: etree._Element, found: TableCells) -> Iterator[etree._Element]:
    for child in cell:
        if child.tag == f"{W}p":
            yield child
        elif child.tag == f"{W}tbl":
            found.nested.append(child)
        elif child.tag in _WRAPPERS:
            yield from _paragraphs(child, found)


def _table_lines(table: etree._Element) -> Sides:
    """Return whether the table's own lines are drawn; a table that says nothing, or names a style, is drawn."""
    lines = table.find(f"{W}tblPr/{W}tblBorders")
    if lines is None:
        return (True, True, True, True)
    inside = {name: _is_drawn(lines.find(f"{W}{name}"), True) for name in ("insideV", "insideH")}
    return (inside["insideV"], inside["insideH"], inside["insideV"], inside["insideH"])


def _cell_lines(shape: etree._Element | None, table: Sides) -> Sides:
    lines = shape.find(f"{W}tcBorders") if shape is not None else None
    if lines is None:
        return table
    drawn = []
    for names, otherwise in zip(_SIDES, table, strict=True):
        line = next((one for one in (lines.find(f"{W}{name}") for name in names) if one is not None), None)
        drawn.append(_is_drawn(line, otherwise))
    return (drawn[0], drawn[1], drawn[2], drawn[3])


def _is_drawn(line: etree._Element | None, otherwise: bool) -> bool:
    return otherwise if line is None else line.get(f"{W}val") not in ("nil", "none")
