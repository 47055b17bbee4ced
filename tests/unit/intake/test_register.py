"""The register and the area table: every row is used, or there is a finding that says why not."""

import xlsxwriter

from pipelines.intake.register import end_of_validity, expired, match_templates, read_areas, read_register
from schemas.reports import Reports

TITLES = [
    "报表编号",
    "报表名称",
    "表号",
    "主管部门",
    "批准文号",
    "有效期至",
    "频率",
    "填报层级",
    "模板文件",
    "单次填报用时（分钟）",
]
GOOD = [
    "MZ-01",
    "低保花名册",
    "民1表",
    "民政局",
    "云民〔2024〕1号",
    "2026年12月",
    "每月25日前",
    "村（社区）",
    "低保.xlsx",
    30,
]


def register(path, *rows, titles=TITLES, above=("某县报表清单",)):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("清单")
        for number, row in enumerate([above, titles, *rows]):
            sheet.write_row(number, 0, row)
    return path


def codes(findings):
    return [finding.code for finding in findings]


def test_words_become_terms_and_the_original_is_kept(tmp_path):
    reports, findings = read_register(register(tmp_path / "r.xlsx", GOOD))
    row = reports.to_dicts()[0]
    assert findings == []
    assert (row["frequency"], row["frequency_text"], row["respondent_level"]) == ("月", "每月25日前", "村")
    assert (row["report_id"], row["minutes_per_response"]) == ("MZ-01", 30)


def test_bad_rows_are_said_with_their_cell_and_the_rest_goes_on(tmp_path):
    odd = [*GOOD]
    odd[0], odd[6] = "MZ-02", "看情况"
    reports, findings = read_register(register(tmp_path / "r.xlsx", GOOD, GOOD, odd))
    assert reports["report_id"].to_list() == ["MZ-01", "MZ-02"]
    assert codes(findings) == ["OF-006", "OF-003"]
    assert [f.cell for f in findings] == ["A4", "G5"]
    assert reports["frequency"].to_list() == ["月", "未说明"]


def test_missing_unreadable_and_headless_registers_are_findings(tmp_path):
    junk = tmp_path / "junk.xlsx"
    junk.write_bytes(b"not a workbook")
    assert codes(read_register(tmp_path / "none.xlsx")[1]) == ["OF-001"]
    assert codes(read_register(junk)[1]) == ["OF-009"]
    assert codes(read_register(register(tmp_path / "r.xlsx", titles=["甲", "乙"]))[1]) == ["OF-002"]


def test_areas_need_twelve_digits_once(tmp_path):
    file = tmp_path / "区划.csv"
    file.write_text(
        "区划代码,区划名称,级别,上级代码\n530102001001,甲村,村,530102001000\n530102001001,乙村,村,\n5301,丙,村,\n",
        "utf-8-sig",
    )
    areas, findings = read_areas(file)
    assert areas["area_name"].to_list() == ["甲村"]
    assert [f.cell for f in findings] == ["A3", "A4"]


def test_templates_and_register_rows_find_each_other(tmp_path):
    folder = tmp_path / "templates" / "民政局"
    folder.mkdir(parents=True)
    for name in ("低保.xlsx", "多余.xlsx"):
        (folder / name).touch()
    rows = [
        {
            "report_id": "A",
            "report_name": "a",
            "department_name": "民政局",
            "frequency": "月",
            "respondent_level": "村",
            "template_file": name,
        }
        for name in ("低保.xlsx", "没有.xlsx")
    ]
    rows[1]["report_id"] = "B"
    chosen, findings = match_templates(Reports.frame(rows), sorted(folder.iterdir()), tmp_path / "templates")
    assert chosen == {"A": folder / "低保.xlsx"}
    assert codes(findings) == ["OF-004", "OF-005"]


def test_validity_words():
    said = {
        "2017年6月": "2017-06-30",
        "２０１８年１月": "2018-01-31",
        "至2026-06-30止": "2026-06-30",
        "2027年": "2027-12-31",
    }
    assert {text: end_of_validity(text) for text in said} == said
    assert end_of_validity(None) is None
    assert end_of_validity("长期有效") is None


def test_only_ended_validity_is_expired(tmp_path):
    reports, _ = read_register(register(tmp_path / "r.xlsx", GOOD))
    assert expired(reports, "2026-11-24") == []
    assert codes(expired(reports, "2027-01-01")) == ["OF-008"]
