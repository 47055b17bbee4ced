"""Builds a snapshot: ledgers, views, contracts, descriptions and every report in its own template, into one folder."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.sharing.describe import contract, page
from pipelines.sharing.disclosure import HIDDEN, hidden_cells
from pipelines.sharing.export import ROW_GROUP
from pipelines.sharing.roll_up import at_pace, period_of
from pipelines.sharing.sources import INDICATOR, complete, shelf
from pipelines.sharing.template import ROW_LAYOUTS, Frame, fill_template
from pipelines.sharing.views import AREA, PERIOD, SUBJECT, View, views
from schemas.faults import Finding
from schemas.faults.sharing import FIELD_WITHOUT_SOURCE, TEMPLATE_CHANGED, TEMPLATE_NOT_FILLABLE
from schemas.sharing import ShareViews

RunAll = Callable[[Mapping[str, pl.DataFrame], Sequence[str]], list[pl.DataFrame]]
"""Runs SQL texts over frames (pipelines.store.query.run_all)."""
CARDS = 5
"""Cards (one file per person, household or house) that are filled when publishing; the rest are made on pull."""
_COUNTY, _TOWNSHIP = "000000", "000"


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything a snapshot is made of: tables of the warehouse, wide ledgers, template files by report.

    ledgers: ledger → subject_key, area_code, a column per element; "indicator": area_code, period, a column per
    element, at village, township and county level. month: the newest reporting month; as_of: the day of ages.
    recorded_at: element id → when its newest value came in.
    """

    reports: pl.DataFrame
    report_fields: pl.DataFrame
    element_map: pl.DataFrame
    elements: pl.DataFrame
    derivations: pl.DataFrame
    template_checks: pl.DataFrame
    fill_plan: pl.DataFrame
    populations: pl.DataFrame
    areas: pl.DataFrame
    ledgers: Mapping[str, pl.DataFrame]
    templates: Mapping[str, Path]
    month: str
    as_of: str
    recorded_at: Mapping[str, str] = field(default_factory=dict)
    own_rules: Path | None = None


@dataclass(slots=True)
class Published:
    """What was written: ShareViews, findings, counts in Chinese, and facts for the manifest that a pull needs."""

    share_views: pl.DataFrame
    findings: list[Finding]
    figures: dict[str, int | float | str]
    facts: dict[str, Any]


def write_share(
    folder: Path, held: Holdings, run_all: RunAll, progress: Callable[[int, int, str], None] = lambda *_: None
) -> Published:
    """Write a snapshot's files into an empty folder.

    ledgers/, views/ (Parquet, SQL text, contract, description), reports/<department>/ (filled templates), templates/,
    areas.parquet, catalogue.csv. The bytes depend only on `held`.
    """
    found = all_views(held)
    frames = run_views(found, held, run_all)
    findings = _unmapped(found)
    _write_tables(folder, held)
    contracts = {v.view_name: contract(v, frames[v.view_name], held.recorded_at) for v in found}
    parents = dict(held.areas.select("area_code", "parent_code").iter_rows())
    hidden_cells(list(contracts.values()), frames, parents).write_parquet(folder / HIDDEN)
    rows = [_write_view(folder, view, frames[view.view_name], contracts[view.view_name]) for view in found]
    by_report: dict[str, list[View]] = {}
    for view in found:
        by_report.setdefault(view.report_id, []).append(view)
    names = {row["report_id"]: row["report_name"] for row in held.reports.iter_rows(named=True)}
    count = 0
    for number, (report_id, tables) in enumerate(by_report.items()):
        progress(number, len(by_report), names[report_id])
        written, more = _write_reports(folder, names[report_id], tables, frames, held)
        findings += more
        count += written
    share_views = ShareViews.frame(rows)
    parts = [view.view_name for view in found if view.part_of]
    share_views.drop("sql").write_csv(folder / "catalogue.csv", include_bom=True)
    figures: dict[str, int | float | str] = {
        "共享视图": len(found),
        "视图数据行": sum(frame.height for frame in frames.values()),
        "回填报表": len(by_report),
        "回填文件": count,
    }
    reports = held.reports.sort("report_id")
    facts = {
        "month": held.month,
        "as_of": held.as_of,
        "departments": sorted(set(reports["department_name"])),
        "legal_basis": {
            row["report_id"]: row["legal_basis"] or row["approval_no"]
            for row in reports.iter_rows(named=True)
            if row["legal_basis"] or row["approval_no"]
        },
    }
    whole = share_views.filter(~pl.col("view_name").is_in(parts))  # a card's list of members is no table of its own
    return Published(whole, findings, figures, facts)


