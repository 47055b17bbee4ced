"""The returned copy: the clerk's own workbook with every wrong cell marked and a list of problems with links."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from pipelines.collection.layout import IDS_SHEET, LISTS_SHEET
from pipelines.collection.parcel import LIST_SHEET, read_cells
from pipelines.collection.receiving.set_aside import put_back, set_aside
from pipelines.garbage import uncollected
from schemas.faults import Finding

RED, AMBER = "FFF8D7D4", "FFFDF0CC"
ORDER = {"error": 0, "warning": 1, "info": 2}
WORDS = {"error": "必须改正", "warning": "请核实", "info": "提示"}
WIDE = 54
"""Characters to a line in the columns that tell what is wrong and what to do."""
MOST_COLUMNS, MOST_LETTERS = 16_384, 32_767
"""What a sheet and a cell of .xlsx can hold."""
DANGEROUS = re.compile(
    r"\|[^!]*!|\[[^\]]*\]|\b(HYPERLINK|WEBSERVICE|FILTERXML|RTD|DDE|CALL|EXEC|REGISTER(\.ID)?|IMPORT\w*)\s*\(",
    re.IGNORECASE,
)
"""DDE (=cmd|…!A1), other files ([1]Sheet1!A1), and functions that open or fetch something."""
TOP = 5
"""Row of the list's first problem, counted from 1."""


@uncollected()
def write_returned_copy(path: Path, file_name: str, found: Sequence[Finding], target: Path) -> Path:
    """Write the copy and return its path.

    file_name: as the file came; found: what was found in it. A file that is not .xlsx is copied as values into a new
    workbook first: the marks matter, not the looks.
    """
    book, kept = _open(path)
    findings = sorted(found, key=lambda finding: ORDER[finding.severity])
    notes: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.sheet in book.sheetnames and finding.cell:
            notes.setdefault((finding.sheet, finding.cell), []).append(finding)
    _disarm(book)
    _mark(book, notes)
    _list(book, findings, file_name)
    aside = target.with_name(f".{target.name}")
    put_back(_saved(book), kept, aside)
    aside.replace(target)
    return target


def _open(path: Path) -> tuple[Any, dict[str, bytes]]:
    """Return a workbook to be marked, and the rows of its hidden copies."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if zipfile.is_zipfile(path):
        light, kept = set_aside(path, DANGEROUS)
        try:
            return load_workbook(light), kept
        except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, IndexError):
            pass  # another kind of package, or one whose looks were damaged: its values are copied
    return _values(path), {}


def _saved(book: Any) -> BytesIO:
    """Return a workbook as a package that is not packed: it is packed once, when the rest is in it."""
    from openpyxl.writer.excel import ExcelWriter

    buffer = BytesIO()
    ExcelWriter(book, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED)).save()
    return buffer


def _values(path: Path) -> Any:
    """Return a new workbook with a file's values."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from python_calamine import CalamineError

    try:
        sheets = read_cells(path)
    except CalamineError:
        sheets = {}
    book = Workbook()
    for empty in book.worksheets:
        book.remove(empty)
    for number, (name, rows) in enumerate(sheets.items(), 1):
        sheet = book.create_sheet(_title(name) or f"表{number}")
        for row in rows:
            cells = (ILLEGAL_CHARACTERS_RE.sub("", v) if isinstance(v, str) else v for v in row[:MOST_COLUMNS])
            sheet.append([_neutral(value[:MOST_LETTERS] if isinstance(value, str) else value) for value in cells])
        if name in (IDS_SHEET, LISTS_SHEET):
            sheet.sheet_state = "veryHidden"
    return book


def _title(name: str) -> str:
    """Return a name that a sheet may have: at most 31 characters, none of []:*?/\\ ."""
    return "".join("、" if letter in "[]:*?/\\'" else letter for letter in name)[:31]


