"""What each item of a proposed form is to the catalogue: held, computable, alike but different, or really new."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.admission.proposal import FORM_ID, Proposal
from pipelines.admission.similar import Look, look_alikes
from pipelines.catalogue.change import change
from pipelines.catalogue.registry import RETIRED, Catalogue
from schemas.faults import Finding
from schemas.templates import PATH_SEPARATOR
from schemas.words import LIST_SEPARATOR

ITEM_TYPES: dict[str, Any] = {
    "item_no": pl.Int64,
    "field_id": pl.String,
    "table_no": pl.Int64,
    "path": pl.String,
    "label": pl.String,
    "cell": pl.String,
    "unit": pl.String,
    "note": pl.String,
    "kind": pl.String,
    "element_id": pl.String,
    "element_name": pl.String,
    "element_key": pl.String,
    "object_class": pl.String,
    "property": pl.String,
    "qualifiers": pl.String,
    "temporal": pl.String,
    "definition": pl.String,
    "relation": pl.String,
    "rule": pl.String,
    "sensitivity": pl.String,
    "share_type": pl.String,
    "source_department": pl.String,
    "holders": pl.List(pl.String),
    "departments": pl.List(pl.String),
    "computed_from": pl.String,
    "similar": pl.List(pl.String),
    "differs": pl.List(pl.String),
    "reason": pl.String,
}
"""A row per item that is data. label: a short name. holders: report ids that ask the element; similar, differs: names
of look-alikes and what tells them apart; computed_from: the rule in words."""


SHORT = 4
"""Characters of a label that says little without what stands above it (姓名, 联系电话, 合计)."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """items: ITEM_TYPES, in the form's order. left_out: labels that are no data. entries: Elements that would be new.

    after: the catalogue as it would be with the form. findings: of the catalogue on the form (units, options).
    """

    items: pl.DataFrame
    left_out: tuple[str, ...]
    entries: pl.DataFrame
    after: Catalogue
    findings: tuple[Finding, ...]


def assess(
    proposal: Proposal,
    catalogue: Catalogue,
    report_fields: pl.DataFrame,
    verdicts: pl.DataFrame,
    *,
    same_as: str = "",
    own: Path | None = None,
) -> Assessment:
    """Return what each item is. The catalogue is not changed; ids of new entries are those a real run would give.

    catalogue, report_fields, verdicts: as they stand. same_as: the report of which the form is a new edition; what only
    that report asks is 原表已有, not a duplicate of somebody else's.
    """
    moved = change(catalogue, report_fields, proposal.fields, verdicts, checks=proposal.checks, own=own)
    after = moved.onto(catalogue, own)
    holders = _holders(catalogue, report_fields, after, proposal.fields["field_id"])
    known = set(catalogue.elements.filter(pl.col("status") != RETIRED)["element_id"])
    derived = {row["element_id"]: row for row in after.derivations.iter_rows(named=True)}
    rows = _rows(proposal, after)
    names = dict(after.elements.select("element_id", "element_name").iter_rows())
    new = [row for row in rows if row["element_id"] not in known or not holders.get(row["element_id"])]
    looks = look_alikes(new, catalogue, known, own)
    labels = short_labels([row["path"] for row in rows])
    items: list[dict[str, Any]] = []
    for number, row in enumerate(rows, start=1):
        asked_by = holders.get(row["element_id"], {})
        others = {report: department for report, department in asked_by.items() if report != same_as}
        rule = derived.get(row["element_id"])
        is_computable = rule is not None and set(rule["inputs"].split(LIST_SEPARATOR)) <= known
        computed = _computed(rule, names) if rule is not None and is_computable else ""
        found = looks.get(row["field_id"], ())
        kind = _kind(bool(others), bool(asked_by), bool(computed), found, str(row["role"]))
        items.append(
            {name: row.get(name) for name in ITEM_TYPES}
            | {
                "item_no": number,
                "label": labels[number - 1],
                "kind": kind,
                "holders": sorted(others or asked_by),
                "departments": sorted({name for name in (others or asked_by).values() if name}),
                "computed_from": computed,
                "similar": [look.name for look in found],
                "differs": [look.differs for look in found],
                "reason": _reason(kind, row, computed, found),
            }
        )
    frame = pl.DataFrame(items, schema=ITEM_TYPES, orient="row")
    shown = set(frame["field_id"])
    left_out = tuple(
        path for field, path in proposal.fields.select("field_id", "path").iter_rows() if field not in shown
    )
    fresh = frame.filter(pl.col("kind").is_in(["新增", "相近但不同", "可推算"]))["element_id"].to_list()
    entries = after.elements.filter(pl.col("element_id").is_in(fresh) & ~pl.col("element_id").is_in(list(known)))
    return Assessment(frame, left_out, entries, after, tuple(after.findings))


def short_labels(paths: list[str]) -> list[str]:
    """Return the last part of each path, with the one before where the last says too little or stands twice.

    >>> short_labels(["老人姓名", "监护人 › 姓名", "住房 › 房屋鉴定等级"])
    ['老人姓名', '监护人·姓名', '房屋鉴定等级']
    """
    parts = [path.split(PATH_SEPARATOR) for path in paths]
    count = Counter(part[-1] for part in parts)
    return ["·".join(part[-2:]) if count[part[-1]] > 1 or len(part[-1]) <= SHORT else part[-1] for part in parts]


def _rows(proposal: Proposal, after: Catalogue) -> list[dict[str, Any]]:
    """Return the items that are data, each with its meaning and its element's entry, in the form's order."""
    fields = proposal.items.select("field_id", "field_no", "table_no", "path", "cell", "note", "unit", "value_domain")
    ours = after.element_map.filter(pl.col("field_id").is_in(fields["field_id"].to_list())).drop("reason")
    meanings = after.field_meanings.filter(pl.col("field_id").is_in(fields["field_id"].to_list())).select(
        "field_id", "role", "object_class", "property", "qualifiers", "temporal", meant_unit="unit"
    )
    entries = after.elements.select(
        *("element_id", "element_name", "element_key", "definition", "sensitivity", "share_type", "source_department")
    )
    table = (
        fields.join(ours, on="field_id")
        .join(meanings, on="field_id")
        .filter(pl.col("element_id").is_not_null())
        .join(entries, on="element_id")
        .sort("field_no")
        .with_columns(unit=pl.coalesce("unit", pl.when(pl.col("meant_unit") != "").then("meant_unit")))
    )
    return table.to_dicts()


def _holders(
    catalogue: Catalogue, report_fields: pl.DataFrame, after: Catalogue, mine: pl.Series
) -> dict[str, dict[str, str]]:
    """Return report → department of the reports that ask each element of the form."""
    ids = after.element_map.filter(pl.col("field_id").is_in(mine.to_list()))["element_id"].drop_nulls().unique()
    asked = (
        catalogue.element_map.filter(pl.col("element_id").is_in(ids.to_list()))
        .join(report_fields.select("field_id", "form_id", "department_name"), on="field_id")
        .filter(pl.col("form_id") != FORM_ID)
        .select("element_id", "form_id", "department_name")
        .unique()
    )
    found: dict[str, dict[str, str]] = {}
    for element_id, form_id, department in asked.sort("form_id").iter_rows():
        found.setdefault(element_id, {})[form_id] = department or ""
    return found


def _kind(is_held: bool, is_own: bool, is_computable: bool, looks: tuple[Look, ...], role: str) -> str:
    if is_held:
        return "已有"
    if is_own:
        return "原表已有"
    if is_computable or role == "derived":
        return "可推算"
    return "相近但不同" if looks else "新增"


def _computed(rule: dict[str, Any], names: dict[str, str]) -> str:
    inputs = "、".join(names.get(element_id, element_id) for element_id in rule["inputs"].split(LIST_SEPARATOR))
    return f"由{inputs}算出：{rule['reason']}"


def _reason(kind: str, row: dict[str, Any], computed: str, looks: tuple[Look, ...]) -> str:
    if kind == "已有":
        return f"就是数据元 {row['element_id']} {row['element_name']}" + (f"；{computed}" if computed else "")
    if kind == "原表已有":
        return "只有本表的原版在要"
    if kind == "可推算":
        return computed or "本表内由其他栏目算出"
    if kind == "相近但不同":
        return "；".join(f"与“{look.name}”相近：{look.differs}" for look in looks)
    return f"目录里没有，也没有相近的；拟编为 {row['element_key']}"
