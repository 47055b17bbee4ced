"""The journey as assets: one asset per step of `pipelines.flow`, wired by the tables it reads and writes."""

from collections.abc import Mapping

import dagster as dg

from assets.presentation import metadata
from assets.workspace import WorkspaceResource
from pipelines.flow import STEPS
from pipelines.step import Step, run_step

PERIODS = dg.MonthlyPartitionsDefinition(start_date="2025-01", timezone="Asia/Shanghai", end_offset=1, fmt="%Y-%m")
"""Months; the only partitions: township, department and template are columns. A shorter period lies in one of them."""

PERIOD_TAG = "oneform/period"
"""Says which period shorter than its month a run of the month's partition is for."""

GROUPS = {
    "intake": "1_duqu_baobiao",
    "catalogue": "2_shujuyuan_mulu",
    "collection": "3_yici_tianbao",
    "sharing": "4_gongxiang_qushu",
    "burden": "5_jianfu_shenji",
    "admission": "6_baobiao_zhunru",
}
"""Stage → asset group. Dagster takes no Chinese in names, so the groups are in pinyin, in the order of the journey:
读取报表, 数据元目录, 一次填报, 共享取数, 减负审计, 报表准入."""

WRITER_POOL = "warehouse"
"""Whatever opens the warehouse takes a place in this pool of one."""


def producers(steps: tuple[Step, ...]) -> Mapping[str, str]:
    """Return which step writes each table."""
    return {table: step.name for step in steps for table in step.writes}


def asset(step: Step, written_by: Mapping[str, str]) -> dg.AssetsDefinition:
    """Return the asset of a step: it runs the step and reports counts, findings and links to files."""
    sources = {written_by[table] for table in step.reads if table in written_by} | set(step.follows)

    @dg.asset(
        name=step.name,
        description=f"**{step.title}**\n\n{step.description}",
        group_name=GROUPS[step.group],
        deps=sorted(sources - {step.name}),
        pool=WRITER_POOL,
        kinds=set(step.kinds),
        partitions_def=PERIODS if step.is_by_period else None,
        owners=["team:steward"],
    )
    def materialize(context: dg.AssetExecutionContext, workspace: WorkspaceResource) -> dg.MaterializeResult:
        partition = context.partition_key if context.has_partition_key else ""
        period = context.run.tags.get(PERIOD_TAG, partition)
        place = workspace.open()
        result = run_step(step, place, period=period)
        if result.findings:  # one entry: Dagster opens its log anew for each, 20 ms a time
            context.log.warning("\n".join(map(str, result.findings)))
        return dg.MaterializeResult(metadata=metadata(result, place))

    return materialize


ASSETS = [asset(step, producers(STEPS)) for step in STEPS]
