"""Expectations of published views: told without a value, pages without a network, nothing unchecked passes as good."""

import json
import re
import subprocess

import polars as pl
import pytest

from pipelines.quality.expectations import Examination, check, suites

SECRET = "530900199001011234X"


def publish(folder, frame, columns, row_count=None, name="低保花名册"):
    place = folder / "views" / "民政局"
    place.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(place / f"{name}.parquet")
    made = {
        "id": name,
        "name": name,
        "tenant": "民政局",
        "rowCount": frame.height if row_count is None else row_count,
        "keys": ["subject_key", "period"],
        "columns": [
            {"name": c, "isGiven": True, "options": [], "property": "", "dataType": "text"}
            | {"physicalType": str(frame.schema.get(c, pl.String))}
            | more
            for c, more in columns.items()
        ],
    }
    (place / f"{name}.json").write_text(json.dumps(made, ensure_ascii=False), "utf-8")


def frame(**columns):
    height = len(next(iter(columns.values())))
    return pl.DataFrame({"subject_key": [str(n) for n in range(height)], "period": [""] * height, **columns})


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("share")
    good = frame(身份证号=["11010519491231002X", None], 人数=[3, 0], 比上年增减=[-2, 1])
    number = {"dataType": "integer"}
    publish(folder, good, {"身份证号": {"property": "公民身份号码"}, "人数": number, "比上年增减": number})
    bad = frame(身份证号=[SECRET, "11010519491231002X"], 性别=["男", "不明"], 人数=[-1, 2])
    columns = {
        "身份证号": {"property": "公民身份号码"},
        "性别": {"options": ["男", "女"]},
        "人数": {"dataType": "integer"},
        "丢了的列": {"property": "公民身份号码"},
    }
    publish(folder, pl.concat([bad, bad.head(1)]), columns, row_count=5, name="残疾人花名册")
    out = tmp_path_factory.mktemp("quality")
    return check(folder, out), out


def test_what_fails_is_told_with_its_count(checked):
    told = {(f.code, f.file, f.message) for f in checked[0]}
    assert {file for _, file, _ in told} == {"残疾人花名册"}
    messages = " ".join(message for _, _, message in told)
    for words in (
        "“身份证号”列有 2 行未达到预期：是 18 位公民身份号码",
        "“性别”列有 1 行未达到预期：取值在模板的选项之内",
        "“人数”列有 2 行未达到预期：不小于 0",
        "共 5 行",
        "没有两行是同一对象同一期",
        "有契约写明的 4 列",
    ):
        assert words in messages


def test_a_missing_column_is_not_taken_for_good(checked):
    assert [finding.code for finding in checked[0] if "“丢了的列”" in finding.message] == ["OF-911"]


def test_no_value_leaves_the_seam(checked):
    findings, out = checked
    assert SECRET not in " ".join(map(str, findings))
    for path in out.iterdir():
        assert SECRET not in path.read_text("utf-8"), path.name
        assert "不明" not in path.read_text("utf-8"), path.name


def test_pages_load_nothing_from_a_network(checked):
    pages = list(checked[1].glob("*.html"))
    assert len(pages) == 3
    for page in pages:
        text = page.read_text("utf-8")
        assert "<script" not in text.lower(), page.name
        assert not re.search(r"""(?:src|href)=["']?https?:|url\(\s*["']?https?:|@import""", text), page.name


def test_the_start_page_is_chinese_and_links_every_view(checked):
    text = (checked[1] / "index.html").read_text("utf-8")
    assert "2 个共享视图" in text
    assert 'href="000.html"' in text
    assert "残疾人花名册" in text


def test_every_page_says_in_chinese_what_was_expected_and_found(checked):
    text = (checked[1] / "001.html").read_text("utf-8").split("<details>")[0]
    assert "民政局　视图 残疾人花名册" in text
    assert '<td>性别</td><td>取值在模板的选项之内</td><td>3</td><td>1</td><td class="failed">未达到</td>' in text
    assert not re.search("Expectation|values must", text)


def test_a_broken_process_is_an_error_and_not_a_good_result(tmp_path):
    publish(tmp_path, frame(人数=[1]), {"人数": {"dataType": "integer"}})
    (file,) = tmp_path.rglob("*.parquet")
    with Examination() as examination:
        file.write_bytes(b"no parquet")
        examination.add(file)
        with pytest.raises(subprocess.CalledProcessError):
            examination.findings(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_view_without_contract_has_no_suite(tmp_path):
    frame(x=["1"]).write_parquet(tmp_path / "x.parquet")
    assert suites(tmp_path) == []
