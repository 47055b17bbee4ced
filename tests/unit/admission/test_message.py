"""Requests by chat, as pairs of text and reading in tests/golden/admission/messages.txt."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.admission.deadline import find_deadline
from pipelines.admission.message import read_message

GOLDEN = Path(__file__).parents[2] / "golden" / "admission"
SENT = "2026-11-27"


def cases(name, marks):
    """Return the cases of a golden file, each as the texts between its marks."""
    found = []
    text = "".join(line for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines(True) if line[:2] != "# ")
    for case in text.split("----\n"):
        parts = [case]
        for mark in marks:
            parts[-1:] = parts[-1].split(f"{mark}\n", 1)
        found.append(tuple(parts))
    return found


def reading(text):
    found = read_message(text, SENT)
    said = {
        "项": "|".join(item.label for item in found.items),
        "层级": found.respondent_level,
        "频率": found.frequency,
        "最迟": found.due,
        "版式": found.layout,
        "部门": found.department_name,
        "请求": "是" if found.is_request else "",
    }
    return "".join(f"{name} {value}\n" for name, value in said.items() if value)


@pytest.mark.parametrize(("text", "expected"), cases("messages.txt", ["=>"]))
def test_a_message_is_read(text, expected):
    assert reading(text) == expected


def test_units_in_brackets_are_the_items_units():
    found = read_message("请各村报：1.耕地面积（亩）2.产值（万元）3.高龄老人（80岁以上）", SENT)
    assert [item.unit for item in found.items] == ["亩", "万元", ""]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12月5日前", "2026-12-05"),
        ("1月10日前报送", "2027-01-10"),
        ("5号前报", "2026-12-05"),
        ("周一上午10点前", "2026-11-30"),
        ("下周五下班前", "2026-12-04"),
        ("年底前", "2026-12-31"),
        ("半小时内统计常住人口数", ""),
        ("两小时内报", "2026-11-27"),
        ("2月30日前", ""),
        ("以2025年12月31日为时点", ""),
    ],
)
def test_deadlines(text, day):
    found = find_deadline(text, date.fromisoformat(SENT))
    assert (found.day if found else "") == day
