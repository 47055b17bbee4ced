"""The quick worksheet writes the bytes that XlsxWriter's own writes, and the processes that write start quickly."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipelines.collection.workbook.quick_sheet import _OLD as OLD
from pipelines.collection.workbook.quick_sheet import QuickSheet


def write_sample(path: Path, kind: type[Worksheet]) -> None:
    """Write every kind of cell, look, row and comment that our workbooks have, and some that they have not."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.worksheet_class = kind
        bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
        for name in ("甲", "乙", "空"):
            sheet = book.add_worksheet(name)
            sheet.set_column(1, 3, 12, red)
            sheet.set_column(200, 201, 3)
            sheet.set_row(2, 30, bold)
            sheet.set_row(40, 18)
            if name == "空":
                continue
            sheet.write_string(2, 0, "行的样式")
            sheet.write_string(3, 2, "列的样式")
            sheet.write_string(3, 0, "a<b & “c” _x0041_ \x07")
            for row in (5, 6, 21, 90):
                for col in (28, 4, 0, 701):
                    sheet.write_number(row, col, row * col + 0.1, bold if col else None)
            sheet.write_number(7, 2, 1e21)
            sheet.write_string(3, 1, "长" * 40_000)
            sheet.write_string(3, 20_000, "列太远")
            sheet.write_string(2_000_000, 0, "行太远")
            sheet.write_blank(8, 1, None, red)
            sheet.write_boolean(8, 2, True)
            sheet.write_formula(9, 0, '=IF(乙!$A10=$A10,SUMPRODUCT((A1:B2<>"")*1),NA())', None, 0)
            sheet.write_formula(9, 3, f"=IFERROR({'+'.join(f'{name}(A1)' for name in sorted(OLD))},0)")
            sheet.write_formula(9, 1, "=UNIQUE(A1:A3)")
            sheet.write_formula(9, 2, '=XLOOKUP(1,A1:A3,B1:B3)&"}"', bold, "x")
            sheet.write_comment(60, 900, "单独的批注")
            sheet.write_comment(5, 4, "批注")


def test_the_same_bytes_as_the_slow_way(tmp_path: Path) -> None:
    write_sample(tmp_path / "ours.xlsx", QuickSheet)
    write_sample(tmp_path / "theirs.xlsx", Worksheet)
    with zipfile.ZipFile(tmp_path / "ours.xlsx") as ours, zipfile.ZipFile(tmp_path / "theirs.xlsx") as theirs:
        assert ours.namelist() == theirs.namelist()
        differing = [name for name in ours.namelist() if ours.read(name) != theirs.read(name)]
    assert [name for name in differing if name != "docProps/core.xml"] == []  # that part holds the time


@pytest.mark.parametrize("module", ["pipelines.collection.workbook.write", "pipelines.collection.receiving.deliver"])
def test_processes_that_only_write_load_no_contracts(module: str) -> None:
    code = f"import sys, {module}; print([name for name in ('pandera', 'pandas') if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
