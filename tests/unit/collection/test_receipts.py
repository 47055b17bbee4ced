"""What the clerk gets back: receipts that tell what happened, copies that start nothing; and whose name is kept."""

import re
import zipfile
from pathlib import Path

import openpyxl

from pipelines.collection.history import history
from pipelines.collection.layout import FIRST_DATA_ROW, read_layout
from pipelines.collection.receiving.receipt import receipt_lines
from pipelines.store.receiving import READ, receive_waiting
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from tests.unit.collection.clerk import fill
from tests.unit.collection.county import EAST, NAME, Office
from tests.unit.collection.crash import spoil
from tests.unit.collection.many import MONTH, many


def say(path: Path, value: str, element: str = NAME) -> None:
    """Write a text into the first person's cell, as text, and a formula that would start a program beside it."""
    sheet = next(s for s in read_layout(path) if s.ledger == "person")
    col = next(col for col, there in sheet.columns.items() if there == element)
    book = openpyxl.load_workbook(path)
    cell = book[sheet.name].cell(FIRST_DATA_ROW + 1, col + 1)
    cell.value, cell.data_type = value, "s"
    book[sheet.name].cell(FIRST_DATA_ROW + 2, col + 1).value = "=cmd|'/c calc'!A1"
    book["封面"]["C11"].value, book["封面"]["C12"].value = "王试", "0878-1234567"
    book.save(path)


def test_nothing_we_write_starts_anything_and_the_clerk_is_kept(
    office: Office, january: dict[str, Path], tmp_path: Path
) -> None:
    path = fill(january[EAST], tmp_path / "=cmd|'x'!A1.xlsx")
    say(path, '=HYPERLINK("http://x","y")')
    [receipt] = office.receive("2026-01", path)
    submission = receipt.submission or {}
    assert submission["status"] == "退回"
    assert submission["clerk_name"] == "王试 0878-1234567"
    copy = tmp_path / "回执" / str(submission["returned_file"])
    with zipfile.ZipFile(copy) as package:
        sheets = [package.read(n) for n in package.namelist() if n.startswith("xl/worksheets/sheet")]
    formulas = b"".join(b"".join(re.findall(rb"<f[ >].*?</f>", data)) for data in sheets)
    assert b"cmd" not in formulas
    assert b"HYPERLINK" not in formulas
    book = openpyxl.load_workbook(copy)
    person = next(s for s in read_layout(path) if s.ledger == "person")
    assert all(cell.data_type != "f" for line in book[person.name].iter_rows() for cell in line)


def test_history_tells_unit_file_cell_clerk_and_what_became_of_the_file(
    office: Office, january: dict[str, Path], tmp_path: Path
) -> None:
    path = fill(january[EAST], tmp_path / "一.xlsx")
    sheet = next(s for s in read_layout(path) if s.ledger == "person")
    col = next(col for col, there in sheet.columns.items() if there == NAME)
    for number, name in enumerate(("甲", "乙"), 1):
        book = openpyxl.load_workbook(path)
        book["封面"]["C11"].value = f"填报员{number}"
        book[sheet.name].cell(FIRST_DATA_ROW + 1, col + 1).value = name
        book.save(tmp_path / f"{number}.xlsx")
    office.receive("2026-01", tmp_path / "1.xlsx", tmp_path / "2.xlsx")
    life = history(office.values, office.submissions, sheet.row_ids[FIRST_DATA_ROW], NAME)
    assert life["value"].to_list()[1:] == ["甲", "乙"]
    assert life["clerk_name"].to_list() == [None, "填报员1", "填报员2"]
    assert life["status"].to_list() == ["接收", "被取代", "接收"]
    assert life["file_name"].to_list() == [f"{EAST}.xlsx", "1.xlsx", "2.xlsx"]


def test_rejected_late_repeated_and_replaced_files_are_kept_and_explained(tmp_path: Path) -> None:
    made = many(tmp_path, 3, 2)
    place, files = made.place, made.files
    receive(place, "2026-01-20T09:00:00")
    copies = {name: (place.forms / MONTH / "收到" / name).read_bytes() for name in (f.name for f in files)}
    (place.inbox / files[0].name).write_bytes(copies[files[0].name])
    (place.inbox / "错.xlsx").write_bytes(copies[files[1].name])
    spoil(place.inbox / "错.xlsx", "许多")
    (place.inbox / "更正.xlsx").write_bytes(copies[files[2].name])
    spoil(place.inbox / "更正.xlsx", 120)
    receive(place, "2026-02-03T09:00:00")
    with Warehouse(place.database) as warehouse:
        submissions, arrivals = warehouse.read("submissions"), warehouse.read("arrivals")
        told = warehouse.read("submission_findings")
    assert arrivals["outcome"].to_list() == ["接收"] * 3 + ["再次报送", "接收", "退回"]
    later = submissions.filter(file_name="更正.xlsx").row(0, named=True)
    assert later["late_days"] == 8  # the 25th is a Sunday: due on the 26th
    replaced = submissions.filter(file_name=files[2].name).row(0, named=True)
    assert (replaced["status"], replaced["superseded_by"]) == ("被取代", later["submission_id"])
    assert {"OF-385", "OF-386"} <= set(told.filter(submission_id=later["submission_id"])["code"])
    folder = place.forms / MONTH / "回执"
    texts = {
        row["file_name"]: (folder / row["receipt_file"]).read_text(encoding="utf-8-sig") for row in arrivals.to_dicts()
    }
    assert "再次报送" in next(p.name for p in folder.iterdir() if "再次" in p.name)
    assert "以后来的为准" in texts[files[2].name]
    assert "迟 8 天" in texts["更正.xlsx"]
    assert "许多" in texts["错.xlsx"]
    assert {p.name for p in (place.forms / MONTH / "收到").iterdir()} == set(arrivals["kept_as"])
    assert len(list(place.archive.rglob("*.xlsx"))) == 5


def receive(place: Workspace, now: str) -> None:
    """Receive what waits, as the journey's step does."""
    with Warehouse(place.database) as warehouse:
        tables = {name: warehouse.read(name) for name in READ}
        receive_waiting(place, tables, warehouse.write, warehouse.lookup, now)


def test_a_receipt_says_what_to_do() -> None:
    base = {"file_name": "a.xlsx", "period": None, "received_at": "2026-01-20T09:00:00", "submission_id": "x" * 64}
    counts = {"error_count": 0, "warning_count": 0, "typed_count": 1, "changed_count": 0, "confirmed_count": 2}
    rest = {"clerk_name": None, "late_days": None, "superseded_by": None, "returned_file": None}
    text = "\n".join(receipt_lines(base | counts | rest | {"status": "接收"}, (), ""))
    assert "认不出填报单位" in text
    assert "新填 1 格" in text
