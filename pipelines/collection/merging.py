"""Values of merged elements: read under the element of today, never rewritten (decision 0002).

The join costs the same whether a merge is made or taken back, and the record of what was given, where and when, stays.
"""

from __future__ import annotations

import polars as pl

from schemas.faults import Finding
from schemas.faults import collection as faults
from schemas.ledgers import LedgerValues

IDENTITY = ("ledger", "subject_key", "element_id", "period")
NUMBER = pl.Decimal(38, 9)


def moved(values: pl.DataFrame, successors: pl.DataFrame) -> pl.DataFrame:
    """Return LedgerValues with every merged element's values under its successor (ElementSuccessors), in its unit.

    No row is lost or added. Rows are in order of recorded_at; at the same time a value that was given for the surviving
    element itself stands after one given for the merged one, so that it is the latest and holds.
    """
    if successors.is_empty() or values.is_empty():
        return values
    into = dict(successors.select("element_id", "successor_id").iter_rows())
    is_moved = pl.col("element_id").is_in(list(into))
    ours, theirs = values.filter(~is_moved), values.filter(is_moved)
    if theirs.is_empty():
        return values
    for element_id, factor in successors.filter(pl.col("factor") != 1).select("element_id", "factor").iter_rows():
        of_it = (pl.col("element_id") == element_id) & pl.col("value").str.contains(r"^-?\d+(\.\d+)?$")
        theirs = theirs.with_columns(value=pl.when(of_it).then(_times(factor)).otherwise("value"))
    theirs = theirs.with_columns(pl.col("element_id").replace(into))
    return pl.concat([theirs, ours]).sort("recorded_at", maintain_order=True).select(list(LedgerValues.schema_types()))


def apart(values: pl.DataFrame, successors: pl.DataFrame) -> pl.DataFrame:
    """Return where both elements of a merge have a value for the same subject and period, and the two differ.

    Columns: old_element_id, element_id, subject_key, period, old_value, old_place, value, place; place is
    "<sheet>!<cell>".
    """
    into = successors.select(old_element_id="element_id", element_id="successor_id")
    if into.is_empty():
        return pl.DataFrame(schema=dict.fromkeys((*into.columns, *_SHOWN), pl.String))
    involved = [*into["old_element_id"], *into["element_id"]]
    said = (
        values.filter(pl.col("element_id").is_in(involved))
        .sort("recorded_at", maintain_order=True)
        .unique(subset=IDENTITY, keep="last", maintain_order=True)
        .with_columns(place=pl.col("sheet") + "!" + pl.col("cell"), said=pl.coalesce("value", "null_reason"))
    )
    ours = said.join(into.select("element_id").unique(), on="element_id")
    theirs = said.filter(pl.col("element_id").is_in(into["old_element_id"].to_list()))
    same_unit = moved(theirs, successors).select(*IDENTITY, old_value=pl.coalesce("value", "null_reason"))
    places = theirs.join(into, left_on="element_id", right_on="old_element_id", how="left")
    named = places.select(
        "ledger", "subject_key", "period", old_element_id="element_id", element_id="element_id_right", old_place="place"
    )
    both = named.join(same_unit, on=IDENTITY).join(ours, on=IDENTITY)
    return both.filter(pl.col("said") != pl.col("old_value")).select(
        "old_element_id", "element_id", "subject_key", "period", "old_value", "old_place", value="said", place="place"
    )


_SHOWN = ("subject_key", "period", "old_value", "old_place", "value", "place")


def conflicts(values: pl.DataFrame, successors: pl.DataFrame, elements: pl.DataFrame) -> list[Finding]:
    """Return a finding per merge of elements that have different values for the same subject and period."""
    names = dict(elements.select("element_id", "element_name").iter_rows())
    found = []
    for (old, new), rows in apart(values, successors).group_by("old_element_id", "element_id", maintain_order=True):
        first = rows.row(0, named=True)
        found.append(
            faults.MERGED_APART.at(
                old=names.get(str(old), old),
                new=names.get(str(new), new),
                count=rows.height,
                subject=f"{first['subject_key']} {first['period']}".strip(),
                old_value=first["old_value"],
                old_place=first["old_place"],
                new_value=first["value"],
                new_place=first["place"],
            )
        )
    return found


def _times(factor: float) -> pl.Expr:
    number = (pl.col("value").cast(NUMBER) * pl.lit(repr(factor)).cast(NUMBER)).cast(pl.String)
    return pl.when(number.str.contains(".", literal=True)).then(number.str.replace(r"\.?0+$", "")).otherwise(number)
