"""Everything the figures are computed from, as one value: what is given to the stage is what an auditor gets."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from pipelines.burden.counts import Counts
from schemas.burden import Confirmations, FillTimes
from schemas.elements import Verdicts

ADMISSIONS = {"report_id": pl.String, "control_no": pl.String, "admitted_at": pl.String}
"""What the gate admitted by decision: the form, its control number, the day (YYYY-MM-DD)."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The frames of one state, each after the contract of its name; counts instead of ledgers.

    as_of: YYYY-MM-DD; what was issued, received or observed later is not counted, and areas are those of that day.
    """

    baseline: pl.DataFrame
    areas: pl.DataFrame
    reports: pl.DataFrame
    report_fields: pl.DataFrame
    elements: pl.DataFrame
    element_map: pl.DataFrame
    fill_plan: pl.DataFrame
    issued_workbooks: pl.DataFrame
    submissions: pl.DataFrame
    counts: Counts
    as_of: str
    verdicts: pl.DataFrame = field(default_factory=Verdicts.empty)
    confirmations: pl.DataFrame = field(default_factory=Confirmations.empty)
    fill_times: pl.DataFrame = field(default_factory=FillTimes.empty)
    admissions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ADMISSIONS))
