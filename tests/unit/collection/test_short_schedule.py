"""The schedule of short periods: which runs it asks for on a day, and of which month's partition they are."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from assets.automation import short_schedule
from assets.journey import PERIOD_TAG
from assets.workspace import WorkspaceResource


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-12-12", {"2025-12-12": "2025-12", "2025-W50": "2025-12"}),
        ("2025-12-31", {"2025-12-31": "2025-12", "2025-12-X3": "2025-12"}),
        ("2025-09-30", {"2025-09-30": "2025-09", "2025-W40": "2025-10", "2025-09-X3": "2025-09"}),
        ("2025-12-13", {}),
    ],
)
def test_workbooks_go_out_on_the_last_day_worked(day: str, expected: dict[str, str], tmp_path: Path) -> None:
    """30 September 2025 is the last day worked before the holidays, so the week that counts in October goes out too."""
    when = datetime.fromisoformat(f"{day}T08:00:00").replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    with dg.build_schedule_context(scheduled_execution_time=when) as context:
        asked = short_schedule(context, workspace=WorkspaceResource(home=str(tmp_path)))
    found = {} if isinstance(asked, dg.SkipReason) else {each.run_key: each for each in asked}
    assert {period: each.partition_key for period, each in found.items()} == expected
    assert all(each.tags[PERIOD_TAG] == period for period, each in found.items())
