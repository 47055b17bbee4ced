"""What is known when returned files are checked: who was asked what, what is held, and how values are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import polars as pl

from pipelines import periods, rulebook
from pipelines.collection.arithmetic import Relation, relations
from pipelines.collection.canonical import Answer, Domain, domain, reader
from pipelines.collection.layout import CHANGE_COLUMN, KEY_PREFIX, MOVED_OUT
from pipelines.collection.ledger_list import INDICATOR, Ledger, ledgers
from pipelines.collection.ledgers import latest
from pipelines.collection.likeness import likenesses
from pipelines.collection.over_time import added_up
from pipelines.garbage import uncollected
from schemas.words import POPULATION_PREFIX

GLOBAL_LEDGERS = ("person", "unit", "project", "hazard")
"""Whose keys are unique everywhere (GB 11643, GB 32100, numbers of the approving department)."""
COUNTY_DIGITS, TOWNSHIP_DIGITS = 6, 9


@dataclass(slots=True)
class Subject:
    """A subject as it is held: its village and its values (or reasons for none) by element id."""

    area_code: str
    values: dict[str, str]

    @property
    def is_gone(self) -> bool:
        """Whether it moved out."""
        return self.values.get(CHANGE_COLUMN) == MOVED_OUT


@dataclass(slots=True)
class Desk:
    """Everything that checking needs. Accepted values are added as files come in (`hold`)."""

    open: Mapping[str, str]
    """Periods whose workbooks are taken, with the last day (YYYY-MM-DD) in time, "" for none; the month first."""
    known: Mapping[str, Ledger]
    area_names: Mapping[str, str]
    villages: Mapping[str, Mapping[str, str]]
    issued: Mapping[str, Mapping[str, Any]]
    received: dict[str, Mapping[str, Any]]
    readers: Mapping[str, Callable[[Any], Answer]]
    domains: Mapping[str, Domain]
    keys: Mapping[str, str]
    plan: Mapping[tuple[str, str], Mapping[str, Any]]
    flows: frozenset[str]
    pointers: Mapping[tuple[str, str], str]
    relations: Mapping[str, tuple[Relation, ...]]
    forms: Mapping[str, str]
    """Titles of the forms that state relations."""
    soft: Mapping[str, float]
    standing: dict[str, str] = field(default_factory=dict)
    """Workbook → the submission of it that holds."""
    requests: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """CorrectionRequests by their number."""
    pairs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Possible duplicates by their number, with what may be answered."""
    waiting: dict[str, pl.DataFrame] = field(default_factory=dict)
    """LedgerValues of ledgers that nobody has asked for yet."""
    subjects: dict[str, dict[str, Subject]] = field(default_factory=dict)
    homes: dict[tuple[str, str], dict[str, Subject]] = field(default_factory=dict)
    """(ledger, first 9 digits of the area) → the subjects there: nobody looks through a whole county for one file."""
    indicators: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    @property
    def month(self) -> str:
        """The period for which a file is put away that nobody knows the period of."""
        return next(iter(self.open))

    def expected(self, period: str) -> str:
        """Return the open period of the pace of a period; the month where none is open."""
        own = periods.pace(period) if periods.is_period(period) else ""
        return next((each for each in self.open if periods.pace(each) == own), self.month)

    def held(self, ledger: str) -> dict[str, Subject]:
        """Return the subjects of a ledger by key. They are taken from the waiting values when first asked for: a
        workbook of ten days need not wait for a county's persons.
        """
        if ledger in self.waiting:
            self._take(self.waiting.pop(ledger))
        return self.subjects.setdefault(ledger, {})

    @uncollected()
    def _take(self, values: pl.DataFrame) -> None:
        names = ("ledger", "subject_key", "area_code", "period", "element_id", "value", "null_reason")
        self.hold_rows(latest(values).select(names).iter_rows())

    def hold_rows(self, rows: Iterable[Sequence[str | None]]) -> None:
        """Add accepted values; rows begin with ledger, subject, area, period, element, value, null_reason."""
        held_of: dict[str, dict[str, Subject]] = {}
        for ledger, key, area, period, element_id, value, null_reason, *_ in cast(Iterable[Sequence[str]], rows):
            text = null_reason if value is None else value
            if ledger == INDICATOR:
                self.indicators.setdefault((area, element_id), {})[period] = text or ""
                continue
            if ledger not in held_of:
                held_of[ledger] = self.held(ledger)
            held = held_of[ledger]
            subject = held.get(key)
            if subject is None:
                subject = held[key] = Subject("", {})
            if subject.area_code != area:
                self.homes.get((ledger, subject.area_code[:TOWNSHIP_DIGITS]), {}).pop(key, None)
                self.homes.setdefault((ledger, area[:TOWNSHIP_DIGITS]), {})[key] = subject
                subject.area_code = area
            if text is None:
                subject.values.pop(element_id, None)
            else:
                subject.values[element_id] = text

    def title(self, element_id: str) -> str:
        """Return what a column is called."""
        if element_id in self.domains:
            return self.domains[element_id].name
        if element_id.startswith(POPULATION_PREFIX):
            return f"是否列入：{element_id.removeprefix(POPULATION_PREFIX)}"
        if element_id.startswith(KEY_PREFIX):
            return self.known[element_id.removeprefix(KEY_PREFIX)].key_name
        return self.area_names.get(element_id, element_id)

    def subject_key(self, ledger: str, area_code: str, key: str) -> str:
        """Return the key under which a subject is held.

        Keys that are only numbers within a village ("0012") are told apart by its code; numbers that begin with the
        county's code already are.
        """
        is_whole = ledger in GLOBAL_LEDGERS or key.startswith(area_code[:COUNTY_DIGITS])
        return key if is_whole else f"{area_code}-{key}"


