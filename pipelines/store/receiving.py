"""Receives what waits in a workspace's inbox: sets up the desk and the reception, and sums up what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines.collection.desk import Desk, desk
from pipelines.collection.due import open_periods
from pipelines.collection.receiving.open_returns import as_findings, open_returns
from pipelines.store.reception import Lookup, Progress, Reception, Write
from pipelines.store.workspace import Workspace
from schemas.faults import Finding
from schemas.returns import AGAIN

READ = (
    *("fill_plan", "elements", "areas", "issued_workbooks", "arrivals"),
    *("report_fields", "element_map", "template_checks", "ledger_values", "submissions"),
)
"""Tables that receiving needs."""


@dataclass(slots=True)
class Received:
    """What came of a run. findings: of the files of this run, then of returned ones that still wait to be corrected."""

    figures: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("收到", "接收", "退回", AGAIN, "入账数值"), 0)
    )
    findings: list[Finding] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)


def receive_waiting(
    place: Workspace,
    tables: Mapping[str, pl.DataFrame],
    write: Write,
    lookup: Lookup,
    now: str,
    progress: Progress = lambda done, total, what: None,
) -> Received:
    """Receive every file in the inbox. tables: those of READ; write, lookup: of the Warehouse; now: ISO time."""
    counter = counter_of(place, tables, now)
    reception = Reception(
        place.archive,
        place.forms,
        counter,
        write,
        lookup,
        now,
        tables["arrivals"],
        own_rules=place.rules,
        progress=progress,
    )
    done = Received()
    for taken in reception.take_in(place.inbox_files()):
        done.findings += taken.findings
        done.files += taken.files
        if taken.receipt:
            done.figures["收到"] += 1
            done.figures[taken.receipt.outcome] += 1
            done.figures["入账数值"] += taken.receipt.values.height
    here = {finding.file for finding in done.findings}
    for submission_id, file_name in open_returns(counter.received.values()):
        if file_name not in here:
            done.findings += as_findings(lookup("submission_findings", "submission_id", submission_id))
    return done


def counter_of(place: Workspace, tables: Mapping[str, pl.DataFrame], now: str) -> Desk:
    """Return the desk of what is open, from the tables of READ and the county's own rules and settings.

    now: ISO time; before anything was issued its month is open.
    """
    issued = tables["issued_workbooks"]["period"].to_list() or [now[:7]]
    return desk(
        tables["fill_plan"],
        tables["elements"],
        tables["areas"],
        tables["ledger_values"],
        tables["issued_workbooks"],
        tables["submissions"],
        open_periods(issued, place.settings(), place.rules),
        report_fields=tables["report_fields"],
        element_map=tables["element_map"],
        template_checks=tables["template_checks"],
        correction_requests=tables.get("correction_requests"),
        possible_duplicates=tables.get("possible_duplicates"),
        own_rules=place.rules,
    )
