"""Web pages saved or exported under an Excel name: every table a grid, spanning cells as merged ranges."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree, html

from pipelines.intake.sources.limits import Unreadable, limit
from pipelines.intake.sources.text_table import decode
from pipelines.text import squeeze
from schemas.faults import Finding
from schemas.faults import intake as faults
from schemas.templates import Cell, Grid, Span

_CHARSET = re.compile(rb"charset=[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_KNOWN = {"gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030", "utf-8": "utf-8", "utf8": "utf-8"}
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_html(data: bytes, file: str) -> list[Grid]:
    """Return a grid per table that has cells of its own ("table 1" …). Raises Unreadable when there is none."""
    findings: list[Finding] = []
    stated = _CHARSET.search(data[:4096])
    encoding = _KNOWN.get(stated[1].decode("ascii").lower()) if stated else None
    if encoding and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe")):
        text = data.decode(encoding, errors="replace")
    else:
        text, findings = decode(data, file)
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = html.document_fromstring(_DECLARATION.sub("", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(faults.DAMAGED.at(file=file, why="网页不完整")) from error
    tables = [table for table in root.iter("table") if table.find(".//table") is None]
    read = [_grid(table, file, f"table {n}") for n, table in enumerate(tables[: limit("document", "tables")], start=1)]
    read = [grid for grid in read if grid.cells]
    if not read:
        raise Unreadable(faults.NO_TABLE.at(file=file, found="网页文字"))
    return [replace(read[0], findings=tuple(findings)), *read[1:]]


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
            text = "".join(node.itertext()).strip("\r\n\t ")
            if squeeze(text):
                bold = node.tag == "th" or node.find(".//b") is not None
                cells[row, col] = Cell(row=row, col=col, text=text, value=text, is_bold=bold)
            col += across
            rows, cols = max(rows, min(row + down, head)), max(cols, col)
    return Grid(file, sheet, cells, tuple(merges), rows, cols)


def _span(node: html.HtmlElement, name: str) -> int:
    text = (node.get(name) or "1").strip()
    return max(1, min(int(text), 1000)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
