"""The admission report of one form: everything the gate has to say about it, as one value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from pipelines import workdays
from pipelines.admission.assess import Assessment, assess
from pipelines.admission.contradictions import Contradiction, contradictions
from pipelines.admission.cost import HELD, Cost, cost
from pipelines.admission.county import County
from pipelines.admission.exchange import Exchange, exchanges
from pipelines.admission.identity import Known, department_of, known_form
from pipelines.admission.marks import Legality, legality
from pipelines.admission.population import Population, population
from pipelines.admission.privacy import Privacy, privacy
from pipelines.admission.proposal import APPLIED, Proposal
from pipelines.admission.sources import Where, where
from pipelines.admission.timing import Timing, timing
from pipelines.admission.verdict import Verdict, verdict
from pipelines.workdays import Standing
from schemas.faults import Finding
from schemas.faults import admission as faults


@dataclass(frozen=True, slots=True)
class Report:
    """What the gate says about a form.

    known: the form on the register that it is, or an edition of, if any. gross, net: burden of the form as it stands,
    and of what is really to be asked. clock: the term of the review, None for a form that nobody applied for.
    """

    proposal: Proposal
    assessment: Assessment
    legal: Legality
    times: Timing
    clashes: tuple[Contradiction, ...]
    private: Privacy
    whom: Population
    where: Where
    gross: Cost
    net: Cost
    exchanges: tuple[Exchange, ...]
    known: Known | None
    verdict: Verdict
    clock: Standing | None
    today: str
    county_name: str
    findings: tuple[Finding, ...]

    @property
    def items(self) -> pl.DataFrame:
        """A row per item (ITEM_TYPES)."""
        return self.assessment.items

    def count(self, *kinds: str) -> int:
        """Return how many items are of some kinds."""
        return self.items.filter(pl.col("kind").is_in(kinds)).height


def examine(
    proposal: Proposal, county: County, admitted: pl.DataFrame | None = None
) -> tuple[Report | None, list[Finding]]:
    """Return the report on a form, or why there is none (no department, an unknown one).

    admitted: AdmittedFields. Nothing is written and the catalogue is not changed.
    """
    said = proposal.said
    named = said.department_name or proposal.marks.get("issuing_body", "")
    if not named:
        return None, [faults.DEPARTMENT_MISSING.at(file=proposal.source_file)]
    department, near = department_of(named, county)
    if not department:
        hint = f"，相近的有{'、'.join(near)}" if near else ""
        return None, [faults.DEPARTMENT_UNKNOWN.at(file=proposal.source_file, department=named, near=hint)]
    proposal = replace(
        proposal,
        said=replace(said, department_name=department),
        fields=proposal.fields.with_columns(department_name=pl.lit(department)),
    )
    known = known_form(proposal, county, admitted)
    if known is not None:
        proposal = _with_register(proposal, known, county)
    same_as = known.report_id if known else ""
    found = assess(proposal, county.catalogue, county.report_fields, county.verdicts, same_as=same_as, own=county.own)
    if found.items.is_empty():
        return None, [_no_data(proposal)]
    items, said = found.items, proposal.said
    legal = legality(proposal, county.name, county.today, county.own)
    times = timing(items, proposal, county)
    clashes = contradictions(items, proposal.fields, county.catalogue, county.report_fields, county.own)
    private = privacy(items, proposal.title)
    places = (said.frequency or "未说明", said.respondent_level or "未说明", county.today, county.own)
    ours = proposal.items.filter(pl.col("field_id").is_in(items["field_id"].to_list()))
    fresh = items.filter(~pl.col("kind").is_in(HELD))["field_id"].to_list()
    gross = cost(ours, county.areas, *places)
    net = cost(ours.filter(pl.col("field_id").is_in(fresh)), county.areas, *places)
    proposed = verdict(proposal, items, legal, times, clashes, private, gross, net, county, known)
    report = Report(
        proposal=proposal,
        assessment=found,
        legal=legal,
        times=times,
        clashes=clashes,
        private=private,
        whom=population(proposal.title, proposal.fields, county.populations),
        where=where(items, proposal, county),
        gross=gross,
        net=net,
        exchanges=exchanges(items, department, county, {same_as, proposed.into}) if net.fields else (),
        known=known,
        verdict=proposed,
        clock=_clock(proposal, county),
        today=county.today,
        county_name=county.name,
        findings=(),
    )
    return replace(report, findings=tuple(_findings(report))), []


def _no_data(proposal: Proposal) -> Finding:
    name = proposal.source_file
    return faults.NOT_A_FORM.at(file=name, name=name, why="只有序号、签章和说明，没有数据项")


def _with_register(proposal: Proposal, known: Known, county: County) -> Proposal:
    """Return the proposal with what the register says of the form, where the application says nothing."""
    entry = county.reports.filter(pl.col("report_id") == known.report_id).row(0, named=True)
    said = proposal.said
    filled = replace(
        said,
        frequency=said.frequency or entry["frequency"],
        respondent_level=said.respondent_level or entry["respondent_level"],
        legal_basis=said.legal_basis or entry["legal_basis"] or "",
    )
    columns = {"frequency": filled.frequency, "respondent_level": filled.respondent_level}
    fields = proposal.fields.with_columns(pl.lit(text).alias(name) for name, text in columns.items())
    return replace(proposal, said=filled, fields=fields)


def _clock(proposal: Proposal, county: County) -> Standing | None:
    if proposal.origin != APPLIED:
        return None
    return workdays.standing(workdays.clock("admission", county.own), county.today, county.today, own=county.own)


def _findings(report: Report) -> list[Finding]:
    """Return the findings on a form, in the order in which a person deals with them."""
    file = report.proposal.source_file
    found: list[Finding] = []
    known = report.known
    if known is not None and known.is_identical:
        expired = known.valid_until and known.valid_until < report.today
        state = f"但有效期到 {known.valid_until}，已经过期，须重新批准。" if expired else ""
        how = next((source.command for source in report.where.sources if source.command), "oneform pull --help")
        details = {"name": known.title, "control_no": known.control_no, "department": known.department_name}
        found.append(faults.IDENTICAL.at(file=file, state=state, how=how, **details))
    found += report.legal.findings
    found += report.times.findings
    for clash in report.clashes:
        if not clash.is_convertible:
            details = {"item": clash.path, "element": clash.element, "difference": clash.difference}
            found.append(faults.CONTRADICTION.at(file=file, **details))
    if report.private.sensitive and not report.proposal.said.has_impact_assessment:
        names = "、".join(report.private.sensitive[:8])
        found.append(faults.SENSITIVE_ITEMS.at(file=file, count=len(report.private.sensitive), items=names))
    if report.items.height == report.count("新增"):
        found.append(faults.ALL_NEW.at(file=file, count=report.items.height))
    return found


def request_row(report: Report, request_id: str, how: str) -> dict[str, Any]:
    """Return the row of AdmissionRequests that records a report. how: of schemas.admission.HOW_SEEN."""
    proposal, said = report.proposal, report.proposal.said
    return {
        "request_id": request_id,
        "content_hash": proposal.content_hash,
        "form_title": proposal.title,
        "department_name": said.department_name,
        "origin": proposal.origin,
        "how": how,
        "seen_by": said.seen_by or None,
        "received_at": report.today,
        "source_file": proposal.source_file,
        **{name: text or None for name, text in proposal.marks.items()},
        "legal_basis": said.legal_basis or None,
        "frequency": said.frequency or "未说明",
        "respondent_level": said.respondent_level or "未说明",
        "due_date": said.due or None,
        "item_count": report.items.height,
        "held_count": report.count("已有", "原表已有"),
        "derived_count": report.count("可推算"),
        "similar_count": report.count("相近但不同"),
        "new_count": report.count("新增"),
        "cells_gross": report.gross.cells,
        "cells_net": report.net.cells,
        "hours_gross": report.gross.hours,
        "hours_net": report.net.hours,
        "verdict": report.verdict.name,
        "report_id": report.known.report_id if report.known else None,
    }
