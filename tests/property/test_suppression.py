"""Nobody who sees all published numbers and knows every sum can tell a hidden count: an adversary with exact integers.

For every hidden cell the adversary solves integer programmes for the smallest and the largest value that agree with
everything shown; if both are the true one, the count is given away.
"""

import os

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from pipelines.sharing.disclosure import hidden_cells
from pipelines.sharing.suppression import suppress

PARENTS = {"C": None, "T1": "C", "T2": "C", **{f"T1{n}": "T1" for n in range(3)}, **{f"T2{n}": "T2" for n in range(3)}}
VILLAGES = [code for code in PARENTS if len(code) == 3]
SMALLEST = 5
EXAMPLES = int(os.environ.get("ONEFORM_EXAMPLES", "5"))
"""More of them: `make policy`."""


def table(parts, splits):
    """Return (values, sums) of every area × column. parts: village → numbers; splits: (total column, part columns)."""
    columns = sorted({name for total, names in splits for name in (total, *names)})
    place = {key: n for n, key in enumerate((area, column) for area in PARENTS for column in columns)}
    values = [sum(parts[v][column] for v in VILLAGES if area in (v, v[:2], "C")) for area, column in place]
    sums = [
        {place[(over, column)]: 1} | {place[(area, column)]: -1 for area, above in PARENTS.items() if above == over}
        for column in columns
        for over in ("C", "T1", "T2")
    ]
    for total, names in splits:
        sums += [{place[(area, total)]: 1} | {place[(area, name)]: -1 for name in names} for area in PARENTS]
    return values, sums


def others(hidden, values, sums, at):
    """Return whether a hidden cell may as well have another value: a smaller or a larger one agrees with all shown."""
    order = sorted(hidden)
    column = {cell: n for n, cell in enumerate(order)}
    rows = [relation for relation in sums if any(cell in hidden for cell in relation)]
    if not rows:
        return True
    matrix, known = np.zeros((len(rows), len(order))), np.zeros(len(rows))
    for n, relation in enumerate(rows):
        for cell, factor in relation.items():
            if cell in hidden:
                matrix[n, column[cell]] += factor
            else:
                known[n] -= factor * values[cell]
    for sign in (1, -1):
        aim = np.zeros(len(order))
        aim[column[at]] = sign
        sure = LinearConstraint(matrix, known, known)
        answer = milp(aim, constraints=sure, bounds=Bounds(1, 10**6), integrality=np.ones(len(order)))
        assert answer.status == 0, answer.message
        if round(answer.x[column[at]]) != values[at]:
            return True
    return False


counts = st.one_of(st.integers(0, 6), st.integers(0, 60))


@st.composite
def two_sexes(draw):
    parts = {v: {"男": draw(counts), "女": draw(counts)} for v in VILLAGES}
    for numbers in parts.values():
        numbers["合计"] = numbers["男"] + numbers["女"]
    return table(parts, [("合计", ("男", "女"))])


@st.composite
def two_splits(draw):
    """The same total split twice, by sex and by residence: no simple tree."""
    parts = {}
    for village in VILLAGES:
        man, woman = draw(counts), draw(counts)
        town = draw(st.integers(0, man + woman))
        parts[village] = {"男": man, "女": woman, "城": town, "乡": man + woman - town, "合计": man + woman}
    return table(parts, [("合计", ("男", "女")), ("合计", ("城", "乡"))])


def assert_safe(values, sums):
    for relation in sums:
        assert sum(values[at] * factor for at, factor in relation.items()) == 0
    hidden = suppress(values, sums, SMALLEST)
    assert {at for at, value in enumerate(values) if 0 < value < SMALLEST} <= hidden
    assert all(values[at] > 0 for at in hidden), "zeros are shown"
    for at in hidden:
        assert others(hidden, values, sums, at), (at, values[at])


@settings(max_examples=EXAMPLES, deadline=None)
@given(two_sexes())
def test_by_sex_and_area(made):
    assert_safe(*made)


