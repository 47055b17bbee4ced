"""Kinds of damage that no spreadsheet library writes: done to the package itself, or in place of it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from pipelines.collection.layout import IDS_SHEET, read_layout
from pipelines.collection.package import sheet_parts
from pipelines.text import address
from tests.unit.collection import county

Case = dict[str, str]
_SHEET = "xl/worksheets/sheet"


class Parts:
    """The parts of a workbook, to be changed and written back."""

    def __init__(self, path: Path, case: Case) -> None:
        self.path, self.case = path, case
        with zipfile.ZipFile(path) as package:
            self.data = {info.filename: package.read(info) for info in package.infolist()}
        self.names = {name: part for part, name in sheet_parts(path).items()}
        self.layout = read_layout(path)

    @property
    def sheet(self) -> str:
        """The part of the case's sheet."""
        return self.names[self._filled.name]

    @property
    def _filled(self):  # type: ignore[no-untyped-def]
        return next(s for s in self.layout if s.ledger == self.case["ledger"] and s.level in ("", "村"))

    @property
    def cell(self) -> str:
        """The address of the case's cell: the n-th subject's element, or the element's first village."""
        element = getattr(county, self.case["element"], self.case["element"])
        sheet = self._filled
        if sheet.is_indicator:
            row = next(row for row, there in sheet.row_ids.items() if there == element)
            return address(row, min(col for col, code in sheet.columns.items() if code.isdigit()))
        col = next(col for col, there in sheet.columns.items() if there == element)
        return address([row for row, key in sheet.row_ids.items() if key][int(self.case["row"] or 0)], col)

    def write_cell(self, content: str, kind: str = "") -> None:
        """Put XML into the case's cell, with a type of its own."""
        pattern = re.compile(rf'<c r="{self.cell}"( s="\d+")?[^>]*?(/>|>.*?</c>)'.encode())
        new = rf'<c r="{self.cell}"\1{kind}>{content}</c>'.encode()
        self.data[self.sheet], count = pattern.subn(new, self.data[self.sheet], count=1)
        assert count == 1, "the cell is not there to be damaged"

    def save(self) -> None:
        """Write the package."""
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for name, data in self.data.items():
                package.writestr(name, data)


def _formula(parts: Parts) -> None:
    formula, _, result = parts.case["value"].partition("→")
    parts.write_cell(f"<f>{formula}</f>" + (f"<v>{result}</v>" if result else ""))


def _text_formula(parts: Parts) -> None:
    formula, _, result = parts.case["value"].partition("→")
    parts.write_cell(f"<f>{formula}</f><v>{result}</v>", ' t="str"')


def _error_cell(parts: Parts) -> None:
    parts.write_cell(f"<f>X</f><v>{parts.case['value']}</v>", ' t="e"')


def _number_cell(parts: Parts) -> None:
    parts.write_cell(f"<v>{parts.case['value']}</v>")


def _inline_text(parts: Parts) -> None:
    parts.write_cell(f'<is><t xml:space="preserve">{parts.case["value"]}</t></is>', ' t="inlineStr"')


def _boolean_cell(parts: Parts) -> None:
    parts.write_cell(f"<v>{parts.case['value']}</v>", ' t="b"')


def _date_cell(parts: Parts) -> None:
    """An ISO date cell (t="d"), as some programs write it."""
    parts.write_cell(f"<v>{parts.case['value']}</v>", ' t="d"')


def _far_cell(parts: Parts) -> None:
    place = parts.case["value"]
    row = re.sub("[A-Z]", "", place)
    more = f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'.encode()
    parts.data[parts.sheet] = parts.data[parts.sheet].replace(b"</sheetData>", more)


def _far_empty(parts: Parts) -> None:
    more = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    parts.data[parts.sheet] = parts.data[parts.sheet].replace(b"</sheetData>", more)


def _no_dimension(parts: Parts) -> None:
    parts.data[parts.sheet] = re.sub(rb"<dimension[^>]*/>", b"", parts.data[parts.sheet])


def _wrong_dimension(parts: Parts) -> None:
    parts.data[parts.sheet] = re.sub(rb'ref="A1:[A-Z0-9]+"', b'ref="A1:A1"', parts.data[parts.sheet], count=1)


def _drop_part(parts: Parts) -> None:
    del parts.data[parts.case["value"]]


