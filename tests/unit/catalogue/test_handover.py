"""Hand-over formats come back as they went out; a steward's changes come back with them."""

import json

import openpyxl
import polars as pl
import pytest

from pipelines.catalogue.desk.dictionary import SHEET, read_dictionary, write_dictionary, write_dictionary_csv
from pipelines.catalogue.desk.handover import hand_over, map_of_schema, table_schema
from schemas.elements import Elements

ROWS = [
    ("甲", "姓名", "自然人.姓名", {}),
    ("甲", "性别", "自然人.性别", {"data_type": "code", "value_domain": "男性；女性"}),
    ("甲", "出生年月", "自然人.出生日期", {"data_type": "date"}),
    ("甲", "面积", "地块.面积", {"data_type": "decimal", "unit": "公顷"}),
    ("甲", "面积", "地块.面积", {"data_type": "decimal", "unit": "亩"}),
    ("甲", "序号", "填报.序号", {"role": "serial"}),
    ("乙", "是否,“特殊”\n换行", "自然人.是否", {"data_type": "boolean"}),
]
WRITERS = {"字典.xlsx": write_dictionary, "字典.csv": write_dictionary_csv}


@pytest.mark.parametrize("name", WRITERS)
def test_the_dictionary_comes_back_whole(catalogue_of, tmp_path, name):
    made, _ = catalogue_of(ROWS)
    WRITERS[name](made.elements, tmp_path / name)
    back = read_dictionary(tmp_path / name, made.elements)
    assert (back.findings, back.elements.equals(made.elements)) == ([], True)


def edited(made, path, changes):
    """Write the dictionary with cells changed: {(element key, column): value}."""
    write_dictionary(made.elements, path)
    book = openpyxl.load_workbook(path)
    titles = Elements.titles()
    heads = [cell.value for cell in book[SHEET][1]]
    for (key, column), value in changes.items():
        for row in book[SHEET].iter_rows(min_row=2):
            if row[heads.index(titles["element_key"])].value == key:
                row[heads.index(titles[column])].value = value
    book.save(path)
    return read_dictionary(path, made.elements)


def test_what_a_steward_approves_comes_back_and_lasts(catalogue_of, tmp_path):
    made, _ = catalogue_of(ROWS)
    changes = {("自然人.姓名", "definition"): "户口簿上的姓名", ("自然人.姓名", "status"): "已核准"}
    back = edited(made, tmp_path / "d.xlsx", changes)
    again, _ = catalogue_of(ROWS, known=back.elements)
    [row] = again.elements.filter(pl.col("element_key") == "自然人.姓名").to_dicts()
    assert (back.findings, row["definition"], row["status"]) == ([], "户口簿上的姓名", "已核准")


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("sensitivity", "绝密", "OF-271"),
        ("element_name", None, "OF-271"),
        ("element_id", "DE999999", "OF-272"),
        ("definition", "改了没核准", "OF-273"),
    ],
)
def test_bad_cells_are_findings(catalogue_of, tmp_path, column, value, code):
    made, _ = catalogue_of(ROWS)
    back = edited(made, tmp_path / "d.xlsx", {("自然人.姓名", column): value})
    assert [finding.code for finding in back.findings] == [code]
    assert back.elements.height == made.elements.height


def test_a_dictionary_without_a_column_changes_nothing(catalogue_of, tmp_path):
    made, _ = catalogue_of(ROWS)
    made.elements.drop("definition").rename(
        {name: title for name, title in Elements.titles().items() if name != "definition"}
    ).write_csv(tmp_path / "d.csv")
    back = read_dictionary(tmp_path / "d.csv", made.elements)
    assert ([finding.code for finding in back.findings], back.elements.equals(made.elements)) == (["OF-270"], True)


def test_a_form_is_a_table_schema_and_back(catalogue_of, tmp_path):
    made, fields = catalogue_of(ROWS)
    files = hand_over(fields, made.elements, made.element_map, tmp_path)
    assert sorted(file.name for file in files) == ["乙.schema.json", "数据字典.csv", "数据字典.xlsx", "甲.schema.json"]
    schemas = [json.loads(file.read_text(encoding="utf-8")) for file in files if file.suffix == ".json"]
    back = pl.concat([map_of_schema(schema) for schema in schemas]).sort("field_id")
    assert back.equals(made.element_map.select(back.columns).sort("field_id"))


def test_the_schema_is_what_frictionless_expects(catalogue_of):
    made, fields = catalogue_of(ROWS)
    schema = table_schema("甲", fields, made.element_map, made.elements)
    names = [field["name"] for field in schema["fields"]]
    assert names == ["姓名", "性别", "出生年月", "面积", "面积#2", "序号"]
    by_name = {field["name"]: field for field in schema["fields"]}
    assert by_name["面积"]["type"] == "number"
    assert by_name["出生年月"]["type"] == "string"  # 1990年1月 is no ISO date
    assert by_name["性别"]["type"] == "string"
    assert "constraints" not in by_name["性别"]  # the form prints 男性, not 男
