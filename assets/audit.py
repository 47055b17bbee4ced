"""For auditors: the burden report, and the expectations over the published views with their Data Docs."""

from datetime import datetime

import dagster as dg

from assets.journey import GROUPS
from assets.presentation import finding_table
from assets.workspace import WorkspaceResource
from pipelines.store.snapshots import current
from pipelines.store.workspace import Workspace


def write_burden_report(workspace: Workspace) -> list[str]:
    """Write the auditor's page and workbook of today into the workspace; return the paths."""
    from pipelines.surface.burden_page import write_report

    settings = workspace.settings()
    files, _ = write_report(
        workspace.evidence,
        f"{datetime.now():%Y-%m-%d}",
        workspace.reports,
        county=settings.get("county_name", ""),
        is_synthetic=settings.get("is_synthetic", "") == "True",
        docs_link="数据质量/index.html" if (workspace.reports / "数据质量" / "index.html").exists() else "",
    )
    return [str(path) for path in files]


@dg.asset(
    group_name=GROUPS["burden"],
    deps=["burden_figures"],
    description="**填报负担报告**\n\n给审计看的一页网页和一个工作簿：数字、算法、图、背后的每一个栏目、怎样重算。",
    kinds={"html", "excel"},
    owners=["team:steward"],
)
def burden_report(workspace: WorkspaceResource) -> dg.MaterializeResult:
    """The auditor's report."""
    return dg.MaterializeResult(
        metadata={
            f"文件 {n}": dg.MetadataValue.path(path) for n, path in enumerate(write_burden_report(workspace.open()), 1)
        }
    )


@dg.asset(
    group_name=GROUPS["sharing"],
    deps=["share_snapshot"],
    description="**数据质量说明**\n\n用 Great Expectations 检查每个已发布的共享视图；网页自成一体，不含数据值。",
    kinds={"html"},
    owners=["team:steward"],
)
def data_docs(workspace: WorkspaceResource) -> dg.MaterializeResult:
    """Expectations over the published views, in a process of their own."""
    from pipelines.quality.expectations import DATA_DOCS, check, show_quality

    place = workspace.open()
    snapshot = current(place.share)
    if snapshot is None:
        raise dg.Failure("还没有发布共享快照。请先运行“共享快照”。")
    out = place.reports / DATA_DOCS
    findings = show_quality(snapshot, out)
    if findings is None:  # the county lets it run after publishing
        findings = check(snapshot, out, place.rules)
    return dg.MaterializeResult(
        metadata={
            "网页": dg.MetadataValue.path(str(out / "index.html")),
            "不符合": len(findings),
            "明细": dg.MetadataValue.md(finding_table(findings)),
        }
    )


AUDIT = [burden_report, data_docs]
