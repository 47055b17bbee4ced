"""The steward's workbook: out, filled in, re-sorted, spoiled, and back."""

import openpyxl
import polars as pl
import pytest

from pipelines.catalogue.desk import review
from pipelines.catalogue.verdicts import append, settle, verdict
from schemas.elements import Verdicts

ROWS = [
    ("低保", "户主姓名", "户.户主姓名", {}),
    ("低保", "联系电话", "自然人.联系电话", {"unit": ""}),
    ("低保", "金额", "资金补助.金额", {"unit": "元"}),
    ("残疾", "联系方式", "自然人.联系方式", {}),
    ("残疾", "补贴", "资金补助.补贴", {"unit": "元"}),
]
PAIRS = [("自然人.联系电话", "自然人.联系方式", 0.8), ("资金补助.金额", "资金补助.补贴", 0.4)]
WHEN = "2026-11-24T10:00:00"


@pytest.fixture
def filled(catalogue_of, tmp_path):
    """Return a function: answers by row → the path of the workbook, filled."""
    made, fields = catalogue_of(ROWS, pairs=PAIRS)
    path = tmp_path / "判定表.xlsx"
    assert review.export(made, fields, path) == 2

    def fill(answers, who="张三", change=lambda sheet: None):
        book = openpyxl.load_workbook(path)
        sheet = book[review.SHEET]
        sheet["B3"] = who
        column = review.columns().index("判定") + 1
        for row, answer in answers.items():
            sheet.cell(row, column).value = answer
        change(sheet)
        book.save(path)
        return path

    return fill


def codes(back):
    return [finding.code for finding in back.findings]


def test_a_question_shows_both_sides(filled):
    sheet = openpyxl.load_workbook(filled({}))[review.SHEET]
    heads = [cell.value for cell in sheet[4]]
    first = dict(zip(heads, (cell.value for cell in sheet[5]), strict=True))
    assert heads == review.columns()
    assert first["甲：栏目"] == "联系电话"
    assert first["乙：报表"] == "残疾表"
    assert first["甲：相邻栏目"] == "户主姓名｜【本栏】｜金额"
    assert sheet.freeze_panes == "B5"
    assert sheet.column_dimensions[openpyxl.utils.get_column_letter(len(heads) - 1)].hidden
    [validation] = sheet.data_validations.dataValidation
    assert validation.formula1 == '"相同,不同,不确定"'


def test_answers_become_verdicts(filled):
    back = review.read(filled({5: "相同", 6: "不同"}), WHEN)
    assert codes(back) == []
    assert back.verdicts.select("answer", "decided_by", "decided_at").rows() == [
        ("相同", "张三", WHEN),
        ("不同", "张三", WHEN),
    ]
    assert set(back.verdicts.row(0)[1:3]) == {"低保表#联系电话", "残疾表#联系方式"}


def test_empty_rows_say_nothing(filled):
    back = review.read(filled({6: "不确定"}), WHEN)
    assert (back.verdicts["answer"].to_list(), codes(back)) == (["不确定"], [])


def test_a_sheet_that_was_sorted_and_renamed_still_reads(filled):
    def shuffle(sheet):
        sheet.title = "Sheet1"
        sheet.move_range(f"A6:{openpyxl.utils.get_column_letter(len(review.columns()))}6", rows=4)

    back = review.read(filled({5: "相同", 6: "不同"}, change=shuffle), WHEN)
    assert sorted(back.verdicts["answer"]) == ["不同", "相同"]


def test_a_bad_answer_is_reported_and_the_others_are_taken(filled):
    back = review.read(filled({5: "可能吧", 6: "不同"}), WHEN)
    assert (codes(back), back.verdicts.height) == (["OF-263"], 1)
    assert "第 5 行" in back.findings[0].message


def test_a_cleared_key_is_reported(filled):
    column = review.columns().index(review.LEFT_KEY) + 1
    back = review.read(filled({5: "相同"}, change=lambda sheet: setattr(sheet.cell(5, column), "value", None)), WHEN)
    assert (codes(back), back.verdicts.height) == (["OF-266"], 0)


def test_a_pair_answered_twice_differently_is_not_taken(filled):
    def repeat(sheet):
        for cell in sheet[5]:
            sheet.cell(7, cell.column).value = cell.value
        sheet.cell(7, review.columns().index("判定") + 1).value = "不同"

    back = review.read(filled({5: "相同", 6: "不同"}, change=repeat), WHEN)
    assert (codes(back), back.verdicts["answer"].to_list()) == (["OF-267"], ["不同"])


def test_nobody_signed(filled):
    path = filled({5: "相同"}, who=None)
    assert codes(review.read(path, WHEN)) == ["OF-268"]
    assert review.read(path, WHEN, decided_by="李四").verdicts["decided_by"].to_list() == ["李四"]


def test_a_deleted_column_and_a_file_that_is_none(filled, tmp_path):
    column = review.columns().index("判定") + 1
    assert codes(review.read(filled({}, change=lambda sheet: sheet.delete_cols(column)), WHEN)) == ["OF-264"]
    (tmp_path / "x.xlsx").write_text("不是表")
    assert codes(review.read(tmp_path / "x.xlsx", WHEN)) == ["OF-265"]
    assert codes(review.read(tmp_path / "none.xlsx", WHEN)) == ["OF-265"]


def test_no_questions_make_an_empty_sheet(catalogue_of, tmp_path):
    made, fields = catalogue_of(ROWS)
    assert review.export(made, fields, tmp_path / "空.xlsx") == 0
    back = review.read(tmp_path / "空.xlsx", WHEN)
    assert (back.verdicts.height, codes(back)) == (0, [])
    assert isinstance(back.verdicts, pl.DataFrame)


def test_a_verdict_so_far_can_be_taken_back(catalogue_of, tmp_path):
    said = Verdicts.frame(
        [
            verdict("低保表#金额", "残疾表#补贴", "不同", "张三", "2026-01-01T00:00:00"),
            verdict("低保表#联系电话", "残疾表#联系方式", "相同", "张三", "2026-01-02T00:00:00"),
        ]
    )
    made, fields = catalogue_of(ROWS, verdicts=said)
    review.export(made, fields, tmp_path / "判定表.xlsx", said)
    book = openpyxl.load_workbook(tmp_path / "判定表.xlsx")
    book[review.SHEET]["B3"] = "李四"
    past = book[review.PAST]
    assert [cell.value for cell in past[2]][:4] == ["低保表#联系电话", "残疾表#联系方式", "相同", "张三"]
    past.cell(2, 7).value, past.cell(3, 7).value = "撤回", "不确定"
    book.save(tmp_path / "判定表.xlsx")
    back = review.read(tmp_path / "判定表.xlsx", WHEN)
    assert codes(back) == ["OF-263"]
    after = settle(append(said, back.verdicts.to_dicts()))
    assert after.between("低保表#联系电话", "残疾表#联系方式") == ""
    assert after.between("低保表#金额", "残疾表#补贴") == "不同"
