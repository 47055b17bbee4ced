"""From ledgers to a snapshot to an audited pull, on a county of two villages."""

import json
from dataclasses import replace
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


def test_views_have_the_departments_columns_units_and_codes(published):
    roster = pl.read_parquet(published.path / "views" / "R1_1.parquet").drop("_subject_key", "_area_code", "_period")
    assert roster.columns == ["姓名", "出生年月", "面积", "等级"]
    assert [tuple(str(v) if v is not None else None for v in row) for row in roster.rows()] == [
        ("李四", "1990年1月", "2.000000", "1"),
        ("=SUM(A1)", None, None, "2"),
    ]
    numbers = pl.read_parquet(published.path / "views" / "R2_1.parquet")
    assert numbers.select("区划名称", "人口数").rows() == [
        ("元谋县", 2),
        ("元马镇", 2),
        ("元马镇甲村", 1),
        ("元马镇乙村", 1),
    ]


def test_reports_contracts_and_pages_are_there(published):
    path = published.path
    page = openpyxl.load_workbook(next((path / "reports" / "县残联").glob("*.xlsx")))["表"]
    assert [c.value for c in page[2]] == [1, "李四", "1990年1月", 2, "1"]
    assert page["B3"].value == "=SUM(A1)"
    assert page["B3"].data_type == "s"
    town = next(path.glob("reports/县统计局/*/532328101*.csv")).read_bytes().decode("gb18030")
    assert town == "指标,数量\n人口数,2\n面积,7.5\n合计,\n"
    made = json.loads((path / "views" / "R1_1.json").read_text(encoding="utf-8"))
    assert [c["source"] for c in made["columns"]] == ["", "人员台账", "人员台账（推算）", "人员台账", "人员台账"]
    area = made["columns"][3]
    assert (area["unit"], area["elementUnit"]) == ("公顷", "亩"), "the contract says what the values are in"
    text = (path / "views" / "R1_1.md").read_text(encoding="utf-8")
    assert "亩换算为公顷：乘 1 除以 15" in text
    assert snapshots.verify(path) == []


def test_publishing_again_changes_nothing(held, published, tmp_path):
    again = snapshots.publish(tmp_path / "share", lambda folder: write_share(folder, held, run_all).facts)
    assert (again.version, again.is_new) == (published.version, False)


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "json", "arrow", "report"])
def test_every_format_is_logged_before_it_leaves_and_has_stable_bytes(ask, form):
    first, log = ask(f"a.{form}", format=form)
    second, _ = ask(f"b.{form}", format=form)
    assert first.is_given
    assert first.row_count == 2
    assert first.path.read_bytes() == second.path.read_bytes()
    assert log.row(-1, named=True)["content_hash"] == first.content_hash
    assert log.row(-1, named=True)["outcome"] == "提供"


def test_an_area_limits_the_rows(ask):
    result, _ = ask(area_code="乙村")
    assert result.path.read_text(encoding="utf-8-sig").splitlines()[1:] == ["'=SUM(A1),,,2"]


GRANT = {
    "grant_id": "G1",
    "department_name": "县统计局",
    "view_name": "R1_1",
    "column_names": "*",
    "area_code": TOWN,
    "purpose": "核对",
    "legal_basis": "某法",
    "valid_from": "2025-01-01",
    "valid_until": "2026-12-31",
    "granted_by": "数据局",
}


def test_another_department_gets_sensitive_columns_masked(ask):
    result, log = ask(grants=[GRANT], department_name="县统计局", area_code=TOWN, format="json", out="o.json")
    assert result.masked == ("等级",)
    assert [row["等级"] for row in json.loads(result.path.read_text(encoding="utf-8"))] == ["*", "*"]
    assert "脱敏 1 列" in log.row(-1, named=True)["reason"]


REFUSED = [
    ({"department_name": "县统计局"}, "OF-413"),
    ({"department_name": "没有的局"}, "OF-410"),
    ({"report": "R9"}, "OF-411"),
    ({"report": "../../etc/passwd"}, "OF-418"),
    ({"department_name": "x' OR '1'='1"}, "OF-418"),
    ({"columns": ('姓名"; DROP TABLE x',)}, "OF-418"),
    ({"purpose": ""}, "OF-412"),
    ({"format": "exe"}, "OF-420"),
    ({"area_code": "999999999999"}, "OF-416"),
    ({"report": "R2", "department_name": "县统计局", "period": "2020-01"}, "OF-421"),
]


@pytest.mark.parametrize(("changes", "code"), REFUSED)
def test_refusals_say_why_are_logged_and_leak_nothing(ask, tmp_path, changes, code):
    result, log = ask(**changes)
    assert not result.is_given
    assert result.refusal.code == code
    assert result.refusal.remedy
    assert log.row(-1, named=True)["outcome"] == "拒绝"
    assert not (tmp_path / "out.csv").exists()
    assert "李四" not in str(result.refusal)


