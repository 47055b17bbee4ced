"""Returned workbooks saved again in other formats by another program: read as if nothing had happened."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from pipelines.collection.layout import read_layout
from tests.unit.collection.county import EAST, MEMBERS, Office, fill

ERROR_READ_AS = {"xls": "OF-349", "et": "OF-349", "xlsx": "OF-349", "ods": "OF-350"}
"""An error value (#DIV/0!) is seen as one, but in .ods as a cell that was emptied; either way the file is returned."""
KINDS = {"xls": "xls:MS Excel 97", "ods": "ods", "xlsx": "xlsx:Calc MS Excel 2007 XML"}


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
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{office.folder}/office", "--convert-to", target,
             "--outdir", office.folder / kind, good, office.folder / "bad.xlsx"],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
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
