"""References after rows were inserted: as Excel would have them."""

import pytest

from pipelines.sharing.filling.shift import Insertion, translate

ROSTER = Insertion(first=5, last=8, count=10)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SUM(C5:C8)", "SUM(C5:C18)"),
        ("SUM(C5:C9)", "SUM(C5:C19)"),
        ("C5+C9", "C5+C19"),
        ("$C$9*2", "$C$19*2"),
        ("C4", "C4"),
        ('IF(A9="A9","B9",B9)', 'IF(A19="A9","B9",B19)'),
        ("LOG10(A9)", "LOG10(A19)"),
        ("Sheet2!A9+A9", "Sheet2!A9+A19"),
        ("'花名册'!A9", "'花名册'!A19"),
        ("名称9+A9", "名称9+A19"),
        ("$9:$9", "$19:$19"),
        ("$1:$4", "$1:$4"),
    ],
)
def test_formulas(before, after):
    assert ROSTER.formula(before, "花名册", "花名册") == after


def test_lists_of_ranges():
    assert ROSTER.range("A5:C8 D9 E1:E4") == "A5:C18 D19 E1:E4"


@pytest.mark.parametrize(
    ("formula", "copy"),
    [("D5*E5", "D8*E8"), ("D$5*E5", "D$5*E8"), ('"D5"&D5', '"D5"&D8'), ("SUM(D5:F5)", "SUM(D8:F8)")],
)
def test_a_copied_row_computes_itself(formula, copy):
    assert translate(formula, 3) == copy
