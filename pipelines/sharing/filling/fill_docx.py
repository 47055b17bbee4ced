"""Fills a department's .docx template: cells of its tables and blanks in its paragraphs; fonts and layout stay.

Cells are addressed over the table's grid ("B4": 2nd grid column, 4th row), paragraphs outside tables as "para N".
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from pipelines.sharing.filling.fill import Put, Roster, SheetFill, Value
from pipelines.sharing.filling.inline import apply_edits, edit_for
from pipelines.sharing.filling.sheet_xml import plain
from pipelines.text import position

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PART = "word/document.xml"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def fill_docx(template: bytes, fills: Sequence[SheetFill]) -> bytes:
    """Return the document with the values in their places; other parts of the file stay byte for byte.

    A roster longer than its blank rows gets copies of the last blank row. Raises KeyError for a table that the document
    has not, ValueError for a file that is no document.
    """
    from lxml import etree

    try:
        archive = zipfile.ZipFile(io.BytesIO(template))
        root = etree.fromstring(archive.read(_PART))
    except (zipfile.BadZipFile, KeyError) as error:
        raise ValueError("not a .docx document") from error
    body: Any = root.find(f"{W}body")
    tables, paragraphs = list(body.iter(f"{W}tbl")), list(body.findall(f"{W}p"))
    outer = [table for table in tables if next(table.iterancestors(f"{W}tbl"), None) is None]
    for fill in fills:
        number = re.fullmatch(r"table (\d+)", fill.sheet)
        if number is None or not 1 <= int(number[1]) <= len(outer):
            raise KeyError(fill.sheet)
        table = outer[int(number[1]) - 1]
        for put in fill.puts:
            _put(table, paragraphs, put)
        for roster in sorted(fill.rosters, key=lambda roster: -position(roster.cells[0])[0]):
            _write_roster(table, roster)
    return _save(archive, etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def shown(value: Value) -> str:
    """Return a value as text for a document."""
    if isinstance(value, (int, float)) or hasattr(value, "as_tuple"):
        return plain(value)  # type: ignore[arg-type]
    return _ILLEGAL.sub("", str(value))


def grid_cells(row: Any) -> dict[int, Any]:
    """Return the cells of a table row by the grid column they begin in, counted from 0."""
    before = row.find(f"{W}trPr/{W}gridBefore")
    col = int(before.get(f"{W}val")) if before is not None else 0
    cells = {}
    for cell in row.iterchildren(f"{W}tc", f"{W}sdt"):
        if cell.tag == f"{W}sdt":
            cell = cell.find(f"{W}sdtContent/{W}tc")
            if cell is None:
                continue
        cells[col] = cell
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        col += int(span.get(f"{W}val")) if span is not None else 1
    return cells


def table_rows(table: Any) -> list[Any]:
    """Return the rows of a table, also those inside content controls."""
    rows: list[Any] = []
    for child in table.iterchildren(f"{W}tr", f"{W}sdt"):
        rows.extend([child] if child.tag == f"{W}tr" else child.findall(f"{W}sdtContent/{W}tr"))
    return rows


def cell_at(table: Any, row: int, col: int) -> Any | None:
    """Return the cell that covers a grid position; for a vertically merged one, the cell where the merge begins."""
    rows = table_rows(table)
    while 0 <= row < len(rows):
        cells = grid_cells(rows[row])
        start = max((start for start in cells if start <= col), default=None)
        if start is None:
            return None
        merge = cells[start].find(f"{W}tcPr/{W}vMerge")
        if merge is None or merge.get(f"{W}val") == "restart" or row == 0:
            return cells[start]
        row -= 1
    return None


def text_of(node: Any) -> str:
    """Return the text of a cell or paragraph; paragraphs of a cell are joined by line ends."""
    if node.tag == f"{W}p":
        return "".join(_segments(node))
    return "\n".join("".join(_segments(paragraph)) for paragraph in node.findall(f"{W}p"))


def _put(table: Any, paragraphs: list[Any], put: Put) -> None:
    if put.value is None:
        return
    number = re.fullmatch(r"para (\d+)", put.cell)
    if number:
        if int(number[1]) <= len(paragraphs):
            _write_inline([paragraphs[int(number[1]) - 1]], put)
        return
    cell = cell_at(table, *position(put.cell))
    if cell is None:
        return
    if put.inline is not None or put.options:
        _write_inline(cell.findall(f"{W}p"), put)
    else:
        _write(cell, put.value)


def _write(cell: Any, value: Value) -> None:
    """Put text into a blank cell, in the font of the cell's first run or of its paragraph mark."""
    from lxml import etree

    paragraphs = cell.findall(f"{W}p")
    first = paragraphs[0] if paragraphs else etree.SubElement(cell, f"{W}p")
    model = next((run.find(f"{W}rPr") for run in cell.iter(f"{W}r") if run.find(f"{W}rPr") is not None), None)
    if model is None:
        model = first.find(f"{W}pPr/{W}rPr")
    for paragraph in paragraphs:
        for run in list(paragraph.iter(f"{W}r")):
            if run.find(f"{W}t") is not None:
                run.getparent().remove(run)
    run = etree.SubElement(first, f"{W}r")
    if model is not None:
        properties = copy.deepcopy(model)
        for name in ("ins", "del", "rPrChange"):
            for child in properties.findall(f"{W}{name}"):
                properties.remove(child)
        run.append(properties)
    for index, line in enumerate(shown(value).split("\n")):
        if index:
            etree.SubElement(run, f"{W}br")
        text = etree.SubElement(run, f"{W}t")
        text.text = line
        text.set(_SPACE, "preserve")


