"""One check per asset, made from its tables' contracts; the write was checked already, the check is the witness."""

from datetime import date

import dagster as dg

from assets.journey import WRITER_POOL
from assets.workspace import WorkspaceResource
from pipelines.collection import corrections
from pipelines.flow import STEPS
from pipelines.quality.contracts import contract_findings
from pipelines.step import Step
from pipelines.store.warehouse import TABLES, TITLES, Warehouse
from schemas.ledgers import LedgerValues


def contract_check(step: Step) -> dg.AssetChecksDefinition:
    """Return the check that the tables of a step keep their contracts; what fails is shown row by row."""
    titles = "、".join(f"《{TITLES[table]}》" for table in step.writes)

    @dg.asset_check(
        asset=step.name,
        name="contracts",
        description=f"{titles}的每一列都符合契约：类型、必填、取值范围、唯一",
        pool=WRITER_POOL,
    )
    def check(workspace: WorkspaceResource) -> dg.AssetCheckResult:
        with Warehouse(workspace.open().database) as warehouse:
            frames = {table: warehouse.read(table) for table in step.writes}
        findings = [f for table, frame in frames.items() for f in contract_findings(table, TABLES[table], frame)]
        rows = {f"{TITLES[table]}：行数": frame.height for table, frame in frames.items()}
        lines = "\n".join(f"- {finding}" for finding in findings[:50]) or "全部符合"
        return dg.AssetCheckResult(
            passed=not findings, metadata={**rows, "不符合": len(findings), "明细": dg.MetadataValue.md(lines)}
        )

    return check


@dg.asset_check(
    asset="submissions",
    name="corrections_in_time",
    description="核实请求在十个工作日内由填报单位答复（政务数据共享条例第二十六条）；临期就提醒",
    pool=WRITER_POOL,
)
def corrections_in_time(workspace: WorkspaceResource) -> dg.AssetCheckResult:
    """Warn of correction requests that are near their term or past it."""
    place = workspace.open()
    with Warehouse(place.database) as warehouse:
        requests = warehouse.read("correction_requests")
        values = warehouse.read("ledger_values") if requests.height else LedgerValues.empty()  # a county's: 0.4 s
        titles = dict(warehouse.read("elements").select("element_id", "element_name").iter_rows())
    standing = corrections.standings(requests, values, f"{date.today():%Y-%m-%d}", place.rules)
    findings = corrections.late(standing, titles)
    lines = "\n".join(f"- {finding}" for finding in findings) or "没有临期或逾期的"
    return dg.AssetCheckResult(
        passed=not findings,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"未办结": standing.filter(outcome="").height, "明细": dg.MetadataValue.md(lines)},
    )


CHECKS = [*(contract_check(step) for step in STEPS if step.writes), corrections_in_time]
