"""What the HTTP interface does, without HTTP: who asks, what may leave, and the log's entry before it leaves."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import rulebook
from pipelines.sharing import tokens
from pipelines.sharing.granted import KEYS, PullRequest, granted, offer, page
from pipelines.sharing.policy import Request, decide, own_report_grants, standing
from pipelines.sharing.pull import PullResult, entry, given_entry, pull
from pipelines.sharing.refusal import Refusal
from pipelines.sharing.snapshot_reader import Contract, SnapshotReader
from pipelines.store.audit_keeping import of_department
from pipelines.store.audit_queue import LogQueue
from pipelines.store.snapshots import current
from pipelines.store.workspace import Workspace
from pipelines.surface.serve.cursors import opened, sealed
from schemas.faults import Finding
from schemas.faults import sharing as faults
from schemas.sharing import GIVEN, REFUSED

CHANNEL = "HTTP"
KEPT_READERS = 4
"""Snapshots kept open: the current one, and those in which somebody still turns pages."""
_SHOWN = ("name", "dataType", "unit", "elementName", "source", "sourceDepartment", "rule", "freshAt", "missing")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who stands at the counter. department is empty as long as no token says so."""

    address: str
    token: tokens.Token | None = None

    @property
    def department(self) -> str:
        """The department of the token."""
        return self.token.department_name if self.token else ""

    @property
    def name(self) -> str:
        """How the log names the caller: the token's number and the address."""
        return f"{self.token.token_id} {self.address}" if self.token else self.address


@dataclass(frozen=True, slots=True)
class Answer:
    """A body that may leave: it is in the log. receipt: number and hash of its entry."""

    body: bytes
    receipt: Mapping[str, Any]


