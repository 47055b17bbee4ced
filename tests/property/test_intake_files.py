"""Reading loses nothing and invents nothing, whatever the workbook holds; and survives whatever is done to it."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.intake.sources.values import render
from pipelines.intake.sources.xlsx import read_xlsx
from pipelines.intake.sources.xlsx_formulas import area, moved
from pipelines.text import address
from tests.bench.fuzz_intake import mutants, read_mutant, samples

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=8).filter(
    lambda text: text.strip() and not text.startswith("=")
)
VALUES = st.one_of(TEXTS, st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), st.booleans())
CELLS = st.dictionaries(st.tuples(st.integers(0, 12), st.integers(0, 8)), VALUES, max_size=30)


@settings(max_examples=60, deadline=None)
@given(CELLS)
def test_every_cell_is_read_and_no_other(cells: dict[tuple[int, int], object]) -> None:
    book = openpyxl.Workbook()
    for (row, col), value in cells.items():
        book.active.cell(row + 1, col + 1, value)
    buffer = io.BytesIO()
    book.save(buffer)
    (grid,) = read_xlsx(buffer.getvalue(), "a.xlsx")
    assert {at: cell.text for at, cell in grid.cells.items()} == {at: render(value) for at, value in cells.items()}


@given(st.integers(0, 900), st.integers(0, 60), st.integers(0, 90), st.integers(0, 40))
def test_formulas_move_as_their_cells_do(row: int, col: int, down: int, right: int) -> None:
    assert moved(f"{address(row, col)}*2", down, right) == f"{address(row + down, col + right)}*2"
    found = area(f"'表 一'!${address(row, col)}")
    assert found is None or (found.sheet, found.top, found.left) == ("表 一", row, col)


@pytest.mark.parametrize("seed", range(4))
def test_no_mutation_of_a_form_breaks_the_reader(seed: int) -> None:
    """A slice of `python -m tests.bench.fuzz_intake`; an exception here names the mutation to replay."""
    paths = samples([SAMPLE])
    with tempfile.TemporaryDirectory() as folder:
        for number, source, data in mutants(paths, 60, 100_000 + seed * 60):
            assert read_mutant(Path(folder), number, source, data)
