"""Matching: which fields of different reports are the same data element, and which pairs only a steward can decide."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.catalogue.doubts import doubtful_pairs
from pipelines.catalogue.evidence import DIMENSIONS
from pipelines.catalogue.group import group_keys
from pipelines.catalogue.meaning.decompose import decompose_fields, path_parts
from pipelines.catalogue.meaning.vocabulary import vocabulary
from pipelines.catalogue.profile import profiles
from pipelines.catalogue.verdicts import settle
from schemas.decomposition import Decomposition
from schemas.faults import Finding
from schemas.words import LIST_SEPARATOR

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

EVIDENCE = DIMENSIONS
"""One column of evidence per dimension, between 0 and 1."""

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

    fields: columns FIELD_TYPES, a row per field. verdicts: Verdicts, or at least left_field_key, right_field_key,
    answer, decided_by, decided_at, reason; a field key is form_title + "#" + path. The result does not depend on the
    order of the rows, and the key of a field does not depend on what other forms there are.
    """
    vocabulary_ = vocabulary()
    ordered = fields.with_columns(pl.col(pl.String).fill_null("")).sort("form_id", "field_no", "field_id")
    made, findings = decompose_fields(ordered, vocabulary_)
    keys = [part.element_key for part in made]
    groups = keys
    if verdicts is not None and verdicts.height:
        field_keys = [f"{title}#{path}" for title, path in ordered.select("form_title", "path").iter_rows()]
        groups = group_keys(keys, field_keys, settle(verdicts))
    form_numbers = ordered["form_id"].rle_id().to_list()
    described = profiles([path_parts(path) for path in ordered["path"]], form_numbers, made, groups, vocabulary_)
    decompositions = pl.DataFrame(
        [_row(field_id, part) for field_id, part in zip(ordered["field_id"], made, strict=True)],
        schema=DECOMPOSITION_TYPES,
        orient="row",
    )
    grouped = ordered.select("field_id").with_columns(group_key=pl.Series(groups, dtype=pl.String))
    pairs = pl.DataFrame(doubtful_pairs(described), schema=PAIR_TYPES, orient="row")
    return Matched(decompositions, grouped, pairs, findings)


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
