"""What is wrong with a file is a finding with a code, never a traceback: one row of a table per kind of trouble."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from pipelines.intake.isolation import Task, each
from pipelines.intake.read import read_file
from pipelines.intake.sources.limits import limit
from schemas.faults import Finding

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


FORM = workbook([["姓名", "性别", "年龄"], [None, None, None]])


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in parts.items():
            package.writestr(name, body)
    return buffer.getvalue()


def with_part(name: str, body: bytes) -> bytes:
    return repacked(FORM, lambda parts: parts.update({name: body}))


def xml_bomb() -> bytes:
    laughs = b"".join(b'<!ENTITY l%d "&l%d;&l%d;">' % (n + 1, n, n) for n in range(30))
    body = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">' + laughs + b"]><worksheet>&l30;</worksheet>"
    return with_part("xl/worksheets/sheet1.xml", body)


def outside_entity() -> bytes:
    body = (
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row r="1"><c r="A1" t="str">'
        b"<v>&a;</v></c></row></sheetData></worksheet>"
    )
    return with_part("xl/worksheets/sheet1.xml", body)


def encrypted() -> bytes:
    """Return the smallest OLE file with a stream named EncryptedPackage."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    for at, value, size in ((24, 0x3E, 2), (26, 3, 2), (28, 0xFFFE, 2), (30, 9, 2), (32, 6, 2), (44, 1, 4), (48, 1, 4)):
        head[at : at + size] = value.to_bytes(size, "little")
    head[56:60] = (4096).to_bytes(4, "little")
    for at in (60, 68):
        head[at : at + 4] = b"\xfe\xff\xff\xff"
    head[76:80] = (0).to_bytes(4, "little")
    head[80:512] = b"\xff" * 432
    table = bytearray(b"\xff" * 512)
    table[0:4], table[4:8] = b"\xfd\xff\xff\xff", b"\xfe\xff\xff\xff"

    def entry(name: str, kind: int, child: int) -> bytes:
        body = bytearray(128)
        raw = name.encode("utf-16-le") + b"\0\0"
        body[: len(raw)] = raw
        body[64:66] = len(raw).to_bytes(2, "little")
        body[66:68] = bytes((kind, 1))
        for at, value in ((68, 0xFFFFFFFF), (72, 0xFFFFFFFF), (76, child), (116, 0xFFFFFFFE)):
            body[at : at + 4] = value.to_bytes(4, "little")
        return bytes(body)

    directory = entry("Root Entry", 5, 1) + entry("EncryptedPackage", 2, 0xFFFFFFFF) + bytes(256)
    return bytes(head) + bytes(table) + directory


def pictures_only() -> bytes:
    return repacked(workbook([]), lambda parts: parts.update({"xl/media/image1.png": PNG}))


def word(body: str, **more: bytes) -> bytes:
    buffer = io.BytesIO()
    ns = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", f'<w:document xmlns:w="{ns}"><w:body>{body}</w:body></w:document>')
        for name, data in more.items():
            package.writestr(name, data)
    return buffer.getvalue()


