"""Web pages saved or exported under an Excel or Word name: every table a grid, spanning cells as merged ranges."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from pathlib import PurePath

from lxml import etree, html

from pipelines.intake.sources.limits import Unreadable, limit
from pipelines.intake.sources.sniff import EXPECTED
from pipelines.intake.sources.text_table import decode
from pipelines.text import squeeze
from schemas.faults import Finding
from schemas.faults import intake as faults
from schemas.templates import Cell, Grid, Span

_CHARSET = re.compile(rb"charset=[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_KNOWN = {"gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030", "utf-8": "utf-8", "utf8": "utf-8"}
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "center", "br"})
_SILENT = frozenset({"head", "style", "script", "title", "xml"})


def read_html(data: bytes, file: str) -> list[Grid]:
    """Return a grid per table that has no table inside ("table 1" …), with the texts before and after it.

    A page under a Word name is a document, any other a sheet. Raises Unreadable when there is no table.
    """
    text, findings = _decoded(_page(data), file)
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = html.document_fromstring(_DECLARATION.sub("", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(faults.DAMAGED.at(file=file, why="网页不完整")) from error
    tables = [table for table in root.iter("table") if table.find(".//table") is None]
    grids = [_grid(table, file, f"table {n}") for n, table in enumerate(tables[: limit("document", "tables")], start=1)]
    if not any(grid.cells for grid in grids):
        raise Unreadable(faults.NO_TABLE.at(file=file, found="网页文字"))
    if "doc" in EXPECTED.get(PurePath(file).suffix.lower(), ()):
        grids = _with_paragraphs(root, tables, grids)
    filled = [grid for grid in grids if grid.cells]
    return [replace(filled[0], findings=tuple(findings)), *filled[1:]]


def _page(data: bytes) -> bytes:
    """Return the page of a "single file web page" (MIME, as Word and Excel save it); any other data as it is."""
    if data[:13].lower() != b"mime-version:":
        return data
    for part in email.message_from_bytes(data).walk():
        body = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(body, bytes):
            return body
    return data


def _decoded(data: bytes, file: str) -> tuple[str, list[Finding]]:
    stated = _CHARSET.search(data[:4096])
    encoding = _KNOWN.get(stated[1].decode("ascii").lower()) if stated else None
    if encoding is None or data.startswith((b"\xef\xbb\xbf", b"\xff\xfe")):
        return decode(data, file)
    return data.decode(encoding, errors="replace"), []


def _grid(table: html.HtmlElement, file: str, sheet: str) -> Grid:
    head, wide, most = limit("sheet", "head_rows"), limit("sheet", "columns"), limit("sheet", "cells")
    cells: dict[tuple[int, int], Cell] = {}
    merges: list[Span] = []
    taken: set[tuple[int, int]] = set()
    rows = cols = 0
    for row, line in enumerate(table.iter("tr")):
        if row >= head or len(taken) >= most:
            break
        col = 0
        for node in line:
            if node.tag not in ("td", "th"):
                continue
            while (row, col) in taken:
                col += 1
            if col >= wide:
                break
            down, across = _span(node, "rowspan"), min(_span(node, "colspan"), wide - col)
            taken.update((r, c) for r in range(row, min(row + down, head)) for c in range(col, col + across))
            if down > 1 or across > 1:
                merges.append(Span(row, col, min(row + down, head) - 1, col + across - 1))
            for line_break in node.iter("br"):
                line_break.tail = "\n" + (line_break.tail or "")
            text = "".join(map(str, node.itertext())).strip("\r\n\t ")
            if squeeze(text):
                bold = node.tag == "th" or node.find(".//b") is not None
                cells[row, col] = Cell(row=row, col=col, text=text, value=text, is_bold=bold)
            col += across
            rows, cols = max(rows, min(row + down, head)), max(cols, col)
    return Grid(file, sheet, cells, tuple(merges), rows, cols)


def _span(node: html.HtmlElement, name: str) -> int:
    text = (node.get(name) or "1").strip()
    return max(1, min(int(text), 1000)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def _with_paragraphs(root: html.HtmlElement, tables: list[html.HtmlElement], grids: list[Grid]) -> list[Grid]:
    """Return the grids as tables of a document, each with the texts before it; the last with those after it."""
    order = {id(table): number for number, table in enumerate(tables[: len(grids)])}
    runs: list[list[tuple[int, str]]] = [[]]
    line: list[str] = []
    count = 0

    def end_line() -> None:
        nonlocal count
        text = "".join(line).strip()
        line.clear()
        if text:
            count += 1
            runs[-1].append((count, text))

    def walk(node: html.HtmlElement, depth: int) -> None:
        if not isinstance(node.tag, str) or node.tag in _SILENT or depth > 200:
            return
        if id(node) in order:
            end_line()
            runs.append([])
            return
        if node.tag in _BLOCKS:
            end_line()
        line.append(node.text or "")
        for child in node:
            walk(child, depth + 1)
            line.append(child.tail or "")
        if node.tag in _BLOCKS:
            end_line()

    walk(root, 0)
    end_line()
    runs += [[]] * (len(grids) + 1 - len(runs))
    window = limit("document", "paragraph_window")
    return [
        replace(
            grid,
            kind="document",
            before=tuple(runs[number][-window:]),
            after=tuple(runs[-1][:window]) if number == len(grids) - 1 else (),
        )
        for number, grid in enumerate(grids)
    ]
