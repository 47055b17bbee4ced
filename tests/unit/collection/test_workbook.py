"""The issued workbook: blocks of columns, what is printed, what the cells and the cover say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from pipelines.collection.arithmetic import relations
from pipelines.collection.columns import BASICS, WHO
from pipelines.collection.layout import COPY_PREFIX, FIRST_DATA_ROW, REMARK_COLUMN, THEME_ROW, read_layout
from pipelines.collection.ledger_list import INDICATOR
from pipelines.collection.plan_sheet import listing, write_plan
from pipelines.collection.workbook.issue_inputs import SheetPlan, prepare, sheet_plans
from pipelines.collection.workbook.subject_sheet import _on_paper
from pipelines.collection.workbook.write import write_workbook
from tests.unit.collection.county import EAST, ELDERLY, HOUSE_NO, ID, NAME, PEOPLE, SUBSIDY, Office, areas


def book_of(office: Office, folder: Path, month: str = "2026-01", **settings: str) -> openpyxl.Workbook:
    """Issue the workbook of the eastern township and open it."""
    frames = office.frames
    stated = relations(
        frames["report_fields"],
        frames["element_map"],
        frames["template_checks"],
        office.made.fill_plan,
        frames["elements"],
    )
    inputs = prepare(
        office.made.fill_plan, frames["elements"], frames["reports"], areas(), office.values, month,
        settings=settings, relations=stated,
    )  # fmt: skip
    town = next(town for town in inputs.townships if town.code == EAST)
    return openpyxl.load_workbook(folder / write_workbook(inputs, town, folder, "2026-01-01T00:00:00")["file"])


def test_columns_stand_in_blocks_that_begin_with_who_it_is(office: Office) -> None:
    frames = office.frames
    inputs = prepare(office.made.fill_plan, frames["elements"], frames["reports"], areas(), office.values, "2026-01")
    person = next(plan for plan in sheet_plans(inputs, EAST) if plan.ledger == "person")
    themes = [column.theme for column in person.columns]
    assert [column.element_id for column in person.columns[:2]] == [ID, NAME]
    assert themes[:3] == [WHO] * 3
    blocks = list(dict.fromkeys(themes))
    assert themes == [block for block in blocks for _ in range(themes.count(block))], "a block is in one piece"
    for block in blocks[1:]:
        first = next(column for column in person.columns if column.theme == block)
        assert block == BASICS or first.choices == ("是",), "the mark of who belongs to it comes first"


@pytest.mark.parametrize(
    ("count", "wanted", "expected"),
    [(10, "", (13, ())), (40, "", (11, ())), (40, "全部", (43, (12,)))],
)
def test_wide_ledgers_print_their_basic_columns(
    office: Office, count: int, wanted: str, expected: tuple[int, tuple[int, ...]]
) -> None:
    frames = office.frames
    inputs = prepare(office.made.fill_plan, frames["elements"], frames["reports"], areas(), office.values, "2026-01")
    person = next(plan for plan in sheet_plans(inputs, EAST) if plan.ledger == "person")
    column = person.columns[0]
    wide = [replace(column, theme=WHO if n < 3 else BASICS if n < 8 else "甲表") for n in range(count)]
    themes = ((WHO, 4), (BASICS, 7), ("甲表", 12))
    assert _on_paper(SheetPlan("人员台账", "person", "", wide), themes, 3 + count, wanted) == expected


def test_bands_and_print_set_up_are_in_the_file(office: Office, tmp_path: Path) -> None:
    sheet = book_of(office, tmp_path)["人员台账"]
    assert WHO in [cell.value for cell in sheet[THEME_ROW + 1]]
    assert sheet.freeze_panes == f"H{FIRST_DATA_ROW + 1}"
    assert sheet.print_title_rows == "$5:$6"
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_a_total_less_than_its_part_is_coloured_in_the_cell(office: Office, tmp_path: Path) -> None:
    book = book_of(office, tmp_path)
    layout = next(s for s in read_layout(next(tmp_path.glob("*.xlsx"))) if s.ledger == INDICATOR and s.level == "村")
    rows = {element: row for row, element in layout.row_ids.items()}
    stated = [rule for rules in book["村级指标"].conditional_formatting for rule in rules.rules]
    (rule,) = [rule for rule in stated if "COUNT(" in rule.formula[0]]
    whole, part = f"E{rows[PEOPLE] + 1}", f"E{rows[ELDERLY] + 1}"
    assert rule.formula == [f"AND(COUNT({whole},{part})=2,{whole}+0.01<{part})"]
    assert "不小于其中的" in book["村级指标"].cell(rows[PEOPLE] + 1, 3).comment.text


def test_the_cover_says_until_when_what_is_new_and_how_much_is_left(office: Office, tmp_path: Path) -> None:
    cover = book_of(office, tmp_path, deadline_day="16", contact="数据局小王 0878-1234567")["封面"]
    texts = {str(cell.value) for row in cover.iter_rows() for cell in row if cell.value is not None}
    assert "2026年2月24日（星期二）" in texts  # 16 to 23 February 2026 is the Spring Festival
    assert "数据局小王 0878-1234567" in texts
    assert any(text.startswith("应填 ") and "请补填" in text for text in texts)
    assert any(text.startswith("没有新增的填报项") for text in texts)
    assert any(text.startswith("=SUMPRODUCT") and "村级指标" in text for text in texts)


def test_what_was_prefilled_stands_in_a_hidden_copy_with_a_count_a_row(office: Office, tmp_path: Path) -> None:
    book = book_of(office, tmp_path)
    sheets = read_layout(next(tmp_path.glob("*.xlsx")))
    assert not any(sheet.name.startswith(COPY_PREFIX) for sheet in sheets), "the copies are never read"
    for number, sheet in enumerate(sheets, 1):
        copy = book[f"{COPY_PREFIX}{number}"]
        assert copy.sheet_state == "veryHidden"
        there = {(r, c): v for (r, c), v in sheet.values.items() if sheet.columns[c] != REMARK_COLUMN}
        kept = {(c.row - 1, c.column - 1): c.value for line in copy.iter_rows(min_row=2, min_col=3) for c in line}
        assert {place for place, value in kept.items() if value is not None} == set(there), sheet.name
        shown = {place: book[sheet.name].cell(place[0] + 1, place[1] + 1).value for place in there}
        assert {place: kept[place] for place in there} == {
            place: to_excel(value) if isinstance(value, datetime) else value for place, value in shown.items()
        }
        for row, row_id in sheet.row_ids.items():
            if row_id:
                assert copy.cell(row + 1, 1).value == row_id
                assert copy.cell(row + 1, 2).value.startswith(f"=IF('{sheet.name}'!$A{row + 1}=$A{row + 1},SUMPRODUCT(")


def test_cells_that_a_population_needs_are_coloured_while_empty(office: Office, tmp_path: Path) -> None:
    book = book_of(office, tmp_path)
    layout = next(s for s in read_layout(next(tmp_path.glob("*.xlsx"))) if s.ledger == "person")
    letters = {element: get_column_letter(col + 1) for col, element in layout.columns.items()}

    def asked(element: str) -> str:
        """The condition on which the element's cells are coloured."""
        cell = f"{letters[element]}{FIRST_DATA_ROW + 1}"
        (found,) = [r for r in book[layout.name].conditional_formatting if cell in r.sqref]
        return str(found.rules[0].formula[0])

    assert f'${letters["POP:低保对象花名册"]}7="是"' in asked(SUBSIDY)
    assert f"${letters['POP:劳动力花名册']}7" not in asked(SUBSIDY), "only the population whose report asks it"
    assert asked(HOUSE_NO).count('="是"') == 2, "both reports ask it"


def test_long_numbers_shrink_to_their_cell_and_texts_do_not(office: Office, tmp_path: Path) -> None:
    book = book_of(office, tmp_path)
    layout = next(s for s in read_layout(next(tmp_path.glob("*.xlsx"))) if s.ledger == "person")
    row = min(row for row, key in layout.row_ids.items() if key) + 1
    shrinks = {
        element: bool(book[layout.name].cell(row, col + 1).alignment.shrink_to_fit)
        for col, element in layout.columns.items()
    }
    assert (shrinks[ID], shrinks[NAME]) == (True, False)


def test_the_plan_lists_every_element_with_a_reason(office: Office, tmp_path: Path) -> None:
    made = office.made.fill_plan
    rows = listing(made, office.frames["elements"], office.frames["reports"])
    assert rows.height == made.height
    assert rows.filter(pl.col("是否填报") != "填").height == made.filter(~pl.col("is_asked")).height
    assert rows["理由"].str.len_chars().min() > 2
    write_plan(rows, tmp_path / "方案.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "方案.xlsx").active
    assert sheet is not None
    assert sheet.max_row == rows.height + 1
