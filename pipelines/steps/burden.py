"""Steps of burden: the frozen baseline, and the figures of today with their evidence."""

from __future__ import annotations

import polars as pl

from pipelines.burden.baseline import confirmations, freeze, verify
from pipelines.burden.counts import count
from pipelines.burden.evidence import keep
from pipelines.burden.figures import COUNTY, figures
from pipelines.burden.fill_times import observations
from pipelines.burden.inputs import ADMISSIONS, Inputs
from pipelines.burden.rebound import history, new_since_baseline, rebound
from pipelines.burden.versions import keep_version, versions
from pipelines.step import Bench, Outcome
from pipelines.steps.inputs import held_values

COUNTED = (
    *("baseline", "areas", "reports", "report_fields", "elements", "element_map", "fill_plan"),
    *("issued_workbooks", "submissions"),
)
"""Tables that the burden is counted from."""


def baseline(bench: Bench) -> Outcome:
    """Freeze what reports asked for before consolidation, once."""
    tables, frozen, place = bench.tables, bench.tables["baseline"], bench.workspace
    if frozen.is_empty() and not tables["report_fields"].is_empty():
        frozen = freeze(
            tables["reports"],
            tables["report_fields"],
            tables["areas"],
            bench.today,
            fill_times=observations(place.rules),
            own_rules=place.rules,
        )
    return Outcome(
        replace={"baseline": frozen},
        findings=verify(frozen, confirmations(place.rules)),
        files=[keep_version(place.evidence, frozen)] if frozen.height else [],
        figures={
            "版本": str(frozen["baseline_version"].first() or ""),
            "冻结于": str(frozen["frozen_at"].first() or ""),
            "报表": frozen["report_id"].n_unique(),
            "栏目": frozen.height,
        },
    )


def burden(bench: Bench) -> Outcome:
    """Count the burden before and after, and keep the evidence."""
    tables, rules = bench.tables, bench.workspace.rules
    counts = count(held_values(bench), tables["share_views"])
    inputs = Inputs(
        counts=counts,
        as_of=bench.today,
        verdicts=tables["verdicts"],
        confirmations=confirmations(rules),
        fill_times=observations(rules, tables["fill_times"]),
        admissions=tables["admission_register"].filter(pl.col("basis") == "准入决定").select(list(ADMISSIONS)),
        **{name: tables[name] for name in COUNTED},
    )
    burden = figures(inputs, rules)
    kept = keep(bench.workspace.evidence, inputs, burden, rules)
    seen = pl.concat([history(bench.workspace.evidence, bench.today), new_since_baseline(burden.rows, bench.today)])
    frozen_at = str(versions(bench.workspace.evidence)[0]["frozen_at"].min() or bench.today)
    seen = seen.filter(~pl.col("field_id").is_in(inputs.baseline["field_id"].to_list()))
    again = rebound(seen, frozen_at, bench.today, inputs.admissions)
    county = burden.figures.filter(pl.col("scope") == COUNTY)
    return Outcome(
        replace={"burden_figures": burden.figures, "burden_rows": burden.rows, "burden_rebound": again},
        findings=burden.findings,
        files=[kept],
        figures={
            f"{name}下降（%）": round(drop * 100, 1)
            for name, drop in county.select("figure", "reduction").iter_rows()
            if drop is not None
        },
    )
