"""A roster longer than its blank rows: rows inserted into the sheet's XML, everything below moved as Excel would."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from pipelines.sharing.filling.sheet_xml import XmlCell, XmlRow, XmlSheet, map_cells, read_text
from pipelines.sharing.filling.shift import Insertion
from pipelines.text import column_letters, position

_REF = re.compile(r"""(\s(?:ref|sqref|topLeftCell|activeCell))\s*=\s*"([^"]*)\"""")
_MERGE = re.compile(r'<(?:\w+:)?mergeCell\b[^>]*?\bref="([^"]+)"[^>]*?/>')
_RULE = re.compile(
    r"(<(?:\w+:)?(?:formula|formula1|formula2|f)\b[^>]*?(?<!/)>)(.*?)(</(?:\w+:)?(?:formula|formula1|formula2|f)>)",
    re.S,
)


def blank_rows(sheet: XmlSheet, first: int, columns: Collection[int], strings: list[str]) -> int:
    """Return the last row (from 1) of the blank rows that begin at `first`: same merges, nothing but numbers printed.

    columns: the roster's columns, from 0. Cells outside them, and printed serial numbers, do not end the roster.
    A formula in a row belongs to the roster as long as the next row has one in the same column.
    """
    merges = merged_ranges(sheet)
    pattern = _merge_pattern(merges, first)
    formulas = (
        {col for col, cell in sheet.rows[first].cells.items() if cell.has_formula} if first in sheet.rows else set()
    )
    last = first
    while last + 1 in sheet.rows:
        row = sheet.rows[last + 1]
        if _merge_pattern(merges, last + 1) != pattern or not any(col in row.cells for col in columns):
            break
        if {col for col, cell in row.cells.items() if cell.has_formula} != formulas:
            break
        if any(_is_text(cell, strings) for cell in row.cells.values() if not cell.is_empty and not cell.has_formula):
            break
        last += 1
    return last


def insert_rows(sheet: XmlSheet, name: str, insertion: Insertion, added: Iterable[XmlRow]) -> None:
    """Insert rows into the sheet; what stands below moves down, with merges, rules and formulas.

    added: the rows after the last blank one, already numbered as they will stand.
    """
    added = list(added)  # made from the last blank row as it is before anything moves
    moved: dict[int, XmlRow] = {}
    for number, row in sheet.rows.items():
        if "<f" in row.body or ":f" in row.body:
            _shift_formulas(row, name, insertion)
        target = insertion.row(number)
        if target != number:
            _ = row.cells
            row.number, row.raw = target, None
        moved[target] = row
    sheet.rows = moved | {row.number: row for row in added}
    extra_merges = [
        f'<{sheet.prefix}mergeCell ref="{left}{insertion.last + extra}:{right}{insertion.last + extra}"/>'
        for left, right in _merge_letters(merged_ranges(sheet), insertion.last)
        for extra in range(1, insertion.count + 1)
    ]
    sheet.head = _REF.sub(lambda match: f'{match[1]}="{insertion.range(match[2])}"', sheet.head)
    sheet.tail = shift_tail(sheet.tail, name, insertion)
    if extra_merges:
        sheet.tail = re.sub(r"(</(?:\w+:)?mergeCells>)", "".join(extra_merges) + r"\1", sheet.tail, count=1)
        sheet.tail = _recount(sheet.tail)


def shift_tail(tail: str, name: str, insertion: Insertion) -> str:
    """Return what stands after the rows (merges, rules, validations, links, breaks) as it reads afterwards."""
    tail = _REF.sub(lambda match: f'{match[1]}="{insertion.range(match[2])}"', tail)
    tail = re.sub(r"(<xm:sqref>)([^<]*)", lambda match: match[1] + insertion.range(match[2]), tail)
    tail = _RULE.sub(lambda match: match[1] + insertion.formula(match[2], name, name) + match[3], tail)
    return re.sub(
        r"(<(?:\w+:)?rowBreaks\b.*?</(?:\w+:)?rowBreaks>)",
        lambda block: re.sub(r'(\bid=")(\d+)"', lambda m: f'{m[1]}{insertion.row(int(m[2]))}"', block[1]),
        tail,
        flags=re.S,
    )


def merged_ranges(sheet: XmlSheet) -> list[tuple[int, int, int, int]]:
    """Return the merged ranges as (top, left, bottom, right); rows from 1, columns from 0."""
    found = []
    for match in _MERGE.finditer(sheet.tail):
        start, _, end = match[1].partition(":")
        (top, left), (bottom, right) = position(start), position(end or start)
        found.append((top + 1, left, bottom + 1, right))
    return found


def unmerge(tail: str, ref: str) -> str:
    """Return what stands after the rows without one merged range."""
    tail = re.sub(rf'<(?:\w+:)?mergeCell\b[^>]*?\bref="{ref}"[^>]*?/>', "", tail)
    if not _MERGE.search(tail):
        return re.sub(r"<(?:\w+:)?mergeCells\b[^>]*?>\s*</(?:\w+:)?mergeCells>", "", tail)
    return _recount(tail)


def _merge_pattern(merges: list[tuple[int, int, int, int]], row: int) -> set[tuple[int, int, int]]:
    return {(left, right, bottom - top) for top, left, bottom, right in merges if top <= row <= bottom}


def _merge_letters(merges: list[tuple[int, int, int, int]], row: int) -> list[tuple[str, str]]:
    return [
        (column_letters(left), column_letters(right)) for top, left, bottom, right in merges if top == bottom == row
    ]


def _recount(tail: str) -> str:
    count = len(_MERGE.findall(tail))
    return re.sub(r'(<(?:\w+:)?mergeCells\b[^>]*?\bcount=")\d+"', rf'\g<1>{count}"', tail, count=1)


def _is_text(cell: XmlCell, strings: list[str]) -> bool:
    kind = cell.attributes.get("t")
    value = re.search(r"<(?:\w+:)?v>(.*?)</", cell.body, re.S)
    if kind == "s" and value:
        text = strings[int(value[1])]
    elif kind == "inlineStr":
        text = read_text(cell.body)
    elif kind == "str" and value:
        text = value[1]
    else:
        return False
    return bool(text.strip()) and not text.strip().isdigit()


def _shift_formulas(row: XmlRow, name: str, insertion: Insertion) -> None:
    for cell in row.cells.values():
        if cell.has_formula:
            body = map_cells(cell.body, lambda text: insertion.formula(text, name, name))
            body = _REF.sub(lambda match: f'{match[1]}="{insertion.range(match[2])}"', body)
            if body != cell.body:
                cell.body, cell.raw, row.raw = body, None, None
