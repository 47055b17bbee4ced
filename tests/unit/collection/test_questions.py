"""What a township is asked beside its ledgers: doubted values, and subjects that may be registered twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from pipelines.collection import corrections
from pipelines.collection.asked import ANSWER, VALUE
from pipelines.collection.duplicates import answers, propose, standings
from pipelines.collection.layout import read_layout
from pipelines.collection.ledgers import current
from pipelines.collection.likeness import KEY, features, likenesses
from pipelines.store.linkage import pairs
from schemas.ledgers import PossibleDuplicates
from tests.unit.collection.county import EAST, NAME, PEOPLE, VILLAGES, WEST, Office, elements, id_number

VILLAGE = f"{EAST[:9]}001"
PERSON = id_number(100)


def doubt(office: Office, subject: str, element_id: str, **more: str) -> str:
    """Raise a request on the last working days of December; return its number."""
    said = {"department": "民政局", "raised_by": "李四", "reason": "与低保系统不一致", "suggested": ""} | more
    made = corrections.request(
        office.values, subject, element_id, said.pop("period", ""), raised_at="2025-12-29T10:00:00", **said
    )
    office.requests = pl.concat([office.requests, made])
    return made["request_id"].item()


def answered(issued: Path, target: Path, sheet_name: str, *said: tuple[str, str, object]) -> Path:
    """Return a copy of a workbook with answers: (number, column id, value)."""
    shutil.copy(issued, target)
    sheet = next(sheet for sheet in read_layout(issued) if sheet.name == sheet_name)
    book = openpyxl.load_workbook(target)
    for number, column, value in said:
        row = next(row for row, row_id in sheet.row_ids.items() if row_id == number)
        col = next(col for col, column_id in sheet.columns.items() if column_id == column)
        book[sheet_name].cell(row + 1, col + 1).value = value
    book.save(target)
    return target


def standing(office: Office, day: str) -> dict[str, object]:
    return corrections.standings(office.requests, office.values, day).row(0, named=True)


def test_a_doubt_is_in_the_respondents_next_workbook_and_nobody_elses(office: Office) -> None:
    before = office.values.clone()
    number = doubt(office, PERSON, NAME, suggested="李大山")
    assert office.values.equals(before)  # raising it changes nothing
    issued = office.issue("2026-01")
    book = openpyxl.load_workbook(issued[EAST])
    assert "核实请求" in book.sheetnames
    assert "核实请求" not in openpyxl.load_workbook(issued[WEST]).sheetnames
    texts = [str(cell.value) for row in book["核实请求"].iter_rows() for cell in row if cell.value]
    assert {"民政局", "试100", "李大山", "与低保系统不一致"} <= set(texts)
    sheet = next(sheet for sheet in read_layout(issued[EAST]) if sheet.ledger == "person")
    row = next(row for row, key in sheet.row_ids.items() if key == PERSON)
    col = next(col for col, element in sheet.columns.items() if element == NAME)
    cell, other = book[sheet.name].cell(row + 1, col + 1), book[sheet.name].cell(row + 2, col + 1)
    assert "核实请求" in cell.comment.text
    assert cell.fill.fgColor.rgb != other.fill.fgColor.rgb
    assert number in {
        row_id for s in read_layout(issued[EAST]) if s.name == "核实请求" for row_id in s.row_ids.values()
    }


@pytest.mark.parametrize(
    ("said", "outcome", "value"),
    [
        (((ANSWER, "原数无误"),), "原数无误", "试100"),
        (((ANSWER, "已更正"), (VALUE, "李大山")), "已更正", "李大山"),
        (((VALUE, "李大山"),), "已更正", "李大山"),
    ],
)
def test_only_the_answer_settles_it_and_is_kept_with_its_cell(
    office: Office, tmp_path: Path, said: tuple[tuple[str, str], ...], outcome: str, value: str
) -> None:
    number = doubt(office, PERSON, NAME)
    issued = office.issue("2026-01")[EAST]
    file = answered(issued, tmp_path / "a.xlsx", "核实请求", *((number, *each) for each in said))
    (receipt,) = office.receive("2026-01", file)
    assert receipt.is_accepted, receipt.findings
    stands = standing(office, "2026-01-21")
    assert (stands["outcome"], stands["value_now"]) == (outcome, value)
    assert current(office.values.filter(ledger="person"), elements())["person"].filter(subject_key=PERSON)[
        NAME
    ].to_list() == [value]
    kept = office.values.filter(ledger="correction").row(0, named=True)
    assert (kept["subject_key"], kept["sheet"], kept["value"]) == (number, "核实请求", outcome)
    assert kept["cell"]
    assert "核实请求" not in openpyxl.load_workbook(office.issue("2026-02")[EAST]).sheetnames


def test_changing_the_cell_in_the_ledger_settles_it_too(office: Office, tmp_path: Path) -> None:
    doubt(office, PERSON, NAME)
    issued = office.issue("2026-01")[EAST]
    sheet = next(sheet for sheet in read_layout(issued) if sheet.ledger == "person")
    file = answered(issued, tmp_path / "a.xlsx", sheet.name, (PERSON, NAME, "李大山"))
    office.receive("2026-01", file)
    assert (standing(office, "2026-01-21")["outcome"], standing(office, "2026-01-21")["value_now"]) == (
        "已更正",
        "李大山",
    )


def test_an_earlier_period_of_an_indicator_is_corrected_in_its_own_period(office: Office, tmp_path: Path) -> None:
    number = doubt(office, VILLAGE, PEOPLE, period="2025-12")
    file = answered(office.issue("2026-01")[EAST], tmp_path / "a.xlsx", "核实请求", (number, VALUE, 88))
    office.receive("2026-01", file)
    held = current(office.values.filter(ledger="indicator"), elements())["indicator"]
    assert held.filter(area_code=VILLAGE, period="2025-12")[PEOPLE].to_list() == [88]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (((ANSWER, "差不多"),), "OF-391"),
        (((ANSWER, "已更正"),), "OF-392"),
        (((ANSWER, "原数无误"), (VALUE, "李大山")), "OF-393"),
    ],
)
def test_answers_that_do_not_fit_return_the_file(
    office: Office, tmp_path: Path, said: tuple[tuple[str, str], ...], code: str
) -> None:
    number = doubt(office, PERSON, NAME)
    issued = office.issue("2026-01")[EAST]
    file = answered(issued, tmp_path / "a.xlsx", "核实请求", *((number, *each) for each in said))
    (receipt,) = office.receive("2026-01", file)
    assert not receipt.is_accepted
    assert [(f.code, f.sheet) for f in receipt.findings if f.severity == "error"] == [(code, "核实请求")]


def test_an_unanswered_doubt_stays_open_and_runs_on_working_days(office: Office, tmp_path: Path) -> None:
    doubt(office, PERSON, NAME)
    shutil.copy(office.issue("2026-01")[EAST], tmp_path / "a.xlsx")
    (receipt,) = office.receive("2026-01", tmp_path / "a.xlsx")
    assert receipt.is_accepted
    states = {day: standing(office, day)["state"] for day in ("2025-12-30", "2026-01-12", "2026-01-20")}
    assert list(states.values()) == ["办理中", "临期", "逾期"]  # ten working days from 12-29; 1 January is free
    late = corrections.late(corrections.standings(office.requests, office.values, "2026-01-20"), {NAME: "姓名"})
    assert [finding.code for finding in late] == ["OF-394"]
    assert "核实请求" in openpyxl.load_workbook(office.issue("2026-02")[EAST]).sheetnames


def test_nothing_to_doubt_where_nothing_is_held(office: Office) -> None:
    made = corrections.request(
        office.values, "没有这个人", NAME, "", department="民政局", raised_by="李四", reason="x", suggested="",
        raised_at="2025-12-29T10:00:00",
    )  # fmt: skip
    assert made.is_empty()


def paired(office: Office) -> str:
    """Propose two persons of the two townships as one; return the pair's number."""
    office.possible = PossibleDuplicates.frame(
        [
            {
                "pair_id": "D1",
                "ledger": "person",
                "left_key": PERSON,
                "right_key": id_number(200),
                "left_area_code": VILLAGE,
                "right_area_code": f"{WEST[:9]}001",
                "probability": 0.97,
                "reasons": "姓名相同",
                "found_at": "2025-12-29T10:00:00",
            }
        ]
    )
    return "D1"


