"""How cells of a workbook look, by style number: number format, indent, bold, centred, borders."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from pipelines.intake.sources.borders import Sides
from pipelines.intake.sources.package import Package, parse

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 31: 'yyyy"年"m"月"d"日"', 37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);[Red](#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    49: "@", 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Number formats that have a number only (ECMA-376 part 1, 18.8.30; 31, 57 and 58 as in Chinese Excel)."""

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE = re.compile(r"[ymdhs]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Look:
    """The look of a cell. number_format: None for General. sides: None when no border is drawn."""

    number_format: str | None = None
    is_date: bool = False
    indent: int = 0
    is_bold: bool = False
    is_centred: bool = False
    sides: Sides | None = None


PLAIN = Look()


def looks(package: Package, part: str | None) -> tuple[Look, ...]:
    """Return the looks of a workbook by style number; empty when it has no styles part."""
    if part is None or not package.has(part):
        return ()
    data = package.read(part)
    return _kept(data, package.file, part) if len(data) < 100_000 else _looks(data, package.file, part)


def is_date_format(number_format: str) -> bool:
    """Return True when a number in this format is a date or a time.

    >>> is_date_format("yyyy/m/d"), is_date_format('0.00"元"'), is_date_format("[Red]0")
    (True, False, False)
    """
    return bool(_DATE.search(_LITERAL.sub("", number_format)))


def _looks(data: bytes, file: str, part: str) -> tuple[Look, ...]:
    root = parse(data, file, part)
    ns = root.tag[: root.tag.find("}") + 1]
    formats = dict(BUILT_IN)
    for node in root.iterfind(f"{ns}numFmts/{ns}numFmt"):
        formats[_int(node.get("numFmtId"))] = node.get("formatCode") or ""
    bold = [_is_on(font.find(f"{ns}b")) for font in root.iterfind(f"{ns}fonts/{ns}font")]
    borders = [_sides(node, ns) for node in root.iterfind(f"{ns}borders/{ns}border")]
    return tuple(_look(xf, ns, formats, bold, borders) for xf in root.iterfind(f"{ns}cellXfs/{ns}xf"))


_kept = lru_cache(maxsize=64)(_looks)
"""Workbooks of one department share their styles part byte for byte; parsing it is a third of a small file's time."""


def _look(xf: etree._Element, ns: str, formats: dict[int, str], bold: list[bool], borders: list[Sides | None]) -> Look:
    number_format = formats.get(_int(xf.get("numFmtId")))
    if number_format == "General":
        number_format = None
    font, border = _int(xf.get("fontId")), _int(xf.get("borderId"))
    align = xf.find(f"{ns}alignment")
    horizontal = align.get("horizontal") if align is not None else None
    return Look(
        number_format=number_format,
        is_date=bool(number_format and is_date_format(number_format)),
        indent=max(_int(align.get("indent")), 0) if align is not None else 0,
        is_bold=0 <= font < len(bold) and bold[font],
        is_centred=horizontal in ("center", "centerContinuous"),
        sides=borders[border] if 0 <= border < len(borders) else None,
    )


def _sides(node: etree._Element, ns: str) -> Sides | None:
    drawn = []
    for name, other in (("left", "start"), ("top", "top"), ("right", "end"), ("bottom", "bottom")):
        side = node.find(f"{ns}{name}")
        if side is None:
            side = node.find(f"{ns}{other}")
        drawn.append(side is not None and side.get("style") not in (None, "none"))
    return (drawn[0], drawn[1], drawn[2], drawn[3]) if any(drawn) else None


def _is_on(node: etree._Element | None) -> bool:
    return node is not None and node.get("val") not in ("0", "false")


def _int(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 10 else 0
