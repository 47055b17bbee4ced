"""The whole journey on the sample county: without Dagster, with it, twice, and with bad input."""

import json
import shutil
import subprocess
import sys

import polars as pl
import pytest

from pipelines import flow
from pipelines.store.snapshots import current, manifest, verify
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace, found
from tests.integration.conftest import ROOT, oneform

SAMPLE = ROOT / "data" / "sample"
PERIOD = "2025-12"
SMALL_TOWNSHIPS = ("532328209", "532328206")
"""Enough for a journey: one of them answers, the other does not."""


def play_clerks(place, period):
    clerks = [sys.executable, SAMPLE / "make" / "clerks", "--inbox", place.inbox, "--forms", place.forms / period]
    subprocess.run(clerks, check=True, cwd=ROOT)


def read(place, table):
    with Warehouse(place.database) as warehouse:
        return warehouse.read(table)


def steps_until(name):
    names = [step.name for step in flow.STEPS]
    return names[: names.index(name) + 1]


def test_without_dagster_from_templates_to_figures(tmp_path):
    place = Workspace(tmp_path / "county")
    found(place)
    lines = place.areas.read_text("utf-8-sig").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("532328") or line.startswith(("532328000", *SMALL_TOWNSHIPS))]
    place.areas.write_text("".join(kept), "utf-8-sig")
    flow.run(place, PERIOD, "2026-01-20", only=steps_until("fill_once_workbooks"))
    _, unanswered = sorted((place.forms / PERIOD).glob("*.xlsx"))
    unanswered.unlink()
    play_clerks(place, PERIOD)
    rest = [step.name for step in flow.STEPS if step.name not in steps_until("fill_once_workbooks")]
    results = {result.step.name: result for result in flow.run(place, PERIOD, "2026-01-20", only=rest)}

    fields, mapped = read(place, "report_fields"), read(place, "element_map")
    assert set(fields["field_id"]) == set(mapped["field_id"]), "every field is mapped, or listed with a reason"
    assert mapped.filter(pl.col("element_id").is_null() & (pl.col("reason") == "")).is_empty()
    submissions = read(place, "submissions")
    assert "接收" in submissions["status"].to_list(), submissions.to_dicts()
    values = read(place, "ledger_values")
    assert values.height == results["submissions"].figures["入账数值"] > 1000
    assert values.filter(pl.col("sheet").str.len_chars() + pl.col("cell").str.len_chars() == 0).is_empty()
    snapshot = current(place.share)
    assert snapshot is not None
    assert verify(snapshot) == []
    examined = json.loads((snapshot / "quality" / "results.json").read_text(encoding="utf-8"))
    assert {view["view"] for view in examined} == {file.stem for file in (snapshot / "views").glob("*.parquet")}
    assert "quality/results.json" in manifest(snapshot)["files"]
    assert (place.reports / "数据质量" / "index.html").exists()
    assert read(place, "burden_figures").height > 0
    assert all(result.is_unchanged for result in flow.run(place, PERIOD, "2026-01-20"))


@pytest.mark.xdist_group("demo")
def test_the_demonstration_takes_every_township_and_says_where_things_are(demo):
    home, printed = demo
    place = Workspace(home)
    submissions = read(place, "submissions")
    for period in ("2025-11", PERIOD):
        accepted = submissions.filter((pl.col("period") == period) & (pl.col("status") == "接收"))
        assert accepted["area_code"].n_unique() == 10
    assert "退回" in submissions["status"].to_list(), "the demonstration shows a return and its correction"
    issued = read(place, "issued_workbooks").filter(pl.col("period") == PERIOD)
    assert issued["prefilled_count"].sum() >= 0.9 * issued["cell_count"].sum()
    assert (home / "reports" / "填报负担报告.html").exists()
    for part in ("一次填报工作簿", "共享快照", "单元格（每年）", "oneform pull"):
        assert part in printed


@pytest.mark.xdist_group("demo")
def test_a_second_demonstration_changes_nothing_and_says_so(demo):
    home, _ = demo
    before = {table: read(Workspace(home), table) for table in ("ledger_values", "submissions", "share_views")}
    again = oneform(home, "demo", check=0)
    assert "输入没有变化，什么也没有改动" in again.stdout
    for table, frame in before.items():
        assert read(Workspace(home), table).equals(frame), table


@pytest.mark.xdist_group("demo")
def test_bad_input_is_found_and_the_rest_goes_on(demo, tmp_path):
    place = Workspace(tmp_path / "county")
    found(place)
    (place.register.parent / "templates" / "县民政局" / "多出来的表.xlsx").write_bytes(b"PK not a workbook")
    unreadable = next(path for path in place.template_files() if path.suffix == ".xlsx" and "多出来" not in path.name)
    unreadable.write_bytes(b"PK not a workbook")
    missing = next(path for path in place.template_files() if path.suffix == ".docx")
    missing.unlink()
    with place.areas.open("a", encoding="utf-8") as file:
        file.write("53232,坏代码,村,,,\n")
    flow.run(place, PERIOD, "2026-01-20", only=steps_until("fill_plan"))
    codes = set(read(place, "findings")["code"])
    assert {"OF-004", "OF-005", "OF-007"} <= codes
    assert read(place, "findings").filter(pl.col("file").str.contains(unreadable.name)).height > 0
    assert read(place, "elements").height > 500

    home, _ = demo
    other_period = shutil.copy(next((home / "forms" / "2025-11").glob("*.xlsx")), tmp_path / "上期.xlsx")
    done = oneform(home, "receive", other_period, check=1)
    assert "退回" in done.stdout
    assert "2025年11月" in done.stdout
    assert "Traceback" not in done.stderr
