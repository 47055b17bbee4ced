"""A past figure is recomputed from its own copy; whatever was touched since is told."""

import json

import polars as pl

from pipelines.burden import evidence
from pipelines.burden.figures import figures


def kept(county, root):
    burden = figures(county)
    return burden, evidence.keep(root, county, burden)


def test_a_past_day_is_recomputed_and_agrees(county, tmp_path):
    burden, _ = kept(county, tmp_path)
    again, findings = evidence.recompute(tmp_path, "2025-12-31")
    assert again.figures.equals(burden.figures)
    assert [f for f in findings if f.code in ("OF-520", "OF-522", "OF-523")] == []


def test_a_day_before_the_first_copy_has_no_figures(county, tmp_path):
    kept(county, tmp_path)
    again, findings = evidence.recompute(tmp_path, "2024-12-31")
    assert again is None
    assert [f.code for f in findings] == ["OF-521"]


def test_a_touched_input_is_found_twice_by_its_hash_and_by_the_figure(county, tmp_path):
    _, folder = kept(county, tmp_path)
    plan = pl.read_parquet(folder / "fill_plan.parquet")
    plan.filter(pl.col("element_id") != "DE4").write_parquet(folder / "fill_plan.parquet")
    _, findings = evidence.recompute(tmp_path, "2025-12-31")
    assert {f.code for f in findings} >= {"OF-522", "OF-523"}


def test_a_touched_baseline_is_found_by_its_own_hash(county, tmp_path):
    _, folder = kept(county, tmp_path)
    baseline = pl.read_parquet(folder / "baseline.parquet")
    baseline.with_columns(pl.col("rows_per_response") * 2).write_parquet(folder / "baseline.parquet")
    _, findings = evidence.recompute(tmp_path, "2025-12-31")
    assert "OF-520" in {f.code for f in findings}


def test_past_figures_keep_the_assumptions_of_their_day(county, tmp_path):
    _, folder = kept(county, tmp_path)
    said = json.loads((folder / "assumptions.json").read_text("utf-8"))
    (folder / "assumptions.json").write_text(json.dumps(said | {"yuan_per_hour": 1.0}), "utf-8")
    again, findings = evidence.recompute(tmp_path, "2025-12-31")
    row = again.figures.filter((pl.col("figure") == "填报成本（每年）") & (pl.col("scope") == "全县")).to_dicts()[0]
    assert round(row["before"], 4) == 29.1611
    assert "OF-523" in {f.code for f in findings}


def test_keeping_twice_changes_nothing(county, tmp_path):
    _, folder = kept(county, tmp_path)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    kept(county, tmp_path)
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["2025-03-31"]


def test_trend_has_a_row_per_day(county, tmp_path):
    from dataclasses import replace

    kept(county, tmp_path)
    kept(replace(county, as_of="2025-01-31"), tmp_path)
    cells = evidence.trend(tmp_path).filter(pl.col("figure") == "单元格（每年）")
    assert cells["as_of"].to_list() == ["2025-01-31", "2025-03-31"]
