"""Pandera contracts of published views, made from their data contracts: columns, types, keys, areas.

What breaks one stops the publication, because readers build on it; what only looks odd is left to the expectations.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.quality.contracts import findings_of
from schemas.faults import Finding
from schemas.faults import quality as faults

AREA = "_area_code"


def view_findings(made: Mapping[str, Any], file: Path) -> list[Finding]:
    """Return what breaks a view's contract; empty when it is kept.

    made: the view's contract (id, keys, rowCount, columns with name, isGiven and physicalType); file: its Parquet.
    """
    import pandera.errors
    import pandera.polars as pa
    import polars as pl

    keys = list(made["keys"])
    types = pl.read_parquet_schema(file)
    given = {column["name"]: column["physicalType"] for column in made["columns"] if column["isGiven"]}
    missing = [name for name in (*keys, *given) if name not in types]
    if missing:
        return [faults.COLUMN_MISSING.at(file=made["id"], table=made["id"], column=name) for name in missing]
    found = [
        faults.COLUMN_TYPE.at(file=made["id"], table=made["id"], column=name, expected=kind)
        for name, kind in given.items()
        if str(types[name]) != kind
    ]
    if not keys:
        return found
    area = pa.Check.str_matches(r"^\d{12}$")
    columns = {name: pa.Column(pl.String, nullable=False, checks=area if name == AREA else None) for name in keys}
    schema = pa.DataFrameSchema(columns, unique=keys)
    try:
        schema.validate(pl.read_parquet(file, columns=keys), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        found += findings_of(made["id"], {}, errors.failure_cases)
    return found
