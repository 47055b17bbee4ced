"""Every format gives the same grid of the same sheet, whatever the file is called."""

from __future__ import annotations

import datetime
import io
import json
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.datavalidation import DataValidation

from pipelines.intake.read import read_file, read_folder
from pipelines.intake.sources import grids, open_file
from pipelines.intake.sources.converted import office
from pipelines.intake.sources.sniff import sniff
from schemas.templates import Grid, Span

ROWS = [["姓名", "性别", "年龄"], ["", "", ""]]


def codes(path: Path) -> list[str]:
    return [finding.code for table in read_file(path) for finding in table.findings]


def only(path: Path) -> Grid:
    found = [grid for grid in grids(path) if grid.cells]
    assert len(found) == 1
    return found[0]


def texts(grid: Grid) -> dict[tuple[int, int], str]:
    return {at: cell.text for at, cell in grid.cells.items()}


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A form with everything a template's fields depend on."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "花名册"
    sheet["A1"] = "低保对象花名册"
    sheet.merge_cells("A1:E1")
    for col, text in enumerate(["序号", "姓名", "性别", "出生日期", "金额（元）"], start=1):
        cell = sheet.cell(2, col, text)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal="center", indent=0)
    line = Side(style="thin")
    for row in (2, 3):
        for col in range(1, 6):
            sheet.cell(row, col).border = Border(left=line, right=line, top=line, bottom=line)
    sheet["D3"].number_format = "yyyy-mm-dd"
    sheet["D3"] = datetime.date(1950, 1, 2)
    sheet["E3"] = "=1+2"
    sheet["A4"] = "合计"
    sheet["A4"].alignment = Alignment(indent=2)
    sheet["B2"].comment = Comment("与户口本一致", "民政局")
    codes = book.create_sheet("代码")
    codes.sheet_state = "hidden"
    codes.append(["男"])
    codes.append(["女"])
    book.defined_names["性别代码"] = openpyxl.workbook.defined_name.DefinedName("性别代码", attr_text="代码!$A$1:$A$2")
    for source, place in (("性别代码", "C3:C9"), ('"城市,农村"', "B3")):
        rule = DataValidation(type="list", formula1=source)
        rule.add(place)
        sheet.add_data_validation(rule)
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["E"].hidden = True
    path = tmp_path / "低保.xlsx"
    book.save(path)
    return path


def test_a_workbook_is_read_with_everything_its_fields_depend_on(workbook: Path) -> None:
    first, second = grids(workbook)
    assert (first.sheet, first.is_hidden, second.is_hidden) == ("花名册", False, True)
    assert first.merges == (Span(0, 0, 0, 4),)
    assert first.cells[1, 1].is_bold
    assert first.cells[1, 1].is_centred
    assert first.cells[3, 0].indent == 2
    assert first.cells[2, 3].text == "1950-01-02"
    assert first.cells[2, 4].formula == "1+2"
    assert first.comments == {(1, 1): "与户口本一致"}
    assert first.choices_by_cell[2, 2] == ("男", "女")
    assert first.choices_by_cell[2, 1] == ("城市", "农村")
    assert (2, 4) in first.bordered
    assert (3, 0) not in first.bordered
    assert 5 in first.hidden_rows
    assert 4 in first.hidden_cols
    assert "OF-117" in [finding.code for finding in first.findings]


