"""Reads a folder of field lists (.json) into the frame that matching takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.catalogue.match import FIELD_TYPES
from pipelines.text import squeeze
from schemas.templates import PATH_SEPARATOR


def read_field_lists(folder: Path) -> pl.DataFrame:
    """Return the fields of every .json field list under a folder, a row per field; columns `FIELD_TYPES`.

    `field_id` is "<file stem>#<index from 0>"; `form_id` is the file's stem. Files are read by name.
    Raises json.JSONDecodeError on a file that is no JSON; a caller that goes on makes it a finding, file by file.
    """
    rows = [row for file in sorted(folder.rglob("*.json")) for row in read_field_list(file)]
    return pl.DataFrame(rows, schema=FIELD_TYPES, orient="row")


def read_field_list(file: Path) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of one field list, in the order of `FIELD_TYPES`."""
    form = json.loads(file.read_text(encoding="utf-8"))
    for number, field in enumerate(form.get("fields") or []):
        path = field.get("path") or []
        yield (
            f"{file.stem}#{number}",
            file.stem,
            squeeze(form.get("form_title")),
            squeeze(form.get("issuing_department")),
            squeeze(form.get("respondent_level")),
            squeeze(form.get("frequency")),
            squeeze(form.get("layout")),
            PATH_SEPARATOR.join(squeeze(part) for part in ([path] if isinstance(path, str) else path)),
            squeeze(field.get("unit")),
            str(field.get("note") or "").strip(),
            squeeze(field.get("data_type")),
            "；".join(squeeze(option) for option in field.get("options") or []),
            squeeze(field.get("role")),
            number,
        )
