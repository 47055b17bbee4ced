"""An audited pull from a published snapshot: decided by the one policy, logged before the data leaves, refusals too."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.sharing.describe import view_of
from pipelines.sharing.export import WRITERS
from pipelines.sharing.masking import mask_expressions, suppressed
from pipelines.sharing.policy import Decision, Offer, Request, decide, own_report_grants, standing
from pipelines.sharing.publish import area_stem, make_frame, rows_of
from pipelines.sharing.roll_up import period_of
from pipelines.sharing.sources import INDICATOR
from pipelines.sharing.template import ROW_LAYOUTS, fill_template
from pipelines.sharing.views import AREA, PERIOD, SUBJECT
from schemas.elements import LIST_SEPARATOR
from schemas.faults import Finding
from schemas.faults import sharing as faults

PLAIN_NAME = re.compile(r"[\w\u4e00-\u9fff（）()·、．.\- ]{1,80}")
"""Names of departments, reports and columns: no path, no quote, no line end."""
REPORT = "report"
COUNTED_UNITS = ("人", "户")
Log = Callable[[Mapping[str, Any]], Any]
"""Appends an entry to the log (pipelines.store.audit_log.append with its file)."""


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What is asked for.

    report: id, name or view name; area_code: 12 digits or a name, "" for the whole county; period: "" for the newest;
    format: a key of WRITERS, or "report" for the filled template; subject: whose card.
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


@dataclass(frozen=True, slots=True)
class PullResult:
    """path: where the data lies, None when refused; refusal says why."""

    is_given: bool
    path: Path | None
    row_count: int
    columns: tuple[str, ...]
    masked: tuple[str, ...]
    version: str
    content_hash: str
    refusal: Finding | None = None


@dataclass(frozen=True, slots=True)
class _Refusal(Exception):
    finding: Finding


def pull(
    snapshot: Path | None,
    request: PullRequest,
    out: Path,
    log: Log,
    grants: Sequence[Mapping[str, Any]] = (),
    own_rules: Path | None = None,
) -> PullResult:
    """Write what a department may have into `out`, or refuse.

    snapshot: a published version's folder (None: nothing is published). grants: rows of Grants; a department's own
    report needs none, unless they mention it. out: the file; its suffix is put right for a filled report. The order is:
    decide, write beside `out`, hash, log, and only then give `out` its name; what cannot be logged does not leave.
    Refusals are in the result, never exceptions; their texts hold no values of the data.
    """
    version = snapshot.name if snapshot else ""
    try:
        if snapshot is None:
            raise _Refusal(faults.NO_SNAPSHOT.at())
        return _give(snapshot, request, out, log, grants, own_rules)
    except _Refusal as refusal:
        finding = refusal.finding
        log(_entry(request, version, (), 0, "拒绝", f"{finding.code} {finding.title}", ""))
        return PullResult(False, None, 0, (), (), version, "", finding)


def _give(
    snapshot: Path, request: PullRequest, out: Path, log: Log, grants: Sequence[Mapping[str, Any]], own: Path | None
) -> PullResult:
    facts = json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))
    contracts = _contracts(snapshot, request)
    areas = pl.read_parquet(snapshot / "areas.parquet")
    area = _area(request, areas)
    county = area[:6] + "000000"
    offers = [_offer(made) for made in contracts]
    own_grants = own_report_grants(standing(grants, offers), county, facts.get("legal_basis", {}))
    wanted = tuple(request.columns)
    decisions = []
    for offer in offers:
        asked = Request(request.department_name, offer.view_name, request.purpose, area, request.at[:10], wanted)
        decision = decide([*grants, *own_grants], asked, offer)
        if decision.refusal is not None:
            raise _Refusal(decision.refusal)
        decisions.append(decision)
    parents = dict(areas.select("area_code", "parent_code").iter_rows())
    rows = [
        _rows(snapshot, made, decision, area, request, parents, own)
        for made, decision in zip(contracts, decisions, strict=True)
    ]
    aside = out.with_name(f".{out.name}.{os.getpid()}.part")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        if request.format == REPORT:
            body, suffix, count = _report(snapshot, contracts, rows, areas, area, request, facts, own)
            aside.write_bytes(body)
            out = out.with_suffix(suffix)
        else:
            keys = (SUBJECT, AREA, PERIOD)
            table = rows[0].select([c for c in rows[0].collect_schema() if c not in keys])
            WRITERS[request.format](table, aside, contracts[0]["name"])
            count = int(rows[0].select(pl.len()).collect().item())
        digest = _hash(aside)
        columns = tuple(dict.fromkeys(c for decision in decisions for c in decision.columns))
        masked = tuple(sorted({c for decision in decisions for c in decision.masked}))
        reason = "授权 " + "、".join(dict.fromkeys(g for decision in decisions for g in decision.grants))
        if masked:
            reason += f"；脱敏 {len(masked)} 列"
        log(_entry(request, snapshot.name, columns, count, "提供", reason, digest, area))
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
    return PullResult(True, out, count, columns, masked, snapshot.name, digest)


def _contracts(snapshot: Path, request: PullRequest) -> list[dict[str, Any]]:
    """Return the contracts of what is asked for, in the order of the report's tables."""
    if request.format != REPORT and request.format not in WRITERS:
        formats = "、".join([*WRITERS, REPORT])
        raise _Refusal(faults.FORMAT_UNKNOWN.at(format=_shown(request.format), formats=formats))
    for text in (request.department_name, request.report, *request.columns):
        if not PLAIN_NAME.fullmatch(text):
            raise _Refusal(faults.NAME_NOT_ALLOWED.at(what=_shown(text)))
    catalogue = pl.read_csv(snapshot / "catalogue.csv", infer_schema=False)
    if request.department_name not in set(catalogue["department_name"]) | _departments(snapshot):
        raise _Refusal(faults.UNKNOWN_DEPARTMENT.at(department=_shown(request.department_name)))
    chosen = catalogue.filter(
        (pl.col("view_name") == request.report)
        | (pl.col("report_id") == request.report)
        | (pl.col("title").str.replace_all(r"\s", "") == re.sub(r"\s", "", request.report))
    )
    if chosen.is_empty():
        raise _Refusal(faults.UNKNOWN_VIEW.at(view=_shown(request.report)))
    if request.format == REPORT:  # the whole report, all its tables
        chosen = catalogue.filter(pl.col("report_id") == chosen["report_id"][0])
    elif chosen.height > 1:
        names = "、".join(chosen["view_name"])
        raise _Refusal(faults.VIEW_CHOICE.at(report=_shown(request.report), views=names))
    return [
        json.loads((snapshot / "views" / f"{view_name}.json").read_text(encoding="utf-8"))
        for view_name in chosen["view_name"]
    ]


