"""The auditor's page stands alone, says everything, names no township or village, and agrees with the workbook."""

import re
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from pipelines.burden import evidence
from pipelines.burden.assumptions import assumptions
from pipelines.burden.baseline import freeze
from pipelines.burden.counts import Counts
from pipelines.burden.figures import figures
from pipelines.burden.fill_times import summary
from pipelines.burden.inputs import Inputs
from pipelines.burden.insight import insight
from pipelines.surface.burden_book import write_workbook
from pipelines.surface.burden_page import write_page, write_report
from pipelines.surface.burden_words import change, drivers, signed
from schemas.burden import BurdenRebound, FillTimes
from schemas.elements import ElementMap, Elements
from schemas.ledgers import FillPlan, IssuedWorkbooks, Submissions
from schemas.organisations import Areas
from schemas.reports import ReportFields, Reports

TOWNSHIP = "某某彝族乡"
NO_PLAN = FillPlan.empty()


def state(fill_plan=NO_PLAN):
    areas = Areas.frame(
        [
            {"area_code": "530900000000", "area_name": "某县", "area_level": "县"},
            {"area_code": "530900001000", "area_name": TOWNSHIP, "area_level": "乡镇", "parent_code": "530900000000"},
        ]
    )
    reports = Reports.frame(
        [
            {
                "report_id": f"R{n}",
                "report_name": f"<表{n}>",
                "department_name": department,
                "frequency": "月",
                "respondent_level": "乡镇",
            }
            for n, department in enumerate(("民政局", "残联"))
        ]
    )
    fields = ReportFields.frame(
        [
            {
                "field_id": f"R{n}#0",
                "form_id": f"R{n}",
                "table_no": 1,
                "field_no": 0,
                "path": "总人口",
                "role": "fill",
                "layout": "statistics",
            }
            for n in range(2)
        ]
    )
    counts = Counts(
        pl.DataFrame(schema={"ledger": pl.String, "subjects": pl.Float64}),
        pl.DataFrame(schema={"ledger": pl.String, "element_id": pl.String, "answers": pl.Float64}),
        pl.DataFrame(schema={"report_id": pl.String, "table_no": pl.Int64, "rows": pl.Float64}),
    )
    element = {name: "x" for name in Elements.schema_types()} | {"field_count": 2, "form_count": 2}
    element |= {"element_id": "DE1", "element_name": "总人口", "object_class": "行政区域", "temporal": "stock"}
    maps = ElementMap.frame(
        [
            {
                "field_id": f"R{n}#0",
                "element_id": "DE1",
                "relation": "same",
                "score": 1.0,
                "decision": "规则",
                "reason": "同名",
            }
            for n in range(2)
        ]
    )
    return Inputs(
        freeze(reports, fields, areas, "2025-01-01", counts=counts),
        areas,
        reports,
        fields,
        Elements.frame([element]),
        maps,
        fill_plan,
        IssuedWorkbooks.empty(),
        Submissions.empty(),
        counts,
        "2025-03-31",
    )


PLAN = FillPlan.frame(
    [
        {
            "ledger": "indicator",
            "element_id": "DE1",
            "column_no": 0,
            "is_key": False,
            "is_asked": True,
            "reason": "需要填报",
            "respondent_level": "乡镇",
            "frequency": "月",
            "report_ids": "R0；R1",
        }
    ]
)


@pytest.fixture
def made(tmp_path):
    inputs = state(PLAN)
    burden = figures(inputs)
    found = insight(inputs, burden.rows)
    folder = evidence.keep(tmp_path / "evidence", inputs, burden)
    page = write_page(tmp_path / "p.html", inputs, burden, found, assumptions(), county="某县", evidence=folder)
    return inputs, burden, page.read_text("utf-8"), write_workbook(tmp_path / "w.xlsx", inputs, burden, found), folder


def test_page_loads_nothing_from_anywhere_and_runs_no_script(made):
    html = made[2]
    outside = [url for url in re.findall(r"""(?:src|href)=["']([^"']+)""", html) if not url.startswith("#")]
    assert outside == []
    assert "<script" not in html
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_page_shows_figures_charts_hashes_and_how_to_recompute(made):
    inputs, _, html, _, folder = made
    assert html.count("<svg") >= 3
    for words in (inputs.baseline["content_hash"][0], "下降 50.0%", "oneform burden --as-of 2025-03-31", "OF-510"):
        assert words in html
    assert "fill_plan.parquet" in html
    assert "&lt;表0&gt;" in html
    assert "<表0>" not in html
    assert folder.name == "2025-03-31"