def desk(
    fill_plan: pl.DataFrame,
    elements: pl.DataFrame,
    areas: pl.DataFrame,
    values: pl.DataFrame,
    issued: pl.DataFrame,
    submissions: pl.DataFrame,
    open_periods: Mapping[str, str],
    *,
    report_fields: pl.DataFrame | None = None,
    element_map: pl.DataFrame | None = None,
    template_checks: pl.DataFrame | None = None,
    correction_requests: pl.DataFrame | None = None,
    possible_duplicates: pl.DataFrame | None = None,
    own_rules: Path | None = None,
) -> Desk:
    """Return the desk of the periods that are open.

    Takes FillPlan, Elements, Areas, LedgerValues, IssuedWorkbooks and Submissions.
    With ReportFields, ElementMap and TemplateChecks, totals and parts that the templates state are checked too.
    open_periods: as `due.open_periods` gives them.
    """
    domains = {row["element_id"]: domain(row, own_rules) for row in elements.iter_rows(named=True)}
    readers = {element_id: reader(of) for element_id, of in domains.items()}
    keys = {}
    for ledger, element_id in fill_plan.filter("is_key").select("ledger", "element_id").iter_rows():
        keys[ledger] = element_id
        if element_id not in readers:
            of = Domain(element_id, "", "identifier", {"person": "公民身份号码"}.get(ledger, ""))
            readers[element_id] = reader(of)
    for element_id in fill_plan["element_id"].unique().to_list():
        if element_id.startswith(POPULATION_PREFIX):
            readers[element_id] = reader(domain(_MARK | {"element_id": element_id}, own_rules))
    places: dict[str, dict[str, str]] = {}
    for parent, code, name in (
        areas.filter(pl.col("area_level") == "村").select("parent_code", "area_code", "area_name").iter_rows()
    ):
        places.setdefault(parent, {})[name] = code
    accepted = submissions.filter(pl.col("status") == "接收").select("workbook_id", "submission_id")
    found = Desk(
        open=open_periods,
        known=ledgers(own_rules),
        area_names=dict(areas.select("area_code", "area_name").iter_rows()),
        villages=places,
        issued={row["workbook_id"]: row for row in issued.iter_rows(named=True)},
        received={row["submission_id"]: row for row in submissions.iter_rows(named=True)},
        readers=readers,
        domains=domains,
        keys=keys,
        plan={(row["ledger"], row["element_id"]): row for row in fill_plan.iter_rows(named=True)},
        flows=frozenset(elements.filter(pl.col("temporal") == "flow")["element_id"]) | added_up(fill_plan),
        pointers=_pointers(fill_plan, elements, keys, own_rules),
        relations=relations(report_fields, element_map, template_checks, fill_plan, elements),
        forms={} if report_fields is None else dict(report_fields.select("form_id", "form_title").unique().iter_rows()),
        soft=rulebook.settings("returns", own_rules)["soft"],
        standing=dict(accepted.iter_rows()),
        requests={} if correction_requests is None else {r["request_id"]: r for r in correction_requests.to_dicts()},
        pairs={} if possible_duplicates is None else _pairs(possible_duplicates, own_rules),
    )
    found.waiting = {str(ledger): rows for (ledger,), rows in values.group_by("ledger", maintain_order=True)}
    found.held(INDICATOR)
    return found


def _pairs(possible: pl.DataFrame, own_rules: Path | None) -> dict[str, tuple[str, ...]]:
    like = likenesses(own_rules)
    return {number: like[ledger].answers for number, ledger in possible.select("pair_id", "ledger").iter_rows()}


_MARK = {
    "element_name": "",
    "data_type": "boolean",
    "property": "",
    "representation": "",
    "unit": None,
    "value_domain": None,
    "object_class": "",
}


def _pointers(
    fill_plan: pl.DataFrame, elements: pl.DataFrame, keys: Mapping[str, str], own_rules: Path | None
) -> dict[tuple[str, str], str]:
    """Return (ledger, element that points) → ledger it points to, for keys that hold within a village."""
    by_key = {row[0]: row[1] for row in elements.select("element_key", "element_id").iter_rows()}
    asked = set(fill_plan.filter("is_asked").select("ledger", "element_id").iter_rows())
    found = {}
    for row in rulebook.rows("sharing_joins", own_rules):
        pointer = by_key.get(row["from_key"])
        target = row["to_ledger"]
        if row["is_same_area"] == "是" and pointer and (row["from_ledger"], pointer) in asked and target in keys:
            found[(row["from_ledger"], pointer)] = target
    return found
