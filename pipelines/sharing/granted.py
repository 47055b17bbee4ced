"""From a request to the rows that may leave: the one way of deciding and of cutting, for every path.

`granted` asks the policy; `rows` and `page` give what it allowed and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.sharing.export import ROW_GROUP
from pipelines.sharing.masking import mask_expressions
from pipelines.sharing.policy import Decision, Offer, Request, decide, own_report_grants, standing
from pipelines.sharing.publish import area_stem
from pipelines.sharing.refusal import Refusal, shown
from pipelines.sharing.snapshot_reader import PLAIN_NAME, Contract, SnapshotReader
from pipelines.sharing.views.build import AREA, PERIOD, SUBJECT
from pipelines.sharing.views.columns import is_retired
from pipelines.sharing.views.sources import INDICATOR
from schemas.faults import sharing as faults
from schemas.faults.publishing import SOURCE_RETIRED

KEYS = (SUBJECT, AREA, PERIOD)
_PART = 4 * ROW_GROUP
"""Rows held at once when many leave: with 20 columns some 20 MB."""
GrantRows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What is asked for.

    report: id, name or view name; area_code: 12 digits or a name, "" for the whole county; period: "" for all there is
    (a filled report: the newest); format: a key of WRITERS, or "report" for the filled template; subject: whose card;
    channel: by which way it came; caller: who stood at the counter (a token's number, a user of the machine).
    """

    department_name: str
    report: str
    purpose: str
    at: str
    format: str = "xlsx"
    area_code: str = ""
    period: str = ""
    columns: tuple[str, ...] = ()
    subject: str = ""
    channel: str = "命令行"
    caller: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """A view, what the policy allows of it, and the rows: of an area, of a period ("" for all)."""

    contract: Contract
    decision: Decision
    area: str
    period: str
    is_own: bool

    @property
    def view_name(self) -> str:
        """The view's name."""
        return str(self.contract["id"])

    @property
    def is_statistics(self) -> bool:
        """Whether a row is an area and period, not a subject."""
        return bool(self.contract["ledger"] == INDICATOR)


def granted(reader: SnapshotReader, request: PullRequest, grants: GrantRows, is_whole: bool = False) -> list[Granted]:
    """Return what the policy allows of the view asked for; is_whole: of every table of the report.

    grants: rows of Grants; a department's own report needs none, unless they mention it. Raises Refusal.
    """
    for text in (request.department_name, request.report, *request.columns):
        if not PLAIN_NAME.fullmatch(text):
            raise Refusal(faults.NAME_NOT_ALLOWED.at(what=shown(text)))
    if request.department_name not in reader.departments:
        raise Refusal(faults.UNKNOWN_DEPARTMENT.at(department=shown(request.department_name)))
    contracts = reader.chosen(request.report, is_whole)
    area = reader.area(request.area_code)
    offers = [offer(made) for made in contracts]
    every = [*grants, *own_report_grants(standing(grants, offers), reader.county, reader.facts.get("legal_basis", {}))]
    found = []
    for made, one in zip(contracts, offers, strict=True):
        asked = Request(
            request.department_name, one.view_name, request.purpose, area, request.at[:10], tuple(request.columns)
        )
        decision = decide(every, asked, one)
        if decision.refusal is None or decision.refusal.code == faults.COLUMN_NOT_GRANTED.code:
            _check_retired(made, request.columns)
        if decision.refusal is not None:
            raise Refusal(decision.refusal)
        is_own = request.department_name == one.department_name
        given = Granted(made, decision, area, request.period, is_own)
        if request.period and given.is_statistics:
            _check_period(reader, given)
        found.append(given)
    return found


def offer(made: Contract) -> Offer:
    """Return what a view has, from its contract."""
    given = [column for column in made["columns"] if column["isGiven"]]
    levels = {name: "一般" for name in made["areaColumns"]} | {c["name"]: c["sensitivity"] for c in given}
    name = made.get("partOf") or made["id"]  # a grant for a card holds for its list of members
    return Offer(name, made["domain"], made["tenant"], levels, {c["name"]: c.get("shareType", "") for c in given})


