"""The list of problems in a returned copy: a sheet before all others, with a link to every cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.collection.parcel import LIST_SHEET
from pipelines.collection.receiving.marking.looks import Looks
from pipelines.collection.receiving.marking.parts import LINK, MAIN, Parts, element
from pipelines.collection.receiving.marking.plain import Sheet, sheets, workbook
from pipelines.collection.receiving.marking.said import said
from pipelines.text import column_letters
from schemas.faults import Finding

RED, AMBER = "FFF8D7D4", "FFFDF0CC"
COLOURS = {"error": RED, "warning": AMBER}
WORDS = {"error": "必须改正", "warning": "请核实", "info": "提示"}
WIDE = 54
"""Characters to a line in the columns that tell what is wrong and what to do."""
TITLES = ("序号", "程度", "工作表", "位置", "问题", "情况", "怎么办", "代码")
WIDTHS = (6, 10, 16, 8, 18, WIDE + 2, WIDE + 2, 9)
TOP = 5
"""Row of the list's first problem, counted from 1."""
_BLUE, _GREY = ("color", "FF2F5D8A"), ("color", "FF6B7280")
_TOP_LEFT = (("vertical", "top"),)
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def put_list(parts: Parts, findings: Sequence[Finding], file_name: str, looks: Looks) -> None:
    """Write the list into a workbook, over a list that it has; it opens there."""
    before = sheets(parts)
    listed = next((sheet for sheet in before if sheet.name == LIST_SHEET), None) or _new(parts)
    parts.unrelate(listed.part)
    links = {finding.sheet for finding in findings} & {sheet.name for sheet in before}
    parts.put(listed.part, _sheet(findings, file_name, looks, links))
    _bring_first(parts, before, listed)


def _new(parts: Parts) -> Sheet:
    main = workbook(parts)
    name = parts.free_name("xl/worksheets/sheet{}.xml")
    parts.put(name, element(MAIN, "worksheet"), _SHEET)
    listed = parts.tree(main).find(f"{{{MAIN}}}sheets")
    number = max(int(each.get("sheetId")) for each in listed) + 1
    entry = element(MAIN, "sheet", name=LIST_SHEET, sheetId=str(number))
    entry.set(f"{{{LINK}}}id", parts.relate(main, "worksheet", name))
    return Sheet(LIST_SHEET, name, entry)


def _bring_first(parts: Parts, before: Sequence[Sheet], first: Sheet) -> None:
    """Put a sheet before all others, and have it alone selected: what is typed in one of several goes into all."""
    root = parts.tree(workbook(parts), to_change=True)
    first.entry.attrib.pop("state", None)
    root.find(f"{{{MAIN}}}sheets").insert(0, first.entry)
    moved = {id(sheet.entry): number for number, sheet in enumerate([first, *(s for s in before if s is not first)])}
    for name in root.iter(f"{{{MAIN}}}definedName"):
        number = int(name.get("localSheetId") or len(before))
        if number < len(before):
            name.set("localSheetId", str(moved[id(before[number].entry)]))
    for view in root.iter(f"{{{MAIN}}}workbookView"):
        view.set("activeTab", "0")
        view.set("firstSheet", "0")
    for sheet in before:
        if sheet.part == first.part or b"tabSelected" not in parts.contents[sheet.part]:
            continue
        for view in parts.tree(sheet.part).iter(f"{{{MAIN}}}sheetView"):
            if view.attrib.pop("tabSelected", None) is not None:
                parts.changed.add(sheet.part)


