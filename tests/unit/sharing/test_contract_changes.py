"""A changed contract gets a new version by the kind of change, and a notice for its department."""

import json

import polars as pl
import pytest

from pipelines.sharing.changes import contract_changes, next_version, versioned
from pipelines.sharing.compare import compared, remarks, statistics
from pipelines.sharing.finish import finish
from pipelines.sharing.notices import post_notices, posted_notices
from pipelines.sharing.views.odcs import odcs


def column(name, **more):
    base = {"name": name, "fieldId": f"R#{name}", "path": name, "cell": "A2", "isGiven": True, "options": []}
    base |= {"dataType": "text", "logicalType": "string", "physicalType": "String", "unit": "", "rule": ""}
    base |= {"sensitivity": "一般", "element": f"DE_{name}", "elementName": name, "source": "人员台账"}
    return base | {"sourceDepartment": "县公安局"} | more


def contract(*columns, **more):
    base = {"id": "R_1", "name": "某表", "tenant": "县民政局", "domain": "R", "grain": "一人", "frequency": "月"}
    keys = ["_subject_key", "_area_code", "_period"]
    return base | {"keys": keys, "columns": list(columns), "version": "1.4.2"} | more


BEFORE = contract(column("姓名"), column("面积", unit="亩"))
AREA = column("面积", unit="亩")
RENAMED = column("老人姓名", fieldId="R#姓名", element="DE_姓名")
CASES = [
    (contract(column("姓名"), AREA), [], "1.4.2"),
    (contract(column("姓名"), AREA, column("备注")), ["column_added"], "1.5.0"),
    (contract(AREA, column("姓名")), ["order"], "1.5.0"),
    (contract(column("姓名")), ["column_removed"], "2.0.0"),
    (
        contract(RENAMED, AREA),
        ["column_renamed"],
        "2.0.0",
    ),
    (contract(column("姓名"), column("面积", unit="公顷")), ["unit"], "2.0.0"),
    (contract(column("姓名"), column("面积", unit="亩", rule="乘 2")), ["rule"], "2.0.0"),
    (contract(column("姓名"), column("面积", unit="亩", logicalType="number")), ["type"], "2.0.0"),
    (contract(column("姓名", sensitivity="个人信息"), AREA), ["sensitivity"], "1.5.0"),
    (contract(column("姓名", cell="B2"), AREA), ["cell"], "1.4.3"),
    (
        contract(column("姓名", source="户台账", cell="B2"), AREA, grain="一户"),
        ["grain", "source", "cell"],
        "2.0.0",
    ),
    (contract(column("姓名"), column("面积", unit="亩", isGiven=False)), ["column_removed"], "2.0.0"),
]


@pytest.mark.parametrize(("after", "changes", "version"), CASES)
def test_the_kind_of_change_decides_the_version(after, changes, version):
    found = contract_changes(BEFORE, after)
    assert [change.change for change in found] == changes
    assert next_version(BEFORE["version"], found) == version
    assert versioned(dict(after), BEFORE)["version"] == version
    assert all("{" not in change.text for change in found)


def test_new_and_withdrawn_views():
    assert versioned({**BEFORE, "version": ""}, None)["version"] == "1.0.0"
    assert [change.text for change in contract_changes(BEFORE, None)] == ["视图已撤销，最后一个有它的版本是 1.4.2"]
    assert [change.change for change in contract_changes(None, BEFORE)] == ["view_added"]


def snapshot(folder, made, frame):
    (folder / "views").mkdir(parents=True)
    types = {name: str(kind) for name, kind in frame.schema.items()}
    columns = [one | {"physicalType": types.get(one["name"], "String")} for one in made["columns"]]
    text = json.dumps(made | {"columns": columns}, ensure_ascii=False)
    (folder / "views" / "R_1.json").write_text(text, encoding="utf-8")
    frame.write_parquet(folder / "views" / "R_1.parquet")
    (folder / "statistics.json").write_text(json.dumps({"R_1": statistics(frame)}), encoding="utf-8")
    return folder


