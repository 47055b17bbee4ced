"""Builds a snapshot: ledgers, views, contracts, descriptions and every report in its own template, into one folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.sharing.changes import versioned
from pipelines.sharing.compare import STATISTICS, contracts_of, statistics
from pipelines.sharing.disclosure import HIDDEN, hidden_cells
from pipelines.sharing.export import ROW_GROUP
from pipelines.sharing.holdings import Holdings
from pipelines.sharing.report_files import area_stem, make_frame, rows_of, write_reports
from pipelines.sharing.views.build import View, views
from pipelines.sharing.views.columns import is_retired
from pipelines.sharing.views.describe import contract, page
from pipelines.sharing.views.lineage import lineage
from pipelines.sharing.views.odcs import odcs
from pipelines.sharing.views.roll_up import at_pace
from pipelines.sharing.views.sources import INDICATOR, complete, shelf
from schemas.faults import Finding
from schemas.faults.publishing import SOURCE_RETIRED
from schemas.faults.sharing import FIELD_WITHOUT_SOURCE
from schemas.sharing import ShareViews

__all__ = ["Holdings", "Published", "all_views", "area_stem", "make_frame", "rows_of", "run_views", "write_share"]

RunAll = Callable[[Mapping[str, pl.DataFrame], Sequence[str]], Iterable[pl.DataFrame]]
"""Runs SQL texts over frames, in their order (pipelines.store.query.run_each)."""


@dataclass(slots=True)
class Published:
    """What was written: ShareViews, findings, counts in Chinese, and facts for the manifest that a pull needs."""

    share_views: pl.DataFrame
    findings: list[Finding]
    figures: dict[str, int | float | str]
    facts: dict[str, Any]


def write_share(
    folder: Path,
    held: Holdings,
    run_all: RunAll,
    progress: Callable[[int, int, str], None] = lambda *_: None,
    before: Path | None = None,
    written: Callable[[Path], None] = lambda _: None,
) -> Published:
    """Write a snapshot's files into an empty folder.

    ledgers/, views/ (Parquet, SQL text, contract, description), contracts/ (the same in the words of ODCS),
    reports/<department>/ (filled templates), templates/, areas.parquet, catalogue.csv, lineage.csv, statistics.json.
    The bytes depend only on `held` and on the contracts of `before`, the snapshot that is current: a view keeps the
    version of its contract until something in it changes. written: told the Parquet of every view that lies there with
    its contract, while the next is being made.
    """
    found = all_views(held)
    findings = [*_unmapped(found), *_retired(found)]
    _write_tables(folder, held)
    old = contracts_of(before)
    names = dict(held.reports.select("report_id", "report_name").iter_rows())
    tables: dict[str, list[View]] = {}
    for view in found:
        tables.setdefault(view.report_id, []).append(view)
    rows: dict[str, dict[str, Any]] = {}
    figures_of: dict[str, dict[str, Any]] = {}
    unfillable: dict[str, str] = {}
    frames: dict[str, pl.DataFrame] = {}
    counted: list[tuple[Mapping[str, Any], pl.DataFrame]] = []
    count = 0
    for view, frame in _each_view(found, held, run_all):
        made = versioned(contract(view, frame, held.recorded_at), old.get(view.view_name), held.own_rules)
        rows[view.view_name] = _write_view(folder, view, frame, made)
        written(folder / "views" / f"{view.view_name}.parquet")
        figures_of[view.view_name] = statistics(frame)
        frames[view.view_name] = frame
        if view.ledger == INDICATOR:
            counted.append((made, frame))
        mine = tables[view.report_id]
        if view is mine[-1]:
            progress(len(rows), len(found), names[view.report_id])
            filled, more = write_reports(folder, names[view.report_id], mine, frames, held)
            unfillable |= {finding.report_id: finding.code for finding in more}
            findings += more
            count += filled
            frames = {}
    parents = dict(held.areas.select("area_code", "parent_code").iter_rows())
    hidden = hidden_cells([made for made, _ in counted], {made["id"]: frame for made, frame in counted}, parents)
    hidden.write_parquet(folder / HIDDEN)
    share_views = ShareViews.frame([rows[view.view_name] for view in found])
    parts = [view.view_name for view in found if view.part_of]
    share_views.drop("sql").write_csv(folder / "catalogue.csv", include_bom=True)
    lineage(found).write_csv(folder / "lineage.csv", include_bom=True)
    (folder / STATISTICS).write_text(_json({name: figures_of[name] for name in rows}), encoding="utf-8")
    figures: dict[str, int | float | str] = {
        "共享视图": len(found),
        "视图数据行": int(share_views["row_count"].sum()),
        "回填报表": len(tables),
        "回填文件": count,
    }
    reports = held.reports.sort("report_id")
    facts = {
        "month": held.month,
        "short": dict(sorted(held.short.items())),
        "as_of": held.as_of,
        "departments": sorted(set(reports["department_name"])),
        "legal_basis": {
            row["report_id"]: row["legal_basis"] or row["approval_no"]
            for row in reports.iter_rows(named=True)
            if row["legal_basis"] or row["approval_no"]
        },
        "unfillable": dict(sorted(unfillable.items())),
    }
    whole = share_views.filter(~pl.col("view_name").is_in(parts))  # a card's list of members is no table of its own
    return Published(whole, findings, figures, facts)


def all_views(held: Holdings) -> list[View]:
    """Return the view of every table of every report."""
    place = shelf(
        _ledgers(held), held.elements, held.derivations, held.as_of, held.month, held.fill_plan, held.own_rules,
        held.short,
    )  # fmt: skip
    return views(
        held.reports,
        held.report_fields,
        held.element_map,
        held.elements,
        held.populations,
        held.template_checks,
        place,
    )


def run_views(found: Sequence[View], held: Holdings, run_all: RunAll) -> dict[str, pl.DataFrame]:
    """Return the rows of every view by its name."""
    return {view.view_name: frame for view, frame in _each_view(found, held, run_all)}


def _each_view(found: Sequence[View], held: Holdings, run_all: RunAll) -> Iterator[tuple[View, pl.DataFrame]]:
    """Yield every view with its rows, one at a time; the views of one report follow each other."""
    temporal = dict(held.elements.select("element_id", "temporal").iter_rows())
    running = held.fill_plan["over_time"].drop_nulls().str.split(":").list
    temporal |= {
        base: "flow" for kind, base in zip(running.first(), running.last(), strict=True) if kind == "cumulative"
    }
    ledgers = _ledgers(held)
    base = {**ledgers, "areas": held.areas, "area_paths": area_paths(held.areas)}
    for frequency in dict.fromkeys(view.frequency for view in found):
        mine = [view for view in found if view.frequency == frequency]
        paced = at_pace(ledgers[INDICATOR], frequency, held.month, temporal, held.areas, held.short)
        yield from zip(mine, run_all({**base, INDICATOR: paced}, [view.sql for view in mine]), strict=True)


def area_paths(areas: pl.DataFrame) -> pl.DataFrame:
    """Return area_code, over_code: every area with itself and all areas above it."""
    parents = dict(areas.select("area_code", "parent_code").iter_rows())
    rows = []
    for code in areas["area_code"]:
        over: str | None = code
        while over:
            rows.append((code, over))
            over = parents.get(over)
    return pl.DataFrame(rows, schema={"area_code": pl.String, "over_code": pl.String}, orient="row")


def _ledgers(held: Holdings) -> dict[str, pl.DataFrame]:
    return complete(held.ledgers, held.fill_plan, held.elements)


def _write_tables(folder: Path, held: Holdings) -> None:
    for name in ("ledgers", "views", "contracts", "reports", "templates"):
        (folder / name).mkdir()
    held.areas.write_parquet(folder / "areas.parquet")
    for ledger, frame in held.ledgers.items():
        keys = [column for column in ("area_code", "subject_key", "period") if column in frame.columns]
        frame.sort(keys).write_parquet(folder / "ledgers" / f"{ledger}.parquet", compression_level=1)


def _write_view(folder: Path, view: View, frame: pl.DataFrame, made: Mapping[str, Any]) -> dict[str, Any]:
    place = folder / "views" / view.view_name
    frame.write_parquet(place.with_suffix(".parquet"), compression_level=1, row_group_size=ROW_GROUP)
    place.with_suffix(".sql").write_text(view.sql + "\n", encoding="utf-8")
    place.with_suffix(".md").write_text(page(made), encoding="utf-8")
    place.with_suffix(".json").write_text(_json(made), encoding="utf-8")
    (folder / "contracts" / f"{view.view_name}.json").write_text(_json(odcs(made)), encoding="utf-8")
    with place.with_suffix(".parquet").open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return {
        "view_name": view.view_name,
        "report_id": view.report_id,
        "table_no": view.table_no,
        "department_name": view.department_name,
        "title": view.title,
        "grain": view.grain,
        "column_names": "；".join(column.name for column in view.given),
        "sql": view.sql,
        "row_count": frame.height,
        "content_hash": digest,
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _unmapped(found: Sequence[View]) -> list[Finding]:
    """Return a finding per report table with mapped fields that no ledger can answer."""
    findings = []
    for view in found:
        empty = [column for column in view.columns if column.role == "fill" and column.element_id and not column.sql]
        if empty:
            findings.append(
                FIELD_WITHOUT_SOURCE.at(
                    report_id=view.report_id,
                    sheet=view.sheet,
                    cell=empty[0].cell,
                    report=view.report_id,
                    count=len(empty),
                    path=empty[0].path,
                    reason=empty[0].reason,
                )
            )
    return findings


def _retired(found: Sequence[View]) -> list[Finding]:
    """Return a finding per report table with columns whose element was retired."""
    return [
        SOURCE_RETIRED.at(
            report_id=view.report_id,
            sheet=view.sheet,
            cell=column.cell,
            report=view.report_id,
            path=column.path,
            reason=column.reason,
        )
        for view in found
        for column in view.columns
        if is_retired(column.reason)
    ]
