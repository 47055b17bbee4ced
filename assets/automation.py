"""When: a sensor on the inbox, schedules for issuing by the month and more often, the jobs that people start."""

from zoneinfo import ZoneInfo

import dagster as dg

from assets.journey import PERIOD_TAG
from assets.workspace import WorkspaceResource
from pipelines.collection.due import issued_on
from pipelines.flow import STEPS
from pipelines.periods import months
from pipelines.store.workspace import fingerprint

_NAMES = [step.name for step in STEPS]
_ISSUE = "fill_once_workbooks"
_RECEIVE = "submissions"
_PUBLISH = "share_snapshot"

catalogue_job = dg.define_asset_job(
    "prepare_catalogue",
    dg.AssetSelection.assets(*_NAMES[: _NAMES.index(_ISSUE)]),
    description="整理：读取报表清单和模板，生成数据元目录和填报方案",
)
issue_job = dg.define_asset_job(
    "issue_workbooks", dg.AssetSelection.assets(_ISSUE), description="下发：为每个乡镇生成本期一次填报工作簿"
)
receive_job = dg.define_asset_job(
    "receive_returns",
    dg.AssetSelection.assets(*_NAMES[_NAMES.index(_RECEIVE) : _NAMES.index(_PUBLISH)]),
    description="接收：收回工作簿，更新台账，暂不发布",
)
publish_job = dg.define_asset_job(
    "receive_and_publish",
    dg.AssetSelection.assets(*_NAMES[_NAMES.index(_RECEIVE) :]),
    description="接收并发布：收回工作簿，更新台账，发布共享视图和部门报表，计算负担",
)


audit_job = dg.define_asset_job(
    "audit_report", dg.AssetSelection.assets("burden_report"), description="审计：生成填报负担报告"
)


@dg.sensor(
    job=publish_job,
    name="inbox",
    description="收件箱：有新文件放进 inbox 就接收（以内容哈希识别，与文件名和时间无关）",
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
)
def inbox_sensor(context: dg.SensorEvaluationContext, workspace: WorkspaceResource) -> dg.SensorResult:
    """Ask for a run when the inbox holds something that was not there at the last look."""
    place = workspace.open()
    files = place.inbox_files()
    if not files:
        return dg.SensorResult(skip_reason="收件箱是空的", cursor="")
    content = fingerprint(files, place.home)
    if content == context.cursor:
        return dg.SensorResult(skip_reason=f"收件箱里的 {len(files)} 个文件已经安排接收", cursor=content)
    return dg.SensorResult(run_requests=[dg.RunRequest()], cursor=content)


monthly_schedule = dg.build_schedule_from_partitioned_job(
    issue_job,
    name="monthly_issue",
    description="每月 20 日上午 8 点下发本月的一次填报工作簿",
    day_of_month=20,
    hour_of_day=8,
)


@dg.schedule(
    job=issue_job,
    name="short_issue",
    cron_schedule="0 8 * * *",
    execution_timezone="Asia/Shanghai",
    description="每个工作日上午 8 点：今天是本旬、本周的最后一个工作日，就下发按旬、按周、按日上报的工作簿",
)
def short_schedule(
    context: dg.ScheduleEvaluationContext, workspace: WorkspaceResource
) -> list[dg.RunRequest] | dg.SkipReason:
    """Ask for a run per period shorter than a month whose workbooks go out today; where no report has that pace, it
    issues nothing.
    """
    day = f"{context.scheduled_execution_time.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}"
    requests = [
        dg.RunRequest(run_key=period, partition_key=months(period)[0], tags={PERIOD_TAG: period})
        for period in issued_on(day, workspace.open().rules)
    ]
    return requests or dg.SkipReason(f"{day} 不是工作日，没有要下发的")


JOBS = [catalogue_job, issue_job, receive_job, publish_job, audit_job]
SENSORS = [inbox_sensor]
SCHEDULES = [monthly_schedule, short_schedule]
