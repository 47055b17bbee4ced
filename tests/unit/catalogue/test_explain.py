"""Why two fields are, or are not, the same; and what a change would change."""

import polars as pl

from pipelines.catalogue.desk.deliver import catalogue_folder, read_lists
from pipelines.catalogue.desk.difference import compare, preview, summary
from pipelines.catalogue.desk.explain import explain
from pipelines.catalogue.registry import build
from pipelines.catalogue.verdicts import append, verdict
from schemas.elements import Elements, Verdicts

ROWS = [
    ("甲", "户籍人口", "行政区域.人口数[户籍]", {"unit": "人", "temporal": "stock", "data_type": "integer"}),
    ("乙", "常住人口", "行政区域.人口数[常住]", {"unit": "人", "temporal": "stock", "data_type": "integer"}),
    ("丙", "户籍人数", "行政区域.人口数[户籍]", {"unit": "万人", "temporal": "stock", "data_type": "integer"}),
    ("丙", "序号", "填报.序号", {"role": "serial"}),
]


def test_two_that_differ(catalogue_of):
    made, fields = catalogue_of(ROWS)
    text = explain("户籍人口", made, fields, "常住人口")
    assert "不是同一个数据元" in text
    assert "限定不同：“户籍”与“常住”" in text


def test_two_that_are_one(catalogue_of):
    made, fields = catalogue_of(ROWS)
    assert "是同一个数据元" in explain("甲表#户籍人口", made, fields, "丙#2")


def test_one_element_shows_its_fields_and_its_look_alikes(catalogue_of):
    made, fields = catalogue_of(ROWS)
    text = explain("户籍人口数", made, fields)
    assert "《丙表》户籍人数（换算单位）" in text
    assert "常住人口数：限定不同" in text
    assert "DE000002" in explain("de000002", made, fields)


def test_a_doubtful_pair_says_so(catalogue_of):
    made, fields = catalogue_of(ROWS, pairs=[("行政区域.人口数[户籍]", "行政区域.人口数[常住]", 0.6)])
    assert "判定表第 1 题，相同的把握 60%" in explain("户籍人口", made, fields, "常住人口")


def test_an_unknown_term_says_what_can_be_asked(catalogue_of):
    made, fields = catalogue_of(ROWS)
    assert "没有找到“月球”" in explain("月球", made, fields)
    assert "没有找到“序号”" in explain("序号", made, fields)
    assert "没有找到“月球”" in explain("户籍人口", made, fields, "月球")


def test_a_difference_names_elements_fields_and_forms(catalogue_of):
    before, fields = catalogue_of(ROWS[:2])
    after, more = catalogue_of(ROWS, known=before.elements, known_map=before.element_map)
    change = compare(before, after, more)
    assert change.forms["form_id"].to_list() == ["丙"]
    assert change.elements.is_empty()
    assert not change.is_empty
    assert any("丙表》户籍人数（Sheet1 A3）：（无） → " in line for line in summary(change))
    assert compare(before, before, fields).is_empty
    assert summary(compare(before, before, fields)) == ["没有变化。"]


FORM = (
    '{"form_title": "%s", "issuing_department": "民政局",'
    ' "fields": [{"path": ["姓名"]}, {"path": ["%s"]}, {"path": ["性别"]}]}'
)


def test_a_verdict_is_previewed_and_nothing_is_written(tmp_path):
    (tmp_path / "a.json").write_text(FORM % ("甲人员", "特殊标记情况"), encoding="utf-8")
    (tmp_path / "b.json").write_text(FORM % ("乙人员", "另类标注状况"), encoding="utf-8")
    fields, findings = read_lists(tmp_path)
    before = build(fields, Verdicts.empty(), Elements.empty())
    said = append(
        Verdicts.empty(), [verdict("甲人员#特殊标记情况", "乙人员#另类标注状况", "相同", "张三", "2026-01-01T00:00:00")]
    )
    change, after = preview(before, fields, said)
    assert findings == []
    assert change.elements["change"].to_list() == ["停用"]
    assert change.fields.height == 1
    both = after.element_map.filter(pl.col("field_id").is_in(["a#1", "b#1"]))
    assert both["element_id"].n_unique() == 1
    assert set(both["decision"]) == {"判定"}
    taken_back = append(
        said, [verdict("甲人员#特殊标记情况", "乙人员#另类标注状况", "撤回", "张三", "2026-01-02T00:00:00")]
    )
    undone = build(fields, taken_back, after.elements, known_map=after.element_map)
    assert undone.elements.equals(before.elements)


def test_a_folder_is_catalogued_and_bad_files_are_findings(tmp_path):
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "a.json").write_text(FORM % ("甲人员", "年龄"), encoding="utf-8")
    (source / "b.json").write_text("{", encoding="utf-8")
    (source / "c.json").write_text("[1, 2]", encoding="utf-8")
    (source / "d.json").write_bytes(b"\xff\xfe\x00")
    made = catalogue_folder(source, out)
    assert [(finding.code, finding.file) for finding in made.findings if finding.code == "OF-275"] == [
        ("OF-275", "b.json"),
        ("OF-275", "c.json"),
        ("OF-275", "d.json"),
    ]
    assert pl.read_csv(out / "element_map.csv")["field_id"].to_list() == ["a#0", "a#1", "a#2"]
    assert pl.read_csv(out / "element_map.csv").columns[:10] == [
        "field_id",
        "file",
        "sheet",
        "cell",
        "path",
        "element_id",
        "relation",
        "score",
        "decision",
        "reason",
    ]
    assert pl.read_csv(out / "review.csv").columns[:3] == ["left_element_id", "right_element_id", "probability"]


def test_a_label_of_several_elements_lists_each_with_its_forms_and_compares_the_plain_ones(catalogue_of):
    made, fields = catalogue_of(
        [
            ("甲", "联系电话", "自然人.联系电话", {}),
            ("乙", "手机号", "自然人.监护人联系电话", {}),
            ("丙", "手机号", "自然人.监护人联系电话", {}),
        ]
    )
    text = explain("联系电话", made, fields, "手机号")
    assert "“手机号”在不同的表里是 2 个数据元" in text
    assert "监护人联系电话，2 张表）：《丙表》《乙表》" in text
    assert "“联系电话”与“手机号”是同一个数据元" in text
