"""The letters: what they must say, that they cite law, and that the same letter gives the same bytes."""

import re

import pytest
from docx import Document

from pipelines.admission.examine import examine
from pipelines.admission.letter import grounds, opinion, refusal
from pipelines.surface.admission_page import write_page, write_workbook
from pipelines.surface.letter_docx import write_docx
from tests.unit.admission.small import FORMS, county, form

NEW = "取暖方式 是否安装烟感报警器"


def examined(proposal):
    report, found = examine(proposal, county())
    assert found == []
    return report


def listed(name, **more):
    title, department, frequency, layout, labels = FORMS[name]
    return form(labels, title, layout, "已下发", department_name=department, frequency=frequency, **more)


@pytest.mark.parametrize(
    ("proposal", "words"),
    [
        (form(NEW, "急要数据", origin="已下发"), ["没有准入编号", "表号"]),
        (listed("TJ02"), ["有效期到 2025-12-31", "表号"]),
        (listed("MZ01", **dict.fromkeys(("form_code", "issuing_body", "approving_body", "approval_no"), "有")), []),
        (form(f"{FORMS['MZ01'][4]} 取暖方式", FORMS["MZ01"][0], origin="已下发"), ["没有重新准入", "表号"]),
        (
            form(NEW, "急要数据", origin="已下发", issued="2026-11-27", due="2026-11-27"),
            ["没有准入编号", "表号", "0 个工作日"],
        ),
    ],
    ids=["unadmitted", "expired", "valid", "changed", "no time"],
)
def test_grounds_to_refuse(proposal, words):
    found = grounds(examined(proposal))
    assert len(found) == len(words)
    for said, word in zip(found, words, strict=True):
        assert word in said


def test_the_reply_says_why_where_to_get_it_and_what_to_do():
    report = examined(form(f"姓名 {NEW}", "急要数据", origin="已下发", due="2026-11-28"))
    text = refusal(report, grounds(report), "元马镇人民政府").as_text()
    for words in (
        "县民政局：",
        "有权拒绝填报",
        "《政务数据共享条例》第十九条",
        "1 项县里已经有",
        "取暖方式",
        "元马镇人民政府",
    ):
        assert words in text
    assert "感谢" in text
    assert not re.search("拒绝配合|不予理睬", text)


def test_the_opinion_has_verdict_reasons_and_term():
    text = opinion(examined(form(f"姓名 {NEW}")), "SQ-2026-0001").as_text()
    for words in ("SQ-2026-0001", "建议：精简后准入", "第十九条", "2026-12-25", "最终决定由审查机关作出"):
        assert words in text


def test_the_same_letter_gives_the_same_bytes_and_reads_back(tmp_path):
    letter = opinion(examined(form(f"姓名 {NEW}")), "SQ-2026-0001")
    once, twice = (write_docx(letter, tmp_path / f"{n}.docx") for n in (1, 2))
    assert once.read_bytes() == twice.read_bytes()
    said = [paragraph.text for paragraph in Document(str(once)).paragraphs]
    assert said[:3] == [letter.title, letter.number, f"{letter.to}："]
    assert [text for _, text in letter.body] == said[3 : 3 + len(letter.body)]


@pytest.mark.parametrize("labels", ["姓名 <script>alert(1)</script>", f"姓名 {NEW}", "姓名 年龄"])
def test_page_and_workbook_are_written_for_any_form(labels, tmp_path):
    report = examined(form(labels))
    page = write_page(report, "SQ-1", tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert report.verdict.title in page
    assert write_workbook(report, tmp_path / "a.xlsx").stat().st_size > 1000
