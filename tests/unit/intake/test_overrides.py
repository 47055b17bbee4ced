"""A steward's ruling on one template wins where it fits, and says so where it does not."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest

from pipelines.intake.read import read_file
from schemas.templates import TableReading


@pytest.fixture
def template(tmp_path: Path) -> Path:
    folder = tmp_path / "民政局"
    folder.mkdir()
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["低保对象花名册"],
        ["姓名", "低保情况", None, "旁注"],
        [None, "类别", "金额", None],
        ["张某", "城市", 300, None],
        [None, None, None, None],
    ):
        sheet.append(row)
    path = folder / "低保.xlsx"
    book.save(path)
    return path


def ruled(template: Path, ruling: str, *, digest: str | None = None) -> TableReading:
    rules = template.parents[1] / "rules"
    (rules / "templates" / "民政局").mkdir(parents=True, exist_ok=True)
    digest = digest or sha256(template.read_bytes()).hexdigest()
    text = f'template_hash = "{digest}"\n{ruling}'
    (rules / "templates" / "民政局" / "低保.toml").write_text(text, encoding="utf-8")
    return read_file(template, rules=rules, cache=template.parents[1] / "cache")[0]


def codes(table: TableReading) -> list[str]:
    return [finding.code for finding in table.findings if finding.code in ("OF-124", "OF-125", "OF-126")]


def test_range_header_rows_and_frame_are_what_the_ruling_says(template: Path) -> None:
    table = ruled(
        template, '[[table]]\nsheet = "Sheet"\nrange = "A2:C5"\nheader_rows = [2, 3]\ntitle = "甲"\nunit = "元"'
    )
    assert [(field.path, field.cell) for field in table.fields] == [
        (("姓名",), "A4"),
        (("低保情况", "类别"), "B4"),
        (("低保情况", "金额"), "C4"),
    ]
    assert (table.title, table.unit) == ("甲", "元")
    assert codes(table) == ["OF-126"]


def test_roles_and_paths_of_single_fields(template: Path) -> None:
    table = ruled(
        template,
        '[[table]]\nsheet = "Sheet"\nrange = "A2:C5"\nheader_rows = [2, 3]\n'
        'roles = { A4 = "meta" }\npaths = { C4 = ["补助金额"] }',
    )
    assert [(field.path, field.role) for field in table.fields][::2] == [(("姓名",), "meta"), (("补助金额",), "fill")]


def test_a_sheet_can_be_ruled_no_form(template: Path) -> None:
    table = ruled(template, '[[table]]\nsheet = "Sheet"\nis_form = false')
    assert table.fields == ()


def test_a_ruling_for_another_version_is_not_applied(template: Path) -> None:
    plain = read_file(template)[0]
    table = ruled(template, '[[table]]\nsheet = "Sheet"\nis_form = false', digest="0" * 64)
    assert codes(table) == ["OF-124"]
    assert table.fields == plain.fields


@pytest.mark.parametrize(
    "ruling",
    [
        '[[table]]\nsheet = "没有"',
        '[[table]]\nsheet = "Sheet"\nrange = "whatever"',
        '[[table]]\nsheet = "Sheet"\nheader_rows = [90, 95]',
        '[[table]]\nsheet = "Sheet"\nroles = { Z99 = "meta" }',
        '[[table]]\nsheet = "Sheet"\ncolour = "red"',
        "table = 3",
        "[[table",
    ],
)
def test_what_cannot_be_applied_is_a_finding(template: Path, ruling: str) -> None:
    table = ruled(template, ruling)
    assert "OF-125" in codes(table)
    assert table.fields


def test_readings_are_kept_by_content_and_ruling(template: Path) -> None:
    first = ruled(template, '[[table]]\nsheet = "Sheet"\nrange = "A2:C5"')
    again = ruled(template, '[[table]]\nsheet = "Sheet"\nrange = "A2:C5"')
    assert again == first
    copy = template.with_name("另存.xlsx")
    shutil.copy(template, copy)
    assert read_file(copy, cache=template.parents[1] / "cache")[0].file == str(copy)
    changed = ruled(template, '[[table]]\nsheet = "Sheet"\nrange = "A2:B5"')
    assert changed.fields != first.fields
