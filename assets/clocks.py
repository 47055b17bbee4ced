"""A check that warns before a statutory clock of a sharing application runs out."""

from datetime import datetime

import dagster as dg

from assets.workspace import WorkspaceResource
from pipelines.rulebook import own_rows
from pipelines.sharing.applications import TABLE, applications, running_out


@dg.asset_check(
    asset="share_snapshot",
    name="sharing_clocks",
    description="共享申请的法定时限：答复（无条件 1 个、有条件 10 个工作日）和提供（20 个工作日），到期前提醒",
)
def sharing_clocks(workspace: WorkspaceResource) -> dg.AssetCheckResult:
    """Every open application is in time."""
    place = workspace.open()
    found = applications(own_rows(TABLE, place.rules))
    findings = running_out(found.values(), f"{datetime.now():%Y-%m-%d}", place.rules)
    lines = "\n".join(f"- {finding}" for finding in findings) or "全部在时限内"
    return dg.AssetCheckResult(
        passed=not findings,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"申请": len(found), "临期或逾期": len(findings), "明细": dg.MetadataValue.md(lines)},
    )
