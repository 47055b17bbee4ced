"""Ids last, every field gets an answer, and frames keep their contracts."""

import polars as pl
import pytest

from pipelines.catalogue.identifiers import highest_number
from pipelines.catalogue.match import match
from pipelines.catalogue.registry import accept, build, register
from pipelines.catalogue.verdicts import settle
from schemas.elements import Derivations, ElementMap, Elements, FieldMeanings, ReviewPairs, Verdicts

PERSON = [
    ("低保", "姓名", "自然人.姓名", {}),
    ("低保", "身份证号", "自然人.公民身份号码", {"data_type": "identifier"}),
    ("残疾", "姓名", "自然人.姓名", {}),
    ("残疾", "序号", "填报.序号", {"role": "serial"}),
    ("残疾", "填报人", "填报.填报人", {"role": "meta"}),
]


def ids(catalogue):
    return dict(catalogue.elements.select("element_key", "element_id").iter_rows())


def test_frames_are_those_of_the_contracts(catalogue_of):
    made, _ = catalogue_of(PERSON, pairs=[("自然人.姓名", "自然人.公民身份号码", 0.3)])
    tables = {
        Elements: made.elements,
        ElementMap: made.element_map,
        FieldMeanings: made.field_meanings,
        Derivations: made.derivations,
        ReviewPairs: made.review_pairs,
    }
    for contract, frame in tables.items():
        assert contract.validate(frame).equals(frame)
        assert frame.schema == contract.empty().schema
    assert made.review_pairs.height == 1


def test_every_field_is_mapped_or_has_a_reason(catalogue_of):
    made, fields = catalogue_of(PERSON)
    assert sorted(made.element_map["field_id"]) == sorted(fields["field_id"])
    none = made.element_map.filter(pl.col("relation") == "none")
    assert none.select("field_id").to_series().to_list() == ["残疾#3", "残疾#4"]
    assert none["element_id"].null_count() == 2
    assert all("序号" in reason or "填报" in reason for reason in none["reason"])


def test_a_field_that_matching_loses_is_a_bug_not_a_gap(catalogue_of):
    _, fields = catalogue_of(PERSON)
    matched = match(fields.drop("number_format", "file", "sheet", "cell").head(2))
    with pytest.raises(ValueError, match="without a decomposition"):
        register(fields, matched, settle(Verdicts.empty()), Elements.empty())


def test_the_highest_number_is_a_number_and_not_a_text():
    given = pl.DataFrame({"element_id": ["DE999999", "DE1000000", "DE000007"]})
    assert highest_number(given) == 1_000_000
    assert highest_number(given.clear()) == 0


def test_an_element_keeps_its_id_and_a_new_one_follows_the_highest(catalogue_of):
    before, _ = catalogue_of(PERSON)
    known = before.elements.with_columns(element_id=pl.col("element_id").replace({"DE000001": "DE000041"}))
    after, _ = catalogue_of([*PERSON, ("残疾", "爱好", "自然人.爱好", {})], known=known)
    assert ids(after)["自然人.公民身份号码"] == "DE000041"
    assert ids(after)["自然人.爱好"] == "DE000042"


def test_a_retired_id_stays_and_is_taken_up_again(catalogue_of):
    before, _ = catalogue_of(PERSON)
    without, _ = catalogue_of(PERSON[2:], known=before.elements, known_map=before.element_map)
    gone = without.elements.filter(pl.col("status") == "已停用").to_dicts()
    assert [row["element_key"] for row in gone] == ["自然人.公民身份号码"]
    assert gone[0]["field_count"] == 0
    assert "OF-257" in {finding.code for finding in without.findings}
    fresh, _ = catalogue_of([*PERSON[2:], ("残疾", "爱好", "自然人.爱好", {})], known=without.elements)
    assert ids(fresh)["自然人.爱好"] not in set(before.elements["element_id"])
    back, _ = catalogue_of(PERSON, known=without.elements)
    assert ids(back) == ids(before)
    assert set(back.elements["status"]) == {"草案"}


