"""Adds or replaces forms in a catalogue: only their own fields and the groups they meet are worked on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from pipelines.catalogue.derivations import derive, rests_on_rules
from pipelines.catalogue.group import group_keys
from pipelines.catalogue.identifiers import highest_number
from pipelines.catalogue.match import DECOMPOSITION_TYPES, FIELD_TYPES, PAIR_TYPES, Matched, match
from pipelines.catalogue.registry import RETIRED, Catalogue, accept, field_keys, register
from pipelines.catalogue.verdicts import Settled, settle
from schemas.words import LIST_SEPARATOR


@dataclass(frozen=True, slots=True)
class Change:
    """What new or changed forms do to a catalogue: the entries and rows that come in place of others.

    worked: a Catalogue of the groups that the forms meet, and no more. replaced: ids of the fields whose rows go.
    """

    worked: Catalogue
    replaced: tuple[str, ...]

    def onto(self, before: Catalogue, own: Path | None = None) -> Catalogue:
        """Return the whole catalogue with the change in it; the same as a whole `build`.

        Not the same: findings are those of the new forms, and review_pairs those of before whose elements are still in
        use; questions about the new elements come with the next whole build.
        """
        worked = self.worked
        dead = worked.elements.filter(pl.col("status") == RETIRED)["element_id"].to_list()
        elements = _in_place(before.elements, worked.elements, "element_id", worked.elements["element_id"].to_list())
        is_dead = pl.col("left_element_id").is_in(dead) | pl.col("right_element_id").is_in(dead)
        return Catalogue(
            elements=elements,
            element_map=_in_place(before.element_map, worked.element_map, "field_id", self.replaced),
            field_meanings=_in_place(before.field_meanings, worked.field_meanings, "field_id", self.replaced),
            derivations=_derivations(before, worked, elements, set(dead), own),
            review_pairs=before.review_pairs.filter(~is_dead) if dead else before.review_pairs,
            findings=worked.findings,
        )


def change(
    before: Catalogue,
    fields_before: pl.DataFrame,
    added: pl.DataFrame,
    verdicts: pl.DataFrame,
    *,
    checks: pl.DataFrame | None = None,
    own: Path | None = None,
) -> Change:
    """Return what the forms of `added` change. Ids and entries of groups that they do not meet are left as they are.

    fields_before: ReportFields that `before` rests on. added: all ReportFields of the new or changed forms. verdicts:
    Verdicts. checks: TemplateChecks of the new forms.
    """
    new, findings = accept(added)
    settled = settle(verdicts)
    matched = match(new.select(list(FIELD_TYPES)))
    gone = fields_before.filter(pl.col("form_id").is_in(new["form_id"].unique().to_list()))["field_id"].to_list()
    touched_ids = set(_of(before.element_map, "field_id", gone)["element_id"].drop_nulls())
    met = _met(before, gone, fields_before, new, matched, settled, touched_ids)
    old = _of(before.field_meanings, "field_id", met).select(list(DECOMPOSITION_TYPES))
    old_fields, _ = accept(_of(fields_before, "field_id", met))
    fields = pl.concat([old_fields, new]).sort("field_id")
    parts = pl.concat([old, matched.decompositions.select(list(DECOMPOSITION_TYPES))])
    parts = parts.join(field_keys(fields), on="field_id").sort("field_id")
    groups = group_keys(parts["element_key"].to_list(), parts["field_key"].to_list(), settled)
    touched_ids |= set(_of(before.element_map, "field_id", met)["element_id"].drop_nulls())
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
        known_map=_of(before.element_map, "field_id", [*met, *gone]),
        checks=checks,
        own=own,
        findings=findings,
        highest=highest_number(before.elements),
    )
    return Change(worked, tuple(sorted({*met, *gone})))


def _of(frame: pl.DataFrame, column: str, values: Iterable[str]) -> pl.DataFrame:
    """Return the rows whose column holds one of the values."""
    return frame.filter(pl.col(column).is_in(list(values)))


def _met(
    before: Catalogue,
    gone: list[str],
    fields_before: pl.DataFrame,
    new: pl.DataFrame,
    matched: Matched,
    settled: Settled,
    touched_ids: set[str],
) -> set[str]:
    """Return the old fields that share a key, an element or a verdict with the new ones, directly or through others."""
    component, left_out = settled.component, set(gone)
    judged: dict[str, set[str]] = defaultdict(set)
    for field_id, key in _judged(fields_before, component):
        judged[component[key]].add(field_id)
    of_judged = {field_id: name for name, fields in judged.items() for field_id in fields}
    found: set[str] = set()
    seen, ids, keys = set(touched_ids), set(touched_ids), set(matched.decompositions["element_key"])
    components = {component[key] for _, key in _judged(new, component)}
    while ids or keys or components:
        more = set(_of(before.element_map, "element_id", ids)["field_id"]) if ids else set()
        more |= set(_of(before.field_meanings, "element_key", keys)["field_id"]) if keys else set()
        more = more.union(*(judged[name] for name in components)) - found - left_out
        found |= more
        ids = set(_of(before.element_map, "field_id", more)["element_id"].drop_nulls()) - seen if more else set()
        seen |= ids
        met_keys = set(_of(before.field_meanings, "field_id", more)["element_key"]) if more else set()
        keys, components = met_keys - keys, {of_judged[field_id] for field_id in more & of_judged.keys()}
    return found


def _judged(fields: pl.DataFrame, component: dict[str, str]) -> list[tuple[str, str]]:
    """Return (field id, field key) of the fields that a verdict is about."""
    if not component:
        return []
    keys = field_keys(fields.with_columns(pl.col("form_title", "path").fill_null("")))
    return keys.filter(pl.col("field_key").is_in(list(component))).rows()


def _in_place(before: pl.DataFrame, worked: pl.DataFrame, key: str, replaced: Collection[str]) -> pl.DataFrame:
    """Return both frames sorted by key, without the rows of `before` that are replaced."""
    kept = before.filter(~pl.col(key).is_in(list(replaced)))
    kept = kept if kept[key].is_sorted() else kept.sort(key)
    return kept.merge_sorted(worked.select(kept.columns).sort(key), key)


def _derivations(
    before: Catalogue, worked: Catalogue, elements: pl.DataFrame, dead: set[str], own: Path | None
) -> pl.DataFrame:
    """Return what can be computed now. All of it is worked out again only when a rule reads what came or went."""
    in_use = pl.col("status") != RETIRED
    read_before, read_now = (frame.filter(in_use & rests_on_rules(own)) for frame in (before.elements, elements))
    columns = ["element_key", "element_id"]
    is_as_before = read_before.select(columns).equals(read_now.select(columns))
    mine = worked.elements.filter(in_use)
    old = before.derivations
    if is_as_before:
        chosen = pl.concat([read_now, mine]).unique("element_id", keep="last", maintain_order=True).sort("element_id")
        old = old.filter(~pl.col("element_id").is_in([*mine["element_id"], *dead]))
    else:
        chosen = elements.filter(in_use)
        old = old.filter(
            (pl.col("kind") == "parts") & ~pl.col("element_id").is_in(worked.derivations["element_id"].to_list())
        )
    rests = [not dead & {row["element_id"], *row["inputs"].split(LIST_SEPARATOR)} for row in old.iter_rows(named=True)]
    sums = worked.derivations.filter(pl.col("kind") == "parts")
    every = [derive(chosen, pl.DataFrame(), None, own), old.filter(pl.Series(rests, dtype=pl.Boolean)), sums]
    return pl.concat(every).unique("element_id", keep="first", maintain_order=True).sort("element_id")
