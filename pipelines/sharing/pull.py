"""An audited pull from a published snapshot: decided by the one policy, logged before the data leaves, refusals too."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from pipelines.sharing.export import WRITERS, HashedFile, Leaving, one_group
from pipelines.sharing.filling.template import ROW_LAYOUTS, fill_template
from pipelines.sharing.granted import (
    KEYS,
    Granted,
    GrantRows,
    PullRequest,
    granted,
    part,
    parts_of,
    row_count,
    rows,
    span,
)
from pipelines.sharing.parquet_columns import copy_rows
from pipelines.sharing.publish import make_frame, rows_of
from pipelines.sharing.refusal import Refusal, shown
from pipelines.sharing.snapshot_reader import SnapshotReader
from pipelines.sharing.views.describe import view_of
from pipelines.sharing.views.roll_up import NONE, period_of
from schemas.faults import Finding
from schemas.faults import sharing as faults
from schemas.sharing import GIVEN, REFUSED
from schemas.words import LIST_SEPARATOR

REPORT = "report"
Log = Callable[[Mapping[str, Any]], Any]
"""Appends an entry to the log and returns it with its number and hash (pipelines.store.audit_log.append)."""


@dataclass(frozen=True, slots=True)
class PullResult:
    """path: where the data lies, None when refused; refusal says why; receipt: number and hash of the log's entry."""

    is_given: bool
    path: Path | None
    row_count: int
    columns: tuple[str, ...]
    masked: tuple[str, ...]
    version: str
    content_hash: str
    refusal: Finding | None = None
    receipt: Mapping[str, Any] = field(default_factory=dict)


def pull(
    snapshot: Path | SnapshotReader | None,
    request: PullRequest,
    out: Path,
    log: Log,
    grants: GrantRows = (),
    own_rules: Path | None = None,
) -> PullResult:
    """Write what a department may have into `out`, or refuse.

    snapshot: a published version (None: nothing is published). grants: rows of Grants; a department's own report needs
    none, unless they mention it. out: the file; its suffix is put right for a filled report. The order is: decide,
    write beside `out` (hashed as it is written), log, and only then give `out` its name; what cannot be logged does not
    leave. Refusals are in the result, never exceptions; their texts hold no values of the data.
    """
    reader = SnapshotReader(snapshot) if isinstance(snapshot, Path) else snapshot
    try:
        if reader is None:
            raise Refusal(faults.NO_SNAPSHOT.at())
        return _give(reader, request, out, log, grants, own_rules)
    except Refusal as refusal:
        finding, version = refusal.finding, reader.version if reader else ""
        receipt = log(entry(request, version, outcome=REFUSED, reason=f"{finding.code} {finding.title}"))
        return PullResult(False, None, 0, (), (), version, "", finding, receipt or {})


def _give(
    reader: SnapshotReader, request: PullRequest, out: Path, log: Log, grants: GrantRows, own: Path | None
) -> PullResult:
    if request.format != REPORT and request.format not in WRITERS:
        formats = "、".join([*WRITERS, REPORT])
        raise Refusal(faults.FORMAT_UNKNOWN.at(format=shown(request.format), formats=formats))
    tables = granted(reader, request, grants, is_whole=request.format == REPORT)
    aside = out.with_name(f".{out.name}.{os.getpid()}.part")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        with HashedFile(aside) as file:
            if request.format == REPORT:
                body, suffix, count = _report(reader, tables, request, own)
                file.write(body)
                out = out.with_suffix(suffix)
            else:
                _write(reader, tables[0], request.format, file, own)
                count = row_count(reader, tables[0])
        digest = file.hexdigest()
        receipt = log(given_entry(request, reader, tables, count, digest))
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
    columns = tuple(dict.fromkeys(c for table in tables for c in table.decision.columns))
    masked = tuple(sorted({c for table in tables for c in table.decision.masked}))
    return PullResult(True, out, count, columns, masked, reader.version, digest, None, receipt or {})


