"""Real forms before the gate, one held out at a time: what the gate reports of each item, beside the truth."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import polars as pl

from pipelines.admission.assess import assess
from pipelines.admission.proposal import FORM_ID, MARKS, Proposal, Said
from pipelines.catalogue.desk.folder import read_field_lists
from pipelines.catalogue.registry import Catalogue, build
from schemas.elements import Elements, Verdicts
from schemas.reports import ReportFields, TemplateChecks
from tests.conftest import REAL_FORMS

GOLD = REAL_FORMS / "gold"


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a held-out form. gold: its element by hand; is_held: that element stands in another form.

    kind: what the gate reports; found: the element by hand of most fields that the gate says it is the same as.
    """

    field_id: str
    path: str
    gold: str
    is_held: bool
    kind: str
    found: str


@cache
def catalogue_of_all() -> Catalogue:
    """Return the catalogue of all gold forms."""
    return build(real_fields(), Verdicts.empty(), Elements.empty())


@cache
def real_fields() -> pl.DataFrame:
    """Return the fields of the gold forms as ReportFields."""
    fields = read_field_lists(GOLD / "fields")
    more = {name: kind for name, kind in ReportFields.schema_types().items() if name not in fields.columns}
    table = fields.with_columns(pl.lit(None, kind).alias(name) for name, kind in more.items())
    blank = pl.col("role").replace({"": "fill"})
    return table.with_columns(table_no=pl.lit(1, pl.Int64), role=blank).select(list(ReportFields.schema_types()))


def labels() -> dict[str, tuple[str, str]]:
    """Return role and element key of each field by hand, by field_id."""
    with (GOLD / "fields_gold.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            f"{row['form_id']}#{row['field_index']}": (row["role"], row["element_key"]) for row in csv.DictReader(file)
        }


def without(catalogue: Catalogue, fields: pl.DataFrame, form_id: str) -> tuple[Catalogue, pl.DataFrame]:
    """Return the catalogue and the fields of all other forms. A key does not depend on what other forms there are."""
    rest = fields.filter(pl.col("form_id") != form_id)
    mapped = catalogue.element_map.join(rest.select("field_id"), on="field_id", how="semi")
    used = mapped["element_id"].drop_nulls().unique()
    smaller = replace(
        catalogue,
        element_map=mapped,
        field_meanings=catalogue.field_meanings.join(rest.select("field_id"), on="field_id", how="semi"),
        elements=catalogue.elements.filter(pl.col("element_id").is_in(used.to_list())),
        derivations=catalogue.derivations.filter(pl.col("element_id").is_in(used.to_list())),
        review_pairs=catalogue.review_pairs.clear(),
    )
    return smaller, rest


def propose(fields: pl.DataFrame, form_id: str) -> Proposal:
    """Return a form of the fields as a proposal; its field ids end as they do in the form."""
    own = fields.filter(pl.col("form_id") == form_id).with_columns(
        form_id=pl.lit(FORM_ID), field_id=pl.lit(FORM_ID) + pl.col("field_id").str.slice(len(form_id))
    )
    title = str(own["form_title"][0])
    marks = dict.fromkeys(MARKS, "")
    said = Said(department_name=str(own["department_name"][0]))
    return Proposal(title, form_id, form_id, "申请", said, marks, own, TemplateChecks.empty())


def held_out(forms: Sequence[str] = ()) -> Iterator[Item]:
    """Yield every item, to be filled by hand's account, of the forms (all when empty), each held out in turn."""
    fields, gold = real_fields(), labels()
    whole = catalogue_of_all()
    form_of = dict(fields.select("field_id", "form_id").iter_rows())
    in_forms: dict[str, set[str]] = {}
    for field_id, (role, key) in gold.items():
        if role == "fill":
            in_forms.setdefault(key, set()).add(form_of[field_id])
    for form_id in forms or sorted(set(form_of.values())):
        catalogue, rest = without(whole, fields, form_id)
        proposal = propose(fields, form_id)
        found = assess(proposal, catalogue, rest, Verdicts.empty())
        said = {row["field_id"]: row for row in found.items.iter_rows(named=True)}
        members: dict[str, Counter[str]] = {}
        for other, element_id in catalogue.element_map.select("field_id", "element_id").drop_nulls().iter_rows():
            members.setdefault(element_id, Counter())[gold[other][1]] += 1
        for field_id, path in proposal.fields.select("field_id", "path").iter_rows():
            role, key = gold[form_id + field_id.removeprefix(FORM_ID)]
            if role != "fill":
                continue
            row = said.get(field_id)
            kind = row["kind"] if row else "不计"
            same = members[row["element_id"]].most_common(1)[0][0] if row and kind == "已有" else ""
            yield Item(field_id, path, key, bool(in_forms[key] - {form_id}), kind, same)
