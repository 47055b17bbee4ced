"""Evidence for and against two groups being one element: one number per dimension, objections, and the vetoes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipelines.catalogue.meaning.qualifiers import QualifierRules, dimension_of_qualifier
from pipelines.catalogue.meaning.wording import standard_ending
from pipelines.catalogue.profile import SETTLED, Profile

DIMENSIONS = (
    "label_ratio",
    "name_ratio",
    "label_pieces",
    "label_inside",
    "label_equal",
    "object_equal",
    "property_equal",
    "property_ratio",
    "qualifier_overlap",
    "qualifier_missing",
    "qualifier_clash",
    "type_equal",
    "party_equal",
    "neighbours",
    "both_known",
    "one_known",
    "together",
    "sisters",
    "apart_by_topic",
    "class_and_sisters",
    "settled_property",
    "label_chars",
    "size",
    "settled_classes",
    "number_and_none",
    "apart_by_vocabulary",
    "apart_by_class",
    "apart_by_party",
    "apart_by_head",
)
"""Names of the evidence, in the order of `Evidence.values`. All lie between 0 and 1."""


RELATED = 50
"""Ratio of two scopes (农村低保, 城市低保) from which on the same name may still mean the same."""

PERIODS = frozenset(("本年", "本月", "本季", "本期", "期末", "当前"))
"""Qualifiers that a form of that period need not say: 全年出生人数 of a yearly form is its 出生人数."""

RELATED_HEADS = 70
"""Ratio of two heads from which on they may say the same: 播种面积, 种植面积 (75); not 人数, 户数 (50)."""

SISTERS = 0.3
"""Share of properties in common from which on two forms may be about the same kind of thing, whatever was inferred."""


NUMBERS = frozenset(("integer", "decimal"))
"""Data types of which a value is a number."""

LARGEST = 50
"""Fields of a group from which on it counts as one that everybody asks: what is asked so often has many wordings."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against.

    objections: what makes a match unlikely, in Chinese. veto: the rule that forbids it, in Chinese; "" when none does.
    """

    values: tuple[float, ...]
    objections: tuple[str, ...] = ()
    veto: str = ""


def compare(left: Profile, right: Profile, rules: QualifierRules) -> Evidence:
    """Return the evidence on two groups; rules say which qualifiers exclude each other."""
    against = objections(left, right)
    held = tuple(text for text in against if text)
    return Evidence(
        (*_measured(left, right, rules), *(float(bool(text)) for text in against)), held, veto(left, right, rules)
    )


def _measured(left: Profile, right: Profile, rules: QualifierRules) -> tuple[float, ...]:
    """Return what speaks for and against two groups, in the order of DIMENSIONS, without the objections."""
    labels = [(a, b) for a in left.labels for b in right.labels]
    named = max(
        max(fuzz.ratio(a, b) for a in left.labels for b in right.names),
        max(fuzz.ratio(a, b) for a in left.names for b in right.labels),
    )
    best = max(labels, key=lambda pair: (fuzz.ratio(*pair), pair))
    pieces_left, pieces_right = _pieces(best[0]), _pieces(best[1])
    together = len(left.forms & right.forms)
    alike = sisters(left, right)
    is_settled = left.known > SETTLED and right.known > SETTLED
    return (
        fuzz.ratio(*best) / 100,
        named / 100,
        len(pieces_left & pieces_right) / (len(pieces_left | pieces_right) or 1),
        float(best[0] in best[1] or best[1] in best[0]),
        float(best[0] == best[1]),
        float(left.object_class == right.object_class),
        float(left.property == right.property),
        fuzz.ratio(left.property, right.property) / 100,
        len(left.qualifiers & right.qualifiers) / len(left.qualifiers | right.qualifiers)
        if left.qualifiers | right.qualifiers
        else 1.0,
        float(bool(left.qualifiers) != bool(right.qualifiers)),
        float(bool(left.qualifiers - right.qualifiers) and bool(right.qualifiers - left.qualifiers)),
        float(left.data_type == right.data_type),
        float(left.party == right.party),
        len(left.neighbours & right.neighbours) / (min(len(left.neighbours), len(right.neighbours)) or 1),
        float(left.known > SETTLED and right.known > SETTLED),
        float((left.known > SETTLED) != (right.known > SETTLED)),
        min(1.0, together / (min(len(left.forms), len(right.forms)) or 1)),
        alike,
        float(left.qualifiers != right.qualifiers and _only_topics(left.qualifiers ^ right.qualifiers, rules)),
        alike * (left.object_class != right.object_class),
        float(left.property == right.property and left.known > SETTLED and right.known > SETTLED),
        max(_shared(a, b) for a, b in labels),
        min(1.0, math.log(max(left.field_count, right.field_count, 1)) / math.log(LARGEST)),
        float(is_settled and left.object_class != right.object_class),
        float((left.data_type in NUMBERS) != (right.data_type in NUMBERS)),
    )


def objections(left: Profile, right: Profile) -> tuple[str, str, str, str]:
    """Return why two groups are hardly one element: by vocabulary, class, party and head; "" where nothing says so.

    Each is a reading of one of the two, and a reading may be wrong: the form was taken to be about something else, a
    name for another. So they lower the probability, and forbid nothing.
    """
    is_settled = left.known > SETTLED and right.known > SETTLED
    is_one_class = left.object_class == right.object_class
    by_vocabulary = "词表已分列为两项" if is_settled and is_one_class and left.property != right.property else ""
    is_near = right.object_class in {left.object_class, *left.near}
    is_other = (is_settled or left.property == right.property) and not is_near and sisters(left, right) < SISTERS
    by_class = f"说的不是一类事物（{left.object_class} / {right.object_class}）" if is_other else ""
    is_other = bool(left.party and right.party and left.party != right.party)
    by_party = f"说的是不同的人或单位（{left.party} / {right.party}）" if is_other else ""
    is_other = bool(left.head and right.head and fuzz.ratio(left.head, right.head) < RELATED_HEADS)
    is_same_label = bool(set(left.labels) & set(right.labels))
    by_head = f"统计指标不同（{left.head} / {right.head}）" if is_other and not is_same_label else ""
    return by_vocabulary, by_class, by_party, by_head


def veto(left: Profile, right: Profile, rules: QualifierRules) -> str:
    """Return why two groups can never be one element, "" when no rule forbids it."""
    if left.dimensions and right.dimensions and not left.dimensions & right.dimensions:
        return f"计量单位的量纲不同（{'、'.join(sorted(left.dimensions))} / {'、'.join(sorted(right.dimensions))}）"
    asked_left, asked_right = _asked(left), _asked(right)
    if asked_left and asked_right and asked_left != asked_right:
        return f"一个问{asked_left}，一个问{asked_right}"
    differing = left.qualifiers ^ right.qualifiers
    is_period = left.head == right.head != "" and bool(differing) and differing <= PERIODS
    if {left.temporal, right.temporal} == {"stock", "flow"} and not is_period:
        return "一个是时点数，一个是时期数"
    only_left, only_right = left.qualifiers - right.qualifiers, right.qualifiers - left.qualifiers
    is_same_label = bool(set(left.labels) & set(right.labels))
    if (left.head or is_same_label) and only_left and only_right and not _related(only_left, only_right):
        return f"同名而范围不同（{'、'.join(sorted(only_left))} / {'、'.join(sorted(only_right))}）"
    if left.known > SETTLED and right.known > SETTLED and not is_same_label:
        if left.object_class == right.object_class:
            return "词表已分列为两项"
        if right.object_class not in left.near:
            return f"说的不是一类事物（{left.object_class} / {right.object_class}）"
    kinds_left = {kind: q for q in sorted(left.qualifiers) if (kind := dimension_of_qualifier(q, rules))}
    for qualifier in sorted(right.qualifiers):
        kind = dimension_of_qualifier(qualifier, rules)
        if kind and kind in kinds_left and kinds_left[kind] != qualifier and qualifier not in left.qualifiers:
            return f"限定冲突：{kinds_left[kind]} / {qualifier}"
    return ""


def _asked(group: Profile) -> str:
    """Return what kind of value a property asks for, by its ending, "" when that does not say: 治保负责人联系电话."""
    found = _ASKED.search(standard_ending(group.property))
    return _KINDS.get(found[0], found[0]) if found else ""


_ASKED = re.compile("(?:姓名|名称|联系电话|公民身份号码|日期|时间|住址|地址|坐落|性别|照片)$")
_KINDS = {"姓名": "名称", "时间": "日期", "住址": "地址", "坐落": "地址"}


def sisters(left: Profile, right: Profile) -> float:
    """Return how much the forms that ask two groups ask alike: the share of the smaller set of properties."""
    return len(left.sisters & right.sisters) / (min(len(left.sisters), len(right.sisters)) or 1)


def _only_topics(qualifiers: frozenset[str], rules: QualifierRules) -> bool:
    return not any(value in rules.named or dimension_of_qualifier(value, rules) for value in qualifiers)


def _related(left: frozenset[str], right: frozenset[str]) -> bool:
    """Return whether each of the fewer qualifiers is like one of the others: 低保 and 农村低保; not 应免 and 口蹄疫."""
    fewer, more = sorted((left, right), key=len)
    return all(max(fuzz.ratio(a, b) for b in more) >= RELATED for a in fewer)


def _pieces(label: str) -> frozenset[str]:
    return frozenset(label[at : at + 2] for at in range(len(label) - 1)) or frozenset((label,))


def _shared(left: str, right: str) -> float:
    """Return the share of characters that two labels have in common, whatever their order."""
    both = set(left) | set(right)
    return len(set(left) & set(right)) / len(both) if both else 1.0
