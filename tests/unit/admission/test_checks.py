"""The Dagster check on the clocks: a warning while there is still time, an error only when a term has run out."""

from datetime import date, timedelta

import dagster as dg
import pytest

from assets.admission import clocks
from assets.workspace import WorkspaceResource
from pipelines import workdays
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from schemas.admission import AdmissionClocks


def started(state):
    """Return the latest day on which a review must have started to stand so today."""
    today = date.today()
    for back in range(100):
        day = (today - timedelta(days=back)).isoformat()
        if workdays.standing(workdays.clock("admission"), day, today.isoformat()).state == state:
            return day
    raise AssertionError(state)


@pytest.mark.parametrize(
    ("state", "passed", "severity"),
    [("办理中", True, "WARN"), ("临期", False, "WARN"), ("逾期", False, "ERROR")],
)
def test_the_check_on_the_clocks(state, passed, severity, tmp_path):
    row = {"matter_id": "SQ-1", "clock": "admission", "form_title": "新表", "department_name": "县民政局"}
    row |= {"started_at": started(state), "is_extended": False}
    place = Workspace(tmp_path)
    with Warehouse(place.database) as warehouse:
        warehouse.write({"admission_clocks": AdmissionClocks.frame([row])})
    result = clocks(WorkspaceResource(home=str(tmp_path)))
    assert isinstance(result, dg.AssetCheckResult)
    assert (result.passed, result.severity.value) == (passed, severity)
