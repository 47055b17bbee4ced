"""The auditor's notebook runs on an evidence folder alone, and stops at anything that was touched."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipelines.burden import evidence
from pipelines.burden.figures import figures

NOTEBOOK = Path(__file__).parents[3] / "notebooks" / "burden_audit.ipynb"


def run(folder, tmp_path):
    """Run the code cells in a process of their own, in a folder without this project on its path."""
    cells = [cell for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    script = tmp_path / "cells.py"
    script.write_text("\n".join("".join(cell["source"]) + "\n" for cell in cells), "utf-8")
    environment = {"ONEFORM_EVIDENCE": str(folder), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-P", str(script)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(county, tmp_path):
    return evidence.keep(tmp_path / "evidence", county, figures(county))


def test_it_recomputes_every_figure_from_the_evidence(folder, tmp_path):
    done = run(folder, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "冻结时每年 1,108 个单元格" in done.stdout
    assert "5 张报表" in done.stdout


@pytest.mark.parametrize("name", ["baseline", "burden_rows", "burden_figures"])
def test_it_stops_at_a_touched_file(folder, tmp_path, name):
    frame = pl.read_parquet(folder / f"{name}.parquet")
    frame.head(frame.height - 1).write_parquet(folder / f"{name}.parquet")
    done = run(folder, tmp_path)
    assert done.returncode == 1
    assert "被改动" in done.stderr


def test_it_stops_at_a_figure_that_is_not_the_sum_of_its_rows(folder, tmp_path):
    frame = pl.read_parquet(folder / "burden_figures.parquet")
    frame.with_columns(pl.col("after") * 0.9).write_parquet(folder / "burden_figures.parquet")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    import hashlib

    touched = hashlib.sha256((folder / "burden_figures.parquet").read_bytes()).hexdigest()
    manifest["files"]["burden_figures.parquet"] = touched
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    done = run(folder, tmp_path)
    assert done.returncode == 1
    assert "AssertionError" in done.stderr


def test_it_holds_no_output_and_imports_nothing_of_this_project():
    book = json.loads(NOTEBOOK.read_text("utf-8"))
    assert all(not cell.get("outputs") for cell in book["cells"])
    source = "".join("".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code")
    for room in ("pipelines", "schemas", "assets"):
        assert f"import {room}" not in source
        assert f"from {room}" not in source
