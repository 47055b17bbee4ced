"""The departments' own templates, filled, as files: which files a report has, and which rows stand in each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.periods import SHORT, days
from pipelines.sharing.filling.template import ROW_LAYOUTS, Frame, fill_template
from pipelines.sharing.holdings import Holdings
from pipelines.sharing.views.roll_up import NONE, period_of
from pipelines.sharing.views.sources import INDICATOR
from pipelines.sharing.views.view import AREA, PERIOD, SUBJECT, View
from schemas.faults import Finding
from schemas.faults.sharing import TEMPLATE_CHANGED, TEMPLATE_NOT_FILLABLE

CARDS = 5
"""Cards (one file per person, household or house) that are filled when publishing; the rest are made on pull."""
LONGEST = 20_000
"""Rows of a roster up to which its file is filled when publishing; a longer one is filled when it is pulled."""
_COUNTY, _TOWNSHIP = "000000", "000"


def write_reports(
    folder: Path, report_name: str, tables: Sequence[View], frames: Mapping[str, pl.DataFrame], held: Holdings
) -> tuple[int, list[Finding]]:
    """Write a report's files and return (how many, findings)."""
    first = tables[0]
    template = held.templates.get(first.report_id)
    if template is None:
        return 0, []
    suffix = template.suffix.lower()
    data = template.read_bytes()
    as_read = held.template_hashes.get(first.report_id)
    if as_read and hashlib.sha256(data).hexdigest() != as_read:
        words = {"name": template.name, "what": "文件内容变了"}
        return 0, [TEMPLATE_CHANGED.at(file=template.name, report_id=first.report_id, **words)]
    (folder / "templates" / f"{first.report_id}{suffix}").write_bytes(data)
    title = safe_name(f"{first.report_id} {report_name}")
    target = folder / "reports" / safe_name(first.department_name)
    lead = frames[first.view_name]
    if first.layout in ROW_LAYOUTS and lead.height > LONGEST:
        return 0, []
    files = report_files(tables, frames, held.areas, period_of(first.frequency, held.month, held.short))
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
            file=template.name, report_id=first.report_id, name=template.name, what=f"找不到“{error.args[0]}”"
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
    tables: Sequence[View], frames: Mapping[str, pl.DataFrame], areas: pl.DataFrame, period: str
) -> list[tuple[str, list[tuple[View, Rows]], str]]:
    """Return (label, tables with their rows, area code) of every file that a report is published as.

    A roster is one file for the county; a statistical table one file for the county and one for each township; a card
    one file per subject, the first CARDS of them. Tables of one report share the files of its first table. period: the
    one that statistical tables show.
    """
    county = areas.filter(pl.col("area_level") == "县")["area_code"].to_list()[:1]
    townships = areas.filter(pl.col("area_level") == "乡镇").sort("area_code")["area_code"].to_list()
    names = dict(areas.select("area_code", "area_name").iter_rows())
    lead = tables[0]
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
    return make_frame(area, areas, frequency, held.month, held.as_of, held.short)


def make_frame(
    area: str, areas: pl.DataFrame, frequency: str, month: str, as_of: str, short: Mapping[str, str] = NONE
) -> Frame:
    """Return what a report for an area says about itself: names, period, day; a short period's day is its last."""
    names = dict(areas.select("area_code", "area_name").iter_rows())
    county, township = names.get(f"{area[:6]}{_COUNTY}", ""), names.get(f"{area[:9]}{_TOWNSHIP}", "")
    own = names.get(area, "")
    full = own if own in (county, township) else township + own
    period = period_of(frequency, month, short)
    return Frame(full, county, period, days(period)[1] if frequency in SHORT else as_of)


def safe_name(text: str) -> str:
    """Return a text as a file name on any system.

    >>> safe_name('表1/2："人口"')
    '表1_2：_人口_'
    """
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", text).strip(" .")[:80] or "_"
