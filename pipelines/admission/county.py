"""What the gate compares with: the county's state, as one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.catalogue.registry import Catalogue
from pipelines.rulebook import rows
from schemas.admission import AdmissionDecisions, AdmissionRegister, AdmissionRequests
from schemas.ledgers import Populations


@dataclass(frozen=True, slots=True)
class County:
    """The frames of one state, each after the contract of its name.

    views: data contracts of the published views (share/current/views/*.json). grants: rows of Grants. name, code: of
    the county; today: YYYY-MM-DD; own: the workspace's rules folder.
    """

    reports: pl.DataFrame
    areas: pl.DataFrame
    report_fields: pl.DataFrame
    catalogue: Catalogue
    verdicts: pl.DataFrame
    today: str
    populations: pl.DataFrame = field(default_factory=Populations.empty)
    views: Sequence[Mapping[str, Any]] = ()
    grants: Sequence[Mapping[str, Any]] = ()
    register: pl.DataFrame = field(default_factory=AdmissionRegister.empty)
    requests: pl.DataFrame = field(default_factory=AdmissionRequests.empty)
    decisions: pl.DataFrame = field(default_factory=AdmissionDecisions.empty)
    name: str = ""
    code: str = ""
    own: Path | None = None

    @property
    def departments(self) -> tuple[str, ...]:
        """Every department that the county knows: from the register and from the table of department names."""
        named = [row["department_name"] for row in rows("source_department_names", self.own, key=("department",))]
        return tuple(dict.fromkeys([*sorted(set(self.reports["department_name"])), *named]))
