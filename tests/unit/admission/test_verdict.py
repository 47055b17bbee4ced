"""The verdict, with its reasons: each a case; and the plain answer to every kind of bad input."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.admission.articles import articles
from pipelines.admission.examine import examine
from pipelines.admission.proposal import Said, propose_file, propose_text
from pipelines.rulebook import rows
from schemas.admission import VERDICTS
from tests.unit.admission.small import FORMS, county, form

NEW = "取暖方式 是否安装烟感报警器 电线是否老化"
PEOPLE = "姓名 公民身份号码 性别 残疾类别 开户银行 银行账号"


@pytest.mark.parametrize(
    ("proposal", "verdict", "then"),
    [
        (form("姓名 公民身份号码 性别"), "不需要", ""),
        (form("姓名 年龄"), "不需要", ""),
        (form(f"{PEOPLE} 取暖方式"), "合并", ""),
        (form(f"姓名 公民身份号码 {NEW}"), "精简后准入", ""),
        (form(NEW, "居家安全排查表"), "准入", ""),
        (form(f"姓名 {NEW}", legal_basis=""), "退回补正", "精简后准入"),
        (form(f"姓名 {NEW}", frequency="未说明"), "退回补正", "精简后准入"),
        (form(NEW, issued="2026-11-27", due="2026-11-27"), "退回补正", "准入"),
        (form(NEW, issued="2026-11-27", due="2026-12-20"), "准入", ""),
        (form(NEW, "防汛应急排查表", issued="2026-11-27", due="2026-11-27"), "准入", ""),
        (form(NEW, due="2026-11-01"), "退回补正", "准入"),
        (form(NEW, origin="已下发"), "退回补正", "准入"),
        (form(NEW, issuing_body="云南省民政厅"), "退回补正", "准入"),
        (form(FORMS["TJ01"][4], FORMS["TJ01"][0], "statistics", department_name="县统计局"), "不需要", ""),
    ],
    ids=lambda value: value if isinstance(value, str) else value.title,
)
def test_the_verdict(proposal, verdict, then):
    report, found = examine(proposal, county())
    assert found == []
    assert (report.verdict.name, report.verdict.then) == (verdict, then)
    assert verdict in VERDICTS
    assert report.verdict.reasons
    assert any(reason.articles for reason in report.verdict.reasons)


def test_nothing_is_merged_into_a_form_that_has_run_out():
    place = county()
    proposal = form(f"{PEOPLE} 取暖方式")
    into = examine(proposal, place)[0].verdict.into
    run_out = pl.when(pl.col("report_id") == into).then(pl.lit("2025-12-31")).otherwise("valid_until")
    report, _ = examine(proposal, replace(place, reports=place.reports.with_columns(run_out.alias("valid_until"))))
    assert report.verdict.into not in {into, ""} or report.verdict.name == "精简后准入"
    assert into not in {one.report_id for one in examine(proposal, place)[0].exchanges}, "what is merged into stays"


def test_every_article_that_a_rule_names_is_there():
    known = articles()
    for row in (row for name in ("admission_header",) for row in rows(name)):
        assert row["article"] in known
    assert all(one.law and one.text for one in known.values())


def test_gross_and_net_burden_are_worksheet_arithmetic():
    report, _ = examine(form(f"姓名 {NEW}", frequency="月"), county())
    villages, months, rows = 10, 12, 30
    assert report.gross.cells == villages * months * rows * 4
    assert report.net.cells == villages * months * rows * 3
    assert report.gross.hours == pytest.approx(villages * months * (15 + 4 * rows * 10 / 60) / 60)
    assert report.net.hours == pytest.approx(villages * months * (15 + 3 * rows * 10 / 60) / 60)


def test_one_in_one_out_names_forms_of_the_department_that_can_go():
    report, _ = examine(form(NEW, "居家安全排查表", department_name="县统计局"), county())
    assert [one.report_id for one in report.exchanges] == ["TJ02"]
    assert "2025-12-31" in report.exchanges[0].why


@pytest.mark.parametrize(
    ("labels", "frequency", "codes"),
    [
        ("姓名 公民身份号码 家庭住址", "月", {"OF-611", "OF-613"}),
        ("残疾等级", "年", {"OF-613"}),
        ("姓名 联系电话", "年", set()),
    ],
)
def test_what_is_asked_in_vain_and_what_is_sensitive(labels, frequency, codes):
    report, _ = examine(form(labels, frequency=frequency), county())
    assert {finding.code for finding in report.findings} == codes


def text(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "content", "said", "code", "words"),
    [
        ("通知.docx", b"PK not a document", {"department_name": "县民政局"}, "OF-600", "没有受理"),
        ("没有.xlsx", None, {"department_name": "县民政局"}, "OF-600", "没有这个文件"),
        ("消息.txt", "大家好，今天天气不错", {"department_name": "县民政局"}, "OF-601", "没有找到要报的数据项"),
        ("消息.txt", "", {"department_name": "县民政局"}, "OF-601", "没有找到"),
        ("消息.txt", "请各村报：1.姓名 2.住址", {"department_name": "县宇航局"}, "OF-602", "县宇航局"),
        ("消息.txt", "请各村报：1.姓名 2.住址", {}, "OF-603", "不知道这张表是哪个部门要的"),
    ],
)
def test_what_is_no_form_gets_its_own_answer(name, content, said, code, words, tmp_path):
    path = tmp_path / name
    if content is not None:
        text(path, content)
    proposal, found = propose_file(path, Said(**said))
    report, more = examine(proposal, county()) if proposal else (None, [])
    assert report is None
    (finding,) = [*found, *more]
    assert finding.code == code
    assert words in finding.message
    assert finding.remedy


@pytest.mark.parametrize(
    ("proposal", "code", "words"),
    [
        (form(FORMS["CL01"][4], FORMS["CL01"][0], department_name="县残疾人联合会"), "OF-604", "逐栏相同"),
        (form(NEW), "OF-605", "3 个数据项在目录里都没有"),
        (form(NEW, "牟定县居家安全排查表"), "OF-606", "牟定县"),
        (form(NEW, issuing_body="牟定县应急管理局"), "OF-606", "本县是“元谋县”"),
        (form(NEW, origin="已下发", valid_until="2024年12月"), "OF-608", "2024-12-31"),
    ],
)
def test_odd_forms_get_their_own_answer(proposal, code, words):
    report, found = examine(proposal, county())
    assert found == []
    said = {finding.code: finding.message for finding in report.findings}
    assert words in said[code]


def test_a_department_is_known_by_its_usual_names():
    for name in ("县民政局", "民政局", "元谋县民政局"):
        report, found = examine(form("姓名", department_name=name), county())
        assert found == []
        assert report.proposal.said.department_name == "县民政局"


def test_a_message_to_villages_counts_as_issued_and_one_list_does_not():
    sent, _ = propose_text("请各村报：1.姓名 2.住址，今天下午5点前", Said(issued="2026-11-27"))
    plain, _ = propose_text("姓名\n住址", Said())
    assert (sent.origin, plain.origin) == ("已下发", "申请")
    assert sent.items.select(pl.col("cell")).to_series().to_list() == ["第1项", "第2项"]
