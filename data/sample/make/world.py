"""The sample county's year: every subject and statistic with its values by concept, made once and written as tables."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from chance import between
from facts import Report
from geography import Area
from indicators import MONTHS, Rule, Village, is_flow, read_rules, year_of
from invent import KINDS, choices_of, invent, rule_of
from lives import live
from people import Household, People, Subject, names
from places import facilities, hazards, house, plots, projects, units

LEDGERS = {
    "person": "自然人",
    "household": "户",
    "house": "房屋",
    "land": "地块",
    "unit": "单位",
    "hazard": "隐患点",
    "project": "项目",
    "facility": "设施设备",
}
HOUSEHOLDS_PER_VILLAGE = (35, 46)
MARK = "模拟数据"


@dataclass
class World:
    """All subjects by ledger, and the statistics: by village and month, by concept."""

    subjects: dict[str, list[Subject]] = field(default_factory=lambda: defaultdict(list))
    classes: dict[str, str] = field(default_factory=dict)
    statistics: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    concepts: dict[str, dict[str, str]] = field(default_factory=dict)


def make_world(
    areas: list[Area], reports: list[Report], truth: list[dict[str, str]], only: set[str] | None = None
) -> World:
    """Return the world of a county, or of some of its villages (`only`: village codes)."""
    world, people = World(), People()
    townships = {area.code: area for area in areas if area.level == "乡镇"}
    villages = [area for area in areas if area.level == "村" and (only is None or area.code in only)]
    rules = read_rules(Path(__file__).parent / "facts" / "indicators.csv")
    world.concepts = concept_table(truth, rules)
    indicators = sorted(concept for concept in world.concepts if concept.startswith("行政区域."))
    for village in villages:
        township = townships[village.parent]
        groups = [
            names()["groups"][(between(0, 11, village.code) + n) % 12]
            for n in range(between(4, 8, village.code, "groups"))
        ]
        count = between(*HOUSEHOLDS_PER_VILLAGE, village.code, "households")
        homes = [people.household(village, township, order, groups) for order in range(1, count + 1)]
        for home in homes:
            live(home)
        _settle(world, homes)
        world.subjects["hazard"] += hazards(village, township, groups)
        world.subjects["facility"] += facilities(village, township)
        world.subjects["project"] += projects(village, township)
        world.statistics[village.code] = year_of(_village(village, homes, groups), indicators, rules)
    for kind, unit in units([townships[code] for code in sorted({v.parent for v in villages})], villages):
        world.classes[unit.key] = kind
        world.subjects["unit"].append(unit)
    _complete(world, reports, truth)
    return world


def _settle(world: World, homes: list[Household]) -> None:
    for home in homes:
        dwelling = house(home)
        world.subjects["household"].append(home.subject)
        world.subjects["house"].append(dwelling)
        world.subjects["land"] += plots(home)
        other = home.members[1] if len(home.members) > 1 else home.members[0]
        shared = {f"户.{name}": value for name, value in home.subject.values.items()}
        shared |= {f"房屋.{name}": value for name, value in dwelling.values.items()}
        shared |= {f"家庭成员.{name}": value for name, value in other.values.items()}
        shared["家庭成员.与本人关系"] = other.values["与户主关系"]
        shared["家庭成员.月收入"] = other.values.get("月收入[务工]", "0")
        head = {f"自然人.{name}": value for name, value in home.members[0].values.items()}
        for person in home.members:
            person.values |= shared
        home.subject.values |= shared | head
        dwelling.values |= shared | head
        world.subjects["person"] += home.members


def _village(village: Area, homes: list[Household], groups: list[str]) -> Village:
    land: dict[str, float] = {}
    for home in homes:
        for kind, concept in (("家庭承包", "面积[家庭承包；耕地]"), ("水田", "面积[家庭承包；水田]")):
            land[kind] = land.get(kind, 0.0) + float(home.subject.values[concept])
    persons = [person for home in homes for person in home.members]
    poor = sum("低保对象" in home.subject.populations for home in homes)
    return Village(village.code, village.name, persons, len(homes), poor, len(groups), land)


def concept_table(truth: list[dict[str, str]], rules: dict[str, Rule]) -> dict[str, dict[str, str]]:
    """Return for every concept that a form asks: unit of its values, data type, whether months add up."""
    table: dict[str, dict[str, str]] = {}
    for row in truth:
        if row["role"] != "fill":
            continue
        concept = row["concept"]
        entry = table.setdefault(concept, {"unit": "", "data_type": KINDS[rule_of(concept)[0]], "temporal": "none"})
        entry["unit"] = min(
            filter(None, (entry["unit"], row["unit"])), default="", key=lambda unit: (unit == "公顷", unit)
        )
        if concept.startswith("行政区域.") and concept != "行政区域.名称":
            rule = rules.get(concept)
            entry["unit"] = rule.unit if rule else entry["unit"]
            entry["data_type"] = ("decimal" if rule.decimals else "integer") if rule else entry["data_type"]
            entry["temporal"] = "flow" if is_flow(concept, rules) else "stock"
    return table


def _complete(world: World, reports: list[Report], truth: list[dict[str, str]]) -> None:
    """Give every member of a report's population a value for whatever the report asks."""
    asked: dict[str, set[str]] = defaultdict(set)
    populations = {
        (report.report_id, str(number)): form.facts.get("population", "")
        for report in reports
        for number, form in enumerate(report.forms, start=1)
    }
    for row in truth:
        if row["role"] == "fill" and not row["concept"].startswith("行政区域."):
            asked[populations[row["report_id"], row["table_no"]]].add(row["concept"])
    choices = choices_of(reports)
    for ledger, subjects in world.subjects.items():
        for subject in subjects:
            own = world.classes.get(subject.key, LEDGERS[ledger])
            known = {
                (name if "." in name else f"{own}.{name}"): value for name, value in subject.values.items() if value
            }
            subject.values = known
            for population in sorted(subject.populations):
                for concept in sorted(asked[population]):
                    if concept not in known:
                        known[concept] = invent(concept, choices.get(concept, ()), subject.key)


