"""Counts hold numbers only, and are of what was really answered."""

import polars as pl

from pipelines.burden.counts import count
from schemas.ledgers import LedgerValues
from schemas.sharing import AREA_GRAIN, ShareViews


def values(*rows):
    blank = dict.fromkeys(LedgerValues.schema_types(), "")
    names = ("ledger", "subject_key", "element_id", "value", "null_reason", "period")
    return LedgerValues.frame([blank | dict(zip(names, row, strict=True)) for row in rows])


VIEWS = ShareViews.frame(
    [dict.fromkeys(ShareViews.schema_types(), "x") | {"report_id": "R1", "table_no": 1, "row_count": 7}]
)


def test_a_value_and_a_stated_reason_for_none_are_answers_a_blank_is_not():
    found = count(
        values(
            ("person", "a", "DE1", "甲", None, ""),
            ("person", "a", "DE1", "乙", None, ""),
            ("person", "b", "DE1", None, "不适用", ""),
            ("person", "c", "DE1", None, None, ""),
            ("indicator", "5309", "DE2", "3", None, "2025-01"),
        ),
        VIEWS,
    )
    assert found.subjects.rows() == [("person", 3.0)]
    assert found.answers.rows() == [("person", "DE1", 2.0)]
    assert found.table_rows.rows() == [("R1", 1, 7.0)]


def test_rows_of_a_view_over_areas_are_no_count_of_what_somebody_fills():
    views = VIEWS.with_columns(pl.lit(AREA_GRAIN).alias("grain"))
    found = count(values(("person", "a", "DE1", "甲", None, "")), views)
    assert found.table_rows.rows() == [("R1", 1, None)]


def test_views_over_empty_ledgers_count_nobody():
    found = count(values(), VIEWS)
    assert [frame.height for frame in (found.subjects, found.answers, found.table_rows)] == [0, 0, 0]


def test_counts_hold_no_value_of_anybody():
    found = count(values(("person", "530900199001011234", "DE1", "张三", None, "")), VIEWS)
    text = "".join(pl.DataFrame(frame).write_csv() for frame in (found.subjects, found.answers, found.table_rows))
    assert "张三" not in text
    assert "530900199001011234" not in text
