"""Reads the report register 报表清单 and the area table 区划: the county's own statement of what is asked of whom."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from pipelines import rulebook
from pipelines.text import address, fold, squeeze
from schemas.faults import Finding
from schemas.faults import workspace as faults
from schemas.organisations import Areas
from schemas.reports import Reports

_REQUIRED = ("report_id", "report_name", "department_name", "frequency", "respondent_level", "template_file")


def read_register(path: Path, own_rules: Path | None = None) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the register as Reports, with a finding for every row or value that could not be used as it stands.

    The header row is the first row that has 报表编号; columns are found by the titles of the Reports contract, in any
    order. Raises nothing: a register that cannot be read gives an empty frame and a finding.
    """
    if not path.exists():
        return Reports.empty(), [faults.REGISTER_MISSING.at(file=path.name, name=path.name)]
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheet = workbook.sheet_names[0]
        grid = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError) as error:
        return Reports.empty(), [faults.REGISTER_UNREADABLE.at(file=path.name, why=str(error))]
    titles = Reports.titles()
    head = next((n for n, row in enumerate(grid) if titles["report_id"] in map(squeeze, row)), None)
    if head is None:
        return Reports.empty(), [faults.REGISTER_COLUMN.at(file=path.name, sheet=sheet, column=titles["report_id"])]
    columns = {squeeze(text): n for n, text in enumerate(grid[head])}
    findings = [
        faults.REGISTER_COLUMN.at(file=path.name, sheet=sheet, column=titles[name])
        for name in _REQUIRED
        if titles[name] not in columns
    ]
    frequency_of = _reader_of_words("frequencies", "frequency", own_rules)
    level_of = _reader_of_words("respondent_levels", "level", own_rules)
    found: list[dict[str, Any]] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(grid[head + 1 :], start=head + 1):
        entry: dict[str, Any] = {
            name: _text(row[columns[title]])
            for name, title in titles.items()
            if columns.get(title, len(row)) < len(row)
        }
        report_id = entry.get("report_id")
        if not report_id or not entry.get("report_name"):
            continue
        seen[report_id] = seen.get(report_id, 0) + 1
        if seen[report_id] > 1:
            cell = address(number, columns[titles["report_id"]])
            where = {"file": path.name, "sheet": sheet, "cell": cell, "report_id": report_id}
            findings.append(faults.REPORT_TWICE.at(**where, report=report_id, count=seen[report_id]))
            continue
        entry["frequency_text"] = entry.get("frequency")
        for name, meaning in (("frequency", frequency_of), ("respondent_level", level_of)):
            said = entry.get(name)
            entry[name] = meaning(said or "")
            if entry[name] == "未说明":
                cell = address(number, columns[titles[name]]) if titles[name] in columns else ""
                where = {"file": path.name, "sheet": sheet, "cell": cell, "report_id": report_id}
                expected = "、".join(dict.fromkeys(row[-1] for row in _words(name)))
                findings.append(
                    faults.REGISTER_VALUE.at(**where, column=titles[name], value=said or "空", expected=expected)
                )
        entry["department_name"] = entry.get("department_name") or "未说明"
        minutes = re.match(r"\d+", entry.get("minutes_per_response") or "")
        entry["minutes_per_response"] = int(minutes[0]) if minutes else None
        found.append(entry)
    return Reports.frame(found), findings


def read_areas(path: Path) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the area table as Areas; rows whose code is not 12 digits or stands twice are left out with a finding."""
    if not path.exists():
        return Areas.empty(), [faults.REGISTER_MISSING.at(file=path.name, name=path.name)]
    titles = Areas.titles()
    table = pl.read_csv(path, infer_schema=False).rename(lambda name: name.strip().lstrip("\ufeff"))
    table = table.rename({title: name for name, title in titles.items() if title in table.columns})
    rows, findings, codes = [], [], set()
    for number, row in enumerate(table.iter_rows(named=True), start=1):
        code = squeeze(row.get("area_code"))
        if not re.fullmatch(r"\d{12}", code) or code in codes:
            findings.append(faults.AREA_UNKNOWN.at(file=path.name, cell=address(number, 0), code=code))
            continue
        codes.add(code)
        rows.append({name: row.get(name) or None for name in titles} | {"area_code": code})
    return Areas.frame(rows), findings


def match_templates(reports: pl.DataFrame, templates: list[Path], root: Path) -> tuple[dict[str, Path], list[Finding]]:
    """Return the template file of each report (by report_id), and a finding for each side that has no other.

    A register row names its template by file name, or by the path below the templates' folder.
    """
    by_name = {fold(path.name): path for path in templates} | {
        fold(path.relative_to(root).as_posix()): path for path in templates
    }
    chosen: dict[str, Path] = {}
    findings = []
    for report in reports.iter_rows(named=True):
        name = report["template_file"] or ""
        path = by_name.get(fold(f"{report['department_name']}/{name}")) or by_name.get(fold(name))
        if path:
            chosen[report["report_id"]] = path
        else:
            details = {"report": report["report_id"], "name": report["report_name"], "template": name or "未填写"}
            findings.append(faults.REPORT_WITHOUT_TEMPLATE.at(report_id=report["report_id"], file=name, **details))
    for path in sorted(set(templates) - set(chosen.values())):
        findings.append(faults.TEMPLATE_WITHOUT_REPORT.at(file=path.name, template=path.relative_to(root).as_posix()))
    return chosen, findings


def expired(reports: pl.DataFrame, today: str) -> list[Finding]:
    """Return a finding for each report whose validity (YYYY-MM-DD, YYYY年M月, …) ended before `today` (YYYY-MM-DD)."""
    findings = []
    for report in reports.iter_rows(named=True):
        until = end_of_validity(report["valid_until"])
        if until and until < today:
            details = {"report": report["report_id"], "name": report["report_name"], "until": report["valid_until"]}
            findings.append(faults.REPORT_EXPIRED.at(report_id=report["report_id"], **details))
    return findings


def end_of_validity(said: str | None) -> str | None:
    """Return the last day that a printed validity means, as YYYY-MM-DD; None when it says no date.

    >>> end_of_validity("2018年1月"), end_of_validity("至2026-06-30止"), end_of_validity("长期")
    ('2018-01-31', '2026-06-30', None)
    """
    match = re.search(r"(20\d\d)\D{0,2}(1[0-2]|0?[1-9])?\D{0,2}(3[01]|[12]\d|0?[1-9])?", fold(said or ""))
    if not match:
        return None
    year, month = int(match[1]), int(match[2] or 12)
    return f"{year}-{month:02d}-{int(match[3] or monthrange(year, month)[1]):02d}"


def _text(value: object) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None if value is not None else None


def _words(name: str) -> list[tuple[str, str]]:
    table, column = {"frequency": ("frequencies", "frequency"), "respondent_level": ("respondent_levels", "level")}[
        name
    ]
    return [(row["pattern"], row[column]) for row in rulebook.rows(table)]


def _reader_of_words(table: str, column: str, own: Path | None) -> Callable[[str], str]:
    patterns = [(re.compile(row["pattern"]), row[column]) for row in rulebook.rows(table, own)]
    return lambda said: next((meaning for pattern, meaning in patterns if pattern.search(fold(said))), "未说明")
