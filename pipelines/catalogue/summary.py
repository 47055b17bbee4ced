"""What the fields of a group say together: parts, units, options, names with their forms, notes. Polars only."""

from __future__ import annotations

import polars as pl

from schemas.templates import PATH_SEPARATOR

FORMS_SHOWN = 3
"""Forms named behind a synonym; the rest are counted."""
LABELS_TRIED = 8
"""Labels, most used first, that are looked up in the dictionary."""
KEY = "group_key"


def summarise(members: pl.DataFrame) -> pl.DataFrame:
    """Return a row per group: parts, temporal, data_type, printed definition, synonyms, counts, asking department.

    members: fields joined with their decomposition: group_key, field_id, form_id, form_title, department_name, path,
    note, own_key and the parts of the decomposition. Ties are settled by text order, not by the order of the rows.
    """
    labelled = members.with_columns(
        label=pl.col("path").str.split(PATH_SEPARATOR).list.last(),
        is_own=pl.col("own_key") == pl.col(KEY),
    )
    parts = ["object_class", "property", "qualifiers"]
    base = (
        labelled.group_by(KEY, *parts)
        .agg(pl.col("is_own").any(), pl.len())
        .sort(KEY, "is_own", "len", *parts, descending=[False, True, True, False, False, False])
        .unique(KEY, keep="first", maintain_order=True)
        .select(KEY, *parts)
    )
    counts = labelled.group_by(KEY).agg(
        field_count=pl.len().cast(pl.Int64),
        form_count=pl.col("form_id").n_unique().cast(pl.Int64),
    )
    table = base.join(counts, on=KEY)
    for column in ("temporal", "data_type", "subject"):
        table = table.join(most_common(labelled, column), on=KEY, how="left")
    return (
        table.join(_definitions(labelled), on=KEY, how="left")
        .join(_synonyms(labelled), on=KEY, how="left")
        .join(_asking_department(labelled), on=KEY, how="left")
        .sort(KEY)
    )


def most_common(members: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return group_key and the column's most frequent value that is not empty; ties go to the smaller text."""
    return (
        members.filter(pl.col(column).is_not_null() & (pl.col(column) != ""))
        .group_by(KEY, column)
        .len()
        .sort(KEY, "len", column, descending=[False, True, False])
        .unique(KEY, keep="first", maintain_order=True)
        .select(KEY, column)
    )


def _definitions(labelled: pl.DataFrame) -> pl.DataFrame:
    """Return the note that defines the item: says 指…, 包括 or 不包括. Lists of options and headings define nothing."""
    defining = pl.col("note").str.contains("^(?:是?指|系指)|是指|包括|不含|以.{1,20}为准") & ~pl.col(
        "note"
    ).str.contains("^(?:选项|栏)")
    return (
        labelled.filter(defining & (pl.col("note").str.len_chars() <= 300))
        .group_by(KEY, "note")
        .len()
        .with_columns(length=pl.col("note").str.len_chars())
        .sort(KEY, "len", "length", "note", descending=[False, True, True, False])
        .unique(KEY, keep="first", maintain_order=True)
        .select(KEY, printed_definition="note")
    )


def _synonyms(labelled: pl.DataFrame) -> pl.DataFrame:
    """Return the printed labels, most used first, each with the forms that print it; and the first few as a list."""
    forms = pl.col("form_title").unique().sort()
    count = pl.col("form_title").n_unique()
    return (
        labelled.with_columns(
            form_title=pl.when(pl.col("form_title") == "")
            .then("form_id")
            .otherwise(pl.col("form_title").str.replace_all("[《》]", ""))
        )
        .group_by(KEY, "label")
        .agg(count=count, forms=forms.head(FORMS_SHOWN))
        .with_columns(
            synonym=pl.col("label")
            + pl.lit("《")
            + pl.col("forms").list.join("》《")
            + pl.when(pl.col("count") > FORMS_SHOWN).then(pl.format("》等{}张表", "count")).otherwise(pl.lit("》"))
        )
        .sort(KEY, "count", "label", descending=[False, True, False])
        .group_by(KEY, maintain_order=True)
        .agg(synonyms=pl.col("synonym").str.join("；"), labels=pl.col("label").head(LABELS_TRIED))
    )


def _asking_department(labelled: pl.DataFrame) -> pl.DataFrame:
    """Return the department that asks for the item on most forms."""
    return (
        labelled.filter(pl.col("department_name") != "")
        .group_by(KEY, "department_name")
        .agg(forms=pl.col("form_id").n_unique())
        .sort(KEY, "forms", "department_name", descending=[False, True, False])
        .unique(KEY, keep="first", maintain_order=True)
        .select(KEY, asking_department="department_name", asking_forms="forms")
    )
