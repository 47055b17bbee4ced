"""The codes of the sample satisfy their standards, and none can be somebody's."""

import re
from pathlib import Path

import polars as pl
import pytest
from codes import credit_code, identity_number

RETURNS = Path(__file__).resolve().parents[3] / "data" / "sample" / "returns"
WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_identity_number(text: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], WEIGHTS, strict=True))
    return bool(re.fullmatch(r"\d{17}[\dX]", text)) and (total + (10 if text[17] == "X" else int(text[17]))) % 11 == 1


def is_credit_code(text: str) -> bool:
    total = sum(CREDIT.index(char) * pow(3, place, 31) for place, char in enumerate(text[:17]))
    return len(text) == 18 and (total + CREDIT.index(text[17])) % 31 == 0


def test_the_published_test_number_of_gb_11643() -> None:
    assert identity_number("110105", "19491231", 2) == "11010519491231002X"


@pytest.mark.parametrize("serial", [1, 2, 77, 123456])
def test_credit_codes_are_valid(serial: int) -> None:
    assert is_credit_code(credit_code("93", "532328", serial))


def test_every_person_has_a_valid_number_that_fits_birth_and_sex() -> None:
    people = pl.read_parquet(RETURNS / "模拟数据_自然人.parquet")
    assert people.height >= 10_000
    assert people["主体"].n_unique() == people.height
    for number, birth, sex in people.select("主体", "自然人.出生日期", "自然人.性别").iter_rows():
        assert is_identity_number(number)
        assert number[6:14] == birth.replace("-", "")
        assert (int(number[16]) % 2 == 1) == (sex == "男")
        assert number.startswith("532328")
        assert int(number[14:17]) >= 899, "sequence numbers below 900 are given to real people"


def test_units_have_valid_codes() -> None:
    units = pl.read_parquet(RETURNS / "模拟数据_单位.parquet")
    assert all(map(is_credit_code, units["主体"]))
    assert units["主体"].n_unique() == units.height


def test_no_telephone_is_a_mobile_subscribers() -> None:
    people = pl.read_parquet(RETURNS / "模拟数据_自然人.parquet", columns=["自然人.联系电话"])
    assert all(number.startswith("140") for number in people.to_series())
