"""The sample county up to its fill plan, and ledgers of random valid values for everything that is asked."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from functools import cache
from pathlib import Path

import polars as pl

from pipelines import rulebook
from pipelines.catalogue.registry import build
from pipelines.catalogue.verdicts import read_verdicts
from pipelines.collection.plan import plan
from pipelines.intake.read import read_folder
from pipelines.intake.register import match_templates, read_areas, read_register
from pipelines.intake.tabulate import tabulate
from pipelines.sharing.publish import Holdings
from pipelines.sharing.views.roll_up import PACED, period_of
from schemas.elements import Elements

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
MONTH, AS_OF = "2025-12", "2025-12-31"
SUBJECTS = 25
AWKWARD = (
    "=1+1",
    "+86",
    "-",
    "@甲",
    "00123",
    "甲\n乙",
    "<b>&amp;</b>",
    "𠮷野",
    " 前后空格 ",
    "1E5",
    "_x0041_",
    "'单引号",
    '"双"',
)


@cache
def county() -> Holdings:
    """The sample county up to the fill plan, without ledgers."""
    rules = SAMPLE / "rules"
    reports, _ = read_register(SAMPLE / "报表清单.xlsx", rules)
    areas, _ = read_areas(SAMPLE / "区划.csv")
    files = sorted(path for path in (SAMPLE / "templates").rglob("*") if path.is_file())
    chosen, _ = match_templates(reports, files, SAMPLE / "templates")
    paths = sorted(set(chosen.values()))
    read = dict(zip(paths, read_folder(paths), strict=True))
    tables = tabulate(reports, {r: read[p] for r, p in chosen.items()}, dict.fromkeys(chosen, "-"))
    fields = tables.report_fields
    made = build(fields, read_verdicts(rules / "verdicts.csv"), Elements.empty(), checks=tables.template_checks)
    planned = plan(
        reports,
        fields,
        made.elements,
        made.element_map,
        made.field_meanings,
        made.derivations,
        scope=rulebook.own_rows("report_scope", rules),
        own_rules=rules,
    )
    return Holdings(
        reports=reports,
        report_fields=fields,
        element_map=made.element_map,
        elements=made.elements,
        derivations=made.derivations,
        template_checks=tables.template_checks,
        fill_plan=planned.fill_plan,
        populations=planned.populations,
        areas=areas,
        ledgers={},
        templates=chosen,
        month=MONTH,
        as_of=AS_OF,
        own_rules=rules,
    )


def random_ledgers(held: Holdings, seed: int) -> dict[str, pl.DataFrame]:
    """Every ledger with random valid values for everything that is asked; a tenth is missing."""
    chance = random.Random(seed)
    elements = {row["element_id"]: row for row in held.elements.iter_rows(named=True)}
    villages = held.areas.filter(pl.col("area_level") == "村")["area_code"].to_list()[:6]
    asked = held.fill_plan.filter(pl.col("is_asked") | pl.col("is_key"))
    ledgers = {}
    for (ledger,), rows in asked.group_by("ledger", maintain_order=True):
        columns = {e: elements.get(e) for e in rows["element_id"]}
        keys = set(rows.filter(pl.col("is_key"))["element_id"])
        if ledger == "indicator":
            places = [
                {"area_code": code, "period": period_of(f, MONTH)} for code in held.areas["area_code"] for f in PACED
            ]
        else:
            places = [{"subject_key": f"S{i:03d}", "area_code": chance.choice(villages)} for i in range(SUBJECTS)]
        cells = [
            place | {e: random_value(chance, element, number, e in keys) for e, element in columns.items()}
            for number, place in enumerate(places)
        ]
        kinds = {"integer": pl.Int64(), "decimal": pl.Float64()}
        schema = dict.fromkeys(places[0], pl.String()) | {
            e: kinds.get(element["data_type"] if element else "", pl.String()) for e, element in columns.items()
        }
        ledgers[ledger] = pl.DataFrame(cells, schema=schema)
    return ledgers


def random_value(chance: random.Random, element, number: int, is_key: bool):
    if element is None:  # a mark, or a key that is no element
        return f"K{number}" if is_key else chance.choice("是否")
    if element["property"].endswith("公民身份号码") or element["property"] == "身份证号":
        return id_number(random.Random(number if is_key else chance.randint(0, SUBJECTS)))
    if is_key:
        return f"{element['property']}{number}"
    if chance.random() < 0.1:
        return None
    if element["value_domain"]:
        return chance.choice(element["value_domain"].split("；"))
    kind = element["data_type"]
    if kind == "integer":
        return chance.choice([0, 1, 4, 15, 99, 1204, 10**9])
    if kind == "decimal":
        return float(Decimal(chance.randint(0, 10**7)) / 100)
    if kind == "date":
        return str(dt.date(1949, 1, 1) + dt.timedelta(days=chance.randint(0, 27000)))
    if kind == "boolean":
        return chance.choice("是否")
    return chance.choice(AWKWARD) if chance.random() < 0.3 else f"{element['property'][:5]}{number}"


def id_number(chance: random.Random) -> str:
    """A valid number by GB 11643, of nobody: the sequence 000 is never given out."""
    born = dt.date(1940, 1, 1) + dt.timedelta(days=chance.randint(0, 30000))
    body = f"532328{born:%Y%m%d}{chance.randint(0, 999):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
