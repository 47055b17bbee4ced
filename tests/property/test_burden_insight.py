"""Whatever the register: dropping all spare reports leaves every element asked, and by the reports that are named."""

from types import SimpleNamespace

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.burden.insight import insight

REGISTERS = st.dictionaries(
    st.sampled_from([f"R{n}" for n in range(8)]),
    st.sets(st.sampled_from(["DE1", "DE2", "DE3", "DE4", "DE5", None]), min_size=1),
    max_size=8,
)


def state(register):
    reports = pl.DataFrame(
        [{"report_id": r, "report_name": r, "department_name": f"D{int(r[1]) % 3}"} for r in register],
        schema={"report_id": pl.String, "report_name": pl.String, "department_name": pl.String},
    )
    rows = [
        {
            "report_id": report,
            "report_name": report,
            "department_name": f"D{int(report[1]) % 3}",
            "element_id": element,
            "element_name": element,
            "object_class": "自然人",
            "role": "fill",
            "change": "合并",
            "cells_before": float(number),
            "hours_before": float(number) / 60,
        }
        for number, (report, elements) in enumerate(sorted(register.items()))
        for element in sorted(elements, key=str)
    ]
    words = ("report_id", "report_name", "department_name", "element_id", "element_name", "object_class")
    schema = dict.fromkeys(words, pl.String)
    schema |= {"role": pl.String, "change": pl.String, "cells_before": pl.Float64, "hours_before": pl.Float64}
    return SimpleNamespace(reports=reports), pl.DataFrame(rows, schema=schema)


@given(REGISTERS)
def test_every_element_stays_asked_when_the_spare_reports_go(register):
    inputs, rows = state(register)
    spare = insight(inputs, rows).spare
    kept = set(register) - set(spare["report_id"])
    asked = {element for report in register for element in register[report]}
    assert {element for report in kept for element in register[report]} == asked
    for row in spare.iter_rows(named=True):
        holders = row["held_by"].split("；")
        assert set(holders) <= kept
        assert register[row["report_id"]] <= {element for report in holders for element in register[report]}


@given(REGISTERS)
def test_overlap_is_symmetric_and_no_larger_than_what_is_asked(register):
    inputs, rows = state(register)
    overlap = insight(inputs, rows).overlap
    shared = {(r["department_name"], r["other_department"]): r for r in overlap.iter_rows(named=True)}
    for (one, other), row in shared.items():
        assert row["shared_elements"] == shared[other, one]["shared_elements"]
        assert row["shared_elements"] <= row["elements"]
        if one == other:
            assert row["shared_elements"] == row["elements"]
