"""Every real roster and statistics template, filled: each value in its cell, styles and merges of the rest untouched.

The fields are those that people read from the forms (gold), so that only the writing is on trial here.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from pipelines.sharing.filling.fill import Put, Roster, SheetFill
from pipelines.sharing.filling.fill_docx import fill_docx
from pipelines.sharing.filling.fill_xls import fill_xls, xls_to_xlsx
from pipelines.sharing.filling.read_back import read_back
from pipelines.text import address, position

FORMS = Path(__file__).resolve().parents[3] / "shared" / "forms"
GOLD = FORMS / "gold" / "templates"
ROWS = 40


def tables():
    for path in sorted(GOLD.rglob("*.json")):
        for table in json.loads(path.read_text(encoding="utf-8")):
            if table.get("layout") in ("roster", "statistics") and path.stem.endswith((".xls", ".docx")):
                source = FORMS / "raw" / path.relative_to(GOLD).with_suffix("")
                yield pytest.param(source, table, id=f"{path.stem}-{table['sheet']}")


TABLES = list(tables())


def plan(table):
    """The fill of a table with a distinct value in every field, and what must stand where."""
    fields = [f for f in table["fields"] if "inline" not in f and " " not in f["cell"]]
    by_row = defaultdict(list)
    for field in fields:
        by_row[position(field["cell"])[0]].append(field["cell"])
    first = max(by_row, key=lambda row: len(by_row[row])) if table["layout"] == "roster" else None
    columns = tuple(dict.fromkeys(by_row[first])) if first is not None else ()
    singles = list(dict.fromkeys(f["cell"] for f in fields if f["cell"] not in columns))
    expected = {cell: Decimal(40_000 + number) for number, cell in enumerate(singles)}
    rows = tuple(tuple(f"={number}-{cell}" for cell in columns) for number in range(ROWS)) if columns else ()
    above = {cell for cell in expected if first is None or position(cell)[0] < first}
    shown = {cell: value for cell, value in expected.items() if cell in above}
    for number, values in enumerate(rows):
        for cell, value in zip(columns, values, strict=True):
            row, col = position(cell)
            shown[address(row + number, col)] = value
    puts = tuple(Put(cell, value) for cell, value in expected.items())
    return SheetFill(table["sheet"], puts, (Roster(columns, rows),) if rows else ()), shown


def number(value):
    """A cell of date format shows a number as a day; the number is what was written."""
    if hasattr(value, "year"):
        return Decimal((value - type(value)(1899, 12, 30)).days)
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return value


@cache
def workbooks(source, rows):
    """The .xls template and the same with all its tables filled, as openpyxl reads them; rosters cut to `rows`."""
    fills = []
    for param in TABLES:
        if param.values[0] == source:
            fill, _ = plan(param.values[1])
            cut = tuple(Roster(roster.cells, roster.rows[:rows]) for roster in fill.rosters)
            fills.append(SheetFill(fill.sheet, fill.puts, cut))
    data = source.read_bytes()
    return tuple(openpyxl.load_workbook(io.BytesIO(d)) for d in (xls_to_xlsx(data), fill_xls(data, fills)))


def top_left(page, cell):
    """The cell that shows what is written into a merged range."""
    row, col = (index + 1 for index in position(cell))
    for block in page.merged_cells.ranges:
        if block.min_row <= row <= block.max_row and block.min_col <= col <= block.max_col:
            return page.cell(block.min_row, block.min_col).coordinate
    return cell


@pytest.mark.parametrize(("source", "table"), TABLES)
def test_every_value_stands_in_its_cell(source, table):
    fill, shown = plan(table)
    if source.suffix == ".docx":
        found = read_back(fill_docx(source.read_bytes(), [fill]), ".docx", table["sheet"], shown)
    else:
        page = workbooks(source, ROWS)[1][table["sheet"]]
        found = {cell: page[top_left(page, cell)].value for cell in shown}
    wrong = {
        cell: (value, found[cell])
        for cell, value in shown.items()
        if (number(found[cell]) if isinstance(value, Decimal) else found[cell]) != value
    }
    assert wrong == {}


LINES = [p for p in TABLES if any("inline" in f and f["role"] == "fill" for f in p.values[1]["fields"])]


@pytest.mark.parametrize(("source", "table"), LINES)
def test_every_blank_in_a_printed_line_gets_its_own_value(source, table):
    fields = [f for f in table["fields"] if "inline" in f and f["role"] == "fill"]
    puts = [Put(f["cell"], str(70_000 + at), f["inline"], f["path"][-1]) for at, f in enumerate(fields)]
    fills, shown = [SheetFill(table["sheet"], tuple(puts))], [put.cell for put in puts]
    data = source.read_bytes()
    if source.suffix == ".docx":
        before, after = (read_back(d, ".docx", table["sheet"], shown) for d in (data, fill_docx(data, fills)))
    else:
        pages = [
            openpyxl.load_workbook(io.BytesIO(d))[table["sheet"]] for d in (xls_to_xlsx(data), fill_xls(data, fills))
        ]
        before, after = ({cell: page[cell].value for cell in shown} for page in pages)
    for put in puts:
        text, label = str(after[put.cell]), r"\s*".join(map(re.escape, put.label))
        assert re.search(rf"{label}\s*(?:[（(]\d+[）)])?\s*[:：]?\s*{put.value}(?!\d)", text), (put, text)
        for other in puts:
            text = text.replace(str(other.value), "")
        assert re.sub(r"[\s_□]", "", text) == re.sub(r"[\s_□]", "", str(before[put.cell])), "nothing printed is lost"


@pytest.mark.parametrize(("source", "table"), [p for p in TABLES if p.values[0].suffix == ".xls"])
def test_untouched_cells_keep_style_and_merges(source, table):
    fill, _ = plan(table)
    blank, after = (book[table["sheet"]] for book in workbooks(source, 1))
    written = {put.cell for put in fill.puts} | {cell for roster in fill.rosters for cell in roster.cells}
    touched = written | {top_left(blank, cell) for cell in written}
    lost = {str(m) for m in blank.merged_cells.ranges} - {str(m) for m in after.merged_cells.ranges}
    split = {cell.coordinate for block in lost for row in blank[block] for cell in row}
    assert all(touched & {cell.coordinate for row in blank[block] for cell in row} for block in lost)
    for row in blank.iter_rows():
        for cell in row:
            if cell.coordinate not in split:
                other = after[cell.coordinate]
                assert other.style_id == cell.style_id, cell.coordinate
                assert other.value == cell.value or cell.coordinate in touched, cell.coordinate


CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"[^>]*?(?:/>|>.*?</c>)', re.S)
SOURCES = list(dict.fromkeys(p.values[0] for p in TABLES if p.values[0].suffix == ".xls"))


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def around(xml):
    """A sheet's XML without its cells and merges: rows with their heights, columns, panes, print set-up."""
    return CELL.sub("", re.sub(r"<mergeCells.*?</mergeCells>", "", xml, flags=re.S))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_the_xml_of_what_is_not_written_is_the_same_to_the_byte(source):
    fills, written = [], defaultdict(set)
    blank, _ = workbooks(source, 1)
    for table in (p.values[1] for p in TABLES if p.values[0] == source):
        fill, _ = plan(table)
        fills.append(SheetFill(fill.sheet, fill.puts, tuple(Roster(r.cells, r.rows[:1]) for r in fill.rosters)))
        cells = {put.cell for put in fill.puts} | {cell for roster in fill.rosters for cell in roster.cells}
        written[fill.sheet] |= cells | {top_left(blank[fill.sheet], cell) for cell in cells}
    template = xls_to_xlsx(source.read_bytes())
    before, after = parts(template), parts(fill_xls(source.read_bytes(), fills))
    sheets = {f"xl/worksheets/sheet{number}.xml": name for number, name in enumerate(blank.sheetnames, start=1)}
    assert before.keys() == after.keys()
    assert {n for n in before if n not in sheets and before[n] != after[n]} == set(), "styles, names, themes: untouched"
    for part, name in sheets.items():
        old, new = ({m[1]: m[0] for m in CELL.finditer(xml[part])} for xml in (before, after))
        assert {cell for cell in old.keys() | new.keys() if old.get(cell) != new.get(cell)} <= written[name]
        style = {cell: re.search(r' s="(\d+)"', text) for cell, text in new.items() if cell in old}
        kept = {cell: re.search(r' s="(\d+)"', old[cell]) for cell in style}
        assert {c for c in style if (style[c] and style[c][1]) != (kept[c] and kept[c][1])} == set()
        if written[name] <= old.keys():  # no row had to be made for a value
            assert around(before[part]) == around(after[part])
