"""What a steward sees beside a materialization: counts, findings, a preview, links to files."""

from collections.abc import Sequence

import dagster as dg
import polars as pl

from pipelines.step import StepResult
from pipelines.store.warehouse import TABLES, TITLES, Warehouse
from pipelines.store.workspace import Workspace
from schemas.faults import Finding

PREVIEW_ROWS = 8


def metadata(result: StepResult, workspace: Workspace) -> dict[str, dg.MetadataValue]:
    """Return the metadata of a step that ran, with Chinese names."""
    shown: dict[str, dg.MetadataValue] = {
        "状态": dg.MetadataValue.text("输入未变化，沿用上次结果" if result.is_unchanged else "已完成")
    }
    for name, value in result.figures.items():
        if isinstance(value, str):
            shown[name] = dg.MetadataValue.text(value)
        else:
            shown[name] = dg.MetadataValue.int(value) if isinstance(value, int) else dg.MetadataValue.float(value)
    if result.findings:
        shown["问题清单"] = dg.MetadataValue.md(finding_table(result.findings))
    for path in result.files[:20]:
        shown[f"文件：{path.name}"] = dg.MetadataValue.path(str(path))
    with Warehouse(workspace.database) as warehouse:
        for table in result.step.writes:
            count, head = warehouse.glance(table, PREVIEW_ROWS)
            shown[f"{TITLES[table]}：行数"] = dg.MetadataValue.int(count)
            shown[f"{TITLES[table]}：预览"] = dg.MetadataValue.md(preview(head, TABLES[table].titles()))
    return shown


def preview(frame: pl.DataFrame, titles: dict[str, str]) -> str:
    """Return rows as a Markdown table with Chinese column titles."""
    lines = ["|".join(titles[name] for name in frame.columns), "|".join("---" for _ in frame.columns)]
    for row in frame.iter_rows():
        lines.append(
            "|".join(("" if value is None else str(value)).replace("|", "／").replace("\n", " ") for value in row)
        )
    return "\n".join(f"|{line}|" for line in lines)


def finding_table(findings: Sequence[Finding]) -> str:
    """Return findings as a Markdown table, errors first."""
    order = {"error": 0, "warning": 1, "info": 2}
    lines = ["|代码|程度|位置|情况|下一步|", "|---|---|---|---|---|"]
    for finding in sorted(findings, key=lambda f: (order[f.severity], f.code))[:50]:
        place = " ".join(part for part in (finding.report_id, finding.file, finding.sheet, finding.cell) if part)
        lines.append(
            f"|{finding.code}|{finding.severity}|{place}|{finding.message}|{finding.remedy}|".replace("\n", " ")
        )
    return "\n".join(lines)
