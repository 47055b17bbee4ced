"""Properties of collection: canonical values read back as themselves; sums lose nothing; order does not matter."""

from datetime import date
from decimal import Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.collection.canonical import Domain, canonical
from pipelines.collection.check_digits import id_check, id_number_fault
from pipelines.collection.ledgers import current
from schemas.ledgers import LedgerValues
from tests.unit.collection.county import COUNTY, EAST, PEOPLE, VILLAGES, YIELD, elements

NUMBER = Domain("E", "数", "decimal")
DATE = Domain("E", "日期", "date")
ID = Domain("E", "号码", "identifier", "公民身份号码")
DAYS = st.dates(min_value=date(1900, 3, 1), max_value=date(2099, 12, 31))


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_numbers_read_back_as_themselves(number: Decimal) -> None:
    text = canonical(str(number), NUMBER).value
    assert text is not None
    assert Decimal(text) == number
    assert canonical(text, NUMBER).value == text
    assert canonical(float(number), NUMBER).value == text


@given(DAYS)
def test_every_way_of_writing_a_date_is_the_same_date(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    ways = [day, f"{day:%Y-%m-%d}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d}"]
    ways += [serial] if serial >= 10_000 else []
    assert {canonical(way, DATE).value for way in ways} == {day.isoformat()}


@given(DAYS, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_of_an_id_number_is_seen(day: date, serial: int, place: int, more: int) -> None:
    body = f"530100{day:%Y%m%d}{serial:03d}"
    number = body + id_check(body)
    assert id_number_fault(number) == ""
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert id_number_fault(wrong) != ""


@given(st.text(max_size=30))
def test_reading_never_raises(text: str) -> None:
    for domain in (NUMBER, DATE, ID, Domain("E", "码", "code", choices={"男": "男"}, offered=("男",))):
        answer = canonical(text, domain)
        assert (answer.value is None) + (answer.null_reason is None) + (answer.fault is None) >= 2


MONTHS = st.sampled_from([f"2025-{month:02d}" for month in range(1, 13)])
REPORTED = st.dictionaries(st.tuples(st.sampled_from(sorted(VILLAGES)), MONTHS), st.integers(0, 10**6), min_size=1)


def _values(reported: dict[tuple[str, str], int], element_id: str) -> pl.DataFrame:
    rows = [
        {
            "ledger": "indicator", "subject_key": area, "area_code": area, "period": month, "element_id": element_id,
            "value": str(number), "submission_id": "s", "submitted_period": month, "sheet": "表", "cell": "A1",
            "recorded_at": "2025-12-31T00:00:00",
        }
        for (area, month), number in reported.items()
    ]  # fmt: skip
    return LedgerValues.frame(rows)


@given(REPORTED)
def test_sums_over_villages_and_months_lose_nothing(reported: dict[tuple[str, str], int]) -> None:
    held = current(_values(reported, YIELD), elements())["indicator"]
    year = held.filter(area_code=COUNTY, period="2025")[YIELD].to_list()
    assert year == [sum(reported.values())]
    east = held.filter(area_code=EAST, period="2025")[YIELD].to_list()
    assert sum(east) == sum(number for (area, _), number in reported.items() if area.startswith(EAST[:9]))


@given(REPORTED, st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(reported: dict[tuple[str, str], int], random) -> None:
    values = _values(reported, PEOPLE)
    shuffled = values[random.sample(range(values.height), values.height)]
    first, second = (current(each, elements())["indicator"] for each in (values, shuffled))
    assert first.equals(second.select(first.columns))