def _departments(snapshot: Path) -> set[str]:
    facts = json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))
    return set(facts.get("departments", ()))


def _area(request: PullRequest, areas: pl.DataFrame) -> str:
    """Return the area code asked for; a name will do when only one area has it."""
    if not request.area_code:
        return str(areas.filter(pl.col("area_level") == "县")["area_code"].first())
    found = areas.filter((pl.col("area_code") == request.area_code) | (pl.col("area_name") == request.area_code))
    if found.height != 1:
        raise _Refusal(faults.AREA_NOT_GRANTED.at(area=_shown(request.area_code)))
    return str(found["area_code"].first())


def _offer(made: Mapping[str, Any]) -> Offer:
    columns = {name: "一般" for name in made["areaColumns"]}
    columns |= {c["name"]: c["sensitivity"] for c in made["columns"] if c["isGiven"]}
    return Offer(made["id"], made["domain"], made["tenant"], columns)


def _rows(
    snapshot: Path,
    made: Mapping[str, Any],
    decision: Decision,
    area: str,
    request: PullRequest,
    parents: Mapping[str, str | None],
    own: Path | None,
) -> pl.LazyFrame:
    """Return the rows that may leave, with the house's key columns still in front."""
    lazy = pl.scan_parquet(snapshot / "views" / f"{made['id']}.parquet")
    schema = lazy.collect_schema()
    is_statistics = made["ledger"] == INDICATOR
    if request.period:
        periods = lazy.select(pl.col(PERIOD).unique().sort()).collect()[PERIOD].to_list()
        if is_statistics and request.period not in periods:
            raise _Refusal(faults.PERIOD_UNKNOWN.at(period=_shown(request.period), periods="、".join(periods)))
    if is_statistics and request.department_name != made["tenant"]:
        counts = [c["name"] for c in made["columns"] if c["isGiven"] and c["unit"] in COUNTED_UNITS]
        lazy = suppressed(lazy.collect(), counts, AREA, parents).lazy()
    lazy = lazy.filter(pl.col(AREA).str.starts_with(area_stem(area)))
    if is_statistics and request.period:
        lazy = lazy.filter(pl.col(PERIOD) == request.period)
    labels = {c["name"]: c["property"] for c in made["columns"] if c["name"] in decision.masked}
    keys = [SUBJECT, AREA, PERIOD]
    return lazy.with_columns(mask_expressions(schema, labels, own)).select(*keys, *decision.columns)


