"""The sample steward's decisions: who stands in which roster, who may have what, and what is the same item.

The verdicts come from running the real catalogue over the sample's templates and answering from the truth, so this
module, unlike the rest, needs the project's `pipelines` (`python data/sample/make --out data/sample --verdicts`).
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from facts import Report

STEWARD = "县数据局数据管理员（样例）"
DECIDED_AT = "2025-01-06T09:00:00"
WHOLE = {
    "全部人口": "台账中的全部人员",
    "承包农户": "台账中的全部农户",
    "农村住房": "台账中的全部房屋",
    "地质灾害隐患点": "台账中的全部隐患点",
}
"""Populations that are the whole ledger: nobody need mark them."""
GRANT_TITLES = (
    "grant_id",
    "department_name",
    "view_name",
    "column_names",
    "area_code",
    "purpose",
    "legal_basis",
    "valid_from",
    "valid_until",
    "granted_by",
)
WITHOUT_OWN_GRANT = ("FL02", "MZ03", "NY06")
"""Reports whose department asked for no purpose yet: deliberate gaps."""
ROUNDS = 12


def write_scope(reports: list[Report], out: Path) -> None:
    """Write rules/report_scope.csv: the population of every table of a report that lists subjects."""
    rows = []
    for report in reports:
        for number, form in enumerate(report.forms, start=1):
            population = form.facts.get("population")
            if population and form.subject != "行政区域":
                reason = WHOLE.get(population, "与同一对象范围的其他报表共用一次标记")
                rows.append((report.report_id, str(number), population, "1 = 1" if population in WHOLE else "", reason))
    _write(out / "rules" / "report_scope.csv", ("report_id", "table_no", "population", "condition", "reason"), rows)


def write_grants(reports: list[Report], facts: Path, out: Path) -> None:
    """Write rules/grants.csv: own reports for their stated purpose, and what departments may have of each other."""
    rows: list[tuple[str, ...]] = []
    for report in reports:
        given = report.facts
        if report.report_id in WITHOUT_OWN_GRANT:
            continue
        purpose = f"履行{given['department'].removeprefix('县')}职责：{given['name']}"
        basis = given["basis"] + (f"；{given['approval']}" if given.get("approval") else "")
        for number, _ in enumerate(report.forms, start=1):
            view = f"{report.report_id}_{number}"
            rows.append(
                (
                    f"S-{view}",
                    given["department"],
                    view,
                    "*",
                    "532328000000",
                    purpose,
                    basis,
                    "2025-01-01",
                    "2027-12-31",
                    "县数据局",
                )
            )
    with (facts / "grants.csv").open(encoding="utf-8", newline="") as file:
        rows += [tuple(row.values()) for row in csv.DictReader(file)]
    _write(out / "rules" / "grants.csv", GRANT_TITLES, rows)


def write_verdicts(out: Path, truth: list[dict[str, str]]) -> dict[str, int]:
    """Answer the catalogue's review list from the truth until nothing is left to ask; return what was found.

    After the list, what the catalogue still joins or parts against the truth is corrected by verdicts of their own.
    """
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    from pipelines.catalogue.registry import build, field_keys
    from pipelines.catalogue.verdicts import append, verdict
    from pipelines.catalogue.verdicts import write_verdicts as write
    from schemas.elements import Elements, Verdicts

    fields = read_fields(out)
    meant = concepts_of(fields, truth)
    keys = dict(field_keys(fields).iter_rows())
    by_key: dict[str, str] = {}
    for field_id, concept in meant.items():
        by_key.setdefault(keys[field_id], concept)
    verdicts, asked = Verdicts.empty(), 0
    for _ in range(ROUNDS):
        catalogue = build(fields, verdicts, Elements.empty())
        answers = []
        for left, right in catalogue.review_pairs.select("left_field_key", "right_field_key").iter_rows():
            answers.append(verdict(left, right, *_answer(by_key.get(left), by_key.get(right))))
        before = verdicts.height
        verdicts = append(verdicts, answers)
        asked += verdicts.height - before
        verdicts = append(verdicts, [verdict(*row) for row in corrections(catalogue.element_map, keys, meant)])
        if verdicts.height == before:
            break
    write(verdicts.sort("verdict_id"), out / "rules" / "verdicts.csv")
    left = corrections(catalogue.element_map, keys, meant)
    return {
        "判定": verdicts.height,
        "来自待判定清单": asked,
        "仍不一致": len(left),
        "待判定": catalogue.review_pairs.height,
    }


def corrections(
    element_map: Any, keys: dict[str, str], meant: dict[str, str]
) -> list[tuple[str, str, str, str, str, str]]:
    """Return the verdicts that would bring the element map in line with the truth, a row of left, right, answer …"""
    by_element: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    by_concept: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for field_id, element_id in element_map.select("field_id", "element_id").sort("field_id").iter_rows():
        if field_id in meant and element_id:
            by_element[element_id][meant[field_id]].append(keys[field_id])
            by_concept[meant[field_id]][element_id].append(keys[field_id])
    rows = []
    for groups in by_element.values():
        ordered = sorted(groups, key=lambda concept: (-len(groups[concept]), concept))
        for concept in ordered[1:]:
            for key in sorted(set(groups[concept]) - set(groups[ordered[0]])):
                rows.append(
                    (
                        sorted(groups[ordered[0]])[0],
                        key,
                        "不同",
                        STEWARD,
                        DECIDED_AT,
                        f"{ordered[0]}，{concept}：不是一回事",
                    )
                )
    for concept, groups in sorted(by_concept.items()):
        ordered = sorted(groups, key=lambda element: (-len(groups[element]), element))
        for element in ordered[1:]:
            rows.append(
                (
                    sorted(groups[ordered[0]])[0],
                    sorted(groups[element])[0],
                    "相同",
                    STEWARD,
                    DECIDED_AT,
                    f"都是{concept}",
                )
            )
    return [row for row in rows if row[0] != row[1]]


def _answer(left: str | None, right: str | None) -> tuple[str, str, str, str]:
    if left is None or right is None:
        return "不同", STEWARD, DECIDED_AT, "其中一栏说明填报这件事本身，不是要填的数据"
    if left == right:
        return "相同", STEWARD, DECIDED_AT, f"都是{left}"
    return "不同", STEWARD, DECIDED_AT, f"{left}，{right}：不是一回事"


def read_fields(out: Path) -> Any:
    """Return the ReportFields of the sample's templates, as the project reads them."""
    from pipelines.intake.read import read_folder
    from pipelines.intake.register import match_templates, read_register
    from pipelines.intake.tabulate import tabulate

    reports, _ = read_register(out / "报表清单.xlsx")
    files = sorted(path for path in (out / "templates").rglob("*") if path.is_file())
    chosen, _ = match_templates(reports, files, out / "templates")
    read = dict(zip(files, read_folder(files), strict=True))
    return tabulate(
        reports, {name: read[path] for name, path in chosen.items()}, dict.fromkeys(chosen, "")
    ).report_fields


def concepts_of(fields: Any, truth: list[dict[str, str]]) -> dict[str, str]:
    """Return field_id → concept for the fields to fill: by report and cell, else by report and header path."""
    places = {(row["report_id"], row["sheet"], row["cell"]): row["concept"] for row in truth if row["concept"]}
    paths = {(row["report_id"], row["path"]): row["concept"] for row in truth if row["concept"]}
    found = {}
    for row in fields.select("field_id", "form_id", "sheet", "cell", "path", "role").iter_rows(named=True):
        if row["role"] not in ("fill", "derived"):
            continue
        places_of = [(row["form_id"], sheet, row["cell"]) for sheet in (row["sheet"] or "", "")]
        concept = next((places[place] for place in places_of if place in places), None)
        concept = concept or paths.get((row["form_id"], row["path"]))
        if concept:
            found[row["field_id"]] = concept
    return found


def _write(file: Path, titles: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(titles)
        writer.writerows(rows)
