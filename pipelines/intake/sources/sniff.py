"""What a file is, told from its content. Departments rename: five of 51 real ".docx" are Word 97 files."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Literal

import olefile

Kind = Literal[
    "xlsx", "xlsb", "ods", "docx", "odt", "xls", "doc", "encrypted", "html", "rtf", "json", "text", "image", "pdf",
    "damaged zip", "damaged ole", "zip", "ole", "xml", "empty", "binary",
]  # fmt: skip

NAMES: dict[Kind, str] = {
    "xlsx": "Excel 工作簿（xlsx）",
    "xlsb": "Excel 二进制工作簿（xlsb）",
    "ods": "ODF 工作簿（ods）",
    "docx": "Word 文档（docx）",
    "odt": "ODF 文档（odt）",
    "xls": "Excel 97 工作簿（xls）",
    "doc": "Word 97 文档（doc）",
    "encrypted": "加密的 Office 文件",
    "html": "网页（HTML）",
    "rtf": "RTF 文档",
    "json": "JSON",
    "text": "文本",
    "image": "图片",
    "pdf": "PDF",
    "damaged zip": "损坏的压缩包",
    "damaged ole": "损坏的 Office 97 文件",
    "zip": "压缩包",
    "ole": "其他 Office 97 文件",
    "xml": "XML（Excel 2003 或 Word 2003）",
    "empty": "空文件",
    "binary": "二进制数据",
}
"""How a kind is called in messages."""

EXPECTED: dict[str, tuple[Kind, ...]] = {
    ".xlsx": ("xlsx",),
    ".xlsm": ("xlsx",),
    ".xltx": ("xlsx",),
    ".xltm": ("xlsx",),
    ".xls": ("xls",),
    ".xlt": ("xls",),
    ".et": ("xls", "xlsx"),
    ".ett": ("xls", "xlsx"),
    ".ods": ("ods",),
    ".docx": ("docx",),
    ".docm": ("docx",),
    ".dotx": ("docx",),
    ".doc": ("doc",),
    ".dot": ("doc",),
    ".wps": ("doc", "docx"),
    ".wpt": ("doc", "docx"),
    ".rtf": ("rtf",),
    ".odt": ("odt",),
    ".csv": ("text",),
    ".tsv": ("text",),
    ".txt": ("text",),
    ".json": ("json",),
    ".html": ("html",),
    ".htm": ("html",),
}
"""Kinds that an extension promises. WPS writes Office formats under its own extensions."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|style)\b", re.IGNORECASE)
_VBA = "_VBA_PROJECT".encode("utf-16-le")
_MIME: dict[bytes, Kind] = {
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.text": "odt",
}


def sniff(data: bytes) -> Kind:
    """Return what the bytes of a file are.

    >>> sniff(b""), sniff("姓名,性别".encode("gbk")), sniff(b"<html><table>"), sniff(b"%PDF-1.7")
    ('empty', 'text', 'html', 'pdf')
    """
    if not data:
        return "empty"
    if data.startswith(_OLE):
        return _ole(data)
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _zip(data)
    if data.startswith(b"%PDF"):
        return "pdf"
    if data.startswith(_IMAGES):
        return "image"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data[:1] == b"\x09" and data[1:4] in (b"\x08\x10\x00", b"\x00\x04\x00", b"\x02\x06\x00", b"\x04\x06\x00"):
        return "xls"  # a BIFF stream without its OLE container; old exporters write it
    return _text(data)


def _text(data: bytes) -> Kind:
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    if b"\x00" in head:
        nulls = head[1::2].count(0) + head[::2].count(0)
        wide = max(head[1::2].count(0), head[::2].count(0)) > len(head) // 8 and nulls < len(head) * 0.6
        return "text" if wide else "binary"
    stripped = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if stripped.startswith((b"{", b"[")):
        return "json"
    if stripped[:13].lower() == b"mime-version:" and b"text/html" in data[:65536].lower():
        return "html"
    if stripped.startswith(b"<?") and b"<html" not in head.lower():
        return "xml"
    if _HTML.search(head) and stripped.startswith(b"<"):
        return "html"
    control = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return "binary" if control > len(head) // 50 else "text"


def _ole(data: bytes) -> Kind:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            names = {entry[0].lower() for entry in container.listdir()}
            if "worddocument" in names and _is_locked(container.openstream("WordDocument").read(12)):
                return "encrypted"
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError):
        return "damaged ole"  # what olefile raises on broken sector tables is not documented; found by mutation
    if "encryptedpackage" in names:
        return "encrypted"
    if names & {"workbook", "book"}:
        return "xls"
    if "worddocument" in names:
        return "doc"
    return "ole"


def _is_locked(head: bytes) -> bool:
    """True when a Word 97 document has an opening password: bit fEncrypted of its FIB ([MS-DOC] 2.5.2)."""
    return len(head) == 12 and bool(head[11] & 1)


def has_macros(data: bytes) -> bool:
    """Return True when an Office 97 file carries a VBA project."""
    return _VBA in data


def _zip(data: bytes) -> Kind:
    """Return the kind of a package from the names in its directory, without unpacking anything."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0 or len(data) < end + 20:
        return "damaged zip"
    start = int.from_bytes(data[end + 16 : end + 20], "little")
    names = data[start if start < end else 0 : end].lower().replace(b"\\", b"/")
    if data[30:38] == b"mimetype":
        for mime, kind in _MIME.items():
            if data[38 : 38 + len(mime)] == mime:
                return kind
    if b"xl/workbook.bin" in names:
        return "xlsb"
    if b"xl/" in names:
        return "xlsx"
    return "docx" if b"word/" in names else "zip"


def promised(path: Path) -> tuple[Kind, ...]:
    """Return the kinds that the file's extension promises; empty when the extension says nothing."""
    return EXPECTED.get(path.suffix.lower(), ())
