"""Everything a snapshot is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything a snapshot is made of: tables of the warehouse, wide ledgers, template files by report.

    ledgers: ledger → subject_key, area_code, a column per element; "indicator": area_code, period, a column per
    element, at village, township and county level. month: the newest reporting month; short: the newest
    period of each pace shorter than a month (`roll_up.newest_periods`); as_of: the day of ages.
    recorded_at: element id or ledger → when its newest value came in. template_hashes: report → sha256 of the template
    as its fields were read; a template that has changed since is not filled.
    """

    reports: pl.DataFrame
    report_fields: pl.DataFrame
    element_map: pl.DataFrame
    elements: pl.DataFrame
    derivations: pl.DataFrame
    template_checks: pl.DataFrame
    fill_plan: pl.DataFrame
    populations: pl.DataFrame
    areas: pl.DataFrame
    ledgers: Mapping[str, pl.DataFrame]
    templates: Mapping[str, Path]
    month: str
    as_of: str
    short: Mapping[str, str] = field(default_factory=dict)
    recorded_at: Mapping[str, str] = field(default_factory=dict)
    template_hashes: Mapping[str, str] = field(default_factory=dict)
    own_rules: Path | None = None