def _report(
    snapshot: Path,
    contracts: Sequence[Mapping[str, Any]],
    rows: Sequence[pl.LazyFrame],
    areas: pl.DataFrame,
    area: str,
    request: PullRequest,
    facts: Mapping[str, Any],
    own: Path | None,
) -> tuple[bytes, str, int]:
    """Return (the filled template, its suffix, rows in it)."""
    views = [view_of(made) for made in contracts]
    lead = views[0]
    template = next(iter(sorted((snapshot / "templates").glob(f"{lead.report_id}.*"))), None)
    if template is None:
        raise _Refusal(faults.TEMPLATE_NOT_FILLABLE.at(name=lead.report_id, reason="没有模板文件"))
    period = request.period or period_of(lead.frequency, facts["month"])
    frames = [lazy.collect() for lazy in rows]
    if lead.layout == "card" and not request.subject and frames[0].height != 1:
        raise _Refusal(faults.SUBJECT_NEEDED.at(count=frames[0].height))
    tables = [
        (view, rows_of(view, frame, area, period, request.subject)) for view, frame in zip(views, frames, strict=True)
    ]
    if not tables[0][1] and lead.layout not in ROW_LAYOUTS:
        raise _Refusal(faults.NOTHING_FOUND.at())
    frame = make_frame(area, areas, lead.frequency, facts["month"], facts["as_of"])
    if request.period:
        frame = type(frame)(frame.area_name, frame.county_name, request.period, frame.as_of)
    try:
        body, suffix = fill_template(template.read_bytes(), template.suffix.lower(), tables, frame, own)
    except ValueError as error:
        reason = "没有可用的写入方式" if "no way" in str(error) else "文件打不开"
        raise _Refusal(faults.TEMPLATE_NOT_FILLABLE.at(name=template.name, reason=reason)) from error
    except KeyError as error:
        raise _Refusal(faults.TEMPLATE_CHANGED.at(name=template.name, sheet=error.args[0])) from error
    return body, suffix, sum(len(chosen) for _, chosen in tables)


def _entry(
    request: PullRequest,
    version: str,
    columns: Sequence[str],
    count: int,
    outcome: str,
    reason: str,
    digest: str,
    area: str = "",
) -> dict[str, Any]:
    return {
        "at": request.at,
        "department_name": _shown(request.department_name),
        "view_name": _shown(request.report),
        "snapshot": version,
        "purpose": _shown(request.purpose),
        "area_code": area or _shown(request.area_code),
        "column_names": LIST_SEPARATOR.join(columns),
        "row_count": count,
        "outcome": outcome,
        "reason": reason,
        "content_hash": digest,
    }


def _shown(text: str) -> str:
    """Return what somebody typed, fit for a log or a message: one line, at most 80 characters."""
    return re.sub(r"[\x00-\x1f\x7f]", " ", text)[:80]


def _hash(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
