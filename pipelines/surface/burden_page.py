"""The auditor's report: one self-contained HTML page (no script, no link outside) and a workbook with the same rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.burden.assumptions import Assumptions
from pipelines.burden.evidence import latest, load, recompute, trend
from pipelines.burden.figures import Burden
from pipelines.burden.inputs import Inputs
from pipelines.burden.insight import Insight, insight
from pipelines.surface import burden_charts as charts
from schemas.burden import Baseline, BurdenFigures, BurdenRows
from schemas.faults import Finding

CARDS = ("单元格（每年）", "单元格（不计频率）", "数据项（按栏目）", "填报工时（每年）")
MEANINGS = {
    "保留": "照旧填",
    "合并": "同一数据元由别的栏目代表，不再填",
    "推算": "由其他数据得出，不再填",
    "预填": "填一次，以后各期预填，只改变动的",
    "降频": "填得更少：次数或填报单位少了",
    "增加": "填得更多：更密、更细，或首年一次填全",
    "新增": "基线里没有的栏目、标记列、主键列",
    "停用": "现在的模板没有这一栏",
    "不填报": "序号、公式、合计、表头、签章，从不计入",
    "不可计": "频率或填报单位不可折算，只列出",
}


def write_report(
    root: Path, day: str, out: Path, *, county: str = "", is_synthetic: bool = False, docs_link: str = ""
) -> tuple[list[Path], list[Finding]]:
    """Write page and workbook of the last evidence on or before a day, recomputed; return the files and what is wrong.

    root: the folder that holds the evidence of every day. out: where 填报负担报告.html and .xlsx go.
    """
    burden, found = recompute(root, day)
    folder = latest(root, day)
    if burden is None or folder is None:
        return [], found
    inputs, _, assumed = load(folder)
    # Trouble with the evidence itself comes before what the figures leave out; neither is said twice.
    shown = replace(burden, findings=list(dict.fromkeys(found)))
    about = insight(inputs, burden.rows)
    page = write_page(
        out / "填报负担报告.html",
        inputs,
        shown,
        about,
        assumed,
        county=county,
        is_synthetic=is_synthetic,
        history=trend(root).filter(pl.col("as_of") <= folder.name),
        evidence=folder,
        docs_link=docs_link,
    )
    return [page, write_workbook(out / "填报负担报告.xlsx", inputs, shown, about)], found


def write_page(
    path: Path,
    inputs: Inputs,
    burden: Burden,
    about: Insight,
    assumed: Assumptions,
    *,
    county: str = "",
    is_synthetic: bool = False,
    history: pl.DataFrame | None = None,
    evidence: Path | None = None,
    docs_link: str = "",
) -> Path:
    """Write the report of one state as HTML and return its path.

    history: BurdenFigures rows of the county over past days. evidence: the folder that `pipelines.burden.evidence.keep`
    wrote; its hashes are printed. docs_link: the data-quality page, relative to this one.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters |= {"number": number, "change": change, "signed": signed}
    found = burden.figures
    html = environment.get_template("burden.html.j2").render(
        county=county,
        as_of=inputs.as_of,
        is_synthetic=is_synthetic,
        **_baseline(inputs),
        cards=[row for name in CARDS for row in _county(found) if row["figure"] == name],
        county_figures=_county(found),
        other_figures=found.filter(pl.col("scope").is_in(("部门下降比例的平均", "平均每个乡镇"))).to_dicts(),
        drivers=drivers(burden),
        excluded=found.filter(pl.col("scope") == "剔除").to_dicts(),
        bases=_bases(inputs.baseline),
        declared_minutes=_declared_minutes(inputs.baseline, assumed),
        changes=_changes(burden),
        charts=_charts(inputs, burden, about, history),
        most_asked=about.most_asked.head(20).to_dicts(),
        spare=about.spare.to_dicts(),
        drill=_drill(burden.rows),
        findings=sorted(burden.findings, key=lambda finding: (finding.code, finding.report_id)),
        evidence=_evidence(evidence),
        yuan=f"{assumed.yuan_per_hour:g}",
        cost_source=assumed.cost_source,
        docs_link=docs_link,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8")
    return path


def write_workbook(path: Path, inputs: Inputs, burden: Burden, about: Insight) -> Path:
    """Write figures, rows, baseline, overlap, most-asked elements and open questions as a workbook; return its path."""
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    overlap = about.overlap.pivot("other_department", index=["department_name", "elements"], values="shared_elements")
    sheets: Sequence[tuple[str, pl.DataFrame, dict[str, str]]] = (
        ("指标", burden.figures, BurdenFigures.titles()),
        ("逐栏明细", burden.rows, BurdenRows.titles()),
        ("基线", inputs.baseline, Baseline.titles()),
        ("部门重叠", overlap, {"department_name": "部门", "elements": "数据元（个）"}),
        ("要得最多的数据元", about.most_asked, _TITLES),
        ("可取消的报表", about.spare, _TITLES),
        ("没有计入的", _finding_frame(burden.findings), _TITLES),
    )
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "top"})
        share, amount = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "#,##0.##"})
        for name, frame, titles in sheets:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for column, key in enumerate(frame.columns):
                sheet.write(0, column, titles.get(key, key), head)
                style = share if key == "reduction" else amount if frame.schema[key].is_float() else None
                sheet.set_column(column, column, 14 if frame.schema[key].is_numeric() else 22, style)
                sheet.write_column(1, column, frame[key].to_list())
            if frame.height:
                sheet.autofilter(0, 0, frame.height, frame.width - 1)
    return path


