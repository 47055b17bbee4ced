"""The HTTP interface: what it gives, what it refuses, and that the log knows before anything leaves."""

import hashlib
import io
import json

import polars as pl
import pyarrow as pa
import pytest

from pipelines.sharing import tokens
from pipelines.store import audit_log
from pipelines.store.own_tables import append_rows
from tests import small_share as small
from tests.unit.serve.conftest import Asker, token_of

ROWS = f"/v1/views/{small.ROSTER}/rows"
DATA = f"/v1/views/{small.ROSTER}/data"


def last(place):
    return audit_log.read(place.pull_log).row(-1, named=True)


def test_the_list_shows_what_is_granted_and_nothing_else(owner, other, third):
    mine = owner.get("/v1/views").json()["views"]
    assert [(one["view"], one["masked"], one["rows"]) for one in mine] == [(small.ROSTER, [], 12)]
    granted = {one["view"]: one for one in other.get("/v1/views").json()["views"]}
    assert granted[small.ROSTER]["columns"] == ["姓名", "残疾等级", "补贴金额"]
    assert granted[small.ROSTER]["rows"] is None, (
        "how many rows the county has is not said to whom a township is granted"
    )
    assert [one["view"] for one in third.get("/v1/views").json()["views"]] == [small.STATISTICS], "a grant is over"


def test_a_view_is_described_by_its_granted_columns(other):
    made = other.get(f"/v1/views/{small.ROSTER}").json()
    assert [c["name"] for c in made["schema"]] == ["姓名", "残疾等级", "补贴金额"]
    assert made["schema"][0]["source"] == "人员台账"


def test_pages_come_together_to_the_whole_and_stay_with_their_version(owner, place):
    first = owner.get(ROWS, purpose="核对", limit=5).json()
    small.publish(place.share, "v2", rows_each=1)
    second = owner.get(ROWS, purpose="核对", limit=5, cursor=first["next"]).json()
    third = owner.get(ROWS, purpose="核对", limit=5, cursor=second["next"]).json()
    assert [page["version"] for page in (first, second, third)] == ["v1"] * 3
    assert third["next"] is None
    rows = first["rows"] + second["rows"] + third["rows"]
    assert [row["姓名"] for row in rows] == small.roster()["姓名"].to_list()
    assert rows[3]["补贴金额"] == 31.5
    fresh = owner.get(ROWS, purpose="核对").json()
    assert (fresh["version"], fresh["total"]) == ("v2", 4), "the new snapshot is there without a restart"


def test_rows_are_cut_to_area_and_period(other, third):
    page = other.get(ROWS, purpose="核对", area="乙村").json()
    assert (page["total"], page["area_code"], list(page["rows"][0])) == (
        3,
        "532328101002",
        ["姓名", "残疾等级", "补贴金额"],
    )
    numbers = third.get(f"/v1/views/{small.STATISTICS}/rows", purpose="核对", period="2025-12", area="元马镇").json()
    assert [row["低保人数"] for row in numbers["rows"]] == [43, 3, 40]


def test_another_department_does_not_see_small_counts(other):
    rows = other.get(f"/v1/views/{small.STATISTICS}/rows", purpose="核对", period="2025-12").json()["rows"]
    assert {row["区划名称"]: row["低保人数"] for row in rows} == {
        "元谋县": 75, "元马镇": 43, "甲村": None, "乙村": None, "黄瓜园镇": 32, "丙村": None, "丁村": None,
    }  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "json", "parquet", "arrow", "arrows", "xlsx"])
def test_whole_views_are_hashed_logged_and_always_the_same_bytes(owner, place, form):
    first, second = (owner.get(DATA, purpose="核对", format=form) for _ in range(2))
    assert first.status_code == 200
    assert first.content == second.content
    entry = last(place)
    assert entry["content_hash"] == hashlib.sha256(first.content).hexdigest()
    assert second.headers["X-Oneform-Log"] == f"{entry['entry_no']}:{entry['entry_hash']}"
    assert (entry["outcome"], entry["row_count"], entry["channel"], entry["caller"]) == (
        "提供",
        12,
        "HTTP",
        "T-own testclient",
    )
    readers = {
        "csv": lambda body: pl.read_csv(body),
        "json": lambda body: pl.read_json(body),
        "parquet": lambda body: pl.read_parquet(body),
        "arrow": lambda body: pl.read_ipc(body),
        "arrows": lambda body: pl.from_arrow(pa.ipc.open_stream(body).read_all()),
        "xlsx": lambda body: pl.read_excel(body, engine="openpyxl"),
    }
    frame = readers[form](io.BytesIO(first.content))
    assert frame["姓名"].to_list() == small.roster()["姓名"].to_list()
    assert not list(place.share.rglob("data*")), "nothing stays in the spool"


