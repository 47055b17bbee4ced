"""Versions of the baseline: each is kept as it was frozen; a correction names its reports and its reason."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import polars as pl

from pipelines.burden.baseline import content_hash
from schemas.burden import Baseline
from schemas.faults import Finding
from schemas.faults import burden as faults

VERSIONS = {
    "baseline_version": pl.String,
    "frozen_at": pl.String,
    "revision_reason": pl.String,
    "report_count": pl.Int64,
    "field_count": pl.Int64,
    "cells_frozen": pl.Float64,
    "content_hash": pl.String,
}


def correct(previous: pl.DataFrame, fresh: pl.DataFrame, report_ids: Collection[str], reason: str) -> pl.DataFrame:
    """Return the next version (Baseline): the named reports as `fresh` has them, all others as they were frozen.

    fresh: Baseline frozen anew from today's register with `previous` as the version before. A named report that the
    previous version lacks is added, one that today's register lacks is taken out. Raises ValueError without a reason or
    a report, or for a report that neither has: a correction says what it corrects and never rolls the rest forward.
    """
    if not reason.strip() or not report_ids:
        raise ValueError("a correction of the baseline needs reports and a reason")
    unknown = set(report_ids) - set(previous["report_id"]) - set(fresh["report_id"])
    if unknown:
        raise ValueError(f"neither the baseline nor the register has {sorted(unknown)}")
    is_named = pl.col("report_id").is_in(list(report_ids))
    version, frozen_at = fresh["baseline_version"][0], fresh["frozen_at"][0]
    frame = pl.concat([previous.filter(~is_named), fresh.filter(is_named)]).with_columns(
        pl.lit(version).alias("baseline_version"),
        pl.lit(frozen_at).alias("frozen_at"),
        pl.lit(reason.strip()).alias("revision_reason"),
        pl.lit("").alias("content_hash"),
    )
    return frame.with_columns(pl.lit(content_hash(frame)).alias("content_hash"))


def keep_version(root: Path, baseline: pl.DataFrame) -> Path:
    """Write a version below <root>/baseline, once; return its file. The name carries version and hash."""
    version, digest = baseline["baseline_version"][0], baseline["content_hash"][0]
    path = root / "baseline" / f"{int(version):03d}-{digest[:16]}.parquet"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        baseline.write_parquet(path, compression="zstd", statistics=False)
    return path


def versions(root: Path) -> tuple[pl.DataFrame, list[Finding]]:
    """Return every kept version (columns: VERSIONS, in order) and a finding for each that is not what was frozen."""
    rows, findings = [], []
    for path in sorted((root / "baseline").glob("*.parquet")):
        frame = pl.read_parquet(path).select(list(Baseline.schema_types()))
        first = frame.row(0, named=True)
        found = content_hash(frame)
        if found != first["content_hash"]:
            findings.append(
                faults.BASELINE_CHANGED.at(
                    file=path.name, version=first["baseline_version"], expected=first["content_hash"], found=found
                )
            )
        is_filled = frame["role"].is_in(["fill", ""])
        cells = frame.filter(is_filled).select(
            (pl.col("respondents") * pl.col("responses_per_year") * pl.col("rows_per_response")).sum()
        )
        rows.append(
            (
                first["baseline_version"],
                first["frozen_at"],
                first["revision_reason"],
                frame["report_id"].n_unique(),
                frame.height,
                float(cells.item() or 0.0),
                first["content_hash"],
            )
        )
    return pl.DataFrame(rows, schema=VERSIONS, orient="row"), findings
