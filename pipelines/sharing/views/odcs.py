"""The data contract of a view in the form of the Open Data Contract Standard 3.0.2, for programs of other makers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STANDARD = "v3.0.2"
LOGICAL = {"integer": "integer", "decimal": "number", "date": "date", "boolean": "boolean"}
_AUTHORITY = "https://github.com/bitol-io/open-data-contract-standard"


def odcs(made: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ODCS contract of a view from the house's own one (pipelines.sharing.views.describe.contract)."""
    keys = list(made["keys"])
    properties = [
        {
            "name": key,
            "logicalType": "string",
            "physicalType": "String",
            "required": True,
            "primaryKey": True,
            "primaryKeyPosition": position,
            "classification": "内部",
            "description": {"_subject_key": "主体", "_area_code": "12 位区划代码", "_period": "报告期"}[key],
        }
        for position, key in enumerate(keys, start=1)
    ]
    for column in made["columns"]:
        if not column["isGiven"]:
            continue
        one: dict[str, Any] = {
            "name": column["name"],
            "businessName": column["elementName"],
            "logicalType": LOGICAL.get(column["dataType"], "string"),
            "physicalType": column["physicalType"],
            "required": False,
            "classification": column["sensitivity"],
            "description": column["path"],
            "transformLogic": column["rule"] or "原样",
            "transformSourceObjects": [text for text in (column["element"], column["source"]) if text],
            "customProperties": [
                {"property": name, "value": column[key]}
                for name, key in (("unit", "unit"), ("cell", "cell"), ("sourceDepartment", "sourceDepartment"))
                if column[key]
            ],
        }
        if column["options"]:
            one["quality"] = [{"type": "library", "rule": "validValues", "validValues": list(column["options"])}]
        properties.append(one)
    return {
        "apiVersion": STANDARD,
        "kind": "DataContract",
        "id": made["id"],
        "name": made["name"],
        "version": made["version"],
        "status": "active",
        "tenant": made["tenant"],
        "domain": made["domain"],
        "description": {"purpose": f"{made['tenant']}《{made['name']}》", "usage": f"一行是：{made['grain']}"},
        "authoritativeDefinitions": [{"type": "standard", "url": _AUTHORITY}],
        "schema": [
            {
                "name": made["id"],
                "logicalType": "object",
                "physicalType": "parquet",
                "physicalName": f"views/{made['id']}.parquet",
                "properties": properties,
            }
        ],
        "slaProperties": [{"property": "frequency", "value": made["frequency"]}],
    }
