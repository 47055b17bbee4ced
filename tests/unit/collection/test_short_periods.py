"""Periods shorter than a month: who is asked when, what comes back, how it adds up (tests/golden/collection)."""

import csv
import hashlib
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from pipelines.collection.layout import COVER_SHEET, ID_ROW, IDS_SHEET, read_layout
from pipelines.collection.ledgers import current
from pipelines.collection.parcel import Arrived
from pipelines.collection.plan_sheet import listing
from pipelines.collection.receiving.receive import receive_all
from schemas.ledgers import LedgerValues
from tests.unit.collection.clerk import fill
from tests.unit.collection.county import (
    COUNTY,
    DOSES,
    DOSES_SO_FAR,
    EAST,
    HERD,
    HOUSE_NO,
    INCOME,
    MEETINGS,
    MEMBERS,
    OFTEN,
    OFTEN_ASKED,
    PEOPLE,
    VILLAGES,
    WEST,
    Office,
    catalogue,
    elements,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "collection" / "roll_up.csv"
with GOLDEN.open(encoding="utf-8", newline="") as handle:
    CASES = list(csv.DictReader(line for line in handle if not line.startswith("#")))
VILLAGE = next(iter(VILLAGES))
FIRST, SECOND, WEEK = "2026-01-X1", "2026-01-X2", "2026-W02"


def pairs(text: str) -> dict[str, str]:
    return dict(each.split("=") for each in text.split("；"))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_slower_periods_are_made_of_faster_ones(case: dict[str, str]) -> None:
    about = elements(OFTEN).with_columns(
        temporal=pl.when(pl.col("element_id") == HERD).then(pl.lit(case["temporal"])).otherwise("temporal"),
        data_type=pl.when(pl.col("element_id") == HERD).then(pl.lit("decimal")).otherwise("data_type"),
    )
    same = {"ledger": "indicator", "subject_key": VILLAGE, "area_code": VILLAGE, "element_id": HERD, "sheet": "表"}
    same |= {"submission_id": "s", "cell": "A1", "recorded_at": "2026"}
    told = [same | {"period": p, "submitted_period": p, "value": v} for p, v in pairs(case["told"]).items()]
    held = current(LedgerValues.frame(told), about)["indicator"]
    of_village = dict(held.filter(area_code=VILLAGE).select("period", HERD).iter_rows())
    for period, value in pairs(case["held"]).items():
        assert of_village.get(period) == (float(value) if value else None), (period, of_village)
    assert dict(held.filter(area_code=EAST).select("period", HERD).iter_rows()) == of_village


@pytest.fixture(scope="session")
def often(settled: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The office after December, with reports of ten days and of the week; their first workbooks are out."""
    office = Office(tmp_path_factory.mktemp("often"), settled.values, settled.submissions, settled.issued)
    office.frames = catalogue(OFTEN, OFTEN_ASKED)
    for period in (FIRST, WEEK):
        office.issue(period)
    return office


@pytest.fixture
def desk(often: Office, tmp_path: Path) -> Office:
    return Office(tmp_path, often.values, often.submissions, often.issued, often.frames)


def book(office: Office, often: Office, period: str, area: str = EAST) -> Path:
    """Return an issued workbook; of this test's office if it has issued the period itself."""
    name = office.issued.filter(period=period, area_code=area)["file"].item()
    own = office.folder / period / name
    return own if own.exists() else often.folder / period / name


def asked(path: Path) -> dict[str, set[str]]:
    """Return what a workbook asks, by ledger and level."""
    return {
        f"{sheet.ledger}{sheet.level}": set(sheet.row_ids.values() if sheet.is_indicator else sheet.columns.values())
        - {"", "AREA", "CHANGE", "REMARK"}
        for sheet in read_layout(path)
    }


def test_everything_is_asked_once_at_its_finest_pace(desk: Office, often: Office) -> None:
    plan = {row["element_id"]: row for row in desk.made.fill_plan.iter_rows(named=True)}
    paces = {element: (plan[element]["is_asked"], plan[element]["frequency"]) for element in (DOSES, HERD, MEETINGS)}
    assert paces == {DOSES: (True, "旬"), HERD: (True, "旬"), MEETINGS: (True, "周")}
    assert (plan[DOSES_SO_FAR]["is_asked"], plan[DOSES_SO_FAR]["over_time"]) == (False, f"cumulative:{DOSES}")
    assert asked(book(desk, often, FIRST)) == {"indicator村": {DOSES, HERD}}
    assert asked(desk.issue("2025-12-X3")[EAST]) == {"indicator村": {DOSES, DOSES_SO_FAR, HERD}}, "an opening value"
    assert asked(book(desk, often, WEEK)) == {
        "indicator乡镇": {MEETINGS},
        "household": {HOUSE_NO, MEMBERS, "POP:住户周报"},
    }
    month = asked(desk.issue("2026-01")[EAST])
    assert month["household"] == {HOUSE_NO, INCOME, "POP:户情况表"}
    assert PEOPLE in month["indicator村"]
    assert not {DOSES, DOSES_SO_FAR, HERD} & month["indicator村"]
    assert "indicator乡镇" not in month
    shown = listing(desk.made.fill_plan, desk.frames["elements"], desk.frames["reports"])
    assert set(shown.filter(pl.col("按什么周期收") == "旬工作簿")["数据元编号"]) == {DOSES, HERD}


def test_a_pace_that_no_report_has_gets_no_workbook(desk: Office) -> None:
    assert desk.issue("2026-01-06") == {}


def test_ten_days_come_back_beside_the_month_and_add_up(desk: Office, often: Office, tmp_path: Path) -> None:
    first = [fill(book(desk, often, FIRST, area), tmp_path / f"{area}一.xlsx") for area in (EAST, WEST)]
    week = fill(book(desk, often, WEEK), tmp_path / "周.xlsx")
    month = fill(desk.issue("2026-01")[EAST], tmp_path / "月.xlsx")
    receipts = desk.receive("2026-01", *first, week, month)
    assert [receipt.outcome for receipt in receipts] == ["接收"] * 4, [str(f) for r in receipts for f in r.findings]
    assert receipts[0].values.select("period", "submitted_period").unique().rows() == [(FIRST, FIRST)]
    second = desk.issue(SECOND)
    [sheet] = read_layout(second[EAST])
    prefilled = {sheet.row_ids[row] for row, _ in sheet.values if sheet.row_ids[row]}
    assert (set(sheet.row_ids.values()) - {""}, prefilled) == ({DOSES, HERD}, {HERD}), "what happens starts anew"
    desk.receive("2026-01", *(fill(second[area], tmp_path / f"{area}二.xlsx") for area in (EAST, WEST)))
    held = current(desk.values, desk.frames["elements"], desk.made.fill_plan)["indicator"]

    def at(area: str, period: str) -> tuple[int, int, int]:
        return held.filter(area_code=area, period=period).select(DOSES, DOSES_SO_FAR, HERD).row(0)

    assert at(VILLAGE, FIRST) == (3, 3, 3), "January starts anew"
    assert at(VILLAGE, SECOND) == (3, 6, 3)
    assert at(VILLAGE, "2026-01") == (6, 6, 3)
    assert at(COUNTY, "2026-01") == (54, 54, 27)
    assert held.filter(area_code=EAST, period="2026-01")[MEETINGS].to_list() == [3]


@pytest.mark.parametrize(
    ("period", "kind", "outcome", "said"),
    [
        (FIRST, "as it is", "接收", ""),
        (FIRST, "without ids", "接收", "2026年1月上旬"),
        (WEEK, "without ids", "接收", "2026年第2周"),
        (FIRST, "next is out", "退回", "本期是 2026年1月中旬"),
    ],
)
def test_a_short_period_is_recognised(
    desk: Office, often: Office, tmp_path: Path, period: str, kind: str, outcome: str, said: str
) -> None:
    path = fill(book(desk, often, period), tmp_path / "交回.xlsx")
    if kind == "without ids":
        opened = openpyxl.load_workbook(path)
        for sheet in read_layout(path):
            opened[sheet.name].delete_rows(ID_ROW + 1)
            opened[sheet.name].delete_cols(1)
        opened.remove(opened[IDS_SHEET])
        opened.save(path)
    elif kind == "next is out":
        desk.issue(SECOND)
    [receipt] = desk.receive("2026-01", path)
    assert receipt.outcome == outcome, [str(finding) for finding in receipt.findings]
    assert said in " ".join(str(finding) for finding in receipt.findings)


def test_late_is_counted_from_the_end_of_the_period(desk: Office, often: Office, tmp_path: Path) -> None:
    path = fill(book(desk, often, FIRST), tmp_path / "迟.xlsx")
    counter = desk.desk("2026-01")
    counter.open = {"2026-01": "2026-02-26", FIRST: "2026-01-13"}
    file = Arrived(path, path.name, hashlib.sha256(path.read_bytes()).hexdigest())
    [receipt] = receive_all([file], counter, "2026-01-16T09:00:00")
    assert receipt.submission is not None
    assert receipt.submission["late_days"] == 3


def test_the_cover_says_the_days_and_where_they_count(desk: Office, often: Office) -> None:
    path = book(desk, often, WEEK)
    assert path.name == "2026年第2周 东镇 一次填报.xlsx"
    page = openpyxl.load_workbook(path)[COVER_SHEET]
    said = {line[1].value: line[2].value for line in page.iter_rows(max_row=14)}
    assert said["报告期"] == "2026年第2周（1月5日至1月11日，计入1月）"
    assert said["报送截止"] == "2026年1月12日（星期一）"
    assert "只有按周上报的项" in said["与月报的关系"]
