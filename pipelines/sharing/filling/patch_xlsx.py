"""Fills a department's .xlsx template: only the cells concerned change, every other part of the file stays."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from xml.sax.saxutils import escape, unescape

from pipelines.sharing.filling.fill import Put, Roster, SheetFill
from pipelines.sharing.filling.inline import apply_edits, edit_for, home_of
from pipelines.sharing.filling.insert_rows import blank_rows, insert_rows, merged_ranges, unmerge
from pipelines.sharing.filling.period_line import period_line
from pipelines.sharing.filling.roster_xml import added_rows
from pipelines.sharing.filling.sheet_xml import XmlCell, XmlRow, XmlSheet, clean_text, parse_sheet, read_text
from pipelines.sharing.filling.shift import Insertion
from pipelines.sharing.filling.xlsx_package import (
    Package,
    open_package,
    recalculate_on_load,
    relations,
    save_package,
    shared_strings,
    sheet_parts,
    workbook_part,
)
from pipelines.text import address, position


def patch_xlsx(template: bytes, fills: Sequence[SheetFill]) -> bytes:
    """Return the template with the values in their cells.

    Cells keep their style; a cell with a formula keeps it, and the value is stored as its result. A roster longer than
    its blank rows gets copies of the last blank row; whatever stands below moves down, with merges, rules, validations,
    names and print areas. The bytes depend only on the arguments. Raises KeyError for a sheet that the template has
    not, ValueError for a file that is no workbook.
    """
    package = open_package(template)
    sheets = sheet_parts(package)
    strings = shared_strings(package)
    for fill in fills:
        if fill.sheet not in sheets:
            raise KeyError(fill.sheet)
        sheet = parse_sheet(package.text(sheets[fill.sheet]))
        _forget_cached_results(sheet)
        for put in _settle_in_merges(sheet, fill.puts):  # before rosters: addressed as in the template
            _put(sheet, put, strings)
        _put_period(sheet, fill, strings)
        for roster in sorted(fill.rosters, key=lambda roster: -position(roster.cells[0])[0]):
            _write_roster(package, sheets, sheet, fill.sheet, roster, strings)
        package.set(sheets[fill.sheet], sheet.text())
    if package.changed:
        recalculate_on_load(package)
    return save_package(package)


def _settle_in_merges(sheet: XmlSheet, puts: Sequence[Put]) -> list[Put]:
    """Return the puts, each at a cell that shows: at the top left of its merged range.

    Where several values fall into one merged range (a value column merged from top to bottom by mistake), or something
    is printed there, only the first would show; then the range is split, and every cell keeps the style underneath.
    """
    settled, by_range = [], defaultdict[tuple[int, int, int, int], list[Put]](list)
    ranges = merged_ranges(sheet) if puts else []
    for put in puts:
        row, col = position(put.cell)
        holder = next((r for r in ranges if r[0] <= row + 1 <= r[2] and r[1] <= col <= r[3]), None)
        if holder is None:
            settled.append(put)
        else:
            by_range[holder].append(put)
    for (top, left, bottom, right), inside in by_range.items():
        home = address(top - 1, left)
        printed = sheet.rows[top].cells.get(left) if top in sheet.rows else None
        is_free = printed is None or printed.is_empty or inside[0].cell == home
        if len({put.cell for put in inside}) == 1 and is_free:
            settled.extend(replace(put, cell=home) for put in inside)
        else:
            sheet.tail = unmerge(sheet.tail, f"{home}:{address(bottom - 1, right)}")
            settled.extend(inside)
    return settled


def _put(sheet: XmlSheet, put: Put, strings: list[str]) -> None:
    row, col = position(put.cell)
    cell = sheet.rows[row + 1].cells.get(col) if row + 1 in sheet.rows else None
    if cell is not None and cell.has_formula:
        sheet.cache_result(row, col, put.value)
        return
    if put.inline is None and not put.options:
        sheet.put(row, col, put.value)
    elif put.value is not None:
        cells = _line(sheet, row, col)
        texts = [cell_text(found, strings) if found is not None else "" for _, found in cells]
        col, cell = cells[home_of(texts, str(put.value), put.label, put.inline, put.options)]
        _put_inline(sheet, row, col, cell, put, strings)


def _put_period(sheet: XmlSheet, fill: SheetFill, strings: list[str]) -> None:
    """Write the period into the one cell that prints nothing but its blanks; several are heads of columns."""
    taken = {position(put.cell) for put in fill.puts}
    lines = [
        (number - 1, col, said)
        for number, row in (sheet.rows.items() if fill.period else ())
        for col, cell in row.cells.items()
        if not cell.is_empty
        and not cell.has_formula
        and (said := period_line(cell_text(cell, strings), fill.period)) is not None
    ]
    if len(lines) == 1 and lines[0][:2] not in taken:
        sheet.put(*lines[0])


def _line(sheet: XmlSheet, row: int, col: int) -> list[tuple[int, XmlCell | None]]:
    """Return a cell and the other cells of its row that hold something, each with its column."""
    cells = sheet.rows[row + 1].cells if row + 1 in sheet.rows else {}
    others = [(at, cell) for at, cell in sorted(cells.items()) if at > col and not cell.is_empty]
    return [(col, cells.get(col)), *others]


def _put_inline(sheet: XmlSheet, row: int, col: int, cell: XmlCell | None, put: Put, strings: list[str]) -> None:
    printed = cell_text(cell, strings) if cell is not None else ""
    start, end, new = edit_for(printed, str(put.value), put.label, put.inline, put.options)
    if cell is not None and cell.attributes.get("t") == "inlineStr" and "<" in cell.body:
        segments = re.split(r"(<(?:\w+:)?t\b[^>]*?(?<!/)>.*?</(?:\w+:)?t>)", cell.body, flags=re.S)
        texts = [read_text(part) for part in segments[1::2]]
        for index, text in enumerate(apply_edits(texts, [(start, end, new)])):
            segments[2 * index + 1] = f'<{sheet.prefix}t xml:space="preserve">{clean_text(text)}</{sheet.prefix}t>'
        sheet.rows[row + 1].cells[col] = XmlCell(cell.attributes, "".join(segments), None)
        sheet.rows[row + 1].raw = None
    else:
        sheet.put(row, col, printed[:start] + new + printed[end:])


def cell_text(cell: XmlCell, strings: list[str]) -> str:
    """Return what is stored in a cell, as text."""
    value = re.search(r"<(?:\w+:)?v>(.*?)</", cell.body, re.S)
    if cell.attributes.get("t") == "s" and value:
        return strings[int(value[1])]
    if cell.attributes.get("t") == "inlineStr":
        return read_text(cell.body)
    return unescape(value[1]) if value else ""


def _write_roster(
    package: Package, sheets: Mapping[str, str], sheet: XmlSheet, name: str, roster: Roster, strings: list[str]
) -> None:
    if not roster.rows:
        return
    first = position(roster.cells[0])[0] + 1
    columns = [position(cell)[1] for cell in roster.cells]
    last = blank_rows(sheet, first, columns, strings)
    height = 1 + max(
        (bottom - top for top, left, bottom, _ in merged_ranges(sheet) if top == first and left in columns), default=0
    )
    capacity = (last - first + 1) // height
    printed = roster.rows
    if len(roster.rows) > capacity and height == 1:
        printed, more = roster.rows[:capacity], roster.rows[capacity:]
        model = sheet.rows.get(last) or XmlRow(last, "", "", None, sheet.prefix, {})
        insertion = Insertion(first, last, len(more))
        insert_rows(sheet, name, insertion, added_rows(model, last + 1, columns, more))
        _shift_other_parts(package, sheets, name, insertion)
    for index, values in enumerate(printed):
        for cell, col, value in zip(roster.cells, columns, values, strict=True):
            row = position(cell)[0] + index * height
            target = sheet.rows.get(row + 1)
            if target is not None and col in target.cells and target.cells[col].has_formula:
                sheet.cache_result(row, col, value)
            else:
                sheet.put(row, col, value)


def _shift_other_parts(package: Package, sheets: Mapping[str, str], name: str, insertion: Insertion) -> None:
    """Move what other parts say about the sheet: names, formulas of other sheets, drawings, comments, tables."""
    workbook = workbook_part(package)

    def defined(match: re.Match[str]) -> str:
        return match[1] + escape(insertion.formula(unescape(match[2]), name, "")) + match[3]

    text = re.sub(
        r"(<(?:\w+:)?definedName\b[^>]*?(?<!/)>)(.*?)(</(?:\w+:)?definedName>)",
        defined,
        package.text(workbook),
        flags=re.S,
    )
    package.set(workbook, text)
    for other, part in sheets.items():
        if other != name and name in package.text(part):
            package.set(part, _shift_foreign(package.text(part), name, other, insertion))
    for part in relations(package, sheets[name]).values():
        if part in package.parts and part.endswith((".xml", ".vml")):
            package.set(part, _shift_part(package.text(part), insertion))


def _shift_foreign(text: str, name: str, own: str, insertion: Insertion) -> str:
    """Return another sheet's XML with its references to the sheet moved."""

    def moved(match: re.Match[str]) -> str:
        return match[1] + escape(insertion.formula(unescape(match[2]), name, own)) + match[3]

    return re.sub(r"(<(?:\w+:)?(?:f|formula|formula1|formula2)\b[^>]*?(?<!/)>)([^<]*)(<)", moved, text)