def write_world(world: World, out: Path) -> None:
    """Write the ledgers as Parquet (a row per subject, a column per concept), the statistics and the concepts."""
    import polars as pl

    folder = out / "returns"
    folder.mkdir(parents=True, exist_ok=True)
    for ledger, subjects in world.subjects.items():
        wanted = {concept for subject in subjects for concept in subject.values} & (
            world.concepts.keys() | _always(ledger)
        )
        columns: dict[str, list[str | None]] = {
            "标记": [MARK] * len(subjects),
            "主体": [s.key for s in subjects],
            "区划代码": [s.area for s in subjects],
        }
        columns["类别"] = [world.classes.get(s.key, LEDGERS[ledger]) for s in subjects]
        columns["对象范围"] = ["；".join(sorted(s.populations)) for s in subjects]
        columns |= {concept: [s.values.get(concept) for s in subjects] for concept in sorted(wanted)}
        frame = pl.DataFrame(columns, schema={name: pl.String() for name in columns})
        frame.write_parquet(
            folder / f"模拟数据_{LEDGERS[ledger]}.parquet", compression="zstd", compression_level=19, statistics=False
        )
    rows = [
        (MARK, code, month, concept, values[n])
        for code, year in world.statistics.items()
        for concept, values in year.items()
        for n, month in enumerate(MONTHS)
    ]
    titles = ("标记", "区划代码", "报告期", "概念", "值")
    frame = pl.DataFrame(rows, schema={name: pl.String() for name in titles}, orient="row").sort(
        "概念", "区划代码", "报告期"
    )
    frame.write_parquet(folder / "模拟数据_指标.parquet", compression="zstd", compression_level=19, statistics=False)
    with (folder / "模拟数据_概念.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("标记", "概念", "计量单位", "数据类型", "时间口径"))
        writer.writerows(
            (MARK, name, e["unit"], e["data_type"], e["temporal"]) for name, e in sorted(world.concepts.items())
        )


def _always(ledger: str) -> set[str]:
    """Concepts that are kept though no form may ask for them: who and where."""
    own = LEDGERS[ledger]
    return {
        f"{own}.{name}"
        for name in ("编号", "名称", "统一社会信用代码", "所在乡镇", "所在行政村", "所在村民小组", "面积", "地类")
    } | {"户.编号"}
