"""Excel workbooks (.xlsx, .xlsm, .et of WPS), read from their XML: values, looks, merges, comments, lists.

openpyxl needs 13 ms for a small workbook and 1.8 GB for a large one; reading only the parts that a template's fields
depend on needs a fiftieth of that.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.intake.sources.borders import Sides, bordered
from pipelines.intake.sources.choices import with_choices
from pipelines.intake.sources.limits import Unreadable, limit
from pipelines.intake.sources.package import Package, open_package
from pipelines.intake.sources.values import render
from pipelines.intake.sources.xlsx_boxes import text_boxes
from pipelines.intake.sources.xlsx_sheet import RawCell, RawSheet, read_sheet
from pipelines.intake.sources.xlsx_strings import rich_text, shared_strings
from pipelines.intake.sources.xlsx_styles import PLAIN, Look, looks
from pipelines.text import address, position
from schemas.faults import Finding
from schemas.faults import intake as faults
from schemas.templates import Cell, Grid, Span


@dataclass(frozen=True, slots=True)
class Book:
    """The workbook part: sheets as (name, part, is hidden), defined names, the day that dates count from."""

    sheets: tuple[tuple[str, str, bool], ...]
    names: dict[str, str]
    epoch: datetime.datetime
    styles: str | None
    strings: str | None


def read_xlsx(data: bytes, file: str) -> list[Grid]:
    """Return a grid per worksheet, in order, hidden ones marked. Raises Unreadable: damaged or too large."""
    package = open_package(data, file)
    book = _book(package)
    raws = [read_sheet(package, part) for _, part, _ in book.sheets]
    styles = looks(package, book.styles)
    strings = shared_strings(package, book.strings, max((raw.last_string for raw in raws), default=-1))
    grids = [_grid(package, book, sheet, raw, styles, strings) for sheet, raw in zip(book.sheets, raws, strict=True)]
    if any(raw.validations for raw in raws):
        grids = with_choices(grids, [raw.validations for raw in raws], book.names)
    return _with_findings(grids, package)


def _book(package: Package) -> Book:
    part = "xl/workbook.xml"
    for relation in package.relations("").values():
        if relation.type == "officeDocument" and not relation.is_external and package.has(relation.target):
            part = relation.target
    root = package.xml(part)
    relations = package.relations(part)
    ns = root.tag[: root.tag.find("}") + 1]
    sheets = []
    for node in root.iterfind(f"{ns}sheets/{ns}sheet"):
        number = next((str(value) for key, value in node.attrib.items() if str(key).endswith("}id")), "")
        place = relations.get(number)
        if place is not None and place.type == "worksheet" and package.has(place.target):
            is_hidden = node.get("state") in ("hidden", "veryHidden")
            sheets.append((node.get("name") or "", place.target, is_hidden))
    names = {
        (node.get("name") or "").lower(): node.text or "" for node in root.iterfind(f"{ns}definedNames/{ns}definedName")
    }
    settings = root.find(f"{ns}workbookPr")
    is_1904 = settings is not None and settings.get("date1904") in ("1", "true")
    epoch = datetime.datetime(1904, 1, 1) if is_1904 else datetime.datetime(1899, 12, 30)
    parts = {relation.type: relation.target for relation in relations.values() if not relation.is_external}
    if not sheets:
        raise Unreadable(faults.DAMAGED.at(file=package.file, why="工作簿里没有工作表"))
    most = limit("sheet", "sheets")
    return Book(tuple(sheets[:most]), names, epoch, parts.get("styles"), parts.get("sharedStrings"))


def _grid(
    package: Package,
    book: Book,
    sheet: tuple[str, str, bool],
    raw: RawSheet,
    styles: Sequence[Look],
    strings: Sequence[str],
) -> Grid:
    name, part, is_hidden = sheet
    covered = _covered(raw.merges, raw.rows, raw.cols)
    cells: dict[tuple[int, int], Cell] = {}
    sides: dict[tuple[int, int], Sides] = {}
    uncalculated: list[RawCell] = []
    drawn = {number: look.sides for number, look in enumerate(styles) if look.sides is not None}
    for row, col, style in raw.blanks:
        if style in drawn:
            sides[row, col] = drawn[style]
    for one in raw.cells:
        look = styles[one.style] if one.style < len(styles) else PLAIN
        at = (one.row, one.col)
        if look.sides is not None:
            sides[at] = look.sides
        if (one.text is None and one.formula is None) or at in covered:
            continue
        if one.formula is not None and one.text is None:
            uncalculated.append(one)
        value = _value(one, look, book.epoch, strings)
        text = render(value, look.number_format)
        if text.strip() or one.formula is not None:
            cells[at] = Cell(
                row=one.row,
                col=one.col,
                text=text,
                value=value,
                formula=one.formula,
                number_format=look.number_format,
                indent=look.indent,
                is_bold=look.is_bold,
                is_centred=look.is_centred,
            )
    boxes = bordered(sides, raw.merges, limit("sheet", "choice_cells"))
    comments = _comments(package, part)
    boxed = text_boxes(package, part)
    findings = _sheet_findings(package.file, name, raw, uncalculated)
    if boxed:
        findings.append(faults.TEXT_BOXES.at(file=package.file, sheet=name, count=len(boxed), first=boxed[0][:20]))
    reach = {*cells, *boxes, *((span.bottom, span.right) for span in raw.merges)}
    rows, cols = zip(*reach, strict=True) if reach else ((-1,), (-1,))
    return Grid(
        file=package.file,
        sheet=name,
        cells=cells,
        merges=tuple(raw.merges),
        row_count=max(rows) + 1,
        col_count=max(cols) + 1,
        is_hidden=is_hidden,
        hidden_rows=frozenset(raw.hidden_rows),
        hidden_cols=frozenset(raw.hidden_cols),
        comments=comments,
        bordered=boxes,
        after=tuple(enumerate(boxed, start=1)),
        findings=tuple(findings),
    )


def _covered(merges: Sequence[Span], rows: int, cols: int) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for span in merges:
        found.update(
            (row, col)
            for row in range(span.top, min(span.bottom + 1, rows))
            for col in range(span.left, min(span.right + 1, cols))
        )
    return found - {(span.top, span.left) for span in merges}


def _value(one: RawCell, look: Look, epoch: datetime.datetime, strings: Sequence[str]) -> Any:
    text = one.text
    if text is None or one.kind == "e":
        return None
    if one.kind == "s":
        number = int(text) if text.isdecimal() else -1
        return strings[number] if 0 <= number < len(strings) else None
    if one.kind in ("str", "inlineStr", "d"):
        return text
    if one.kind == "b":
        return text.strip() in ("1", "true")
    try:
        number_value = float(text)
    except ValueError:
        return text
    if look.is_date and 0 <= number_value < 2958466:  # 9999-12-31
        return epoch + datetime.timedelta(days=number_value)
    return int(number_value) if abs(number_value) < 1e15 and number_value == int(number_value) else number_value


def _comments(package: Package, part: str) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for relation in package.relations(part).values():
        if relation.type != "comments" or relation.is_external or not package.has(relation.target):
            continue
        root = package.xml(relation.target)
        ns = root.tag[: root.tag.find("}") + 1]
        for node in root.iter(f"{ns}comment"):
            text = node.find(f"{ns}text")
            try:
                at = position(node.get("ref") or "")
            except ValueError:
                continue
            words = rich_text(text, ns).strip() if text is not None else ""
            if words:
                found[at] = words
    return found


def _sheet_findings(file: str, sheet: str, raw: RawSheet, uncalculated: list[RawCell]) -> list[Finding]:
    found = []
    if raw.is_cut:
        rows = max(raw.declared_rows, raw.rows)
        found.append(faults.HEAD_ONLY.at(file=file, sheet=sheet, rows=rows, head=limit("sheet", "head_rows")))
    if raw.cols > limit("sheet", "columns"):
        found.append(faults.WIDE_ONLY.at(file=file, sheet=sheet, cols=raw.cols, head=limit("sheet", "columns")))
    if uncalculated:
        first = uncalculated[0]
        place = address(first.row, first.col)
        found.append(
            faults.NO_CACHED_VALUE.at(
                file=file, sheet=sheet, cell=place, count=len(uncalculated), formula=f"={first.formula}"[:60]
            )
        )
    return found


def _with_findings(grids: list[Grid], package: Package) -> list[Grid]:
    """Return the grids with the workbook's own findings on the first: macros, links to other files, only pictures."""
    from dataclasses import replace

    found = []
    if package.has("xl/vbaproject.bin"):
        found.append(faults.MACRO.at(file=package.file))
    links = sum(name.startswith("xl/externallinks/externallink") for name in package.names)
    if links:
        found.append(faults.EXTERNAL_LINK.at(file=package.file, count=links))
    pictures = sum(name.startswith("xl/media/") for name in package.names)
    if pictures and not any(grid.cells for grid in grids):
        found.append(faults.IMAGE_ONLY.at(file=package.file, count=pictures))
    if not found:
        return grids
    return [replace(grids[0], findings=(*found, *grids[0].findings)), *grids[1:]]
