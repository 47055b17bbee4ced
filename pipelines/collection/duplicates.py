"""Possible duplicates: from probable pairs to questions for the clerks, each asked once of each township concerned."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import polars as pl

from pipelines.collection.ledger_list import DUPLICATE
from pipelines.collection.likeness import Likeness
from schemas.ledgers import PossibleDuplicates

SAME, DIFFERENT, UNSURE, APART, OPEN = "确认重复", "确认不重复", "不清楚", "两地回答不一致", "待确认"


def propose(
    pairs: pl.DataFrame,
    subjects: pl.DataFrame,
    likeness: Likeness,
    known: pl.DataFrame,
    area_names: Mapping[str, str],
    found_at: str,
) -> pl.DataFrame:
    """Return new rows of PossibleDuplicates: pairs that were not proposed before, the likeliest first.

    pairs: what `store.linkage.pairs` gives; subjects: its input; known: PossibleDuplicates so far.
    """
    areas = dict(subjects.select("subject_key", "area_code").iter_rows())
    before = set(known["pair_id"])
    rows = []
    for row in pairs.iter_rows(named=True):
        left, right = row["left_key"], row["right_key"]
        number = pair_id(likeness.ledger, left, right)
        if number in before:
            continue
        alike = [
            f"{column.title}{column.levels[row[column.name]].reason}"
            for column in likeness.columns
            if row.get(column.name) is not None and column.levels[row[column.name]].reason
        ]
        where = [_full(areas[key], area_names) for key in (left, right)]
        alike.append(f"都登记在{where[0]}" if where[0] == where[1] else f"分别登记在{where[0]}和{where[1]}")
        rows.append(
            {
                "pair_id": number,
                "ledger": likeness.ledger,
                "left_key": left,
                "right_key": right,
                "left_area_code": areas[left],
                "right_area_code": areas[right],
                "probability": round(row["probability"], 4),
                "reasons": "；".join(alike),
                "found_at": found_at,
            }
        )
    return PossibleDuplicates.frame(rows)


def pair_id(ledger: str, left: str, right: str) -> str:
    """Return the number of a pair: the same for the same two subjects, whichever comes first."""
    return "D" + hashlib.sha256("|".join((ledger, *sorted((left, right)))).encode()).hexdigest()[:10]


def townships(pair: Mapping[str, str]) -> tuple[str, ...]:
    """Return the townships that a pair (a row of PossibleDuplicates) concerns."""
    codes = (pair["left_area_code"], pair["right_area_code"])
    return tuple(dict.fromkeys(code[:9] + "000" for code in codes))


def answers(values: pl.DataFrame) -> dict[str, dict[str, str]]:
    """Return pair → township → its last answer, from LedgerValues."""
    found: dict[str, dict[str, str]] = {}
    said = values.filter(pl.col("ledger") == DUPLICATE).sort("recorded_at", maintain_order=True)
    for key, answer in said.select("subject_key", "value").iter_rows():
        number, _, township = key.partition("@")
        found.setdefault(number, {})[township] = answer
    return found


def gone(pair: Mapping[str, str], held: Mapping[str, str]) -> bool:
    """Return whether one of the two is no longer registered where the pair was found. held: subject key → area code."""
    return any(pair[f"{side}_key"] not in held for side in ("left", "right"))


def standings(possible: pl.DataFrame, values: pl.DataFrame, likenesses: Mapping[str, Likeness]) -> pl.DataFrame:
    """Return PossibleDuplicates with the column state: what the townships concerned have answered so far."""
    said = answers(values)
    states = []
    for pair in possible.iter_rows(named=True):
        given = said.get(pair["pair_id"], {})
        kinds = {_kind(answer, likenesses[pair["ledger"]]) for answer in given.values()}
        if len(given) < len(townships(pair)):
            states.append(OPEN)
        else:
            states.append(kinds.pop() if len(kinds) == 1 else APART)
    return possible.with_columns(pl.Series("state", states, pl.String))


def _kind(answer: str, likeness: Likeness) -> str:
    return dict(zip(likeness.answers, (SAME, DIFFERENT, UNSURE), strict=True)).get(answer, UNSURE)


def _full(code: str, names: Mapping[str, str]) -> str:
    return names.get(code[:9] + "000", "") * (not code.endswith("000")) + names.get(code, code)
