"""An element's value in the department's unit, code and format: SQL against plain expectations."""

from decimal import Decimal

import polars as pl
import pytest

from pipelines.sharing.views.rendering import described, rendered
from pipelines.store.query import run

CASES = [
    # value, data type, rule, expected
    ("1990-01-05", "date", {}, "1990-01-05"),
    ("1990-01-05", "date", {"date_format": "YYYYMMDD"}, "19900105"),
    ("1990-01-05", "date", {"date_format": "YYYY年M月"}, "1990年1月"),
    ("1990-01-05", "date", {"date_format": "YYYY.MM.DD"}, "1990.01.05"),
    ("1990-11-25", "date", {"date_format": "YYYY年M月D日"}, "1990年11月25日"),
    (12345.67, "decimal", {"factor": "0.0001", "unit_from": "元", "unit_to": "万元"}, Decimal("1.234567")),
    (30.0, "decimal", {"factor": "0.06666666666666666666666666667"}, Decimal("2")),
    (1.0, "decimal", {"factor": "0.06666666666666666666666666667"}, Decimal("0.066667")),
    (2.5, "decimal", {"factor": "15"}, Decimal("37.5")),
    (0.1 + 0.2, "decimal", {}, Decimal("0.3")),
    (7, "integer", {}, 7),
    ("男", "code", {"codes": {"男": "1", "女": "2"}}, "1"),
    ("不详", "code", {"codes": {"男": "1"}}, "不详"),
    ("O'Neil", "code", {"codes": {"O'Neil": "'1'"}}, "'1'"),
    ("11010519491231002X", "identifier", {"mask": "0,4"}, "002X"),
    ("11010519491231002X", "identifier", {"mask": "6,2"}, "110105**********2X"),
    ("11010519491231002X", "identifier", {"groups": "6,8,4"}, "110105 19491231 002X"),
    ("110105491231002", "identifier", {"groups": "6,8,4"}, "110105491231002"),
    ("6222021001116245702", "identifier", {"groups": "4"}, "6222 0210 0111 6245 702"),
    (None, "identifier", {"groups": "6,8,4"}, None),
    (1.2, "decimal", {"factor": "10000", "unit_from": "万元", "unit_to": "元"}, Decimal("12000")),
    ("1", "code", {"codes": {"1": "男", "2": "女"}}, "男"),
    (None, "decimal", {"factor": "15"}, None),
    (None, "date", {"date_format": "YYYY年M月"}, None),
]


@pytest.mark.parametrize(("value", "data_type", "rule", "expected"), CASES)
def test_rendering(value, data_type, rule, expected):
    kinds = {"decimal": pl.Float64, "integer": pl.Int64}
    frame = pl.DataFrame({"x": [value]}, schema={"x": kinds.get(data_type, pl.String)})
    assert run({"t": frame}, f"SELECT {rendered('x', data_type, rule)} AS v FROM t")["v"].to_list() == [expected]


def test_booleans_read_yes_and_no():
    frame = pl.DataFrame({"x": [True, False, None]})
    assert run({"t": frame}, f"SELECT {rendered('x', 'boolean', {}, True)} AS v FROM t")["v"].to_list() == [
        "是",
        "否",
        None,
    ]


def test_rules_are_told_in_chinese():
    assert described({"factor": "0.0001", "unit_from": "元", "unit_to": "万元"}) == "元换算为万元：乘 0.0001"
    assert described({"factor": "0.06666666666666666666666666667"}) == "换算为：乘 1 除以 15"
    assert described({"mask": "6,4"}) == "只显示前 6 位和后 4 位"
    assert described({"groups": "6,8,4"}) == "按 6、8、4 位分段，中间空一格"
    assert described({"groups": "4"}) == "每 4 位空一格"
    assert described({"codes": {"男": "1"}}) == "代码：男→1"
