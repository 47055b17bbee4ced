"""A card's list of family members holds the whole household; a table of areas lists the areas its columns name."""

import polars as pl
import pytest

from pipelines.sharing.publish import rows_of
from pipelines.sharing.views.build import view
from pipelines.sharing.views.sources import shelf
from pipelines.sharing.views.view import View
from pipelines.store.query import run

VILLAGE, OTHER = "532328101001", "532328101002"
KEYS = {
    "E0": "户.户编号",
    "E1": "户.户主公民身份号码",
    "E2": "自然人.公民身份号码",
    "E3": "自然人.姓名",
    "E4": "自然人.与户主关系",
    "E5": "自然人.姓名｛某表#家庭成员 › 姓名｝",
}
PEOPLE = [
    ("p2", VILLAGE, "1", "id2", "李二", "子"),
    ("p1", VILLAGE, "1", "id1", "李一", "户主"),
    ("p3", VILLAGE, "2", "id3", "王三", "户主"),
    ("p4", OTHER, "1", "id4", "赵四", "户主"),
]
HOUSES = [("h1", VILLAGE, "1", "id1"), ("h2", VILLAGE, "2", "id3"), ("h3", OTHER, "1", "id4")]


def elements():
    rows = []
    for element_id, key in KEYS.items():
        object_class, label = key.split("｛")[0].split(".")
        rows.append(
            {"element_id": element_id, "element_key": key, "element_name": label, "object_class": object_class}
            | {"property": label, "qualifiers": "", "data_type": "text", "sensitivity": "一般", "unit": ""}
            | {"source_department": "", "status": "已核准", "temporal": "stock", "share_type": "有条件共享"}
        )
    return rows


def field(number, path, label_cell, cell):
    return {
        "field_id": f"K#{number}",
        "path": path,
        "label_cell": label_cell,
        "cell": cell,
        "inline": None,
        "role": "fill",
        "layout": "card",
        "table_no": 1,
        "form_title": "某表",
        "sheet": "table 1",
        "data_type": "text",
        "number_format": "",
        "value_domain": "",
    }


def made(base, status="已核准"):
    """The views of a card about a household or a person, and the frames they run on."""
    known = elements()
    known[-2]["status"] = status
    person = pl.DataFrame(PEOPLE, schema=["subject_key", "area_code", "E0", "E2", "E3", "E4"], orient="row")
    household = pl.DataFrame(HOUSES, schema=["subject_key", "area_code", "E0", "E1"], orient="row")
    ledgers = {"person": person, "household": household}
    derivations = pl.DataFrame(schema=dict.fromkeys(("element_id", "kind", "ledger", "expression"), pl.String))
    place = shelf(ledgers, pl.DataFrame(known), derivations, "2025-12-31", "2025-12")
    fields = [
        field(0, "户主身份证号", "A1", "B1"),
        field(1, "家庭成员 › 姓名", "B3", "B4"),
        field(2, "家庭成员 › 关系", "C3", "C4"),
    ]
    mapping = {
        "K#0": {"element_id": "E1" if base == "household" else "E2", "rule": "", "reason": ""},
        "K#1": {"element_id": "E5", "rule": "", "reason": ""},
        "K#2": {"element_id": "E4", "rule": "", "reason": ""},
    }
    report = {"report_id": "K", "report_name": "某表", "department_name": "某局", "frequency": "年"}
    population = {"ledger": base, "condition": "1 = 1", "population": "全部"}
    by_id = {row["element_id"]: row for row in known}
    return view(report, fields, mapping, by_id, population, (), place), ledgers


def test_every_member_of_the_household_is_listed_the_head_first():
    (card, members), ledgers = made("household")
    assert [column.name for column in card.columns] == ["户主身份证号"]
    assert (members.part_of, members.layout) == ("K_1", "roster")
    rows = run(ledgers, members.sql).select("_subject_key", "姓名", "关系").rows()
    assert rows == [("h1", "李一", "户主"), ("h1", "李二", "子"), ("h2", "王三", "户主"), ("h3", "赵四", "户主")]


def test_a_card_of_one_person_lists_the_others_and_leaves_the_relation_to_a_hand():
    (_, members), ledgers = made("person")
    assert [(column.name, bool(column.sql)) for column in members.columns] == [("姓名", True), ("关系", False)]
    assert run(ledgers, members.sql).select("_subject_key", "姓名").rows() == [("p1", "李二"), ("p2", "李一")]


def test_a_column_of_a_retired_element_is_empty_and_says_so():
    (_, members), _ = made("household", status="已停用")
    assert [(column.sql, column.reason) for column in members.columns][1] == ("", "来源数据元 E4 与户主关系 已停用")


@pytest.mark.parametrize(
    ("level", "area", "expected"),
    [
        ("村", "532328000000", ["532328101001", "532328102001"]),
        ("", "532328000000", ["532328101000", "532328102000"]),
        ("村", "532328101000", ["532328101001"]),
    ],
)
def test_a_table_of_areas_lists_the_level_it_names(level, area, expected):
    codes = ["532328000000", "532328101000", "532328101001", "532328102000", "532328102001"]
    frame = pl.DataFrame({"_area_code": codes, "_period": ["2025-12"] * 5, "_subject_key": codes})
    table = View("V", "V", 1, "某局", "表", "roster", "月", "表", "indicator", "", (), "", row_level=level)
    assert [row["_area_code"] for row in rows_of(table, frame, area, "2025-12")] == expected