def test_a_pair_is_asked_of_both_townships_once_and_never_merged(office: Office, tmp_path: Path) -> None:
    number = paired(office)
    assert {PERSON, id_number(200)} <= set(office.values["subject_key"]), "the county's own persons"
    issued = office.issue("2026-01")
    before = current(office.values.filter(ledger="person"), elements())["person"]
    for code, answer in ((EAST, "同一人"), (WEST, "不清楚")):
        texts = [str(c.value) for row in openpyxl.load_workbook(issued[code])["疑似重复"].iter_rows() for c in row]
        other = id_number(200) if code == EAST else PERSON
        assert other not in texts  # of somebody in another township, only the ends of the number
        assert any(text.startswith(other[:6]) and text.endswith(other[-4:]) for text in texts)
        (receipt,) = office.receive(
            "2026-01", answered(issued[code], tmp_path / f"{code}.xlsx", "疑似重复", (number, ANSWER, answer))
        )
        assert receipt.is_accepted, receipt.findings
    assert answers(office.values) == {number: {EAST: "同一人", WEST: "不清楚"}}
    assert standings(office.possible, office.values, likenesses())["state"].to_list() == ["两地回答不一致"]
    after = current(office.values.filter(ledger="person"), elements())["person"]
    assert after.equals(before)
    again = office.issue("2026-02")
    assert all("疑似重复" not in openpyxl.load_workbook(path).sheetnames for path in again.values())


