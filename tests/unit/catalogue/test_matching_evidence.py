"""Vetoes, probabilities and the calibration data."""

from dataclasses import replace

import pytest

from pipelines.catalogue.doubts import doubtful_pairs
from pipelines.catalogue.evidence import DIMENSIONS, compare, objections, veto
from pipelines.catalogue.meaning.qualifiers import qualifier_rules
from pipelines.catalogue.probability import model, probability
from pipelines.catalogue.profile import Profile

PLAIN = Profile(
    key="a",
    object_class="行政区域",
    near=frozenset(("村级组织",)),
    property="养殖情况甲",
    qualifiers=frozenset(),
    dimensions=frozenset(),
    temporal="none",
    data_type="text",
    labels=("养殖情况",),
    names=("养殖情况",),
    party="",
    head="",
    forms=frozenset((0,)),
    neighbours=frozenset(),
    sisters=frozenset(),
    field_count=1,
    known=0.0,
)

CONFLICTS = {
    "dimension": ({"dimensions": frozenset(("area",))}, {"dimensions": frozenset(("mass",))}, "量纲"),
    "temporal": ({"temporal": "stock"}, {"temporal": "flow"}, "时点数"),
    "asked": ({"property": "保管人姓名"}, {"property": "保管人手机号"}, "一个问"),
    "scope": ({"qualifiers": frozenset(("公墓",))}, {"qualifiers": frozenset(("机动车",))}, "范围不同"),
    "exclusive": (
        {"qualifiers": frozenset(("户籍", "女"))},
        {"qualifiers": frozenset(("常住", "女")), "labels": ("别名",)},
        "限定冲突",
    ),
    "age": (
        {"qualifiers": frozenset(("60岁及以上",))},
        {"qualifiers": frozenset(("65岁及以上",)), "labels": ("别名",)},
        "限定冲突",
    ),
    "settled": (
        {"known": 1.0, "labels": ("甲名",)},
        {"known": 1.0, "labels": ("乙名",), "property": "养殖情况乙"},
        "词表",
    ),
    "settled classes": (
        {"known": 1.0, "labels": ("甲名",)},
        {"known": 1.0, "labels": ("乙名",), "object_class": "单位"},
        "一类事物",
    ),
    "one of two scopes": (
        {"qualifiers": frozenset(("公墓", "口蹄疫"))},
        {"qualifiers": frozenset(("机动车", "牲畜口蹄疫"))},
        "范围不同",
    ),
}
OBJECTIONS = {
    "party": ({"party": "父亲"}, {"party": "母亲"}, "不同的人"),
    "head": ({"head": "人数"}, {"head": "户数", "labels": ("别名",)}, "统计指标"),
    "object": ({}, {"object_class": "单位"}, "一类事物"),
    "settled": ({"known": 1.0}, {"known": 1.0, "property": "养殖情况乙"}, "词表"),
}
"""Readings that may be wrong: they make a question less likely, and forbid none."""


@pytest.mark.parametrize("name", CONFLICTS)
def test_veto(name):
    left, right, said = CONFLICTS[name]
    assert said in veto(replace(PLAIN, **left), replace(PLAIN, key="b", **right), qualifier_rules())
    assert said in veto(replace(PLAIN, key="b", **right), replace(PLAIN, **left), qualifier_rules())


@pytest.mark.parametrize("name", CONFLICTS)
def test_half_of_a_conflict_is_none(name):
    left, _, _ = CONFLICTS[name]
    assert not veto(replace(PLAIN, **left), replace(PLAIN, key="b"), qualifier_rules())


@pytest.mark.parametrize("name", OBJECTIONS)
def test_an_objection_lowers_the_probability_and_forbids_nothing(name):
    left, right, said = OBJECTIONS[name]
    one, two = replace(PLAIN, **left), replace(PLAIN, key="b", **right)
    for a, b in ((one, two), (two, one)):
        assert any(said in text for text in objections(a, b))
        found = compare(a, b, qualifier_rules())
        assert not found.veto
        assert sum(found.values[-len(OBJECTIONS) :]) == 1
        assert all(weight < 0 for weight in model().weights[-len(OBJECTIONS) :])


def test_evidence_is_the_same_both_ways_and_between_0_and_1():
    other = replace(PLAIN, key="b", labels=("养殖状况",), names=("养殖状况", "饲养"), qualifiers=frozenset(("牛",)))
    one, two = compare(PLAIN, other, qualifier_rules()), compare(other, PLAIN, qualifier_rules())
    assert one == two
    assert len(one.values) == len(DIMENSIONS)
    assert all(0 <= value <= 1 for value in one.values)


def test_probability_rises_with_the_name():
    fitted, far = model(), replace(PLAIN, key="b", labels=("道路长度",), names=("道路长度",), property="道路长度")
    near = replace(PLAIN, key="b", labels=("养殖状况",), names=("养殖状况",), property="养殖状况")
    chances = [probability(compare(PLAIN, other, qualifier_rules()).values, fitted) for other in (far, near)]
    assert 10 * chances[0] < chances[1]


def test_a_doubtful_pair_is_asked_with_reasons():
    beside = frozenset(("x", "y"))
    left = replace(PLAIN, labels=("养殖情况说明",), names=("养殖情况说明",), property="养殖情况说明", neighbours=beside)
    right = replace(
        left,
        key="b",
        labels=("养殖情况的说明",),
        names=("养殖情况的说明",),
        property="养殖情况的说明",
        forms=frozenset((1,)),
    )
    ((left_key, right_key, chance, *_, reason, count),) = doubtful_pairs([left, right])
    assert (left_key, right_key, count) == ("a", "b", 2)
    assert 0.5 < chance < 1
    assert "名称相近" in reason
    assert "不像" in reason