def _write_inline(paragraphs: Sequence[Any], put: Put) -> None:
    """Write into a blank within printed text: the text of all paragraphs is one, cut again where they end."""
    from lxml import etree

    nodes: list[Any] = []
    texts: list[str] = []
    for index, paragraph in enumerate(paragraphs):
        if index:
            nodes.append(None)
            texts.append("\n")
        for node in paragraph.iter(f"{W}t"):
            nodes.append(node)
            texts.append(node.text or "")
    if not any(node is not None for node in nodes) and paragraphs:
        run = etree.SubElement(paragraphs[0], f"{W}r")
        nodes, texts = [etree.SubElement(run, f"{W}t")], [""]
    edit = edit_for("".join(texts), shown(put.value), put.label, put.inline, put.options)
    for node, text in zip(nodes, apply_edits(texts, [edit]), strict=True):
        if node is not None and text != (node.text or ""):
            node.text = text
            node.set(_SPACE, "preserve")


def _segments(paragraph: Any) -> list[str]:
    return [node.text or "" for node in paragraph.iter(f"{W}t")]


def _write_roster(table: Any, roster: Roster) -> None:
    rows = table_rows(table)
    first = position(roster.cells[0])[0]
    columns = [position(cell)[1] for cell in roster.cells]
    last = first
    shape = set(grid_cells(rows[first])) if first < len(rows) else set()
    while last + 1 < len(rows) and set(grid_cells(rows[last + 1])) == shape and _is_blank(rows[last + 1]):
        last += 1
    model = rows[last]
    for _ in range(len(roster.rows) - (last - first + 1)):
        clone = copy.deepcopy(model)
        rows[last].addnext(clone)
        rows.insert(last + 1, clone)
        last += 1
    for index, values in enumerate(roster.rows):
        cells = grid_cells(rows[first + index])
        for col, value in zip(columns, values, strict=True):
            start = max((start for start in cells if start <= col), default=None)
            if value is not None and start is not None:
                _write(cells[start], value)


def _is_blank(row: Any) -> bool:
    texts = [text_of(cell).strip() for cell in grid_cells(row).values()]
    return all(not text or text.isdigit() for text in texts)


def _save(archive: zipfile.ZipFile, document: bytes) -> bytes:
    buffer = io.BytesIO()
    with archive, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for info in archive.infolist():
            entry = zipfile.ZipInfo(info.filename, info.date_time)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, document if info.filename == _PART else archive.read(info.filename))
    return buffer.getvalue()