def persons(*said: tuple[str, str, str, str]) -> pl.DataFrame:
    """A person ledger from (id, village, name, phone)."""
    names = (KEY, "area_code", "name", "phone")
    return pl.DataFrame(said, schema=names, orient="row").with_columns(pl.col(KEY).alias("id"))


IDS = {"自然人.姓名": "name", "自然人.公民身份号码": "id", "自然人.联系电话": "phone"}
NOBODY = [
    (id_number(n), VILLAGE, f"{'赵钱孙李周吴郑王'[n % 8]}某{chr(0x4E00 + 37 * n)}", f"137{n:08d}") for n in range(300)
]
PLANTED = [
    ("530100196503121234", VILLAGE, "罗建国", "13988880001"),
    ("530100196503121243", f"{WEST[:9]}001", "罗建国", "13988880001"),  # two neighbours swapped
    ("530100197107084321", VILLAGE, "杨秀英", ""),
    ("530100197107084821", f"{WEST[:9]}002", "杨秀瑛", ""),  # the same sound, one digit
    ("530100198004051111", VILLAGE, "马国强", "13988880003"),
    ("530100198004052222", VILLAGE, "马国墙", "13988880003"),  # another number, the same phone and birth date
    ("530100196203091237", VILLAGE, "普正芳", ""),
    ("530100196209031231", VILLAGE, "普正芳", ""),  # month and day exchanged, the check digit worked out anew
    ("530100195504066210", VILLAGE, "李凤仙", ""),
    ("530100550406621", f"{WEST[:9]}001", "李凤仙", ""),  # the old number of 15 digits
]


def test_typos_in_names_and_numbers_are_found_and_said_in_words() -> None:
    likeness = likenesses()["person"]
    subjects = features(persons(*NOBODY, *PLANTED), likeness, IDS)
    found = propose(pairs(subjects, likeness), subjects, likeness, PossibleDuplicates.empty(), VILLAGES, "2026")
    by_left = {row["left_key"]: row for row in found.to_dicts()}
    assert {(row["left_key"], row["right_key"]) for row in by_left.values()} == {
        tuple(sorted((PLANTED[n][0], PLANTED[n + 1][0]))) for n in (0, 2, 4, 6, 8)
    }
    assert by_left[PLANTED[0][0]]["reasons"] == (
        "姓名相同；公民身份号码只差一位，或相邻两位对调；联系电话相同；分别登记在东一村和西一村"
    )
    assert "出生的月和日对调" in by_left[PLANTED[6][0]]["reasons"]
    assert "姓名同音" in by_left[PLANTED[2][0]]["reasons"]
    again = propose(pairs(subjects, likeness), subjects, likeness, found, VILLAGES, "2027")
    assert again.is_empty()


def test_a_ledger_without_the_columns_proposes_nothing() -> None:
    likeness = likenesses()["house"]
    subjects = features(persons(*PLANTED), likeness, {})
    assert pairs(subjects, likeness).is_empty()
