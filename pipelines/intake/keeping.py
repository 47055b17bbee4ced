"""Readings kept by content and reader version: a folder read once is read again as fast as it can be hashed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipelines.rulebook import SHIPPED
from schemas.faults import Finding
from schemas.templates import Check, FieldReading, TableReading

_HERE = Path(__file__).resolve().parent
_TUPLES = ("header_rows", "data_rows", "notes")


@lru_cache
def reader_version() -> str:
    """Return the version of the reader: a hash of its code, its contract and its rules, so that none is forgotten."""
    digest = sha256()
    files = [*_HERE.rglob("*.py"), _HERE.parent / "text.py", _HERE.parents[1] / "schemas" / "templates.py"]
    for path in sorted(files) + sorted(SHIPPED.glob("intake*")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def key_of(path: Path, data: bytes, overrides: bytes = b"") -> str:
    """Return the key of a file's readings: content, name (extensions are checked), overrides."""
    digest = sha256(data)
    digest.update(b"\0" + path.name.encode("utf-8", "surrogateescape") + b"\0" + overrides)
    return digest.hexdigest()


def kept(cache: Path, key: str, file: str) -> list[TableReading] | None:
    """Return the kept readings, with `file` as their file; None when there are none or they cannot be read."""
    try:
        content = json.loads((cache / reader_version() / f"{key}.json").read_bytes())
        return [_table(entry, file) for entry in content]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(cache: Path, key: str, tables: Sequence[TableReading]) -> None:
    """Keep the readings of a file. The file's name is left out: it is where the file stands today."""
    folder = cache / reader_version()
    folder.mkdir(parents=True, exist_ok=True)
    content = [asdict(_nameless(table)) for table in tables]
    whole = folder / f"{key}.json"
    part = whole.with_suffix(".part")
    part.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    part.replace(whole)


def _nameless(table: TableReading) -> TableReading:
    return replace(table, file="", findings=tuple(replace(finding, file="") for finding in table.findings))


def _table(entry: dict[str, Any], file: str) -> TableReading:
    fields = tuple(
        FieldReading(**{**one, "path": tuple(one["path"]), "options": tuple(one["options"])}) for one in entry["fields"]
    )
    checks = tuple(Check(**{**one, "parts": tuple(one["parts"])}) for one in entry["checks"])
    findings = tuple(Finding(**{**one, "file": file}) for one in entry["findings"])
    plain = {name: tuple(entry[name]) if entry[name] is not None else None for name in _TUPLES}
    return TableReading(**{**entry, **plain, "file": file, "fields": fields, "checks": checks, "findings": findings})
