"""Notes that tie several cells or several forms together: tests/golden/intake/statements.csv; adding a line needs no
Python. And which cells they mean.
"""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.intake.statements import Place, Term, resolve, statements
from schemas.templates import FieldReading, TableReading

GOLDEN = Path(__file__).parents[2] / "golden" / "intake" / "statements.csv"
with GOLDEN.open(encoding="utf-8", newline="") as handle:
    CASES = list(csv.DictReader(line for line in handle if not line.startswith("#")))


def shown(terms: tuple[Term, ...]) -> str:
    return " ".join(
        ("-" if term.sign < 0 else "") + (f"{term.form}/" if term.form else "") + term.code for term in terms
    )


@pytest.mark.parametrize("case", CASES, ids=[case["note"] for case in CASES])
def test_what_a_note_states(case: dict[str, str]) -> None:
    found = [
        f"{shown(each.left)}|{each.sign}|{shown(each.right)}" + ("~" if each.is_soft else "")
        for each in statements(case["note"])
    ]
    assert "；".join(found) == case["read"]


def table(code: str | None, title: str, *fields: tuple[str, str, str], notes: tuple[str, ...] = ()) -> TableReading:
    """A statistical table. fields: (code, column, cell)."""
    read = tuple(FieldReading((f"第{number}项", column), cell, code=number) for number, column, cell in fields)
    return TableReading("a.xlsx", "表", layout="statistics", form_code=code, title=title, fields=read, notes=notes)


LAND = table(
    "农年02表", "耕地情况表", ("01", "合计", "C5"), ("02", "合计", "C6"), ("03", "合计", "C7"), ("04", "合计", "C8")
)
CROPS = table("A303表", "农作物播种面积", ("01", "面积", "D4"), ("01", "产量", "E4"), ("02", "面积", "D5"))
WIDE = table("B1表", "宽表", ("01", "本年", "C3"), ("01", "上年", "D3"), ("02", "本年", "C4"), ("02", "上年", "D4"))
LONG = table("B2表", "长表", ("05", "上年", "F9"), ("05", "本年", "E9"))


@pytest.mark.parametrize(
    ("own", "note", "expected"),
    [
        (LAND, "01=A303表02", [("C5", "A303#1!D5")]),
        (LAND, "02行与《农作物播种面积》02行一致", [("C6", "A303#1!D5")]),
        (LAND, "01+02=03+04", [("C5；C6", "C7；C8")]),
        (LAND, "01+04≥02-03+A303表02", [("C5；C8", "C6；-C7；A303#1!D5")]),
        (WIDE, "01=B2表05", [("C3", "B2#1!E9"), ("D3", "B2#1!F9")]),
        (LAND, "01=A303表01", []),
        (LAND, "09=A303表02", []),
        (LAND, "01=没有的表02", []),
    ],
)
def test_the_cells_that_are_meant(own: TableReading, note: str, expected: list[tuple[str, str]]) -> None:
    tables = {"LAND": LAND, "A303": CROPS, "B1": WIDE, "B2": LONG}
    name = next(name for name, each in tables.items() if each is own)
    places = [
        Place(name, 1, name, replace(each, notes=(note,)) if each is own else each) for name, each in tables.items()
    ]
    found, unknown = resolve(places)
    assert [(check.target, "；".join(check.parts)) for check in found.get((name, 1), [])] == expected
    assert [text for _, text in unknown] == (["没有的表"] if "没有" in note else [])