def test_the_report_of_a_day_is_written_from_its_evidence(made, tmp_path):
    files, found = write_report(tmp_path / "evidence", "2025-12-31", tmp_path / "out", county="某县")
    assert [path.name for path in files] == ["填报负担报告.html", "填报负担报告.xlsx"]
    assert "下降 50.0%" in files[0].read_text("utf-8")
    assert not [finding for finding in found if finding.code in ("OF-520", "OF-522", "OF-523")]


def test_without_evidence_there_is_no_report(tmp_path):
    files, found = write_report(tmp_path / "evidence", "2025-12-31", tmp_path / "out")
    assert files == []
    assert [finding.code for finding in found] == ["OF-521"]


def test_no_township_is_named(made):
    _, burden, html, workbook, _ = made
    assert TOWNSHIP not in html
    assert TOWNSHIP not in burden.figures.write_csv()
    for name in CalamineWorkbook.from_path(str(workbook)).sheet_names:
        cells = CalamineWorkbook.from_path(str(workbook)).get_sheet_by_name(name).to_python()
        assert not any(TOWNSHIP in str(cell) for row in cells for cell in row)


def test_workbook_holds_every_row_and_figure(made):
    _, burden, _, workbook, _ = made
    book = CalamineWorkbook.from_path(str(workbook))
    for sheet, frame in (("指标", burden.figures), ("逐栏明细", burden.rows)):
        cells = book.get_sheet_by_name(sheet).to_python()
        assert len(cells) == frame.height + 1
        column = frame.columns.index("cells_before" if sheet == "逐栏明细" else "before")
        assert sum(row[column] for row in cells[1:]) == pytest.approx(frame[frame.columns[column]].sum())


def test_a_county_without_a_plan_or_baseline_gets_a_page_without_a_rate(tmp_path):
    inputs = state()
    empty = Inputs(**{name: getattr(inputs, name) for name in Inputs.__slots__} | {"baseline": inputs.baseline.clear()})
    burden = figures(empty)
    page = write_page(Path(tmp_path) / "p.html", empty, burden, insight(empty, burden.rows), assumptions())
    assert "不计算下降比例" in page.read_text("utf-8")
    assert drivers(burden).startswith("整合前没有")


@pytest.mark.parametrize(
    ("reduction", "words"), [(0.25, "下降 25.0%"), (-0.1, "上升 10.0%"), (0.0, "持平"), (None, "不可计")]
)
def test_a_change_says_its_direction(reduction, words):
    assert change(reduction) == words


def test_a_difference_has_its_sign():
    assert [signed(value) for value in (-3, 0, 2)] == ["−3", "0", "＋2"]


def test_page_and_workbook_tell_rebound_measured_times_and_versions(tmp_path):
    inputs = state(PLAN)
    again = {"month": "2025-02", "department_name": "残联", "frozen_at": "2025-01-01", "as_of": "2025-03-31"}
    again |= {"new_forms": 1, "admitted_forms": 0, "new_items": 3, "gone_items": 0}
    rebound = BurdenRebound.frame([again | {"new_cells": 144.0, "added_cells": 13.2}])
    observed = FillTimes.frame(
        [
            {"target": "报表", "target_id": "R0", "minutes": m, "method": "计时观察", "observed_at": "2025-02-01"}
            for m in (20.0, 31.0, 40.0)
        ]
    )
    times = summary(observed, "2025-03-31", ("计时观察",))
    burden = figures(inputs)
    found = insight(inputs, burden.rows)
    page = write_page(tmp_path / "p.html", inputs, burden, found, assumptions(), rebound=rebound, times=times)
    html = page.read_text("utf-8")
    for words in ("基线以来逐月新增", "144（1 张、3 项）", "计时观察", "75.0%", "20–40"):
        assert words in html
    assert "假定" in html.split("全部指标")[-1]
    book = CalamineWorkbook.from_path(
        str(write_workbook(tmp_path / "w.xlsx", inputs, burden, found, rebound=rebound, times=times))
    )
    assert book.get_sheet_by_name("逐月新增").to_python()[1][:4] == ["2025-02", "残联", 1, 0]
    assert book.get_sheet_by_name("实测用时").to_python()[1][3:7] == [3, 31, 20, 40]
