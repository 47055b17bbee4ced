"""Who is asked: the finest level that any report needs, also where only the rows of a table tell it."""

import polars as pl
import pytest

from pipelines.collection.plan import plan
from tests.unit.collection.county import HERD, MEETINGS, OFTEN, catalogue

VILLAGE = "DE000041"
NAME = ((VILLAGE, "行政区域", "所在行政村", "", "text", None, None, "none", "none", "C..50"),)


@pytest.mark.parametrize(
    ("layout", "asked", "level"),
    [
        ("roster", (VILLAGE, HERD), "村"),
        ("list", (VILLAGE, HERD), "村"),
        ("roster", (HERD,), "乡镇"),
        ("statistics", (VILLAGE, HERD), "乡镇"),
    ],
)
def test_a_table_that_lists_villages_is_answered_by_each_village(
    layout: str, asked: tuple[str, ...], level: str
) -> None:
    """The form goes to townships; a row per village can be filled from nothing but the villages' own numbers."""
    report = ("R7", "排查表", "住建局", "周", "乡镇", layout, asked)
    frames = {name: frame for name, frame in catalogue((*OFTEN, *NAME), (report,)).items() if name != "template_checks"}
    is_new = pl.col("field_id").str.starts_with("R7#")
    meanings = frames["field_meanings"]
    frames["field_meanings"] = meanings.with_columns(
        subject=pl.when(is_new).then(pl.lit("行政区域")).otherwise("subject")
    )
    made = {row["element_id"]: row for row in plan(**frames).fill_plan.filter(ledger="indicator").to_dicts()}
    assert (made[HERD]["respondent_level"], made[HERD]["frequency"]) == (level, "周")
    assert made[MEETINGS]["respondent_level"] == "乡镇"
    assert VILLAGE not in asked or not made[VILLAGE]["is_asked"]
