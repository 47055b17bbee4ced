"""Sets the hidden copies of a workbook aside while openpyxl has the rest in hand, and puts them back.

Half of the cells of a fill-once workbook are what was prefilled, kept on very hidden sheets against which the cover
counts. Nothing in them is ever marked, and openpyxl takes 20 µs to read a cell and 20 to write it. They come back
without looks, without results of formulas and with their texts in the cells: what they say stays.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from pipelines.collection import package
from pipelines.collection.layout import COPY_PREFIX

_ROWS = re.compile(rb"<sheetData>(.*)</sheetData>|<sheetData ?/>", re.DOTALL)
_ROW = re.compile(rb"<row\b[^>]*?( r=\"\d+\")[^>]*?(/?)>")
_LOOK = re.compile(rb'(<c r="\w+") s="\d+"')
_SHARED = re.compile(rb'(<c r="\w+") t="s"><v>(\d+)</v></c>')
_RESULT = re.compile(rb'(<c r="\w+")(?: t="\w+")?(><f[^>]*>[^<]*</f>)<v>[^<]*</v></c>')
"""A formula with its result of before; without it every program works the counts out anew."""
_UNSOLVED = re.compile(rb'<c\b[^>]* t="s"')
_STRINGS = "xl/sharedStrings.xml"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def set_aside(path: Path, unwanted: re.Pattern[str]) -> tuple[BytesIO, dict[str, bytes]]:
    """Return a .xlsx without the rows of its hidden copies, and those rows (XML) by the name of their sheet.

    unwanted: text that no copy may hold. A copy that holds it, or is not written as spreadsheet programs write it,
    stays where it is.
    """
    try:
        names = {part: name for part, name in package.sheet_parts(path).items() if name.startswith(COPY_PREFIX)}
        with zipfile.ZipFile(path) as archive:
            listed = archive.namelist()
            contents = {name: archive.read(name) for name in listed}
    except package.BROKEN:
        return BytesIO(path.read_bytes()), {}
    texts = _shared_texts(contents.get(_STRINGS, b"")) if names else []
    kept = {}
    for part, name in names.items():
        rows = _plain_rows(contents.get(part, b""), texts, unwanted)
        if rows and len(listed) == len(contents):
            kept[name] = rows
            contents[part] = _ROWS.sub(b"<sheetData/>", contents[part])
    return (_archive(contents, zipfile.ZIP_STORED), kept) if kept else (BytesIO(path.read_bytes()), {})


def put_back(saved: BytesIO, kept: Mapping[str, bytes], target: Path) -> None:
    """Write a saved workbook to target, its hidden copies with the rows that were set aside."""
    parts = package.sheet_parts(saved)
    with zipfile.ZipFile(saved) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    for part, name in parts.items():
        if name in kept:
            rows = b"<sheetData>" + kept[name] + b"</sheetData>"
            contents[part] = _ROWS.sub(lambda _, rows=rows: rows, contents[part], count=1)  # type: ignore[misc]
    target.write_bytes(_archive(contents, zipfile.ZIP_DEFLATED).getvalue())


def _archive(contents: Mapping[str, bytes], compression: int) -> BytesIO:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return buffer


def _shared_texts(part: bytes) -> list[bytes]:
    """Return the texts that cells point to, as XML, without the looks of their letters and without readings."""
    from lxml import etree

    if not part:
        return []
    try:
        items = etree.fromstring(part, etree.XMLParser(resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError:
        return []
    return [escape("".join(_said(item))).encode() for item in items]


def _said(item: Any) -> Iterator[str]:
    """Yield the texts of a shared string: its own, or those of its pieces."""
    for piece in item:
        for text in (piece,) if piece.tag == f"{_MAIN}t" else piece.iterfind(f"{_MAIN}t"):
            if piece.tag in (f"{_MAIN}t", f"{_MAIN}r"):
                yield text.text or ""


def _plain_rows(part: bytes, texts: Sequence[bytes], unwanted: re.Pattern[str]) -> bytes:
    """Return the rows of a sheet with nothing but places and what the cells hold; b"" when that is not sure."""
    from lxml import etree

    found = _ROWS.search(part)
    if not found or not found[1] or b"&#" in found[1]:  # what is written in numbers could hide what is unwanted
        return b""

    def spelled(match: re.Match[bytes]) -> bytes:
        text = texts[int(match[2])]
        return match[1] + b' t="inlineStr"><is><t xml:space="preserve">' + text + b"</t></is></c>"

    try:
        rows = _LOOK.sub(rb"\1", _ROW.sub(rb"<row\1\2>", found[1]))
        rows = _SHARED.sub(spelled, _RESULT.sub(rb"\1\2</c>", rows))
        etree.fromstring(b"<sheetData>" + rows + b"</sheetData>", etree.XMLParser(huge_tree=True))
    except (IndexError, etree.XMLSyntaxError):
        return b""
    if _UNSOLVED.search(rows) or unwanted.search(rows.decode()):
        return b""
    return rows
