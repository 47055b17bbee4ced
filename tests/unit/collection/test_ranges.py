"""What a number cannot be is said by rules, in the cell and on receipt alike."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipelines.collection.canonical import canonical, domain
from pipelines.collection.layout import read_layout
from pipelines.collection.ranges import least
from tests.unit.collection.county import INCOME, MEMBERS, elements


@pytest.mark.parametrize(
    ("name", "unit", "kind", "expected"),
    [
        ("常住人口数", "人", "integer", 0),
        ("人口净增数", "人", "integer", None),
        ("人数（增减）", "人", "integer", None),
        ("耕地面积", "亩", "decimal", 0),
        ("村集体纯收入", "元", "decimal", None),
        ("增长率", "%", "decimal", None),
        ("数量", None, "integer", None),
        ("人", "人", "text", None),
    ],
)
def test_least_value(name: str, unit: str | None, kind: str, expected: int | None) -> None:
    assert least({"element_name": name, "unit": unit, "data_type": kind}) == expected


@pytest.mark.parametrize(("raw", "code"), [(-1, "OF-354"), ("-1人", "OF-354"), ("－１", "OF-354"), (0, ""), (3, "")])
def test_below_zero_is_refused_however_it_is_written(raw: object, code: str) -> None:
    members = next(row for row in elements().to_dicts() if row["element_id"] == MEMBERS)
    answer = canonical(raw, domain(members))
    assert (answer.fault.code if answer.fault else "") == code


def test_the_cell_says_it_too(january: dict[str, Path]) -> None:
    path = next(iter(january.values()))
    layout = next(sheet for sheet in read_layout(path) if sheet.ledger == "household")
    cols = {element: col + 1 for col, element in layout.columns.items()}
    page = openpyxl.load_workbook(path)[layout.name]
    starts = {
        min(place.min_col for place in rule.sqref.ranges): (rule.formula1, rule.error)
        for rule in page.data_validations.dataValidation
        if rule.type in ("whole", "decimal")
    }
    assert starts[cols[MEMBERS]][0] == "0"
    assert "不小于 0" in starts[cols[MEMBERS]][1]
    assert INCOME not in cols or float(starts[cols[INCOME]][0]) < 0
