"""Contracts as findings: every kind of break is told once per column and rule, with row numbers and without values."""

import polars as pl
import pytest

from pipelines.quality.contracts import contract_findings
from schemas.findings import Findings
from schemas.organisations import Areas

GOOD = Areas.frame(
    [
        {"area_code": "530000000000", "area_name": "县", "area_level": "县"},
        {"area_code": "530000001000", "area_name": "乡", "area_level": "乡镇", "parent_code": "530000000000"},
    ]
)


def test_kept_contract_has_no_findings():
    assert contract_findings("区划", Areas, GOOD) == []


@pytest.mark.parametrize(
    ("frame", "code", "words"),
    [
        (GOOD.with_columns(area_level=pl.lit("省")), "OF-902", ("级别", "2 行", "取值在", "第 1、2 行")),
        (GOOD.with_columns(area_name=pl.lit(None, pl.String)), "OF-902", ("区划名称", "必填")),
        (GOOD.with_columns(area_code=pl.lit("530000000000")), "OF-902", ("区划代码", "不重复")),
        (GOOD.with_columns(area_code=pl.lit("53")), "OF-902", ("区划代码", "写法符合")),
        (GOOD.drop("area_name"), "OF-900", ("区划名称",)),
        (GOOD.with_columns(colour=pl.lit("红")), "OF-901", ("colour",)),
    ],
)
def test_break_is_told_with_column_and_rule(frame, code, words):
    found = [finding for finding in contract_findings("区划", Areas, frame) if finding.code == code]
    assert found, contract_findings("区划", Areas, frame)
    assert any(all(word in finding.message for word in words) for finding in found), [f.message for f in found]


def test_values_are_never_quoted():
    frame = GOOD.with_columns(area_code=pl.lit("11010519491231002X"))
    assert not any("11010519491231002X" in str(finding) for finding in contract_findings("区划", Areas, frame))


def test_lazy_frame_is_refused():
    with pytest.raises(TypeError, match="collected"):
        contract_findings("区划", Areas, GOOD.lazy())


def test_empty_frame_of_a_contract_is_kept():
    assert contract_findings("问题清单", Findings, Findings.empty()) == []
