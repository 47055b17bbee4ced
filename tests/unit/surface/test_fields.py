"""What `oneform fields` prints: JSON Lines, a tree, a page."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from pipelines.surface.fields import print_fields

KEYS = [
    "file", "sheet", "title", "form_code", "issuing_body", "approving_body", "approval_no", "valid_until", "respondent",
    "period", "unit", "layout", "range", "confidence", "fields", "checks", "notes", "findings",
]  # fmt: skip


@pytest.fixture
def form(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["困难群众花名册"], ["序号", "姓名", "补助<金额>（元）"], [None, None, None]):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    path = tmp_path / "困难群众.xlsx"
    book.save(path)
    return path


def test_one_json_object_per_table(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = form.with_name("坏.xlsx")
    broken.write_bytes(b"PK\x03\x04")
    assert print_fields([form, broken], as_json=True) == 1
    good, bad = map(json.loads, capsys.readouterr().out.splitlines())
    assert list(good) == KEYS
    assert good["file"] == str(form)
    assert good["title"] == "困难群众花名册"
    assert [(one["path"], one["unit"], one["role"], one["cell"]) for one in good["fields"]] == [
        (["序号"], None, "serial", "A3"),
        (["姓名"], None, "fill", "B3"),
        (["补助<金额>"], "元", "fill", "C3"),
    ]
    assert bad["file"] == str(broken)
    assert [finding["code"] for finding in bad["findings"]] == ["OF-105"]


def test_a_tree_for_a_person(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert print_fields([form], as_json=False) == 0
    out = capsys.readouterr().out
    assert "《困难群众花名册》" in out
    assert "填 补助<金额>（元） C3" in out


def test_a_page_that_needs_nothing_else(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = form.with_name("page.html")
    assert print_fields([form], as_json=False, html=page) == 0
    text = page.read_text(encoding="utf-8")
    assert 'class="fill" data-role="填" title="姓名"' in text
    assert 'class="serial" data-role="序"' in text
    assert "补助&lt;金额&gt;" in text
    assert "<金额>" not in text
    assert "http" not in text
    assert str(page) in capsys.readouterr().out.replace("\n", "")
