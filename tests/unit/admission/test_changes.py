"""Editions of a form, as pairs in tests/golden/admission/changes.txt."""

import polars as pl
import pytest

from pipelines.admission.changes import field_changes
from tests.unit.admission.test_message import cases


def edition(text):
    rows = []
    for number, item in enumerate(text.split()):
        label, unit, code, options = [*item.split("|"), "", "", ""][:4]
        rows.append((1, number, label, "fill", unit, code, options, f"{chr(65 + number)}4"))
    columns = ("table_no", "field_no", "path", "role", "unit", "code", "value_domain", "cell")
    types = {name: pl.Int64 if name.endswith("_no") else pl.String for name in columns}
    return pl.DataFrame(rows, schema=types, orient="row")


@pytest.mark.parametrize(("before", "after", "expected"), cases("changes.txt", ["->", "=>"]))
def test_differences(before, after, expected):
    found = field_changes(edition(before), edition(after))
    said = [f"{row['change']} {row['path']}: {row['before']} → {row['after']}" for row in found]
    assert said == [line for line in expected.splitlines() if line]
