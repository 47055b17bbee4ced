"""The fill plan: what is asked of whom, once, for all reports; and what is not asked, with the reason.

Every fillable field of every report is reached: its element stands in the plan of the ledger that holds it, asked or
with the reason why nobody needs to fill it (统计法: 可以从行政记录取得的不再调查；政务数据共享条例 19: 不重复采集).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import periods, rulebook
from pipelines.collection.layout import KEY_PREFIX
from pipelines.collection.ledger_list import INDICATOR, Ledger, ledger_of, ledgers
from pipelines.collection.over_time import spare
from schemas.faults import Finding
from schemas.faults import collection as faults
from schemas.ledgers import FillPlan, Populations
from schemas.words import LIST_SEPARATOR, POPULATION_PREFIX

LEVELS = ("村", "乡镇", "县")
"""Who can be asked, from the finest. Households, persons and units are answered for by their village."""

ROWS = ("roster", "list")
"""Layouts with a row per area or subject: a table over areas that names villages in its rows needs each village's."""

ASKED = "需要填报"


@dataclass(frozen=True, slots=True)
class Plan:
    """FillPlan and Populations, with what was found on the way."""

    fill_plan: pl.DataFrame
    populations: pl.DataFrame
    findings: list[Finding]


@dataclass(slots=True)
class _Use:
    """Where an element is needed in a ledger."""

    order: int
    reports: dict[str, None] = field(default_factory=dict)
    frequencies: list[str] = field(default_factory=list)
    levels: set[str] = field(default_factory=set)
    is_only_derived: bool = True


def plan(
    reports: pl.DataFrame,
    report_fields: pl.DataFrame,
    elements: pl.DataFrame,
    element_map: pl.DataFrame,
    field_meanings: pl.DataFrame,
    derivations: pl.DataFrame,
    scope: Sequence[Mapping[str, str]] = (),
    own_rules: Path | None = None,
) -> Plan:
    """Return what is asked, from Reports, ReportFields, Elements, ElementMap, FieldMeanings and Derivations.

    scope: rows of the county's report_scope.csv (report_id, population, condition): which subjects stand in a report.
    Without a row the report is a population of its own, marked by the clerk.
    """
    known = ledgers(own_rules)
    by_key = {row[0]: row[1] for row in elements.select("element_key", "element_id").iter_rows()}
    records = {row["element_id"]: row for row in elements.iter_rows(named=True)}
    findings: list[Finding] = []
    tables = _tables(report_fields, element_map, field_meanings, records)
    registered = {row["report_id"]: row for row in reports.iter_rows(named=True)}
    uses: dict[tuple[str, str], _Use] = {}
    populations: list[dict[str, Any]] = []
    links = _links(own_rules, by_key)
    villages = _area_names(records, own_rules, ("name", "code"))
    scoped = _scopes(scope, registered, findings)
    for (report_id, table_no), table in tables.items():
        report = registered.get(report_id)
        if report is None:
            continue
        base = _base_ledger(table, known)
        if base != INDICATOR:
            populations.append(_population(report, table_no, base, scoped))
        level = report["respondent_level"] if report["respondent_level"] in LEVELS else "村"
        is_by_village = (
            base == INDICATOR and table[0]["layout"] in ROWS and any(r["element_id"] in villages for r in table)
        )
        for row in table:
            holder = _holder(base, records[row["element_id"]]["object_class"], known, links)
            use = uses.setdefault((holder, row["element_id"]), _Use(len(uses)))
            use.reports[report_id] = None
            use.frequencies.append(report["frequency"])
            use.levels.add("村" if is_by_village else level)
            use.is_only_derived &= row["role"] == "derived"
    _add_keys(uses, known, by_key, links)
    fixed = _not_asked(records, derivations, own_rules)
    rows = [_row(ledger, element_id, use, fixed, known, by_key) for (ledger, element_id), use in uses.items()]
    spare(rows, records, _paths(report_fields, element_map), own_rules)
    rows += _marks(populations, registered, len(uses))
    rows.sort(key=lambda row: (list(known).index(row["ledger"]), not row["is_key"], row["column_no"]))
    for number, row in enumerate(rows):
        row["column_no"] = number
    return Plan(FillPlan.frame(rows), Populations.frame(populations), findings)


