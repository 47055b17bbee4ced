"""What the clerks know: the year of synthetic returns, and which concept each asked element is."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

FILES = {
    "person": "自然人",
    "household": "户",
    "house": "房屋",
    "land": "地块",
    "unit": "单位",
    "hazard": "隐患点",
    "project": "项目",
    "facility": "设施设备",
}
MARK_PREFIX = "POP:"
AREA = "区划代码"
SCOPE = "对象范围"


@dataclass(frozen=True)
class Element:
    """An element as the catalogue has it, with the concepts that its fields mean, commonest first."""

    element_id: str
    key: str
    data_type: str
    unit: str
    choices: tuple[str, ...]
    concepts: tuple[str, ...]
    populations: frozenset[str]
    length: int
    is_year: bool = False


@dataclass
class Holdings:
    """The returns by ledger, the statistics, units of concepts, and the elements."""

    frames: dict[str, pl.DataFrame]
    statistics: dict[tuple[str, str, str], str]
    units: dict[str, str]
    flows: frozenset[str]
    elements: dict[str, Element]
    villages: dict[str, str] = field(default_factory=dict)


def load(sample: Path, workspace: Any, months: Collection[str]) -> Holdings:
    """Return what the clerks know for some months. workspace: the county's, whose warehouse holds the catalogue."""
    returns = sample / "returns"
    frames = {ledger: pl.read_parquet(returns / f"模拟数据_{name}.parquet") for ledger, name in FILES.items()}
    with (returns / "模拟数据_概念.csv").open(encoding="utf-8-sig", newline="") as file:
        concepts = list(csv.DictReader(file))
    table = pl.read_parquet(returns / "模拟数据_指标.parquet").filter(pl.col("报告期").is_in(list(months)))
    statistics = {(a, p, c): v for a, p, c, v in table.select(AREA, "报告期", "概念", "值").iter_rows()}
    with (sample / "区划.csv").open(encoding="utf-8-sig", newline="") as file:
        villages = {row["区划代码"]: row["区划名称"] for row in csv.DictReader(file) if row["级别"] == "村"}
    return Holdings(
        frames,
        statistics,
        {row["概念"]: row["计量单位"] for row in concepts},
        frozenset(row["概念"] for row in concepts if row["时间口径"] == "flow"),
        read_elements(sample, workspace),
        villages,
    )


def read_elements(sample: Path, workspace: Any) -> dict[str, Element]:
    """Return the elements of the workspace's catalogue by id, each with the concepts of its fields."""
    import duckdb  # not by the Warehouse: it loads every contract, 1 s that each of the clerks' three turns would take
    from stewardship import concepts_of

    with duckdb.connect(str(workspace.database), read_only=True) as warehouse:
        tables = {name: warehouse.sql(f"FROM {name}").pl() for name in ("elements", "element_map", "report_fields")}
    with (sample / "truth" / "fields.csv").open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))
    with (sample / "rules" / "report_scope.csv").open(encoding="utf-8-sig", newline="") as file:
        scope = {(row["report_id"], int(row["table_no"])): row["population"] for row in csv.DictReader(file)}
    meant = concepts_of(tables["report_fields"], truth)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    populations: dict[str, set[str]] = defaultdict(set)
    places = {row[0]: row[1:] for row in tables["report_fields"].select("field_id", "form_id", "table_no").iter_rows()}
    for field_id, element_id in tables["element_map"].select("field_id", "element_id").iter_rows():
        if element_id and field_id in meant:
            counts[element_id][meant[field_id]] += 1
        if element_id and field_id in places and places[field_id] in scope:
            populations[element_id].add(scope[places[field_id]])
    found = {}
    for row in tables["elements"].iter_rows(named=True):
        ordered = sorted(counts[row["element_id"]].items(), key=lambda pair: (-pair[1], pair[0]))
        choices = tuple(part for part in (row["value_domain"] or "").split("；") if part)
        if row["data_type"] == "boolean":
            choices = ("是", "否")
        tail = (row["representation"] or "").removeprefix("C..")
        found[row["element_id"]] = Element(
            row["element_id"],
            row["element_key"],
            row["data_type"],
            row["unit"] or "",
            choices if row["data_type"] in ("code", "boolean") else (),
            tuple(concept for concept, _ in ordered),
            frozenset(populations[row["element_id"]]),
            int(tail) if tail.isdigit() else 0,
            row["representation"] in ("YYYY", "N4"),
        )
    return found
