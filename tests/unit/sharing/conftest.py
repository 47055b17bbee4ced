"""A county of two villages, its snapshot, and a department that asks for data."""

from functools import partial

import openpyxl
import polars as pl
import pytest

from pipelines.sharing.granted import PullRequest
from pipelines.sharing.publish import Holdings, write_share
from pipelines.sharing.pull import pull
from pipelines.store import audit_log, snapshots
from pipelines.store.query import run_all
from schemas.elements import Derivations, ElementMap, Elements
from schemas.ledgers import FillPlan, Populations
from schemas.organisations import Areas
from schemas.reports import ReportFields, Reports, TemplateChecks

COUNTY, TOWN, A, B = "532328000000", "532328101000", "532328101001", "532328101002"
ID = "532328199001010014"
BORN = """CASE WHEN length("DE0") = 18 THEN
  concat(substr("DE0", 7, 4), '-', substr("DE0", 11, 2), '-', substr("DE0", 13, 2)) END"""


def element(element_id, object_class, label, kind="text", **more):
    base = {
        "element_id": element_id,
        "element_key": f"{object_class}.{label}",
        "element_name": label,
        "property": label,
    }
    base |= {
        "object_class": object_class,
        "qualifiers": "",
        "temporal": "stock",
        "data_type": kind,
        "representation": "",
    }
    base |= {"aggregation": "none", "sensitivity": "一般", "share_type": "有条件共享", "source_department": "县公安局"}
    return base | {"field_count": 1, "form_count": 1, "status": "草案"} | more


def field(report, number, path, cell, layout, **more):
    base = {"field_id": f"{report}#{number}", "form_id": report, "table_no": 1, "field_no": number, "sheet": "表"}
    return base | {"path": path, "cell": cell, "layout": layout, "role": "fill", "data_type": "text"} | more