def test_a_merge_keeps_the_id_with_most_fields_and_retires_the_other(catalogue_of):
    rows = [("甲", "电话", "自然人.电话", {}), ("乙", "电话", "自然人.电话", {}), ("丙", "手机", "自然人.手机", {})]
    before, _ = catalogue_of(rows)
    merged = [(form, path, key, extra | {"group": "自然人.手机"}) for form, path, key, extra in rows]
    after, _ = catalogue_of(merged, known=before.elements, known_map=before.element_map)
    kept = after.elements.filter(pl.col("status") != "已停用").to_dicts()
    assert [row["element_id"] for row in kept] == [ids(before)["自然人.电话"]]
    retired = after.elements.filter(pl.col("status") == "已停用").to_dicts()
    assert [row["element_id"] for row in retired] == [ids(before)["自然人.手机"]]
    assert after.elements["element_key"].is_unique().all()


def test_a_split_keeps_the_id_with_most_fields(catalogue_of):
    rows = [(form, "电话", "自然人.电话", {}) for form in "甲乙丙"]
    before, _ = catalogue_of(rows)
    split = [rows[0], (*rows[1][:3], {"group": "单位.电话"}), (*rows[2][:3], {"group": "单位.电话"})]
    after, _ = catalogue_of(split, known=before.elements, known_map=before.element_map)
    assert ids(after)["单位.电话"] == ids(before)["自然人.电话"]


def test_an_inserted_column_does_not_pass_an_id_to_another_thing(catalogue_of):
    """A new edition numbers fields anew: what was field 1 is now another field, and must not inherit its id."""
    before, _ = catalogue_of([("甲", "姓名", "自然人.姓名", {}), ("甲", "金额", "资金补助.金额", {})])
    rows = [("甲", "姓名", "自然人.姓名", {}), ("甲", "面积", "地块.面积", {}), ("甲", "金额", "资金补助.金额", {})]
    after, _ = catalogue_of(rows, known=before.elements, known_map=before.element_map)
    assert ids(after)["资金补助.金额"] == ids(before)["资金补助.金额"]
    assert ids(after)["地块.面积"] not in set(before.elements["element_id"])


def test_what_a_steward_approved_stays(catalogue_of):
    before, _ = catalogue_of(PERSON)
    approved = before.elements.with_columns(
        status=pl.lit("已核准"), definition=pl.lit("县里的定义"), element_name=pl.lit("县里的名称")
    )
    after, _ = catalogue_of(PERSON, known=approved)
    assert set(after.elements["definition"]) == {"县里的定义"}
    assert set(after.elements["status"]) == {"已核准"}


def test_bad_fields_are_findings_and_nothing_vanishes(catalogue_of):
    rows = [
        ("甲", "", "未定.", {}),
        ("甲", "说" * 200, "未定." + "说" * 200, {}),
        ("甲", "产量", "行政区域.产量", {"unit": "箩筐", "data_type": "decimal"}),
    ]
    made, fields = catalogue_of(rows)
    assert {"OF-251", "OF-252", "OF-253"} <= {finding.code for finding in made.findings}
    assert made.element_map.height == fields.height == 3
    assert max(len(name) for name in made.elements["element_name"]) <= 60


def test_a_field_id_that_comes_twice_is_a_finding(catalogue_of):
    made, fields = catalogue_of([*PERSON, ("低保", "别名", "自然人.曾用名", {"field_id": "低保#0"})])
    assert [finding.code for finding in made.findings if finding.code == "OF-250"] == ["OF-250"]
    assert fields.height == len(PERSON)


def test_nulls_and_missing_columns_are_accepted():
    fields = pl.DataFrame(
        {
            name: [None]
            for name in (
                "form_title",
                "note",
                "unit",
                "respondent_level",
                "frequency",
                "layout",
                "data_type",
                "value_domain",
                "role",
                "department_name",
            )
        },
        schema_overrides={"form_title": pl.String},
    )
    fields = fields.with_columns(
        field_id=pl.lit("甲#0"), form_id=pl.lit("甲"), path=pl.lit("姓名"), field_no=pl.lit(0, pl.Int64)
    )
    taken, findings = accept(fields)
    assert (taken.height, findings) == (1, [])
    made = build(taken, Verdicts.empty(), Elements.empty())
    assert made.element_map.height == 1


def test_an_empty_catalogue_is_a_catalogue(catalogue_of):
    made, _ = catalogue_of([])
    assert (made.elements.height, made.element_map.height, made.derivations.height) == (0, 0, 0)
