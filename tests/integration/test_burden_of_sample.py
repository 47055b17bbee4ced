"""The sample county's burden: one department by hand, cell by cell; the whole by a second implementation; checks."""

import csv
import os
import subprocess
import sys

import polars as pl
import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from assets.burden_checks import READ, RULES
from pipelines.burden.evidence import latest, load
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from tests.integration.conftest import ROOT, oneform
from tests.two_ways import assert_same

pytestmark = pytest.mark.xdist_group("demo")
SAMPLE = ROOT / "data" / "sample"
DEPARTMENT = "县妇女联合会"
BY_HAND = list(csv.DictReader((ROOT / "tests/golden/burden_by_hand/cells.csv").open(encoding="utf-8")))


def read(home, *tables):
    with Warehouse(Workspace(home).database) as warehouse:
        return [warehouse.read(table) for table in tables]


def test_the_pencil_starts_from_what_the_county_gave():
    """D, E and the labels of the golden file are those of the sample's own register, areas and template."""
    areas = list(csv.DictReader((SAMPLE / "区划.csv").open(encoding="utf-8-sig")))
    assert {row["d"] for row in BY_HAND} == {str(sum(area["级别"] == "村" for area in areas))}
    register = CalamineWorkbook.from_path(str(SAMPLE / "报表清单.xlsx")).get_sheet_by_index(0).to_python()
    said = {row[0]: row for row in register}
    assert said["FL01"][9:11] == ["年", "村"]
    assert said["FL02"][9:11] == ["不定期", "村"]
    sheet = load_workbook(SAMPLE / "templates" / DEPARTMENT / "妇女儿童情况统计表.xlsx").active
    for row in BY_HAND:
        if row["report_id"] == "FL01":
            column, leaf = row["cell"].rstrip("0123456789"), row["path"].split(" › ")[-1]
            assert leaf in (str(sheet[f"{column}4"].value or "") + str(sheet[f"{column}3"].value or ""))


def test_one_department_is_what_was_worked_out_by_hand(demo):
    fields, rows, figures = read(demo[0], "report_fields", "burden_rows", "burden_figures")
    own = rows.filter((pl.col("department_name") == DEPARTMENT) & (pl.col("role") == "fill")).join(
        fields.select("field_id", "cell"), on="field_id"
    )
    found = {(row["report_id"], row["cell"]): row for row in own.iter_rows(named=True)}
    assert sorted(found) == sorted((row["report_id"], row["cell"]) for row in BY_HAND)
    for line in BY_HAND:
        row = found[line["report_id"], line["cell"]]
        assert row["change"] == line["change"], line
        assert row["cells_before"] == float(line["cells_before"]), line
        assert row["cells_after"] == float(line["cells_after"]), line
        if line["c"]:
            counted = (row["respondents"], row["responses_per_year"], row["rows_per_response"])
            assert counted == (float(line["d"]), float(line["e"]), float(line["c"])), line
    of_department = figures.filter((pl.col("scope") == "部门") & (pl.col("scope_value") == DEPARTMENT))
    by_name = {row["figure"]: row for row in of_department.iter_rows(named=True)}
    cells, hours = by_name["单元格（每年）"], by_name["填报工时（每年）"]
    assert (cells["before"], cells["after"], cells["numerator"], cells["denominator"]) == (1078, 770, 308, 1078)
    assert cells["reduction"] == pytest.approx(308 / 1078)
    assert (hours["before"], hours["after"]) == (pytest.approx(77 * 40 / 60), pytest.approx(770 / 1078 * 77 * 40 / 60))


def test_a_second_implementation_gives_every_figure_the_same(demo):
    inputs, then, assumed = load(latest(Workspace(demo[0]).evidence, "9999-12-31"))
    found = assert_same(inputs, assumed, then.figures)
    assert len({value for _, scope, value in found if scope == "部门"}) >= 22
    assert {"forms", "instances", "labels", "typed", "cost"} <= {
        figure for figure, scope, _ in found if scope == "全县"
    }


@pytest.mark.parametrize("name", RULES)
def test_the_asset_checks_hold(demo, name):
    held = dict(zip(READ, read(demo[0], *READ), strict=True))
    assert RULES[name][1](held) == []


def test_the_notebook_runs_from_the_evidence_alone(demo, tmp_path):
    import json

    book = json.loads((ROOT / "notebooks" / "burden_audit.ipynb").read_text("utf-8"))
    script = tmp_path / "cells.py"
    cells = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    script.write_text("\n".join(cells), "utf-8")
    folder = latest(Workspace(demo[0]).evidence, "9999-12-31")
    environment = {"PATH": os.environ["PATH"], "ONEFORM_EVIDENCE": str(folder), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-P", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "68 张报表" in done.stdout


def test_commands_open_a_figure_into_its_rows(demo, tmp_path):
    home = demo[0]
    for name in ("明细.xlsx", "明细.parquet"):
        oneform(home, "burden", "--by", "部门", "--of", DEPARTMENT, "--rows", tmp_path / name, check=0)
    rows = pl.read_parquet(tmp_path / "明细.parquet")
    assert rows["cells_before"].sum() == 1078
    sheet = CalamineWorkbook.from_path(str(tmp_path / "明细.xlsx")).get_sheet_by_index(0).to_python()
    assert len(sheet) == rows.height + 1
    wrong = oneform(home, "burden", "--by", "乡镇", check=1)
    assert "可选：全县" in wrong.stdout
    assert "没有新增报表和栏目" in oneform(home, "burden", "--by", "月", check=0).stdout


def test_the_steward_sees_duplication(demo, tmp_path):
    home = demo[0]
    done = oneform(home, "overlap", "--out", tmp_path / "重复.xlsx", check=0)
    assert "两个部门都要的数据元" in done.stdout
    book = CalamineWorkbook.from_path(str(tmp_path / "重复.xlsx"))
    assert book.sheet_names == ["部门重叠矩阵", "要得最多的数据元", "可取消的报表"]
    assert "请用报表清单里的部门名称" in oneform(home, "overlap", "--department", "没有的局", check=1).stdout


def test_the_baseline_is_corrected_only_with_a_reason(demo, tmp_path):
    import shutil

    home = tmp_path / "county"
    shutil.copytree(demo[0], home, ignore=shutil.ignore_patterns("dagster", "archive", "forms", "share", "reports"))
    assert "--reason" in oneform(home, "baseline", "--correct", "FL01", check=1).stdout
    assert "没有：XX99" in oneform(home, "baseline", "--correct", "XX99", "--reason", "试", check=1).stdout
    assert "基线第 2 版" in oneform(home, "baseline", "--correct", "FL01", "--reason", "频率登记有误", check=0).stdout
    shown = oneform(home, "baseline", "--json", check=0).stdout
    assert "首次冻结" in shown
    assert "频率登记有误" in shown