def test_the_report_comes_in_its_own_clothes(owner):
    answer = owner.get("/v1/reports/MZ01/file", purpose="核对")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''MZ01.csv"
    assert answer.content.decode("gb18030").splitlines()[1].startswith("张三丰0,5323281990010")


def test_a_department_sees_its_own_log_only(owner, other):
    owner.get(ROWS, purpose="核对")
    other.get(ROWS, purpose="核对", area="甲村")
    entries = other.get("/v1/log").json()["entries"]
    assert [(one["department_name"], one["area_code"]) for one in entries] == [(small.OTHER, "532328101001")]


REFUSED = [
    (ROWS, {}, 400, "OF-412"),
    (ROWS, {"purpose": "别的"}, 403, "OF-415"),
    (ROWS, {"purpose": "核对", "area": small.COUNTY}, 403, "OF-416"),
    (ROWS, {"purpose": "核对", "area": "丙村"}, 403, "OF-416"),
    (ROWS, {"purpose": "核对", "area": "532328101001' OR '1'='1"}, 403, "OF-416"),
    (ROWS, {"purpose": "核对", "area": "甲村", "columns": "身份证号"}, 403, "OF-417"),
    (ROWS, {"purpose": "核对", "area": "甲村", "columns": "举报人"}, 403, "OF-426"),
    (ROWS, {"purpose": "核对", "area": "甲村", "columns": '姓名"; DROP TABLE x; --'}, 400, "OF-418"),
    (ROWS, {"purpose": "核对", "area": "甲村", "limit": "0"}, 422, "OF-446"),
    (ROWS, {"purpose": "核对", "area": "甲村", "limit": "1; SELECT 1"}, 422, "OF-446"),
    (ROWS, {"purpose": "核对", "area": "甲村", "cursor": "../../etc"}, 400, "OF-444"),
    (ROWS, {"purpose": "核" * 201}, 422, "OF-446"),
    (ROWS, {"purpose": "核对", "department": small.OWNER}, 403, "OF-443"),
    (DATA, {"purpose": "核对", "area": "甲村", "format": "exe"}, 422, "OF-420"),
    (DATA, {"purpose": "", "area": "甲村"}, 400, "OF-412"),
    (f"/v1/views/{small.STATISTICS}/rows", {"purpose": "核对", "period": "1999-01"}, 404, "OF-421"),
    ("/v1/views/没有的表/rows", {"purpose": "核对"}, 404, "OF-411"),
    ("/v1/views/x' OR 1=1/rows", {"purpose": "核对"}, 400, "OF-418"),
    ("/v1/views/..%2F..%2Fetc%2Fpasswd/rows", {"purpose": "核对"}, 404, "OF-447"),
    ("/v1/views/..%5C..%5Cgrants/rows", {"purpose": "核对"}, 400, "OF-418"),
    ("/v1/reports/%2e%2e/file", {"purpose": "核对"}, 404, "OF-411"),
    ("/v1/reports/TJ01/file", {"purpose": "核对"}, 409, "OF-402"),
    ("/v1/nothing", {}, 404, "OF-447"),
]


@pytest.mark.parametrize(("path", "params", "status", "code"), REFUSED)
def test_refusals_carry_code_and_remedy_are_logged_and_leak_nothing(other, place, path, params, status, code):
    answer = other.get(path, **params)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "title", "remedy", "log_number"}
    assert answer.json()["remedy"]
    assert not any(
        secret in answer.text
        for secret in (*SECRETS_AND_COUNTS, *(v for v in params.values() if v not in ("", "核对", "0")))
    )
    entry = last(place)
    assert (entry["outcome"], entry["entry_no"]) == ("拒绝", answer.json()["log_number"])
    assert entry["reason"].startswith(code)
    assert audit_log.verify(place.pull_log) == []


SECRETS_AND_COUNTS = (*small.SECRETS, "532328199001", ": 43", ": 40")


