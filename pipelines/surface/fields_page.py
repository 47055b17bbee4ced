"""A template as one web page: its sheets as they look, every field's cell coloured by role, its path on hover."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.intake.read import Seen
from pipelines.surface.fields_tree import LAYOUTS, ROLES
from pipelines.text import address, column_letters, position
from schemas.faults import Finding
from schemas.templates import PATH_SEPARATOR, FieldReading, Grid, TableReading

MAX_ROWS = 300
"""Rows shown of a sheet; a page of 2,000 rows takes a browser seconds."""
MAX_COLS = 400
_PAGE = Path(__file__).resolve().parent / "pages" / "fields.html.j2"


@dataclass(frozen=True, slots=True)
class _Box:
    """A cell of the page."""

    text: str
    css: str = ""
    mark: str = ""
    title: str = ""
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    is_hidden: bool
    cells: list[_Box]


@dataclass(slots=True)
class _Sheet:
    """A sheet of the page: what stands on it, and what was understood of it."""

    file: str
    name: str
    is_hidden: bool = False
    frames: list[str] = field(default_factory=list)
    before: list[_Box] = field(default_factory=list)
    after: list[_Box] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    more_rows: int = 0
    findings: list[Finding] = field(default_factory=list)


def fields_page(files: Sequence[Seen]) -> str:
    """Return the page of the files' sheets as HTML that loads nothing from anywhere."""
    from jinja2 import Environment

    template = Environment(autoescape=True, trim_blocks=False).from_string(_PAGE.read_text(encoding="utf-8"))
    return template.render(sheets=[sheet for seen in files for sheet in _sheets(seen)])


def _sheets(seen: Seen) -> list[_Sheet]:
    tables: dict[str, list[TableReading]] = defaultdict(list)
    for table in seen.tables:
        tables[table.sheet].append(table)
    found = [_sheet(seen.path.name, grid, tables.pop(grid.sheet, [])) for grid in seen.grids]
    for name, rest in tables.items():
        fields = [_Box(_tip(one)) for table in rest for one in table.fields]
        findings = [finding for table in rest for finding in table.findings]
        found.append(
            _Sheet(seen.path.name, name, frames=[_frame(t) for t in rest if t.fields], before=fields, findings=findings)
        )
    return found


def _sheet(file: str, grid: Grid, tables: list[TableReading]) -> _Sheet:
    by_cell: dict[str, list[FieldReading]] = defaultdict(list)
    labels: set[str] = set()
    for table in tables:
        for one in table.fields:
            by_cell[one.cell].append(one)
            labels.add(one.label_cell)
    rows, cols = _reach(grid, by_cell)
    sheet = _Sheet(
        file,
        grid.sheet,
        grid.is_hidden,
        frames=[_frame(table) for table in tables if table.fields],
        before=[_paragraph(number, text, by_cell) for number, text in grid.before],
        after=[_paragraph(number, text, by_cell) for number, text in grid.after],
        letters=[column_letters(col) for col in range(cols)],
        more_rows=max(rows - MAX_ROWS, 0),
        findings=[finding for table in tables for finding in table.findings],
    )
    spans = {(span.top, span.left): span for span in grid.merges}
    covered = {
        (row, col)
        for span in grid.merges
        for row in range(span.top, min(span.bottom, rows, MAX_ROWS) + 1)
        for col in range(span.left, min(span.right, cols) + 1)
    } - spans.keys()
    for row in range(min(rows, MAX_ROWS)):
        boxes = []
        for col in range(cols):
            if (row, col) in covered:
                continue
            place = address(row, col)
            span = spans.get((row, col))
            cell = grid.cells.get((row, col))
            boxes.append(
                _box(
                    cell.text if cell else "",
                    by_cell.get(place, []),
                    place in labels,
                    min(span.right + 1, cols) - col if span else 1,
                    min(span.bottom + 1, rows, MAX_ROWS) - row if span else 1,
                    grid.comments.get((row, col)),
                    row in grid.hidden_rows or col in grid.hidden_cols,
                )
            )
        sheet.rows.append(_Row(row + 1, row in grid.hidden_rows, boxes))
    return sheet


def _reach(grid: Grid, by_cell: dict[str, list[FieldReading]]) -> tuple[int, int]:
    rows, cols = grid.row_count, grid.col_count
    for place in by_cell:
        try:
            row, col = position(place)
        except ValueError:
            continue
        rows, cols = max(rows, row + 1), max(cols, col + 1)
    return rows, min(cols, MAX_COLS)


def _box(
    text: str, fields: list[FieldReading], is_label: bool, across: int, down: int, comment: str | None, is_hidden: bool
) -> _Box:
    css: list[str] = ["hidden"] if is_hidden else []
    if fields:
        css.append(fields[0].role)
    elif is_label:
        css.append("label")
    tips = [_tip(one) for one in fields] + ([f"批注：{comment}"] if comment else [])
    mark = "".join(dict.fromkeys(ROLES[one.role] for one in fields))
    return _Box(text, " ".join(css), mark, "\n".join(tips), across, down)


def _paragraph(number: int, text: str, by_cell: dict[str, list[FieldReading]]) -> _Box:
    fields = by_cell.get(f"para {number}", [])
    mark = "".join(dict.fromkeys(ROLES[one.role] for one in fields))
    return _Box(text, fields[0].role if fields else "", mark, "\n".join(map(_tip, fields)))


def _tip(one: FieldReading) -> str:
    parts: list[Any] = [PATH_SEPARATOR.join(one.path)]
    if one.unit:
        parts.append(f"单位：{one.unit}")
    if one.code:
        parts.append(f"代码：{one.code}")
    if one.options:
        parts.append("选项：" + "、".join(one.options[:12]) + ("…" if len(one.options) > 12 else ""))
    if one.note:
        parts.append(f"说明：{one.note}")
    return "；".join(parts)


def _frame(table: TableReading) -> str:
    parts = [f"《{table.title}》" if table.title else "（没有标题）", LAYOUTS[table.layout], table.range]
    for label, value in (
        ("表号", table.form_code),
        ("制定机关", table.issuing_body),
        ("文号", table.approval_no),
        ("有效期", table.valid_until),
        ("填报单位", table.respondent),
        ("报告期", table.period),
        ("计量单位", table.unit),
    ):
        if value:
            parts.append(f"{label}：{value}")
    return "　".join([*parts, f"栏目 {len(table.fields)} 个", f"把握 {table.confidence:.0%}"])
