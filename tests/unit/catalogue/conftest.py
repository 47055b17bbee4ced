"""Small catalogues: forms written as short lines, matched by hand or by the real matching."""

import polars as pl
import pytest

from pipelines.catalogue.match import DECOMPOSITION_TYPES, FIELD_TYPES, PAIR_TYPES, Matched
from pipelines.catalogue.registry import accept, register
from pipelines.catalogue.verdicts import settle
from schemas.elements import Elements, Verdicts

PLACE = dict.fromkeys(("file", "sheet", "cell", "number_format"), pl.String()) | {"table_no": pl.Int64()}


def fields_of(rows):
    """ReportFields of (form, path, key, extra) rows; the key is only for `matched_of`."""
    table = []
    for number, (form, path, _, extra) in enumerate(rows):
        base = dict.fromkeys(FIELD_TYPES, "") | {"file": f"{form}.xlsx", "sheet": "Sheet1", "cell": f"A{number + 1}"}
        base |= {"field_id": f"{form}#{number}", "form_id": form, "form_title": f"{form}表", "path": path}
        base |= {"department_name": "民政局", "field_no": number} | {k: v for k, v in extra.items() if k in base}
        table.append(base | {"number_format": extra.get("number_format"), "table_no": 1})
    return pl.DataFrame(table, schema=FIELD_TYPES | PLACE)


def matched_of(rows, pairs=()):
    """What matching would say: the key (object class.property[qualifiers]) and the extras are given by hand."""
    parts, groups = [], []
    for number, (form, path, key, extra) in enumerate(rows):
        field_id = extra.get("field_id", f"{form}#{number}")
        name, _, inner = key.partition("[")
        object_class, _, prop = name.partition(".")
        row = {
            "field_id": field_id,
            "role": extra.get("role") or "fill",
            "object_class": object_class,
            "property": prop or path,
            "qualifiers": inner.removesuffix("]"),
            "unit": extra.get("unit", ""),
            "temporal": extra.get("temporal", "none"),
            "data_type": extra.get("data_type", "text"),
            "subject": object_class,
            "element_key": key,
            "reason": "手写",
            "confidence": 1.0,
        }
        parts.append(row)
        groups.append({"field_id": field_id, "group_key": extra.get("group", key)})
    asked = [
        dict.fromkeys(PAIR_TYPES)
        | {"left_key": a, "right_key": b, "probability": p, "reason": "手写", "field_count": 2}
        for a, b, p in pairs
    ]
    return Matched(
        pl.DataFrame(parts, schema=DECOMPOSITION_TYPES).unique("field_id", maintain_order=True),
        pl.DataFrame(groups, schema={"field_id": pl.String, "group_key": pl.String}).unique(
            "field_id", maintain_order=True
        ),
        pl.DataFrame(asked, schema=PAIR_TYPES),
        [],
    )


@pytest.fixture
def catalogue_of():
    """Return a function: rows (form, path, key, extra) → (catalogue, fields)."""

    def make(rows, known=None, pairs=(), verdicts=None, **options):
        fields, findings = accept(fields_of(rows))
        settled = settle(Verdicts.empty() if verdicts is None else verdicts)
        known = Elements.empty() if known is None else known
        made = register(fields, matched_of(rows, pairs), settled, known, findings=findings, **options)
        return made, fields

    return make
