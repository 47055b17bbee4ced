"""The gate on a few departments of the sample county: asked, decided, listed, changed, gone round, refused."""

import json
import shutil

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines import flow
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import SAMPLE, Workspace, found
from pipelines.surface.commands import app

TODAY = "2026-11-27"
FEW = ("县残疾人联合会", "县统计局")
CATALOGUED = ("report_register", "report_fields", "baseline", "data_elements", "fill_plan", "admission_register")
FORM = SAMPLE / "proposed" / "独居老人冬季安全排查表.xlsx"
ROADS = next((SAMPLE / "templates" / "县交通运输局").glob("*.xls"))
MESSAGE = SAMPLE / "proposed" / "聊天消息.txt"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The workspace of three departments, catalogued."""
    source = tmp_path_factory.mktemp("few")
    for name in ("区划.csv", "workspace.toml"):
        shutil.copy2(SAMPLE / name, source / name)
    for department in FEW:
        shutil.copytree(SAMPLE / "templates" / department, source / "templates" / department)
    book = openpyxl.load_workbook(SAMPLE / "报表清单.xlsx")
    sheet = book.active
    for row in range(sheet.max_row, 2, -1):
        if sheet.cell(row, 4).value not in FEW:
            sheet.delete_rows(row)
    book.save(source / "报表清单.xlsx")
    workspace = Workspace(tmp_path_factory.mktemp("county") / "data")
    assert found(workspace, source)
    flow.run(workspace, today=TODAY, only=CATALOGUED)
    return workspace


def oneform(place, *words, stdin=None, status=0):
    done = CliRunner().invoke(app, [*map(str, words), "--home", str(place.home)], input=stdin)
    assert done.exit_code == status, done.output
    return done.stdout


def read(place, table):
    with Warehouse(place.database) as warehouse:
        return warehouse.read(table)


def show(place, part, day=TODAY):
    lines = oneform(place, "register", "--show", part, "--as-of", day, "--json").splitlines()
    return [json.loads(line) for line in lines]


def test_from_an_application_to_the_register(place):
    applied = ("--department", "县应急管理局", "--respondents", "村", "--frequency", "每月", "--as-of", TODAY)
    told = oneform(place, "admit", FORM, *applied, "--basis", "县安委办工作安排", "--json")
    report = json.loads(told)
    assert (report["request_id"], report["verdict"]) == ("SQ-2026-0001", "精简后准入")
    kinds = {item["path"]: item["kind"] for item in report["items"]}
    assert kinds["公民身份号码"] == "已有"
    assert kinds["取暖方式"] == "新增"
    assert report["due_by"] == "2026-12-25"
    folder = place.admission / "SQ-2026-0001"
    assert {path.name for path in folder.iterdir()} == {
        *("准入报告.html", "准入报告.xlsx", "审查意见函.docx", "审查意见函.txt"),
        FORM.name,
    }
    page = (folder / "准入报告.html").read_text(encoding="utf-8")
    assert "精简后准入" in page
    assert "http" not in page.replace("http://www.w3.org", "")
    said = ("--decision", "精简后准入", "--by", "局务会", "--reason", "可", "--as-of", TODAY)
    decided = oneform(place, "admit", "decide", "SQ-2026-0001", *said)
    assert "532328-2026-0001" in decided
    flow.run(place, today="2026-12-01", only=("report_register", "report_fields", "admission_register"))
    assert "532328-2026-0001" in read(place, "reports")["report_id"].to_list()
    assert read(place, "report_fields").filter(pl.col("form_id") == "532328-2026-0001").height >= 17
    (row,) = [row for row in show(place, "在册", "2026-12-01") if row["准入编号"] == "532328-2026-0001"]
    assert (row["状态"], row["缺少的标识"]) == ("有效", "")
    clocks = dict(read(place, "admission_clocks").select("clock", "ended_at").iter_rows())
    assert clocks == {"admission": TODAY, "catalogue_change": "2026-12-01", "publication": None}
    identical = oneform(place, "admit", FORM, *applied, "--dry-run")
    assert "OF-604" in identical


def test_a_changed_template_must_be_admitted_again(place):
    path = place.templates / "县统计局" / "人口劳动力变动月报.xlsx"
    book = openpyxl.load_workbook(path)
    cells = [cell for row in book.worksheets[0].iter_rows(max_row=40) for cell in row if isinstance(cell.value, str)]
    cell = next(cell for cell in cells if "死亡" in cell.value)
    before, cell.value = cell.value, f"{cell.value}含意外"
    book.save(path)
    flow.run(place, today="2026-12-02", only=("report_fields", "admission_register"))
    changes = show(place, "改版", "2026-12-02")
    assert {row["改动"] for row in changes} == {"改名"}, before
    assert all("含意外" in row["现在"] for row in changes)
    assert "OF-640" in read(place, "findings")["code"].to_list()


def test_a_message_is_refused_politely_and_counted(place):
    said = ("--department", "县统计局", "--township", "元马镇", "--as-of", TODAY)
    letter = oneform(place, "refuse", "-", *said, stdin=MESSAGE.read_text(encoding="utf-8"))
    for words in ("县统计局：", "没有准入编号", "2009年修订文本第十五条", "县里已经有", "元马镇", "2026年11月27日"):
        assert words in letter
    assert (place.admission / "SD-2026-0001" / "拒填复函.docx").exists()
    assert read(place, "off_register")["department_name"].to_list() == ["县统计局"]
    listed = SAMPLE / "templates" / "县残疾人联合会" / "持证残疾人花名册.xls"
    told = oneform(place, "refuse", listed, "--department", "县残疾人联合会", "--as-of", "2026-11-01", status=1)
    assert "OF-630" in told


def test_a_foreign_form_among_the_returned_files_is_counted(place):
    place.inbox.mkdir(exist_ok=True)
    shutil.copy2(ROADS, place.inbox / "乡镇转来的表.xls")
    flow.run(place, today="2026-12-03", only=("submissions", "admission_register"))
    found = read(place, "off_register").filter(pl.col("how") == "报送夹带")
    assert found.select("form_title", "source_file").rows() == [("农村公路养护情况统计表", "乡镇转来的表.xls")]
    assert found["item_count"][0] > 3
    flow.run(place, today="2026-12-04", only=("submissions", "admission_register"))
    assert read(place, "off_register").filter(pl.col("how") == "报送夹带").height == 1


def test_many_bad_forms_each_get_an_answer_and_the_good_one_goes_on(place, tmp_path):
    bad = tmp_path / "坏文件.xlsx"
    bad.write_bytes(b"PK not a workbook")
    told = oneform(place, "admit", bad, MESSAGE, "--department", "县统计局", "--dry-run", "--as-of", TODAY, status=1)
    assert "OF-600" in told
    assert "建议：" in told
    unknown = oneform(place, "admit", MESSAGE, "--department", "县宇航局", "--dry-run", status=1)
    assert "OF-602" in unknown
    assert oneform(place, "register", "--show", "没有这部分", status=1)
