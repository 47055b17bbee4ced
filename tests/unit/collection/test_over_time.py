"""上年同期 and 累计: computed from what is reported every period; asked once where that history is missing."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.collection.ledgers import current
from pipelines.collection.over_time import computed, find_over_time, openings
from schemas.elements import Elements
from schemas.ledgers import FillPlan, LedgerValues

VILLAGE, OTHER = "530100101001", "530100101002"
# id, qualifiers, unit, header path
NAMES = (
    ("BORN", "人口变动；出生", "人", "出生 › 本月"),
    ("BORN_SUM", "人口变动；出生；本月；止；累计", "人", "出生 › 本月止累计"),
    ("INCOME", "本年；经营性", "元", "经营收入 › 本年"),
    ("INCOME_BEFORE", "上年；经营性", "元", "经营收入 › 上年"),
    ("INCOME_WAN", "上年；经营性", "万元", "经营收入 › 上年（万元）"),
    ("FILES", "建档", "人", "建档人数"),
    ("FILES_EVER", "建档；累计", "人", "建档人数 › 历年累计"),
    ("FIRM", "累计；竣工", "处", "累计竣工"),
    ("DOSES", "本旬免疫", "头", "本旬免疫"),
    ("DOSES_SUM", "免疫；累计", "头", "累计免疫"),
    ("BORN_SUM_BEFORE", "人口变动；出生；上年；累计", "人", "出生 › 上年同期累计"),
)


def records() -> dict[str, dict[str, object]]:
    return {
        element_id: {
            "element_id": element_id,
            "element_key": element_id,
            "element_name": element_id,
            "object_class": "行政区域",
            "property": "人数",
            "qualifiers": qualifiers,
            "unit": unit,
            "temporal": "stock",
            "data_type": "integer",
            "representation": "N10",
            "aggregation": "sum",
            "sensitivity": "一般",
            "share_type": "有条件共享",
            "field_count": 1,
            "form_count": 1,
            "status": "草案",
        }
        for element_id, qualifiers, unit, _ in NAMES
    }


def elements() -> pl.DataFrame:
    return Elements.frame(list(records().values()))


def fill_plan(**over_time: str) -> pl.DataFrame:
    row = {"ledger": "indicator", "column_no": 1, "is_key": False, "reason": "", "respondent_level": "村"}
    return FillPlan.frame(
        [
            row
            | {
                "element_id": name,
                "frequency": "年" if name.startswith("INCOME") else "月",
                "report_ids": "R",
                "is_asked": name not in over_time,
                "over_time": over_time.get(name),
            }
            for name, *_ in NAMES
        ]
    )


PLAN = fill_plan(BORN_SUM="cumulative:BORN", BORN_SUM_BEFORE="year_before:BORN_SUM", INCOME_BEFORE="year_before:INCOME")


def told(*said: tuple[str, str, str, str | None, str | None]) -> pl.DataFrame:
    same = {"submission_id": "s", "submitted_period": "p", "sheet": "x", "cell": "A1", "recorded_at": "2026"}
    names = ("subject_key", "area_code", "element_id", "period", "value", "null_reason")
    rows = [dict(zip(names, (area, area, *rest), strict=True)) for area, *rest in said]
    return LedgerValues.frame([row | same | {"ledger": "indicator"} for row in rows])


def test_base_is_the_same_indicator_without_the_words_of_time():
    found = find_over_time(records(), {name: path for name, _, _, path in NAMES}, None)
    assert {pair.element_id: str(pair) for pair in found} == {
        "BORN_SUM": "cumulative:BORN",
        "INCOME_BEFORE": "year_before:INCOME",
        "BORN_SUM_BEFORE": "year_before:BORN_SUM",
        "DOSES_SUM": "cumulative:DOSES",
    }  # not: another unit, 历年累计, no base


def test_running_total_starts_anew_in_january_and_builds_on_an_opening_value():
    held = told(
        (VILLAGE, "BORN_SUM", "2025-11", "40", None),
        (VILLAGE, "BORN", "2025-11", "3", None),
        (VILLAGE, "BORN", "2025-12", "2", None),
        (VILLAGE, "BORN", "2026-01", None, "无此项"),
        (VILLAGE, "BORN", "2026-02", "5", None),
        (VILLAGE, "BORN", "2026-03", None, "暂未掌握"),
        (VILLAGE, "BORN", "2026-04", "1", None),
        (OTHER, "BORN", "2025-12", "7", None),
    )
    found = {
        (area, element_id, period): value
        for area, period, element_id, value in computed(held, PLAN).iter_rows()
        if element_id == "BORN_SUM"
    }
    assert found == {
        (VILLAGE, "BORN_SUM", "2025-12"): "42",
        (VILLAGE, "BORN_SUM", "2026-01"): "0",
        (VILLAGE, "BORN_SUM", "2026-02"): "5",
    }


def test_last_year_is_what_was_reported_a_year_ago():
    held = told(
        (VILLAGE, "INCOME", "2025", "1200.50", None),
        (VILLAGE, "INCOME", "2026", "900", None),
        (VILLAGE, "BORN", "2025-01", "4", None),
        (VILLAGE, "BORN", "2026-01", "6", None),
    )
    wide = current(held, elements(), PLAN)["indicator"]
    rows = {row["period"]: row for row in wide.filter(area_code=VILLAGE).to_dicts()}
    assert rows["2026"]["INCOME_BEFORE"] == 1200  # an integer column
    assert rows["2026-01"]["BORN_SUM_BEFORE"] == 4
    assert rows["2026-01"]["BORN_SUM"] == 6
    assert "2027" not in rows


def test_a_quarter_adds_up_what_happened_and_shows_the_last_running_total():
    held = told(*((VILLAGE, "BORN", f"2026-{month:02d}", "2", None) for month in (1, 2, 3)))
    wide = current(held, elements(), PLAN)["indicator"]
    quarter = wide.filter(area_code=VILLAGE, period="2026-Q1").row(0, named=True)
    assert (quarter["BORN"], quarter["BORN_SUM"]) == (6, 6)


@pytest.mark.parametrize(
    ("month", "said", "expected"),
    [
        ("2025-11", (), {"BORN_SUM", "BORN_SUM_BEFORE"}),
        ("2026-01", (), {"BORN_SUM_BEFORE"}),
        ("2025-12", (("BORN_SUM", "2025-11", "40"),), {"BORN_SUM_BEFORE", "INCOME_BEFORE"}),
        ("2026-12", (("INCOME", "2025", "9"), ("BORN_SUM", "2026-11", "4")), {"BORN_SUM_BEFORE"}),
        ("2026-01", (("BORN", "2025-01", "1"), ("INCOME", "2025", "9")), set()),
    ],
)
def test_what_has_no_history_is_asked_once(month, said, expected):
    held = told(*((VILLAGE, *each, None) for each in said))
    assert openings(held, PLAN, month, [VILLAGE]) == {VILLAGE: frozenset(expected)}
