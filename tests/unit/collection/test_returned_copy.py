"""A returned copy is the clerk's workbook with marks: nothing else in it changes, and nothing in it starts anything."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from pipelines.collection.layout import COPY_PREFIX, read_layout
from pipelines.collection.parcel import LIST_SHEET
from pipelines.collection.receiving.marking import rewritten
from pipelines.collection.receiving.marking.problem_list import AMBER, RED
from pipelines.collection.receiving.returned_copy import write_returned_copy
from schemas.faults import Finding
from schemas.faults import collection as faults
from tests.unit.collection.county import EAST

SHEET = "人员台账"


def wrong(cell: str, severity: str = "error", sheet: str = SHEET) -> Finding:
    """Return a finding in a cell."""
    found = faults.VALUE_TYPE.at(
        file="交回.xlsx", sheet=sheet, cell=cell, column="x", expected="整数", example="12", value="三口"
    )
    return Finding(**{**{name: getattr(found, name) for name in found.__slots__}, "severity": severity})


def copy_of(path: Path, *found: Finding) -> Path:
    """Return the path of the copy of a workbook with findings."""
    return write_returned_copy(path, "交回.xlsx", found or (wrong("F7"),), path.with_name("退回.xlsx"))


@pytest.fixture
def path(january: dict[str, Path], tmp_path: Path) -> Path:
    """An issued workbook, as if it had come back."""
    return Path(shutil.copy(january[EAST], tmp_path / "交回.xlsx"))


def parts(path: Path) -> dict[str, bytes]:
    """Return the parts of a package."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, contents: dict[str, bytes]) -> Path:
    """Write a package."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def never(*given: Any) -> Any:
    """Stand in for rewriting a file where that must not be needed."""
    raise AssertionError("the file was rewritten")


def hidden(path: Path) -> dict[tuple[str, str], Any]:
    """Return what the hidden copies hold, formulas as such, by sheet and cell."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        if sheet.title.startswith(COPY_PREFIX)
        for line in sheet.iter_rows()
        for cell in line
        if cell.value is not None
    }


def looks(path: Path) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return what each cell of a workbook holds, looks like and says in its note, but for the list of problems."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.coordinate): (
            cell.value,
            cell.number_format,
            cell.protection.locked,
            cell.border.left.style,
            cell.fill.fgColor.rgb if cell.fill.fill_type else None,
            cell.comment.text if cell.comment else None,
        )
        for sheet in book.worksheets
        if sheet.title != LIST_SHEET
        for cell in sheet._cells.values()
    }


def test_only_the_marked_cells_change(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewritten, "rewritten", never)
    monkeypatch.setattr("pipelines.collection.receiving.returned_copy.rewritten", never)
    found = (wrong("F7"), wrong("G8", "warning"), wrong("G8", "info"), wrong("H9", "info"), wrong("F5", "warning"))
    before, after = looks(path), looks(copy_of(path, *found))
    marked = {cell for (sheet, cell), said in after.items() if said != before.get((sheet, cell)) and sheet == SHEET}
    assert marked == {"F7", "G8", "H9", "F5"}
    assert {key for key in after if after[key] != before.get(key)} == {(SHEET, cell) for cell in marked}
    assert {cell: after[SHEET, cell][4] for cell in marked} == {
        "F7": RED,
        "G8": AMBER,
        "H9": before[SHEET, "H9"][4],
        "F5": AMBER,
    }
    said = {cell: str(after[SHEET, cell][5]) for cell in marked}
    assert [said[cell].count("OF-") for cell in ("F7", "G8", "H9", "F5")] == [1, 2, 1, 1]
    assert said["F5"].endswith(f"\n———\n{before[SHEET, 'F5'][5]}"), "what the note on a header said stays below"
    assert all(after[SHEET, cell][:4] == before[SHEET, cell][:4] for cell in marked)


def test_parts_without_marks_stay_byte_for_byte(path: Path) -> None:
    before, after = parts(path), parts(copy_of(path))
    [listed] = set(after) - set(before)
    assert "问题清单".encode() in after[listed]
    formulas = {name for name, content in before.items() if b"<f>" in content}
    changed = {name for name in before if after[name] != before[name]} - formulas
    cover, marked = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
    notes = {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}
    book = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    assert changed - {cover} == {marked, *notes, *book}