_TITLES = {
    "element_id": "数据元标识符",
    "element_name": "数据元",
    "department_count": "部门数",
    "report_count": "报表数",
    "departments": "部门",
    "report_id": "报表编号",
    "report_name": "报表",
    "department_name": "部门",
    "element_count": "数据元（个）",
    "cells_before": "单元格/年",
    "held_by": "由这些报表取得",
    "code": "代码",
    "severity": "程度",
    "message": "情况",
    "remedy": "下一步",
}


def drivers(burden: Burden) -> str:
    """Return the sentence that says what the headline rests on, so that nobody quotes the rate without it."""
    rows = burden.rows
    before, after = float(rows["cells_before"].sum()), float(rows["cells_after"].sum())
    if before <= 0:
        return "整合前没有可计的单元格，不计算下降比例。"
    saved = {
        name: float(drop)
        for name, drop in rows.group_by("change")
        .agg((pl.col("cells_before") - pl.col("cells_after")).sum())
        .sort("cells_before", descending=True)
        .iter_rows()
        if drop
    }
    gross = sum(drop for drop in saved.values() if drop > 0)
    parts = [f"{name} {number(drop)}（{drop / gross:.0%}）" for name, drop in saved.items() if drop > 0 and gross]
    added = -sum(drop for drop in saved.values() if drop < 0)
    once_before, once_after = float(rows["once_before"].sum()), float(rows["once_after"].sum())
    once = change(1 - once_after / once_before) if once_before else "不可计"
    grown = f"；另有增加 {number(added)} 个" if added else ""
    return (
        f"每年单元格 {change(1 - after / before)}，毛减少 {number(gross)} 个，来自：{'，'.join(parts) or '无'}{grown}。"
        f"只看一项填几遍、不看一年报几次，单元格的变化是 {once}。"
        f"另有 {number(float(rows['cells_prefilled'].sum()))} 个预填单元格每年仍要看一眼，不算键入，已计入工时。"
    )


def number(value: float | None) -> str:
    """Return a quantity for people: no decimals from 100 on."""
    if value is None:
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.2f}"


def change(reduction: float | None) -> str:
    """Return a reduction as a change with its sign: 0.25 → "下降 25.0%", -0.1 → "上升 10.0%"."""
    if reduction is None:
        return "不可计"
    if abs(reduction) < 0.0005:
        return "持平"
    return f"{'下降' if reduction > 0 else '上升'} {abs(reduction):.1%}"


def signed(value: float) -> str:
    """Return a difference with its sign."""
    return "0" if not value else ("＋" if value > 0 else "−") + number(abs(value))


def _county(figures: pl.DataFrame) -> list[dict[str, Any]]:
    return figures.filter(pl.col("scope") == "全县").to_dicts()


