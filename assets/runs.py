"""Runs of the journey through Dagster, in this process, with progress in the terminal."""

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import dagster as dg

from pipelines.periods import months
from pipelines.store.workspace import Workspace
from pipelines.surface.journey import Journal, print_summary

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def prepare_instance(workspace: Workspace) -> Path:
    """Write the workspace's own dagster.yaml (absolute folders) and return its folder, the DAGSTER_HOME."""
    workspace.dagster.mkdir(parents=True, exist_ok=True)
    shipped = Path(str(files("assets"))).parent / "dagster.yaml"
    text = shipped.read_text(encoding="utf-8").replace("data/dagster", workspace.dagster.as_posix())
    (workspace.dagster / "dagster.yaml").write_text(text, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(workspace.dagster)
    os.environ["ONEFORM_HOME"] = str(workspace.home)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    return workspace.dagster


def run_job(instance: dg.DagsterInstance, job: str, period: str = "") -> bool:
    """Run one of the jobs of `assets.automation` in this process, for a month or a shorter period.

    Returns whether every step succeeded.
    """
    from assets.definitions import defs
    from assets.journey import PERIOD_TAG

    result = defs.resolve_job_def(job).execute_in_process(
        instance=instance,
        run_config=_QUIET,
        partition_key=months(period)[0] if period else None,
        tags={PERIOD_TAG: period} if period else None,
        raise_on_error=True,
    )
    return bool(result.success)


def run_journey(workspace: Workspace, period: str = "") -> int:
    """Run the whole journey once and print what was achieved. Returns 0 only if nothing was refused."""
    prepare_instance(workspace)
    period = period or workspace.settings().get("period", "")
    with dg.DagsterInstance.get() as instance, Journal() as journal:
        for job in ("prepare_catalogue", *(("issue_workbooks",) if period else ()), "receive_and_publish"):
            with journal.part(job):
                run_job(instance, job, period if job == "issue_workbooks" else "")
    return print_summary(workspace, journal)


def serve(workspace: Workspace, host: str, port: int, extra: Sequence[str] = ()) -> int:
    """Serve Dagster's page and daemon on this workspace until interrupted."""
    home = prepare_instance(workspace)
    command = [sys.executable, "-m", "dagster", "dev", "-m", "assets.definitions", "-h", host, "-p", str(port), *extra]
    return subprocess.call(command, env=os.environ | {"DAGSTER_HOME": str(home)})
