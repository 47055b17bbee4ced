"""A merge of elements moves their values and its undoing moves them back: nothing lost, nothing invented."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.registry import build
from pipelines.catalogue.successors import successors
from pipelines.catalogue.verdicts import SAME, verdict
from pipelines.collection.history import history
from pipelines.collection.ledgers import latest
from pipelines.collection.merging import apart, conflicts, moved
from schemas.elements import ElementMap, Elements, ElementSuccessors, Verdicts
from schemas.ledgers import LedgerValues, Submissions

NONE = ElementSuccessors.empty()
MERGED = ElementSuccessors.frame([{"element_id": "OLD", "successor_id": "NEW", "factor": 1.0, "reason": "判定"}])


def told(*said: tuple[str, str, str, str | None, str]) -> pl.DataFrame:
    """Values from (subject, element, period, value, time); the cell says which row it was."""
    rows: list[dict[str, Any]] = [
        {
            "ledger": "indicator",
            "subject_key": subject,
            "area_code": subject,
            "period": period,
            "element_id": element_id,
            "value": value,
            "null_reason": None if value else "暂未掌握",
            "submission_id": f"s{time}",
            "submitted_period": period,
            "sheet": "村级指标",
            "cell": f"E{number}",
            "recorded_at": time,
        }
        for number, (subject, element_id, period, value, time) in enumerate(said)
    ]
    return LedgerValues.frame(rows)


def test_values_are_read_under_the_survivor_with_their_own_provenance():
    values = told(
        ("甲", "OLD", "2025-01", "5", "1"), ("甲", "NEW", "2025-02", "6", "2"), ("乙", "OTHER", "2025-01", "9", "1")
    )
    after = moved(values, MERGED)
    assert after.drop("element_id").sort("cell").equals(values.drop("element_id").sort("cell"))
    assert sorted(after["element_id"]) == ["NEW", "NEW", "OTHER"]
    life = history(after, Submissions.empty(), "甲", "NEW")
    assert life.select("value", "cell", "submission_id").rows() == [("5", "E0", "s1"), ("6", "E1", "s2")]


@pytest.mark.parametrize(
    ("old_time", "new_time", "holds"),
    [("1", "2", "新"), ("2", "1", "旧"), ("1", "1", "新")],
)
def test_of_two_values_the_later_holds_and_the_survivors_own_at_the_same_time(old_time, new_time, holds):
    values = told(("甲", "OLD", "2025-01", "旧", old_time), ("甲", "NEW", "2025-01", "新", new_time))
    assert latest(moved(values, MERGED))["value"].to_list() == [holds]
    assert latest(moved(values.reverse(), MERGED))["value"].to_list() == [holds]
    assert moved(values, MERGED).height == 2


def test_values_that_differ_are_shown_with_both_places():
    values = told(
        ("甲", "OLD", "2025-01", "5", "1"), ("甲", "NEW", "2025-01", "6", "1"),
        ("乙", "OLD", "2025-01", "7", "1"), ("乙", "NEW", "2025-01", "7", "1"),
    )  # fmt: skip
    assert apart(values, MERGED).select("subject_key", "old_value", "old_place", "value", "place").rows() == [
        ("甲", "5", "村级指标!E0", "6", "村级指标!E1")
    ]
    elements = pl.DataFrame({"element_id": ["OLD", "NEW"], "element_name": ["旧项", "新项"]})
    (finding,) = conflicts(values, MERGED, elements)
    assert finding.code == "OF-390"
    assert "旧项" in finding.message
    assert conflicts(values, NONE, elements) == []


def test_another_unit_is_converted():
    ten_thousand = MERGED.with_columns(factor=pl.lit(10000.0))
    values = told(("甲", "OLD", "2025-01", "1.25", "1"), ("乙", "OLD", "2025-01", None, "1"))
    assert sorted(moved(values, ten_thousand)["value"].to_list(), key=str) == ["12500", None]
    same = told(("甲", "OLD", "2025-01", "1.25", "1"), ("甲", "NEW", "2025-01", "12500", "1"))
    assert apart(same, ten_thousand).is_empty()


@given(
    st.lists(
        st.tuples(
            st.sampled_from("甲乙丙"),
            st.sampled_from(["OLD", "NEW", "OTHER"]),
            st.sampled_from(["2025-01", "2025-02"]),
            st.sampled_from(["1", "2", "3", None]),
            st.sampled_from("123"),
        )
    )
)
def test_nothing_is_lost_and_undoing_gives_what_was(said):
    values = told(*sorted(said, key=lambda row: row[4]))
    before = values.clone()
    merged = moved(values, MERGED)
    assert sorted(merged["cell"]) == sorted(values["cell"])
    assert "OLD" not in merged["element_id"]
    assert moved(values, NONE).equals(before)  # the verdict is taken back: the rows were never touched
    held = {row[:3] for row in latest(merged).select("subject_key", "element_id", "period").iter_rows()}
    there = {
        (s, "NEW" if e == "OLD" else e, p) for s, e, p in values.select("subject_key", "element_id", "period").rows()
    }
    assert held == there


def fields() -> pl.DataFrame:
    """Three columns of two forms: the names of the first two mean different things to the rules."""
    labels = ("联系电话", "走访次数", "慰问次数")
    return pl.DataFrame(
        [
            {
                "field_id": f"F{n}#0",
                "form_id": f"F{n}",
                "form_title": f"第{n}号人员花名册",
                "layout": "roster",
                "field_no": 0,
                "path": label,
                "role": "fill",
                "unit": "次" if "次数" in label else "",
                "data_type": "text",
                "department_name": "民政局",
            }
            for n, label in enumerate(labels)
        ]
    )


def test_a_verdict_makes_a_successor_and_taking_it_back_unmakes_it():
    every = _complete(fields())
    first = build(every, Verdicts.empty(), Elements.empty())
    ids = dict(first.element_map.select("field_id", "element_id").iter_rows())
    assert ids["F1#0"] != ids["F2#0"]
    assert successors(first.elements, first.element_map, ElementMap.empty(), NONE).is_empty()

    pair = ("第1号人员花名册#走访次数", "第2号人员花名册#慰问次数")
    said = Verdicts.frame([verdict(*pair, SAME, "张三", "2026-01-01T00:00:00")])
    second = build(every, said, first.elements, known_map=first.element_map)
    merged = successors(second.elements, second.element_map, first.element_map, NONE)
    (row,) = merged.to_dicts()
    assert {row["element_id"], row["successor_id"]} == {ids["F1#0"], ids["F2#0"]}
    again = successors(second.elements, second.element_map, second.element_map, merged)
    assert again.equals(merged)  # a second run knows it no less

    back = pl.concat([said, Verdicts.frame([verdict(*pair, "撤回", "张三", "2026-01-02T00:00:00")])])
    third = build(every, back, second.elements, known_map=second.element_map)
    assert dict(third.element_map.select("field_id", "element_id").iter_rows()) == ids
    assert successors(third.elements, third.element_map, second.element_map, merged).is_empty()


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    from pipelines.catalogue.match import FIELD_TYPES

    missing = [name for name in FIELD_TYPES if name not in frame.columns]
    return frame.with_columns(pl.lit("").alias(name) for name in missing).cast(pl.Schema(FIELD_TYPES), strict=False)
