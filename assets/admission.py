"""The gate's checks: terms set by law, forms that run out, changed templates, forms that go round the gate."""

from datetime import datetime

import dagster as dg

from assets.journey import WRITER_POOL
from assets.workspace import WorkspaceResource
from pipelines.admission.clocks import clock_findings, standings
from pipelines.admission.register import register_findings
from pipelines.steps.admission import living
from pipelines.store.warehouse import Warehouse

ASSET = "admission_register"
SHOWN = 50


@dg.asset_check(
    asset=ASSET,
    name="clocks",
    description="准入审查 20（可延 10）、目录变更 10（可延 5）、发布 2 个工作日：临期就提醒，不等到逾期",
    pool=WRITER_POOL,
)
def clocks(workspace: WorkspaceResource) -> dg.AssetCheckResult:
    """Turn to warning while there is still time, by the rule's warn_days; to error only when a term has run out."""
    place, today = workspace.open(), f"{datetime.now():%Y-%m-%d}"
    with Warehouse(place.database) as warehouse:
        running = warehouse.read("admission_clocks")
    findings = clock_findings(running, today, place.rules)
    lines = [
        f"- {standing.state}：{row['form_title']}（{row['department_name']}）{standing.clock.title}，{standing.due}"
        for row, standing in standings(running, today, place.rules)
        if not row["ended_at"]
    ]
    is_late = any(finding.severity == "error" for finding in findings)
    return dg.AssetCheckResult(
        passed=not findings,
        severity=dg.AssetCheckSeverity.ERROR if is_late else dg.AssetCheckSeverity.WARN,
        metadata={
            "在办": len(lines),
            "临期或逾期": len(findings),
            "明细": dg.MetadataValue.md("\n".join(lines[:SHOWN]) or "没有在办事项"),
        },
    )


@dg.asset_check(
    asset=ASSET,
    name="register",
    description="没有过期仍在用的报表，没有改了不重新准入的模板，没有绕过准入下发的报表",
    pool=WRITER_POOL,
)
def register(workspace: WorkspaceResource) -> dg.AssetCheckResult:
    """Warn of forms that ran out, changed without admission, or go round the gate."""
    place, today = workspace.open(), f"{datetime.now():%Y-%m-%d}"
    with Warehouse(place.database) as warehouse:
        state = living(warehouse.read)
    findings = [finding for finding in register_findings(state, today, place.rules) if finding.severity != "info"]
    lines = "\n".join(f"- {finding}" for finding in findings[:SHOWN]) or "没有"
    return dg.AssetCheckResult(
        passed=not findings,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"提醒": len(findings), "明细": dg.MetadataValue.md(lines)},
    )


ADMISSION_CHECKS = [clocks, register]

admission_job = dg.define_asset_job(
    "keep_register", dg.AssetSelection.assets(ASSET), description="准入登记：更新在册报表、改版、期限和体外循环"
)
daily_schedule = dg.ScheduleDefinition(
    name="daily_register",
    job=admission_job,
    cron_schedule="30 8 * * *",
    execution_timezone="Asia/Shanghai",
    description="每天上午 8 点半核对准入登记：法定期限临近就提醒",
)
