"""A step runs when its input changed, and only then."""

import polars as pl
import pytest

from pipelines.step import Outcome, Step, run_step
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from schemas.faults import workspace as faults
from schemas.organisations import Areas


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


def counting_step(ran, **options):
    def work(bench):
        ran.append(bench.period)
        finding = faults.AREA_UNKNOWN.at(file="区划.csv", code="x")
        rows = Areas.frame([{"area_code": "530102001001", "area_name": "甲村", "area_level": "村"}])
        return Outcome(replace={"areas": rows}, findings=[finding], figures={"区划": 1})

    return Step("areas", "区划", "g", "d", reads=("reports",), writes=("areas",), work=work, **options)


def test_a_second_run_does_nothing_and_keeps_the_figures(workspace):
    ran = []
    first = run_step(counting_step(ran), workspace)
    second = run_step(counting_step(ran), workspace)
    assert ran == [""]
    assert (first.is_unchanged, second.is_unchanged) == (False, True)
    assert first.figures == second.figures == {"区划": 1}


def test_changed_table_or_file_runs_it_again(workspace, tmp_path):
    ran = []
    file = tmp_path / "in.txt"
    file.write_text("a")
    step = counting_step(ran, files=lambda place: [file])
    run_step(step, workspace)
    file.write_text("b")
    run_step(step, workspace)
    with Warehouse(workspace.database) as warehouse:
        report = {
            "report_id": "R",
            "report_name": "n",
            "department_name": "d",
            "frequency": "月",
            "respondent_level": "村",
        }
        from schemas.reports import Reports

        warehouse.write({"reports": Reports.frame([report])})
    run_step(step, workspace)
    assert len(ran) == 3


def test_periods_run_apart(workspace):
    ran = []
    step = counting_step(ran, is_by_period=True)
    for period in ("2025-01", "2025-02", "2025-01"):
        run_step(step, workspace, period=period)
    assert ran == ["2025-01", "2025-02"]


def test_findings_of_a_step_replace_its_own_only(workspace):
    run_step(counting_step([]), workspace)
    other = Step("other", "t", "g", "d", (), (), lambda bench: Outcome(findings=[faults.AREA_UNKNOWN.at(code="y")]))
    run_step(other, workspace)
    with Warehouse(workspace.database) as warehouse:
        assert set(warehouse.read("findings")["stage"]) == {"areas", "other"}


def test_a_failing_step_writes_nothing(workspace):
    def work(bench):
        raise RuntimeError("bug")

    with pytest.raises(RuntimeError):
        run_step(Step("x", "t", "g", "d", (), (), work), workspace)
    with Warehouse(workspace.database) as warehouse:
        assert warehouse.read("step_runs").filter(pl.col("step") == "x").is_empty()
