"""Applications for sharing: complete, of one share type, in time; every step once and in its order."""

import pytest

from pipelines.sharing import applications as form
from pipelines.sharing.policy import Offer, Request, decide

OFFER = Offer(
    "MZ01_1",
    "MZ01",
    "县民政局",
    {"区划代码": "一般", "单位名称": "一般", "姓名": "个人信息", "举报人": "敏感个人信息"},
    {"单位名称": "无条件共享", "姓名": "有条件共享", "举报人": "不予共享"},
)
WHAT = {
    "department_name": "县残联",
    "view_name": "MZ01_1",
    "column_names": "姓名",
    "area_code": "532328101000",
    "legal_basis": "某办法第九条",
    "scenario": "两项补贴资格核对",
    "purpose": "核对",
    "share_mode": "接口",
    "valid_from": "2025-09-01",
    "valid_until": "2026-08-31",
    "share_type": "有条件共享",
}


def made(*steps, **changes):
    rows = [form.step("A00001", form.APPLIED, "2025-09-22T09:00:00", "李四", what=WHAT | changes)]
    rows += [form.step("A00001", event, f"{day}T09:00:00", "张三") for event, day in steps]
    return form.applications(rows)["A00001"]


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        (["单位名称", "区划代码"], "无条件共享"),
        (["单位名称", "姓名"], "有条件共享"),
        (["姓名", "举报人"], "不予共享"),
        (["*"], "不予共享"),
        (["区划代码"], "无条件共享"),
    ],
)
def test_the_strictest_column_decides(columns, kind):
    assert form.share_type_of(OFFER, columns) == kind


def test_what_an_application_leaves_out_is_named():
    assert form.incomplete(WHAT) == []
    (finding,) = form.incomplete(WHAT | {"legal_basis": " ", "valid_until": ""})
    assert finding.code == "OF-450"
    assert "使用依据、使用时限止" in finding.message


CLOCKS = [
    # steps, changes, today: clock, due, state of each
    ([], {}, "2025-09-24", [("有条件共享申请答复", "2025-10-11", "办理中")]),
    ([], {}, "2025-10-10", [("有条件共享申请答复", "2025-10-11", "临期")]),
    ([], {}, "2025-10-14", [("有条件共享申请答复", "2025-10-11", "逾期")]),
    ([(form.EXTENDED, "2025-10-10")], {}, "2025-10-14", [("有条件共享申请答复", "2025-10-24", "办理中")]),
    ([], {"share_type": "无条件共享"}, "2025-09-24", [("无条件共享申请答复", "2025-09-23", "逾期")]),
    (
        [(form.AGREED, "2025-09-26")],
        {},
        "2025-10-31",
        [("有条件共享申请答复", "2025-10-11", "已办"), ("共享数据提供", "2025-10-30", "逾期")],
    ),
    (
        [(form.AGREED, "2025-09-26"), (form.PROVIDED, "2025-09-26")],
        {},
        "2025-12-31",
        [("有条件共享申请答复", "2025-10-11", "已办"), ("共享数据提供", "2025-10-30", "已办")],
    ),
    ([(form.DECLINED, "2025-10-20")], {}, "2025-12-31", [("有条件共享申请答复", "2025-10-11", "逾期办结")]),
]


@pytest.mark.parametrize(("steps", "changes", "today", "expected"), CLOCKS)
def test_the_clocks_of_articles_21_and_22(steps, changes, today, expected):
    found = form.clocks(made(*steps, **changes), today)
    assert [(c.clock.title, c.due, c.state) for c in found] == expected


def test_a_warning_comes_before_the_term_is_over_and_ends_with_the_answer():
    assert form.running_out([made()], "2025-09-24") == []
    (warning,) = form.running_out([made()], "2025-10-10")
    assert (warning.code, warning.severity) == ("OF-456", "warning")
    assert "还剩 1 个工作日" in warning.message
    assert "已超 2 个工作日" in form.running_out([made()], "2025-10-14")[0].message
    assert form.running_out([made((form.DECLINED, "2025-10-01"))], "2025-12-31") == []


STEPS = [
    ([], form.AGREED, "", None),
    ([], form.DECLINED, "依据不足", None),
    ([], form.DECLINED, " ", "OF-454"),
    ([], form.PROVIDED, "", "OF-452"),
    ([(form.EXTENDED, "2025-10-10")], form.EXTENDED, "再延", "OF-452"),
    ([(form.AGREED, "2025-09-26")], form.DECLINED, "反悔", "OF-452"),
    ([(form.DECLINED, "2025-09-26")], form.AGREED, "", "OF-452"),
]


@pytest.mark.parametrize(("before", "event", "detail", "code"), STEPS)
def test_steps_come_once_and_in_order(before, event, detail, code):
    finding = form.refused_step(made(*before), event, detail)
    assert (finding.code if finding else None) == code


def test_what_is_shared_without_conditions_cannot_be_declined():
    finding = form.refused_step(made(share_type="无条件共享"), form.DECLINED, "不想给")
    assert finding.code == "OF-453"


def test_an_agreement_becomes_a_grant_that_the_policy_takes():
    grant = form.grant_of(made((form.AGREED, "2025-09-26")), "县数据局", "2025-09-26")
    assert (grant["grant_id"], grant["valid_from"], grant["scenario"]) == ("G-A00001", "2025-09-26", "两项补贴资格核对")
    ask = Request("县残联", "MZ01_1", "核对", "532328101001", "2025-10-01")
    assert decide([grant], ask, OFFER).columns == ("姓名",)
    assert not decide([grant], Request("县残联", "MZ01_1", "核对", "532328101001", "2025-09-25"), OFFER).is_allowed


def test_no_grant_opens_what_is_not_shared():
    grant = {**form.grant_of(made(), "县数据局", "2025-09-01"), "column_names": "*；举报人"}
    ask = {"purpose": "核对", "area_code": "532328101001", "on": "2025-10-01", "view_name": "MZ01_1"}
    assert "举报人" not in decide([grant], Request("县残联", **ask), OFFER).columns
    assert decide([grant], Request("县残联", **ask, columns=("举报人",)), OFFER).refusal.code == "OF-426"
    own = grant | {"department_name": "县民政局"}
    assert "举报人" in decide([own], Request("县民政局", **ask), OFFER).columns
