"""What is computed and never asked; the SQL is run, not read."""

import duckdb
import polars as pl
import pytest

from pipelines.catalogue.derivations import at_date
from schemas.reports import TemplateChecks

PERSON = [
    ("甲", "身份证号", "自然人.公民身份号码", {"data_type": "identifier"}),
    ("甲", "性别", "自然人.性别", {"data_type": "code"}),
    ("甲", "出生日期", "自然人.出生日期", {"data_type": "date"}),
    ("甲", "年龄", "自然人.年龄", {"data_type": "integer"}),
    ("甲", "民族", "自然人.民族", {"data_type": "code"}),
]
COUNTS = [
    ("乙", "人口数", "行政区域.人口数", {"data_type": "integer", "temporal": "stock", "unit": "人"}),
    (
        "乙",
        "60岁以上妇女",
        "行政区域.人口数[60岁及以上；女]",
        {"data_type": "integer", "temporal": "stock", "unit": "人"},
    ),
    ("乙", "少数民族人口", "行政区域.人口数[少数民族]", {"data_type": "integer", "temporal": "stock", "unit": "人"}),
    ("乙", "新增人口", "行政区域.人数[女]", {"data_type": "integer", "temporal": "flow", "unit": "人"}),
    ("乙", "60岁以下", "行政区域.人口数[60岁及以下]", {"data_type": "integer", "temporal": "stock", "unit": "人"}),
    ("乙", "常住人口", "行政区域.人口数[常住]", {"data_type": "integer", "temporal": "stock", "unit": "人"}),
]
ROWS = [
    # GB 11643's public vector, then invented numbers: born 1966-11-25 (59 on the day before) and a broken one
    ("11010519491231002X", "汉族"),
    ("530102196611250016", "彝族"),
    ("5301021966", None),
]
DAY = "2026-11-24"


def key_of(made):
    return dict(made.elements.select("element_id", "element_key").iter_rows())


def run(made, key):
    """The value of a derivation over ROWS: a list for an id_number one, a number for a count."""
    keys = key_of(made)
    [row] = [row for row in made.derivations.iter_rows(named=True) if keys[row["element_id"]] == key]
    by_key = {name: element_id for element_id, name in keys.items()}
    columns = {by_key["自然人.公民身份号码"]: [r[0] for r in ROWS], by_key["自然人.民族"]: [r[1] for r in ROWS]}
    ledger = pl.DataFrame(columns)
    assert set(row["inputs"].split("；")) <= set(ledger.columns)
    return [value for (value,) in duckdb.sql(f"select {at_date(row['expression'], DAY)} from ledger").fetchall()]


def test_the_id_number_gives_birth_date_sex_and_age(catalogue_of):
    made, _ = catalogue_of(PERSON)
    assert run(made, "自然人.出生日期") == ["1949-12-31", "1966-11-25", None]
    assert run(made, "自然人.性别") == ["女", "男", None]
    assert run(made, "自然人.年龄") == [76, 59, None]


def test_area_statistics_are_counts_of_persons(catalogue_of):
    made, _ = catalogue_of([*PERSON, *COUNTS])
    assert run(made, "行政区域.人口数") == [3]
    assert run(made, "行政区域.人口数[60岁及以上；女]") == [1]
    assert run(made, "行政区域.人口数[少数民族]") == [1]


def test_a_condition_nobody_wrote_down_is_not_guessed(catalogue_of):
    made, _ = catalogue_of([*PERSON, *COUNTS])
    derived = {key_of(made)[element_id] for element_id in made.derivations["element_id"]}
    assert not derived & {"行政区域.人口数[常住]", "行政区域.人口数[60岁及以下]", "行政区域.人数[女]"}


def test_nothing_is_derived_from_what_is_not_in_the_catalogue(catalogue_of):
    made, _ = catalogue_of([*PERSON[1:], *COUNTS])
    assert made.derivations.is_empty()


def test_a_day_that_is_no_date_is_refused():
    with pytest.raises(ValueError, match="not a date"):
        at_date(":as_of", "2026'; drop table x")


TOTAL = [
    ("丙", "合计", "行政区域.户数", {"role": "derived", "data_type": "integer", "unit": "户"}),
    ("丙", "农业户", "行政区域.户数[农业]", {"data_type": "integer", "unit": "户"}),
    ("丙", "非农业户", "行政区域.户数[非农业]", {"data_type": "integer", "unit": "户"}),
    ("丙", "面积", "行政区域.面积", {"data_type": "decimal", "unit": "亩"}),
]


def check(target, parts, kind="total", text=""):
    return TemplateChecks.frame(
        [{"form_id": "丙", "table_no": 1, "kind": kind, "target": target, "parts": parts, "text": text}]
    )


def test_a_total_is_the_sum_of_its_parts(catalogue_of):
    made, _ = catalogue_of(TOTAL, checks=check("A1", "A2；A3"))
    [row] = made.derivations.to_dicts()
    keys = key_of(made)
    assert (row["kind"], keys[row["element_id"]]) == ("parts", "行政区域.户数")
    assert {keys[element_id] for element_id in row["inputs"].split("；")} == {
        "行政区域.户数[农业]",
        "行政区域.户数[非农业]",
    }


@pytest.mark.parametrize(
    ("target", "parts", "kind"),
    [
        ("A1", "A2；A9", "total"),  # a part that is no field
        ("A1", "A2；A4", "total"),  # another unit
        ("A1", "A1；A2", "total"),  # rests on itself
        ("A2", "A1；A3", "total"),  # the target is to be filled
        ("A1", "A2；A3", "balance"),  # does not tell the signs
        ("A1", "A2；A3", "part"),  # 其中: there may be more
    ],
)
def test_a_doubtful_total_is_left_out(catalogue_of, target, parts, kind):
    made, _ = catalogue_of(TOTAL, checks=check(target, parts, kind))
    assert made.derivations.is_empty()


def test_a_field_is_derived_only_when_no_form_asks_for_its_element(catalogue_of):
    made, _ = catalogue_of(TOTAL)
    relations = dict(made.element_map.select("field_id", "relation").iter_rows())
    assert (relations["丙#0"], relations["丙#1"]) == ("derived", "same")
    asked, _ = catalogue_of([*TOTAL, ("丁", "户数", "行政区域.户数", {"data_type": "integer", "unit": "户"})])
    assert set(asked.element_map["relation"]) == {"same"}


def test_a_printed_balance_keeps_its_signs(catalogue_of):
    made, _ = catalogue_of(TOTAL, checks=check("A3", "A1；A2", "balance", "03=01-02"))
    keys = key_of(made)
    by_key = {key: element_id for element_id, key in keys.items()}
    [row] = made.derivations.to_dicts()
    assert keys[row["element_id"]] == "行政区域.户数[非农业]"
    assert row["expression"] == f'"{by_key["行政区域.户数"]}" - "{by_key["行政区域.户数[农业]"]}"'


def test_what_a_verdict_parted_is_not_counted_as_if_it_were_the_same(catalogue_of):
    parted = [(*row[:3], row[3] | {"group": "行政区域.人口数｛乙表#人口数｝"}) for row in COUNTS[:1]]
    made, _ = catalogue_of([*PERSON, *parted])
    assert set(made.derivations["kind"]) == {"id_number"}
    assert "人口数（乙表）" in made.elements["element_name"].to_list()
