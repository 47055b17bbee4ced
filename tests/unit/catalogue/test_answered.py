"""A question that a verdict has answered is not asked again."""

import polars as pl

from pipelines.catalogue.match import FIELD_TYPES
from pipelines.catalogue.registry import build
from pipelines.catalogue.verdicts import verdict
from schemas.elements import Elements, Verdicts

FORMS = {
    "残疾人花名册": ["姓名", "身份证号", "是否享受创业补贴"],
    "低保对象花名册": ["姓名", "身份证号", "是否享受过创业补贴"],
}


def fields():
    rows = []
    for form, labels in FORMS.items():
        for number, label in enumerate(labels):
            row = dict.fromkeys(FIELD_TYPES, "") | {"field_id": f"{form}#{number}", "form_id": form, "form_title": form}
            rows.append(row | {"path": label, "layout": "roster", "field_no": number})
    return pl.DataFrame(rows, schema=FIELD_TYPES)


def test_answered_questions_leave_the_list():
    asked = build(fields(), Verdicts.empty(), Elements.empty()).review_pairs
    assert asked.height, "the example must leave something to ask"
    answers = [
        verdict(left, right, "不同", "数据管理员", "2026-01-01T00:00:00")
        for left, right in asked.select("left_field_key", "right_field_key").iter_rows()
    ]
    again = build(fields(), Verdicts.frame(answers), Elements.empty()).review_pairs
    pairs = {frozenset(pair) for pair in asked.select("left_field_key", "right_field_key").iter_rows()}
    assert not pairs & {frozenset(pair) for pair in again.select("left_field_key", "right_field_key").iter_rows()}
