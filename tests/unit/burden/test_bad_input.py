"""What a register gets wrong is counted by a stated rule or listed as not countable; never dropped, never ÷ 0.

A case: what goes wrong, the code that lists it (none when a rule counts it), and the cells a year before and after of
the reports it touches, worked out by hand from tests/golden/burden/small_county/README.md.
"""

from dataclasses import dataclass, replace

import polars as pl
import pytest

from pipelines.burden.baseline import freeze
from pipelines.burden.counts import no_counts
from pipelines.burden.figures import figures
from pipelines.burden.soundness import adds_up, negatives, unlisted

OUT = "530900009000"


def with_register(county, column, value, report_id="R2", *, also_before=True):
    """The county whose register says something else of a report, from the start or only since the baseline."""
    is_it = pl.col("report_id") == report_id
    reports = county.reports.with_columns(pl.when(is_it).then(pl.lit(value)).otherwise(column).alias(column))
    if not also_before:
        return replace(county, reports=reports)
    frozen = freeze(reports, county.report_fields, county.areas, "2025-01-01", counts=county.counts)
    return replace(county, reports=reports, baseline=frozen)


def without_fields(county, *field_ids):
    return replace(county, report_fields=county.report_fields.filter(~pl.col("field_id").is_in(field_ids)))


def merged_townships(county):
    """甲乡 was merged into 乙镇 on 2025-02-28: its area stays in the dated tree, its villages belong to 乙镇 now."""
    ended = pl.when(pl.col("area_name") == "甲乡").then(pl.lit("2025-02-28")).otherwise("valid_until")
    return replace(county, areas=county.areas.with_columns(ended.alias("valid_until")))


def as_of(county, day):
    return replace(county, as_of=day)


@dataclass(frozen=True)
class Case:
    """reports: which to look at; before, after: their cells a year; code: the finding that lists it."""

    change: object
    reports: tuple[str, ...]
    before: float
    after: float
    code: str = ""


