"""A letter as a Word document: A4, the plain look of an office letter; the same letter gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

from pipelines.admission.letter import Letter

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
FONT = "仿宋"
TITLE_FONT = "黑体"


def write_docx(letter: Letter, path: Path) -> Path:
    """Write a letter as .docx and return its path."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm

    document = Document()
    document.core_properties.created = document.core_properties.modified = dt.datetime(2000, 1, 1)
    document.core_properties.author = ""
    document.core_properties.title = letter.title
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.7)
    section.top_margin, section.bottom_margin = Cm(3.0), Cm(2.5)
    _line(document, letter.title, size=20, font=TITLE_FONT, align=WD_ALIGN_PARAGRAPH.CENTER)
    if letter.number:
        _line(document, letter.number, size=12, align=WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, f"{letter.to}：", size=14)
    for kind, text in letter.body:
        _line(document, text, size=14, font=TITLE_FONT if kind == "head" else FONT, indent=2)
    _line(document, "", size=14)
    for text in (letter.sender, letter.day):
        _line(document, text, size=14, align=WD_ALIGN_PARAGRAPH.RIGHT)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_same_bytes(document))
    return path


def _line(document: Any, text: str, size: int, font: str = FONT, align: Any = None, indent: int = 0) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    if align is not None:
        paragraph.alignment = align
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(2)
    form.line_spacing = 1.35
    form.first_line_indent = Pt(size * indent)
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _same_bytes(document: Any) -> bytes:
    """Return the document with all dates in the package set to one."""
    made, out = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _ZIP_DATE), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