def _baseline(inputs: Inputs) -> dict[str, str]:
    if inputs.baseline.is_empty():
        return {"version": "0", "frozen_at": "（没有）", "baseline_hash": "（没有）"}
    first = inputs.baseline.row(0, named=True)
    return {
        "version": first["baseline_version"],
        "frozen_at": first["frozen_at"],
        "baseline_hash": first["content_hash"],
    }


def _bases(baseline: pl.DataFrame) -> list[dict[str, Any]]:
    names = {"respondents_basis": "填报单位数 D", "rows_basis": "每次行数", "minutes_basis": "单次用时 G"}
    return [
        {"what": name, "basis": basis, "n": number_of}
        for column, name in names.items()
        for basis, number_of in baseline.group_by(column).len().sort(column).iter_rows()
    ]


def _declared_minutes(baseline: pl.DataFrame, assumed: Assumptions) -> str:
    reports = baseline.unique("report_id")
    declared = reports.filter(pl.col("minutes_basis") == "规则声明").height
    return (
        f"用时没有实测，{reports.height - declared} 张报表取报表清单的单次填报用时，{declared} 张按声明值"
        f"（每格 {assumed.seconds_per_cell:g} 秒、每次另加 {assumed.minutes_overhead:g} 分钟）；"
        f"预填格按每格 {assumed.seconds_per_confirm:g} 秒确认。"
    )


def _changes(burden: Burden) -> list[dict[str, Any]]:
    sums = burden.rows.group_by("change").agg(
        pl.len().alias("fields"), pl.col("cells_before").sum(), pl.col("cells_after").sum()
    )
    by_name = {row["change"]: row for row in sums.iter_rows(named=True)}
    return [
        {
            "name": name,
            "fields": by_name[name]["fields"],
            "before": by_name[name]["cells_before"],
            "after": by_name[name]["cells_after"],
            "meaning": meaning,
        }
        for name, meaning in MEANINGS.items()
        if name in by_name
    ]


def _charts(inputs: Inputs, burden: Burden, about: Insight, history: pl.DataFrame | None) -> dict[str, str]:
    specs = {
        "waterfall": (charts.waterfall(burden.figures), "从基线到现在的瀑布图"),
        "departments": (charts.departments(burden.figures), "各部门整合前后的单元格"),
        "overlap": (charts.overlap_matrix(about.overlap), "部门之间共同的数据元"),
        "months": (charts.typed_by_month(inputs.issued_workbooks, inputs.submissions), "逐月键入与确认"),
        "trend": (None if history is None else charts.trend(history), "各次计算的每年单元格"),
    }
    return {name: "" if spec is None else charts.svg(spec, title) for name, (spec, title) in specs.items()}


def _drill(rows: pl.DataFrame) -> list[dict[str, Any]]:
    departments = []
    ordered = rows.with_columns(pl.col("report_name").fill_null("（共用工作簿的列）"))
    loads = ordered.group_by("department_name").agg(pl.col("cells_before").sum(), pl.col("cells_after").sum())
    for name, before, after in loads.sort("cells_before", "department_name", descending=[True, False]).iter_rows():
        reports = []
        of_department = ordered.filter(pl.col("department_name") == name)
        for (_, report), group in of_department.group_by("report_id", "report_name", maintain_order=True):
            reports.append(
                {
                    "name": report,
                    "before": group["cells_before"].sum(),
                    "after": group["cells_after"].sum(),
                    "rows": group.to_dicts(),
                }
            )
        departments.append({"name": name, "before": before, "after": after, "reports": reports})
    return departments


def _evidence(folder: Path | None) -> dict[str, Any] | None:
    if folder is None:
        return None
    content = (folder / "manifest.json").read_bytes()
    shown = f"{folder.parent.name}/{folder.name}"
    return {"hash": hashlib.sha256(content).hexdigest(), "folder": shown, "files": json.loads(content)["files"]}


def _finding_frame(findings: Sequence[Finding]) -> pl.DataFrame:
    columns = ("code", "severity", "report_id", "message", "remedy")
    return pl.DataFrame(
        [[getattr(finding, name) for name in columns] for finding in findings],
        schema=dict.fromkeys(columns, pl.String),
        orient="row",
    )