def rows(reader: SnapshotReader, given: Granted, own: Path | None = None) -> pl.LazyFrame:
    """Return the rows that may leave, with the house's key columns in front, in the order of the view."""
    place = reader.rows(given.view_name)
    if given.is_statistics:
        return _shaped(_statistics(reader, given), given, place.schema, own)
    lazy, stem = pl.scan_parquet(place.path), area_stem(given.area)
    run = place.span(stem)
    chosen = lazy.filter(pl.col(AREA).str.starts_with(stem)) if run is None else lazy.slice(*run)
    return _shaped(chosen, given, place.schema, own)


def page(
    reader: SnapshotReader, given: Granted, start: int, count: int, own: Path | None = None
) -> tuple[pl.DataFrame, int]:
    """Return (`count` rows of `rows` from `start` on, how many `rows` has)."""
    place, run = reader.rows(given.view_name), span(reader, given)
    if run is None:
        whole = rows(reader, given, own).collect()
        return whole.slice(start, count), whole.height
    first, total = run
    part = place.read(first + start, max(0, min(count, total - start)), [*KEYS, *given.decision.columns])
    return _shaped(part.lazy(), given, place.schema, own).collect(), total


def row_count(reader: SnapshotReader, given: Granted) -> int:
    """Return how many rows `rows` has."""
    run = span(reader, given)
    return int(rows(reader, given).select(pl.len()).collect().item()) if run is None else run[1]


def span(reader: SnapshotReader, given: Granted) -> tuple[int, int] | None:
    """Return (first row, number of rows) of a view's file that `rows` gives; None when they do not lie together."""
    return None if given.is_statistics else reader.rows(given.view_name).span(area_stem(given.area))


def part(
    reader: SnapshotReader, given: Granted, start: int, count: int, columns: Sequence[str], own: Path | None = None
) -> pl.DataFrame:
    """Return columns of `count` rows of a view's file from `start` on, as they may leave; rows must lie in `span`."""
    place = reader.rows(given.view_name)
    lazy = pl.scan_parquet(place.path).slice(start, count)
    return _shaped(lazy, given, place.schema, own).select(columns).collect()


def parts_of(reader: SnapshotReader, given: Granted, own: Path | None = None) -> Iterator[pl.DataFrame]:
    """Yield `rows` some at a time, in their order; how many are held at once does not depend on how many there are."""
    run, place = span(reader, given), reader.rows(given.view_name)
    if run is None:
        yield from rows(reader, given, own).collect_batches(chunk_size=_PART, maintain_order=True)
        return
    for start in range(run[0], sum(run), _PART):
        cut = pl.scan_parquet(place.path).slice(start, min(_PART, sum(run) - start))
        yield _shaped(cut, given, place.schema, own).collect()


def _statistics(reader: SnapshotReader, given: Granted) -> pl.LazyFrame:
    frame = pl.read_parquet(reader.rows(given.view_name).path)
    if not given.is_own:
        keys = list(zip(frame[AREA], frame[PERIOD], strict=True))
        for column, cells in reader.hidden(given.view_name).items():
            is_shown = pl.Series([key not in cells for key in keys], dtype=pl.Boolean)
            frame = frame.with_columns(pl.when(is_shown).then(pl.col(column)).alias(column))
    chosen = frame.lazy().filter(pl.col(AREA).str.starts_with(area_stem(given.area)))
    return chosen.filter(pl.col(PERIOD) == given.period) if given.period else chosen


def _shaped(lazy: pl.LazyFrame, given: Granted, schema: pl.Schema, own: Path | None) -> pl.LazyFrame:
    names = {c["name"]: c["property"] for c in given.contract["columns"] if c["name"] in given.decision.masked}
    return lazy.with_columns(mask_expressions(schema, names, own)).select(*KEYS, *given.decision.columns)


def _check_retired(made: Contract, wanted: Sequence[str]) -> None:
    """Raise Refusal when what is asked for rests on a retired element: half a report would pass for a whole one."""
    for column in made["columns"]:
        if is_retired(column["reason"]) and (not wanted or column["name"] in wanted):
            words = {"report": made["domain"], "path": column["path"], "reason": column["reason"]}
            raise Refusal(SOURCE_RETIRED.at(report_id=made["domain"], **words))


def _check_period(reader: SnapshotReader, given: Granted) -> None:
    place = reader.rows(given.view_name).path
    periods = pl.read_parquet(place, columns=[PERIOD])[PERIOD].unique().sort().to_list()
    if given.period not in periods:
        raise Refusal(faults.PERIOD_UNKNOWN.at(period=shown(given.period), periods="、".join(periods)))
