"""The register, the templates and their truth fit each other and the areas are the county's."""

import csv
from collections import Counter
from pathlib import Path

import polars as pl
from facts import read_reports
from register import REGISTER_TITLES

from pipelines.intake.register import match_templates, read_areas, read_register
from schemas.reports import Reports

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"


def test_the_register_is_read_without_a_word_not_understood() -> None:
    reports, findings = read_register(SAMPLE / "报表清单.xlsx")
    assert findings == []
    assert reports.height >= 60
    assert reports["department_name"].n_unique() >= 15
    assert {"日", "月", "季", "半年", "年", "周", "旬", "随时", "一次性"} - set(reports["frequency"]) <= {"日"}
    assert reports["approval_no"].null_count() > 0


def test_the_registers_titles_are_those_of_the_contract() -> None:
    assert set(REGISTER_TITLES) <= set(Reports.titles().values())


def test_every_row_has_its_template_and_every_template_its_row() -> None:
    reports, _ = read_register(SAMPLE / "报表清单.xlsx")
    files = sorted(path for path in (SAMPLE / "templates").rglob("*") if path.is_file())
    chosen, findings = match_templates(reports, files, SAMPLE / "templates")
    assert findings == []
    assert len(chosen) == len(files) == reports.height
    assert {path.suffix for path in files} == {".xlsx", ".xls", ".docx", ".csv"}


def test_areas_are_one_county_with_its_villages() -> None:
    areas, findings = read_areas(SAMPLE / "区划.csv")
    assert findings == []
    assert Counter(areas["area_level"]) == {"县": 1, "乡镇": 10, "村": 77}
    known = set(areas["area_code"])
    assert all(parent in known for parent in areas["parent_code"].drop_nulls())
    for code, level, parent in areas.select("area_code", "area_level", "parent_code").iter_rows():
        assert code.startswith("532328")
        if level != "县":
            assert code.startswith(parent.rstrip("0")[: 6 if level == "乡镇" else 9])


def test_every_report_has_its_truth(truth: list[dict[str, str]]) -> None:
    reports = read_reports(SAMPLE / "make" / "reports")
    fields = Counter(row["report_id"] for row in truth if row["role"] == "fill")
    assert set(fields) == {report.report_id for report in reports}
    assert min(fields.values()) >= 6
    places = Counter((row["report_id"], row["sheet"], row["cell"]) for row in truth)
    assert max(places.values()) == 1


def test_concepts_are_written_in_one_way(truth: list[dict[str, str]]) -> None:
    for concept in {row["concept"] for row in truth if row["role"] == "fill"}:
        object_class, dot, rest = concept.partition(".")
        assert object_class
        assert dot
        qualifiers = rest.partition("[")[2].rstrip("]").split("；")
        assert qualifiers == sorted(set(qualifiers)), concept


def test_most_reports_share_something_with_another(truth: list[dict[str, str]]) -> None:
    users: dict[str, set[str]] = {}
    for row in truth:
        if row["role"] == "fill":
            users.setdefault(row["concept"], set()).add(row["report_id"])
    shared = {report for reports in users.values() if len(reports) > 1 for report in reports}
    assert len(shared) >= 55


def test_scope_and_grants_name_reports_that_exist() -> None:
    known = {report.report_id for report in read_reports(SAMPLE / "make" / "reports")}
    for name, column in (("report_scope", "report_id"), ("grants", "view_name")):
        with (SAMPLE / "rules" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows
        assert {row[column].split("_")[0] for row in rows} <= known


def test_the_faulty_county_is_wrong_in_every_way_it_says() -> None:
    faulty = SAMPLE / "faulty"
    reports, findings = read_register(faulty / "报表清单.xlsx")
    files = sorted(path for path in (faulty / "templates").rglob("*") if path.is_file())
    _, unmatched = match_templates(reports, files, faulty / "templates")
    areas, wrong = read_areas(faulty / "区划.csv")
    assert len(findings) == 1, "a frequency that nobody can read"
    assert {finding.code for finding in unmatched} == {"OF-004", "OF-005"}
    assert len(wrong) == 2
    assert areas.filter(pl.col("area_code").str.len_chars() != 12).is_empty()
