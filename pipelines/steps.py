"""What each step of the journey does: hand frames to the stage that does the work, and name what came out.

Their order is in `pipelines.flow`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import periods, rulebook
from pipelines.admission.journal import read_journals, with_admitted
from pipelines.burden.baseline import confirmations, freeze, verify
from pipelines.burden.counts import count
from pipelines.burden.evidence import keep
from pipelines.burden.figures import COUNTY, figures
from pipelines.burden.fill_times import observations
from pipelines.burden.inputs import ADMISSIONS, Inputs
from pipelines.burden.rebound import history, new_since_baseline, rebound
from pipelines.burden.versions import keep_version, versions
from pipelines.catalogue.registry import build
from pipelines.catalogue.successors import successors
from pipelines.catalogue.verdicts import read_verdicts
from pipelines.collection.arithmetic import relations
from pipelines.collection.issue_inputs import prepare
from pipelines.collection.ledger_list import INDICATOR, QUESTIONS, ledgers
from pipelines.collection.ledgers import current
from pipelines.collection.merging import conflicts, moved
from pipelines.collection.plan import plan
from pipelines.collection.questions import questions
from pipelines.collection.workbook import issue_all
from pipelines.garbage import uncollected
from pipelines.intake.read import read_folder
from pipelines.intake.register import expired, match_templates, read_areas, read_register
from pipelines.intake.tabulate import tabulate
from pipelines.quality.expectations import DATA_DOCS
from pipelines.quality.expectations import check as check_expectations
from pipelines.sharing.finish import finish
from pipelines.sharing.notices import post_notices
from pipelines.sharing.publish import Holdings, Published, write_share
from pipelines.step import Bench, Outcome
from pipelines.store.frames import read_frames, write_frames
from pipelines.store.query import run_each
from pipelines.store.receiving import receive_waiting
from pipelines.store.snapshots import Refused, prune, publish
from pipelines.store.snapshots import current as current_snapshot
from pipelines.store.workspace import Workspace, file_hash
from schemas.faults import Finding
from schemas.faults.publishing import NOT_PUBLISHED


def register(bench: Bench) -> Outcome:
    """Read the report register and the area table."""
    place = bench.workspace
    listed, findings = read_register(place.register, place.rules)
    requests, decisions, said = read_journals(place.requests, place.decisions)
    reports = with_admitted(listed, requests, decisions)
    areas, more = read_areas(place.areas)
    return Outcome(
        replace={"reports": reports, "areas": areas},
        findings=[*findings, *said, *more, *expired(reports, bench.today)],
        figures={
            "报表": reports.height,
            "部门": reports["department_name"].n_unique(),
            "乡镇": areas.filter(pl.col("area_level") == "乡镇").height,
            "村（社区）": areas.filter(pl.col("area_level") == "村").height,
        },
    )


def report_fields(bench: Bench) -> Outcome:
    """Read every template of the register."""
    place, reports = bench.workspace, bench.tables["reports"]
    chosen, findings = match_templates(reports, place.template_files(), place.templates)
    paths = sorted(set(chosen.values()))
    read = dict(
        zip(paths, read_folder(paths, progress=bench.progress, cache=place.readings, rules=place.rules), strict=True)
    )
    readings = {report_id: read[path] for report_id, path in chosen.items()}
    tables = tabulate(
        reports, readings, {report_id: file_hash(path) for report_id, path in chosen.items()}, place.templates
    )
    fields = tables.report_fields
    return Outcome(
        replace={
            "templates": tables.templates,
            "report_fields": fields,
            "template_checks": tables.template_checks,
        },
        findings=[*findings, *tables.findings],
        figures={
            "模板": len(paths),
            "表": tables.templates.height,
            "栏目": fields.height,
            "其中要填": fields.filter(pl.col("role") == "fill").height,
        },
    )


def data_elements(bench: Bench) -> Outcome:
    """Build the catalogue from fields, verdicts and the elements of before."""
    verdicts = read_verdicts(bench.workspace.rules / "verdicts.csv")
    catalogue = build(
        bench.tables["report_fields"],
        verdicts,
        bench.tables["elements"],
        known_map=bench.tables["element_map"],
        checks=bench.tables["template_checks"],
        own=bench.workspace.rules,
    )
    mapped = catalogue.element_map.filter(pl.col("element_id").is_not_null())
    merged = successors(
        catalogue.elements, catalogue.element_map, bench.tables["element_map"], bench.tables["element_successors"]
    )
    return Outcome(
        replace={
            "verdicts": verdicts,
            "elements": catalogue.elements,
            "element_map": catalogue.element_map,
            "element_successors": merged,
            "field_meanings": catalogue.field_meanings,
            "derivations": catalogue.derivations,
            "review_pairs": catalogue.review_pairs,
        },
        findings=catalogue.findings,
        figures={
            "栏目": mapped.height,
            "归为数据元": mapped["element_id"].n_unique(),
            "可推算": catalogue.derivations.height,
            "判定": verdicts.height,
            "待判定": catalogue.review_pairs.height,
        },
    )


def fill_plan(bench: Bench) -> Outcome:
    """Plan what is asked once for all reports."""
    tables, rules = bench.tables, bench.workspace.rules
    made = plan(
        tables["reports"],
        tables["report_fields"],
        tables["elements"],
        tables["element_map"],
        tables["field_meanings"],
        tables["derivations"],
        scope=rulebook.own_rows("report_scope", rules),
        own_rules=rules,
    )
    asked = made.fill_plan.filter(pl.col("is_asked"))
    return Outcome(
        replace={"fill_plan": made.fill_plan, "populations": made.populations},
        findings=made.findings,
        figures={
            "要填的数据项": asked.height,
            "不用填的": made.fill_plan.height - asked.height,
            "台账": asked["ledger"].n_unique(),
        },
    )


def fill_once_workbooks(bench: Bench) -> Outcome:
    """Issue the period's workbooks to all townships."""
    tables, place = bench.tables, bench.workspace
    asked = questions(
        tables["correction_requests"],
        tables["possible_duplicates"],
        tables["ledger_values"],
        _values(bench),
        tables["elements"],
        tables["areas"],
        bench.today,
        place.rules,
    )
    inputs = prepare(
        tables["fill_plan"],
        tables["elements"],
        tables["reports"],
        tables["areas"],
        _values(bench),
        bench.period,
        settings=place.settings(),
        own_rules=place.rules,
        questions=asked,
        relations=relations(
            *(tables[name] for name in ("report_fields", "element_map", "template_checks", "fill_plan", "elements"))
        ),
    )
    before = tables["issued_workbooks"]
    folder = place.forms / bench.period
    issued, findings = issue_all(inputs, folder, bench.now, before, bench.progress)
    others = before.join(issued, on="workbook_id", how="anti")
    cells, known = int(issued["cell_count"].sum()), int(issued["prefilled_count"].sum())
    return Outcome(
        replace={"issued_workbooks": pl.concat([others, issued])},
        findings=findings,
        files=sorted(folder.glob("*.xlsx")),
        figures={"工作簿": issued.height, "应填单元格": cells, "已预填": f"{known / cells:.1%}" if cells else "0"},
    )


