"""Fills an Excel 97 template by way of an .xlsx of the same look: that format cannot be patched, and nothing writes it.

What is carried over: values, formulas, merges, fonts, fills, borders, alignment, number formats, row heights, column
widths, hidden rows, columns and sheets, sheet order, gridlines off, frozen panes, print areas and print titles.
What is not, because xlrd does not read it: validations, pictures, margins, and a formula that refers to another file
or cannot be told (its stored result stays).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pipelines.biff import cell_formulas, open_book
from pipelines.sharing.filling.fill import SheetFill
from pipelines.sharing.filling.patch_xlsx import patch_xlsx

_LINES = {
    1: "thin", 2: "medium", 3: "dashed", 4: "dotted", 5: "thick", 6: "double", 7: "hair", 8: "mediumDashed",
    9: "dashDot", 10: "mediumDashDot", 11: "dashDotDot", 12: "mediumDashDotDot", 13: "slantDashDot",
}  # fmt: skip
_HORIZONTAL = {1: "left", 2: "center", 3: "right", 4: "fill", 5: "justify", 6: "centerContinuous", 7: "distributed"}
_VERTICAL = {0: "top", 1: "center", 2: "bottom", 3: "justify", 4: "distributed"}
_PATTERNS = {
    1: "solid", 2: "mediumGray", 3: "darkGray", 4: "lightGray", 5: "darkHorizontal", 6: "darkVertical", 7: "darkDown",
    8: "darkUp", 9: "darkGrid", 10: "darkTrellis", 11: "lightHorizontal", 12: "lightVertical", 13: "lightDown",
    14: "lightUp", 15: "lightGrid", 16: "lightTrellis", 17: "gray125", 18: "gray0625",
}  # fmt: skip
_UNDERLINES = {1: "single", 2: "double", 33: "singleAccounting", 34: "doubleAccounting"}
_ROWS = 65_536
_FOREIGN = re.compile(r"\[|#REF!|#NAME")
"""In a formula that would be an error in a file of its own."""
_STAMP = "2000-01-01T00:00:00Z"


def fill_xls(template: bytes, fills: Sequence[SheetFill]) -> bytes:
    """Return a filled .xlsx of the look of an .xls template. Errors as in `patch_xlsx`."""
    return patch_xlsx(xls_to_xlsx(template), fills)


@lru_cache(maxsize=64)
def xls_to_xlsx(template: bytes) -> bytes:
    """Return an .xls workbook as .xlsx with the same look; the bytes depend only on the argument.

    Raises ValueError when the bytes are no Excel 97 workbook.
    """
    import xlrd
    from openpyxl import Workbook

    try:
        book = open_book(template, formatting_info=True)
    except xlrd.XLRDError as error:
        raise ValueError(f"not an .xls workbook: {error}") from error
    target: Any = Workbook()
    target.remove(target.active)
    styles: dict[Any, Any] = {}
    formulas = cell_formulas(template, book, _ROWS, _ROWS)
    for sheet, computed in zip(book.sheets(), formulas, strict=True):
        page = target.create_sheet(sheet.name)
        page.sheet_state = ("visible", "hidden", "veryHidden")[sheet.visibility]
        _copy_cells(book, sheet, page, styles)
        for (row, col), text in computed.items():
            if not _FOREIGN.search(text):
                page.cell(row + 1, col + 1).value = "=" + text
        _copy_frame(book, sheet, page)
    buffer = io.BytesIO()
    target.save(buffer)
    return _stamp(buffer.getvalue())


def _copy_cells(book: Any, sheet: Any, page: Any, styles: dict[Any, Any]) -> None:
    import datetime as dt

    import xlrd

    for row in range(sheet.nrows):
        for col in range(sheet.row_len(row)):
            source = sheet.cell(row, col)
            cell = page.cell(row + 1, col + 1)
            if source.ctype == xlrd.XL_CELL_TEXT:
                cell.value = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", source.value)
                cell.data_type = "s"
            elif source.ctype == xlrd.XL_CELL_NUMBER:
                cell.value = int(source.value) if source.value == int(source.value) else source.value
            elif source.ctype == xlrd.XL_CELL_DATE:
                try:
                    cell.value = xlrd.xldate_as_datetime(source.value, book.datemode)
                except (ValueError, OverflowError, xlrd.xldate.XLDateError):
                    cell.value = source.value
                if isinstance(cell.value, dt.datetime) and source.value < 1:
                    cell.value = cell.value.time()
            elif source.ctype == xlrd.XL_CELL_BOOLEAN:
                cell.value = bool(source.value)
            elif source.ctype == xlrd.XL_CELL_ERROR:
                cell.value = xlrd.error_text_from_code.get(source.value, "#N/A")
            if source.xf_index is not None:
                _dress(cell, source.xf_index, book, styles)


def _dress(cell: Any, xf_index: int, book: Any, styles: dict[Any, Any]) -> None:
    """Give a cell the look of a format of the source.

    The first cell of a format is dressed part by part, the others take its finished style: looking six parts up again
    for every cell took half the time of publishing the forms in this format.
    """
    from copy import copy

    own_format = cell.number_format  # a date has one from its value
    known = styles.get((xf_index, own_format))
    if known is not None:
        cell._style = copy(known)
        return
    if xf_index not in styles:
        styles[xf_index] = _style(book, book.xf_list[xf_index])
    style = styles[xf_index]
    if style[5] == "General" and own_format != "General":
        style = (*style[:5], own_format)
    cell.font, cell.fill, cell.border, cell.alignment, cell.protection, cell.number_format = style
    styles[(xf_index, own_format)] = copy(cell._style)


def _style(book: Any, xf: Any) -> tuple[Any, ...]:
    from openpyxl import styles

    make: Any = styles  # the stubs name every style as a literal, a workbook gives it as a number

    source = book.font_list[xf.font_index]
    font = make.Font(
        name=source.name,
        size=source.height / 20,
        bold=bool(source.weight >= 700),
        italic=bool(source.italic),
        underline=_UNDERLINES.get(source.underline_type),
        strike=bool(source.struck_out),
        vertAlign={1: "superscript", 2: "subscript"}.get(source.escapement),
        color=_colour(book, source.colour_index),
    )
    back = xf.background
    fill = make.PatternFill()
    if back.fill_pattern in _PATTERNS:
        fill = make.PatternFill(
            _PATTERNS[back.fill_pattern],
            _colour(book, back.pattern_colour_index) or "00000000",
            _colour(book, back.background_colour_index) or "00000000",
        )
    lines = xf.border
    sides = {
        name: make.Side(
            _LINES.get(getattr(lines, f"{name}_line_style")), _colour(book, getattr(lines, f"{name}_colour_index"))
        )
        for name in ("left", "right", "top", "bottom")
    }
    align = xf.alignment
    alignment = make.Alignment(
        horizontal=_HORIZONTAL.get(align.hor_align),
        vertical=_VERTICAL.get(align.vert_align, "bottom"),
        text_rotation=align.rotation,
        wrap_text=bool(align.text_wrapped),
        shrink_to_fit=bool(align.shrink_to_fit),
        indent=align.indent_level,
    )
    protection = make.Protection(locked=bool(xf.protection.cell_locked), hidden=bool(xf.protection.formula_hidden))
    number_format = book.format_map[xf.format_key].format_str if xf.format_key in book.format_map else "General"
    return font, fill, make.Border(**sides), alignment, protection, number_format


def _colour(book: Any, index: int) -> str | None:
    rgb = book.colour_map.get(index)
    return None if rgb is None else "FF{:02X}{:02X}{:02X}".format(*rgb)


def _copy_frame(book: Any, sheet: Any, page: Any) -> None:
    from openpyxl.utils import get_column_letter

    for top, bottom, left, right in sheet.merged_cells:
        if bottom - top > 1 or right - left > 1:
            _merge(page, top + 1, left + 1, bottom, right)
    for row, info in sheet.rowinfo_map.items():
        if info.height and not info.has_default_height:
            page.row_dimensions[row + 1].height = info.height / 20
        page.row_dimensions[row + 1].hidden = bool(info.hidden)
    for col, info in sheet.colinfo_map.items():
        if col < 16384:
            letter = get_column_letter(col + 1)
            page.column_dimensions[letter].width = max(info.width / 256, 0.1)
            page.column_dimensions[letter].hidden = bool(info.hidden)
    if sheet.default_row_height:
        page.sheet_format.defaultRowHeight = sheet.default_row_height / 20
    page.sheet_view.showGridLines = bool(sheet.show_grid_lines)
    if sheet.panes_are_frozen and (sheet.horz_split_pos or sheet.vert_split_pos):
        page.freeze_panes = page.cell(sheet.horz_split_pos + 1, sheet.vert_split_pos + 1)
    _copy_print_set_up(book, sheet, page)


def _merge(page: Any, top: int, left: int, bottom: int, right: int) -> None:
    """Merge without openpyxl's redrawing of borders: the covered cells keep the styles they have in the source."""
    from openpyxl.worksheet.cell_range import CellRange

    page.merged_cells.add(CellRange(min_col=left, min_row=top, max_col=right, max_row=bottom))


def _copy_print_set_up(book: Any, sheet: Any, page: Any) -> None:
    for name in book.name_obj_list:
        if name.scope != sheet.number or not name.builtin or not getattr(name, "result", None) or not name.result.value:
            continue
        for area in name.result.value if isinstance(name.result.value, list) else ():
            shlo, _, rlo, rhi, clo, chi = getattr(area, "coords", None) or (-1,) * 6
            if shlo != sheet.number:
                continue
            if name.name == "\x06":
                page.print_area = f"{page.cell(rlo + 1, clo + 1).coordinate}:{page.cell(rhi, chi).coordinate}"
            elif name.name == "\x07" and chi - clo >= 256:
                page.print_title_rows = f"{rlo + 1}:{rhi}"


def _stamp(data: bytes) -> bytes:
    """Return the workbook with a fixed date inside, so that the same template always gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            body = source.read(info)
            if info.filename == "docProps/core.xml":
                body = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _STAMP.encode(), body)
            entry = zipfile.ZipInfo(info.filename, (2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, body)
    return buffer.getvalue()
