"""The auditor's workbook: the same figures and rows as the page, ready to print, sort and filter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from pipelines.burden.figures import Burden
from pipelines.burden.fill_times import SUMMARY
from pipelines.burden.inputs import Inputs
from pipelines.burden.insight import Insight
from pipelines.burden.versions import VERSIONS
from pipelines.surface.burden_words import drivers, headline
from pipelines.surface.duplication import sheets as duplication_sheets
from schemas.burden import Baseline, BurdenFigures, BurdenRebound, BurdenRows, Confirmations
from schemas.faults import Finding

if TYPE_CHECKING:
    import xlsxwriter
    import xlsxwriter.worksheet

_TIMES = {
    "target": "对象",
    "target_id": "对象编号",
    "method": "怎样得到",
    "n": "观察次数 n",
    "median_minutes": "中位数（分钟）",
    "low_minutes": "区间下限",
    "high_minutes": "区间上限",
    "coverage": "区间覆盖率",
    "is_counted": "用作 G",
}
_VERSIONS = {
    "baseline_version": "版本",
    "frozen_at": "冻结日期",
    "revision_reason": "理由",
    "report_count": "报表",
    "field_count": "栏目",
    "cells_frozen": "单元格/年",
    "content_hash": "内容哈希",
}
_FINDINGS = {"code": "代码", "severity": "程度", "report_id": "报表编号", "message": "情况", "remedy": "下一步"}
_WIDE = ("formula", "basis", "reason", "path", "message", "remedy", "departments", "held_by", "content_hash")
_SHARES = ("reduction", "coverage")


def write_workbook(
    path: Path,
    inputs: Inputs,
    burden: Burden,
    about: Insight,
    *,
    county: str = "",
    rebound: pl.DataFrame | None = None,
    kept_versions: pl.DataFrame | None = None,
    times: pl.DataFrame | None = None,
) -> Path:
    """Write the workbook and return its path: cover, figures, rows, baseline, rebound, duplication, open questions.

    rebound: BurdenRebound; kept_versions: see pipelines.burden.versions; times: see pipelines.burden.fill_times.
    """
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    sheets: Sequence[tuple[str, pl.DataFrame, dict[str, str]]] = (
        ("指标", burden.figures, BurdenFigures.titles()),
        ("逐栏明细", burden.rows, BurdenRows.titles()),
        ("基线", inputs.baseline, Baseline.titles()),
        ("基线版本", _or_empty(kept_versions, VERSIONS), _VERSIONS),
        ("双向确认", inputs.confirmations, Confirmations.titles()),
        ("实测用时", _or_empty(times, SUMMARY), _TIMES),
        ("逐月新增", BurdenRebound.empty() if rebound is None else rebound, BurdenRebound.titles()),
        *((name, frame, {}) for name, frame in duplication_sheets(about)),
        ("没有计入的", _finding_frame(burden.findings), _FINDINGS),
    )
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        cover = book.add_worksheet("说明")
        look = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
        head = book.add_format(look | {"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True})
        formats = {
            "share": book.add_format(look | {"num_format": "0.0%"}),
            "amount": book.add_format(look | {"num_format": "#,##0.##"}),
            "count": book.add_format(look | {"num_format": "#,##0"}),
            "text": book.add_format(look | {"text_wrap": True}),
        }
        for name, frame, titles in sheets:
            _fill(book.add_worksheet(name), frame, titles, head, formats)
        _cover(book, cover, inputs, burden, county, [name for name, _, _ in sheets])
    return path


def _fill(
    sheet: xlsxwriter.worksheet.Worksheet,
    frame: pl.DataFrame,
    titles: dict[str, str],
    head: Any,
    formats: dict[str, Any],
) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C&A　第 &P 页，共 &N 页")
    for column, key in enumerate(frame.columns):
        sheet.write(0, column, titles.get(key, key), head)
        kind = frame.schema[key]
        style = "share" if key in _SHARES else "amount" if kind.is_float() else "count" if kind.is_integer() else "text"
        width = 46 if key in _WIDE else 13 if kind.is_numeric() else 20
        sheet.set_column(column, column, width, formats[style])
        sheet.write_column(1, column, frame[key].to_list())
    if frame.height:
        sheet.autofilter(0, 0, frame.height, frame.width - 1)


def _cover(
    book: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    inputs: Inputs,
    burden: Burden,
    county: str,
    names: Sequence[str],
) -> None:
    """The first sheet: what changed, what it rests on, the county's figures, a chart of the departments, contents."""
    font = {"font_name": "Microsoft YaHei", "valign": "vcenter"}
    title = book.add_format(font | {"bold": True, "font_size": 18, "font_color": "#0B3D63"})
    said = book.add_format(font | {"font_size": 12, "text_wrap": True, "bold": True})
    note = book.add_format(font | {"font_size": 10, "text_wrap": True, "font_color": "#444444"})
    head = book.add_format(font | {"bold": True, "font_color": "white", "bg_color": "#0B3D63", "border": 1})
    cell = book.add_format(font | {"border": 1, "border_color": "#BFC8D0"})
    amount = book.add_format(font | {"border": 1, "border_color": "#BFC8D0", "num_format": "#,##0"})
    share = book.add_format(font | {"border": 1, "border_color": "#BFC8D0", "num_format": "0.0%", "bold": True})
    link = book.add_format(font | {"font_color": "#0072B2", "underline": 1})
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    for column, width in enumerate((30, 15, 15, 12, 10)):
        sheet.set_column(column, column, width)
    version = str(inputs.baseline["baseline_version"].first() or "0")
    sheet.set_row(0, 32)
    sheet.write(0, 0, f"{county}基层填报负担报告", title)
    sheet.write(1, 0, f"截至 {inputs.as_of} · 基线第 {version} 版 · 不比较、不排名乡镇和村", note)
    sheet.merge_range(2, 0, 2, 4, headline(burden), said)
    sheet.set_row(2, 40)
    sheet.merge_range(3, 0, 3, 4, drivers(burden), note)
    sheet.set_row(3, 78)
    for column, text in enumerate(("全县指标", "整合前", "整合后", "下降", "单位")):
        sheet.write(5, column, text, head)
    row = 6
    for figure in burden.figures.filter(pl.col("scope") == "全县").iter_rows(named=True):
        sheet.write(row, 0, figure["figure"], cell)
        sheet.write(row, 1, figure["before"], amount)
        sheet.write(row, 2, figure["after"], amount)
        sheet.write(row, 3, "—" if figure["reduction"] is None else figure["reduction"], share)
        sheet.write(row, 4, figure["unit"], cell)
        row += 1
    departments = burden.figures.with_row_index("at", 1).filter(
        (pl.col("scope") == "部门") & (pl.col("figure") == "单元格（每年）")
    )
    if departments.height:
        first, last = departments["at"].min(), departments["at"].max()
        chart = book.add_chart({"type": "bar"})
        for title_of, column, colour in (("整合前", 3, "#8C8C8C"), ("整合后", 4, "#0072B2")):
            chart.add_series(
                {
                    "name": title_of,
                    "categories": ["指标", first, 2, last, 2],
                    "values": ["指标", first, column, last, column],
                    "fill": {"color": colour},
                    "gap": 40,
                }
            )
        chart.set_title({"name": "各部门要求填报的单元格（个/年）", "name_font": {"size": 12}})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        chart.set_x_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#E5E5E5"}}})
        chart.set_legend({"position": "top"})
        chart.set_size({"width": 640, "height": 120 + 26 * departments.height})
        sheet.insert_chart(row + 1, 0, chart)
        row += 2 + (120 + 26 * departments.height) // 20
    sheet.write(row + 1, 0, "工作表", head)
    for number, name in enumerate(names, row + 2):
        sheet.write_url(number, 0, f"internal:'{name}'!A1", link, name)


def _or_empty(frame: pl.DataFrame | None, schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(schema=schema) if frame is None else frame


def _finding_frame(findings: Sequence[Finding]) -> pl.DataFrame:
    return pl.DataFrame(
        [[getattr(finding, name) for name in _FINDINGS] for finding in findings],
        schema=dict.fromkeys(_FINDINGS, pl.String),
        orient="row",
    )
