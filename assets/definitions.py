"""Everything that Dagster loads."""

import dagster as dg

from assets.admission import ADMISSION_CHECKS, admission_job, daily_schedule
from assets.audit import AUDIT
from assets.automation import JOBS, SCHEDULES, SENSORS
from assets.burden_checks import BURDEN_CHECKS
from assets.checks import CHECKS
from assets.clocks import sharing_clocks
from assets.journey import ASSETS
from assets.workspace import WorkspaceResource

defs = dg.Definitions(
    assets=[*ASSETS, *AUDIT],
    asset_checks=[*CHECKS, *BURDEN_CHECKS, *ADMISSION_CHECKS, sharing_clocks],
    jobs=[*JOBS, admission_job],
    sensors=SENSORS,
    schedules=[*SCHEDULES, daily_schedule],
    resources={"workspace": WorkspaceResource()},
)
