"""The registry over arbitrary forms: nothing lost, order no matter, ids last, additions leave the rest alone."""

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.catalogue.change import change
from pipelines.catalogue.match import FIELD_TYPES
from pipelines.catalogue.registry import build
from pipelines.catalogue.verdicts import settle, verdict
from schemas.elements import Elements, Verdicts

LABELS = st.sampled_from(
    [
        "姓名",
        "身份证号",
        "性别",
        "出生年月",
        "联系电话",
        "手机号",
        "家庭住址",
        "金额",
        "面积",
        "户籍人口",
        "常住人口",
        "60岁以上人数",
        "序号",
        "填报人",
        "备注",
        "是否党员",
        "产量",
        "",
        "说明" * 100,
    ]
) | st.text(max_size=12)
UNITS = st.sampled_from(["", "", "", "元", "万元", "亩", "公顷", "人", "箩筐"])
OPTIONS = st.sampled_from(["", "", "", "男；女", "1.男；2.女", "是；否", "甲；乙；其他"])
FIELD = st.tuples(LABELS, UNITS, OPTIONS)
FORM = st.lists(FIELD, min_size=1, max_size=8)
FORMS = st.dictionaries(st.sampled_from([f"表{n}" for n in range(9)]), FORM, min_size=1, max_size=6)
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def frame(forms):
    rows = [
        dict.fromkeys(FIELD_TYPES, "")
        | {
            "field_id": f"{form}#{number}",
            "form_id": form,
            "form_title": f"{form}人员",
            "path": label,
            "unit": unit,
            "value_domain": options,
            "field_no": number,
            "department_name": "民政局",
        }
        for form, fields in forms.items()
        for number, (label, unit, options) in enumerate(fields)
    ]
    return pl.DataFrame(rows, schema=FIELD_TYPES)


def catalogue(forms, known=None, known_map=None):
    return build(frame(forms), Verdicts.empty(), Elements.empty() if known is None else known, known_map=known_map)


@SLOW
@given(FORMS)
def test_every_field_has_one_answer_and_frames_keep_their_contracts(forms):
    made = catalogue(forms)
    assert sorted(made.element_map["field_id"]) == sorted(frame(forms)["field_id"])
    mapped = made.element_map.filter(pl.col("relation") != "none")
    assert mapped["element_id"].null_count() == 0
    assert set(mapped["element_id"]) == set(made.elements["element_id"])
    assert made.element_map.filter(pl.col("relation") == "none")["reason"].str.len_chars().min() not in (0,)
    assert made.elements["field_count"].sum() == mapped.height
    assert Elements.validate(made.elements).equals(made.elements)


@SLOW
@given(FORMS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_is_no_matter(forms, random):
    fields = frame(forms)
    order = list(range(fields.height))
    random.shuffle(order)
    one = build(fields, Verdicts.empty(), Elements.empty())
    other = build(fields[order], Verdicts.empty(), Elements.empty())
    for name in ("elements", "element_map", "field_meanings", "derivations", "review_pairs"):
        assert getattr(one, name).equals(getattr(other, name)), name


@SLOW
@given(FORMS)
def test_a_second_run_changes_nothing(forms):
    first = catalogue(forms)
    second = catalogue(forms, first.elements, first.element_map)
    assert second.elements.equals(first.elements)
    assert second.element_map.equals(first.element_map)


@SLOW
@given(FORMS, FORM)
def test_adding_a_form_leaves_untouched_elements_and_all_ids_alone(forms, added):
    before = catalogue(forms)
    after = catalogue(forms | {"新表": added}, before.elements, before.element_map)
    touched = after.element_map.filter(pl.col("field_id").str.starts_with("新表#"))["element_id"].drop_nulls().to_list()
    untouched = before.elements.filter(~pl.col("element_id").is_in(touched))
    assert after.elements.join(untouched, on="element_id", how="semi").equals(untouched)
    ids = ["field_id", "element_id"]
    assert (
        after.element_map.join(before.element_map, on="field_id", how="semi")
        .select(ids)
        .equals(before.element_map.select(ids))
    )


@SLOW
@given(FORMS)
def test_taking_forms_away_and_back_restores_the_ids(forms):
    before = catalogue(forms)
    kept = dict(list(forms.items())[1:])
    less = catalogue(kept, before.elements, before.element_map)
    assert set(before.elements["element_id"]) <= set(less.elements["element_id"])
    back = catalogue(forms, less.elements, less.element_map)
    assert back.elements.equals(before.elements)


SPOKEN = st.sampled_from(["相同", "不同", "撤回"])


@SLOW
@given(FORMS, FORM, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), SPOKEN), max_size=5), st.booleans())
def test_adding_a_form_alone_gives_what_a_whole_build_gives(forms, added, said, is_known):
    """Also when the form replaces an edition of before, and when verdicts join or part what it meets."""
    name = next(iter(forms)) if is_known else "新表"
    every = frame(forms | {name: added})
    # no review sheet asks about a field without a label, so no verdict names one
    labelled = every.filter(pl.col("path").str.split(" › ").list.last() != "")
    keys = (labelled["form_title"] + "#" + labelled["path"]).to_list() or ["表#姓名"]
    rows = [
        verdict(keys[a % len(keys)], keys[b % len(keys)], answer, "张三", f"2026-01-01T{hour:02d}:00:00")
        for hour, (a, b, answer) in enumerate(said)
    ]
    verdicts = Verdicts.frame(list({row["verdict_id"]: row for row in rows}.values()))
    before = build(frame(forms), verdicts, Elements.empty())
    whole = build(every, verdicts, before.elements, known_map=before.element_map)
    part = change(before, frame(forms), every.filter(pl.col("form_id") == name), verdicts).onto(before)
    for table in ("elements", "element_map", "field_meanings", "derivations"):
        assert getattr(part, table).equals(getattr(whole, table)), table


KEYS = st.sampled_from("ABCDEF")
SAID = st.lists(st.tuples(KEYS, KEYS, st.sampled_from(["相同", "不同", "不确定", "撤回"])), max_size=14)


@given(SAID)
def test_verdicts_that_hold_agree_with_each_other(lines):
    rows = [verdict(a, b, answer, "张三", f"2026-01-01T{hour:02d}:00:00") for hour, (a, b, answer) in enumerate(lines)]
    settled = settle(Verdicts.frame(rows))
    for row in settled.rows.iter_rows(named=True):
        assert settled.between(row["left_field_key"], row["right_field_key"]) == row["answer"]
    assert all(len(pair) == 2 for pair in settled.apart)


@given(SAID)
def test_sameness_is_an_equivalence_and_difference_respects_it(lines):
    rows = [verdict(a, b, answer, "张三", f"2026-01-01T{hour:02d}:00:00") for hour, (a, b, answer) in enumerate(lines)]
    settled = settle(Verdicts.frame(rows))
    keys = "ABCDEF"
    same = {(a, b) for a in keys for b in keys if settled.between(a, b) == "相同"}
    apart = {(a, b) for a in keys for b in keys if settled.between(a, b) == "不同"}
    assert all((b, a) in same for a, b in same)
    assert all((a, d) in same for a, b in same for c, d in same if b == c)
    assert all((a, d) in apart for a, b in same for c, d in apart if b == c)


@pytest.mark.parametrize("count", [1, 5])
def test_the_newest_verdict_always_holds(count):
    lines = [verdict("A", "B", "相同" if n % 2 else "不同", "张三", f"2026-01-0{n + 1}T00:00:00") for n in range(count)]
    assert settle(Verdicts.frame(lines)).between("A", "B") == lines[-1]["answer"]
