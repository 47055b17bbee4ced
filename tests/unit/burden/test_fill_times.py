"""G rests on measured times where there are any: median, n and an interval that says what it covers."""

from dataclasses import replace
from itertools import product
from statistics import median

import polars as pl
import pytest

from pipelines.burden.basis import minutes_words
from pipelines.burden.evidence import keep, recompute
from pipelines.burden.figures import figures
from pipelines.burden.fill_times import interval, measured_minutes, observations, summary
from schemas.burden import FillTimes

COUNTED = ("计时观察", "填报人自报")


def times(*minutes, target="报表", target_id="R1", method="计时观察", observed_at="2025-02-01"):
    row = {"target": target, "target_id": target_id, "method": method, "observed_at": observed_at}
    return FillTimes.frame([row | {"minutes": float(value)} for value in minutes])


@pytest.mark.parametrize(("n", "ranks"), [(6, (1, 6)), (9, (2, 8)), (17, (5, 13)), (20, (6, 15)), (30, (10, 21))])
def test_interval_takes_the_ranks_of_the_published_tables(n, ranks):
    low, high, coverage = interval(list(range(1, n + 1)))
    assert (low, high) == ranks
    assert coverage >= 0.95


def test_coverage_is_what_enumeration_gives():
    values = [1, 2, 3, 4, 5, 6, 7]
    low, high, coverage = interval(values)
    k = values.index(low) + 1
    # Each value falls below the true median with probability 1/2; the pair holds it unless fewer than k fall on a side.
    holds = [k <= sum(sides) <= len(values) - k for sides in product((0, 1), repeat=len(values))]
    assert coverage == pytest.approx(sum(holds) / len(holds))
    assert high == values[-k]


@pytest.mark.parametrize(("minutes", "low", "high", "coverage"), [((30,), None, None, 0), ((20, 40), 20, 40, 0.5)])
def test_few_observations_say_how_little_they_tell(minutes, low, high, coverage):
    row = summary(times(*minutes), "2025-12-31", COUNTED).to_dicts()[0]
    assert (row["n"], row["median_minutes"]) == (len(minutes), median(minutes))
    assert (row["low_minutes"], row["high_minutes"], row["coverage"]) == (low, high, coverage)


@pytest.mark.parametrize(
    "ignored",
    [
        times(5, method="文档属性"),
        times(5, observed_at="2026-01-01"),
        times(0),
        times(5, target="工作簿", target_id="2025-12"),
    ],
    ids=["total editing time", "observed later", "no time at all", "of a workbook"],
)
def test_what_does_not_count_leaves_the_median_alone(ignored):
    observed = pl.concat([times(40, 50, 60), ignored])
    assert measured_minutes(observed, "2025-12-31", COUNTED) == {"R1": 50.0}


def test_the_counties_rows_are_read_and_a_bad_number_is_no_silence(tmp_path):
    head = "target,target_id,minutes,method,observed_by,observed_at,source\n"
    file = tmp_path / "burden_fill_times.csv"
    file.write_text(head + "报表,R1,42,计时观察,县数据局,2025-02-01,现场\n", "utf-8")
    assert observations(tmp_path)["minutes"].to_list() == [42.0]
    assert observations(tmp_path, times(10)).height == 2
    file.write_text(head + "报表,R1,约四十,计时观察,县数据局,2025-02-01,现场\n", "utf-8")
    with pytest.raises(ValueError, match="约四十"):
        observations(tmp_path)


def test_shipped_rules_hold_no_observation():
    assert observations(None).is_empty()


def test_measured_minutes_win_over_the_register_and_scale_the_hours(county):
    # R1: 4 villages × 12 × 60 min = 48 h before, where the register's 30 min gave 24 h.
    measured = replace(county, fill_times=times(50, 60, 70))
    burden = figures(measured)
    hours = burden.rows.filter(pl.col("report_id") == "R1")["hours_before"].sum()
    assert hours == pytest.approx(48)
    assert set(burden.rows.filter(pl.col("report_id") == "R1")["minutes_basis"]) == {"实测"}
    assert "实测 1 张" in minutes_words(burden.rows)
    figure = burden.figures.filter((pl.col("figure") == "填报工时（每年）") & (pl.col("scope") == "全县"))
    assert "实测 1 张" in figure["basis"][0]
    assert "假定" in figure["basis"][0]


def test_what_the_register_states_is_told_from_what_was_measured(county):
    words = minutes_words(figures(county).rows)
    assert "报表清单填写（申报值，不是实测） 1 张" in words
    assert "规则声明（假定） 4 张" in words


def test_measured_times_are_kept_in_the_evidence(county, tmp_path):
    measured = replace(county, fill_times=times(50, 60, 70))
    keep(tmp_path, measured, figures(measured))
    again, findings = recompute(tmp_path, "2025-12-31")
    assert again.figures.equals(figures(measured).figures)
    assert not [finding for finding in findings if finding.code in ("OF-522", "OF-523")]
