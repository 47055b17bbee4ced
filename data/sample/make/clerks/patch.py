"""Types values into an issued workbook as a spreadsheet program would save them, without losing any of its parts.

Only the cells that are typed change in the sheet's XML; ten workbooks of a thousand rows take a few seconds.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

_ROW = re.compile(r'<row r="(\d+)"([^>]*?)(?:/>|>(.*?)</row>)', re.S)
_CELL = re.compile(r'<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>(.*?)</c>)', re.S)
_COL = re.compile(r'<col min="(\d+)" max="(\d+)"([^>]*)/>')
_STYLE = re.compile(r' s(?:tyle)?="(\d+)"')
_DATE = (1980, 1, 1, 0, 0, 0)

Typed = Mapping[tuple[int, int], str | float]
"""(row, column), both from 0 → what is typed: text or number."""


@dataclass(frozen=True)
class Parts:
    """The parts of a workbook's archive, in order, and the part of every sheet by name."""

    names: list[str]
    contents: dict[str, bytes]
    sheets: dict[str, str]


def open_parts(file: Path) -> Parts:
    """Return the parts of a .xlsx."""
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        contents = {name: archive.read(name) for name in names}
    links = contents["xl/_rels/workbook.xml.rels"].decode()
    targets = {}
    for tag in re.findall(r"<Relationship [^>]*>", links):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        targets[found["Id"]] = "xl/" + found["Target"].removeprefix("/xl/")
    book = contents["xl/workbook.xml"].decode()
    tags = [dict(re.findall(r'([\w:]+)="([^"]*)"', tag)) for tag in re.findall(r"<sheet [^>]*>", book)]
    return Parts(names, contents, {tag["name"]: targets[tag["r:id"]] for tag in tags})


def save(parts: Parts, file: Path) -> None:
    """Write the archive with one date for all parts, so that the same answers give the same bytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in parts.names:
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, parts.contents[name])


def type_into(parts: Parts, sheet: str, typed: Typed) -> None:
    """Type values into a sheet; cells keep their style, new cells take their column's."""
    name = parts.sheets[sheet]
    parts.contents[name] = _patched(parts.contents[name].decode(), typed).encode()


def rename_sheet(parts: Parts, old: str, new: str) -> None:
    """Rename a sheet, as people do."""
    book = parts.contents["xl/workbook.xml"].decode()
    parts.contents["xl/workbook.xml"] = book.replace(f'name="{escape(old)}"', f'name="{escape(new)}"', 1).encode()


@lru_cache(maxsize=4096)
def letters(col: int) -> str:
    """Return the letters of a column counted from 0."""
    text, col = "", col + 1
    while col:
        col, rest = divmod(col - 1, 26)
        text = chr(65 + rest) + text
    return text


def _patched(xml: str, typed: Typed) -> str:
    by_row: dict[int, dict[int, str | float]] = {}
    for (row, col), value in typed.items():
        by_row.setdefault(row, {})[col] = value
    styles: dict[int, str] = {}
    for first, last, rest in _COL.findall(xml):
        style = _STYLE.search(rest)
        if style:
            styles.update(dict.fromkeys(range(int(first) - 1, min(int(last), 2000)), style[1]))
    start = xml.index("<sheetData")
    opening = xml.index(">", start) + 1
    is_empty = xml[opening - 2] == "/"
    end = opening if is_empty else xml.index("</sheetData>")
    out: list[str] = []
    waiting = sorted(by_row)
    for match in () if is_empty else _ROW.finditer(xml, opening, end):
        number = int(match[1]) - 1
        while waiting and waiting[0] < number:
            row = waiting.pop(0)
            out.append(_row(row, "", "", by_row[row], styles))
        if waiting and waiting[0] == number:
            waiting.pop(0)
            out.append(_row(number, match[2], match[3] or "", by_row[number], styles))
        else:
            out.append(match[0])
    out += [_row(row, "", "", by_row[row], styles) for row in waiting]
    tail = xml[end + len("</sheetData>") :] if not is_empty else xml[opening:]
    return xml[:start] + "<sheetData>" + "".join(out) + "</sheetData>" + tail


def _row(number: int, attributes: str, inner: str, values: Mapping[int, str | float], styles: Mapping[int, str]) -> str:
    cells: dict[int, str] = {}
    own: dict[int, str] = {}
    for match in _CELL.finditer(inner) if inner else ():
        col = _column(match[1])
        cells[col] = match[0]
        style = _STYLE.search(match[2]) if col in values else None
        if style:
            own[col] = style[1]
    for col, value in values.items():
        look = own.get(col) or styles.get(col)
        head = f'<c r="{letters(col)}{number + 1}"' + (f' s="{look}"' if look else "")
        if isinstance(value, float):
            cells[col] = f"{head}><v>{value:.15g}</v></c>"
        else:
            cells[col] = f'{head} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    attributes = re.sub(r' spans="[^"]*"', "", attributes)
    return f'<row r="{number + 1}"{attributes}>' + "".join(cells[col] for col in sorted(cells)) + "</row>"


@lru_cache(maxsize=4096)
def _column(text: str) -> int:
    col = 0
    for letter in text:
        col = col * 26 + ord(letter) - 64
    return col - 1
