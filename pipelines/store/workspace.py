"""The workspace of one county: which folder holds what.

register/   what the county gives: 报表清单.xlsx, 区划.csv, templates/<department>/<file>
rules/      the county's own rules, on top of the shipped ones; verdicts and grants among them
inbox/      returned files are dropped here
archive/    every file ever received, by content hash, never deleted
admission/  the gate's journals (what was asked, what was decided), and the report on each form
warehouse/  oneform.duckdb, one writer
forms/      issued workbooks, by period; returned copies and receipts beside them
share/      published snapshots, and `current`
reports/    pages and workbooks for people
dagster/    Dagster's own storage and logs
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TEMPLATE_SUFFIXES = frozenset((".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv", ".docx", ".doc", ".wps", ".json"))
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A county's folder; all paths hang on `home`."""

    home: Path

    @property
    def register(self) -> Path:
        """The report register 报表清单."""
        return self.home / "register" / "报表清单.xlsx"

    @property
    def areas(self) -> Path:
        """The area table 区划."""
        return self.home / "register" / "区划.csv"

    @property
    def templates(self) -> Path:
        """The departments' templates, a folder per department."""
        return self.home / "register" / "templates"

    @property
    def rules(self) -> Path:
        """The county's own rules."""
        return self.home / "rules"

    @property
    def inbox(self) -> Path:
        """Where returned files are dropped."""
        return self.home / "inbox"

    @property
    def archive(self) -> Path:
        """Every file ever received, by content hash."""
        return self.home / "archive"

    @property
    def admission(self) -> Path:
        """The gate's journals, and a folder per request."""
        return self.home / "admission"

    @property
    def requests(self) -> Path:
        """Forms that were put before the gate, append-only."""
        return self.admission / "申请登记.csv"

    @property
    def decisions(self) -> Path:
        """What people decided on them, append-only."""
        return self.admission / "决定登记.csv"

    @property
    def database(self) -> Path:
        """The warehouse's file."""
        return self.home / "warehouse" / "oneform.duckdb"

    @property
    def forms(self) -> Path:
        """Issued workbooks, by period."""
        return self.home / "forms"

    @property
    def ledgers(self) -> Path:
        """The wide ledgers as they stand."""
        return self.home / "ledgers"

    @property
    def readings(self) -> Path:
        """What was read of templates, by content hash, so that nothing is read twice."""
        return self.home / "readings"

    @property
    def share(self) -> Path:
        """Published snapshots."""
        return self.home / "share"

    @property
    def pull_log(self) -> Path:
        """The hash-chained log of pulls and refusals."""
        return self.home / "share" / "调取日志.jsonl"

    @property
    def evidence(self) -> Path:
        """Dated copies of what the burden figures were computed from."""
        return self.home / "evidence"

    @property
    def reports(self) -> Path:
        """Pages and workbooks for people."""
        return self.home / "reports"

    @property
    def dagster(self) -> Path:
        """Dagster's storage and logs."""
        return self.home / "dagster"

    def settings(self) -> dict[str, str]:
        """Return the settings in workspace.toml: county_name, period, contact …; empty when there is none."""
        file = self.home / "workspace.toml"
        if not file.exists():
            return {}
        return {key: str(value) for key, value in tomllib.loads(file.read_text(encoding="utf-8")).items()}

    def template_files(self) -> list[Path]:
        """Return every template, sorted; lock files of open documents (~$…) are none."""
        if not self.templates.exists():
            return []
        return sorted(
            path
            for path in self.templates.rglob("*")
            if path.suffix.lower() in TEMPLATE_SUFFIXES and not path.name.startswith(("~$", "."))
        )

    def inbox_files(self) -> list[Path]:
        """Return the files that wait in the inbox, sorted by name."""
        if not self.inbox.exists():
            return []
        return sorted(
            path for path in self.inbox.rglob("*") if path.is_file() and not path.name.startswith(("~$", "."))
        )


def open_workspace(home: Path | str | None = None) -> Workspace:
    """Return the workspace at `home`, else at $ONEFORM_HOME, else `data/` beside the code. Creates no folder."""
    chosen = home or os.environ.get("ONEFORM_HOME") or SAMPLE.parent
    return Workspace(Path(chosen).expanduser().resolve())


def found(workspace: Workspace, source: Path = SAMPLE) -> bool:
    """Copy a county's inputs (register, areas, templates, rules, settings) into an empty workspace.

    Returns False and touches nothing when the workspace already has a register.
    """
    if workspace.register.exists():
        return False
    workspace.templates.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source / "报表清单.xlsx", workspace.register)
    shutil.copy2(source / "区划.csv", workspace.areas)
    shutil.copytree(source / "templates", workspace.templates, dirs_exist_ok=True)
    if (source / "rules").exists():
        shutil.copytree(source / "rules", workspace.rules, dirs_exist_ok=True)
    if (source / "workspace.toml").exists():
        shutil.copy2(source / "workspace.toml", workspace.home / "workspace.toml")
    for folder in (workspace.inbox, workspace.rules):
        folder.mkdir(parents=True, exist_ok=True)
    return True


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def fingerprint(paths: Iterable[Path], root: Path) -> str:
    """Return one hash over the names (relative to root) and contents of files; the order does not matter."""
    digest = hashlib.sha256()
    for path in sorted(set(paths)):
        if path.is_file():
            digest.update(f"{path.relative_to(root)}\0{file_hash(path)}\n".encode())
    return digest.hexdigest()
