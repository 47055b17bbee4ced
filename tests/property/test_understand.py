"""Whatever stands in a grid, understanding it raises nothing, invents no cell and says the same twice."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.intake.understand import understand
from pipelines.text import position
from schemas.templates import Cell, Grid, Span

ROWS, COLS = 9, 7
TEXTS = (
    "姓名",
    "性别",
    "序号",
    "合计",
    "一、基本情况",
    "（一）户数",
    "1.男",
    "其中：女",
    "计量单位",
    "代码",
    "数量",
    "万元",
    "—",
    "1",
    "01",
    "甲",
    "乙",
    "单位：万元",
    "表号：农年01表",
    "填报人：        填报日期：   年  月  日",
    "说明：1.本表由村填报。",
    "□是 □否",
    "负责人签字：     \n    年  月  日（盖章）",
    "家庭情况登记表",
    "续表",
    "面积（亩）",
    "   元",
    "\n\n",
    "[     ]人",
    "一、甲\n二、乙\n三、丙\n四、丁",
    "个\n户\n人\n亩",
    "*",
    "（",
    "F=D/C",
    "备注：",
    "照片",
)

cells = st.dictionaries(
    st.tuples(st.integers(0, ROWS - 1), st.integers(0, COLS - 1)), st.sampled_from(TEXTS), min_size=1, max_size=40
)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    taken: set[tuple[int, int]] = set()
    merges = []
    for _ in range(draw(st.integers(0, 5))):
        top, left = draw(st.integers(0, ROWS - 1)), draw(st.integers(0, COLS - 1))
        bottom, right = min(ROWS - 1, top + draw(st.integers(0, 3))), min(COLS - 1, left + draw(st.integers(0, 3)))
        area = {(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)}
        if not area & taken:
            taken |= area
            merges.append(Span(top, left, bottom, right))
    return Grid(
        file="form.xlsx",
        sheet="Sheet1",
        cells={at: Cell(*at, text, text) for at, text in draw(cells).items()},
        merges=tuple(merges),
        row_count=ROWS,
        col_count=COLS,
        kind=draw(st.sampled_from(["sheet", "document"])),
        before=((1, draw(st.sampled_from(TEXTS))),) if draw(st.booleans()) else (),
    )


@settings(max_examples=150, deadline=None)
@given(grids())
def test_any_grid_is_understood(grid: Grid) -> None:
    readings = understand(grid)
    assert readings
    assert readings == understand(grid)
    for reading in readings:
        assert reading.fields or reading.findings
        assert 0 < reading.confidence <= 1
        for field in reading.fields:
            assert field.path
            assert all(part and not any(c.isspace() for c in part) for part in field.path)
            assert field.data_type_reason
            if not field.cell.startswith("para"):
                row, col = position(field.cell)
                assert row <= ROWS
                assert col <= COLS
