"""What an item of a proposed form is, as rows of tests/golden/admission/items.csv; what differs from the register."""

import csv
from dataclasses import replace

import polars as pl
import pytest

from pipelines.admission.assess import assess
from pipelines.admission.contradictions import contradictions
from pipelines.admission.examine import examine
from schemas.elements import Derivations
from tests.unit.admission.small import county, form
from tests.unit.admission.test_message import GOLDEN


def rows():
    lines = (GOLDEN / "items.csv").read_text(encoding="utf-8").splitlines()
    return [row for row in csv.DictReader(line for line in lines if not line.startswith("#"))]


def assessed(proposal, place=None):
    place = place or county()
    return assess(proposal, place.catalogue, place.report_fields, place.verdicts)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["item"])
def test_an_item_is(row):
    item = assessed(form(row["item"], row["title"], row["layout"])).items.row(0, named=True)
    assert (item["kind"], item["element_key"]) == (row["kind"], row["element_key"])
    assert item["reason"]
    assert bool(item["holders"]) == (row["kind"] == "已有")
    assert bool(item["differs"]) == (row["kind"] == "相近但不同")
    assert bool(item["computed_from"]) == (row["kind"] == "可推算")


def test_the_catalogue_is_left_as_it_was_and_new_entries_are_proposed():
    before = county().catalogue.elements.clone()
    found = assessed(form("姓名 取暖方式"))
    assert county().catalogue.elements.equals(before)
    assert found.entries["element_key"].to_list() == ["自然人.取暖方式"]
    assert not set(found.entries["element_id"]) & set(before["element_id"])


def test_what_cannot_be_computed_without_its_inputs_is_not_computable():
    place = county()
    poor = place.catalogue.elements.filter(pl.col("element_key") != "自然人.公民身份号码")
    catalogue = replace(place.catalogue, elements=poor, derivations=Derivations.empty())
    kept = place.report_fields.filter(pl.col("path") != "公民身份号码")
    mapped = place.catalogue.element_map.join(kept.select("field_id"), on="field_id", how="semi")
    meant = place.catalogue.field_meanings.join(kept.select("field_id"), on="field_id", how="semi")
    catalogue = replace(catalogue, element_map=mapped, field_meanings=meant)
    found = assessed(form("年龄"), replace(place, catalogue=catalogue, report_fields=kept))
    assert found.items["kind"].to_list() == ["新增"]


@pytest.mark.parametrize(
    ("labels", "title", "layout", "more", "said"),
    [
        ("耕地面积（公顷）", "村情况统计表", "statistics", {}, "共享时自动换算"),
        ("性别", "人员花名册", "roster", {"value_domain": "男；女；保密；其他"}, "不在代码表里"),
        ("耕地面积（亩）", "村情况统计表", "statistics", {}, ""),
        ("性别", "人员花名册", "roster", {"value_domain": "男；女"}, ""),
    ],
)
def test_differences_from_the_register_are_told(labels, title, layout, more, said):
    proposal = form(labels, title, layout)
    proposal = replace(proposal, fields=proposal.fields.with_columns(pl.lit(v).alias(k) for k, v in more.items()))
    items = assessed(proposal).items
    found = contradictions(items, proposal.fields, county().catalogue, county().report_fields)
    assert bool(found) == bool(said)
    if said:
        assert said in found[0].difference


def test_own_items_of_a_new_edition_are_no_duplicates():
    labels = "姓名 公民身份号码 性别 残疾类别 残疾等级 联系电话 辅助器具需求"
    report, _ = examine(form(labels, "持证残疾人花名册", department_name="县残疾人联合会"), county())
    kinds = dict(report.items.select("label", "kind").iter_rows())
    assert kinds["残疾类别"] == "原表已有"
    assert kinds["姓名"] == "已有"
    assert kinds["辅助器具需求"] == "新增"
    assert [(row["change"], row["path"]) for row in report.known.changes] == [("新增", "辅助器具需求")]
