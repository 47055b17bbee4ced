"""The baseline: what every report asked for before consolidation, frozen, dated, hashed. Corrections are versions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

import polars as pl

from pipelines import rulebook
from pipelines.burden.assumptions import Assumptions, assumptions
from pipelines.burden.counts import Counts, no_counts
from pipelines.burden.estimate import estimate
from pipelines.burden.fill_times import measured_minutes
from schemas.burden import Baseline, Confirmations
from schemas.faults import Finding
from schemas.faults import burden as faults

TO_FILL = ("fill", "")
"""Roles that a person fills; "" is a field whose role no template tells (field lists)."""

MEASURED, REGISTERED, ASSUMED = "实测", "报表清单", "规则声明"
"""What G can rest on, the best first."""

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
    fill_times: pl.DataFrame | None = None,
    own_rules: Path | None = None,
) -> pl.DataFrame:
    """Return the next version of the baseline (Baseline, a row per field of every report).

    reports: Reports; report_fields: ReportFields; areas: Areas; frozen_at: YYYY-MM-DD; previous: the version before.
    counts: what the ledgers hold, when they are filled already; otherwise the declared rows stand in. fill_times:
    FillTimes observed so far. own_rules: the workspace's rules, among them burden_confirmations.csv.
    Raises ValueError when a later version comes without a reason.
    """
    versions = [] if previous is None else previous["baseline_version"].cast(pl.Int64).to_list()
    if versions and not reason:
        raise ValueError("a correction of the baseline needs a reason")
    assumed = assumptions(own_rules)
    measured = {} if fill_times is None else measured_minutes(fill_times, frozen_at, assumed.time_methods)
    fields = asked_fields(reports, report_fields, areas, counts or no_counts(), frozen_at, assumed, measured)
    confirmed = {report: said for report, said in _said(confirmations(own_rules)) if said}
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
    measured: Mapping[str, float] = MappingProxyType({}),
) -> pl.DataFrame:
    """Return what the register asks for on a day, a row per field, with D, E, c, G and their bases.

    measured: report_id → median minutes, where fill times were observed; they win over the register, that over the
    rules. A report without a field to fill has one more row, of role "none". Used for the baseline and for today.
    """
    is_to_fill = pl.col("role").is_in(TO_FILL)
    known = reports.lazy().select(
        "report_id",
        "report_name",
        "department_name",
        "frequency",
        "frequency_text",
        "respondent_level",
        "minutes_per_response",
        pl.col("frequency")
        .replace_strict(dict(assumed.responses), default=None, return_dtype=pl.Float64)
        .alias("responses_per_year"),
        pl.col("report_id").replace_strict(dict(measured), default=None, return_dtype=pl.Float64).alias("measured"),
    )
    fields = (
        report_fields.lazy()
        .select(
            "field_id",
            pl.col("form_id").alias("report_id"),
            pl.col("table_no").cast(pl.Int64),
            "path",
            "role",
            "layout",
        )
        .join(known.select("report_id"), on="report_id", how="semi", maintain_order="left")
    )
    silent = known.join(fields.filter(is_to_fill), on="report_id", how="anti", maintain_order="left").select(
        (pl.col("report_id") + "#").alias("field_id"),
        "report_id",
        pl.lit(1, pl.Int64).alias("table_no"),
        pl.lit("（没有读出要填的栏目）").alias("path"),
        pl.lit("none").alias("role"),
        pl.lit(None, pl.String).alias("layout"),
    )
    asked = (
        pl.concat([fields, silent])
        .join(known, on="report_id", how="left", maintain_order="left")
        .collect(engine="in-memory")
    )
    tables = asked.unique(["report_id", "table_no"], keep="first", maintain_order=True)
    found = estimate(tables, areas, counts, on, assumed)
    return (
        asked.lazy()
        .join(found.lazy(), on=["report_id", "table_no"], how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("measured").is_not_null())
            .then(pl.lit(MEASURED))
            .when(pl.col("minutes_per_response").is_not_null())
            .then(pl.lit(REGISTERED))
            .otherwise(pl.lit(ASSUMED))
            .alias("minutes_basis"),
            pl.coalesce(
                "measured",
                pl.col("minutes_per_response").cast(pl.Float64),
                assumed.minutes_overhead
                + pl.col("rows_per_response").filter(is_to_fill).sum().over("report_id")
                * assumed.seconds_per_cell
                / 60,
            ).alias("minutes_per_response"),
        )
        .collect(engine="in-memory")
    )


def content_hash(baseline: pl.DataFrame) -> str:
    """Return the SHA-256 of a baseline: its rows by field_id as CSV (UTF-8, LF), without the hash column itself."""
    kept = [name for name in Baseline.schema_types() if name not in _UNHASHED]
    written = BytesIO()
    baseline.select(kept).sort("field_id").write_csv(written)
    return hashlib.sha256(written.getbuffer()).hexdigest()


def verify(baseline: pl.DataFrame, confirmed: pl.DataFrame | None = None) -> list[Finding]:
    """Return a finding when the baseline is not what was frozen, and one when reports lack a confirmation.

    confirmed: Confirmations that came after freezing.
    """
    if baseline.is_empty():
        return []
    version, expected = baseline["baseline_version"][0], baseline["content_hash"][0]
    found = content_hash(baseline)
    findings = []
    if found != expected:
        findings.append(faults.BASELINE_CHANGED.at(version=version, expected=expected, found=found))
    later = [] if confirmed is None else [report for report, said in _said(confirmed) if said]
    open_reports = baseline.filter(pl.col("confirmed_by").is_null() & ~pl.col("report_id").is_in(later))
    number = open_reports["report_id"].n_unique()
    if number:
        findings.append(faults.BASELINE_UNCONFIRMED.at(version=version, reports=number))
    return findings


def confirmations(own_rules: Path | None) -> pl.DataFrame:
    """Return Confirmations as the county gives them in rules/burden_confirmations.csv."""
    return Confirmations.frame(list(rulebook.rows("burden_confirmations", own_rules, key=("report_id",))))


def _said(confirmed: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield report_id and the words of its confirmation; no words unless both sides confirmed."""
    for report_id, department_by, township_by, day in confirmed.iter_rows():
        both = department_by and township_by
        yield report_id, f"部门 {department_by}；乡镇 {township_by}；{day}" if both else ""
