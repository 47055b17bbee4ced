"""One page per view for people (Markdown, Chinese), one contract per view for programs: where columns come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipelines.sharing.views.build import AREA, AREA_COLUMNS, PERIOD, SUBJECT, Column, View
from pipelines.sharing.views.columns import OWN_TABLE
from pipelines.sharing.views.sources import INDICATOR, ledger_names

CONTRACT_VERSION = "v3.0.2"
"""The Open Data Contract Standard whose words the contracts use."""
TYPES = {"integer": "integer", "decimal": "number", "date": "date", "boolean": "boolean"}


def source_name(source: str, names: Mapping[str, str]) -> str:
    """Return a column's source for people.

    >>> source_name("person：推算", {"person": "人员台账"})
    '人员台账（推算）'
    """
    ledger, _, how = source.partition("：")
    return names.get(ledger, ledger) + (f"（{how}）" if how else "")


def contract(view: View, frame: pl.DataFrame, fresh: Mapping[str, str]) -> dict[str, Any]:
    """Return the data contract of a view. frame: its rows; fresh: element id or ledger → newest recorded_at.

    What is counted or worked out from a ledger, or added up from the view's own columns, is as fresh as the ledger.
    """
    names = ledger_names()
    fresh = {OWN_TABLE: fresh.get(view.ledger, ""), **fresh}
    missing = _missing(frame)
    given = {column.name for column in view.given}
    return {
        "apiVersion": CONTRACT_VERSION,
        "kind": "DataContract",
        "id": view.view_name,
        "name": view.title,
        "tenant": view.department_name,
        "domain": view.report_id,
        "tableNo": view.table_no,
        "layout": view.layout,
        "frequency": view.frequency,
        "sheet": view.sheet,
        "ledger": view.ledger,
        "grain": view.grain,
        "partOf": view.part_of,
        "rowLevel": view.row_level,
        "keys": [] if view.part_of else [SUBJECT, AREA, PERIOD],
        "areaColumns": list(AREA_COLUMNS) if view.ledger == INDICATOR else [],
        "rowCount": frame.height,
        "sums": view.sums,
        "columns": [
            {
                "name": column.name,
                "fieldId": column.field_id,
                "path": column.path,
                "cell": column.cell,
                "inline": column.inline,
                "role": column.role,
                "options": list(column.options),
                "dataType": column.data_type,
                "logicalType": TYPES.get(column.data_type, "string"),
                "physicalType": str(frame.schema[column.name]) if column.name in given else "",
                "numberFormat": column.number_format,
                "element": column.element_id,
                "elementName": column.element_name,
                "sensitivity": column.sensitivity,
                "shareType": column.share_type,
                "factor": column.factor,
                "property": column.property,
                "sourceDepartment": column.source_department,
                "unit": column.unit,
                "elementUnit": column.element_unit,
                "source": source_name(column.source, names) if column.source else "",
                "rule": column.rule,
                "isGiven": bool(column.sql),
                "reason": column.reason,
                "freshAt": fresh.get(column.element_id) or fresh.get(column.source.partition("：")[0], ""),
                "missing": missing.get(column.name),
            }
            for column in view.columns
        ],
    }


def view_of(made: Mapping[str, Any]) -> View:
    """Return a view from its contract, without its SQL text: enough to fill the report's template again."""
    columns = tuple(
        Column(
            name=c["name"],
            field_id=c["fieldId"],
            path=c["path"],
            cell=c["cell"],
            inline=c["inline"],
            role=c["role"],
            data_type=c["dataType"],
            number_format=c["numberFormat"],
            options=tuple(c["options"]),
            element_id=c["element"],
            element_name=c["elementName"],
            property=c["property"],
            sensitivity=c["sensitivity"],
            source_department=c["sourceDepartment"],
            unit=c["unit"],
            source=c["source"],
            sql=c["name"] if c["isGiven"] else "",
            rule=c["rule"],
            reason=c["reason"],
        )
        for c in made["columns"]
    )
    return View(
        view_name=made["id"],
        report_id=made["domain"],
        table_no=made["tableNo"],
        department_name=made["tenant"],
        title=made["name"],
        layout=made["layout"],
        frequency=made["frequency"],
        sheet=made["sheet"],
        ledger=made["ledger"],
        grain=made["grain"],
        columns=columns,
        sql="",
        part_of=made.get("partOf", ""),
        row_level=made.get("rowLevel", ""),
    )


def page(made: Mapping[str, Any]) -> str:
    """Return the one-page description of a view from its contract."""
    given = [column for column in made["columns"] if column["isGiven"]]
    lines = [
        f"# {_cell(made['name'])}",
        "",
        f"- 视图：`{made['id']}`　报表：{made['domain']}　部门：{made['tenant']}　频率：{made['frequency']}",
        f"- 一行是：{made['grain']}　行数：{made['rowCount']}",
        f"- 栏目 {len(made['columns'])} 个，其中由共享数据给出 {len(given)} 个",
        f"- 算法：[{made['id']}.sql]({made['id']}.sql)",
        "",
        "| 列 | 单元格 | 数据元 | 来源 | 单位 | 换算 | 数源部门 | 级别 | 最新 | 缺失 |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for column in given:
        share = "—" if column["missing"] is None else f"{column['missing']:.1%}"
        texts = (
            column["path"], column["cell"], f"{column['elementName']} {column['element']}", column["source"],
            column["unit"] or "—", column["rule"] or "原样", column["sourceDepartment"] or "未定",
            column["sensitivity"], column["freshAt"][:10] or "—", share,
        )  # fmt: skip
        lines.append("| " + " | ".join(_cell(text) for text in texts) + " |")
    others = [column for column in made["columns"] if not column["isGiven"]]
    if others:
        lines += ["", "没有由共享数据给出的栏目：", "", "| 栏目 | 单元格 | 原因 |", "|---|---|---|"]
        lines += [f"| {_cell(c['path'])} | {c['cell']} | {_cell(c['reason'])} |" for c in others]
    return "\n".join(lines) + "\n"


def _missing(frame: pl.DataFrame) -> dict[str, float | None]:
    if frame.is_empty():
        return {}
    counts = frame.null_count().row(0, named=True)
    return {name: round(count / frame.height, 4) for name, count in counts.items()}


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")