@settings(max_examples=EXAMPLES, deadline=None)
@given(two_splits())
def test_by_sex_by_residence_and_area(made):
    assert_safe(*made)


def test_ones_under_a_total_of_their_number_are_no_secret_and_so_the_total_goes():
    values, sums = [5, 1, 1, 1, 1, 1, 60, 55], [{0: 1, 1: -1, 2: -1, 3: -1, 4: -1, 5: -1}, {6: 1, 0: -1, 7: -1}]
    assert suppress(values, sums, SMALLEST) >= {0, 1, 2, 3, 4, 5}
    assert_safe(values, sums)


def test_large_counts_are_left_alone():
    assert suppress([60, 10, 20, 30], [{0: 1, 1: -1, 2: -1, 3: -1}], SMALLEST) == set()


def view(name, columns, sums=()):
    made = [{"name": n, "isGiven": True, "unit": "人", "element": e, "factor": ""} for n, e in columns]
    return {"id": name, "ledger": "indicator", "columns": made, "sums": sums}


def frame(numbers):
    return pl.DataFrame({"_area_code": list(PARENTS), "_period": "2025-12"} | numbers)


def test_a_count_hidden_in_one_view_does_not_stand_in_another():
    men = [43, 20, 23, 3, 8, 9, 7, 8, 8]
    women = [60, 30, 30, 10, 10, 10, 10, 10, 10]
    both = [m + w for m, w in zip(men, women, strict=True)]
    one = view("A", [("男", "E1"), ("女", "E2"), ("合计", "E3")], [("合计", [("男", 1), ("女", 1)])])
    other = view("B", [("男性人数", "E1")])
    frames = {"A": frame({"男": men, "女": women, "合计": both}), "B": frame({"男性人数": men})}
    hidden = hidden_cells([one, other], frames, PARENTS)
    assert ("A", "男", "T10", "2025-12") in hidden.rows()
    in_a = set(hidden.filter(view_name="A", column_name="男")["area_code"])
    assert in_a == set(hidden.filter(view_name="B")["area_code"])
    assert len(in_a) > 1


def test_shown_in_ten_thousands_is_counted_in_persons():
    made = view("A", [("人口（万人）", "E1")])
    made["columns"][0]["factor"] = "0.0001"
    numbers = [2.0, 1.2, 0.8, 0.0003, 0.6, 0.5997, 0.3, 0.3, 0.2]
    hidden = hidden_cells([made], {"A": frame({"人口（万人）": numbers})}, PARENTS)
    assert hidden["area_code"].to_list() == ["T10", "T12"]


def test_ten_days_that_are_hidden_do_not_follow_from_their_month():
    """T11's first ten days count 3: with the month and the other two shown, they would follow."""
    often = view("旬报", [("人次", "E1")])
    month = view("月报", [("人次", "E1")])
    tens = {"2025-12-X1": 3, "2025-12-X2": 40, "2025-12-X3": 50, "2025-W52": 60}
    rows = [("T11", period, value) for period, value in tens.items()]
    schema = ["_area_code", "_period", "人次"]
    frames = {
        "旬报": pl.DataFrame(rows, schema=schema, orient="row"),
        "月报": pl.DataFrame([("T11", "2025-12", 93)], schema=schema, orient="row"),
    }
    hidden = set(hidden_cells([often, month], frames, PARENTS).select("view_name", "period").rows())
    assert ("旬报", "2025-12-X1") in hidden
    assert len(hidden) > 1, "one more of the month or its ten days is hidden"
    assert ("旬报", "2025-W52") not in hidden, "a week is no part of the sum"


def test_money_is_no_count():
    made = view("A", [("金额", "E1")])
    made["columns"][0]["unit"] = "元"
    assert hidden_cells([made], {"A": frame({"金额": [3] * 9})}, PARENTS).is_empty()
