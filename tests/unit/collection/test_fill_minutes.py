"""The minutes that a clerk may write on the cover become an observation, from accepted files alone."""

import openpyxl
import pytest

from pipelines.collection.parcel import read_parcel
from pipelines.collection.workbook.cover import WHO
from pipelines.store.warehouse import Warehouse
from tests.unit.collection.crash import spoil
from tests.unit.collection.many import MONTH, many
from tests.unit.collection.test_receipts import receive


@pytest.mark.parametrize(
    ("said", "minutes"),
    [(45, 45.0), ("４５分钟", 45.0), ("约40", None), ("1.5", 1.5), (0, None), (99999, None), ("", None), (None, None)],
)
def test_the_cover_is_read(said: object, minutes: float | None, tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["", WHO[2], said])
    book.save(tmp_path / "封面.xlsx")
    assert read_parcel(tmp_path / "封面.xlsx").minutes == minutes


def test_minutes_of_accepted_files_are_kept_once_and_those_of_returned_ones_are_not(tmp_path) -> None:
    made = many(tmp_path, 3, 2)
    for file, minutes in zip(made.files, (45, None, 30), strict=True):
        book = openpyxl.load_workbook(file)
        cells = [cell for row in book["封面"].iter_rows() for cell in row if cell.value == WHO[2]]
        cells[0].offset(0, 1).value = minutes
        book.save(file)
    spoil(made.files[2], "许多")
    receive(made.place, "2026-01-20T09:00:00")
    (made.place.inbox / "又来.xlsx").write_bytes((made.place.forms / MONTH / "收到" / made.files[0].name).read_bytes())
    receive(made.place, "2026-01-21T09:00:00")
    with Warehouse(made.place.database) as warehouse:
        times = warehouse.read("fill_times")
    assert times.select("target", "target_id", "minutes", "method", "observed_at").rows() == [
        ("工作簿", MONTH, 45.0, "填报人自报", "2026-01-20")
    ]
