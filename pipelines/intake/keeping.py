"""Readings kept by content and reader version: a folder read once is read again as fast as it can be hashed."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pipelines.rulebook import SHIPPED
from schemas.faults import Finding
from schemas.templates import Check, FieldReading, TableReading

_HERE = Path(__file__).resolve().parent
_FIELD = tuple(one.name for one in fields(FieldReading))
_CHECK = ("kind", "target", "parts", "text")
_FINDING = tuple(one.name for one in fields(Finding) if one.name != "file")
_PLAIN = tuple(one.name for one in fields(TableReading) if one.name not in ("file", "fields", "checks", "findings"))
_PATH, _OPTIONS = _FIELD.index("path"), _FIELD.index("options")


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
        return unpacked((cache / reader_version() / f"{key}.json").read_bytes(), file)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(cache: Path, key: str, packed_tables: bytes) -> None:
    """Keep the readings of a file, as `packed` gave them."""
    folder = cache / reader_version()
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / f"{key}.json"
    part = whole.with_suffix(f".{os.getpid()}")
    part.write_bytes(packed_tables)
    part.replace(whole)


def packed(tables: Sequence[TableReading]) -> bytes:
    """Return readings as JSON: values by position, the file left out, for it is where the file stands today."""
    content = [
        [
            [getattr(table, name) for name in _PLAIN],
            [[getattr(one, name) for name in _FIELD] for one in table.fields],
            [[getattr(one, name) for name in _CHECK] for one in table.checks],
            [[getattr(one, name) for name in _FINDING] for one in table.findings],
        ]
        for table in tables
    ]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def unpacked(data: bytes, file: str) -> list[TableReading]:
    """Return the readings of `packed`, with their file."""
    found = []
    for plain, asked, checks, findings in json.loads(data.decode("utf-8", "surrogatepass")):
        values = dict(zip(_PLAIN, plain, strict=True))
        for name in ("header_rows", "data_rows", "notes"):
            values[name] = None if values[name] is None else tuple(values[name])
        found.append(
            TableReading(
                file=file,
                fields=tuple(map(_field, asked)),
                checks=tuple(Check(kind, target, tuple(parts), text) for kind, target, parts, text in checks),
                findings=tuple(Finding(**dict(zip(_FINDING, one, strict=True)), file=file) for one in findings),
                **values,
            )
        )
    return found


def _field(values: list[Any]) -> FieldReading:
    values[_PATH], values[_OPTIONS] = tuple(values[_PATH]), tuple(values[_OPTIONS])
    return FieldReading(*values)
