"""A county of five forms, and forms to put before its gate: what the tests of the gate share."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache

import polars as pl

from pipelines.admission.county import County
from pipelines.admission.proposal import FORM_ID, MARKS, Proposal, Said
from pipelines.admission.register import Before, Living, keep_register
from pipelines.catalogue.registry import build
from schemas.admission import AdmissionClocks, AdmittedFields, OffRegister, TemplateChanges
from schemas.elements import Elements, Verdicts
from schemas.organisations import Areas
from schemas.reports import ReportFields, Reports, TemplateChecks, Templates
from schemas.sharing import ShareViews

TODAY = "2026-11-27"
"""A Friday; no holiday follows until New Year."""
PEOPLE = "姓名 公民身份号码 性别 家庭住址 联系电话 是否低保 开户银行 银行账号"
FARMING = "耕地面积（亩） 粮食产量（吨） 农作物播种面积（亩）"
POPULATION = "常住人口数（人） 户籍人口数（人） 总户数（户）"
FORMS = {
    "MZ01": (
        "农村低保对象花名册",
        "县民政局",
        "月",
        "roster",
        "姓名 公民身份号码 性别 家庭住址 联系电话 是否低保 开户银行 银行账号",
    ),
    "CL01": ("持证残疾人花名册", "县残疾人联合会", "季", "roster", "姓名 公民身份号码 性别 残疾类别 残疾等级 联系电话"),
    "NY01": (
        "农业生产情况统计表",
        "县农业农村局",
        "季",
        "statistics",
        "耕地面积（亩） 粮食产量（吨） 农作物播种面积（亩）",
    ),
    "TJ01": (
        "村（社区）人口状况统计表",
        "县统计局",
        "年",
        "statistics",
        "常住人口数（人） 户籍人口数（人） 总户数（户）",
    ),
    "TJ02": ("人口简表", "县统计局", "年", "statistics", "常住人口数（人） 户籍人口数（人）"),
}


def fields(form_id: str, title: str, department: str, frequency: str, layout: str, labels: str) -> pl.DataFrame:
    """Return ReportFields of a form; labels are parted by white space, a unit in brackets at the end."""
    rows = [
        {
            "field_id": f"{form_id}#{number}",
            "form_id": form_id,
            "form_title": title,
            "department_name": department,
            "respondent_level": "村",
            "frequency": frequency,
            "layout": layout,
            "table_no": 1,
            "field_no": number,
            "path": label,
            "role": "fill",
            "cell": f"{chr(65 + number)}4",
        }
        for number, label in enumerate(labels.split())
    ]
    return ReportFields.frame(rows)


@cache
def county() -> County:
    """Return the county on TODAY."""
    report_fields = pl.concat([fields(form_id, *about) for form_id, about in FORMS.items()])
    reports = [
        {"report_id": form_id, "report_name": title, "department_name": department, "frequency": frequency}
        | {"respondent_level": "村", "template_file": f"{title}.xlsx", "legal_basis": "工作需要"}
        for form_id, (title, department, frequency, _, _) in FORMS.items()
    ]
    reports[0] |= {"form_code": "民01表", "issuing_body": "省民政厅", "approving_body": "省统计局"}
    reports[0] |= {"approval_no": "统制〔2026〕1号", "valid_until": "2027-06-30"}
    reports[4] |= {"valid_until": "2025年12月"}
    areas = [{"area_code": f"532328{n:06d}", "area_name": f"村{n}", "area_level": "村"} for n in range(1, 11)]
    made = County(
        reports=Reports.frame(reports),
        areas=Areas.frame(areas),
        report_fields=report_fields,
        catalogue=build(report_fields, Verdicts.empty(), Elements.empty()),
        verdicts=Verdicts.empty(),
        today=TODAY,
        name="元谋县（模拟数据）",
        code="532328",
    )
    return replace(made, register=kept(made).register)


def kept(
    place: County, before: Before | None = None, templates: pl.DataFrame | None = None, today: str = TODAY, **more
):
    """Return the county's living register."""
    return keep_register(
        place.reports,
        first_templates(place) if templates is None else templates,
        more.pop("report_fields", place.report_fields),
        more.pop("share_views", ShareViews.empty()),
        place.requests,
        place.decisions,
        more.pop("strays", ()),
        before or nothing_before(),
        today,
        county_code=place.code,
        **more,
    )


def nothing_before() -> Before:
    """Return the state before the first run."""
    return Before(AdmittedFields.empty(), TemplateChanges.empty(), AdmissionClocks.empty(), OffRegister.empty())


def left_by(living: Living) -> Before:
    """Return what a run leaves for the next."""
    return Before(living.admitted, living.changes, living.clocks, living.off_register)


def first_templates(place: County) -> pl.DataFrame:
    """Return Templates whose hash is the report's own name."""
    rows = [
        {"template_hash": f"hash of {report_id}", "report_id": report_id, "table_no": 1, "file": "x", "sheet": "s"}
        | {"confidence": 1.0}
        for report_id in place.reports["report_id"]
    ]
    return Templates.frame(rows)


def form(labels: str, title: str = "新表", layout: str = "roster", origin: str = "申请", **said: str) -> Proposal:
    """Return a form before the gate; `said` fills Said, and marks by their names."""
    marks = {name: said.pop(name, "") for name in MARKS}
    stated = {
        "department_name": "县民政局",
        "frequency": "年",
        "respondent_level": "村",
        "legal_basis": "《条例》",
    } | said
    own = fields(FORM_ID, title, stated["department_name"], stated["frequency"], layout, labels)
    content = hashlib.sha256(f"{title} {labels}".encode()).hexdigest()
    return Proposal(title, content, "新表.xlsx", origin, Said(**stated), marks, own, TemplateChecks.empty())
