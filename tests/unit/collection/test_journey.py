"""Issue, fill, receive, ledgers: one county, two months."""

import hashlib
from pathlib import Path

import openpyxl
import polars as pl

from pipelines.collection.history import history
from pipelines.collection.layout import CHANGE_COLUMN, FIRST_DATA_ROW, MOVED_OUT, read_layout
from pipelines.collection.ledgers import current
from tests.unit.collection.clerk import fill
from tests.unit.collection.county import (
    COUNTY,
    EAST,
    ID,
    INCOME,
    MEMBERS,
    NAME,
    PEOPLE,
    PHONE,
    YIELD,
    Office,
    elements,
    id_number,
)


def test_plan_reaches_every_fillable_field(office: Office) -> None:
    frames, made = office.frames, office.made
    planned = set(made.fill_plan["element_id"])
    assert set(frames["element_map"]["element_id"]) <= planned
    asked = dict(made.fill_plan.select("element_id", "is_asked").iter_rows())
    assert not [element for element, is_asked in asked.items() if element.endswith("000004") and is_asked]
    assert made.fill_plan.filter(~pl.col("is_asked"))["reason"].str.len_chars().min() > 4
    places = dict(made.fill_plan.select("element_id", "ledger").iter_rows())
    assert (places[MEMBERS], places[PEOPLE]) == ("household", "indicator")


def test_populations_are_marked_or_computed(office: Office) -> None:
    office.scope = ({"report_id": "R2", "table_no": "1", "population": "劳动力", "condition": "\"DE000003\" = '男'"},)
    found = {row["report_id"]: row for row in office.made.populations.to_dicts()}
    assert found["R2"]["condition"]
    assert "POP:低保对象花名册" in set(office.made.fill_plan["element_id"])
    assert "POP:劳动力" not in set(office.made.fill_plan["element_id"])


def test_second_month_is_prefilled(settled: Office) -> None:
    months = settled.issued.group_by("period").agg(pl.col("cell_count", "prefilled_count").sum()).sort("period")
    january = months.row(1, named=True)
    assert january["prefilled_count"] / january["cell_count"] > 0.9


def test_same_inputs_give_the_same_bytes(office: Office, january: dict[str, Path]) -> None:
    again = office.issue("2026-01")
    for code, path in again.items():
        assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(january[code].read_bytes()).digest()


def test_ledgers_sum_villages_and_months(settled: Office) -> None:
    held = current(settled.values, elements())
    indicators = held["indicator"]
    county = indicators.filter(area_code=COUNTY, period="2025-12").row(0, named=True)
    assert county[PEOPLE] == 900
    assert county["DE000025"] == 6
    quarter = indicators.filter(area_code=EAST, period="2025-Q4").row(0, named=True)
    assert (quarter[YIELD], quarter[PEOPLE]) == (87.5, 700)
    year = indicators.filter(area_code=COUNTY, period="2025").row(0, named=True)
    assert (year[YIELD], year[PEOPLE]) == (112.5, 900)
    assert held["person"].height == 12
    assert held["person"].schema[NAME] == pl.String
    assert held["household"].schema[INCOME] == pl.Float64


def test_unchanged_return_posts_nothing_but_what_is_new(
    office: Office, january: dict[str, Path], tmp_path: Path
) -> None:
    [receipt] = office.receive("2026-01", fill(january[EAST], tmp_path / "一月.xlsx"))
    assert receipt.is_accepted
    submission = receipt.submission or {}
    assert submission["changed_count"] == 0
    assert receipt.values.filter(pl.col("ledger") == "person").is_empty()
    assert submission["confirmed_count"] > submission["typed_count"]


def test_change_is_kept_with_its_history(office: Office, january: dict[str, Path], tmp_path: Path) -> None:
    path = fill(january[EAST], tmp_path / "改.xlsx")
    sheet = next(s for s in read_layout(path) if s.ledger == "person")
    row, key = next((row, key) for row, key in sheet.row_ids.items() if key)
    col = next(col for col, element in sheet.columns.items() if element == PHONE)
    book = openpyxl.load_workbook(path)
    book[sheet.name].cell(row + 1, col + 1).value = "13800000000"
    book.save(path)
    [receipt] = office.receive("2026-01", path)
    assert (receipt.submission or {})["changed_count"] == 1
    life = history(office.values, office.submissions, key, PHONE)
    assert life["value"].to_list()[-1] == "13800000000"
    assert life["submitted_period"].to_list() == ["2025-12", "2026-01"]
    assert life["file_name"].to_list() == [f"{EAST}.xlsx", "改.xlsx"]
    assert life["cell"].null_count() == 0


def test_moved_out_leaves_the_ledger_and_not_the_history(
    office: Office, january: dict[str, Path], tmp_path: Path
) -> None:
    path = fill(january[EAST], tmp_path / "移出.xlsx")
    sheet = next(s for s in read_layout(path) if s.ledger == "person")
    col = next(col for col, element in sheet.columns.items() if element == CHANGE_COLUMN)
    book = openpyxl.load_workbook(path)
    book[sheet.name].cell(FIRST_DATA_ROW + 1, col + 1).value = MOVED_OUT
    book.save(path)
    key = sheet.row_ids[FIRST_DATA_ROW]
    before = office.values.height
    [receipt] = office.receive("2026-01", path)
    assert receipt.is_accepted
    assert key not in current(office.values, elements())["person"]["subject_key"].to_list()
    assert office.values.filter(subject_key=key).height > 1
    assert office.values.height > before


def test_corrected_key_moves_the_subject(office: Office, january: dict[str, Path], tmp_path: Path) -> None:
    path = fill(january[EAST], tmp_path / "改号.xlsx")
    sheet = next(s for s in read_layout(path) if s.ledger == "person")
    col = next(col for col, element in sheet.columns.items() if element == ID)
    book = openpyxl.load_workbook(path)
    book[sheet.name].cell(FIRST_DATA_ROW + 1, col + 1).value = id_number(777)
    book.save(path)
    [receipt] = office.receive("2026-01", path)
    assert receipt.is_accepted, [str(finding) for finding in receipt.findings]
    keys = current(office.values, elements())["person"]["subject_key"].to_list()
    assert id_number(777) in keys
    assert sheet.row_ids[FIRST_DATA_ROW] not in keys
    assert len(keys) == 12


def test_same_file_twice_is_one_submission(office: Office, january: dict[str, Path], tmp_path: Path) -> None:
    path = fill(january[EAST], tmp_path / "一.xlsx")
    first, again = office.receive("2026-01", path, path)
    assert first.is_accepted
    assert again.submission is None
    assert [finding.code for finding in again.findings] == ["OF-370"]
    assert office.submissions["submission_id"].is_unique().all()


def test_later_file_supersedes(office: Office, january: dict[str, Path], tmp_path: Path) -> None:
    first = fill(january[EAST], tmp_path / "一.xlsx")
    book = openpyxl.load_workbook(first)
    sheet = next(s for s in read_layout(first) if s.is_indicator and s.level == "村")
    row = next(row for row, element in sheet.row_ids.items() if element == PEOPLE)
    book[sheet.name].cell(row + 1, min(sheet.columns) + 1).value = 101
    second = tmp_path / "二.xlsx"
    book.save(second)
    _, later = office.receive("2026-01", first, second)
    assert later.superseded
    assert office.submissions.filter(period="2026-01")["status"].to_list() == ["被取代", "接收"]
    assert (later.submission or {})["changed_count"] == 1
    held = current(office.values, elements())["indicator"].filter(period="2026-01", area_code=EAST)
    assert held[PEOPLE].to_list() == [701]