CASES = {
    "no frequency": Case(lambda c: with_register(c, "frequency", "未说明"), ("R2",), 0, 0, "OF-500"),
    "at any time (随时)": Case(lambda c: with_register(c, "frequency", "随时"), ("R2",), 0, 0, "OF-500"),
    "每月25日前 was read as monthly": Case(lambda c: c, ("R1",), 960, 301.6),
    "no respondents stated: the subjects answer": Case(
        lambda c: with_register(c, "respondent_level", "未说明"), ("R2",), 144, 13.2
    ),
    "no respondents stated and none known": Case(
        lambda c: with_register(replace(c, counts=no_counts()), "respondent_level", "未说明"),
        ("R2",),
        0,
        None,
        "OF-501",
    ),
    "a level without areas": Case(
        lambda c: replace(
            with_register(c, "respondent_level", "县"),
            areas=c.areas.filter(pl.col("area_level") != "县"),
        ),
        ("R5",),
        0,
        0,
        "OF-502",
    ),
    "frequency given up since": Case(
        lambda c: with_register(c, "frequency", "随时", also_before=False), ("R2",), 144, 13.2
    ),
    "a field retired since the baseline": Case(lambda c: without_fields(c, "R1#4"), ("R1",), 960, 61.6, "OF-505"),
    "a report dropped since": Case(
        lambda c: replace(
            without_fields(c, "R2#0", "R2#1", "R2#2"), reports=c.reports.filter(pl.col("report_id") != "R2")
        ),
        ("R2",),
        144,
        0,
        "OF-503",
    ),
    "a department renamed": Case(
        lambda c: with_register(c, "department_name", "残疾人联合会", also_before=False), ("R2",), 144, 13.2, "OF-506"
    ),
    "townships merged during the year": Case(merged_townships, ("R3",), 2, 5),
    "townships merged, on the day before": Case(lambda c: as_of(merged_townships(c), "2025-02-28"), ("R3",), 4, 6),
    "no township left": Case(lambda c: replace(c, areas=c.areas.filter(pl.col("area_level") != "乡镇")), ("R3",), 0, 4),
    "no area at all": Case(lambda c: replace(c, areas=c.areas.clear()), ("R1", "R2", "R3"), 0, None),
    "a report without a field": Case(lambda c: c, ("R5",), 0, 0, "OF-502"),
    "no subjects in the ledgers": Case(
        lambda c: replace(c, counts=replace(c.counts, table_rows=c.counts.table_rows.with_columns(rows=pl.lit(0.0)))),
        ("R2",),
        0,
        None,
        "OF-508",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_counted_by_a_rule_or_listed(county, name):
    case = CASES[name]
    state = case.change(county)
    burden = figures(state)
    rows = burden.rows.filter(pl.col("report_id").is_in(case.reports))
    assert rows["cells_before"].sum() == pytest.approx(case.before)
    if case.after is not None:
        assert rows["cells_after"].sum() == pytest.approx(case.after)
    if case.code:
        assert case.code in {finding.code for finding in burden.findings if finding.report_id in case.reports}
    # Nothing is dropped: every field of the baseline and of today has a row with a reason, in every case.
    assert set(state.baseline["field_id"]) | set(state.report_fields["field_id"]) <= set(burden.rows["field_id"])
    assert burden.rows["reason"].str.len_chars().min() > 0
    # Nothing is divided by zero: every number is finite, and a ratio without a denominator is null.
    for frame in (burden.figures, burden.rows):
        for column in frame.select(pl.selectors.float()).columns:
            assert frame[column].drop_nulls().is_finite().all(), column
    assert (
        burden.figures.filter(pl.col("denominator") == 0)["reduction"].null_count()
        == burden.figures.filter(pl.col("denominator") == 0).height
    )
    assert adds_up(burden.figures, burden.rows) == []
    assert negatives({"指标": burden.figures, "明细": burden.rows}) == []
    assert unlisted(state.reports, state.baseline, [vars_of(finding) for finding in burden.findings]) == []


def vars_of(finding):
    return {"code": finding.code, "report_id": finding.report_id}


def test_a_split_department_keeps_every_cell_with_its_report(county):
    """民政局 gives R1 to a new 医保局: each report counts where it is now, and the whole is the same."""
    before = figures(county).figures.filter((pl.col("figure") == "单元格（每年）") & (pl.col("scope") == "部门"))
    split = with_register(county, "department_name", "医疗保障局", "R1", also_before=False)
    after = figures(split).figures.filter((pl.col("figure") == "单元格（每年）") & (pl.col("scope") == "部门"))
    assert after["before"].sum() == pytest.approx(before["before"].sum())
    assert "医疗保障局" in after["scope_value"].to_list()


def test_a_report_of_the_register_that_nobody_lists_is_found(county):
    hidden = replace(county, baseline=county.baseline.filter(pl.col("report_id") != "R2"))
    assert "R2" in unlisted(hidden.reports, hidden.baseline, [])[0]
    listed = [vars_of(finding) for finding in figures(hidden).findings]
    assert unlisted(hidden.reports, hidden.baseline, listed) == []


def test_sums_that_do_not_add_up_and_negatives_are_found(county):
    burden = figures(county)
    is_part = (pl.col("scope") == "部门") & (pl.col("figure") == "填报成本（每年）")
    more = pl.when(is_part).then(pl.col("before") + 7).otherwise("before").alias("before")
    assert "填报成本（每年）按部门相加" in adds_up(burden.figures.with_columns(more), burden.rows)[0]
    assert "分子÷分母" in adds_up(burden.figures.with_columns(pl.col("reduction") * 0.9), burden.rows)[0]
    assert "明细相加" in adds_up(burden.figures, burden.rows.with_columns(pl.col("cells_after") * 1.1))[0]
    assert negatives({"明细": burden.rows.with_columns(-pl.col("cells_before"))})