@pytest.fixture
def held(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active.append(["序号", "姓名", "出生年月", "面积（公顷）", "等级"])
    book.save(tmp_path / "roster.xlsx")
    (tmp_path / "stat.csv").write_text("指标,数量\n人口数,\n面积,\n合计,\n", encoding="gb18030")
    fields = [
        field("R1", 0, "序号", "A2", "roster", role="serial"),
        field("R1", 1, "姓名", "B2", "roster"),
        field("R1", 2, "出生年月", "C2", "roster"),
        field("R1", 3, "面积", "D2", "roster"),
        field("R1", 4, "等级", "E2", "roster"),
        field("R2", 0, "人口数", "B2", "statistics"),
        field("R2", 1, "面积", "B3", "statistics"),
        field("R2", 2, "签字", "B9", "statistics", role="meta"),
    ]
    maps = [
        ("R1#1", "DE1", "same", None),
        ("R1#2", "DE2", "rendered", '{"date_format": "YYYY年M月"}'),
        (
            "R1#3",
            "DE3",
            "converted",
            '{"factor": "0.0666666666666666666666666666", "unit_from": "亩", "unit_to": "公顷"}',
        ),
        ("R1#4", "DE5", "coded", '{"codes": {"一级": "1", "二级": "2"}}'),
        ("R2#0", "DE6", "same", None),
        ("R2#1", "DE7", "same", None),
    ]
    plan = [("person", "DE0", True, ""), ("person", "DE1", True, ""), ("person", "DE2", False, "可推算")]
    plan += [("person", "DE3", True, ""), ("person", "DE5", True, ""), ("indicator", "DE7", True, "")]
    person = pl.DataFrame(
        [(ID, A, ID, "李四", 30.0, "一级"), ("x2", B, None, "=SUM(A1)", None, "二级")],
        schema=["subject_key", "area_code", "DE0", "DE1", "DE3", "DE5"],
        orient="row",
    ).cast({"DE3": pl.Float64})
    numbers = [(a, "2025-12", n) for a, n in ((A, 3.5), (B, 4.0), (TOWN, 7.5), (COUNTY, 7.5))]
    return Holdings(
        reports=Reports.frame(
            [
                {
                    "report_id": "R1",
                    "report_name": "残疾人花名册",
                    "department_name": "县残联",
                    "frequency": "年",
                    "respondent_level": "村",
                    "legal_basis": "某条例",
                },
                {
                    "report_id": "R2",
                    "report_name": "基本情况",
                    "department_name": "县统计局",
                    "frequency": "月",
                    "respondent_level": "村",
                },
            ]
        ),
        report_fields=ReportFields.frame(fields),
        element_map=ElementMap.frame(
            [
                {
                    "field_id": f,
                    "element_id": e,
                    "relation": r,
                    "rule": rule,
                    "score": 1.0,
                    "decision": "规则",
                    "reason": "同名",
                }
                for f, e, r, rule in maps
            ]
        ),
        elements=Elements.frame(
            [
                element("DE0", "自然人", "公民身份号码", "identifier"),
                element("DE1", "自然人", "姓名", sensitivity="个人信息"),
                element("DE2", "自然人", "出生日期", "date"),
                element("DE3", "自然人", "面积", "decimal", unit="亩"),
                element("DE5", "自然人", "残疾等级", "code", sensitivity="敏感个人信息", value_domain="一级；二级"),
                element("DE6", "行政区域", "人口数", "integer", unit="人"),
                element("DE7", "行政区域", "面积", "decimal", aggregation="sum"),
            ]
        ),
        derivations=Derivations.frame(
            [
                {
                    "element_id": "DE2",
                    "kind": "id_number",
                    "ledger": "person",
                    "inputs": "DE0",
                    "reason": "GB 11643",
                    "expression": BORN,
                },
                {
                    "element_id": "DE6",
                    "kind": "count",
                    "ledger": "person",
                    "inputs": "DE1",
                    "reason": "人数",
                    "expression": 'count(CASE WHEN "DE1" IS NOT NULL THEN 1 END)',
                },
            ]
        ),
        template_checks=TemplateChecks.empty(),
        fill_plan=FillPlan.frame(
            [
                {
                    "ledger": ledger,
                    "element_id": e,
                    "column_no": n,
                    "is_key": False,
                    "is_asked": asked,
                    "reason": why,
                    "respondent_level": "村",
                    "frequency": "年",
                    "report_ids": "R1",
                }
                for n, (ledger, e, asked, why) in enumerate(plan)
            ]
        ),
        populations=Populations.frame(
            [
                {
                    "report_id": "R1",
                    "table_no": 1,
                    "ledger": "person",
                    "population": "全部",
                    "condition": "1 = 1",
                    "reason": "",
                }
            ]
        ),
        areas=Areas.frame(
            [
                {"area_code": COUNTY, "area_name": "元谋县", "area_level": "县"},
                {"area_code": TOWN, "area_name": "元马镇", "area_level": "乡镇", "parent_code": COUNTY},
                {"area_code": A, "area_name": "甲村", "area_level": "村", "parent_code": TOWN},
                {"area_code": B, "area_name": "乙村", "area_level": "村", "parent_code": TOWN},
            ]
        ),
        ledgers={
            "person": person,
            "indicator": pl.DataFrame(numbers, schema=["area_code", "period", "DE7"], orient="row"),
        },
        templates={"R1": tmp_path / "roster.xlsx", "R2": tmp_path / "stat.csv"},
        month="2025-12",
        as_of="2025-12-31",
    )


@pytest.fixture
def published(held, tmp_path):
    return snapshots.publish(tmp_path / "share", lambda folder: write_share(folder, held, run_all).facts)


@pytest.fixture
def ask(published, tmp_path):
    log = tmp_path / "log.jsonl"

    def go(out="out.csv", grants=(), **changes):
        base = {
            "department_name": "县残联",
            "report": "R1",
            "purpose": "核对",
            "at": "2025-12-31T10:00:00",
            "format": "csv",
        }
        write = partial(audit_log.append, log)
        return pull(published.path, PullRequest(**(base | changes)), tmp_path / out, write, grants), audit_log.read(log)

    return go
