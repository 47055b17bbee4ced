"""The gate's step of the journey: keep the living register, and tell what runs out, changes, or goes round it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.admission.clocks import clock_findings
from pipelines.admission.county import County
from pipelines.admission.identity import department_of
from pipelines.admission.journal import read_journals
from pipelines.admission.register import Before, Living, keep_register, register_findings
from pipelines.catalogue.registry import Catalogue
from pipelines.intake.read import read_folder
from pipelines.step import Bench, Outcome
from pipelines.store.workspace import Workspace
from schemas.elements import Derivations, ElementMap, Elements, FieldMeanings, ReviewPairs, Verdicts

TABLES = (
    *("admission_requests", "admission_decisions", "admission_register", "admitted_fields", "template_changes"),
    *("admission_clocks", "off_register", "admission_months"),
)
"""Tables that the step writes."""


def journals(place: Workspace) -> Sequence[Path]:
    """Return the gate's journals and the county's own rules, which decide whether the step must run again."""
    rules = sorted(place.rules.glob("admission*")) if place.rules.exists() else []
    return [path for path in (place.requests, place.decisions, *rules) if path.exists()]


def keep(bench: Bench) -> Outcome:
    """Keep the living register."""
    place, tables = bench.workspace, bench.tables
    requests, decisions, findings = read_journals(place.requests, place.decisions)
    settings = place.settings()
    living = keep_register(
        tables["reports"],
        tables["templates"],
        tables["report_fields"],
        tables["share_views"],
        requests,
        decisions,
        strays(bench),
        Before(
            tables["admitted_fields"], tables["template_changes"], tables["admission_clocks"], tables["off_register"]
        ),
        bench.today,
        since=str(tables["baseline"]["frozen_at"].min() or ""),
        county_code=settings.get("county_code", ""),
        own=place.rules,
    )
    states = register_findings(living, bench.today, place.rules)
    return Outcome(
        replace={
            "admission_requests": requests,
            "admission_decisions": decisions,
            "admission_register": living.register,
            "admitted_fields": living.admitted,
            "template_changes": living.changes,
            "admission_clocks": living.clocks,
            "off_register": living.off_register,
            "admission_months": living.months,
        },
        findings=[*findings, *states, *clock_findings(living.clocks, bench.today, place.rules)],
        figures={
            "在册": living.register.height,
            "已过期": sum(finding.code == "OF-641" for finding in states),
            "申请": requests.height,
            "改版未准入": living.changes["report_id"].n_unique(),
            "体外循环": living.off_register["content_hash"].n_unique(),
        },
    )


def living(read: Callable[[str], pl.DataFrame]) -> Living:
    """Return the register of the last run. read: Warehouse.read."""
    names = ("admission_register", "admitted_fields", "template_changes", "admission_clocks")
    return Living(*(read(name) for name in (*names, "off_register", "admission_months")))


def strays(bench: Bench) -> list[dict[str, Any]]:
    """Return as rows of OffRegister the forms among the returned files that are on no register."""
    place, tables = bench.workspace, bench.tables
    foreign = tables["submissions"].filter((pl.col("status") == "退回") & pl.col("workbook_id").is_null())
    listed = set(tables["templates"]["template_hash"])
    kept = {
        row["submission_id"]: (row, path)
        for row in foreign.iter_rows(named=True)
        for path in sorted((place.archive / row["submission_id"][:2]).glob(f"{row['submission_id']}.*"))
        if row["submission_id"] not in listed
    }
    if not kept:
        return []
    county = _county(bench)
    found = []
    readings = read_folder([path for _, path in kept.values()], cache=place.readings, rules=place.rules)
    for (row, _), forms in zip(kept.values(), readings, strict=True):
        asked = [one for table in forms for one in table.fields if one.role == "fill"]
        title = next((table.title for table in forms if table.title), None) or Path(row["file_name"]).stem
        if not asked or _is_listed(title, forms, tables["reports"]):
            continue
        body = next((table.issuing_body for table in forms if table.issuing_body), "") or ""
        department = department_of(body, county)[0] if body else ""
        found.append(
            {
                "content_hash": row["submission_id"],
                "form_title": title,
                "department_name": department or body or "未写明",
                "how": "报送夹带",
                "seen_by": row["area_code"],
                "seen_at": row["received_at"][:10],
                "source_file": row["file_name"],
                "item_count": len(asked),
                "why": "混在报送的文件里，没有准入编号",
            }
        )
    return found


def _is_listed(title: str, forms: Sequence[Any], reports: pl.DataFrame) -> bool:
    codes = [table.form_code for table in forms if table.form_code]
    return title in set(reports["report_name"]) or any(code in set(reports["form_code"].drop_nulls()) for code in codes)


def _county(bench: Bench) -> County:
    """Return just enough of the county to know its departments."""
    empty = Catalogue(
        Elements.empty(), ElementMap.empty(), FieldMeanings.empty(), Derivations.empty(), ReviewPairs.empty(), []
    )
    tables, place = bench.tables, bench.workspace
    return County(
        reports=tables["reports"],
        areas=pl.DataFrame(),
        report_fields=tables["report_fields"],
        catalogue=empty,
        verdicts=Verdicts.empty(),
        today=bench.today,
        name=place.settings().get("county_name", ""),
        own=place.rules,
    )
