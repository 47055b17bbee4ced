"""A returned copy says on its hidden sheets what the workbook said, and nothing there starts anything."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipelines.collection.layout import COPY_PREFIX
from pipelines.collection.receiving.returned_copy import DANGEROUS, write_returned_copy
from pipelines.collection.receiving.set_aside import set_aside
from schemas.faults import collection as faults
from tests.unit.collection.clerk import fill
from tests.unit.collection.county import EAST

WRONG = faults.VALUE_TYPE.at(
    file="交回.xlsx", sheet="人员台账", cell="F7", column="x", expected="整数", example="12", value="三口"
)


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


def test_the_hidden_copies_come_back_as_they_were(january: dict[str, Path], tmp_path: Path) -> None:
    light, kept = set_aside(january[EAST], DANGEROUS)
    assert kept
    (tmp_path / "light.xlsx").write_bytes(light.getvalue())
    assert hidden(tmp_path / "light.xlsx") == {}
    before = hidden(january[EAST])
    assert any(isinstance(value, str) and value.startswith("=IF(") for value in before.values())
    assert hidden(write_returned_copy(january[EAST], "交回.xlsx", [WRONG], tmp_path / "退回.xlsx")) == before


def test_the_counts_are_worked_out_anew(january: dict[str, Path], tmp_path: Path) -> None:
    """A program that believes the results in a file would show the counts of before the clerk's changes."""
    copy = write_returned_copy(january[EAST], "交回.xlsx", [WRONG], tmp_path / "退回.xlsx")
    formulas = {place for place, value in hidden(copy).items() if str(value).startswith("=IF(")}
    issued, back = (openpyxl.load_workbook(path, data_only=True) for path in (january[EAST], copy))
    assert {issued[sheet][cell].value for sheet, cell in formulas} == {0}
    assert {back[sheet][cell].value for sheet, cell in formulas} == {None}


def saved_elsewhere(path: Path, change: Callable[[Any], None]) -> Path:
    """Return the workbook as another program saves it, changed on its first hidden copy."""
    book = openpyxl.load_workbook(path)
    change(next(sheet for sheet in book.worksheets if sheet.title.startswith(COPY_PREFIX)))
    book.save(path)
    return path


def test_a_copy_with_a_dangerous_formula_is_disarmed_like_any_sheet(january: dict[str, Path], tmp_path: Path) -> None:
    path = fill(january[EAST], tmp_path / "交回.xlsx")
    saved_elsewhere(path, lambda sheet: sheet.__setitem__("E30", '=HYPERLINK("http://x","y")'))
    back = hidden(write_returned_copy(path, "交回.xlsx", [WRONG], tmp_path / "退回.xlsx"))
    assert [value for value in back.values() if "HYPERLINK" in str(value)] == ['\'=HYPERLINK("http://x","y")']


@pytest.mark.parametrize("text", ["a<b & “c”", "  两端有空  ", "=不是公式", "_x0041_"])
def test_texts_stay_letter_for_letter(january: dict[str, Path], tmp_path: Path, text: str) -> None:
    def change(sheet: Any) -> None:
        sheet["E30"].value = text
        sheet["E30"].data_type = "s"

    path = saved_elsewhere(fill(january[EAST], tmp_path / "交回.xlsx"), change)
    before = hidden(path)
    assert text in before.values()
    assert hidden(write_returned_copy(path, "交回.xlsx", [WRONG], tmp_path / "退回.xlsx")) == before


def test_what_is_no_package_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 nothing")
    light, kept = set_aside(tmp_path / "坏.xlsx", DANGEROUS)
    assert (light.getvalue(), kept) == (BytesIO(b"PK\x03\x04 nothing").getvalue(), {})
