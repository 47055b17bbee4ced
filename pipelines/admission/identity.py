"""Whether a form is one that the register knows: the same, or another edition of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from rapidfuzz import fuzz, process

from pipelines.admission.changes import field_changes
from pipelines.admission.county import County
from pipelines.admission.proposal import FORM_ID, Proposal
from pipelines.rulebook import settings
from pipelines.text import fold

NAMES_SHARE = 0.5
"""Share of equal fields from which on a form of the same department and name is another edition."""


@dataclass(frozen=True, slots=True)
class Known:
    """A form on the register. changes: rows of `changes.field_changes`; none means that every field is the same."""

    report_id: str
    title: str
    department_name: str
    control_no: str
    valid_until: str
    missing: str
    changes: tuple[dict[str, str], ...]

    @property
    def is_identical(self) -> bool:
        """Whether the form is the admitted one, field by field."""
        return not self.changes


def known_form(proposal: Proposal, county: County, admitted: pl.DataFrame | None = None) -> Known | None:
    """Return the form on the register that a proposal is, or an edition of; None for a form of its own.

    admitted: AdmittedFields, the editions that were admitted; the templates as they are now stand in where there are
    none. A form is known when all its fields are those of a form on the register, or enough of them and the department,
    number or name agrees too.
    """
    share_rule = float(settings("admission", county.own)["same_form"]["share"])
    mine = _paths(as_admitted(proposal.fields)).get(FORM_ID, set())
    best: tuple[tuple[float, float, str], dict[str, Any]] | None = None
    frozen = _editions(county.report_fields, admitted)
    theirs = _paths(frozen)
    for report in county.reports.iter_rows(named=True):
        other = theirs.get(report["report_id"])
        if other is None:
            continue
        share = len(mine & other) / len(mine | other) if mine | other else 0.0
        is_named = fold(report["report_name"]) == fold(proposal.title)
        code = proposal.marks.get("form_code", "")
        is_coded = bool(code) and fold(code) == fold(report["form_code"] or "")
        is_theirs = report["department_name"] == proposal.said.department_name
        is_same = (
            (share == 1.0 and (is_theirs or is_named or is_coded))
            or (share >= share_rule and (is_theirs or is_named or is_coded))
            or (share >= NAMES_SHARE and is_theirs and (is_named or is_coded))
        )
        if is_same and (best is None or (share, float(is_theirs), report["report_id"]) > best[0]):
            best = ((share, float(is_theirs), report["report_id"]), report)
    if best is None:
        return None
    report = best[1]
    row = county.register.filter(pl.col("report_id") == report["report_id"]).to_dicts()
    entry = row[0] if row else {}
    return Known(
        report["report_id"],
        report["report_name"],
        report["department_name"],
        entry.get("control_no") or report["approval_no"] or report["report_id"],
        entry.get("valid_until") or "",
        entry.get("missing") or "",
        tuple(field_changes(frozen.filter(pl.col("report_id") == report["report_id"]), as_admitted(proposal.fields))),
    )


def department_of(said: str, county: County) -> tuple[str, tuple[str, ...]]:
    """Return the county's name of a department ("" when it is unknown), and the names nearest to what was said.

    “民政局”, “元谋县民政局” and “县民政局” are one department; nothing else is guessed.
    """
    names = county.departments
    folded = {fold(name): name for name in names}
    short = fold(said)
    plain_county = fold(county.name.split("（")[0])
    tries = [short, short.replace(plain_county, "县", 1) if plain_county else short, "县" + short]
    tries.append(short.removeprefix("中共").replace(plain_county, "", 1) if plain_county else short)
    for one in tries:
        if one in folded:
            return folded[one], ()
    near = process.extract(said, names, scorer=fuzz.ratio, limit=3, score_cutoff=40)
    return "", tuple(str(name) for name, _, _ in near)


def _paths(fields: pl.DataFrame) -> dict[str, set[tuple[str, int]]]:
    """Return by report the header paths of what is filled, each with how many of that path came before."""
    chosen = fields.filter(pl.col("role").is_in(["fill", "derived", ""]))
    numbered = chosen.select("report_id", "path", number=pl.int_range(pl.len()).over("report_id", "path"))
    found: dict[str, set[tuple[str, int]]] = {}
    for report_id, path, number in numbered.iter_rows():
        found.setdefault(report_id, set()).add((fold(path), number))
    return found


def _editions(report_fields: pl.DataFrame, admitted: pl.DataFrame | None) -> pl.DataFrame:
    """Return the admitted edition of every form, and the present template of forms that have none."""
    now = as_admitted(report_fields)
    if admitted is None or admitted.is_empty():
        return now
    kept = admitted.select(now.columns)
    return pl.concat([kept, now.filter(~pl.col("report_id").is_in(kept["report_id"].unique().to_list()))])


def as_admitted(fields: pl.DataFrame) -> pl.DataFrame:
    """Return ReportFields in the columns that editions are compared by (AdmittedFields without hash and date)."""
    return fields.select(
        pl.col("form_id").alias("report_id"),
        *("table_no", "field_no", "sheet", "path", "role", "unit", "code", "value_domain", "cell"),
    )
