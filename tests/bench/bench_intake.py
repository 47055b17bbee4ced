"""How long reading templates takes, as ratios to what others need on the same machine for the same files.

In processor time, but for `read_folder`, which is wall time over all cores.
"""

from __future__ import annotations

import resource
import tempfile
import time
import warnings
import zipfile
from pathlib import Path

import openpyxl
import xlsxwriter
from lxml import etree
from python_calamine import CalamineWorkbook

from pipelines.intake.read import read_folder, readings
from pipelines.intake.sources import open_file
from tests.bench.clock import best

TEMPLATES = Path(__file__).resolve().parents[2] / "data" / "sample" / "templates"
FILES = 1000
PARTS = ("sheet1.xml", "sharedStrings.xml", "styles.xml", "workbook.xml", "workbook.xml.rels")
SLOW_FILES = 50
"""Files read through openpyxl; all of them would take a minute."""
ROSTER_ROWS = 100_000


def run() -> dict[str, float | int]:
    """Return the figures; `…_ratio` compares with python-calamine loading the cells, `openpyxl_times` the other way."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = _small_files(folder / "small")
        cache = folder / "cache"
        calamine = best(lambda: _through_calamine(files))
        parsed = best(lambda: _unzipped_and_parsed(files))
        grids = best(lambda: [open_file(path) for path in files])
        read = best(lambda: [readings(open_file(path)) for path in files])
        both = best(lambda: read_folder(files), clock=time.perf_counter)
        read_folder(files, cache=cache)
        again = best(lambda: read_folder(files, cache=cache))
        warnings.filterwarnings("ignore", module="openpyxl")
        slow = best(lambda: [openpyxl.load_workbook(path) for path in files[:SLOW_FILES]])
        slow *= len(files) / SLOW_FILES
        before = _megabytes()
        for _ in range(3):
            for path in files:
                readings(open_file(path))
        growth = _megabytes() - before
        roster = _roster(folder / "roster.xlsx")
        whole = best(lambda: _through_calamine([roster]), times=1)
        head = best(lambda: readings(open_file(roster)))
    return {
        "files": len(files),
        "calamine_ms_per_file": calamine * 1000 / len(files),
        "unzip_and_lxml_alone_ratio": parsed / calamine,
        "grids_ratio": grids / calamine,
        "read_one_process_ratio": read / calamine,
        "read_folder_ratio": both / calamine,
        "read_again_ratio": again / calamine,
        "openpyxl_load_times_grids": slow / grids,
        "openpyxl_load_times_read_folder": slow / both,
        "memory_growth_mb_over_3000_reads": growth,
        "roster_rows": ROSTER_ROWS,
        "roster_head_seconds": head,
        "roster_head_to_calamine_ratio": head / whole,
    }


def _small_files(folder: Path) -> list[Path]:
    """Write 1,000 workbooks: the sample county's templates in turn, each with a text of its own in every sheet."""
    folder.mkdir()
    sources = sorted(path for path in TEMPLATES.rglob("*.xlsx") if path.stat().st_size < 40_000)
    made = []
    for number in range(FILES):
        source = sources[number % len(sources)]
        path = folder / f"{number:04}.xlsx"
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.namelist():
                body = old.read(part)
                if part.endswith(("sharedStrings.xml", "sheet1.xml")):
                    body = body.replace(b"</t>", f"{number}</t>".encode(), 1)
                new.writestr(part, body)
        made.append(path)
    return made


def _roster(path: Path) -> Path:
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("花名册")
    sheet.write_row(0, 0, ["序号", "姓名", "性别", "身份证号", "户籍地址", "联系电话", "金额（元）", "备注"])
    for row in range(1, ROSTER_ROWS + 1):
        place, phone = f"某村{row % 99}组", f"1390000{row % 9999:04}"
        values = [row, f"某{row}", "女" if row % 2 else "男", f"{row:018}", place, phone, row % 700, ""]
        sheet.write_row(row, 0, values)
    book.close()
    return path


def _through_calamine(files: list[Path]) -> int:
    cells = 0
    for path in files:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            cells += sum(map(len, book.get_sheet_by_name(name).to_python()))
    return cells


def _unzipped_and_parsed(files: list[Path]) -> int:
    """Unzip and parse the parts that hold cells and looks, and do nothing with them: the floor of any reader here."""
    nodes = 0
    for path in files:
        with zipfile.ZipFile(path) as book:
            for part in book.namelist():
                if part.endswith(PARTS):
                    nodes += len(etree.fromstring(book.read(part)))
    return nodes


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
