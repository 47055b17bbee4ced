"""The questions for the steward: pairs of groups that rules do not settle, most worth asking first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from pipelines.catalogue.block import candidates
from pipelines.catalogue.evidence import DIMENSIONS, Evidence, compare
from pipelines.catalogue.meaning.qualifiers import qualifier_rules
from pipelines.catalogue.probability import model, probability
from pipelines.catalogue.profile import Profile


def doubtful_pairs(profiles: Sequence[Profile], own: Path | None = None) -> list[tuple[object, ...]]:
    """Return rows of `match.PAIR_TYPES`, most worth asking first: by the probability and what an answer would join.

    A question is worth its probability, and more by the model's `stake` for every doubling of the pairs of fields that
    the answer 相同 would join; below `ask_from` it is not asked. Pairs that a veto forbids are never asked.
    """
    fitted, rules = model(own), qualifier_rules(own)
    found: list[tuple[float, tuple[object, ...]]] = []
    for left_number, right_number in candidates(profiles):
        left, right = profiles[left_number], profiles[right_number]
        evidence = compare(left, right, rules)
        chance = 0.0 if evidence.veto else probability(evidence.values, fitted)
        worth = chance * (1 + fitted.stake * math.log2(left.field_count * right.field_count))
        if worth < fitted.ask_from:
            continue
        row = (
            left.key,
            right.key,
            round(chance, 4),
            *evidence.values,
            reason(left, right, evidence),
            left.field_count + right.field_count,
        )
        found.append((-worth, row))
    return [row for _, row in sorted(found, key=lambda item: (item[0], item[1][0], item[1][1]))]


def reason(left: Profile, right: Profile, evidence: Evidence) -> str:
    """Return in plain Chinese what speaks for and against two groups being one element."""
    value = dict(zip(DIMENSIONS, evidence.values, strict=True))
    pros = [
        text
        for text, holds in (
            ("名称相同", value["label_equal"]),
            (f"名称相近（{value['label_ratio']:.0%}）", not value["label_equal"] and value["label_ratio"] >= 0.5),
            ("特性相同", value["property_equal"]),
            ("对象类相同", value["object_equal"]),
            ("限定相同", value["qualifier_overlap"] == 1 and left.qualifiers),
            ("前后栏目相同", value["neighbours"] >= 0.5),
        )
        if holds
    ]
    cons = [
        text
        for text, holds in (
            (
                f"对象类不同（{left.object_class}／{right.object_class}）",
                not value["object_equal"] and not value["apart_by_class"],
            ),
            (
                "限定不同（" + "、".join(sorted(left.qualifiers ^ right.qualifiers)) + "）",
                value["qualifier_overlap"] < 1,
            ),
            ("数据类型不同", not value["type_equal"]),
            ("同一张表里两栏都有", value["together"]),
        )
        if holds
    ]
    cons += evidence.objections
    return "像：" + ("、".join(pros) or "无") + "；不像：" + ("、".join(cons) or "无")