def _write(reader: SnapshotReader, given: Granted, form: str, file: HashedFile, own: Path | None) -> None:
    run = span(reader, given) if form == "parquet" else None
    if run is None:
        parts = (some.drop(KEYS) for some in parts_of(reader, given, own))
        leaving = Leaving(rows(reader, given, own).drop(KEYS), parts)
        WRITERS[form](leaving, file, str(given.contract["name"]))
        return
    place, about = reader.rows(given.view_name).path, given.decision

    def encode(start: int, count: int, columns: Sequence[str]) -> bytes:
        return one_group(part(reader, given, start, count, columns, own))

    copy_rows(place, about.columns, cast("IO[bytes]", file), run, about.masked, encode)


def given_entry(
    request: PullRequest, reader: SnapshotReader, tables: Sequence[Granted], count: int, digest: str
) -> dict[str, Any]:
    """Return the log's entry for what is about to leave."""
    masked = {c for table in tables for c in table.decision.masked}
    reason = "授权 " + "、".join(dict.fromkeys(g for table in tables for g in table.decision.grants))
    return entry(
        request,
        reader.version,
        columns=tuple(dict.fromkeys(c for table in tables for c in table.decision.columns)),
        count=count,
        outcome=GIVEN,
        reason=reason + (f"；脱敏 {len(masked)} 列" if masked else ""),
        digest=digest,
        area=tables[0].area,
        view_version="、".join(dict.fromkeys(str(table.contract.get("version", "")) for table in tables)),
    )


def entry(
    request: PullRequest,
    version: str,
    *,
    outcome: str,
    reason: str,
    columns: Sequence[str] = (),
    count: int = 0,
    digest: str = "",
    area: str = "",
    view_version: str = "",
) -> dict[str, Any]:
    """Return an entry of the log (PullLog without number and hashes); what was typed is cut to one line."""
    return {
        "at": request.at,
        "department_name": shown(request.department_name),
        "view_name": shown(request.report),
        "snapshot": version,
        "purpose": shown(request.purpose),
        "area_code": area or shown(request.area_code),
        "column_names": LIST_SEPARATOR.join(columns),
        "row_count": count,
        "outcome": outcome,
        "reason": reason,
        "content_hash": digest,
        "channel": request.channel,
        "caller": shown(request.caller),
        "period": shown(request.period),
        "view_version": view_version,
    }


def _report(
    reader: SnapshotReader, given: Sequence[Granted], request: PullRequest, own: Path | None
) -> tuple[bytes, str, int]:
    """Return (the filled template, its suffix, rows in it)."""
    facts, area = reader.facts, given[0].area
    views = [view_of(table.contract) for table in given]
    lead = views[0]
    template = next(iter(sorted((reader.path / "templates").glob(f"{lead.report_id}.*"))), None)
    if template is None and facts.get("unfillable", {}).get(lead.report_id) == faults.TEMPLATE_CHANGED.code:
        raise Refusal(faults.TEMPLATE_CHANGED.at(name=lead.report_id, what="文件内容变了"))
    if template is None:
        raise Refusal(faults.TEMPLATE_NOT_FILLABLE.at(name=lead.report_id, reason="没有模板文件"))
    period = request.period or period_of(lead.frequency, facts["month"], facts.get("short", NONE))
    frames = [rows(reader, table, own).collect() for table in given]
    if lead.layout == "card" and not request.subject and frames[0].height != 1:
        raise Refusal(faults.SUBJECT_NEEDED.at(count=frames[0].height))
    tables = [
        (view, rows_of(view, frame, area, period, request.subject)) for view, frame in zip(views, frames, strict=True)
    ]
    if not tables[0][1] and lead.layout not in ROW_LAYOUTS:
        raise Refusal(faults.NOTHING_FOUND.at())
    now = (facts["month"], facts["as_of"], facts.get("short", NONE))
    frame = make_frame(area, reader.areas, lead.frequency, *now)
    if request.period:
        frame = type(frame)(frame.area_name, frame.county_name, request.period, frame.as_of)
    try:
        body, suffix = fill_template(template.read_bytes(), template.suffix.lower(), tables, frame, own)
    except ValueError as error:
        reason = "没有可用的写入方式" if "no way" in str(error) else "文件打不开"
        raise Refusal(faults.TEMPLATE_NOT_FILLABLE.at(name=template.name, reason=reason)) from error
    except KeyError as error:
        raise Refusal(faults.TEMPLATE_CHANGED.at(name=template.name, what=f"找不到“{error.args[0]}”")) from error
    return body, suffix, sum(len(chosen) for _, chosen in tables)
