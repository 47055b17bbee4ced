"""Frequency against need, and the deadline against the lead-time rule (「上午发下午要」)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from pipelines import workdays
from pipelines.admission.county import County
from pipelines.admission.proposal import Proposal
from pipelines.periods import ORDER, finest
from pipelines.rulebook import own_rows, rows
from schemas.faults import Finding
from schemas.faults import admission as faults

NEVER_CHANGES = "不变"
TIMED = ("日", "周", "旬", "月", "季", "半年", "年")
PACE_IN_WORDS = {
    "不变": "登记后不再变化",
    "年": "一年变一次",
    "半年": "半年变一次",
    "季": "一季变一次",
    "月": "一月变一次",
}
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Pace:
    """An item that is asked more often than it changes. pace: a frequency or NEVER_CHANGES."""

    item_no: int
    path: str
    pace: str
    reason: str


@dataclass(frozen=True, slots=True)
class Timing:
    """too_often: items asked in vain. faster, slower: items held at a slower, or a finer, frequency (path, held at).

    days: working days from issue to due, None when no due day is stated; least: what the rule asks; earliest: the first
    due day that keeps it. is_emergency: the title or message names one.
    """

    too_often: tuple[Pace, ...]
    faster: tuple[tuple[str, str], ...]
    slower: tuple[tuple[str, str], ...]
    issued: str
    due: str
    days: int | None
    least: int
    earliest: str
    is_emergency: bool
    findings: tuple[Finding, ...]

    @property
    def is_too_short(self) -> bool:
        """Whether the deadline leaves less than the rule asks, without an emergency."""
        return self.days is not None and self.days < self.least and not self.is_emergency


def timing(items: pl.DataFrame, proposal: Proposal, county: County) -> Timing:
    """Return what the times ask for. items: ITEM_TYPES."""
    said = proposal.said
    often = _too_often(items, said.frequency, county)
    faster, slower = _against_held(items, said.frequency, county)
    issued = said.issued or county.today
    least = _least(said.respondent_level or "未说明", items.height, county)
    days = workdays.between(issued, said.due, county.own) if said.due else None
    text = f"{proposal.title}\n{proposal.text}"
    emergency = any(row["word"] in text for row in rows("admission_emergencies", county.own))
    findings: list[Finding] = []
    if said.due and said.due < issued:
        findings.append(faults.DUE_PASSED.at(file=proposal.source_file, due=said.due, issued=issued))
    elif days is not None and days < least:
        earliest = workdays.add(issued, least, county.own)
        findings.append(
            faults.LEAD_TIME.at(
                file=proposal.source_file,
                issued=issued,
                due=said.due,
                days=days,
                items=items.height,
                least=least,
                level=said.respondent_level or "填报单位",
                earliest=earliest,
            )
        )
    for pace in dict.fromkeys(one.pace for one in often):
        names = [one.path for one in often if one.pace == pace]
        findings.append(
            faults.TOO_OFTEN.at(
                file=proposal.source_file,
                frequency=said.frequency,
                items="、".join(names[:SHOWN]) + (f"等 {len(names)} 项" if len(names) > SHOWN else ""),
                pace=PACE_IN_WORDS.get(pace, pace),
                suggested="只在首次登记" if pace == NEVER_CHANGES else f"按{pace}",
            )
        )
    return Timing(
        often, faster, slower, issued, said.due, days, least,
        workdays.add(issued, least, county.own), emergency, tuple(findings),
    )  # fmt: skip


def _too_often(items: pl.DataFrame, frequency: str, county: County) -> tuple[Pace, ...]:
    if frequency not in TIMED:
        return ()
    rules = [*own_rows("admission_pace", county.own), *rows("admission_pace")] if county.own else rows("admission_pace")
    found = []
    for row in items.iter_rows(named=True):
        words = f"{row['property']} {row['qualifiers']}"
        rule = next(
            (r for r in rules if re.search(r["object_class"], row["object_class"]) and re.search(r["words"], words)),
            None,
        )
        is_in_vain = rule and (rule["pace"] == NEVER_CHANGES or ORDER.index(frequency) < ORDER.index(rule["pace"]))
        if rule and is_in_vain:
            found.append(Pace(row["item_no"], row["label"], rule["pace"], rule["reason"]))
    return tuple(found)


def _against_held(
    items: pl.DataFrame, frequency: str, county: County
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Return the items held at a slower frequency than asked, and those held at a finer one."""
    at = dict(county.reports.select("report_id", "frequency").iter_rows())
    faster, slower = [], []
    for row in items.filter(pl.col("kind") == "已有").iter_rows(named=True):
        known = [at[report] for report in row["holders"] if at.get(report) in TIMED]
        if not known or frequency not in TIMED:
            continue
        held = finest(known)
        if ORDER.index(frequency) < ORDER.index(held):
            faster.append((row["label"], held))
        elif ORDER.index(frequency) > ORDER.index(held):
            slower.append((row["label"], held))
    return tuple(faster), tuple(slower)


def _least(level: str, count: int, county: County) -> int:
    own = own_rows("admission_lead_time", county.own) if county.own else []
    for row in [*own, *rows("admission_lead_time")]:
        if row["respondent_level"] == level and (not row["items_up_to"] or count <= int(row["items_up_to"])):
            return int(row["working_days"])
    return 0
