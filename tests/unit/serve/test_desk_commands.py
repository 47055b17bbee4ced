"""The steward's commands about who may have what: applications, imports, tokens; the auditor's and the township's."""

import json
import re

import pytest
from typer.testing import CliRunner

from pipelines.rulebook import own_rows
from pipelines.store import audit_log
from pipelines.store.workspace import Workspace
from pipelines.surface.commands import app
from tests import small_share as small


@pytest.fixture
def place(tmp_path):
    place = Workspace(tmp_path / "county")
    small.publish(place.share)
    small.write_grants(place.rules, [small.grant("G1", small.OTHER, columns="姓名", area="532328101000")])
    return place


@pytest.fixture
def run(place):
    def go(*words, status=0):
        done = CliRunner().invoke(app, [*words, "--home", str(place.home)], env={"COLUMNS": "300"})
        assert done.exit_code == status, done.output
        return done.output

    return go


APPLY = ["grants", "apply", "--department", small.THIRD, "--view", small.ROSTER, "--area", "元马镇", "--basis", "某法"]
APPLY += ["--scenario", "抽样核对", "--purpose", "抽样", "--until", "2099-12-31"]


def test_from_application_to_pull(run, place, tmp_path):
    assert "已受理共享申请 A00001（有条件共享）" in run(*APPLY, "--columns", "姓名；补贴金额")
    assert "待答复" in run("grants", "list")
    run("grants", "extend", "A00001", "--by", "张三", "--reason", "需要征求数源部门意见")
    run("grants", "decide", "A00001", "--agree", "--by", "张三")
    assert "已提供" in run("grants")
    out = tmp_path / "out.csv"
    pull = ["pull", "--department", small.THIRD, "--report", small.ROSTER, "--area", "甲村", "--purpose", "抽样"]
    assert "已提供 3 行 2 列" in run(*pull, "--format", "csv", "--out", str(out))
    assert out.read_text(encoding="utf-8-sig").splitlines()[0] == "姓名,补贴金额"
    run("grants", "end", "G-A00001", "--by", "张三", "--reason", "工作结束")
    assert "OF-414" in run(*pull, "--format", "csv", "--out", str(out), status=1)
    history = own_rows("grants_history", place.rules)
    assert [(row["action"], row["by"], row["why"]) for row in history] == [
        ("新增", "张三", "同意申请 A00001"),
        ("变更", "张三", "工作结束"),
    ]
    assert [row["event"] for row in own_rows("applications", place.rules)] == ["申请", "延期", "同意", "提供"]
    assert audit_log.read(place.pull_log)["outcome"].to_list() == ["授权", "提供", "授权", "拒绝"]
    assert audit_log.verify(place.pull_log) == []


REFUSED = [
    (["--columns", "举报人"], "OF-426"),
    (["--columns", "*"], "OF-426"),
    (["--columns", "没有这列"], "OF-417"),
    (["--scenario", ""], "OF-450"),
    (["--view", "没有的表"], "OF-411"),
    (["--view", "../../etc"], "OF-418"),
    (["--area", "别的镇"], "OF-416"),
    (["--department", "没有的局"], "OF-410"),
]


@pytest.mark.parametrize(("words", "code"), REFUSED)
def test_applications_that_cannot_be_taken_in(run, place, words, code):
    assert code in run(*APPLY, *words, status=1)
    assert own_rows("applications", place.rules) == []


def test_grants_are_imported_with_who_and_why_or_not_at_all(run, place, tmp_path):
    table = tmp_path / "授权.csv"
    good = small.grant("G2", small.THIRD, columns="姓名")
    titles = "授权编号,部门,视图,列,范围,用途,使用依据,起,止,授权人"
    table.write_text(f"{titles}\n{','.join(good.values())}\n", encoding="utf-8-sig")
    words = ["grants", "import", str(table), "--by", "张三", "--reason", "年度清单"]
    run(*words, "--dry-run")
    assert len(own_rows("grants", place.rules)) == 1
    run(*words)
    assert [row["grant_id"] for row in own_rows("grants", place.rules)] == ["G1", "G2"]
    assert "没有改动" in run(*words)
    assert len(own_rows("grants_history", place.rules)) == 1
    bad = good | {"area_code": "5323", "grant_id": "G3"}
    table.write_text(f"{titles}\n{','.join(good.values())}\n{','.join(bad.values())}\n", encoding="utf-8-sig")
    assert "OF-424" in run(*words, status=1)
    assert len(own_rows("grants", place.rules)) == 2


def test_a_token_is_shown_once_and_kept_as_a_hash(run, place):
    shown = run("tokens", "issue", "--department", small.OWNER, "--until", "2099-12-31", "--by", "张三")
    secret = re.search(r"of_[\w-]{43}", shown)[0]
    assert secret not in (place.rules / "tokens.csv").read_text(encoding="utf-8")
    assert (place.rules / "tokens.csv").stat().st_mode & 0o077 == 0
    assert secret not in run("tokens", "list")
    assert "OF-448" in run("tokens", "revoke", "T0009", "--by", "张三", "--reason", "x", status=1)
    run("tokens", "revoke", "T0001", "--by", "张三", "--reason", "遗失")
    assert [row["event"] for row in own_rows("tokens", place.rules)] == ["签发", "吊销"]
    for words, code in (
        (["--department", "没有的局", "--until", "2099-12-31"], "OF-410"),
        (["--department", small.OWNER, "--until", "2020-01-01"], "OF-449"),
        (["--department", small.OWNER, "--until", "明年"], "OF-449"),
    ):
        assert code in run("tokens", "issue", *words, "--by", "张三", status=1)


def test_the_log_is_kept_verified_and_shown_to_townships(run, place, tmp_path):
    pull = ["pull", "--department", small.OTHER, "--report", small.ROSTER, "--purpose", "核对", "--format", "csv"]
    run(*pull, "--area", "甲村", "--out", str(tmp_path / "a.csv"))
    head = tmp_path / "head.json"
    run("audit", "head", "--out", str(head))
    assert "已封存" in run("audit", "rotate")
    run(*pull, "--area", "乙村", "--out", str(tmp_path / "b.csv"))
    assert "日志完整：2 条" in run("audit", "verify", "--head", str(head))
    assert "共 2 次，1 个部门" in run("audit", "readers", "--area", "元马镇", "--out", str(tmp_path / "readers.csv"))
    assert "共 0 次" in run("audit", "readers", "--area", "黄瓜园镇")
    assert "OF-416" in run("audit", "readers", "--area", "../x", status=1)
    assert "没有保存满三年" in run("audit", "clear", "--by", "张三")
    assert "没有改动" in run("audit", "repair")
    head.write_text(json.dumps({"entry_no": 2, "entry_hash": "0" * 64}), encoding="utf-8")
    assert "OF-434" in run("audit", "verify", "--head", str(head), status=1)
