"""The terminal: no table is cut off at its edge, no sentence is broken at the blanks around a number."""

import io

import pytest
from rich.cells import cell_len

from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table

HEADS = ("受理编号", "报表", "部门", "来源", "受理", "项", "已有", "新增", "建议")
ROW = (
    "SQ-2026-0001",
    "农村独居老人冬季居家安全排查登记表",
    "县民政局",
    "申请",
    "2026-11-28",
    "17",
    "12",
    "5",
    "退回补正",
)


def shown(what, width):
    out = io.StringIO()
    Screen(file=out, width=width).print(what)
    return out.getvalue()


@pytest.mark.parametrize("width", [50, 60, 80, 120, 200])
def test_a_table_of_many_columns_shows_every_cell_on_any_screen(width):
    table = Table(*HEADS)
    table.add_row(*ROW)
    lines = shown(table, width).splitlines()
    assert max(cell_len(line) for line in lines) <= width
    columns = zip(*(line.split("│")[1:-1] for line in lines if line.startswith("│")), strict=True)
    assert ["".join(cells).replace(" ", "") for cells in columns] == list(ROW)


def test_a_table_with_room_keeps_short_texts_on_one_line():
    table = Table(*HEADS)
    table.add_row(*ROW)
    assert "2026-11-28" in shown(table, 100)


def test_a_sentence_goes_on_until_the_terminal_breaks_it():
    said = "报表 FL02《农村困难妇女登记表》的频率“不定期”不能折算为每年次数：它的 10 个栏目计入数据项。"
    assert shown(said, 40) == said + "\n"
