"""Matching: which fields of different reports are the same data element, and which pairs only a steward can decide."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.text import fold
from schemas.faults import Finding
from schemas.templates import PATH_SEPARATOR

FIELD_TYPES: dict[str, pl.DataType] = {
    name: pl.String()
    for name in (
        "field_id", "form_id", "form_title", "department_name", "respondent_level", "frequency", "layout",
        "path", "unit", "note", "data_type", "value_domain", "role",
    )
} | {"field_no": pl.Int64()}
"""Columns of the fields that matching takes, a row per field."""

DECOMPOSITION_TYPES: dict[str, pl.DataType] = {
    name: pl.String()
    for name in (
        "field_id", "role", "object_class", "property", "qualifiers", "unit", "temporal", "data_type", "subject",
        "element_key", "reason",
    )
} | {"confidence": pl.Float64()}
"""Columns of `Matched.decompositions`, a row per field."""

EVIDENCE = ("label_evidence", "object_evidence", "property_evidence", "qualifier_evidence", "unit_evidence", "type_evidence")
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
    label = [fold(path.split(PATH_SEPARATOR)[-1]) for path in fields["path"]]
    decompositions = fields.select("field_id").with_columns(
        role=pl.lit("fill"), object_class=pl.lit("未定"), property=pl.Series(label), qualifiers=pl.lit(""), unit=fields["unit"],
        temporal=pl.lit("none"), data_type=pl.lit("text"), subject=pl.lit("未定"),
        element_key=pl.Series([f"未定.{text}" for text in label]), reason=pl.lit("名称相同"), confidence=pl.lit(0.5),
    ).select(list(DECOMPOSITION_TYPES))
    groups = decompositions.select("field_id", group_key="element_key")
    return Matched(decompositions, groups, pl.DataFrame(schema=PAIR_TYPES), [])
