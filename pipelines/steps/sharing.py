"""The step of sharing: one immutable snapshot of views and filled templates."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import periods, rulebook
from pipelines.garbage import uncollected
from pipelines.intake.register import match_templates
from pipelines.quality.expectations import DATA_DOCS, QUALITY, Examination, show_quality
from pipelines.sharing.finish import finish
from pipelines.sharing.notices import post_notices
from pipelines.sharing.publish import Holdings, Published, write_share
from pipelines.sharing.views.roll_up import newest_periods
from pipelines.sharing.views.sources import INDICATOR
from pipelines.step import Bench, Outcome
from pipelines.steps.inputs import held_values
from pipelines.store.frames import read_frames
from pipelines.store.query import run_each
from pipelines.store.snapshots import CURRENT, MANIFEST, Refused, prune, publish
from pipelines.store.snapshots import current as current_snapshot
from pipelines.store.workspace import Workspace
from schemas.faults import Finding
from schemas.faults.publishing import NOT_PUBLISHED

SHARED = (
    *("reports", "report_fields", "template_checks", "element_map", "elements", "derivations"),
    *("fill_plan", "populations", "areas"),
)
"""Tables that a snapshot is made of."""


def _recorded_at(values: pl.DataFrame) -> dict[str, str]:
    """Return when the newest value of every element, and of every ledger, came in. values: LedgerValues."""
    newest = [values.group_by(key).agg(pl.col("recorded_at").max()) for key in ("ledger", "element_id")]
    return {key: day for frame in newest for key, day in frame.iter_rows()}


def standing(place: Workspace) -> list[Path]:
    """Return what else decides whether to publish: the county's settings, and the snapshot that is current."""
    return [file for file in (place.home / "workspace.toml", place.share / CURRENT / MANIFEST) if file.exists()]


@uncollected()
def share_snapshot(bench: Bench) -> Outcome:
    """Publish views and filled templates as one immutable snapshot."""
    place, tables = bench.workspace, bench.tables
    values = held_values(bench)
    ledgers = read_frames(place.ledgers)
    submitted = values["submitted_period"].unique().to_list()
    month = newest_periods(submitted)[0] or place.settings().get("period", bench.today[:7])
    computed = ledgers[INDICATOR]["period"].unique().to_list() if INDICATOR in ledgers else []
    chosen, _ = match_templates(tables["reports"], place.template_files(), place.templates)
    held = Holdings(
        **{name: tables[name] for name in SHARED},
        ledgers=ledgers,
        templates=chosen,
        month=month,
        as_of=periods.last_day(month),
        short=newest_periods([*submitted, *computed])[1],
        recorded_at=_recorded_at(values),
        template_hashes=dict(tables["templates"].select("report_id", "template_hash").iter_rows()),
        own_rules=place.rules,
    )
    made: list[Published] = []
    found: list[Finding] = []
    is_examined = place.settings().get("expectations_before_publishing", "True") == "True"
    with Examination(place.rules) if is_examined else nullcontext() as examination:

        def write(folder: Path) -> dict[str, Any]:
            told = examination.add if examination else lambda _: None
            made.append(write_share(folder, held, run_each, bench.progress, current_snapshot(place.share), told))
            return made[0].facts

        def check(folder: Path, before: Path | None) -> list[Finding]:
            found.extend(finish(folder, before, place.rules))
            if examination:
                found.extend(examination.findings(folder / QUALITY))
            return found

        try:
            snapshot = publish(place.share, write, check, bench.now)
        except Refused as refused:
            before = current_snapshot(place.share)
            last = NOT_PUBLISHED.at(count=len(refused.findings), version=before.name if before else "（无）")
            return Outcome(findings=[last, *found, *made[0].findings], figures={**made[0].figures, "版本": "没有发布"})
    show_quality(snapshot.path, place.reports / DATA_DOCS)
    posted = post_notices(snapshot.path, place.reports)
    keep = rulebook.settings("sharing_snapshots", place.rules)["keep"]
    gone = prune(place.share, keep["days"], keep["versions"], bench.today)
    return Outcome(
        replace={"share_views": made[0].share_views},
        findings=[*made[0].findings, *found],
        files=[snapshot.path, *posted],
        figures={**made[0].figures, "版本": snapshot.version}
        | ({"变更通知": len(posted)} if posted else {})
        | ({"到期删除": len(gone)} if gone else {}),
    )
