"""Order and batch do not matter, nothing vanishes, verdicts win, nothing given makes matching crash."""

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.catalogue.match import FIELD_TYPES, match
from pipelines.catalogue.verdicts import verdict
from schemas.elements import Verdicts

TITLES = ("村基本情况统计表", "残疾人花名册", "企业登记表", "低保户信息表", "", "重大隐患登记表")
LABELS = (
    "姓名", "身份证号", "联系电话", "手机", "监护人", "法定代表人", "户籍人口", "常住人口", "60岁以上人数", "耕地面积",
    "编号", "序号", "备注", "填表人", "", "其中：女", "单位名称", "地址", "金额", "类别", "合计", "（）", "1.", "是否",
    "施工单位",
)  # fmt: skip
UNITS = ("", "人", "元", "亩", "公顷", "包", "万元")

label = st.one_of(st.sampled_from(LABELS), st.text(min_size=0, max_size=8))
path = st.lists(label, min_size=1, max_size=3).map(" › ".join)
form = st.tuples(st.sampled_from(TITLES), st.lists(st.tuples(path, st.sampled_from(UNITS)), min_size=1, max_size=7))
forms = st.lists(form, min_size=1, max_size=4)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def frame(listed):
    rows = [
        dict.fromkeys(FIELD_TYPES, "")
        | {
            "field_id": f"f{n}#{i}",
            "form_id": f"f{n}",
            "form_title": f"{title}",
            "path": p,
            "unit": unit,
            "field_no": i,
        }
        for n, (title, fields) in enumerate(listed)
        for i, (p, unit) in enumerate(fields)
    ]
    return pl.DataFrame(rows, schema=FIELD_TYPES)


def grouped(found):
    return dict(found.groups.iter_rows())


@quick
@given(forms, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(listed, chance):
    fields = frame(listed)
    order = list(range(fields.height))
    chance.shuffle(order)
    one, two = match(fields), match(fields[order])
    assert one.decompositions.sort("field_id").equals(two.decompositions.sort("field_id"))
    assert grouped(one) == grouped(two)
    assert one.pairs.equals(two.pairs)


@quick
@given(forms)
def test_forms_do_not_depend_on_each_other(listed):
    whole = grouped(match(frame(listed)))
    for number in range(len(listed)):
        alone = match(frame(listed).filter(pl.col("form_id") == f"f{number}"))
        assert all(whole[field_id] == key for field_id, key in grouped(alone).items())


@quick
@given(forms)
def test_nothing_vanishes_and_pairs_are_probabilities_of_groups(listed):
    fields = frame(listed)
    found = match(fields)
    assert sorted(found.decompositions["field_id"]) == sorted(fields["field_id"]) == sorted(found.groups["field_id"])
    assert not found.decompositions.filter((pl.col("property") == "") | (pl.col("reason") == "")).height
    known = set(found.groups["group_key"])
    for row in found.pairs.iter_rows(named=True):
        assert {row["left_key"], row["right_key"]} <= known
        assert row["left_key"] != row["right_key"]
        assert 0 <= row["probability"] <= 1


@quick
@given(forms, st.data())
def test_verdicts_win_and_propagate(listed, data):
    fields = frame(listed)
    keys = sorted({f"{title}#{path}" for title, path in fields.select("form_title", "path").iter_rows()})
    if len(keys) < 3:
        return
    a, b, c = data.draw(st.permutations(keys))[:3]
    said = [verdict(a, b, "相同", "张", "2026-01-01T00:00:00"), verdict(b, c, "不同", "张", "2026-01-02T00:00:00")]
    found = grouped(match(fields, Verdicts.frame(said)))
    by_key = {}
    for field_id, title, path in fields.select("field_id", "form_title", "path").iter_rows():
        by_key.setdefault(f"{title}#{path}", set()).add(found[field_id])
    assert by_key[a] == by_key[b]
    assert not by_key[a] & by_key[c]


@pytest.mark.parametrize("bad", ["x" * 200, "", " ", "（", "①", "1", "其中：", "A01", "\ue000", "元"])
def test_bad_labels_are_read(bad):
    found = match(frame([("某表", [(bad, ""), (bad, "")])]))
    assert found.decompositions.height == 2
    if len(bad) == 200:
        assert "OF-200" in {finding.code for finding in found.findings}


def test_null_columns_are_read():
    fields = frame([("某表", [("姓名", "")])]).with_columns(
        pl.lit(None, dtype=pl.String).alias(name) for name in ("unit", "note", "layout", "role", "value_domain")
    )
    assert match(fields).decompositions["element_key"].to_list() == ["自然人.姓名"]
