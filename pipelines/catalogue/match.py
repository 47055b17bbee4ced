"""Matching: which fields of different reports are the same data element, and which pairs only a steward can decide."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.catalogue.decompose import FormField, decompose_form, path_parts
from pipelines.catalogue.vocabulary import vocabulary
from schemas.decomposition import Decomposition
from schemas.elements import LIST_SEPARATOR
from schemas.faults import Finding

FIELD_TYPES: dict[str, pl.DataType] = {
    name: pl.String()
    for name in (
        "field_id",
        "form_id",
        "form_title",
        "department_name",
        "respondent_level",
        "frequency",
        "layout",
        "path",
        "unit",
        "note",
        "data_type",
        "value_domain",
        "role",
    )
} | {"field_no": pl.Int64()}
"""Columns of the fields that matching takes, a row per field."""

DECOMPOSITION_TYPES: dict[str, pl.DataType] = {
    name: pl.String()
    for name in (
        "field_id",
        "role",
        "object_class",
        "property",
        "qualifiers",
        "unit",
        "temporal",
        "data_type",
        "subject",
        "element_key",
        "reason",
    )
} | {"confidence": pl.Float64()}
"""Columns of `Matched.decompositions`, a row per field."""

EVIDENCE = (
    "label_evidence",
    "object_evidence",
    "property_evidence",
    "qualifier_evidence",
    "unit_evidence",
    "type_evidence",
)
PAIR_TYPES: dict[str, pl.DataType] = (
    {"left_key": pl.String(), "right_key": pl.String(), "probability": pl.Float64()}
    | {name: pl.Float64() for name in EVIDENCE}
    | {"reason": pl.String(), "field_count": pl.Int64()}
)
"""Columns of `Matched.pairs`, a row per doubtful pair of groups, most worth asking first."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What matching found.

    decompositions: a row per field (DECOMPOSITION_TYPES). groups: field_id, group_key, a row per field.
    pairs: a row per doubtful pair of groups (PAIR_TYPES), most worth asking first.
    """

    decompositions: pl.DataFrame
    groups: pl.DataFrame
    pairs: pl.DataFrame
    findings: list[Finding]


def match(fields: pl.DataFrame, verdicts: pl.DataFrame | None = None) -> Matched:
    """Return the decomposition and group of every field, and the pairs for the steward.

    fields: columns FIELD_TYPES, a row per field. verdicts: left_field_key, right_field_key, answer, decided_by,
    decided_at, reason; a field key is form_title + "#" + path. The result does not depend on the order of the rows.
    """
    vocabulary_ = vocabulary()
    made: dict[str, Decomposition] = {}
    for form in fields.sort("form_id", "field_no", "field_id").partition_by("form_id", maintain_order=True):
        first = form.row(0, named=True)
        form_fields = [
            FormField(path_parts(path), unit or "", note or "", data_type or "", role or "")
            for path, unit, note, data_type, role in form.select(
                "path", "unit", "note", "data_type", "role"
            ).iter_rows()
        ]
        read = decompose_form(
            first["form_title"] or "", first["respondent_level"] or "", first["layout"] or "", form_fields, vocabulary_
        )
        made.update(zip(form["field_id"], read, strict=True))
    decompositions = pl.DataFrame(
        [_row(field_id, made[field_id]) for field_id in fields["field_id"]], schema=DECOMPOSITION_TYPES, orient="row"
    )
    groups = decompositions.select("field_id", group_key="element_key")
    return Matched(decompositions, groups, pl.DataFrame(schema=PAIR_TYPES), [])


def _row(field_id: str, part: Decomposition) -> tuple[object, ...]:
    return (
        field_id,
        part.role,
        part.object_class,
        part.property,
        LIST_SEPARATOR.join(part.qualifiers),
        part.unit,
        part.temporal,
        part.data_type,
        part.subject,
        part.element_key,
        "；".join(part.reasons),
        part.confidence,
    )
