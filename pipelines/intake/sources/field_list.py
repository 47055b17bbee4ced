"""Field lists in JSON: a form that somebody has already taken apart, read as one table of layout "list"."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any

from pipelines.intake.sources.limits import Unreadable, limit
from pipelines.intake.sources.text_table import decode
from pipelines.text import squeeze
from schemas.faults import intake as faults
from schemas.templates import FieldReading, TableReading

_ROLES = ("fill", "derived", "serial", "meta")


def read_field_list(data: bytes, file: str) -> list[TableReading]:
    """Return the table of `{"form_title", "issuing_department", "form_code", "fields": [{"path", "unit", "note"}]}`.

    `cell` is "#n", n the field's index from 0: the place in the file that it came from. Raises Unreadable when the
    text is no JSON, or not of this shape.
    """
    text, findings = decode(data, file)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(faults.FIELD_LIST_SHAPE.at(file=file, why=f"不是完整的 JSON（{str(error)[:60]}）")) from error
    if not isinstance(content, dict) or not isinstance(content.get("fields"), list):
        raise Unreadable(faults.FIELD_LIST_SHAPE.at(file=file, why="缺少 fields 列表"))
    fields = []
    for number, entry in enumerate(content["fields"][: limit("sheet", "cells")]):
        path = _path(entry)
        if path:
            fields.append(_field(entry, path, number))
        else:
            findings.append(
                faults.FIELD_LIST_SHAPE.at(file=file, cell=f"#{number}", why=f"第 {number + 1} 个栏目没有 path")
            )
    if not fields:
        findings.append(faults.NO_FORM.at(file=file))
    return [
        TableReading(
            file=file,
            sheet=PurePath(file).stem,
            layout="list",
            title=_text(content.get("form_title")),
            form_code=_text(content.get("form_code")),
            issuing_body=_text(content.get("issuing_department")),
            approval_no=_text(content.get("approval_no")),
            valid_until=_text(content.get("valid_until")),
            period=_text(content.get("frequency")),
            unit=_text(content.get("unit")),
            fields=tuple(fields),
            findings=tuple(findings),
        )
    ]


def _path(entry: Any) -> tuple[str, ...]:
    path = entry.get("path") if isinstance(entry, dict) else entry
    if isinstance(path, str):
        path = [path]
    if not isinstance(path, list):
        return ()
    return tuple(part for part in (squeeze(one) for one in path if isinstance(one, str | int | float)) if part)


def _field(entry: Any, path: tuple[str, ...], number: int) -> FieldReading:
    more = entry if isinstance(entry, dict) else {}
    options = more.get("options")
    return FieldReading(
        path=path,
        cell=f"#{number}",
        unit=_text(more.get("unit")),
        code=_text(more.get("code")),
        role=more["role"] if more.get("role") in _ROLES else "fill",
        options=tuple(str(one) for one in options) if isinstance(options, list) else (),
        note=_text(more.get("note")),
    )


def _text(value: Any) -> str | None:
    return str(value).strip() or None if isinstance(value, str | int | float) else None
