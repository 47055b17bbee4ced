"""Audited pulls from the snapshot of a county of two villages."""

import json
from dataclasses import replace

import polars as pl
import pytest

from pipelines.sharing.granted import PullRequest
from pipelines.sharing.publish import write_share
from pipelines.sharing.pull import pull
from pipelines.store import snapshots
from pipelines.store.query import run_all
from tests.unit.sharing.conftest import TOWN


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "json", "arrow", "report"])
def test_every_format_is_logged_before_it_leaves_and_has_stable_bytes(ask, form):
    first, log = ask(f"a.{form}", format=form)
    second, _ = ask(f"b.{form}", format=form)
    assert first.is_given
    assert first.row_count == 2
    assert first.path.read_bytes() == second.path.read_bytes()
    assert log.row(-1, named=True)["content_hash"] == first.content_hash
    assert log.row(-1, named=True)["outcome"] == "提供"


def test_an_area_limits_the_rows(ask):
    result, _ = ask(area_code="乙村")
    assert result.path.read_text(encoding="utf-8-sig").splitlines()[1:] == ["'=SUM(A1),,,2"]


GRANT = {
    "grant_id": "G1",
    "department_name": "县统计局",
    "view_name": "R1_1",
    "column_names": "*",
    "area_code": TOWN,
    "purpose": "核对",
    "legal_basis": "某法",
    "valid_from": "2025-01-01",
    "valid_until": "2026-12-31",
    "granted_by": "数据局",
}


def test_another_department_gets_sensitive_columns_masked(ask):
    result, log = ask(grants=[GRANT], department_name="县统计局", area_code=TOWN, format="json", out="o.json")
    assert result.masked == ("等级",)
    assert [row["等级"] for row in json.loads(result.path.read_text(encoding="utf-8"))] == ["*", "*"]
    assert "脱敏 1 列" in log.row(-1, named=True)["reason"]


REFUSED = [
    ({"department_name": "县统计局"}, "OF-413"),
    ({"department_name": "没有的局"}, "OF-410"),
    ({"report": "R9"}, "OF-411"),
    ({"report": "../../etc/passwd"}, "OF-418"),
    ({"department_name": "x' OR '1'='1"}, "OF-418"),
    ({"columns": ('姓名"; DROP TABLE x',)}, "OF-418"),
    ({"purpose": ""}, "OF-412"),
    ({"format": "exe"}, "OF-420"),
    ({"area_code": "999999999999"}, "OF-416"),
    ({"report": "R2", "department_name": "县统计局", "period": "2020-01"}, "OF-421"),
]


@pytest.mark.parametrize(("changes", "code"), REFUSED)
def test_refusals_say_why_are_logged_and_leak_nothing(ask, tmp_path, changes, code):
    result, log = ask(**changes)
    assert not result.is_given
    assert result.refusal.code == code
    assert result.refusal.remedy
    assert log.row(-1, named=True)["outcome"] == "拒绝"
    assert not (tmp_path / "out.csv").exists()
    assert "李四" not in str(result.refusal)


def test_what_cannot_be_logged_does_not_leave(published, tmp_path):
    def broken(entry):
        raise OSError("disk full")

    request = PullRequest("县残联", "R1", "核对", "2025-12-31T10:00:00", "csv")
    with pytest.raises(OSError, match="disk full"):
        pull(published.path, request, tmp_path / "x.csv", broken)
    assert list(tmp_path.glob("*x.csv*")) == []


def test_before_anything_is_published(tmp_path):
    entries = []
    result = pull(None, PullRequest("县残联", "R1", "核对", "2025-12-31T10:00:00"), tmp_path / "x.xlsx", entries.append)
    assert result.refusal.code == "OF-419"
    assert entries[0]["outcome"] == "拒绝"


def test_a_template_that_changed_since_it_was_read_is_refused_and_logged(held, tmp_path):
    changed = replace(held, template_hashes={"R1": "0" * 64})
    made = []
    snapshot = snapshots.publish(
        tmp_path / "share", lambda folder: made.append(write_share(folder, changed, run_all)) or made[0].facts
    )
    assert [f.code for f in made[0].findings if f.report_id == "R1"][-1] == "OF-403"
    assert not list(snapshot.path.glob("reports/县残联/*"))
    entries = []
    request = PullRequest("县残联", "R1", "核对", "2025-12-31T10:00:00", "report")
    result = pull(snapshot.path, request, tmp_path / "a.xlsx", entries.append)
    assert (result.is_given, result.refusal.code) == (False, "OF-403")
    assert result.refusal.remedy
    assert entries[-1]["outcome"] == "拒绝"
    assert pull(snapshot.path, replace(request, format="csv"), tmp_path / "a.csv", entries.append).is_given


def test_a_view_on_a_retired_element_is_refused_until_the_column_is_left_out(held, tmp_path):
    retired = pl.when(pl.col("element_id") == "DE3").then(pl.lit("已停用")).otherwise(pl.col("status"))
    elements = held.elements.with_columns(retired.alias("status"))
    made = []
    snapshot = snapshots.publish(
        tmp_path / "share",
        lambda folder: made.append(write_share(folder, replace(held, elements=elements), run_all)) or made[0].facts,
    )
    assert "OF-460" in [f.code for f in made[0].findings]
    entries = []
    request = PullRequest("县残联", "R1", "核对", "2025-12-31T10:00:00", "csv")
    for asked in (request, replace(request, format="report"), replace(request, columns=("姓名", "面积"))):
        result = pull(snapshot.path, asked, tmp_path / "a.csv", entries.append)
        assert (result.is_given, result.refusal.code) == (False, "OF-460")
        assert "DE3" in result.refusal.message
        assert entries[-1]["outcome"] == "拒绝"
    assert pull(snapshot.path, replace(request, columns=("姓名",)), tmp_path / "a.csv", entries.append).is_given
    foreign = pull(snapshot.path, replace(request, department_name="县统计局"), tmp_path / "b.csv", entries.append)
    assert foreign.refusal.code == "OF-413", "who has no grant is not told what the view rests on"