def _tables(
    report_fields: pl.DataFrame,
    element_map: pl.DataFrame,
    field_meanings: pl.DataFrame,
    records: Mapping[str, Mapping[str, Any]],
) -> dict[tuple[str, int], list[dict[str, Any]]]:
    """Return the mapped fields of every table, in the order of the form."""
    joined = (
        report_fields.select("field_id", "form_id", "table_no", "field_no", "layout", "role")
        .join(element_map.select("field_id", "element_id"), on="field_id")
        .join(field_meanings.select("field_id", "subject"), on="field_id", how="left")
        .filter(pl.col("element_id").is_in(list(records)))
        .sort("form_id", "table_no", "field_no")
    )
    tables: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in joined.iter_rows(named=True):
        tables.setdefault((row["form_id"], row["table_no"]), []).append(row)
    return tables


def _base_ledger(table: Sequence[Mapping[str, Any]], known: Mapping[str, Ledger]) -> str:
    """Return the ledger whose subjects are the rows of a table."""
    if table[0]["layout"] == "statistics":
        return INDICATOR
    subjects = Counter(row["subject"] for row in table if row["subject"])
    return ledger_of(max(subjects, key=lambda name: (subjects[name], name)), known) if subjects else "record"


def _links(own_rules: Path | None, by_key: Mapping[str, str]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return (from ledger, to ledger) → (element that points, key it points to), where both are in the catalogue."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for row in rulebook.rows("sharing_joins", own_rules):
        if row["from_key"] in by_key and row["to_key"] in by_key:
            found.setdefault((row["from_ledger"], row["to_ledger"]), (by_key[row["from_key"]], by_key[row["to_key"]]))
    return found


def _holder(
    base: str, object_class: str, known: Mapping[str, Ledger], links: Mapping[tuple[str, str], tuple[str, str]]
) -> str:
    """Return the ledger that holds an element asked in a table over `base`: its own, if the rows point there."""
    own = ledger_of(object_class, known)
    return own if base != INDICATOR and (base, own) in links else base


def _add_keys(
    uses: dict[tuple[str, str], _Use],
    known: Mapping[str, Ledger],
    by_key: Mapping[str, str],
    links: Mapping[tuple[str, str], tuple[str, str]],
) -> None:
    """Add the key of every ledger in use, and the columns by which its rows point to other ledgers in use."""
    used = {ledger for ledger, _ in uses}
    for (base, target), (pointer, _) in links.items():
        if base in used and target in used:
            _need(uses, base, pointer)
    for ledger in used:
        key = known[ledger].key
        if ledger != INDICATOR:
            _need(uses, ledger, by_key.get(key, KEY_PREFIX + ledger))


def _need(uses: dict[tuple[str, str], _Use], ledger: str, element_id: str) -> None:
    """Note that every report over a ledger needs an element of it."""
    use = uses.setdefault((ledger, element_id), _Use(-1))
    use.is_only_derived = False
    for (other, _), needed in list(uses.items()):
        if other == ledger:
            use.reports |= needed.reports
            use.frequencies += needed.frequencies
    use.levels.add("村")


def _not_asked(
    records: Mapping[str, Mapping[str, Any]], derivations: pl.DataFrame, own_rules: Path | None
) -> dict[tuple[str, str], str]:
    """Return (ledger or "" for all, element) → why it need not be asked."""
    found = {}
    for row in derivations.iter_rows(named=True):
        ledger = INDICATOR if row["kind"] == "count" else row["ledger"] if row["kind"] == "id_number" else ""
        found[(ledger, row["element_id"])] = f"可推算：{row['reason']}"
    for element_id in _area_names(records, own_rules):
        found[("", element_id)] = "由填报单位的区划代码得出"
    return found


def _area_names(
    records: Mapping[str, Mapping[str, Any]], own_rules: Path | None, attributes: Sequence[str] = ()
) -> list[str]:
    """Return the elements that name the area of a row; only those of some attributes (the village's own), if given."""
    rules = rulebook.rows("sharing_area_names", own_rules)
    first = [(re.compile(row["property"]), not attributes or row["attribute"] in attributes) for row in rules]
    plain = ((element_id, record["property"]) for element_id, record in records.items() if not record["qualifiers"])
    return [name for name, label in plain if next((is_one for rule, is_one in first if rule.fullmatch(label)), False)]


def _row(
    ledger: str,
    element_id: str,
    use: _Use,
    fixed: Mapping[tuple[str, str], str],
    known: Mapping[str, Ledger],
    by_key: Mapping[str, str],
) -> dict[str, Any]:
    is_key = element_id in (by_key.get(known[ledger].key), KEY_PREFIX + ledger)
    level = min(use.levels & set(LEVELS), key=LEVELS.index, default="村") if ledger == INDICATOR else "村"
    reason = "" if is_key else fixed.get((ledger, element_id)) or fixed.get(("", element_id)) or ""
    if not reason and use.is_only_derived:
        reason = "表内合计或计算栏，由平台按组成项算出"
    if not reason and level == "县":
        reason = "只有县级部门掌握，不向乡镇要"
    return {
        "ledger": ledger,
        "element_id": element_id,
        "column_no": use.order,
        "is_key": is_key,
        "is_asked": not reason,
        "reason": reason or (f"{ASKED}：{known[ledger].key_name}用来识别一行是谁" if is_key else ASKED),
        "respondent_level": level,
        "frequency": periods.finest(use.frequencies),
        "report_ids": LIST_SEPARATOR.join(sorted(use.reports)),
    }


def _paths(report_fields: pl.DataFrame, element_map: pl.DataFrame) -> dict[str, str]:
    """Return all header paths of each element, joined."""
    joined = report_fields.select("field_id", "path").join(element_map.select("field_id", "element_id"), on="field_id")
    return dict(joined.group_by("element_id").agg(pl.col("path").str.join("；")).iter_rows())


def _scopes(
    scope: Sequence[Mapping[str, str]], registered: Mapping[str, Any], findings: list[Finding]
) -> dict[tuple[str, str], Mapping[str, str]]:
    found = {}
    for row in scope:
        if row["report_id"] not in registered:
            findings.append(faults.SCOPE_WITHOUT_REPORT.at(file="report_scope.csv", report=row["report_id"]))
        found[(row["report_id"], row.get("table_no", ""))] = row
    return found


def _population(
    report: Mapping[str, Any], table_no: int, base: str, scoped: Mapping[tuple[str, str], Mapping[str, str]]
) -> dict[str, Any]:
    report_id = report["report_id"]
    rule = scoped.get((report_id, str(table_no))) or scoped.get((report_id, ""))
    return {
        "report_id": report_id,
        "table_no": table_no,
        "ledger": base,
        "population": rule["population"] if rule else report["report_name"],
        "condition": rule.get("condition", "") if rule else "",
        "reason": (rule.get("reason") or "县里规定的对象范围") if rule else "县里没有规定对象范围，由填报人逐个标记",
    }


def _marks(populations: Sequence[Mapping[str, Any]], registered: Mapping[str, Any], start: int) -> list[dict[str, Any]]:
    """Return the columns in which the clerk marks who belongs to a population that no condition computes."""
    marked: dict[tuple[str, str], list[str]] = {}
    for row in populations:
        if not row["condition"]:
            marked.setdefault((row["ledger"], row["population"]), []).append(row["report_id"])
    return [
        {
            "ledger": ledger,
            "element_id": POPULATION_PREFIX + population,
            "column_no": start + number,
            "is_key": False,
            "is_asked": True,
            "reason": f"{ASKED}：标记是否属于“{population}”，决定进入哪些花名册",
            "respondent_level": "村",
            "frequency": periods.finest([registered[report_id]["frequency"] for report_id in report_ids]),
            "report_ids": LIST_SEPARATOR.join(sorted(set(report_ids))),
        }
        for number, ((ledger, population), report_ids) in enumerate(marked.items())
    ]
