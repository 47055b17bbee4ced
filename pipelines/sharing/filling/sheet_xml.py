"""The XML of one worksheet, patched as text: what is not touched stays byte for byte (ECMA-376 part 1, 18.3)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from xml.sax.saxutils import escape, unescape

from pipelines.sharing.filling.fill import Value
from pipelines.text import address, position

_DATA = re.compile(r"<((?:\w+:)?)sheetData\s*(?:/>|>(.*?)</(?:\w+:)?sheetData\s*>)", re.S)
_ROW = re.compile(r"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row\s*>)", re.S)
_CELL = re.compile(r"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c\s*>)", re.S)
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_COLUMN = re.compile(r"<(?:\w+:)?col\b([^>]*?)/?>")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NOT_PLAIN = re.compile("[<>&_\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")


@dataclass(slots=True)
class XmlCell:
    """A cell as it stands in the file: its attributes, and the XML between its tags."""

    attributes: dict[str, str]
    body: str
    raw: str | None

    @property
    def is_empty(self) -> bool:
        """Whether it holds neither value nor formula."""
        return not re.search(r"<(?:\w+:)?(v|f|is)\b", self.body)

    @property
    def has_formula(self) -> bool:
        """Whether the template computes it."""
        return bool(re.search(r"<(?:\w+:)?f\b", self.body))


@dataclass(slots=True)
class XmlRow:
    """A row as it stands in the file; `cells` by column from 0 once somebody asked for them."""

    number: int
    attributes: str
    body: str
    raw: str | None
    prefix: str
    parsed: dict[int, XmlCell] | None = field(default=None)

    @property
    def cells(self) -> dict[int, XmlCell]:
        """The cells by column, counted from 0."""
        if self.parsed is None:
            self.parsed = {}
            col = -1
            for match in _CELL.finditer(self.body):
                attributes = attributes_of(match[1])
                col = position(attributes["r"])[1] if "r" in attributes else col + 1
                self.parsed[col] = XmlCell(attributes, match[2] or "", match[0])
        return self.parsed

    def text(self) -> str:
        """Return the XML of the row."""
        if self.raw is not None:
            return self.raw
        tag = f"{self.prefix}row"
        attributes = re.sub(r"""\s+(r|spans)\s*=\s*("[^"]*"|'[^']*')""", "", self.attributes)
        body = self.body
        if self.parsed is not None:
            body = "".join(self._cell(col, cell) for col, cell in sorted(self.parsed.items()))
        return f'<{tag} r="{self.number}"{attributes}>{body}</{tag}>'

    def _cell(self, col: int, cell: XmlCell) -> str:
        if cell.raw is not None and cell.attributes.get("r") == address(self.number - 1, col):
            return cell.raw
        kept = "".join(f' {name}="{value}"' for name, value in cell.attributes.items() if name != "r")
        start = f'<{self.prefix}c r="{address(self.number - 1, col)}"{kept}'
        return f"{start}>{cell.body}</{self.prefix}c>" if cell.body else f"{start}/>"


@dataclass(slots=True)
class XmlSheet:
    """A worksheet's XML: what stands before and after the rows, and the rows by number (from 1)."""

    head: str
    tail: str
    rows: dict[int, XmlRow]
    prefix: str

    def row(self, number: int) -> XmlRow:
        """Return a row, made when the sheet had none."""
        if number not in self.rows:
            self.rows[number] = XmlRow(number, "", "", None, self.prefix, {})
        return self.rows[number]

    def put(self, row: int, col: int, value: Value) -> None:
        """Write a value into a cell (counted from 0), keeping its style; None clears nothing."""
        if value is None:
            return
        target = self.row(row + 1)
        cell = target.cells.get(col)
        if cell is None:
            style = attributes_of(target.attributes).get("s") or self.column_style(col)
            cell = target.cells.setdefault(col, XmlCell({"s": style} if style else {}, "", None))
        kept = {name: text for name, text in cell.attributes.items() if name not in ("t", "r")}
        kind, body = value_xml(value, self.prefix)
        target.cells[col] = XmlCell(kept | ({"t": kind} if kind else {}), body, None)
        target.raw = None

    def cache_result(self, row: int, col: int, value: Value) -> None:
        """Store a formula's result beside it, for programs that read files without computing; Excel computes anyway."""
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            target = self.row(row + 1)
            cell = target.cells[col]
            cell.body += f"<{self.prefix}v>{plain(value)}</{self.prefix}v>"
            cell.raw = target.raw = None

    def column_style(self, col: int) -> str | None:
        """Return the style number of a column, when it has one."""
        for match in _COLUMN.finditer(self.head):
            found = attributes_of(match[1])
            if int(found.get("min", 0)) <= col + 1 <= int(found.get("max", 0)):
                return found.get("style")
        return None

    def text(self) -> str:
        """Return the XML of the sheet."""
        tag = f"{self.prefix}sheetData"
        body = "".join(row.text() for _, row in sorted(self.rows.items()))
        return f"{self.head}<{tag}>{body}</{tag}>{self.tail}"