def test_shared_formulas_move_to_their_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_formula("A1", "SUM(B1:C1)", value=3)
    book.close()
    assert only(path).cells[0, 0].formula == "SUM(B1:C1)"
    assert only(path).cells[0, 0].text == "3"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_is_read_in_every_encoding(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "花名册.csv"
    path.write_bytes("\n".join(separator.join(row) for row in ROWS).encode(encoding))
    grid = only(path)
    assert (grid.kind, grid.sheet) == ("csv", "花名册")
    assert texts(grid) == {(0, 0): "姓名", (0, 1): "性别", (0, 2): "年龄"}


def test_text_in_no_encoding_is_read_with_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,性别".encode("gbk") + b"\n\xff\xff,\x80\n")
    assert "OF-110" in codes(path)


@pytest.mark.parametrize("name", ["a.xls", "a.docx", "a.csv", "a.et", "a"])
def test_a_workbook_is_a_workbook_under_any_name(workbook: Path, name: str) -> None:
    renamed = workbook.with_name(name)
    shutil.copy(workbook, renamed)
    opened = open_file(renamed)
    assert opened.kind == "xlsx"
    assert len(opened.grids) == 2
    told = [finding.code for finding in opened.findings]
    assert told == ([] if name in ("a.et", "a") else ["OF-103"])


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_a_web_page_named_xls_is_read_with_its_spans(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "导出.xls"
    page = (
        f'<html><head><meta charset="{charset}"></head><body><table><tr><td rowspan=2>村名</td>'
        "<td colspan=2>人口<br>（人）</td></tr><tr><td>男</td><td>女</td></tr></table></body></html>"
    )
    path.write_bytes(page.encode(charset))
    grid = only(path)
    assert texts(grid) == {(0, 0): "村名", (0, 1): "人口\n（人）", (1, 1): "男", (1, 2): "女"}
    assert grid.merges == (Span(0, 0, 1, 0), Span(0, 1, 0, 2))
    assert [field.path for field in read_file(path)[0].fields] == [("村名",), ("人口", "男"), ("人口", "女")]


def test_an_excel_2003_xml_is_no_web_page() -> None:
    head = b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook><Table><Row/></Table></Workbook>'
    assert sniff(head) == "xml"


PAGE = (
    "<html><head><style>p{}</style></head><body><p>困难残疾人登记表</p><table><tr><td>姓名</td><td></td></tr></table>"
    "<div>填表人：</div></body></html>"
)
MIME = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n"


@pytest.mark.parametrize("text", [PAGE, MIME + PAGE + "\r\n--x--\r\n"], ids=["page", "single file page"])
def test_a_web_page_named_doc_is_a_document(tmp_path: Path, text: str) -> None:
    path = tmp_path / "登记表.doc"
    path.write_text(text, encoding="utf-8", newline="")
    grid = only(path)
    assert (grid.kind, texts(grid)) == ("document", {(0, 0): "姓名"})
    assert (grid.before, grid.after) == (((1, "困难残疾人登记表"),), ((2, "填表人："),))


RTF = (
    r"{\rtf1\ansi\trowd\cellx2000\cellx4000\intbl name\cell age\cell\row\trowd\cellx2000\cellx4000\intbl"
    r"\cell\cell\row\pard\par}"
)


@pytest.mark.parametrize("name", ["a.rtf", "a.doc", "a.wps"])
def test_what_only_libreoffice_reads_is_converted_or_says_so(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(RTF, encoding="ascii")
    if office() is None:
        assert "OF-111" in codes(path)
    else:
        assert texts(only(path)) == {(0, 0): "name", (0, 1): "age"}


def test_without_libreoffice_the_finding_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "a.rtf"
    path.write_text(RTF, encoding="ascii")
    (table,) = read_file(path)
    assert [finding.code for finding in table.findings] == ["OF-111"]
    assert "LibreOffice" in table.findings[0].message


def test_a_file_that_libreoffice_cannot_convert_is_a_finding(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.rtf", tmp_path / "b.odt"
    good.write_text(RTF, encoding="ascii")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    bad.write_bytes(buffer.getvalue())
    (first, *_), (second, *_) = read_folder([good, bad])
    expected = ("OF-111", "OF-111") if office() is None else (None, "OF-112")
    assert (next((f.code for f in first.findings if f.code < "OF-140"), None), second.findings[0].code) == expected


def test_a_field_list_is_a_table_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    content = {
        "form_title": "残疾人花名册",
        "issuing_department": "县残联",
        "frequency": "月",
        "fields": [{"path": ["残疾人", " 姓 名 "], "note": "同身份证"}, {"path": ["补贴"], "unit": "元"}],
    }
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    (table,) = read_file(path)
    assert (table.layout, table.title, table.issuing_body, table.period) == ("list", "残疾人花名册", "县残联", "月")
    assert [(one.path, one.unit, one.cell, one.note) for one in table.fields] == [
        (("残疾人", "姓名"), None, "#0", "同身份证"),
        (("补贴",), "元", "#1", None),
    ]


def test_text_boxes_over_a_sheet_are_read_as_its_frame(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, ["村基本情况表"])
    sheet.write_row(2, 0, ["村名", "户数（户）", "人口（人）"])
    sheet.insert_textbox(0, 4, "表号：村3表\n制定机关：省统计局")
    sheet.insert_textbox(8, 0, "填表说明：1.户数（户）：指户籍户数。")
    book.close()
    (table,) = read_file(tmp_path / "a.xlsx")
    assert (table.title, table.form_code, table.issuing_body) == ("村基本情况表", "村3表", "省统计局")
    assert len(table.fields) == 3
    assert table.notes
    assert "OF-128" in {finding.code for finding in table.findings}
