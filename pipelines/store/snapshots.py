"""Published snapshots: written aside, checked, named by their content, then made current in one step.

`share/<version>/` never changes once it has its name; `share/current` is a link that is swapped atomically. Readers see
the old snapshot whole or the new one whole, and are never blocked.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
CURRENT = "current"
_ASIDE = ".aside-"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published version. is_new: False when the same content was published before."""

    version: str
    path: Path
    is_new: bool
    facts: Mapping[str, Any]


def publish(share: Path, write: Callable[[Path], Mapping[str, Any]]) -> Snapshot:
    """Write a snapshot aside, check it, name it by its content and make it current.

    write: fills an empty folder and returns facts for the manifest (JSON values that depend on the content only).
    Content that was published before keeps its version, and nothing of it is written again. When `write` raises, the
    current snapshot stays as it was.
    """
    share.mkdir(parents=True, exist_ok=True)
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
            manifest = {"version": version, **facts, "files": files}
            _write_json(aside / MANIFEST, manifest)
            if faults := verify(aside):
                raise ValueError("; ".join(faults))
            aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    if current(share) != target:
        _point(share, version)
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
