"""The figures against arithmetic done by hand, cell by cell (tests/golden/burden/*/README.md)."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.burden.figures import figures
from schemas.burden import Baseline, BurdenFigures, BurdenRows


def test_every_cell_is_what_was_worked_out_by_hand(golden):
    folder, inputs = golden
    rows = {row["field_id"]: row for row in figures(inputs).rows.iter_rows(named=True)}
    expected = pl.read_csv(folder / "cells.csv")
    assert sorted(rows) == sorted(expected["field_id"])
    for line in expected.iter_rows(named=True):
        row = rows[line["field_id"]]
        assert row["change"] == line["change"], line
        for name in ("cells_before", "cells_after", "cells_prefilled"):
            assert row[name] == pytest.approx(line[name]), (name, line)


def test_every_figure_is_what_was_worked_out_by_hand(golden):
    folder, inputs = golden
    found = {(f["figure"], f["scope"], f["scope_value"]): f for f in figures(inputs).figures.iter_rows(named=True)}
    for line in pl.read_csv(folder / "figures.csv").iter_rows(named=True):
        figure = found[line["figure"], line["scope"], line["scope_value"]]
        assert figure["before"] == pytest.approx(line["before"], abs=1e-5), line
        assert figure["after"] == pytest.approx(line["after"], abs=1e-5), line
        if line["reduction"] is not None:
            assert figure["reduction"] == pytest.approx(line["reduction"], abs=1e-5), line


def test_frames_keep_their_contracts(golden):
    _, inputs = golden
    burden = figures(inputs)
    Baseline.validate(inputs.baseline, lazy=True)
    BurdenFigures.validate(burden.figures, lazy=True)
    BurdenRows.validate(burden.rows, lazy=True)


def test_the_golden_baseline_is_the_same_bytes_for_the_same_input(county):
    assert county.baseline["content_hash"].n_unique() == 1
    assert county.baseline["baseline_version"].unique().to_list() == ["1"]


def test_nothing_counted_twice_by_changes_and_departments(county):
    burden = figures(county)
    for figure in ("单元格（每年）", "填报工时（每年）", "数据项（按栏目）", "填报成本（每年）"):
        of_figure = burden.figures.filter(pl.col("figure") == figure)
        whole = of_figure.filter(pl.col("scope") == "全县").to_dicts()[0]
        for scope in ("部门", "填报层级", "频率", "对象类", "变化类别"):
            parts = of_figure.filter((pl.col("scope") == scope) & ~pl.col("scope_value").str.starts_with("调整"))
            for side in ("before", "after"):
                assert parts[side].sum() == pytest.approx(whole[side]), (figure, scope, side)


def test_what_the_county_still_fills_is_no_reduction(county):
    plan = county.fill_plan.with_columns(
        (pl.col("is_asked") & (pl.col("element_id") != "DE6")).alias("is_asked"),
        pl.when(pl.col("element_id") == "DE6")
        .then(pl.lit("只有县级部门掌握，不向乡镇要"))
        .otherwise("reason")
        .alias("reason"),
    )
    row = figures(replace(county, fill_plan=plan)).rows.filter(pl.col("field_id") == "R3#0").to_dicts()[0]
    assert (row["change"], row["cells_before"], row["cells_after"]) == ("保留", 2, 2)
    assert "县级" in row["reason"]


def codes(burden):
    return {(finding.code, finding.report_id) for finding in burden.findings}


def test_what_cannot_be_counted_is_listed(county):
    assert codes(figures(county)) >= {
        ("OF-500", "R4"),
        ("OF-502", "R5"),
        ("OF-507", "R3"),
        ("OF-509", ""),
        ("OF-510", ""),
    }
