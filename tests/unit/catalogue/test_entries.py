"""Names, units, value domains, relations, protection and sources, by golden rows (adding one needs no Python)."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.catalogue import domains
from pipelines.catalogue.conversion import factor
from pipelines.catalogue.domains import code_list, correspond, options_of
from pipelines.catalogue.naming import standard_name
from pipelines.catalogue.ruling import protection, source

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "registry"


def golden(name):
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(line for line in handle if not line.startswith("#")))


@pytest.mark.parametrize(
    "case", golden("relations"), ids=lambda c: f"{c['label']}-{c['unit']}{c['options']}{c['note']}{c['number_format']}"
)
def test_relation(catalogue_of, case):
    key = f"自然人.{case['property']}"
    base = {"data_type": case["data_type"], "temporal": "none"}
    rows = [
        (f"甲{n}", case["property"], key, base | {"unit": case["first_unit"], "value_domain": case["first_options"]})
        for n in range(3)
    ]
    extra = {"unit": case["unit"], "value_domain": case["options"], "note": case["note"], "role": case["role"]}
    rows.append(("乙", case["label"], key, base | extra | {"number_format": case["number_format"] or None}))
    made, _ = catalogue_of(rows)
    [field] = made.element_map.filter(pl.col("field_id") == "乙#3").to_dicts()
    assert field["relation"] == case["relation"]
    assert (json.loads(field["rule"]) if field["rule"] else None) == (
        json.loads(case["rule"]) if case["rule"] else None
    )


@pytest.mark.parametrize("case", golden("options"), ids=lambda c: c["property"] + c["options"][:12])
def test_options_correspond(case):
    known = code_list("自然人", case["property"], "code")
    codes, missing = correspond(known.names, options_of(case["options"], ""), known)
    assert "；".join(f"{value}={option}" for value, option in codes.items()) == case["codes"]
    assert "；".join(missing) == case["missing"]


@pytest.mark.parametrize("case", golden("entries"), ids=lambda c: c["element_name"])
def test_name_protection_and_source(case):
    parts = (case["object_class"], case["property"], case["qualifiers"])
    guard, office = protection(*parts), source(*parts)
    assert standard_name(*parts) == case["element_name"]
    assert (guard.sensitivity, guard.share_type) == (case["sensitivity"], case["share_type"])
    assert (office.department if office else "") == case["source_department"]
    assert guard.reason
    assert not office or office.reason


@pytest.mark.parametrize(
    ("unit_from", "unit_to"),
    [("元", "万元"), ("公顷", "亩"), ("吨", "斤"), ("人", "万人"), ("亩", "平方公里"), ("公顷", "平方米")],
)
def test_factors_there_and_back_are_one(unit_from, unit_to):
    there, back = factor(unit_from, unit_to), factor(unit_to, unit_from)
    assert round(Decimal(there) * Decimal(back), 20) == 1


def test_units_of_two_dimensions_have_no_factor():
    assert factor("人", "户") is None
    assert factor("元", "美元") is None
    assert factor("箩筐", "元") is None


def test_units_that_do_not_convert_are_a_finding(catalogue_of):
    rows = [
        ("甲", "产量", "行政区域.产量", {"unit": "吨", "data_type": "decimal"}),
        ("乙", "产量", "行政区域.产量", {"unit": "公顷", "data_type": "decimal"}),
    ]
    made, _ = catalogue_of([rows[0], ("丙", *rows[0][1:]), rows[1]])
    assert [finding.code for finding in made.findings] == ["OF-254"]
    assert set(made.element_map["relation"]) == {"same"}


def test_only_amounts_add_up(catalogue_of):
    number = {"data_type": "decimal", "temporal": "stock"}
    rows = [
        ("甲", "人口数", "行政区域.人口数", number | {"unit": "人"}),
        ("甲", "覆盖率", "行政区域.覆盖率", number | {"unit": "%"}),
        ("甲", "人均收入", "行政区域.人均收入", number | {"unit": "元"}),
        ("甲", "单产", "行政区域.单产", number | {"unit": "公斤/亩"}),
        ("甲", "名称", "行政区域.名称", {}),
    ]
    made, _ = catalogue_of(rows)
    added = dict(made.elements.select("property", "aggregation").iter_rows())
    assert added == {"人口数": "sum", "覆盖率": "none", "人均收入": "none", "单产": "none", "名称": "none"}


def test_the_definition_comes_from_the_form_where_no_standard_gives_one(catalogue_of):
    note = "指年末实有的、可以正常使用的机井眼数，不包括报废的"
    made, _ = catalogue_of(
        [
            ("甲", "机井数", "行政区域.机井数", {"note": note}),
            ("乙", "机井数", "行政区域.机井数", {"note": "选项: 是 / 否"}),
        ]
    )
    assert made.elements["definition"].to_list() == [note]


def test_synonyms_name_the_forms(catalogue_of):
    rows = [(form, "手机号", "自然人.联系电话", {}) for form in "甲乙丙丁"] + [
        ("戊", "联系方式", "自然人.联系电话", {})
    ]
    made, _ = catalogue_of(rows)
    assert made.elements["synonyms"].to_list() == ["手机号《丁表》《丙表》《乙表》等4张表；联系方式《戊表》"]


def test_every_code_list_has_unique_codes_and_names():
    lists = domains._lists(None)
    assert len(lists) >= 14
    for title, known in lists.items():
        for column in ("code", "name"):
            values = [getattr(code, column) for code in known.codes]
            assert len(values) == len(set(values)), (title, column)


def test_a_county_adds_its_own_rules(tmp_path):
    head = "object_class,words,department,reason\n"
    (tmp_path / "source_departments.csv").write_text(head + "^自然人$,^姓名；,县大数据局,本县规定\n", encoding="utf-8")
    assert source("自然人", "姓名", "", tmp_path).department == "县大数据局"
    assert source("自然人", "性别", "", tmp_path).department == "县公安局"


def test_the_dictionary_defines_what_no_form_does(catalogue_of, tmp_path):
    rows = [("甲", "有效灌溉面积", "行政区域.面积[有效灌溉]", {"data_type": "decimal", "temporal": "stock"})]
    made, _ = catalogue_of(rows)
    assert "灌溉工程或设备已配套" in made.elements["definition"][0]
    assert made.elements["unit"].to_list() == ["公顷"]
    own = "object_class,label,definition,unit,source\n,有效灌溉面积,本县的定义,箩筐,本县字典\n"
    (tmp_path / "elements_definitions.csv").write_text(own, encoding="utf-8")
    ours, _ = catalogue_of(rows, own=tmp_path)
    assert ours.elements.select("definition", "unit").row(0) == ("本县的定义", None)
    assert [finding.code for finding in ours.findings if finding.code == "OF-258"] == ["OF-258"]


def test_a_steward_states_what_a_form_does_not_print(catalogue_of, tmp_path):
    head = "form_title,path,date_format,codes,reason\n"
    own = "甲表,性别,,男=1；女=2,公安口径\n甲表,出生日期,YYYYMMDD,,公安口径\n没有的表,性别,,男=M,\n"
    own += '甲表,身份证号,"groups 6,8,4",,公安口径\n'
    (tmp_path / "field_renderings.csv").write_text(head + own, encoding="utf-8")
    rows = [
        ("甲", "性别", "自然人.性别", {"data_type": "code"}),
        ("甲", "出生日期", "自然人.出生日期", {"data_type": "date"}),
    ]
    rows += [("甲", "身份证号", "自然人.公民身份号码", {"data_type": "identifier"})]
    made, _ = catalogue_of([*rows, ("乙", "性别", "自然人.性别", {"data_type": "code"})], own=tmp_path)
    rules = {
        i: (r, json.loads(rule) if rule else None)
        for i, r, rule in made.element_map.select("field_id", "relation", "rule").iter_rows()
    }
    assert rules["甲#0"] == ("coded", {"codes": {"男": "1", "女": "2"}})
    assert rules["甲#1"] == ("rendered", {"date_format": "YYYYMMDD"})
    assert rules["甲#2"] == ("rendered", {"groups": "6,8,4"})
    assert rules["乙#3"] == ("same", None)


@pytest.mark.parametrize(
    ("qualifiers", "temporal"),
    [("口蹄疫；本旬免疫", "flow"), ("口蹄疫；本周免疫", "flow"), ("口蹄疫；免疫", "stock"), ("免疫；累计", "stock")],
)
def test_what_happened_within_days_is_no_count_that_stands(catalogue_of, qualifiers, temporal):
    extra = {"data_type": "integer", "temporal": "stock", "unit": "头"}
    made, _ = catalogue_of([("旬报", "免疫数", f"行政区域.数量[{qualifiers}]", extra)])
    assert made.elements["temporal"].to_list() == [temporal]