CASES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.xlsx", b"", "OF-101"),
    "binary": ("a.xlsx", bytes(range(256)) * 9, "OF-102"),
    "pdf": ("a.doc", b"%PDF-1.7\n" + b"x" * 99, "OF-102"),
    "other package": (
        "a.xlsx",
        repacked(FORM, lambda parts: [parts.pop(n) for n in list(parts) if "xl/" in n]),
        "OF-102",
    ),
    "wrong extension": ("a.xls", FORM, "OF-103"),
    "password": ("a.xlsx", encrypted(), "OF-104"),
    "truncated package": ("a.xlsx", FORM[: len(FORM) // 2], "OF-105"),
    "truncated workbook": ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "OF-105"),
    "missing sheet part": ("a.xlsx", repacked(FORM, lambda parts: parts.pop("xl/worksheets/sheet1.xml")), "OF-105"),
    "broken xml": ("a.xlsx", with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData>"), "OF-105"),
    "zip bomb": ("a.xlsx", with_part("xl/sharedStrings.xml", b"\0" * (70 << 20)), "OF-106"),
    "xml bomb": ("a.xlsx", xml_bomb(), "OF-107"),
    "outside entity": ("a.xlsx", outside_entity(), "OF-107"),
    "macros": ("a.xlsm", with_part("xl/vbaProject.bin", b"Sub AutoOpen"), "OF-108"),
    "links": ("a.xlsx", with_part("xl/externalLinks/externalLink1.xml", b"<externalLink/>"), "OF-109"),
    "no table": ("a.docx", word("<w:p><w:r><w:t>通知正文没有表格</w:t></w:r></w:p>"), "OF-113"),
    "scanned document": ("a.docx", word("<w:p/>", **{"word/media/image1.png": PNG}), "OF-114"),
    "scanned workbook": ("a.xlsx", pictures_only(), "OF-114"),
    "picture": ("a.xlsx", PNG, "OF-114"),
    "formula without value": ("a.xlsx", workbook([["姓名", "年龄"], ["=A1", None]]), "OF-117"),
    "not a field list": ("a.json", b'{"fields": 3}', "OF-119"),
    "broken json": ("a.json", b'{"fields": [', "OF-119"),
    "deep json": ("a.json", b"[" * 100_000, "OF-119"),
    "list without entries": (
        "a.xlsx",
        with_part(
            "xl/worksheets/sheet1.xml",
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            b'<row r="1">'
            b'<c r="A1" t="inlineStr"><is><t>x</t></is></c></row></sheetData><dataValidations>'
            b'<dataValidation type="list" sqref="A2"><formula1>[1]Sheet1!$A$1:$A$9</formula1>'
            b"</dataValidation></dataValidations></worksheet>",
        ),
        "OF-123",
    ),
    "web page without table": ("a.xls", b"<html><body>404 Not Found</body></html>", "OF-113"),
}


@pytest.mark.parametrize("case", CASES)
def test_trouble_is_a_finding(case: str, tmp_path: Path) -> None:
    name, data, code = CASES[case]
    path = tmp_path / name
    path.write_bytes(data)
    tables = read_file(path)
    findings = [finding for table in tables for finding in table.findings]
    assert code in [finding.code for finding in findings]
    assert {finding.file for finding in findings} == {str(path)}
    assert all(finding.message and finding.remedy for finding in findings)


def test_a_ring_of_sectors_costs_no_memory(sample: Path, tmp_path: Path) -> None:
    """Found by mutation: a workbook's chain of short sectors that comes back to its beginning was followed for ever."""
    data = bytearray((sample / "templates" / "县农业农村局" / "强制免疫旬报.xls").read_bytes())
    short_sectors = 512 + 512 * int.from_bytes(data[60:64], "little")
    data[short_sectors + 43 * 4] = 1
    path = tmp_path / "环.xls"
    path.write_bytes(data)
    assert [finding.code for table in read_file(path) for finding in table.findings] == ["OF-105"]


def test_a_missing_file_is_a_finding(tmp_path: Path) -> None:
    (table,) = read_file(tmp_path / "没有.xlsx")
    assert [finding.code for finding in table.findings] == ["OF-100"]


def test_outside_entities_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(outside_entity())
    assert "root:" not in repr(read_file(path))


def test_a_sheet_of_all_rows_is_read_from_its_head(tmp_path: Path) -> None:
    """Formatted down to row 1,048,576, as a clerk does who borders whole columns: seconds and memory stay small."""
    row = b'<row r="%d"><c r="A%d" s="1"/></row>'
    rows = b"".join(row % (n, n) for n in range(3, 1_048_577))
    head = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1">'
        b'<c r="A1" t="inlineStr"><is><t>\xe5\xa7\x93\xe5\x90\x8d</t></is></c><c r="B1" t="inlineStr"><is><t>'
        b"\xe6\x80\xa7\xe5\x88\xab</t></is></c></row>"
    )
    merges = b'<mergeCells><mergeCell ref="A1:A2"/></mergeCells>'
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_part("xl/worksheets/sheet1.xml", head + rows + b"</sheetData>" + merges + b"</worksheet>"))
    started = time.perf_counter()
    (table,) = read_file(path)
    assert time.perf_counter() - started < 10
    assert [field.path for field in table.fields] == [("姓名",), ("性别",)]
    assert "OF-115" in [finding.code for finding in table.findings]
    assert table.fields[0].cell == "A3"  # the merged range stands behind the rows, and is known


def test_a_long_roster_is_recognised_from_its_head(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("花名册")
    for col, text in enumerate(["序号", "姓名", "身份证号", "金额（元）"]):
        sheet.write(0, col, text)
    for row in range(1, 20_001):
        sheet.write_row(row, 0, [row, f"某某{row}", f"{row:018}", row % 700])
    book.close()
    (table,) = read_file(path)
    assert [(field.path, field.unit) for field in table.fields] == [
        (("序号",), None),
        (("姓名",), None),
        (("身份证号",), None),
        (("金额",), "元"),
    ]


def _misbehave(what: str) -> str:
    if what == "sleep":
        time.sleep(60)
    if what == "memory":
        return "x" * (limit("file", "memory_megabytes") * 2 << 20)
    if what == "bug":
        raise KeyError(what)
    if what == "die":
        import os

        os._exit(3)
    return what


def test_one_bad_file_costs_only_itself() -> None:
    """Whatever a file does to the process that reads it, every other file is answered."""
    given = ["a", "sleep", "b", "memory", "c", "bug", "d", "die", "e"]
    tasks = [Task(n, what, what) for n, what in enumerate(given)]
    answers = {task.given: answer for task, answer in each(_misbehave, tasks, workers=2, seconds=2)}
    codes = {what: answer.code for what, answer in answers.items() if isinstance(answer, Finding)}
    assert codes == {"sleep": "OF-120", "memory": "OF-121", "bug": "OF-122", "die": "OF-122"}
    assert {what: answers[what] for what in "abcde"} == {what: what for what in "abcde"}