def all_views(held: Holdings) -> list[View]:
    """Return the view of every table of every report."""
    place = shelf(
        _ledgers(held), held.elements, held.derivations, held.as_of, held.month, held.fill_plan, held.own_rules
    )
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
    temporal = dict(held.elements.select("element_id", "temporal").iter_rows())
    ledgers = _ledgers(held)
    base = {**ledgers, "areas": held.areas, "area_paths": area_paths(held.areas)}
    frames: dict[str, pl.DataFrame] = {}
    for frequency in dict.fromkeys(view.frequency for view in found):
        mine = [view for view in found if view.frequency == frequency]
        paced = at_pace(ledgers[INDICATOR], frequency, held.month, temporal, held.areas)
        results = run_all({**base, INDICATOR: paced}, [view.sql for view in mine])
        frames |= {view.view_name: frame for view, frame in zip(mine, results, strict=True)}
    return frames


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
    for name in ("ledgers", "views", "reports", "templates"):
        (folder / name).mkdir()
    held.areas.write_parquet(folder / "areas.parquet")
    for ledger, frame in held.ledgers.items():
        keys = [column for column in ("area_code", "subject_key", "period") if column in frame.columns]
        frame.sort(keys).write_parquet(folder / "ledgers" / f"{ledger}.parquet")


def _write_view(folder: Path, view: View, frame: pl.DataFrame, made: Mapping[str, Any]) -> dict[str, Any]:
    import hashlib

    place = folder / "views" / view.view_name
    frame.write_parquet(place.with_suffix(".parquet"), row_group_size=ROW_GROUP)
    place.with_suffix(".sql").write_text(view.sql + "\n", encoding="utf-8")
    place.with_suffix(".md").write_text(page(made), encoding="utf-8")
    text = json.dumps(made, ensure_ascii=False, indent=1)
    place.with_suffix(".json").write_text(text, encoding="utf-8")
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
        "content_hash": hashlib.sha256(place.with_suffix(".parquet").read_bytes()).hexdigest(),
    }


def _write_reports(
    folder: Path, report_name: str, tables: Sequence[View], frames: Mapping[str, pl.DataFrame], held: Holdings
) -> tuple[int, list[Finding]]:
    """Write a report's files and return (how many, findings)."""
    first = tables[0]
    template = held.templates.get(first.report_id)
    if template is None:
        return 0, []
    suffix = template.suffix.lower()
    data = template.read_bytes()
    (folder / "templates" / f"{first.report_id}{suffix}").write_bytes(data)
    title = safe_name(f"{first.report_id} {report_name}")
    target = folder / "reports" / safe_name(first.department_name)
    files = list(report_files(tables, frames, held.areas, held.month))
    try:
        for label, chosen, frame in files:
            body, kind = fill_template(
                data, suffix, chosen, frame_of(frame, held.areas, first.frequency, held), held.own_rules
            )
            place = target / (f"{title}{kind}" if len(files) == 1 else f"{title}/{safe_name(label)}{kind}")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(body)
    except KeyError as error:
        fault = TEMPLATE_CHANGED.at(
            file=template.name, report_id=first.report_id, name=template.name, sheet=error.args[0]
        )
        return 0, [fault]
    except ValueError as error:
        reason = "没有可用的写入方式" if "no way" in str(error) else "文件打不开"
        return 0, [
            TEMPLATE_NOT_FILLABLE.at(file=template.name, report_id=first.report_id, name=template.name, reason=reason)
        ]
    return len(files), []


