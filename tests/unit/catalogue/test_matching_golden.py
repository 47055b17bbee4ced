"""Golden decompositions and pairs: a case is a row of tests/golden/matching/*.csv."""

import csv
from collections import Counter, defaultdict
from itertools import combinations, groupby
from pathlib import Path

import polars as pl
import pytest

from pipelines.catalogue.match import match
from pipelines.catalogue.meaning.decompose import decompose_fields
from pipelines.catalogue.meaning.vocabulary import vocabulary
from tests.unit.catalogue.matching_forms import frame, keys

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "matching"


def cases(name):
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


FORMS = [(form, list(rows)) for form, rows in groupby(cases("forms"), key=lambda row: row["form"])]


@pytest.mark.parametrize(("form", "rows"), FORMS, ids=[form for form, _ in FORMS])
def test_decomposition(form, rows):
    fields = [(form, row["title"], row["path"], row["unit"], row["options"]) for row in rows]
    assert dict(zip([row["path"] for row in rows], keys(fields), strict=True)) == {
        row["path"]: row["key"] for row in rows
    }


@pytest.mark.parametrize("row", cases("pairs"), ids=lambda row: f"{row['left_path']}-{row['right_path']}")
def test_pair(row):
    left, right = keys(
        [
            ("a", row["left_title"], row["left_path"], row["left_unit"], ""),
            ("b", row["right_title"], row["right_path"], row["right_unit"], ""),
        ]
    )
    assert (left == right) == (row["answer"] == "相同"), (left, right)


def test_every_field_has_a_reason_in_chinese():
    fields = [("f", row["title"], row["path"], row["unit"], row["options"]) for row in cases("forms")]
    for reason in match(frame(fields)).decompositions["reason"]:
        assert any("一" <= letter <= "鿿" for letter in reason)


def test_vetoed_pairs_are_not_asked():
    fields = [
        (side, row[f"{side}_title"], row[f"{side}_path"], row[f"{side}_unit"], "")
        for row in cases("pairs")
        if row["answer"] == "不同"
        for side in ("left", "right")
    ]
    asked = {frozenset(pair) for pair in match(frame(fields)).pairs.select("left_key", "right_key").iter_rows()}
    assert frozenset(("行政区域.人数[户籍]", "行政区域.人数[常住]")) not in asked
    assert frozenset(("行政区域.人数[60岁及以上]", "行政区域.人数[65岁及以上]")) not in asked


@pytest.mark.parametrize(
    ("name", "wrong_share", "recall"),
    [
        ("families", 0.006, 0.975),
        ("rosters", 0.005, 0.96),
        ("registers", 0.012, 0.85),
        ("ledgers", 0, 0.97),
        ("houses", 0.02, 0.86),
        ("services", 0.005, 0.94),
        ("premises", 0.005, 0.95),
        ("permits", 0.03, 0.92),
        ("grids", 0.02, 0.8),
        ("security", 0.02, 0.99),
        ("offices", 0, 0.98),
        ("certificates", 0, 0.98),
        ("relief", 0.005, 0.98),
        ("statistics", 0.03, 0.9),
        ("works", 0, 0.93),
        ("upkeep", 0.04, 0.97),
        ("wordings", 0.005, 0.99),
        ("villages", 0, 0.9),
        ("neighbourhood", 0, 0.99),
        ("documents", 0, 0.9),
        ("schemes", 0, 1),
    ],
)
def test_families_of_forms(name, wrong_share, recall):
    """Forms of many departments that ask overlapping things in other words: no wrong merge to speak of, few misses.

    A key says which fields are one element; "" is asked by nobody else, "-" was left open by the person who read it.
    """
    rows = cases(name)
    frames = frame([(row["form"], row["title"], row["path"], row["unit"], "") for row in rows])
    made, _ = decompose_fields(frames.sort("form_id", "field_no"), vocabulary())
    own = dict(zip(frames.sort("form_id", "field_no")["field_id"], (part.element_key for part in made), strict=True))
    said, numbers = {}, Counter()
    for row in rows:
        field_id = f"{row['form']}#{numbers[row['form']]}"
        numbers[row["form"]] += 1
        if row["key"] != "-":
            said[field_id] = row["key"] or field_id
    found, wanted = pairs_across(own, said), pairs_across(said, said)
    wrong = sorted(map(sorted, found - wanted))
    assert len(wrong) <= wrong_share * len(found), wrong
    assert len(found & wanted) >= recall * len(wanted), sorted(map(sorted, wanted - found))


@pytest.mark.parametrize(("level", "object_class"), [("个人", "自然人"), ("户", "户"), ("村", "单位"), ("", "单位")])
def test_who_answers_decides_where_nothing_else_does(level, object_class):
    fields = frame([("f", "补充信息", label, "", "") for label in ("所在网格", "备注说明")])
    made, _ = decompose_fields(fields.with_columns(pl.lit(level).alias("respondent_level")), vocabulary())
    assert {part.subject for part in made} == {object_class}


def pairs_across(key, fields):
    members = defaultdict(list)
    for field in fields:
        members[key[field]].append(field)
    return {
        frozenset(pair)
        for listed in members.values()
        for pair in combinations(listed, 2)
        if len({field.rsplit("#", 1)[0] for field in pair}) == 2
    }
