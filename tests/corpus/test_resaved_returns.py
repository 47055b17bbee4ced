"""Returned workbooks saved again in other formats by another program: read as if nothing had happened."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipelines.collection.layout import AREA_COLUMN, read_layout
from tests.unit.collection.clerk import fill
from tests.unit.collection.county import EAST, MEMBERS, NAME, SUBSIDY, Office

ERROR_READ_AS = {"xls": "OF-349", "et": "OF-349", "xlsx": "OF-349", "ods": "OF-350"}
"""An error value (#DIV/0!) is seen as one, but in .ods as a cell that was emptied; either way the file is returned."""
KINDS = {"xls": "xls:MS Excel 97", "ods": "ods", "xlsx": "xlsx:Calc MS Excel 2007 XML"}


def convert(folder: Path, target: str, outdir: Path, *files: Path) -> None:
    """Let LibreOffice calculate files and save them in another format."""
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/office", "--convert-to", target,
         "--outdir", outdir, *files],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, dict[str, Path]]:
    """December settled; January's workbook filled with one error value, saved again in every format."""
    office = Office(tmp_path_factory.mktemp("office"))
    office.receive("2025-12", fill(office.issue("2025-12")[EAST], office.folder / "first.xlsx"))
    good = fill(office.issue("2026-01")[EAST], office.folder / "good.xlsx")
    sheet = next(s for s in read_layout(good) if s.ledger == "household")
    col = next(col for col, element in sheet.columns.items() if element == MEMBERS)
    book = openpyxl.load_workbook(good)
    book[sheet.name].cell(min(sheet.row_ids) + 1, col + 1).value = "=1/0"
    book.save(office.folder / "bad.xlsx")
    for kind, target in KINDS.items():
        convert(office.folder, target, office.folder / kind, good, office.folder / "bad.xlsx")
    files = {f"{name}.{kind}": office.folder / kind / f"{name}.{kind}" for kind in KINDS for name in ("good", "bad")}
    for name in ("good", "bad"):
        files[f"{name}.et"] = shutil.copy(files[f"{name}.xls"], office.folder / f"{name}.et")
    return office, files


@pytest.mark.parametrize("kind", [*KINDS, "et"])
def test_saved_again_in_another_format(saved: tuple[Office, dict[str, Path]], tmp_path: Path, kind: str) -> None:
    before, files = saved
    for name, status in (("good", "接收"), ("bad", "退回")):
        office = Office(tmp_path / name, before.values, before.submissions, before.issued)
        (tmp_path / name).mkdir()
        [receipt] = office.receive("2026-01", files[f"{name}.{kind}"])
        said = [str(finding) for finding in receipt.findings]
        assert receipt.outcome == status, said
        if name == "good":
            submission = receipt.submission or {}
            assert submission["changed_count"] == 0, receipt.values
        else:
            assert [f.code for f in receipt.findings if f.severity == "error"] == [ERROR_READ_AS[kind]], said
            assert (tmp_path / name / "回执" / str((receipt.submission or {})["returned_file"])).exists()


def test_the_cover_counts_what_is_left_changed_and_added(saved: tuple[Office, dict[str, Path]], tmp_path: Path) -> None:
    office, _ = saved
    issued = next(office.folder.glob("2026-01/*东镇*.xlsx"))
    person = next(s for s in read_layout(issued) if s.ledger == "person")
    cols = {element: col + 1 for col, element in person.columns.items()}
    mark = cols["POP:低保对象花名册"]
    known = [row + 1 for row, key in person.row_ids.items() if key]
    listed = next(row for row in known if person.values.get((row - 1, mark - 1)) == "是")
    others = [row for row in known if person.values.get((row - 1, mark - 1)) != "是"]
    book = openpyxl.load_workbook(issued)
    page = book[person.name]
    page.cell(listed, cols[NAME]).value = "改名"
    page.cell(listed, cols[SUBSIDY]).value = None  # the roster needs it
    page.cell(others[0], cols[SUBSIDY]).value = None  # not in the roster: different, and not needed
    page.cell(others[1], mark).value = "是"  # what the roster asks is known already
    page.cell(max(known) + 3, cols[AREA_COLUMN]).value = "东一村"
    book.save(tmp_path / "edited.xlsx")
    page.cell(known[0], 1).value, page.cell(known[1], 1).value = (page.cell(row, 1).value for row in known[1::-1])
    book.save(tmp_path / "sorted.xlsx")
    convert(tmp_path, KINDS["xlsx"], tmp_path / "out", tmp_path / "edited.xlsx", tmp_path / "sorted.xlsx")
    counts, of_sorted = (_counts(tmp_path / "out" / f"{name}.xlsx") for name in ("edited", "sorted"))
    assert counts[person.name] == [1, 3, 1]
    assert counts["乡镇指标"] == [1, 0, 0], "what happens in a month is asked anew"
    assert counts["合计"] == [2, 3, 1]
    assert of_sorted[person.name][1] == of_sorted["合计"][1] == "行次有变"


def _counts(file: Path) -> dict[str, list[Any]]:
    """Return what the cover of a calculated workbook counts, by sheet."""
    cover = openpyxl.load_workbook(file, data_only=True)["封面"]
    return {
        str(row[1].value): [0 if cell.value == "—" else cell.value for cell in row[6:9]]
        for row in cover.iter_rows()
        if row[4].value is not None and row[6].value not in (None, "还没填")
    }
