"""The auditor's report: one self-contained HTML page (no script, no link outside) and a workbook with the same rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.burden.assumptions import Assumptions
from pipelines.burden.basis import WORDS, minutes_words
from pipelines.burden.evidence import latest, load, recompute, trend
from pipelines.burden.figures import Burden
from pipelines.burden.fill_times import SUMMARY, summary
from pipelines.burden.inputs import Inputs
from pipelines.burden.insight import Insight, insight, saving
from pipelines.burden.rebound import history, months, new_since_baseline, rebound
from pipelines.burden.versions import VERSIONS, versions
from pipelines.surface import burden_charts as charts
from pipelines.surface import burden_months
from pipelines.surface.burden_book import write_workbook
from pipelines.surface.burden_quality import expectation_counts, quality
from pipelines.surface.burden_words import change, drivers, headline, number, signed
from schemas.burden import BurdenRebound
from schemas.faults import Finding

CARDS = ("填报工时（每年）", "单元格（不计频率）", "数据项（按栏目）", "报表数")
SPLITS = ("填报层级", "频率", "对象类")
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
    root: Path,
    day: str,
    out: Path,
    *,
    county: str = "",
    is_synthetic: bool = False,
    docs_link: str = "",
) -> tuple[list[Path], list[Finding]]:
    """Write page and workbook of the last evidence on or before a day, recomputed; return the files and what is wrong.

    root: the folder that holds the evidence of every day. out: where 填报负担报告.html and .xlsx go. docs_link: the
    data-quality page, relative to `out`; its results.json is summed up.
    """
    burden, found = recompute(root, day)
    folder = latest(root, day)
    if burden is None or folder is None:
        return [], found
    inputs, _, assumed = load(folder)
    kept, touched = versions(root)
    # Trouble with the evidence itself comes before what the figures leave out; neither is said twice.
    shown = replace(burden, findings=list(dict.fromkeys([*touched, *found])))
    about = insight(inputs, burden.rows)
    kept = kept.filter(pl.col("frozen_at") <= folder.name)
    frozen_at = str(kept["frozen_at"].min() or inputs.baseline["frozen_at"].first() or folder.name)
    seen = pl.concat([history(root, folder.name), new_since_baseline(burden.rows, folder.name)])
    seen = seen.filter(~pl.col("field_id").is_in(inputs.baseline["field_id"].to_list()))
    extra: dict[str, Any] = {
        "county": county,
        "rebound": rebound(seen, frozen_at, folder.name, inputs.admissions),
        "kept_versions": kept,
        "times": summary(inputs.fill_times, folder.name, assumed.time_methods),
    }
    page = write_page(
        out / "填报负担报告.html",
        inputs,
        shown,
        about,
        assumed,
        is_synthetic=is_synthetic,
        history=trend(root).filter(pl.col("as_of") <= folder.name),
        evidence=folder,
        docs_link=docs_link,
        expectations=expectation_counts(out / docs_link) if docs_link else None,
        **extra,
    )
    return [page, write_workbook(out / "填报负担报告.xlsx", inputs, shown, about, **extra)], found


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
    expectations: Mapping[str, int] | None = None,
    rebound: pl.DataFrame | None = None,
    kept_versions: pl.DataFrame | None = None,
    times: pl.DataFrame | None = None,
) -> Path:
    """Write the report of one state as HTML and return its path.

    history: BurdenFigures rows of the county over past days. evidence: the folder that `pipelines.burden.evidence.keep`
    wrote; its hashes are printed. docs_link: the data-quality page, relative to this one; expectations: its counts.
    rebound: BurdenRebound. kept_versions, times: as in the workbook.
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
    again = BurdenRebound.empty() if rebound is None else rebound
    state = _baseline(inputs, kept_versions)
    since = months(state["frozen_first"], inputs.as_of) if inputs.baseline.height else []
    html = environment.get_template("burden.html.j2").render(
        county=county,
        as_of=inputs.as_of,
        is_synthetic=is_synthetic,
        **state,
        headline=headline(burden),
        hero=next((row for row in _county(found) if row["figure"] == "单元格（每年）" and row["before"]), None),
        cards=[row for name in CARDS for row in _county(found) if row["figure"] == name],
        county_figures=_county(found),
        other_figures=found.filter(pl.col("scope").is_in(("部门下降比例的平均", "平均每个乡镇"))).to_dicts(),
        splits=[_split(found, scope) for scope in SPLITS],
        departments=_split(found, "部门"),
        drivers=drivers(burden),
        excluded=found.filter(pl.col("scope") == "剔除").to_dicts(),
        bases=_bases(burden.rows),
        minutes=minutes_words(burden.rows),
        assumed=assumed,
        times=pl.DataFrame(schema=SUMMARY).to_dicts() if times is None else times.to_dicts(),
        changes=_changes(burden),
        adjustment=found.filter(pl.col("scope_value").str.starts_with("调整")).to_dicts(),
        charts=_charts(inputs, burden, about, history, again, since),
        rebound=again.to_dicts(),
        months=since,
        most_asked=about.most_asked.head(20).to_dicts(),
        spare=about.spare.to_dicts(),
        saving=saving(about.spare) if about.spare.height else "",
        drill=_drill(burden.rows),
        findings=sorted(burden.findings, key=lambda finding: (finding.code, finding.report_id)),
        quality=quality(inputs, burden.findings),
        expectations=expectations,
        evidence=_evidence(evidence),
        docs_link=docs_link,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8")
    return path


def _county(figures: pl.DataFrame) -> list[dict[str, Any]]:
    return figures.filter(pl.col("scope") == "全县").to_dicts()


def _baseline(inputs: Inputs, kept: pl.DataFrame | None) -> dict[str, Any]:
    """Return what the page says of the baseline: version, days, hash, versions, how many reports are confirmed."""
    if inputs.baseline.is_empty():
        none = {"version": "0", "frozen_at": "（没有）", "frozen_first": inputs.as_of, "baseline_hash": "（没有）"}
        return none | {"versions": [], "confirmed": 0, "baseline_reports": 0}
    first = inputs.baseline.row(0, named=True)
    known = pl.DataFrame(schema=VERSIONS) if kept is None else kept
    said = inputs.confirmations.filter((pl.col("department_by") != "") & (pl.col("township_by") != ""))
    confirmed = inputs.baseline.filter(
        pl.col("confirmed_by").is_not_null() | pl.col("report_id").is_in(said["report_id"].to_list())
    )
    return {
        "version": first["baseline_version"],
        "frozen_at": first["frozen_at"],
        "frozen_first": str(known["frozen_at"].min() or first["frozen_at"]),
        "baseline_hash": first["content_hash"],
        "versions": known.to_dicts(),
        "confirmed": confirmed["report_id"].n_unique(),
        "baseline_reports": inputs.baseline["report_id"].n_unique(),
    }


def _split(found: pl.DataFrame, scope: str) -> dict[str, Any]:
    """Return cells and hours of one scope, the largest load first."""
    hours = found.filter((pl.col("scope") == scope) & (pl.col("figure") == "填报工时（每年）"))
    cells = found.filter((pl.col("scope") == scope) & (pl.col("figure") == "单元格（每年）")).join(
        hours.select("scope_value", pl.col("before").alias("hours_before"), pl.col("after").alias("hours_after")),
        on="scope_value",
        how="left",
    )
    largest = cells.sort("before", "scope_value", descending=[True, False])
    top = max(float(largest["before"].max() or 0.0), float(largest["after"].max() or 0.0), 1.0)  # type: ignore[arg-type]
    return {"scope": scope, "rows": largest.to_dicts(), "top": top}


def _bases(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return on what D, c and G of how many fields rest."""
    names = {"respondents_basis": "填报单位数 D", "rows_basis": "每次行数 c", "minutes_basis": "单次用时 G"}
    filled = rows.filter(pl.col("role").is_in(("fill", "")) & pl.col("minutes_basis").is_not_null())
    return [
        {"what": name, "basis": WORDS.get(basis, "不可计"), "n": number_of}
        for column, name in names.items()
        for basis, number_of in filled.group_by(column).len().sort(column).iter_rows()
    ]


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


def _charts(
    inputs: Inputs,
    burden: Burden,
    about: Insight,
    history: pl.DataFrame | None,
    again: pl.DataFrame,
    since: Sequence[str],
) -> dict[str, str]:
    specs = {
        "waterfall": (charts.waterfall(burden.figures), "从基线到现在的瀑布图"),
        "departments": (charts.departments(burden.figures), "各部门整合前后的单元格"),
        "overlap": (charts.overlap_matrix(about.overlap), "部门之间共同的数据元"),
        "months": (burden_months.typed_by_month(inputs.issued_workbooks, inputs.submissions), "逐月键入与确认"),
        "trend": (None if history is None else burden_months.trend(history), "各次计算的每年单元格"),
        "rebound": (burden_months.rebound_by_month(again, since), "基线以来逐月新增"),
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
