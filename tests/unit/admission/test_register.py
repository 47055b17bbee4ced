"""The living register from day to day: editions, expiry, decisions, clocks, what goes round it, what moves by month."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.admission.clocks import clock_findings, standings
from pipelines.admission.decide import decide, longest
from pipelines.admission.examine import examine, request_row
from pipelines.admission.journal import append, read_journals, with_admitted
from pipelines.admission.register import register_findings, state_of
from schemas.admission import AdmissionDecisions, AdmissionRequests
from schemas.sharing import ShareViews
from tests.unit.admission.small import FORMS, TODAY, county, fields, first_templates, form, kept, left_by

NEW = "取暖方式 是否安装烟感报警器"


def asked(place, proposal, request_id="SQ-2026-0001", how="准入检查"):
    report, _ = examine(proposal, place)
    row = request_row(report, request_id, how)
    return replace(place, requests=pl.concat([place.requests, AdmissionRequests.frame([row])]))


def decided(place, decision, request_id="SQ-2026-0001", **more):
    made, found = decide(request_id, decision, "局务会", "同意", more.get("until", ""), more.get("into", ""), place)
    assert found == [], found
    return replace(place, decisions=pl.concat([place.decisions, AdmissionDecisions.frame([made.row])]))


def on(place, day):
    return replace(place, today=day)


def test_the_countys_list_is_the_first_register():
    living = kept(county())
    assert living.register["report_id"].to_list() == county().reports["report_id"].to_list()
    assert set(living.register["basis"]) == {"报表清单"}
    rows = {row["report_id"]: row for row in living.register.iter_rows(named=True)}
    assert rows["MZ01"]["control_no"] == "532328-QD-MZ01"
    assert rows["MZ01"]["missing"] is None
    assert rows["CL01"]["missing"].split("、")[0] == "表号"
    assert [state_of(rows[name], TODAY) for name in ("MZ01", "CL01", "TJ02")] == ["有效", "标识不全", "已过期"]
    assert state_of(rows["MZ01"], "2027-05-01") == "将到期"
    codes = {finding.code: finding for finding in register_findings(living, TODAY)}
    assert set(codes) == {"OF-641"}
    assert codes["OF-641"].report_id == "TJ02"


def test_a_changed_template_is_told_until_it_is_admitted_again():
    place, first = county(), kept(county())
    edited = place.report_fields.with_columns(path=pl.col("path").replace({"残疾等级": "残疾等级（2026版）"}))
    templates = first_templates(place).with_columns(
        template_hash=pl.when(pl.col("report_id") == "CL01").then(pl.lit("second")).otherwise("template_hash")
    )
    later = kept(place, left_by(first), templates, "2026-12-01", report_fields=edited)
    assert later.changes.select("report_id", "change", "before", "after").rows() == [
        ("CL01", "改名", "残疾等级", "残疾等级（2026版）")
    ]
    assert later.admitted.equals(first.admitted)
    assert "OF-640" in {finding.code for finding in register_findings(later, "2026-12-01")}
    again = kept(place, left_by(later), templates, "2026-12-05", report_fields=edited)
    assert again.changes["seen_at"].to_list() == ["2026-12-01"]
    proposal = form(
        "姓名 公民身份号码 性别 残疾类别 残疾等级（2026版） 联系电话",
        "持证残疾人花名册",
        department_name="县残疾人联合会",
    )
    admitted = decided(asked(place, replace(proposal, content_hash="second")), "准入")
    settled = kept(admitted, left_by(again), templates, "2026-12-08", report_fields=edited)
    assert settled.changes.is_empty()
    assert "残疾等级（2026版）" in settled.admitted["path"].to_list()
    row = settled.register.filter(pl.col("report_id") == "CL01").row(0, named=True)
    assert (row["basis"], row["control_no"]) == ("准入决定", "532328-2026-0001")


def test_a_template_that_was_only_saved_again_has_no_changes():
    place, first = county(), kept(county())
    templates = first_templates(place).with_columns(template_hash=pl.col("template_hash") + " saved again")
    assert kept(place, left_by(first), templates).changes.is_empty()


def test_admission_gives_number_and_expiry_and_the_form_joins_the_list():
    place = asked(county(), form(NEW, "居家安全排查表"))
    place = decided(place, "准入", until="2027-11-30")
    row = place.decisions.row(0, named=True)
    assert (row["control_no"], row["valid_until"], row["report_id"]) == (
        "532328-2026-0001",
        "2027-11-30",
        "532328-2026-0001",
    )
    listed = with_admitted(place.reports, place.requests, place.decisions)
    entry = listed.filter(pl.col("report_id") == "532328-2026-0001").row(0, named=True)
    assert (entry["report_name"], entry["frequency"], entry["approval_no"]) == (
        "居家安全排查表",
        "年",
        "532328-2026-0001",
    )
    register = kept(replace(place, reports=listed)).register
    assert register["report_id"].to_list().count("532328-2026-0001") == 1
    other = decided(asked(place, form("充电桩数 快递网点数", "新业态表"), "SQ-2026-0002"), "准入", "SQ-2026-0002")
    assert other.decisions["control_no"].to_list() == ["532328-2026-0001", "532328-2026-0002"]
    gone = decided(place, "撤销")
    assert "532328-2026-0001" not in kept(replace(gone, reports=listed)).register["report_id"].to_list()


@pytest.mark.parametrize(
    ("request_id", "decision", "by", "reason", "until", "into", "code"),
    [
        ("SQ-2026-0009", "准入", "甲", "可", "", "", "OF-621"),
        ("SQ-2026-0001", "同意", "甲", "可", "", "", "OF-620"),
        ("SQ-2026-0001", "准入", "", "可", "", "", "OF-622"),
        ("SQ-2026-0001", "准入", "甲", " ", "", "", "OF-622"),
        ("SQ-2026-0001", "准入", "甲", "可", "2026-11-27", "", "OF-623"),
        ("SQ-2026-0001", "准入", "甲", "可", "2036-11-27", "", "OF-623"),
        ("SQ-2026-0001", "准入", "甲", "可", "明年", "", "OF-623"),
        ("SQ-2026-0001", "合并", "甲", "可", "", "XX99", "OF-625"),
    ],
)
def test_a_wrong_decision_is_not_recorded(request_id, decision, by, reason, until, into, code):
    place = asked(county(), form(NEW, "居家安全排查表"))
    made, (finding,) = decide(request_id, decision, by, reason, until, into, place)
    assert made is None
    assert finding.code == code


def test_the_longest_validity_is_three_years():
    assert longest("2026-11-27") == "2029-11-26"


def test_the_review_clock_runs_warns_extends_once_and_stops():
    place = asked(county(), form(NEW, "居家安全排查表"))
    clocks = kept(place).clocks

    def state(clocks, day):
        return [standing.state for _, standing in standings(clocks, day)]

    assert state(clocks, "2026-12-01") == ["办理中"]
    assert state(clocks, "2026-12-18") == ["临期"]
    assert [finding.code for finding in clock_findings(clocks, "2026-12-18")] == ["OF-644"]
    assert state(clocks, "2026-12-28") == ["逾期"]
    assert [finding.severity for finding in clock_findings(clocks, "2026-12-28")] == ["error"]
    longer = decided(on(place, "2026-12-18"), "延期")
    assert state(kept(longer).clocks, "2026-12-28") == ["办理中"]
    again, (finding,) = decide("SQ-2026-0001", "延期", "甲", "忙", "", "", on(longer, "2026-12-30"))
    assert again is None
    assert finding.code == "OF-624"
    done = decided(on(longer, "2026-12-30"), "退回补正")
    assert state(kept(done).clocks, "2027-02-01") == ["已办"]


def test_catalogue_change_and_publication_follow_an_admission():
    place = decided(asked(county(), form(NEW, "居家安全排查表")), "准入")
    first = kept(place)
    assert first.clocks.select("clock", "ended_at").rows() == [("admission", TODAY), ("catalogue_change", None)]
    number = place.decisions["control_no"][0]
    added = pl.concat([place.report_fields, fields(number, "居家安全排查表", "县民政局", "年", "roster", NEW)])
    changed = kept(place, left_by(first), today="2026-12-04", report_fields=added)
    assert changed.clocks.select("clock", "ended_at").rows() == [
        *(("admission", TODAY), ("catalogue_change", "2026-12-04")),
        ("publication", None),
    ]
    ((row, standing),) = [pair for pair in standings(changed.clocks, "2026-12-04") if not pair[0]["ended_at"]]
    assert (row["clock"], standing.due) == ("publication", "2026-12-08")
    view = dict.fromkeys(("view_name", "department_name", "title", "grain", "column_names", "sql", "content_hash"), "x")
    views = ShareViews.frame([view | {"report_id": number, "table_no": 1, "row_count": 0}])
    out = kept(place, left_by(changed), today="2026-12-07", report_fields=added, share_views=views)
    assert out.clocks["ended_at"].to_list() == [TODAY, "2026-12-04", "2026-12-07"]
    stays = kept(place, left_by(out), today="2027-01-07", report_fields=added, share_views=views)
    assert stays.clocks.equals(out.clocks)


def test_a_form_asked_for_again_with_more_replaces_the_first_request():
    place = asked(county(), form(NEW, "居家安全排查表", legal_basis=""))
    place = asked(place, form(NEW, "居家安全排查表"), "SQ-2026-0002")
    assert kept(place).clocks["matter_id"].to_list() == ["SQ-2026-0002"]


def test_forms_round_the_gate_are_counted_by_department_and_month():
    place = asked(county(), form(NEW, "急要数据", origin="已下发", seen_by="元马镇"))
    place = asked(place, form(NEW, "急要数据", origin="已下发", seen_by="黄瓜园镇"), "SD-2026-0001", "拒填答复")
    place = asked(place, form("姓名 住房面积", "申请的表"), "SQ-2026-0003")
    stray = {"content_hash": "z", "form_title": "夹带的表", "department_name": "县水务局", "how": "报送夹带"}
    stray |= {"seen_by": None, "seen_at": "2026-12-02", "source_file": "x.xlsx", "item_count": 3, "why": "没有准入编号"}
    living = kept(place, strays=[stray], since="2026-11-01")
    assert living.off_register["how"].to_list() == ["准入检查", "拒填答复", "送审未准入", "报送夹带"]
    assert living.off_register["why"].to_list()[2] == "申请 SQ-2026-0003：还没有决定"
    counted = living.months.select("month", "department_name", "off_register_forms").rows()
    assert counted == [("2026-11", "县民政局", 2), ("2026-12", "县水务局", 1)]
    later = kept(county(), left_by(living))
    assert later.off_register.height == 3, "what was once seen in use stays counted"


def test_an_application_is_off_the_register_until_it_is_admitted():
    place = asked(county(), form("姓名 住房面积", "申请的表"))
    assert kept(place).off_register["how"].to_list() == ["送审未准入"]
    refused = kept(decided(place, "不需要")).off_register
    assert refused["why"].to_list() == ["申请 SQ-2026-0001：不需要"]
    assert kept(decided(place, "准入")).off_register.is_empty()
    used = asked(place, form("姓名 住房面积", "申请的表", origin="已下发", seen_by="元马镇"), "SD-2026-0001")
    assert kept(used).off_register["how"].to_list() == ["准入检查"], "the same content in use is counted once, as used"
    assert "OF-643" not in {f.code for f in register_findings(kept(place), TODAY)}, "an application is no fault"


def test_an_expired_form_still_in_use_goes_round_the_gate_and_a_valid_one_does_not():
    for name, why in (("TJ02", "2025-12-31"), ("MZ01", "")):
        title, department, frequency, layout, labels = FORMS[name]
        used = form(labels, title, layout, "已下发", department_name=department, frequency=frequency, seen_by="元马镇")
        found = kept(asked(county(), used)).off_register
        assert found.height == bool(why)
        assert not why or why in found["why"][0]


def test_months_tell_admitted_expired_and_added():
    place = decided(asked(county(), form(NEW, "居家安全排查表", frequency="月")), "准入")
    months = kept(place, since="2025-12-01", today="2026-12-31").months
    rows = {(row["month"], row["department_name"]): row for row in months.iter_rows(named=True)}
    admitted = rows["2026-11", "县民政局"]
    assert (admitted["admitted_forms"], admitted["new_items"], admitted["new_cells"]) == (1, 2, 10 * 12 * 30 * 2)
    assert rows["2025-12", "县统计局"]["expired_forms"] == 1
    assert kept(place, since="2026-01-01", today="2026-12-31").months["month"].to_list() == ["2026-11"]


def test_the_journal_is_appended_to_and_a_damaged_row_is_told(tmp_path):
    requests, decisions = tmp_path / "申请登记.csv", tmp_path / "决定登记.csv"
    place = asked(asked(county(), form(NEW, "甲表")), form(NEW, "乙表"), "SQ-2026-0002")
    for row in place.requests.iter_rows(named=True):
        append(requests, AdmissionRequests, row)
    back, none, found = read_journals(requests, decisions)
    assert found == []
    assert back.equals(place.requests)
    assert none.is_empty()
    before = requests.read_bytes()
    append(requests, AdmissionRequests, place.requests.row(0, named=True) | {"request_id": "SQ-2026-0003"})
    assert requests.read_bytes().startswith(before)
    text = requests.read_text(encoding="utf-8-sig").replace("SQ-2026-0002", "SQ-2026-0001")
    requests.write_text(text + "SQ-2026-0004,坏行\n", encoding="utf-8-sig")
    back, _, found = read_journals(requests, decisions)
    assert back["request_id"].to_list() == ["SQ-2026-0001", "SQ-2026-0003"]
    assert [finding.code for finding in found] == ["OF-646", "OF-646"]


def test_a_merger_is_done_when_the_target_is_admitted_again():
    place = decided(asked(county(), form("姓名 公民身份号码 残疾类别 取暖方式")), "合并", into="CL01")
    first = kept(place)
    assert first.clocks.select("clock", "ended_at").rows() == [("admission", TODAY), ("catalogue_change", None)]
    labels = "姓名 公民身份号码 性别 残疾类别 残疾等级 联系电话 取暖方式"
    edition = form(labels, "持证残疾人花名册", department_name="县残疾人联合会")
    later = decided(asked(place, edition, "SQ-2026-0002"), "准入", "SQ-2026-0002")
    clocks = kept(later, left_by(first), today="2026-12-02").clocks
    merged = clocks.filter((pl.col("matter_id") == "SQ-2026-0001") & (pl.col("clock") == "catalogue_change"))
    assert merged["ended_at"].to_list() == ["2026-12-02"]