def _shift_part(text: str, insertion: Insertion) -> str:
    """Return a drawing, comments or table part with its rows moved. Drawings count rows from 0."""
    text = re.sub(
        r'(<(?:\w+:)?(?:comment|table|autoFilter)\b[^>]*?\bref=")([^"]+)"',
        lambda m: f'{m[1]}{insertion.range(m[2])}"',
        text,
    )
    text = re.sub(r"(<xdr:row>)(\d+)", lambda m: f"{m[1]}{insertion.row(int(m[2]) + 1) - 1}", text)
    text = re.sub(r"(<x:Row>)(\d+)", lambda m: f"{m[1]}{insertion.row(int(m[2]) + 1) - 1}", text)

    def anchor(match: re.Match[str]) -> str:
        numbers = [int(number) for number in match[2].split(",")]
        for at in (2, 6):
            numbers[at] = insertion.row(numbers[at] + 1) - 1
        return match[1] + ", ".join(str(number) for number in numbers)

    return re.sub(r"(<x:Anchor>)([\s\d,]+)(?=<)", anchor, text)


def _forget_cached_results(sheet: XmlSheet) -> None:
    """Drop the stored results of formulas: they were computed from the blank template."""
    for row in sheet.rows.values():
        if "<f" not in row.body and row.parsed is None:
            continue
        for cell in row.cells.values():
            if cell.has_formula and re.search(r"<(?:\w+:)?v\b", cell.body):
                cell.body = re.sub(r"<(?:\w+:)?v\b[^>]*?(?:/>|>.*?</(?:\w+:)?v>)", "", cell.body, flags=re.S)
                cell.attributes = {name: value for name, value in cell.attributes.items() if name != "t"}
                cell.raw, row.raw = None, None