def _sheet(findings: Sequence[Finding], file_name: str, looks: Looks, links: set[str]) -> Any:
    errors = sum(finding.severity == "error" for finding in findings)
    grey = looks.plain(font=(_GREY,))
    root = element(MAIN, "worksheet")
    properties = _in(root, "sheetPr")
    _in(properties, "pageSetUpPr", fitToPage="1")
    view = _in(_in(root, "sheetViews"), "sheetView", showGridLines="0", tabSelected="1", workbookViewId="0")
    _in(view, "pane", ySplit=str(TOP - 1), topLeftCell=f"A{TOP}", activePane="bottomLeft", state="frozen")
    widths = _in(root, "cols")
    for number, width in enumerate(WIDTHS, 1):
        _in(widths, "col", min=str(number), max=str(number), width=str(width), customWidth="1")
    rows = _in(root, "sheetData")
    big = looks.plain(font=(("b", "1"), ("sz", "15"), _BLUE))
    _row(rows, 1, [(f"问题清单：{errors} 处必须改正，{len(findings) - errors} 处请核实", big)])
    _row(rows, 2, [("点“位置”可以跳到那一格。红格必须改正，黄格请核实（属实的在“核实说明”写原因）。", grey)])
    _row(rows, 3, [(f"原文件：{neutral(file_name)}。整份文件暂未入账，改好后保存，整份再报一次即可。", grey)])
    middle = (("horizontal", "center"), ("vertical", "center"))
    head = looks.plain(font=(("b", "1"),), colour="FFE8EEF5", align=middle)
    _row(rows, TOP - 1, [(title, head) for title in TITLES])
    for number, finding in enumerate(findings, 1):
        _finding(rows, number, finding, looks, is_linked=finding.sheet in links and bool(finding.cell))
    _links(root, findings, links)
    _in(root, "pageSetup", orientation="landscape", fitToHeight="0")
    return root


def _finding(rows: Any, number: int, finding: Finding, looks: Looks, *, is_linked: bool) -> None:
    usual = looks.plain(align=_TOP_LEFT)
    wrapped = looks.plain(align=(*_TOP_LEFT, ("wrapText", "1")))
    severity = looks.plain(colour=COLOURS.get(finding.severity, ""), align=_TOP_LEFT)
    link = looks.plain(font=(("u", "single"), _BLUE), align=_TOP_LEFT) if is_linked else usual
    lines = max(-(-_width(text) // WIDE) for text in (finding.message, finding.remedy))
    cells = [
        (number, usual),
        (WORDS[finding.severity], severity),
        (finding.sheet, usual),
        (finding.cell or "—", link),
        (finding.title, usual),
        (finding.message, wrapped),
        (finding.remedy, wrapped),
        (finding.code, usual),
    ]
    _row(rows, TOP + number - 1, cells, ht=str(5 + 14 * max(1, lines)), customHeight="1")


def _links(root: Any, findings: Sequence[Finding], links: set[str]) -> None:
    linked = [
        (TOP + number, finding) for number, finding in enumerate(findings) if finding.cell and finding.sheet in links
    ]
    if linked:
        listed = _in(root, "hyperlinks")
        for row, finding in linked:
            sheet = finding.sheet.replace("'", "''")
            _in(listed, "hyperlink", ref=f"D{row}", location=f"'{sheet}'!{finding.cell}", display=str(finding.cell))


def _row(rows: Any, number: int, cells: Sequence[tuple[object, int]], **attributes: str) -> None:
    row = _in(rows, "row", r=str(number), **attributes)
    for col, (value, look) in enumerate(cells):
        place = f"{column_letters(col)}{number}"
        cell = _in(row, "c", r=place, s=str(look))
        if isinstance(value, int):
            _in(cell, "v").text = str(value)
        elif value:
            cell.set("t", "inlineStr")
            said(_in(_in(cell, "is"), "t"), neutral(str(value)))


def _in(parent: Any, tag: str, **attributes: str) -> Any:
    child = element(MAIN, tag, **attributes)
    parent.append(child)
    return child


def _width(text: str) -> int:
    """Return how many columns of a sheet a text takes: a Chinese character takes two."""
    return sum(1 if letter.isascii() else 2 for letter in text)


def neutral(value: Any) -> Any:
    """Return a value that no program takes for a formula: openpyxl would store "=…" as one."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) and not _is_number(value):
        return "'" + value
    return value


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()
