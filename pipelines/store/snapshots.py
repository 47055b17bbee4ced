"""Published snapshots: written aside, checked, named by their content, then made current in one step.

`share/<version>/` never changes once it has its name; `share/current` is a link that is swapped atomically. Readers see
the old snapshot whole or the new one whole, and are never blocked.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas.faults import Finding

MANIFEST = "manifest.json"
CURRENT = "current"
RECORD = "发布记录.jsonl"
"""When which version became current; a line per swap."""
_ASIDE = ".aside-"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published version. is_new: False when the same content was published before."""

    version: str
    path: Path
    is_new: bool
    facts: Mapping[str, Any]


class Refused(Exception):
    """A new version broke its contract and was not published. findings: what broke it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(str(finding) for finding in findings))
        self.findings = findings


def publish(
    share: Path,
    write: Callable[[Path], Mapping[str, Any]],
    finish: Callable[[Path, Path | None], Sequence[Finding]] = lambda aside, before: (),
    now: str = "",
) -> Snapshot:
    """Write a snapshot aside, check it, name it by its content and make it current.

    write: fills an empty folder and returns facts for the manifest (JSON values that depend on the content only).
    finish: checks new content and adds what compares it with the snapshot before; a finding of severity "error" stops
    the publication. What it adds is in the manifest, but does not name the version: content that was published before
    keeps its version, and nothing of it is written again. now: the time of the swap, ISO 8601.
    When `write` raises, or with Refused, the current snapshot stays as it was.
    """
    share.mkdir(parents=True, exist_ok=True)
    _sweep(share)
    aside = share / f"{_ASIDE}{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    try:
        facts = write(aside)
        files = inventory(aside)
        version = _version(files, facts)
        target = share / version
        is_new = not target.exists()
        if is_new:
            broken = [finding for finding in finish(aside, current(share)) if finding.severity == "error"]
            if broken:
                raise Refused(broken)
            files |= {name: stated for name, stated in inventory(aside).items() if name not in files}
            _write_json(aside / MANIFEST, {"version": version, **facts, "files": files})
            if faults := verify(aside):
                raise ValueError("; ".join(faults))
            aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    before = current(share)
    if before != target:
        _point(share, version)
    if before != target or not (share / RECORD).exists():
        _record(share, version, before.name if before else "", now or datetime.now().isoformat(timespec="seconds"))
    return Snapshot(version, target, is_new, facts)


def current(share: Path) -> Path | None:
    """Return the folder of the current snapshot, None when nothing was published."""
    link = share / CURRENT
    return link.resolve() if link.exists() else None


def versions(share: Path) -> list[str]:
    """Return the versions that are kept, by name."""
    if not share.exists():
        return []
    return sorted(
        path.name for path in share.iterdir() if path.is_dir() and (path / MANIFEST).exists() and not path.is_symlink()
    )


def publications(share: Path) -> list[dict[str, str]]:
    """Return version, before and at of every swap, the oldest first."""
    file = share / RECORD
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]  # a line cut off by a kill says nothing


def prune(share: Path, keep_days: int, keep_versions: int, today: str, pinned: Sequence[str] = ()) -> list[str]:
    """Delete snapshots that were last current more than `keep_days` before `today`, and return their versions.

    The newest `keep_versions`, the current one, the pinned ones and those whose time is not on record stay.
    """
    last: dict[str, str] = {}
    became: dict[str, int] = {}
    for number, line in enumerate(publications(share)):
        became[line["version"]] = number
        last[line["version"]] = line["at"]
        if line["before"]:
            last[line["before"]] = line["at"]  # it was current until then
    newest = sorted(became, key=lambda version: became[version], reverse=True)[:keep_versions]
    here = current(share)
    kept = {*newest, *pinned, here.name if here else ""}
    gone = []
    for version in versions(share):
        at = last.get(version)
        if at is None or version in kept:
            continue
        age = datetime.fromisoformat(today) - datetime.fromisoformat(at[:10])
        if age.days > keep_days:
            aside = share / f"{_ASIDE}{os.getpid()}-old"
            (share / version).rename(aside)  # away in one step: nobody meets half of it
            shutil.rmtree(aside)
            gone.append(version)
    return gone


def manifest(snapshot: Path) -> dict[str, Any]:
    """Return a snapshot's manifest. Raises FileNotFoundError when the folder is no snapshot."""
    found: dict[str, Any] = json.loads((snapshot / MANIFEST).read_text(encoding="utf-8"))
    return found


def inventory(folder: Path) -> dict[str, dict[str, Any]]:
    """Return sha256 and size of every file below a folder, by its path from there; the manifest itself left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST:
            with path.open("rb") as handle:
                found[name] = {
                    "sha256": hashlib.file_digest(handle, "sha256").hexdigest(),
                    "bytes": path.stat().st_size,
                }
    return found


def verify(snapshot: Path) -> list[str]:
    """Return (in Chinese) changed, missing and foreign files against the manifest; empty when all is well."""
    stated = manifest(snapshot)["files"]
    actual = inventory(snapshot)
    faults = [f"缺少文件 {name}" for name in sorted(stated.keys() - actual.keys())]
    faults += [f"多出文件 {name}" for name in sorted(actual.keys() - stated.keys())]
    faults += [f"文件被改动 {name}" for name in sorted(stated.keys() & actual.keys()) if stated[name] != actual[name]]
    return faults


def _version(files: Mapping[str, Any], facts: Mapping[str, Any]) -> str:
    content = json.dumps([files, facts], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "v" + hashlib.sha256(content.encode()).hexdigest()[:12]


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")


def _point(share: Path, version: str) -> None:
    """Swap the link: made beside the old one, then moved over it, which the file system does in one step."""
    link = share / f"{_ASIDE}{os.getpid()}-link"
    link.unlink(missing_ok=True)
    link.symlink_to(version, target_is_directory=True)
    os.replace(link, share / CURRENT)


def contracts(snapshot: Path | None) -> list[dict[str, Any]]:
    """Return the data contracts of a snapshot's views, by name; none when nothing is published."""
    if snapshot is None:
        return []
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((snapshot / "views").glob("*.json"))]


def _record(share: Path, version: str, before: str, at: str) -> None:
    with (share / RECORD).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"version": version, "before": before, "at": at}, ensure_ascii=False) + "\n")


def _sweep(share: Path) -> None:
    """Remove what processes left aside that were killed; those still running keep theirs."""
    for path in share.glob(f"{_ASIDE}*"):
        process = path.name.removeprefix(_ASIDE).split("-")[0]
        if process.isdigit() and int(process) != os.getpid() and Path(f"/proc/{process}").exists():
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