def _cut_part(parts: Parts) -> None:
    name = parts.case["value"] or parts.sheet
    parts.data[name] = parts.data[name][: len(parts.data[name]) // 2]


def _hide_rows(parts: Parts) -> None:
    parts.data[parts.sheet] = parts.data[parts.sheet].replace(b'<row r="7"', b'<row hidden="1" r="7"')


def _filter(parts: Parts) -> None:
    parts.data[parts.sheet] = parts.data[parts.sheet].replace(
        b"</sheetData>", b'</sheetData><autoFilter ref="B5:F30"/>'
    )


def _lock_sheet(parts: Parts) -> None:
    data = re.sub(rb"<sheetProtection[^>]*/>", b"", parts.data[parts.sheet])
    parts.data[parts.sheet] = data.replace(b"</sheetData>", b'</sheetData><sheetProtection password="CC2A" sheet="1"/>')


def _hide_sheet(parts: Parts) -> None:
    data = parts.data["xl/workbook.xml"].decode()
    name = next(name for name, part in parts.names.items() if part == parts.sheet)
    data = re.sub(rf'(<sheet [^>]*name="{name}"[^>]*)state="visible"', r'\1state="hidden"', data)
    parts.data["xl/workbook.xml"] = data.encode()


def _copy_sheet(parts: Parts) -> None:
    """A sheet copied within the workbook, hidden ids and all: 人员台账 (2)."""
    parts.data[f"{_SHEET}99.xml"] = re.sub(rb"<(legacyDrawing|drawing)[^>]*/>", b"", parts.data[parts.sheet])
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    _before(parts, "xl/_rels/workbook.xml.rels", "</Relationships>",
            f'<Relationship Id="rId99" Type="{kind}" Target="/{_SHEET}99.xml"/>')  # fmt: skip
    space = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    _before(parts, "xl/workbook.xml", "</sheets>", f'<sheet {space} name="副本 (2)" sheetId="99" r:id="rId99"/>')
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    _before(parts, "[Content_Types].xml", "</Types>",
            f'<Override PartName="/{_SHEET}99.xml" ContentType="{content}"/>')  # fmt: skip


def _before(parts: Parts, part: str, mark: str, new: str) -> None:
    parts.data[part] = parts.data[part].replace(mark.encode(), (new + mark).encode())


def _wipe_ids_sheet(parts: Parts) -> None:
    part = parts.names[IDS_SHEET]
    parts.data[part] = re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", parts.data[part], flags=re.DOTALL)


def _prefixed(parts: Parts) -> None:
    """XML with a namespace prefix throughout, as some converters write it."""
    data = parts.data[parts.sheet].replace(b'xmlns="', b'xmlns:x="', 1)
    parts.data[parts.sheet] = re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", data)


PACKAGE_DAMAGES: dict[str, Callable[[Parts], None]] = {
    name.removeprefix("_"): function
    for name, function in list(globals().items())
    if name.startswith("_") and getattr(function, "__annotations__", {}).get("parts") == "Parts"
}


def _bomb(data: bytes, case: Case) -> bytes:
    """Three hundred megabytes of blanks in a few kilobytes; with a value, the header lies about the size."""
    size = 300 << 20
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = squeezed.compress(b" " * (1 << 20)) + squeezed.flush(zlib.Z_FULL_FLUSH)
    packed = block * 300 + b"\x03\x00"
    said = int(case["value"] or size)
    name = b"xl/worksheets/sheet1.xml"
    sizes = zlib.crc32(b" ").to_bytes(4, "little") + len(packed).to_bytes(4, "little") + said.to_bytes(4, "little")
    length = len(name).to_bytes(2, "little")
    local = b"PK\x03\x04\x14\x00\x00\x00\x08\x00\x00\x00\x00\x00" + sizes + length + b"\x00\x00" + name + packed
    central = b"PK\x01\x02\x14\x00\x14\x00\x00\x00\x08\x00\x00\x00\x00\x00" + sizes + length + bytes(16) + name
    end = b"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00" + len(central).to_bytes(4, "little")
    return local + central + end + len(local).to_bytes(4, "little") + b"\x00\x00"


def _many_parts(data: bytes, case: Case) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as package:
        for number in range(5000):
            package.writestr(f"xl/media/{number}", b"")
    return out.getvalue()


def _other_package(data: bytes, case: Case) -> bytes:
    """A .docx, .odt or plain .zip called .xlsx."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(case["value"], "<x/>")
    return out.getvalue()


def _begins_with(data: bytes, case: Case) -> bytes:
    return bytes.fromhex(case["value"]) + bytes(600)


def _cut(data: bytes, case: Case) -> bytes:
    return data[: int(len(data) * float(case["value"]))]


def _flipped(data: bytes, case: Case) -> bytes:
    """Bytes overwritten somewhere in the package, as a bad memory stick does."""
    middle = int(len(data) * float(case["value"]))
    return data[:middle] + b"\x00" * 200 + data[middle + 200 :]


def _padded(data: bytes, case: Case) -> bytes:
    return data + bytes(100)


BYTE_DAMAGES: dict[str, Callable[[bytes, Case], bytes]] = {
    name.removeprefix("_"): function
    for name, function in list(globals().items())
    if name.startswith("_") and getattr(function, "__annotations__", {}).get("data") == "bytes"
}
