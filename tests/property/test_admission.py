"""Properties of the gate: nothing is lost from a message, editions differ as they were made, order does not matter."""

from dataclasses import replace

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.admission.assess import assess
from pipelines.admission.changes import field_changes
from pipelines.admission.message import read_message
from tests.unit.admission.small import county, form
from tests.unit.admission.test_changes import edition

LABELS = (
    "常住人口数",
    "户籍人口数",
    "耕地面积（亩）",
    "低保户数",
    "残疾人数",
    "60岁以上老年人数",
    "粮食产量（吨）",
    "学校数",
)
FIELDS = ("姓名", "性别", "民族", "出生日期", "家庭住址", "联系电话", "健康状况", "文化程度", "婚姻状况", "备注")
some_labels = st.lists(st.sampled_from(LABELS), min_size=2, max_size=8, unique=True)
some_fields = st.lists(st.sampled_from(FIELDS), min_size=2, max_size=10, unique=True)
NUMBERS = ("{n}.", "{n}、", "({n})", "（{n}）", "{n}．")


@given(some_labels, st.sampled_from(NUMBERS), st.sampled_from(("", "\n", " ", "，", "；")))
def test_every_numbered_item_is_found_and_nothing_else(labels, number, gap):
    listed = gap.join(number.format(n=n) + label for n, label in enumerate(labels, start=1))
    found = read_message(f"请各村报：{listed}，今天下午5点前", "2026-11-27")
    assert [item.label for item in found.items] == labels


@given(some_labels, st.sampled_from(("、", "，", ",", "\n")))
def test_every_item_of_a_row_is_found(labels, gap):
    found = read_message(f"请各村统计{gap.join(labels)}", "2026-11-27")
    assert [item.label for item in found.items] == labels


@settings(max_examples=40)
@given(st.text(max_size=120))
def test_any_text_is_read_without_trouble(text):
    found = read_message(text, "2026-11-27")
    assert all(item.label.strip() for item in found.items)


@given(some_fields, st.data())
def test_fields_taken_out_are_removed_and_those_put_in_are_added(labels, data):
    kept = [label for label in labels if data.draw(st.booleans())]
    gone, came = (
        field_changes(edition(" ".join(a)), edition(" ".join(b))) for a, b in ((labels, kept), (kept, labels))
    )
    assert [row["change"] for row in gone] == ["删除"] * (len(labels) - len(kept))
    assert [row["change"] for row in came] == ["新增"] * (len(labels) - len(kept))


@given(some_fields)
def test_an_edition_does_not_differ_from_itself(labels):
    assert field_changes(edition(" ".join(labels)), edition(" ".join(labels))) == []


@given(some_fields, st.randoms(use_true_random=False))
def test_another_order_is_only_moves(labels, chance):
    other = chance.sample(labels, len(labels))
    found = field_changes(edition(" ".join(labels)), edition(" ".join(other)))
    assert {row["change"] for row in found} <= {"移位"}
    assert bool(found) == (labels != other)
    assert len(found) < len(labels)


@settings(max_examples=6)
@given(st.permutations(("姓名", "年龄", "取暖方式", "残疾等级", "耕地面积（亩）")))
def test_what_an_item_is_does_not_depend_on_the_order_of_the_countys_rows(labels):
    place = county()
    proposal = form(" ".join(labels), "人员花名册")
    mixed = replace(
        place.catalogue,
        elements=place.catalogue.elements.reverse(),
        element_map=place.catalogue.element_map.reverse(),
        field_meanings=place.catalogue.field_meanings.reverse(),
    )
    once = assess(proposal, place.catalogue, place.report_fields, place.verdicts).items
    twice = assess(proposal, mixed, place.report_fields.reverse(), place.verdicts).items
    columns = ["label", "kind", "element_key", "holders", "departments"]
    assert once.select(columns).equals(twice.select(columns))
    kinds = dict(once.select("label", "kind").iter_rows())
    assert (kinds["姓名"], kinds["取暖方式"]) == ("已有", "新增")
    assert once.height == len(labels) == pl.Series(labels).n_unique()