def test_a_cell_that_was_not_there_looks_like_its_column(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    columns = book[SHEET].column_dimensions
    after = looks(copy_of(path, wrong("F900"), wrong("B900"), wrong("F899")))
    for cell in ("B900", "F900", "F899"):
        assert after[SHEET, cell][4] == RED
        assert after[SHEET, cell][1:3] == (columns[cell[0]].number_format, columns[cell[0]].protection.locked)


def test_of_merged_cells_the_first_is_marked(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book[SHEET].merge_cells("J30:L32")
    book.save(path)
    after = looks(copy_of(path, wrong("K31"), wrong("L30", "warning")))
    assert after[SHEET, "J30"][4] == RED
    assert str(after[SHEET, "J30"][5]).count("OF-") == 2


def test_the_list_comes_first_with_links_and_alone_selected(path: Path) -> None:
    once = copy_of(path, wrong("F7"), wrong("G8", "warning"), wrong("A1", sheet="没有的表"))
    twice = write_returned_copy(once, "=1+1.xlsx", [wrong("H9")], once.with_name("又退.xlsx"))
    issued = openpyxl.load_workbook(path)
    for copy, places in ((once, ["F7", None, "G8"]), (twice, ["H9"])):
        book = openpyxl.load_workbook(copy)
        page = book[LIST_SHEET]
        assert book.sheetnames == [LIST_SHEET, *issued.sheetnames]
        assert [sheet.title for sheet in book.worksheets if sheet.sheet_view.tabSelected] == [LIST_SHEET]
        assert book.active.title == LIST_SHEET
        links = [page.cell(row, 4).hyperlink for row in range(5, page.max_row + 1)]
        assert [link.location if link else None for link in links] == [p and f"'{SHEET}'!{p}" for p in places]
        for sheet in issued.worksheets:
            assert book[sheet.title].print_title_rows == sheet.print_title_rows
            assert book[sheet.title].print_area == sheet.print_area
    assert "原文件：'=1+1.xlsx。" in str(openpyxl.load_workbook(twice)[LIST_SHEET]["A3"].value)


def test_the_hidden_copies_come_back_as_they_were(path: Path) -> None:
    before = hidden(path)
    assert any(isinstance(value, str) and value.startswith("=IF(") for value in before.values())
    assert hidden(copy_of(path)) == before


def test_the_counts_are_worked_out_anew(path: Path) -> None:
    """A program that believes the results in a file would show the counts of before the clerk's changes."""
    copy = copy_of(path)
    formulas = {place for place, value in hidden(copy).items() if str(value).startswith("=IF(")}
    issued, back = (openpyxl.load_workbook(each, data_only=True) for each in (path, copy))
    assert {issued[sheet][cell].value for sheet, cell in formulas} == {0}
    assert {back[sheet][cell].value for sheet, cell in formulas} == {None}
    assert openpyxl.load_workbook(copy).calculation.fullCalcOnLoad


def saved_elsewhere(path: Path, change: Callable[[Any], None]) -> Path:
    """Return the workbook as another program saves it, changed on its first hidden copy."""
    book = openpyxl.load_workbook(path)
    change(next(sheet for sheet in book.worksheets if sheet.title.startswith(COPY_PREFIX)))
    book.save(path)
    return path


LINK = '=HYPERLINK("http://x","y")'


@pytest.mark.parametrize("formula", [LINK, ArrayFormula("E30:E31", LINK)], ids=["single", "array"])
def test_a_dangerous_formula_is_disarmed_on_any_sheet(path: Path, formula: Any) -> None:
    saved_elsewhere(path, lambda sheet: sheet.__setitem__("E30", formula))
    back = hidden(copy_of(path))
    assert [value for value in back.values() if "HYPERLINK" in str(value)] == [f"'{LINK}"]


@pytest.mark.parametrize("text", ["a<b & “c”", "  两端有空  ", "=不是公式", "_x0041_"])
def test_texts_stay_letter_for_letter(path: Path, text: str) -> None:
    def change(sheet: Any) -> None:
        sheet["E30"].value = text
        sheet["E30"].data_type = "s"

    before = hidden(saved_elsewhere(path, change))
    assert text in before.values()
    assert hidden(copy_of(path)) == before


def with_relation(contents: dict[str, bytes], kind: str, target: str, mode: str = "") -> dict[str, bytes]:
    """Return a package whose workbook refers to one part more."""
    rels = "xl/_rels/workbook.xml.rels"
    added = f'<Relationship Id="rId999" Type="http://x/{kind}" Target="{target}"{mode}/></Relationships>'
    return {**contents, rels: contents[rels].replace(b"</Relationships>", added.encode()), f"xl/{target}": b"<x/>"}


@pytest.mark.parametrize(
    "kind", ["vbaProject", "externalLink", "connections", "control", "oleObject", "attachedToolbars"]
)
def test_what_could_start_or_fetch_something_does_not_come_back(path: Path, kind: str) -> None:
    copy = copy_of(pack(path, with_relation(parts(path), kind, "strange.bin")))
    assert "xl/strange.bin" not in parts(copy)
    assert looks(copy)[SHEET, "F7"][4] == RED


def test_a_package_that_openpyxl_cannot_read_comes_back_with_its_values(path: Path) -> None:
    broken = parts(path) | {"xl/comments1.xml": b"<comments"}
    said = openpyxl.load_workbook(copy_of(pack(path, broken)))
    assert said[SHEET]["F7"].fill.fgColor.rgb == RED
    assert next(sheet.name for sheet in read_layout(path)) in said.sheetnames