def submissions(bench: Bench) -> Outcome:
    """Receive what waits in the inbox; each file is posted whole, with its arrival and findings, or not at all."""
    tables = {**bench.tables, "ledger_values": _values(bench)}
    done = receive_waiting(bench.workspace, tables, bench.write, bench.lookup, bench.now, bench.progress)
    return Outcome(findings=done.findings, files=done.files, figures=done.figures)


def wide_ledgers(bench: Bench) -> Outcome:
    """Make the wide ledgers from the latest values."""
    values, elements = _values(bench), bench.tables["elements"]
    held = current(values, elements, bench.tables["fill_plan"])
    known = ledgers(bench.workspace.rules)
    files = write_frames(held, bench.workspace.ledgers)
    return Outcome(
        findings=conflicts(bench.tables["ledger_values"], bench.tables["element_successors"], elements),
        files=files,
        figures={
            **{known[name].title: frame.height for name, frame in held.items() if name != INDICATOR},
            "指标数值": values.filter(pl.col("ledger") == INDICATOR).height,
            "历次数值": values.height,
        },
    )


@uncollected()
def share_snapshot(bench: Bench) -> Outcome:
    """Publish views and filled templates as one immutable snapshot."""
    place, tables = bench.workspace, bench.tables
    values = _values(bench)
    month = values["submitted_period"].max() or place.settings().get("period", bench.today[:7])
    chosen, _ = match_templates(tables["reports"], place.template_files(), place.templates)
    held = Holdings(
        **{name: tables[name] for name in SHARED},
        ledgers=read_frames(place.ledgers),
        templates=chosen,
        month=str(month),
        as_of=periods.last_day(str(month)),
        recorded_at=dict(values.group_by("element_id").agg(pl.col("recorded_at").max()).iter_rows()),
        template_hashes=dict(tables["templates"].select("report_id", "template_hash").iter_rows()),
        own_rules=place.rules,
    )
    made: list[Published] = []
    found: list[Finding] = []

    def write(folder: Path) -> dict[str, Any]:
        made.append(write_share(folder, held, run_each, bench.progress, current_snapshot(place.share)))
        return made[0].facts

    def check(folder: Path, before: Path | None) -> list[Finding]:
        found.extend(finish(folder, before, place.rules))
        if place.settings().get("expectations_before_publishing", "True") == "True":
            found.extend(check_expectations(folder, place.reports / DATA_DOCS, place.rules))
        return found

    try:
        snapshot = publish(place.share, write, check, bench.now)
    except Refused as refused:
        before = current_snapshot(place.share)
        last = NOT_PUBLISHED.at(count=len(refused.findings), version=before.name if before else "（无）")
        return Outcome(findings=[last, *found, *made[0].findings], figures={**made[0].figures, "版本": "没有发布"})
    posted = post_notices(snapshot.path, place.reports)
    keep = rulebook.settings("sharing_snapshots", place.rules)["keep"]
    gone = prune(place.share, keep["days"], keep["versions"], bench.today)
    return Outcome(
        replace={"share_views": made[0].share_views},
        findings=[*made[0].findings, *found],
        files=[snapshot.path, *posted],
        figures={**made[0].figures, "版本": snapshot.version}
        | ({"变更通知": len(posted)} if posted else {})
        | ({"到期删除": len(gone)} if gone else {}),
    )


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
    counts = count(_values(bench), tables["share_views"])
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


def _values(bench: Bench) -> pl.DataFrame:
    """Return LedgerValues under the elements of today; answers to questions are no values of a ledger."""
    held = bench.tables["ledger_values"].filter(~pl.col("ledger").is_in(QUESTIONS))
    return moved(held, bench.tables["element_successors"])


SHARED = (
    *("reports", "report_fields", "template_checks", "element_map", "elements", "derivations"),
    *("fill_plan", "populations", "areas"),
)
"""Tables that a snapshot is made of."""

COUNTED = (
    *("baseline", "areas", "reports", "report_fields", "elements", "element_map", "fill_plan"),
    *("issued_workbooks", "submissions"),
)
"""Tables that the burden is counted from."""


def rule_files(place: Workspace) -> Sequence[Path]:
    """Return the county's own rules, which decide whether a step must run again."""
    return sorted(place.rules.rglob("*.*")) if place.rules.exists() else ()