class Service:
    """The counter of one workspace. Rules are read anew when their files change, the snapshot when it is swapped."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._queue = LogQueue(workspace.pull_log)
        self._readers: dict[Path, SnapshotReader] = {}
        self._tables: dict[str, tuple[tuple[int, int], list[dict[str, str]]]] = {}
        self._lock = threading.Lock()
        self._spool = workspace.share / ".spool"
        shutil.rmtree(self._spool / str(os.getpid()), ignore_errors=True)

    def caller(self, secret: str, address: str) -> Caller:
        """Return who a token belongs to. Raises Refusal."""
        known = tokens.tokens(self._table(tokens.TABLE))
        return Caller(address, tokens.recognised(known, secret, _today()))

    def views(self, request: PullRequest) -> Answer:
        """Return the views that the department may have today, each with its columns, areas and purposes."""
        reader = self._reader()
        grants = self._grants(request.department_name, reader)
        found = [self._listed(reader, row, grants, request.department_name) for row in reader.catalogue]
        views = [one for one in found if one is not None]
        content = {"version": reader.version, "month": reader.facts["month"], "views": views}
        return self._answer(content, request, reader, len(views))

    def view(self, request: PullRequest) -> Answer:
        """Return what a view is, and of its columns those that are granted."""
        reader = self._reader()
        made = reader.chosen(request.report, is_whole=False)[0]
        listed = self._listed(
            reader, {"view_name": made["id"]}, self._grants(request.department_name, reader), request.department_name
        )
        if listed is None:
            raise Refusal(faults.NO_GRANT.at(department=request.department_name, view=made["id"]))
        names = set(listed["columns"])
        columns = [{"name": name, "dataType": "text"} for name in made["areaColumns"] if name in names]
        columns += [{key: c.get(key) for key in _SHOWN} for c in made["columns"] if c["isGiven"] and c["name"] in names]
        about = {"version": reader.version, "frequency": made["frequency"], "grain": made["grain"], "schema": columns}
        return self._answer(listed | about, request, reader, 1)

    def page(self, request: PullRequest, caller: Caller, limit: int, mark: str) -> Answer:
        """Return a page of rows, and the mark of the next one; a mark stays with the version it was made for."""
        seal = caller.token.token_hash if caller.token else ""
        asked = (request.report, request.area_code, request.period, str(limit), *request.columns)
        version, start = opened(seal, mark, asked) if mark else ("", 0)
        reader = self._reader(version)
        table = granted(reader, request, self._table("grants"))[0]
        own = self._workspace.rules
        frame, total = page(reader, table, start, limit, own)
        after = start + frame.height
        about = {
            "view": table.view_name,
            "version": reader.version,
            "area_code": table.area,
            "period": table.period,
            "total": total,
            "start": start,
            "columns": table.decision.columns,
            "masked": sorted(table.decision.masked),
            "next": sealed(seal, reader.version, after, asked) if after < total else None,
        }
        shown = frame.drop(KEYS).with_columns(pl.selectors.decimal().cast(pl.Float64))
        head = json.dumps(about, ensure_ascii=False)[:-1].encode()
        body = head + b', "rows": ' + shown.write_json().encode() + b"}"
        digest = hashlib.sha256(body).hexdigest()
        return Answer(body, self._queue.append(given_entry(request, reader, [table], frame.height, digest)))

    def whole(self, request: PullRequest) -> tuple[PullResult, Iterator[bytes] | None, int]:
        """Return (result, the file's blocks, its length); the file is gone from the disk once it is open."""
        reader = self._reader()
        folder = self._spool / str(os.getpid())
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = Path(tempfile.mkdtemp(dir=folder))
        try:
            log, own = self._queue.append, self._workspace.rules
            result = pull(reader, request, aside / "data", log, self._table("grants"), own)
            if result.path is None:
                return result, None, 0
            file = result.path.open("rb")
            return result, iter(partial(_block, file), b""), result.path.stat().st_size
        finally:
            shutil.rmtree(aside)

    def own_log(self, request: PullRequest, count: int) -> Answer:
        """Return the department's own newest entries of the log, without those of others."""
        reader = self._reader()
        entries = of_department(self._workspace.pull_log, request.department_name, count)
        return self._answer({"entries": entries}, request, reader, len(entries))

    def refuse(self, request: PullRequest, finding: Finding) -> Mapping[str, Any]:
        """Log a refusal and return its receipt."""
        reason = f"{finding.code} {finding.title}"
        return self._queue.append(entry(request, self._version(), outcome=REFUSED, reason=reason))

    def _answer(self, content: Mapping[str, Any], request: PullRequest, reader: SnapshotReader, count: int) -> Answer:
        body = json.dumps(content, ensure_ascii=False).encode()
        digest = hashlib.sha256(body).hexdigest()
        made = entry(request, reader.version, outcome=GIVEN, reason="目录信息", count=count, digest=digest)
        return Answer(body, self._queue.append(made))

    def _listed(
        self, reader: SnapshotReader, row: Mapping[str, str], grants: Sequence[Mapping[str, Any]], department: str
    ) -> dict[str, Any] | None:
        """Return a view as the list shows it, None when no grant of today gives anything of it."""
        made: Contract = reader.contract(row["view_name"])
        one = offer(made)
        scopes = []
        for grant in grants:
            area = grant["area_code"]
            asked = Request(department, one.view_name, grant["purpose"], area, _today())
            decision = decide([grant], asked, one)
            if decision.is_allowed:
                scopes.append((grant, decision))
        if not scopes:
            return None
        columns = {c for _, decision in scopes for c in decision.columns}
        clear = {c for _, decision in scopes for c in decision.columns if c not in decision.masked}
        return {
            "view": made["id"],
            "report": made["domain"],
            "title": made["name"],
            "department": made["tenant"],
            "columns": [c for c in one.sensitivity if c in columns],
            "masked": [c for c in one.sensitivity if c in columns - clear],
            "grants": [
                {key: grant[key] for key in ("grant_id", "area_code", "purpose", "legal_basis", "valid_until")}
                for grant, _ in scopes
            ],
            "rows": made["rowCount"] if any(grant["area_code"] == reader.county for grant, _ in scopes) else None,
        }

    def _grants(self, department: str, reader: SnapshotReader) -> list[Mapping[str, Any]]:
        rows = self._table("grants")
        offers = [offer(reader.contract(row["view_name"])) for row in reader.catalogue]
        own = own_report_grants(standing(rows, offers), reader.county, reader.facts.get("legal_basis", {}))
        return [grant for grant in [*rows, *own] if grant["department_name"] == department]

    def _version(self) -> str:
        snapshot = current(self._workspace.share)
        return snapshot.name if snapshot else ""

    def _reader(self, version: str = "") -> SnapshotReader:
        """Return the current snapshot, or an older one by its version. Raises Refusal when it is not there."""
        path = self._workspace.share / version if version else current(self._workspace.share)
        if path is None:
            raise Refusal(faults.NO_SNAPSHOT.at())
        with self._lock:
            reader = self._readers.pop(path, None)
            if not (path / "manifest.json").exists():
                raise Refusal(faults.CURSOR_GONE.at())
            if reader is None:
                reader = SnapshotReader(path)
            self._readers[path] = reader
            while len(self._readers) > KEPT_READERS:
                del self._readers[next(iter(self._readers))]
        return reader

    def _table(self, name: str) -> list[dict[str, str]]:
        path = self._workspace.rules / f"{name}.csv"
        try:
            about = path.stat()
        except FileNotFoundError:
            return []
        stamp = (about.st_mtime_ns, about.st_size)
        held = self._tables.get(name)
        if held is None or held[0] != stamp:
            held = self._tables[name] = (stamp, rulebook.own_rows(name, self._workspace.rules))
        return held[1]


def now() -> str:
    """Return the time of a request, ISO 8601."""
    return datetime.now().isoformat(timespec="seconds")


def _today() -> str:
    return now()[:10]


def _block(file: Any) -> bytes:
    block: bytes = file.read(1 << 20)
    if not block:
        file.close()
    return block
