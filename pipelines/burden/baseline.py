"""The baseline: what every report asked for before consolidation, frozen, dated, hashed. Corrections are versions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from pipelines import rulebook
from pipelines.burden.assumptions import Assumptions, assumptions
from pipelines.burden.counts import Counts, no_counts
from pipelines.burden.estimate import estimate
from schemas.burden import Baseline
from schemas.faults import Finding
from schemas.faults import burden as faults

TO_FILL = ("fill", "")
"""Roles that a person fills; "" is a field whose role no template tells (field lists)."""

_UNHASHED = ("content_hash",)


def freeze(
    reports: pl.DataFrame,
    report_fields: pl.DataFrame,
    areas: pl.DataFrame,
    frozen_at: str,
    previous: pl.DataFrame | None = None,
    reason: str = "",
    *,
    counts: Counts | None = None,
    own_rules: Path | None = None,
) -> pl.DataFrame:
    """Return the next version of the baseline (Baseline, a row per field of every report).

    reports: Reports; report_fields: ReportFields; areas: Areas; frozen_at: YYYY-MM-DD; previous: the version before.
    counts: what the ledgers hold, when they are filled already; otherwise the declared rows stand in. own_rules: the
    workspace's rules, among them burden_confirmations.csv (report_id, department_by, township_by, confirmed_at).
    Raises ValueError when a later version comes without a reason.
    """
    versions = [] if previous is None else previous["baseline_version"].cast(pl.Int64).to_list()
    if versions and not reason:
        raise ValueError("a correction of the baseline needs a reason")
    assumed = assumptions(own_rules)
    fields = asked_fields(reports, report_fields, areas, counts or no_counts(), frozen_at, assumed)
    confirmed = _confirmations(own_rules)
    frame = fields.with_columns(
        pl.lit(str(max(versions, default=0) + 1)).alias("baseline_version"),
        pl.lit(frozen_at).alias("frozen_at"),
        pl.col("report_id").replace_strict(confirmed, default=None, return_dtype=pl.String).alias("confirmed_by"),
        pl.lit(reason or "首次冻结").alias("revision_reason"),
        pl.lit("").alias("content_hash"),
    )
    frame = frame.select([pl.col(column).cast(kind) for column, kind in Baseline.schema_types().items()])
    return frame.with_columns(pl.lit(content_hash(frame)).alias("content_hash"))


def asked_fields(
    reports: pl.DataFrame,
    report_fields: pl.DataFrame,
    areas: pl.DataFrame,
    counts: Counts,
    on: str,
    assumed: Assumptions,
) -> pl.DataFrame:
    """Return what the register asks for on a day, a row per field, with D, E, c, G and their bases.

    A report without a field to fill has one more row, of role "none". Used for the baseline, and again for today.
    """
    known = reports.select(
        "report_id",
        "report_name",
        "department_name",
        "frequency",
        "frequency_text",
        "respondent_level",
        "minutes_per_response",
    ).with_columns(
        pl.col("frequency")
        .replace_strict(dict(assumed.responses), default=None, return_dtype=pl.Float64)
        .alias("responses_per_year")
    )
    fields = report_fields.select(
        "field_id", pl.col("form_id").alias("report_id"), "table_no", "path", "role", "layout"
    ).join(known.select("report_id"), on="report_id", how="semi")
    silent = known.join(fields.filter(pl.col("role").is_in(TO_FILL)), on="report_id", how="anti").select(
        (pl.col("report_id") + "#").alias("field_id"),
        "report_id",
        pl.lit(1, pl.Int64).alias("table_no"),
        pl.lit("（没有读出要填的栏目）").alias("path"),
        pl.lit("none").alias("role"),
        pl.lit(None, pl.String).alias("layout"),
    )
    fields = pl.concat([fields.cast({"table_no": pl.Int64}), silent]).join(
        known, on="report_id", how="left", maintain_order="left"
    )
    tables = fields.group_by("report_id", "table_no", maintain_order=True).agg(
        pl.col("layout").first(), pl.col("respondent_level").first()
    )
    fields = fields.join(
        estimate(tables, areas, counts, on, assumed), on=["report_id", "table_no"], how="left", maintain_order="left"
    )
    cells = pl.col("rows_per_response").filter(pl.col("role").is_in(TO_FILL)).sum().over("report_id")
    return fields.with_columns(
        pl.when(pl.col("minutes_per_response").is_null())
        .then(pl.lit("规则声明"))
        .otherwise(pl.lit("报表清单"))
        .alias("minutes_basis"),
        pl.coalesce(
            pl.col("minutes_per_response").cast(pl.Float64),
            assumed.minutes_overhead + cells * assumed.seconds_per_cell / 60,
        ).alias("minutes_per_response"),
    )


def content_hash(baseline: pl.DataFrame) -> str:
    """Return the SHA-256 of a baseline: its rows by field_id as CSV (UTF-8, LF), without the hash column itself."""
    kept = [name for name in Baseline.schema_types() if name not in _UNHASHED]
    return hashlib.sha256(baseline.select(kept).sort("field_id").write_csv().encode()).hexdigest()


def verify(baseline: pl.DataFrame) -> list[Finding]:
    """Return a finding when the baseline is not what was frozen, and one when reports lack a confirmation."""
    if baseline.is_empty():
        return []
    version, expected = baseline["baseline_version"][0], baseline["content_hash"][0]
    found = content_hash(baseline)
    findings = []
    if found != expected:
        findings.append(faults.BASELINE_CHANGED.at(version=version, expected=expected, found=found))
    open_reports = baseline.filter(pl.col("confirmed_by").is_null())["report_id"].n_unique()
    if open_reports:
        findings.append(faults.BASELINE_UNCONFIRMED.at(version=version, reports=open_reports))
    return findings


def _confirmations(own_rules: Path | None) -> Mapping[str, str]:
    rows: Sequence[Mapping[str, str]] = rulebook.rows("burden_confirmations", own_rules, key=("report_id",))
    return {
        row["report_id"]: f"部门 {row['department_by']}；乡镇 {row['township_by']}；{row['confirmed_at']}"
        for row in rows
        if row["department_by"] and row["township_by"]
    }
