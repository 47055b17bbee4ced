"""Draws plans as Word documents: title and frame as paragraphs, the grid as a table, notes and signatures below."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from plan import Plan
from workbook import bottom_lines, top_lines

_ALIGN = {"title": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def write_document(plans: list[Plan], file: Path) -> list[int]:
    """Write one table per plan; return the row at which each grid begins: always 0 in a document."""
    file.parent.mkdir(parents=True, exist_ok=True)
    document = Document()
    document.core_properties.created = document.core_properties.modified = dt.datetime(2024, 12, 2, 9, 0, 0)
    document.core_properties.author = ""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin = section.bottom_margin = Cm(2)
    if any(sum(plan.widths) > 110 for plan in plans):
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    for plan in plans:
        _draw(document, plan, section.page_width.cm - 3.6)
    document.save(str(file))
    _fix_dates(file)
    return [0 for _ in plans]


def _draw(document: Any, plan: Plan, width: float) -> None:
    for style, left, right in top_lines(plan):
        text = left + ("        " + right if left and right else right)
        _paragraph(document.add_paragraph(), text, style, 18 if style == "title" else 10.5)
    table = document.add_table(plan.row_count, len(plan.widths))
    table.style = "Table Grid"
    table.autofit = False
    total = sum(plan.widths)
    for col, chars in enumerate(plan.widths):
        for cell in table.columns[col].cells:
            cell.width = Cm(width * chars / total)
    for row in table.rows:
        row.height = Cm(0.75)
    cells = [row.cells for row in table.rows]
    for box in plan.boxes:
        cell = cells[box.row][box.col]
        if box.rows * box.cols > 1:
            cell = cell.merge(cells[box.row + box.rows - 1][box.col + box.cols - 1])
        _paragraph(cell.paragraphs[0], box.text, "title" if box.kind != "row" else "row", 10.5)
    for style, text in bottom_lines(plan):
        _paragraph(document.add_paragraph(), text, style, 10.5 if style == "frame" else 9)


def _paragraph(paragraph: Any, text: str, style: str, size: float) -> None:
    run = paragraph.add_run(text)
    name = "黑体" if size > 12 else "宋体"
    run.font.size, run.font.name = Pt(size), name
    run._element.rPr.rFonts.set(qn("w:eastAsia"), name)
    paragraph.paragraph_format.space_after = Pt(2)
    if style in _ALIGN:
        paragraph.alignment = _ALIGN[style]


def _fix_dates(file: Path) -> None:
    """Write the archive again with one date for all parts, so that the same facts give the same bytes."""
    with zipfile.ZipFile(file) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