def _disarm(book: Any) -> None:
    """Turn formulas that start programs or fetch from elsewhere into text; the clerk's own sums stay."""
    for sheet in book.worksheets:
        for cell in list(sheet._cells.values()):  # only those there are: one cell far away makes iter_rows endless
            if cell.data_type == "f" and isinstance(cell.value, str) and DANGEROUS.search(cell.value):
                cell.value = "'" + cell.value
            elif cell.hyperlink is not None and not (cell.hyperlink.location or "").strip():
                cell.hyperlink = None


def _mark(book: Any, notes: dict[tuple[str, str], list[Finding]]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    fills = {"error": PatternFill("solid", fgColor=RED), "warning": PatternFill("solid", fgColor=AMBER)}
    for (sheet, cell), findings in notes.items():
        place = _anchor(book[sheet], cell)
        fill = fills.get(findings[0].severity)
        if fill is not None:
            place.fill = fill
        text = "\n".join(f"{f.title}：{f.message}{f.remedy}（{f.code}）" for f in findings)
        if place.comment is not None:
            text += f"\n———\n{place.comment.text}"
        place.comment = Comment(text, "一表通", height=120, width=280)


def _anchor(sheet: Any, cell: str) -> Any:
    """Return the cell itself, or the top left one of the merged range it is in: only that one can be marked."""
    from openpyxl.cell.cell import MergedCell

    place = sheet[cell]
    if isinstance(place, MergedCell):
        span = next(found for found in sheet.merged_cells.ranges if cell in found)
        return sheet.cell(span.min_row, span.min_col)
    return place


def _list(book: Any, findings: list[Finding], file_name: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.properties import PageSetupProperties

    if LIST_SHEET in book.sheetnames:
        book.remove(book[LIST_SHEET])
    sheet = book.create_sheet(LIST_SHEET, 0)
    errors = sum(finding.severity == "error" for finding in findings)
    sheet["A1"] = f"问题清单：{errors} 处必须改正，{len(findings) - errors} 处请核实"
    sheet["A1"].font = Font(size=15, bold=True, color="FF2F5D8A")
    sheet["A2"] = "点“位置”可以跳到那一格。红格必须改正，黄格请核实（属实的在“核实说明”写原因）。"
    sheet["A3"] = f"原文件：{_neutral(file_name)}。整份文件暂未入账，改好后保存，整份再报一次即可。"
    for row in (2, 3):
        sheet.cell(row, 1).font = Font(color="FF6B7280")
    titles = ("序号", "程度", "工作表", "位置", "问题", "情况", "怎么办", "代码")
    for col, title in enumerate(titles, 1):
        cell = sheet.cell(TOP - 1, col, title)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE8EEF5")
        cell.alignment = Alignment(horizontal="center", vertical="center")
    for number, finding in enumerate(findings, 1):
        row = TOP + number - 1
        texts = (
            number, WORDS[finding.severity], finding.sheet, finding.cell or "—", finding.title, finding.message,
            finding.remedy, finding.code,
        )  # fmt: skip
        for col, text in enumerate(texts, 1):
            cell = sheet.cell(row, col, _neutral(text))
            cell.alignment = Alignment(vertical="top", wrap_text=col in (6, 7))
        lines = max(-(-_width(text) // WIDE) for text in (finding.message, finding.remedy))
        sheet.row_dimensions[row].height = 5 + 14 * max(1, lines)
        colour = {"error": RED, "warning": AMBER}.get(finding.severity)
        if colour:
            sheet.cell(row, 2).fill = PatternFill("solid", fgColor=colour)
        if finding.cell and finding.sheet in book.sheetnames:
            place = sheet.cell(row, 4)
            place.hyperlink = f"#'{finding.sheet}'!{finding.cell}"
            place.font = Font(color="FF2F5D8A", underline="single")
    for letter, width in zip("ABCDEFGH", (6, 10, 16, 8, 18, WIDE + 2, WIDE + 2, 9), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{TOP}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.active = 0


def _width(text: str) -> int:
    """Return how many columns of a sheet a text takes: a Chinese character takes two."""
    return sum(1 if letter.isascii() else 2 for letter in text)


def _neutral(value: Any) -> Any:
    """Return a value that no program takes for a formula: openpyxl would store "=…" as one."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) and not _is_number(value):
        return "'" + value
    return value


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()
