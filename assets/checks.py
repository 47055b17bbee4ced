"""One check per table, made from its contract; the write was checked already, the check is the witness."""

import dagster as dg
from pipelines.flow import STEPS
from pipelines.quality.contracts import contract_findings

from assets.journey import WRITER_POOL
from assets.workspace import WorkspaceResource
from pipelines.store.warehouse import TABLES, TITLES, Warehouse


def contract_check(step_name: str, table: str) -> dg.AssetChecksDefinition:
    """Return the check that a table keeps its contract; what fails is shown row by row."""

    @dg.asset_check(
        asset=step_name,
        name=f"{table}_contract",
        description=f"《{TITLES[table]}》的每一列都符合契约（类型、必填、取值范围、唯一）",
        blocking=False,
        pool=WRITER_POOL,
    )
    def check(workspace: WorkspaceResource) -> dg.AssetCheckResult:
        with Warehouse(workspace.open().database) as warehouse:
            frame = warehouse.read(table)
        findings = contract_findings(table, TABLES[table], frame)
        lines = "\n".join(f"- {finding}" for finding in findings[:50]) or "全部符合"
        return dg.AssetCheckResult(
            passed=not findings,
            metadata={"行数": frame.height, "不符合": len(findings), "明细": dg.MetadataValue.md(lines)},
        )

    return check


CHECKS = [contract_check(step.name, table) for step in STEPS for table in step.writes]
