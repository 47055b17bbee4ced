"""From matched groups to the data catalogue: elements with lasting ids, the map of every field, derivations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.catalogue.derivations import derive
from pipelines.catalogue.entries import describe
from pipelines.catalogue.identifiers import assign
from pipelines.catalogue.match import DECOMPOSITION_TYPES, FIELD_TYPES, Matched, match
from pipelines.catalogue.relations import canonical_units, relate
from pipelines.catalogue.verdicts import DIFFERENT, SAME, Settled, settle
from schemas.elements import ElementMap, Elements, FieldMeanings, ReviewPairs
from schemas.faults import Finding
from schemas.faults.registry import ELEMENT_RETIRED, FIELD_TWICE, FIELD_WITHOUT_LABEL, NAME_TWICE

OPTIONAL: dict[str, pl.DataType] = dict.fromkeys(("number_format", "file", "sheet", "cell"), pl.String())
OPTIONAL["table_no"] = pl.Int64()
MAPPED_ROLES = ("fill", "derived")
UNMAPPED_REASONS = {
    "serial": "序号只是行的编号，不是数据",
    "meta": "说明填报这件事本身（填报单位、填报人、日期、审核意见等），由系统自动生成，不作为数据元",
    "decor": "标题或说明文字，不要填",
}
RETIRED = "已停用"
NO_LABEL = "栏目没有名称，无法判断要填什么"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The catalogue: frames of exactly the contracts of schemas/elements.py, and what was wrong with the input."""

    elements: pl.DataFrame
    element_map: pl.DataFrame
    field_meanings: pl.DataFrame
    derivations: pl.DataFrame
    review_pairs: pl.DataFrame
    findings: list[Finding]


def build(
    report_fields: pl.DataFrame,
    verdicts: pl.DataFrame,
    known: pl.DataFrame,
    *,
    known_map: pl.DataFrame | None = None,
    checks: pl.DataFrame | None = None,
    own: Path | None = None,
) -> Catalogue:
    """Return the catalogue of all fields. It does not depend on the order of any input's rows.

    report_fields: ReportFields, or at least the columns of `match.FIELD_TYPES`. verdicts: Verdicts. known: Elements of
    before (may be empty): an element keeps its id. known_map: ElementMap of before, so that ids also follow the fields
    when a key changes. checks: TemplateChecks, for totals and their parts. own: the workspace's rules folder.
    """
    fields, findings = accept(report_fields)
    keys = field_keys(fields)
    settled = settle(verdicts, keys["field_key"])
    matched = match(fields.select(list(FIELD_TYPES)), settled.rows)
    return register(fields, matched, settled, known, known_map=known_map, checks=checks, own=own, findings=findings)


def register(
    fields: pl.DataFrame,
    matched: Matched,
    settled: Settled,
    known: pl.DataFrame,
    *,
    known_map: pl.DataFrame | None = None,
    checks: pl.DataFrame | None = None,
    own: Path | None = None,
    findings: list[Finding] | None = None,
    highest: int = 0,
) -> Catalogue:
    """Return the catalogue of fields that are already matched. fields: what `accept` gives; highest: see `assign`.

    Raises ValueError when matching lost or invented a field: every field must come out with an answer.
    """
    known_map = ElementMap.empty() if known_map is None else known_map
    everything = _joined(fields, matched)
    members = everything.filter(
        pl.col("role").is_in(MAPPED_ROLES) & (pl.col("path") != "") & pl.col("group_key").is_not_null()
    )
    assignment = assign(members, known, known_map, highest)
    entries = describe(members, assignment.ids, known, own)
    retired, notes = _retired(known, entries.elements, assignment.kept)
    elements = pl.concat([entries.elements, retired]).sort("element_id")
    ids = pl.DataFrame(
        list(assignment.ids.items()), schema={"group_key": pl.String, "element_id": pl.String}, orient="row"
    )
    members = members.join(ids, on="group_key")
    relations, more = relate(members, entries.elements, own)
    derivations = derive(entries.elements, members, checks, own)
    return Catalogue(
        elements=elements,
        element_map=_element_map(everything, members, relations, settled),
        field_meanings=matched.decompositions.select(list(FieldMeanings.schema_types())).sort("field_id"),
        derivations=derivations,
        review_pairs=_review_pairs(matched.pairs, members, ids, settled),
        findings=[
            *(findings or []),
            *settled.findings,
            *matched.findings,
            *entries.findings,
            *more,
            *notes,
            *_without_label(everything),
            *_namesakes(entries.elements),
        ],
    )