Rows = list[dict[str, Any]]


def report_files(
    tables: Sequence[View], frames: Mapping[str, pl.DataFrame], areas: pl.DataFrame, month: str
) -> list[tuple[str, list[tuple[View, Rows]], str]]:
    """Return (label, tables with their rows, area code) of every file that a report is published as.

    A roster is one file for the county; a statistical table one file for the county and one for each township; a card
    one file per subject, the first CARDS of them. Tables of one report share the files of its first table.
    """
    county = areas.filter(pl.col("area_level") == "县")["area_code"].to_list()[:1]
    townships = areas.filter(pl.col("area_level") == "乡镇").sort("area_code")["area_code"].to_list()
    names = dict(areas.select("area_code", "area_name").iter_rows())
    lead = tables[0]
    period = period_of(lead.frequency, month)
    if lead.layout == "card":
        subjects = frames[lead.view_name].select(SUBJECT, AREA).head(CARDS).rows()
        return [
            (
                f"{subject}",
                [(view, rows_of(view, frames[view.view_name], area, period, subject)) for view in tables],
                area,
            )
            for subject, area in subjects
        ]
    codes = county + (townships if lead.layout == "statistics" else [])
    return [
        (f"{code[:9] if code[9:] == _TOWNSHIP else code} {names[code]}",
         [(view, rows_of(view, frames[view.view_name], code, period)) for view in tables], code)
        for code in codes
    ]  # fmt: skip


def rows_of(view: View, frame: pl.DataFrame, area: str, period: str, subject: str = "") -> Rows:
    """Return the rows of a view that one file shows: of an area and what lies in it, of a period, of a subject."""
    if view.ledger == INDICATOR:
        chosen = frame.filter(pl.col(PERIOD) == period)
        if view.layout in ROW_LAYOUTS:  # areas down, of the level the table names; the area itself is the total
            inside = chosen.filter(pl.col(AREA).str.starts_with(area_stem(area)) & (pl.col(AREA) != area))
            is_township = pl.col(AREA).str.ends_with(_TOWNSHIP)
            if area.endswith(_COUNTY):
                inside = inside.filter(~is_township if view.row_level == "村" else is_township)
            return inside.rows(named=True)
        return chosen.filter(pl.col(AREA) == area).rows(named=True)
    chosen = frame.filter(pl.col(AREA).str.starts_with(area_stem(area)))
    if subject:
        chosen = chosen.filter(pl.col(SUBJECT) == subject)
    return chosen.rows(named=True) if view.layout in ROW_LAYOUTS else chosen.head(1).rows(named=True)


def area_stem(code: str) -> str:
    """Return the digits that all codes inside an area begin with.

    >>> area_stem("532328000000"), area_stem("532328101000"), area_stem("532328101001")
    ('532328', '532328101', '532328101001')
    """
    if code.endswith(_COUNTY):
        return code[:6]
    return code[:9] if code.endswith(_TOWNSHIP) else code


def frame_of(area: str, areas: pl.DataFrame, frequency: str, held: Holdings) -> Frame:
    """Return what a report for an area says about itself."""
    return make_frame(area, areas, frequency, held.month, held.as_of)


def make_frame(area: str, areas: pl.DataFrame, frequency: str, month: str, as_of: str) -> Frame:
    """Return what a report for an area says about itself: names, period, day."""
    names = dict(areas.select("area_code", "area_name").iter_rows())
    county, township = names.get(f"{area[:6]}{_COUNTY}", ""), names.get(f"{area[:9]}{_TOWNSHIP}", "")
    own = names.get(area, "")
    full = own if own in (county, township) else township + own
    return Frame(full, county, period_of(frequency, month), as_of)


def safe_name(text: str) -> str:
    """Return a text as a file name on any system.

    >>> safe_name('表1/2："人口"')
    '表1_2：_人口_'
    """
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", text).strip(" .")[:80] or "_"


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