def parse_sheet(xml: str) -> XmlSheet:
    """Return the sheet in parts. Raises ValueError when it has no sheetData."""
    match = _DATA.search(xml)
    if not match:
        raise ValueError("worksheet without sheetData")
    rows: dict[int, XmlRow] = {}
    number = 0
    for found in _ROW.finditer(match[2] or ""):
        number = int(attributes_of(found[1]).get("r", number + 1))
        rows[number] = XmlRow(number, found[1].rstrip("/"), found[2] or "", found[0], match[1])
    return XmlSheet(xml[: match.start()], xml[match.end() :], rows, match[1])


def attributes_of(text: str) -> dict[str, str]:
    """Return the attributes of a tag, still escaped as in the file."""
    return {match[1]: match[2] if match[2] is not None else match[3] for match in _ATTRIBUTE.finditer(text)}


def value_xml(value: Value, prefix: str = "") -> tuple[str | None, str]:
    """Return (cell type, body) of a value; text always as an inline string, so that nothing in it can be a formula."""
    if isinstance(value, bool):
        return "b", f"<{prefix}v>{int(value)}</{prefix}v>"
    if isinstance(value, (int, float, Decimal)):
        return None, f"<{prefix}v>{plain(value)}</{prefix}v>"
    if isinstance(value, dt.date):
        return None, f"<{prefix}v>{date_serial(value)}</{prefix}v>"
    text = clean_text(str(value))
    return "inlineStr", f'<{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is>'


def clean_text(text: str) -> str:
    """Return text as XML for a cell: characters that XML forbids dropped, `_x0041_` kept literal."""
    if not _NOT_PLAIN.search(text):
        return text
    return escape(_ESCAPED.sub(lambda match: "_x005F" + match[0], _ILLEGAL.sub("", text)))


def read_text(xml: str) -> str:
    """Return the text of `<is>`, `<si>` or `<v>` XML, phonetic hints left out."""
    xml = re.sub(r"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", "", xml, flags=re.S)
    parts = re.findall(r"<(?:\w+:)?t\b[^>]*?(?<!/)>(.*?)</(?:\w+:)?t>", xml, flags=re.S)
    text = unescape("".join(parts), {"&quot;": '"', "&apos;": "'"})
    text = re.sub(r"&#(x[0-9A-Fa-f]+|\d+);", lambda m: chr(int("0" + m[1], 16) if m[1][0] == "x" else int(m[1])), text)
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def plain(value: int | float | Decimal) -> str:
    """Return a number as plain digits: no exponent, no trailing zeros.

    >>> plain(Decimal("1200.50")), plain(3), plain(Decimal("1E+3")), plain(0.1)
    ('1200.5', '3', '1000', '0.1')
    """
    if type(value) is int:
        return str(value)
    text = format(Decimal(str(value)) if isinstance(value, float) else value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def date_serial(day: dt.date) -> int:
    """Return the day number of the 1900 date system (ECMA-376 part 1, 18.17.4.1); right from 1900-03-01 on.

    >>> date_serial(dt.date(1990, 1, 5))
    32878
    """
    return (day - dt.date(1899, 12, 30)).days


def map_cells(xml: str, change: Callable[[str], str]) -> str:
    """Return the XML after `change` on every formula in it."""
    return re.sub(
        r"(<(?:\w+:)?f\b[^>]*?(?<!/)>)(.*?)(</(?:\w+:)?f>)",
        lambda match: match[1] + escape(change(unescape(match[2]))) + match[3],
        xml,
        flags=re.S,
    )
