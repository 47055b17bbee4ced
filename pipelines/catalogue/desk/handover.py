"""Hand-over formats: the data dictionary, and a Frictionless Table Schema per form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.catalogue.desk.dictionary import write_dictionary, write_dictionary_csv
from schemas.templates import PATH_SEPARATOR
from schemas.words import LIST_SEPARATOR

SCHEMA_TYPES = {
    "integer": "integer",
    "decimal": "number",
    "date": "date",
    "boolean": "boolean",
    "text": "string",
    "code": "string",
    "identifier": "string",
}
"""Frictionless Table Schema type of each data type."""


def table_schema(
    form_id: str, report_fields: pl.DataFrame, element_map: pl.DataFrame, elements: pl.DataFrame
) -> dict[str, Any]:
    """Return a form's fields as a Frictionless Table Schema, as plain JSON data.

    A field's name is its header path (made unique by "#2" …); `title`, `description`, `type`, `constraints` are the
    element's; `oneform` holds field_id, element_id, relation and rule, so that the schema can be read back.
    """
    table = (
        report_fields.filter(pl.col("form_id") == form_id)
        .sort("field_no", "field_id")
        .select("field_id", "form_title", "path", "role")
        .join(
            element_map.select("field_id", "element_id", "relation", "rule"),
            on="field_id",
            how="left",
            maintain_order="left",
        )
        .join(
            elements.select("element_id", "element_name", "definition", "data_type", "unit", "value_domain"),
            on="element_id",
            how="left",
            maintain_order="left",
        )
    )
    seen: dict[str, int] = {}
    fields = []
    for row in table.iter_rows(named=True):
        seen[row["path"]] = count = seen.get(row["path"], 0) + 1
        field: dict[str, Any] = {
            "name": row["path"] if count == 1 else f"{row['path']}#{count}",
            "title": row["path"].split(PATH_SEPARATOR)[-1],
            "type": _schema_type(row),
        }
        if row["definition"]:
            field["description"] = row["definition"]
        if row["unit"]:
            field["unit"] = row["unit"]
        if row["value_domain"] and row["relation"] == "same":
            field["constraints"] = {"enum": row["value_domain"].split(LIST_SEPARATOR)}
        field["oneform"] = {
            "field_id": row["field_id"],
            "element_id": row["element_id"],
            "relation": row["relation"],
            "rule": json.loads(row["rule"]) if row["rule"] else None,
        }
        fields.append(field)
    title = next((row["form_title"] for row in table.iter_rows(named=True)), form_id)
    return {"name": form_id, "title": title, "fields": fields, "missingValues": [""]}


def map_of_schema(schema: dict[str, Any]) -> pl.DataFrame:
    """Return field_id, element_id, relation, rule of a Table Schema that `table_schema` made."""
    rows = [
        [
            o["field_id"],
            o["element_id"],
            o["relation"],
            json.dumps(o["rule"], ensure_ascii=False) if o["rule"] else None,
        ]
        for o in (field["oneform"] for field in schema["fields"])
    ]
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("field_id", "element_id", "relation", "rule"), pl.String), orient="row"
    )


def hand_over(
    report_fields: pl.DataFrame, elements: pl.DataFrame, element_map: pl.DataFrame, folder: Path
) -> list[Path]:
    """Write 数据字典.xlsx, 数据字典.csv and tables/<form_id>.schema.json for every form; return the paths."""
    files = [folder / "数据字典.xlsx", folder / "数据字典.csv"]
    write_dictionary(elements, files[0])
    write_dictionary_csv(elements, files[1])
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for (form_id,), fields in report_fields.sort("form_id").group_by("form_id", maintain_order=True):
        path = folder / "tables" / f"{str(form_id).replace('/', '_')}.schema.json"
        schema = table_schema(str(form_id), fields, element_map, elements)
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=1), encoding="utf-8")
        files.append(path)
    return files


def _schema_type(row: dict[str, Any]) -> str:
    """Return the Table Schema type; a date or number that is rendered otherwise in this form is a string there."""
    if row["data_type"] is None or row["relation"] in ("rendered", "coded"):
        return "string"
    return SCHEMA_TYPES.get(row["data_type"], "string")
