"""The one decision: deny by default, and every condition of a grant counts."""

import polars as pl
import pytest

from pipelines.sharing.masking import mask_expressions
from pipelines.sharing.policy import Offer, Request, decide, own_report_grants, read_grants, standing

OFFER = Offer("MZ01_1", "MZ01", "县民政局", {"姓名": "个人信息", "残疾等级": "敏感个人信息", "金额": "一般"})
GRANT = {
    "grant_id": "G1",
    "department_name": "县残联",
    "view_name": "MZ01_1",
    "column_names": "姓名；金额",
    "area_code": "532328101000",
    "purpose": "履行职责：两项补贴核对",
    "legal_basis": "某办法第九条",
    "valid_from": "2025-01-01",
    "valid_until": "2025-12-31",
    "granted_by": "县数据局",
}


def ask(**changes):
    base = dict(
        department_name="县残联", view_name="MZ01_1", purpose="两项补贴核对", area_code="532328101001", on="2025-06-01"
    )
    return Request(**(base | changes))


def test_a_grant_gives_its_columns():
    decision = decide([GRANT], ask(), OFFER)
    assert decision.is_allowed
    assert decision.columns == ("姓名", "金额")
    assert decision.grants == ("G1",)


REFUSALS = [
    ({}, {"department_name": "县水务局"}, "OF-413"),
    ({}, {"purpose": "  "}, "OF-412"),
    ({}, {"purpose": "补贴"}, "OF-415"),
    ({}, {"on": "2026-01-01"}, "OF-414"),
    ({}, {"on": "今天"}, "OF-414"),
    ({}, {"area_code": "532328102001"}, "OF-416"),
    ({}, {"area_code": "532328000000"}, "OF-416"),
    ({}, {"area_code": "532328101001' OR '1'='1"}, "OF-416"),
    ({}, {"columns": ("残疾等级",)}, "OF-417"),
    ({}, {"columns": ("没有这列",)}, "OF-417"),
    ({"view_name": "MZ02_1"}, {}, "OF-413"),
    ({"column_names": "没有这列"}, {}, "OF-417"),
]


@pytest.mark.parametrize(("grant", "request_", "code"), REFUSALS)
def test_everything_else_is_refused_with_a_reason(grant, request_, code):
    decision = decide([GRANT | grant], ask(**request_), OFFER)
    assert not decision.is_allowed
    assert decision.columns == ()
    assert decision.refusal.code == code
    assert decision.refusal.remedy


def test_without_grants_nothing():
    assert not decide([], ask(), OFFER).is_allowed


def test_a_star_masks_what_is_sensitive_unless_it_is_named_or_ones_own():
    star = GRANT | {"column_names": "*"}
    assert decide([star], ask(), OFFER).masked == {"残疾等级"}
    assert decide([star | {"column_names": "*；残疾等级"}], ask(), OFFER).masked == frozenset()
    own = star | {"department_name": "县民政局"}
    assert decide([own], ask(department_name="县民政局"), OFFER).masked == frozenset()


def test_columns_of_several_grants_come_together():
    other = GRANT | {"grant_id": "G2", "column_names": "残疾等级"}
    decision = decide([GRANT, other], ask(), OFFER)
    assert decision.columns == ("姓名", "残疾等级", "金额")
    assert decision.masked == frozenset()


def test_own_reports_need_no_grant_until_one_mentions_them():
    assert standing([GRANT], [OFFER]) == [OFFER]
    assert standing([GRANT | {"department_name": "县民政局"}], [OFFER]) == []
    grants = own_report_grants([OFFER], "532328000000", {})
    assert decide(grants, ask(department_name="县民政局"), OFFER).columns == tuple(OFFER.sensitivity)
    assert not decide(grants, ask(), OFFER).is_allowed


@pytest.mark.parametrize(
    "broken",
    [
        {"area_code": "5323"},
        {"valid_from": "2025"},
        {"valid_until": "2024-01-01"},
        {"purpose": ""},
        {"legal_basis": ""},
    ],
)
def test_a_broken_grant_gives_nothing(broken):
    good, findings = read_grants([GRANT, GRANT | broken])
    assert good == [GRANT]
    assert [f.code for f in findings] == ["OF-424"]
    assert "第 3 行" in findings[0].message


MASKS = [
    ("公民身份号码", "532328199001011234", "532328************"),
    ("姓名", "欧阳明", "欧**"),
    ("联系电话", "13800001234", "138****1234"),
    ("银行账号", "6222020012345678", "************5678"),
    ("现住址", "某村1号", "****"),
    ("残疾等级", "一级", "**"),
    ("姓名", "李", "*"),
    ("姓名", None, None),
]


@pytest.mark.parametrize(("label", "value", "shown"), MASKS)
def test_masks(label, value, shown):
    frame = pl.DataFrame({"x": [value]}, schema={"x": pl.String})
    assert frame.with_columns(mask_expressions(frame.schema, {"x": label}))["x"].to_list() == [shown]


def test_masked_numbers_are_gone():
    frame = pl.DataFrame({"x": [7]})
    assert frame.with_columns(mask_expressions(frame.schema, {"x": "金额"}))["x"].to_list() == [None]
