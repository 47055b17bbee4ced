"""From ledgers to a snapshot: views, contracts, pages and filled templates of a county of two villages."""

import json
from dataclasses import replace

import openpyxl
import polars as pl

from pipelines.sharing.publish import write_share
from pipelines.store import snapshots
from pipelines.store.query import run_all


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
