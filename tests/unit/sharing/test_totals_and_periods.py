"""Totals that a form computes from itself, and statistics at the pace of a report."""

import polars as pl
import pytest

from pipelines.sharing.views.roll_up import at_pace, newest_periods, period_of
from pipelines.sharing.views.totals import parts_of, total_sql
from pipelines.store.query import run


def fields(*rows):
    return [{"path": path, "cell": cell, "role": role, "unit": unit} for path, cell, role, unit in rows]


def check(kind, target, parts, text):
    return {"kind": kind, "target": target, "parts": parts, "text": text}


ROSTER = fields(
    ("儿童 › 合计", "A2", "derived", "人"),
    ("儿童 › 男", "B2", "fill", "人"),
    ("儿童 › 女", "C2", "fill", "人"),
    ("儿童 › 其中困境", "D2", "fill", "人"),
    ("备注", "E2", "fill", ""),
)
ROWS = fields(
    ("合计 › 排查", "B2", "derived", "件"),
    ("婚姻 › 排查", "B3", "fill", "件"),
    ("邻里 › 排查", "B4", "fill", "件"),
    ("土地 › 排查", "B5", "fill", "件"),
    ("土地 › 化解", "C5", "fill", "件"),
)
CROPS = fields(
    ("粮食作物合计 › 面积", "C9", "derived", "亩"),
    ("粮食作物合计 › 产量", "E9", "derived", "吨"),
    ("谷物 › 面积", "C10", "fill", "亩"),
    ("谷物 › 稻谷 › 面积", "C11", "fill", "亩"),
    ("豆类 › 面积", "C18", "fill", "亩"),
    ("豆类 › 产量", "E18", "fill", "吨"),
)


@pytest.mark.parametrize(
    ("table", "checks", "parts"),
    [
        (ROSTER, [], [(1, 1), (2, 1)]),
        (ROWS, [], [(1, 1), (2, 1), (3, 1)]),
        (ROWS, [check("part", "B4", "B5", "其中：土地")], [(1, 1), (2, 1)]),
        (ROWS, [check("balance", "B2", "B3；B4；B5", "01=02+03-04")], [(1, 1), (2, 1), (3, -1)]),
        (ROWS, [check("formula", "B2", "B3；B4", "B3/B4")], [(1, 1), (2, 1), (3, 1)]),
        (ROSTER[:2], [], []),
        (CROPS, [], [(2, 1), (4, 1)]),
        ([*CROPS, *fields(("油料合计 › 面积", "C30", "derived", "亩"))], [], []),
        ([{**CROPS[0], "role": "fill"}, *CROPS[1:]], [], []),
    ],
)
def test_what_a_total_is_made_of(table, checks, parts):
    assert parts_of(0, table, checks) == parts


def test_a_total_of_nothing_is_nothing():
    frame = pl.DataFrame({"a": [1, None, None], "b": [2, 5, None]})
    assert run({"t": frame}, f"SELECT {total_sql([('a', 1), ('b', -1)])} AS v FROM t")["v"].to_list() == [-1, -5, None]


AREAS = pl.DataFrame({"area_code": ["A", "B"]})
VALUES = pl.DataFrame(
    [("A", "2025-10", 1, 10), ("A", "2025-11", 2, 20), ("A", "2025-12", 3, None), ("A", "2026-01", 9, 90)],
    schema=["area_code", "period", "flow", "stock"],
    orient="row",
)
TEMPORAL = {"flow": "flow", "stock": "stock"}


@pytest.mark.parametrize(
    ("frequency", "period", "expected"),
    [
        ("月", "2025-12", (3, None)),
        ("季", "2025-Q4", (6, 20)),
        ("半年", "2025-H2", (6, 20)),
        ("年", "2025", (6, 20)),
        ("随时", "2025-12", (3, 20)),
    ],
)
def test_flows_add_up_and_stocks_are_the_newest(frequency, period, expected):
    paced = at_pace(VALUES, frequency, "2025-12", TEMPORAL, AREAS)
    chosen = paced.filter(pl.col("period") == period).sort("area_code")
    assert chosen.select("area_code", "flow", "stock").rows() == [("A", *expected), ("B", None, None)]
    assert "2026-01" not in paced["period"].to_list()


OFTEN = pl.DataFrame(
    [
        ("A", "2025-12-X2", 1, 10),
        ("A", "2025-12-X3", 2, 20),
        ("A", "2026-01-X1", 4, 40),
        ("A", "2026-W01", 8, 80),
        ("A", "2025-12", 3, 20),
        ("A", "2026-01", 4, 40),
    ],
    schema=VALUES.schema,
    orient="row",
)


@pytest.mark.parametrize(
    ("frequency", "now", "expected", "others"),
    [
        ("旬", "2026-01-X1", (4, 40), {"2025-12-X2", "2025-12-X3"}),
        ("周", "2026-W01", (8, 80), set()),
        ("月", "2025-12", (3, 20), set()),
        ("随时", "2025-12", (4, 40), set()),
        ("日", "2025-12-31", (None, None), set()),
    ],
)
def test_each_report_shows_the_newest_of_its_own_pace(frequency, now, expected, others):
    """One ten-day period told of January does not make January's reports; 2026-01-X1 ends after 2026-W01."""
    month, short = newest_periods(["2025-12", "2026-01-X1", "2026-W01"])
    paced = at_pace(OFTEN, frequency, month, TEMPORAL, AREAS, short)
    assert period_of(frequency, month, short) == now
    assert paced.filter((pl.col("period") == now) & (pl.col("area_code") == "A")).row(0)[2:] == expected
    assert set(paced["period"]) == {now} | others


def test_a_value_given_for_the_quarter_itself_wins():
    own = pl.DataFrame({"area_code": ["A"], "period": ["2025-Q4"], "flow": [100], "stock": [None]})
    paced = at_pace(pl.concat([VALUES, own.cast(VALUES.schema)]), "季", "2025-12", TEMPORAL, AREAS)
    assert paced.filter((pl.col("area_code") == "A") & (pl.col("period") == "2025-Q4")).row(0)[2:] == (100, 20)