def accept(report_fields: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the fields with all columns that the catalogue uses, no null texts, each field_id once; and findings."""
    missing = {n: pl.lit(None, kind).alias(n) for n, kind in OPTIONAL.items() if n not in report_fields.columns}
    fields = report_fields.with_columns(list(missing.values())).select(*FIELD_TYPES, *OPTIONAL)
    texts = [name for name, kind in FIELD_TYPES.items() if kind == pl.String()]
    fields = fields.with_columns(pl.col(texts).fill_null(""), pl.col("field_no").fill_null(0)).sort(fields.columns)
    twice = fields.group_by("field_id").len().filter(pl.col("len") > 1).sort("field_id")
    findings = [FIELD_TWICE.at(field_id=field_id, count=count) for field_id, count in twice.iter_rows()]
    return fields.unique("field_id", keep="first", maintain_order=True), findings


def field_keys(fields: pl.DataFrame) -> pl.DataFrame:
    """Return field_id, field_key: form title + "#" + path, which outlives a new edition of a template."""
    return fields.select("field_id", field_key=pl.col("form_title") + pl.lit("#") + pl.col("path"))


def _joined(fields: pl.DataFrame, matched: Matched) -> pl.DataFrame:
    """Return the fields with their decomposition and group; `own_key` is the field's own key, `unit` canonical."""
    parts = matched.decompositions.select(list(DECOMPOSITION_TYPES)).rename({"element_key": "own_key"})
    table = fields.rename({"unit": "printed_unit", "role": "printed_role"}).drop("data_type")
    table = table.join(parts, on="field_id", how="left")
    table = table.join(matched.groups.select("field_id", "group_key"), on="field_id", how="left")
    lost = table["own_key"].null_count()
    if lost or table.height != fields.height:
        raise ValueError(
            f"matching gave {table.height} answers for {fields.height} fields, {lost} without a decomposition"
        )
    is_total = (pl.col("role") == "fill") & (pl.col("printed_role") == "derived")
    return table.join(field_keys(fields), on="field_id").with_columns(
        unit=canonical_units(table["unit"].fill_null("")),
        role=pl.when(is_total).then(pl.lit("derived")).otherwise("role"),
    )


def _retired(known: pl.DataFrame, current: pl.DataFrame, kept: frozenset[str]) -> tuple[pl.DataFrame, list[Finding]]:
    """Return known elements that no field uses any more; their key steps aside when another element has it now."""
    gone = known.filter(~pl.col("element_id").is_in(list(kept)))
    findings = [
        ELEMENT_RETIRED.at(element_id=element_id, name=name)
        for element_id, name, status in gone.select("element_id", "element_name", "status").iter_rows()
        if status != RETIRED
    ]
    clash = pl.col("element_key").is_in(current["element_key"].to_list())
    aside = pl.col("element_key") + pl.lit("#") + pl.col("element_id")
    gone = gone.select(list(Elements.schema_types())).with_columns(
        element_key=pl.when(clash).then(aside).otherwise("element_key"),
        field_count=pl.lit(0, pl.Int64),
        form_count=pl.lit(0, pl.Int64),
        status=pl.lit(RETIRED),
    )
    return gone, findings


def _element_map(
    everything: pl.DataFrame, members: pl.DataFrame, relations: pl.DataFrame, settled: Settled
) -> pl.DataFrame:
    """Return the element map of every field, mapped or not."""
    judged = pl.col("field_key").is_in(list(settled.component))
    is_moved = pl.col("own_key") != pl.col("group_key")
    mapped = members.join(relations, on="field_id").select(
        "field_id",
        "element_id",
        "relation",
        "rule",
        score="confidence",
        decision=pl.when(judged).then(pl.lit("判定")).when(is_moved).then(pl.lit("证据")).otherwise(pl.lit("规则")),
        reason=pl.col("reason").fill_null("") + pl.col("relation_reason"),
    )
    reason = pl.col("role").replace_strict(UNMAPPED_REASONS, default="没有归入任何数据元，请数据管理员核对")
    unmapped = everything.join(members.select("field_id"), on="field_id", how="anti").select(
        "field_id",
        element_id=pl.lit(None, pl.String),
        relation=pl.lit("none"),
        rule=pl.lit(None, pl.String),
        score="confidence",
        decision=pl.lit("规则"),
        reason=pl.when(pl.col("path") == "").then(pl.lit(NO_LABEL)).otherwise(reason),
    )
    return pl.concat([mapped, unmapped]).select(list(ElementMap.schema_types())).sort("field_id")


def _review_pairs(pairs: pl.DataFrame, members: pl.DataFrame, ids: pl.DataFrame, settled: Settled) -> pl.DataFrame:
    """Return the questions in matching's order; each side stands for its element by its most typical field.

    What a verdict on fields of both sides has answered is not asked again.
    """
    group_of = dict(members.select("field_key", "group_key").iter_rows())
    answered = {
        tuple(sorted((group_of[left], group_of[right])))
        for left, right, answer in settled.rows.select("left_field_key", "right_field_key", "answer").iter_rows()
        if answer in (SAME, DIFFERENT) and left in group_of and right in group_of
    }
    sides_of = zip(pairs["left_key"].to_list(), pairs["right_key"].to_list(), strict=True)
    is_open = [tuple(sorted(sides)) not in answered for sides in sides_of]
    pairs = pairs.filter(pl.Series(is_open, dtype=pl.Boolean))
    typical = (
        members.with_columns(is_own=pl.col("own_key") == pl.col("group_key"))
        .group_by("group_key", "field_key")
        .agg(pl.col("is_own").any(), pl.len())
        .sort("group_key", "is_own", "len", "field_key", descending=[False, True, True, False])
        .unique("group_key", keep="first", maintain_order=True)
        .select("group_key", "field_key")
        .join(ids, on="group_key")
    )
    sides = pairs.with_row_index("order")
    for side in ("left", "right"):
        renamed = typical.rename(
            {"group_key": f"{side}_key", "field_key": f"{side}_field_key", "element_id": f"{side}_element_id"}
        )
        sides = sides.join(renamed, on=f"{side}_key")
    return (
        sides.sort("order")
        .filter(pl.col("left_element_id") != pl.col("right_element_id"))
        .with_columns(pair_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
        .select(list(ReviewPairs.schema_types()))
    )


def _without_label(everything: pl.DataFrame) -> list[Finding]:
    empty = everything.filter(pl.col("path") == "")
    return [
        FIELD_WITHOUT_LABEL.at(file=file or "", sheet=sheet or "", cell=cell or "", report_id=form, field_id=field_id)
        for file, sheet, cell, form, field_id in empty.select(
            "file", "sheet", "cell", "form_id", "field_id"
        ).iter_rows()
    ]


def _namesakes(elements: pl.DataFrame) -> list[Finding]:
    twice = (
        elements.group_by("object_class", "element_name")
        .agg(pl.col("element_id").sort())
        .filter(pl.col("element_id").list.len() > 1)
        .sort("object_class", "element_name")
    )
    return [
        NAME_TWICE.at(count=len(ids), name=name, element_ids="、".join(ids[:6])) for _, name, ids in twice.iter_rows()
    ]