def test_what_cannot_be_logged_does_not_leave(published, tmp_path):
    def broken(entry):
        raise OSError("disk full")

    request = PullRequest("县残联", "R1", "核对", "2025-12-31T10:00:00", "csv")
    with pytest.raises(OSError, match="disk full"):
        pull(published.path, request, tmp_path / "x.csv", broken)
    assert list(tmp_path.glob("*x.csv*")) == []


def test_before_anything_is_published(tmp_path):
    entries = []
    result = pull(None, PullRequest("县残联", "R1", "核对", "2025-12-31T10:00:00"), tmp_path / "x.xlsx", entries.append)
    assert result.refusal.code == "OF-419"
    assert entries[0]["outcome"] == "拒绝"


def test_a_template_that_changed_since_it_was_read_is_refused_and_logged(held, tmp_path):
    changed = replace(held, template_hashes={"R1": "0" * 64})
    made = []
    snapshot = snapshots.publish(
        tmp_path / "share", lambda folder: made.append(write_share(folder, changed, run_all)) or made[0].facts
    )
    assert [f.code for f in made[0].findings if f.report_id == "R1"][-1] == "OF-403"
    assert not list(snapshot.path.glob("reports/县残联/*"))
    entries = []
    request = PullRequest("县残联", "R1", "核对", "2025-12-31T10:00:00", "report")
    result = pull(snapshot.path, request, tmp_path / "a.xlsx", entries.append)
    assert (result.is_given, result.refusal.code) == (False, "OF-403")
    assert result.refusal.remedy
    assert entries[-1]["outcome"] == "拒绝"
    assert pull(snapshot.path, replace(request, format="csv"), tmp_path / "a.csv", entries.append).is_given


def test_a_view_on_a_retired_element_is_refused_until_the_column_is_left_out(held, tmp_path):
    retired = pl.when(pl.col("element_id") == "DE3").then(pl.lit("已停用")).otherwise(pl.col("status"))
    elements = held.elements.with_columns(retired.alias("status"))
    made = []
    snapshot = snapshots.publish(
        tmp_path / "share",
        lambda folder: made.append(write_share(folder, replace(held, elements=elements), run_all)) or made[0].facts,
    )
    assert "OF-460" in [f.code for f in made[0].findings]
    entries = []
    request = PullRequest("县残联", "R1", "核对", "2025-12-31T10:00:00", "csv")
    for asked in (request, replace(request, format="report"), replace(request, columns=("姓名", "面积"))):
        result = pull(snapshot.path, asked, tmp_path / "a.csv", entries.append)
        assert (result.is_given, result.refusal.code) == (False, "OF-460")
        assert "DE3" in result.refusal.message
        assert entries[-1]["outcome"] == "拒绝"
    assert pull(snapshot.path, replace(request, columns=("姓名",)), tmp_path / "a.csv", entries.append).is_given
    foreign = pull(snapshot.path, replace(request, department_name="县统计局"), tmp_path / "b.csv", entries.append)
    assert foreign.refusal.code == "OF-413", "who has no grant is not told what the view rests on"


def test_the_way_from_the_cell_to_the_element_to_the_column(published):
    rows = pl.read_csv(published.path / "lineage.csv", infer_schema=False).to_dicts()
    area = next(row for row in rows if row["field_id"] == "R1#3")
    assert (area["cell"], area["element_id"], area["source"], area["column_name"]) == ("D2", "DE3", "person", "面积")
    signature = next(row for row in rows if row["field_id"] == "R2#2")
    assert (signature["column_name"], bool(signature["reason"])) == ("", True)


def test_the_contract_keeps_its_version_until_something_in_it_changes(held, tmp_path):
    def publish(county):
        before = snapshots.current(tmp_path / "share")
        return snapshots.publish(
            tmp_path / "share", lambda folder: write_share(folder, county, run_all, before=before).facts
        )

    def version(snapshot):
        return json.loads((snapshot.path / "contracts" / "R1_1.json").read_text(encoding="utf-8"))["version"]

    first = publish(held)
    assert publish(held).version == first.version
    map_ = held.element_map.with_columns(
        pl.when(pl.col("field_id") == "R1#3").then(None).otherwise(pl.col("rule")).alias("rule")
    )
    second = publish(replace(held, element_map=map_))
    assert (version(first), version(second), version(publish(held))) == ("1.0.0", "2.0.0", "3.0.0")


def test_a_template_without_the_sheet_its_fields_name_is_a_finding(held, tmp_path):
    fields = held.report_fields.with_columns(pl.lit("旧表").alias("sheet"))
    (tmp_path / "aside").mkdir()
    found = write_share(tmp_path / "aside", replace(held, report_fields=fields), run_all).findings
    [changed] = [finding for finding in found if finding.code == "OF-403"]
    assert "找不到“旧表”" in changed.message
