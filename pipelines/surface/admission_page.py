"""The admission report for people and programs: a page with pictures, a workbook, plain data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.admission.articles import articles
from pipelines.admission.examine import Report
from pipelines.admission.marks import plain
from pipelines.admission.proposal import APPLIED
from pipelines.admission.sources import holders_in_words
from pipelines.admission.verdict import as_record as verdict_record
from schemas.templates import PATH_SEPARATOR

KINDS = (
    ("已有", "#CFE5F3", "别的报表在收集，去取"),
    ("原表已有", "#E6EEF3", "只有本表的原版在要"),
    ("可推算", "#CDEBDF", "由已有数据算出"),
    ("相近但不同", "#FBE6B8", "像已有的，口径不同"),
    ("新增", "#FFFFFF", "真正要新填"),
)
"""Kinds with their colour and meaning; the colours differ in lightness too, so that a grey print tells them apart."""
COLOURS = {"不需要": "#0072B2", "合并": "#56B4E9", "精简后准入": "#009E73", "准入": "#009E73", "退回补正": "#D55E00"}
WIDTH = 900
WIDTHS = {"序": 5, "结论": 11, "更新到": 12, "共享属性": 12, "级别": 13, "说明": 60, "申请": 60, "命令": 60, "列": 30}
"""Column widths of the workbook in characters; other columns have 18."""
LINE = 15
"""Points of a line of text in a row."""


def write_page(report: Report, request_id: str, path: Path) -> Path:
    """Write the report as one self-contained page and return its path."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters["number"] = number
    counts = {kind: report.count(kind) for kind, _, _ in KINDS}
    law = articles()
    labels = dict(report.items.select("item_no", "label").iter_rows())
    html = environment.get_template("admission.html.j2").render(
        title=report.proposal.title,
        county=plain(report.county_name),
        department=report.proposal.said.department_name,
        applied=report.proposal.origin == APPLIED,
        number=request_id,
        today=report.today,
        clock=report.clock,
        file=report.proposal.source_file,
        verdict=report.verdict,
        colour=COLOURS[report.verdict.name],
        counts=counts,
        total=report.items.height,
        held=report.count("已有", "原表已有", "可推算"),
        fresh=report.count("新增", "相近但不同"),
        gross=report.gross,
        net=report.net,
        arithmetic=arithmetic(report),
        kinds=[kind for kind in KINDS if counts[kind[0]]],
        bar=_bar([(kind, colour, counts[kind]) for kind, colour, _ in KINDS if counts[kind]]),
        burden=_burden(report),
        items=item_rows(report),
        left_out=[path.split(PATH_SEPARATOR)[-1] for path in report.assessment.left_out],
        sources=report.where.sources,
        is_roster=report.whom.is_roster,
        population=report.whom.text,
        computed=[labels[item] for item in report.where.computed],
        unpublished=[labels[item] for item in report.where.unpublished],
        marks=[*report.legal.marks, *report.legal.application],
        exchanges=report.exchanges,
        findings=report.findings,
        faster=report.times.faster,
        slower=report.times.slower,
        convertible=[f"{c.path}：{c.difference}" for c in report.clashes if c.is_convertible],
        private=bool(report.private.personal or report.private.sensitive),
        personal=report.private.personal,
        sensitive=report.private.sensitive,
        privacy_articles=[law[key] for key in report.private.articles],
        entries=report.assessment.entries.to_dicts(),
        known=report.known,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8")
    return path


def write_workbook(report: Report, path: Path) -> Path:
    """Write items, ways to get them, new entries and changes as a workbook; kinds in the page's colours."""
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    sheets: list[tuple[str, tuple[str, ...], list[list[Any]]]] = [
        (
            "逐项",
            ("序", "数据项", "结论", "数据元", "谁在收集", "更新到", "共享属性", "级别", "说明"),
            [
                [row[name] for name in ("item_no", "path", "kind", "element", "who", "fresh", "share_type")]
                + [row["sensitivity"], row["reason"]]
                for row in item_rows(report)
            ],
        ),
        (
            "怎样取",
            ("共享视图", "报表", "部门", "列", "更新到", "命令", "申请"),
            [
                [s.view_name, s.title, s.department_name, "、".join(s.columns), s.fresh_at, s.command, s.application]
                for s in report.where.sources
            ],
        ),
        (
            "拟新增条目",
            ("名称", "规范键", "定义", "表示格式", "单位", "级别", "共享属性", "数源部门"),
            [
                [entry[name] for name in ("element_name", "element_key", "definition", "representation", "unit")]
                + [entry[name] for name in ("sensitivity", "share_type", "source_department")]
                for entry in report.assessment.entries.iter_rows(named=True)
            ],
        ),
        (
            "问题",
            ("代码", "问题", "情况", "下一步"),
            [[one.code, one.title, one.message, one.remedy] for one in report.findings],
        ),
    ]
    if report.known and report.known.changes:
        rows = [[row[name] for name in ("change", "path", "before", "after", "cell")] for row in report.known.changes]
        sheets.append(("改版对照", ("改动", "栏目", "准入时", "现在", "单元格"), rows))
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "top"})
        body = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        shades = {
            kind: book.add_format({"border": 1, "text_wrap": True, "valign": "top", "bg_color": colour})
            for kind, colour, _ in KINDS
        }
        for name, titles, table in sheets:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            widths = [WIDTHS.get(title, 18) for title in titles]
            for col, title in enumerate(titles):
                sheet.set_column(col, col, widths[col])
                sheet.write_string(0, col, title, head)
            for at, values in enumerate(table, start=1):
                lines = max(-(-2 * len(str(value or "")) // width) for value, width in zip(values, widths, strict=True))
                sheet.set_row(at, LINE * max(lines, 1))
                for col, value in enumerate(values):
                    sheet.write(at, col, value, shades.get(value, body) if isinstance(value, str) else body)
    return path


def item_rows(report: Report) -> list[dict[str, Any]]:
    """Return a row per item for showing, all values but item_no as texts."""
    found = []
    for row in report.items.iter_rows(named=True):
        view, column, fresh = report.where.place.get(row["item_no"], ("", "", ""))
        at = f"取自 {view}“{column}”" if view else ""
        found.append(
            {
                "item_no": row["item_no"],
                "label": row["label"],
                "path": row["path"],
                "unit": row["unit"] or "",
                "kind": row["kind"],
                "element": f"{row['element_id']} {row['element_name']}"
                if row["kind"] in ("已有", "原表已有")
                else row["element_name"],
                "who": holders_in_words(row["departments"]),
                "fresh": fresh,
                "share_type": row["share_type"] or "",
                "sensitivity": row["sensitivity"] or "一般",
                "reason": "；".join(text for text in (row["reason"], at) if text),
            }
        )
    return found


def as_record(report: Report, request_id: str) -> dict[str, Any]:
    """Return the report as plain data for programs."""
    proposal, said = report.proposal, report.proposal.said
    items = [
        {name: row[name] for name in ("item_no", "path", "cell", "kind", "element_id", "element_name", "element_key")}
        | {name: row[name] for name in ("holders", "departments", "computed_from", "similar", "differs", "reason")}
        | {"share_type": row["share_type"], "sensitivity": row["sensitivity"]}
        | dict(zip(("view", "column", "fresh_at"), report.where.place.get(row["item_no"], ("", "", "")), strict=True))
        for row in report.items.iter_rows(named=True)
    ]
    return {
        "request_id": request_id,
        "form_title": proposal.title,
        "department_name": said.department_name,
        "origin": proposal.origin,
        "source_file": proposal.source_file,
        "frequency": said.frequency or "未说明",
        "respondent_level": said.respondent_level or "未说明",
        "due": said.due,
        **verdict_record(report.verdict),
        "marks": {mark.title: mark.value for mark in report.legal.marks},
        "missing": list(report.legal.missing),
        "counts": {kind: report.count(kind) for kind, _, _ in KINDS},
        "items": items,
        "left_out": list(report.assessment.left_out),
        "sources": [
            {"view": s.view_name, "department": s.department_name, "items": list(s.items), "fresh_at": s.fresh_at}
            | {"command": s.command, "application": s.application}
            for s in report.where.sources
        ],
        "contradictions": [{"item_no": c.item_no, "path": c.path, "difference": c.difference} for c in report.clashes],
        "burden": {
            "cells_gross": report.gross.cells,
            "cells_net": report.net.cells,
            "hours_gross": report.gross.hours,
            "hours_net": report.net.hours,
        },
        "exchanges": [{"report_id": e.report_id, "why": e.why, "cells": e.cells} for e in report.exchanges],
        "new_elements": report.assessment.entries["element_key"].to_list(),
        "known": {
            "report_id": report.known.report_id,
            "control_no": report.known.control_no,
            "changes": list(report.known.changes),
        }
        if report.known
        else None,
        "due_by": report.clock.due if report.clock else "",
        "findings": [
            {"code": one.code, "severity": one.severity, "message": one.message + one.remedy} for one in report.findings
        ],
    }


def arithmetic(report: Report) -> str:
    """Return how the gross burden comes about."""
    cost, said = report.gross, report.proposal.said
    if cost.cells is None:
        what = "填报层级" if cost.respondents is None else "频率"
        return f"没有写明{what}，每年的负担算不出" + (
            f"；每次 {cost.cells_once:,.0f} 个单元格" if cost.cells_once else ""
        )
    return (
        f"{cost.respondents:,.0f} 个{said.respondent_level} × 每年 {cost.responses:,.0f} 次 × {cost.fields} 项"
        f" × 每次 {cost.rows:,.0f} 行，每次约 {cost.minutes:,.0f} 分钟"
    )


def number(value: float | None) -> str:
    """Return a quantity for people, 不可计 for none."""
    return "不可计" if value is None else f"{value:,.0f}"


def _bar(parts: list[tuple[str, str, int]]) -> str:
    """Return a stacked bar of the items by kind, each part with its number."""
    total = sum(count for _, _, count in parts) or 1
    drawn, left = [], 0.0
    for kind, colour, count in parts:
        width = WIDTH * count / total
        drawn.append(f'<rect x="{left:.1f}" y="0" width="{width:.1f}" height="34" fill="{colour}" stroke="#444"/>')
        text = f"{kind} {count}" if width > 15 * len(kind) + 30 else str(count)
        drawn.append(f'<text x="{left + width / 2:.1f}" y="22" text-anchor="middle" font-size="14">{text}</text>')
        left += width
    return f'<svg viewBox="-1 -1 {WIDTH + 2} 36" role="img" aria-label="各类数据项的个数">{"".join(drawn)}</svg>'


def _burden(report: Report) -> str:
    """Return two bars: cells a year as proposed, and of what is really to be asked."""
    gross, net = report.gross.cells, report.net.cells
    if gross is None or net is None or not gross:
        return ""
    drawn = []
    for at, (name, value, colour) in enumerate((("照原样", gross, "#D55E00"), ("只填新增", net, "#009E73"))):
        width = (WIDTH - 260) * value / gross
        y = at * 34
        drawn.append(f'<text x="0" y="{y + 20}" font-size="14">{name}</text>')
        drawn.append(f'<rect x="90" y="{y + 4}" width="{max(width, 1):.1f}" height="24" fill="{colour}"/>')
        drawn.append(f'<text x="{96 + width:.1f}" y="{y + 21}" font-size="14">{value:,.0f} 个/年</text>')
    return f'<svg viewBox="0 0 {WIDTH} 70" role="img" aria-label="每年单元格，毛与净">{"".join(drawn)}</svg>'
