"""What departments ask anew is told month by month, from the baseline and the evidence of each day."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.burden import evidence
from pipelines.burden.figures import figures
from pipelines.burden.rebound import history, months, new_since_baseline, rebound
from schemas.burden import BurdenRebound


def without(county, *report_ids, fields=()):
    """The county whose baseline lacks reports or fields: they are new."""
    is_new = pl.col("report_id").is_in(report_ids) | pl.col("field_id").is_in(fields)
    return replace(county, baseline=county.baseline.filter(~is_new))


def seen(state, day):
    return new_since_baseline(figures(replace(state, as_of=day)).rows, day)


def test_nothing_new_is_an_empty_table(county):
    found = rebound(seen(county, "2025-03-31"), "2025-01-01", "2025-03-31")
    assert found.is_empty()
    assert found.schema == BurdenRebound.empty().schema


def test_a_new_form_counts_with_its_items_and_cells(county):
    # R2: 4 villages × 4 a year × 3 rows = 48 cells for each of its 3 fields.
    found = rebound(seen(without(county, "R2"), "2025-03-31"), "2025-01-01", "2025-03-31").to_dicts()
    assert len(found) == 1
    row = found[0]
    assert (row["month"], row["department_name"]) == ("2025-03", "残联")
    assert (row["new_forms"], row["admitted_forms"], row["new_items"], row["new_cells"]) == (1, 0, 3, 144)
    BurdenRebound.validate(pl.DataFrame(found, schema=BurdenRebound.schema_types()), lazy=True)


def test_a_field_added_to_an_old_form_is_no_new_form(county):
    row = rebound(seen(without(county, fields=["R1#2"]), "2025-03-31"), "2025-01-01", "2025-03-31").to_dicts()[0]
    assert (row["new_forms"], row["new_items"], row["new_cells"]) == (0, 1, 240)


def test_a_field_counts_in_the_month_it_was_first_seen(county, tmp_path):
    state = without(county, "R2")
    for day, of_day in (("2025-01-31", county), ("2025-02-28", state), ("2025-03-31", state)):
        on = replace(of_day, as_of=day)
        evidence.keep(tmp_path, on, figures(on))
    kept = pl.concat([history(tmp_path, "2025-03-31"), seen(state, "2025-03-31")])
    assert rebound(kept, "2025-01-01", "2025-03-31")["month"].to_list() == ["2025-02"]


def test_what_was_withdrawn_again_is_said(county):
    state = without(county, "R2")
    gone = seen(county, "2025-04-30")
    later = seen(without(county, fields=["R1#2"]), "2025-04-30")
    found = rebound(pl.concat([seen(state, "2025-03-31"), gone, later]), "2025-01-01", "2025-04-30")
    by_month = {row["month"]: row for row in found.iter_rows(named=True)}
    assert (by_month["2025-03"]["new_items"], by_month["2025-03"]["gone_items"]) == (3, 3)
    assert (by_month["2025-04"]["new_items"], by_month["2025-04"]["gone_items"]) == (1, 0)


@pytest.mark.parametrize(
    ("admitted_at", "month", "admitted"), [("2025-02-10", "2025-02", 1), ("2024-12-01", "2025-03", 0)]
)
def test_the_register_of_the_gate_gives_the_day_of_admission(county, admitted_at, month, admitted):
    register = pl.DataFrame({"report_id": ["R2"], "control_no": ["ZR-1"], "admitted_at": [admitted_at]})
    row = rebound(seen(without(county, "R2"), "2025-03-31"), "2025-01-01", "2025-03-31", register).to_dicts()[0]
    assert (row["month"], row["admitted_forms"]) == (month, admitted)


def test_marks_and_keys_of_the_shared_workbooks_are_no_department(county):
    assert "（共用）" in set(figures(county).rows["department_name"])
    assert seen(county, "2025-03-31").is_empty()


def test_months_run_over_the_new_year():
    assert months("2025-11-30", "2026-02-01") == ["2025-11", "2025-12", "2026-01", "2026-02"]
