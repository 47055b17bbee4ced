"""Adds or replaces forms in a catalogue: only their own fields and the groups they meet are worked on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl

from pipelines.catalogue.derivations import derive
from pipelines.catalogue.group import group_keys
from pipelines.catalogue.identifiers import highest_number
from pipelines.catalogue.match import DECOMPOSITION_TYPES, FIELD_TYPES, PAIR_TYPES, Matched, match
from pipelines.catalogue.registry import RETIRED, Catalogue, accept, field_keys, register
from pipelines.catalogue.verdicts import Settled, settle


def extend(
    before: Catalogue,
    fields_before: pl.DataFrame,
    added: pl.DataFrame,
    verdicts: pl.DataFrame,
    *,
    checks: pl.DataFrame | None = None,
    own: Path | None = None,
) -> Catalogue:
    """Return the catalogue with the forms of `added` in place of what it had of them; the same as a whole `build`.

    fields_before: ReportFields that `before` rests on. added: all ReportFields of the new or changed forms. verdicts:
    Verdicts. checks: TemplateChecks of the new forms. Ids and entries of groups that the forms do not meet are left as
    they are. Not the same: findings are those of the new forms, and review_pairs those of before whose elements are
    still in use; questions about the new elements come with the next whole build.
    """
    new, findings = accept(added)
    settled = settle(verdicts)
    matched = match(new.select(list(FIELD_TYPES)))
    gone = fields_before.filter(pl.col("form_id").is_in(new["form_id"].unique().to_list()))["field_id"].to_list()
    rows = before.field_meanings.select(list(DECOMPOSITION_TYPES)).join(
        before.element_map.select("field_id", "element_id"), on="field_id"
    )
    left = rows.filter(~pl.col("field_id").is_in(gone))
    touched_ids = set(rows.filter(pl.col("field_id").is_in(gone))["element_id"].drop_nulls())
    met = _met(left, fields_before, new, matched, settled, touched_ids)
    old = left.filter(pl.col("field_id").is_in(list(met)))
    old_fields, _ = accept(fields_before.filter(pl.col("field_id").is_in(list(met))))
    fields = pl.concat([old_fields, new]).sort("field_id")
    parts = pl.concat([old.drop("element_id"), matched.decompositions.select(list(DECOMPOSITION_TYPES))])
    parts = parts.join(field_keys(fields), on="field_id").sort("field_id")
    groups = group_keys(parts["element_key"].to_list(), parts["field_key"].to_list(), settled)
    touched_ids |= set(old["element_id"].drop_nulls())
    is_touched = pl.col("element_id").is_in(list(touched_ids)) | pl.col("element_key").is_in(list(set(groups)))
    worked = register(
        fields,
        Matched(
            parts.drop("field_key"),
            parts.select("field_id").with_columns(group_key=pl.Series(groups, dtype=pl.String)),
            pl.DataFrame(schema=PAIR_TYPES),
            matched.findings,
        ),
        replace(settled, findings=[]),
        before.elements.filter(is_touched),
        known_map=before.element_map.filter(pl.col("field_id").is_in([*met, *gone])),
        checks=checks,
        own=own,
        findings=findings,
        highest=highest_number(before.elements),
    )
    return _joined(before, worked, [*met, *gone], own)


def _met(
    left: pl.DataFrame,
    fields_before: pl.DataFrame,
    new: pl.DataFrame,
    matched: Matched,
    settled: Settled,
    touched_ids: set[str],
) -> set[str]:
    """Return the old fields that share a key, an element or a verdict with the new ones, directly or through others."""
    component = settled.component
    of_key = {field_id: component[key] for field_id, key in _judged(fields_before, component)}
    judged = pl.DataFrame(list(of_key.items()), schema={"field_id": pl.String, "component": pl.String}, orient="row")
    table = left.select("field_id", "element_id", "element_key").join(judged, on="field_id", how="left")
    ids, keys = set(touched_ids), set(matched.decompositions["element_key"])
    components = {component[key] for _, key in _judged(new, component)}
    size = -1
    found = table.clear()
    while found.height > size:
        size = found.height
        found = table.filter(
            pl.col("element_id").is_in(list(ids))
            | pl.col("element_key").is_in(list(keys))
            | pl.col("component").is_in(list(components))
        )
        ids |= set(found["element_id"].drop_nulls())
        keys |= set(found["element_key"])
        components |= set(found["component"].drop_nulls())
    return set(found["field_id"])


def _judged(fields: pl.DataFrame, component: dict[str, str]) -> list[tuple[str, str]]:
    """Return (field id, field key) of the fields that a verdict is about."""
    if not component:
        return []
    keys = field_keys(fields.with_columns(pl.col("form_title", "path").fill_null("")))
    return keys.filter(pl.col("field_key").is_in(list(component))).rows()


def _joined(before: Catalogue, worked: Catalogue, replaced: list[str], own: Path | None) -> Catalogue:
    """Return the catalogue of before with what was worked on in place of what it replaces."""
    is_other = ~pl.col("field_id").is_in(replaced)
    untouched = before.elements.filter(~pl.col("element_id").is_in(worked.elements["element_id"].to_list()))
    elements = pl.concat([untouched, worked.elements]).sort("element_id")
    in_use = elements.filter(pl.col("status") != RETIRED)
    alive = set(in_use["element_id"])
    kept = before.derivations.filter(
        (pl.col("kind") == "parts") & ~pl.col("element_id").is_in(worked.derivations["element_id"].to_list())
    )
    rests = [{row["element_id"], *row["inputs"].split("；")} <= alive for row in kept.iter_rows(named=True)]
    sums = worked.derivations.filter(pl.col("kind") == "parts")
    derivations = pl.concat(
        [derive(in_use, pl.DataFrame(), None, own), kept.filter(pl.Series(rests, dtype=pl.Boolean)), sums]
    )
    both = pl.col("left_element_id").is_in(list(alive)) & pl.col("right_element_id").is_in(list(alive))
    return Catalogue(
        elements=elements,
        element_map=pl.concat([before.element_map.filter(is_other), worked.element_map]).sort("field_id"),
        field_meanings=pl.concat([before.field_meanings.filter(is_other), worked.field_meanings]).sort("field_id"),
        derivations=derivations.unique("element_id", keep="first", maintain_order=True).sort("element_id"),
        review_pairs=before.review_pairs.filter(both),
        findings=worked.findings,
    )