def rows(count, *, name=True, total=10):
    codes = ["532328101001"] * count
    keys = {"_subject_key": [f"p{n}" for n in range(count)], "_area_code": codes, "_period": [""] * count}
    areas = pl.Series("面积", [total] * count, dtype=pl.Decimal(24, 6))
    return pl.DataFrame(keys | {"姓名": ["甲" if name else None] * count}).with_columns(areas)


def test_the_department_gets_a_notice_in_words(tmp_path):
    before = snapshot(tmp_path / "v1", BEFORE, rows(3))
    changed = contract(column("姓名"), column("面积", unit="公顷"), version="2.0.0")
    after = snapshot(tmp_path / "v2", changed, rows(3))
    codes = [finding.code for finding in finish(after, before)]
    assert codes == ["OF-464"]
    [posted] = post_notices(after, tmp_path / "reports")
    text = posted.read_text(encoding="utf-8")
    assert "契约版本：1.4.2 → 2.0.0" in text
    assert "列“面积”的单位由“亩”改为“公顷”" in text
    assert "取数程序" in text
    assert posted_notices(tmp_path / "reports", "县民政局") == [("v2", "县民政局", posted)]
    assert posted_notices(tmp_path / "reports", "县水务局") == []


def test_nothing_changed_no_notice(tmp_path):
    before = snapshot(tmp_path / "v1", BEFORE, rows(3))
    assert finish(snapshot(tmp_path / "v2", BEFORE, rows(3)), before) == []
    assert not (tmp_path / "v2" / "notices").exists()


@pytest.mark.parametrize(
    ("after", "code", "part"),
    [
        (rows(6), "OF-461", "由 10 行减为 6 行（少 40%）"),
        (rows(10, name=False), "OF-462", "由 0% 升为 100%"),
        (rows(10, total=25), "OF-463", "由 100 变为 250（+150%）"),
    ],
)
def test_the_comparison_says_what_moved_and_by_how_much(tmp_path, after, code, part):
    old = snapshot(tmp_path / "v1", BEFORE, rows(10))
    found = remarks(compared(old, snapshot(tmp_path / "v2", BEFORE, after)))
    assert [finding.code for finding in found] == [code]
    assert part in found[0].message


BROKEN = [
    (lambda frame: frame.drop("姓名"), "OF-900"),
    (lambda frame: frame.with_columns(pl.col("面积").cast(pl.Float64)), "OF-903"),
    (lambda frame: pl.concat([frame, frame.head(1)]), "OF-902"),
    (lambda frame: frame.with_columns(pl.lit("x").alias("_area_code")), "OF-902"),
]


@pytest.mark.parametrize(("damage", "code"), BROKEN)
def test_a_view_that_breaks_its_contract_is_a_breach(tmp_path, damage, code):
    after = snapshot(tmp_path / "v2", BEFORE, rows(3))
    assert finish(after, None) == []
    damage(rows(3)).write_parquet(after / "views" / "R_1.parquet")
    found = finish(after, None)
    assert [finding.code for finding in found] == [code]
    assert found[0].severity == "error"


def test_the_contract_in_the_words_of_odcs():
    given = odcs(contract(column("姓名", sensitivity="个人信息"), column("性别", options=["男", "女"])))
    required = {"apiVersion", "kind", "id", "version", "status"}  # ODCS 3.0.2, fundamentals
    assert required <= given.keys()
    [schema] = given["schema"]
    assert [p["name"] for p in schema["properties"]][-2:] == ["姓名", "性别"]
    assert [p["primaryKeyPosition"] for p in schema["properties"] if p.get("primaryKey")] == [1, 2, 3]
    assert schema["properties"][-2]["classification"] == "个人信息"
    assert schema["properties"][-1]["quality"][0]["validValues"] == ["男", "女"]