def test_methods_that_change_something_are_refused(owner, client, place):
    answer = client.post(ROWS, headers={"Authorization": f"Bearer {owner.secret}"}, json={"sql": "SELECT 1"})
    assert (answer.status_code, answer.json()["code"]) == (405, "OF-447")
    assert last(place)["outcome"] == "拒绝"


def test_tokens_that_do_not_hold_are_refused_and_logged(client, place):
    for secret, code in (
        ("", "OF-440"),
        ("of_没有", "OF-440"),
        (token_of(place, small.OWNER, "2025-12-31", "T-old"), "OF-441"),
    ):
        headers = {"Authorization": f"Bearer {secret}".encode()} if secret else {}
        answer = client.get(ROWS, params={"purpose": "核对"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, code)
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert last(place)["department_name"] == "（未识别）"
    secret = token_of(place, small.OWNER, number="T-gone")
    assert Asker(client, secret).get(ROWS, purpose="核对").status_code == 200
    row = tokens.revocation("T-gone", "2026-01-01T00:00:00", "测试", "遗失")
    append_rows(place.rules, tokens.TABLE, tokens.COLUMNS, [row])
    assert Asker(client, secret).get(ROWS, purpose="核对").json()["code"] == "OF-442"
    assert secret not in (place.rules / "tokens.csv").read_text(encoding="utf-8")


def test_a_mark_of_another_department_or_other_conditions_is_refused(owner, other):
    mark = owner.get(ROWS, purpose="核对", limit=5).json()["next"]
    assert owner.get(ROWS, purpose="核对", limit=6, cursor=mark).json()["code"] == "OF-444"
    assert other.get(ROWS, purpose="核对", limit=5, cursor=mark).json()["code"] == "OF-444"


def test_a_mark_of_a_version_that_is_gone_says_so(owner, place):
    mark = owner.get(ROWS, purpose="核对", limit=5).json()["next"]
    small.publish(place.share, "v2")
    fresh = Asker(type(owner.client)(owner.client.app), owner.secret)
    (place.share / "v1").rename(place.share.parent / "gone")
    answers = [one.get(ROWS, purpose="核对", limit=5, cursor=mark) for one in (fresh, owner)]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(410, "OF-445")] * 2


def test_before_anything_is_published(place, owner):
    (place.share / "current").unlink()
    answer = owner.get("/v1/views")
    assert (answer.status_code, answer.json()["code"]) == (503, "OF-419")


def test_what_cannot_be_logged_does_not_leave(owner, place):
    assert owner.get(ROWS, purpose="核对").status_code == 200
    with place.pull_log.open("a", encoding="utf-8") as log:
        log.write("{")
    with pytest.raises(ValueError, match="torn"):
        owner.get(ROWS, purpose="核对")


def test_a_changed_grant_holds_at_once(place, other):
    assert other.get(ROWS, purpose="核对", area="甲村").status_code == 200
    small.write_grants(place.rules, [])
    assert other.get(ROWS, purpose="核对", area="甲村").json()["code"] == "OF-413"


def test_openapi_and_the_front_page_are_chinese_and_hold_no_data(client):
    made = client.get("/openapi.json").json()
    assert made["info"]["title"] == "一表通取数接口"
    assert all("summary" in call["get"] for call in made["paths"].values())
    page = client.get("/").text
    assert "分页取数" in page
    assert "https://" not in page
    assert "http://testserver/v1/views/" in page, "the example is for the address that was asked"
    assert "张三" not in json.dumps(made, ensure_ascii=False) + page


def test_long_views_come_in_the_same_bytes_whatever_the_threads_do(place, owner):
    fields = [small.column(c[0], c[1], c[2], c[3], c[4]) for c in small.COLUMNS]
    made = small.contract(small.ROSTER, small.OWNER, "低保对象花名册", fields)
    rows = small.roster(5_000)  # more than one row group when it is written again
    small.publish(place.share, "v3", [(made, rows)])
    for form, params in (("csv", {}), ("parquet", {"columns": "姓名；残疾等级"}), ("parquet", {}), ("arrow", {})):
        hashes = {owner.get(DATA, purpose="核对", format=form, **params).headers["ETag"] for _ in range(3)}
        assert len(hashes) == 1, form
    page = owner.get(ROWS, purpose="核对", area="丁村", limit=3, columns="姓名").json()
    assert page["total"] == 5_000
    assert [row["姓名"] for row in page["rows"]] == rows["姓名"][15_000:15_003].to_list()
