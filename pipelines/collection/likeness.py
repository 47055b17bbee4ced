"""What makes two subjects alike: the columns to compare, and the levels of likeness as SQL that counts characters.

DuckDB's string distances count bytes: 户主 and 户口 are three apart. Here pinyin and all texts with one character left
out are worked out beforehand, and SQL only asks whether they meet; its distance is used on digits alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import rulebook
from pipelines.collection.check_digits import id_check
from pipelines.text import fold

KEY, AREA = "subject_key", "area_code"


@dataclass(frozen=True, slots=True)
class Level:
    """A level of likeness. sql: condition over <column>_l and <column>_r; reason: how it reads, "" says nothing."""

    sql: str
    reason: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A column to compare, with its levels from the closest (the last is everything else) and their m and u."""

    name: str
    title: str
    element: str
    kind: str
    levels: tuple[Level, ...]
    m: tuple[float, ...]
    u: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How the subjects of a ledger are compared, as rules/duplicates.toml says."""

    ledger: str
    same: str
    share: float
    likely: float
    blocks: tuple[tuple[str, ...], ...]
    unless: str
    columns: tuple[Compared, ...]

    @property
    def answers(self) -> tuple[str, str, str]:
        """What the clerk may answer."""
        return (self.same, f"不是{self.same}", "不清楚")


def likenesses(own: Path | None = None) -> dict[str, Likeness]:
    """Return how subjects are compared, by ledger."""
    return {ledger: _likeness(ledger, rule) for ledger, rule in rulebook.settings("duplicates", own).items()}


def levels(kind: str, name: str) -> tuple[Level, ...]:
    """Return the levels of a kind of column; none for a column that is only looked at."""
    left, right = f"{name}_l", f"{name}_r"
    same, other = Level(f"{left} = {right}", "相同"), Level("ELSE", "")
    near = f"damerau_levenshtein({left}, {right})"
    if kind == "text":
        one = (
            f"list_has_any({name}_changed_l, {name}_changed_r) OR list_contains({name}_shorter_r, {left})"
            f" OR list_contains({name}_shorter_l, {right})"
        )
        return same, Level(f"{name}_pinyin_l = {name}_pinyin_r", "同音"), Level(one, "只差一个字"), other
    if kind == "person_id":
        ends = Level(f"{name}_year_l = {name}_year_r AND {name}_tail_l = {name}_tail_r", "里的出生年份和末四位相同")
        birth = Level(f"{name}_date_l = {name}_date_r", "里的出生日期相同，或月和日对调")
        return (
            same,
            Level(f"{near} = 1", "只差一位，或相邻两位对调"),
            Level(f"{near} = 2 OR {name}_born_l = {name}_born_r", "只差两位，或出生的月和日对调"),
            ends,
            birth,
            other,
        )
    if kind == "digits":
        return same, Level(f"{near} = 1", "只差一位"), other
    return (same, other) if kind == "exact" else ()


def features(values: pl.DataFrame, likeness: Likeness, ids: Mapping[str, str]) -> pl.DataFrame:
    """Return subject_key, area_code and what is compared, a row per subject of a wide ledger.

    values: the ledger as `ledgers.current` gives it; ids: element key → element id. A column whose element is not in
    the ledger is empty.
    """
    taken = values.select(
        KEY,
        AREA,
        *(
            (pl.col(ids[c.element]).cast(pl.String) if ids.get(c.element, "") in values.columns else _NOTHING).alias(
                c.name
            )
            for c in likeness.columns
        ),
    )
    made: list[pl.Series] = []
    for column in likeness.columns:
        texts = [fold(text) if text else None for text in taken[column.name].to_list()]
        if column.kind == "person_id":
            texts = [lengthened(text) if text else None for text in texts]
        taken = taken.with_columns(pl.Series(column.name, texts, pl.String))
        made += _made(column, texts)
    return taken.with_columns(made) if made else taken


def _made(column: Compared, texts: Sequence[str | None]) -> list[pl.Series]:
    name = column.name
    if column.kind == "text":
        return [
            pl.Series(f"{name}_head", [text[:1] if text else None for text in texts], pl.String),
            pl.Series(f"{name}_pinyin", [pinyin(text) if text else None for text in texts], pl.String),
            pl.Series(f"{name}_changed", [changed(text) if text else None for text in texts], pl.List(pl.String)),
            pl.Series(f"{name}_shorter", [shorter(text) if text else None for text in texts], pl.List(pl.String)),
        ]
    if column.kind == "person_id":
        whole = [text if text and len(text) == 18 else None for text in texts]
        parts = {"birth": (6, 14), "year": (6, 10), "tail": (14, 18)}
        return [
            *(
                pl.Series(f"{name}_{part}", [text[start:end] if text else None for text in whole], pl.String)
                for part, (start, end) in parts.items()
            ),
            pl.Series(f"{name}_born", [born(text) if text else None for text in whole], pl.String),
            pl.Series(f"{name}_date", [born(text)[6:14] if text else None for text in whole], pl.String),
        ]
    return []


def lengthened(number: str) -> str:
    """Return an ID number of 15 digits as the one of 18 that replaced it (GB 11643-1999, 附录), any other as it stands.

    >>> lengthened("530100650312123") == "53010019650312123" + id_check("53010019650312123")
    True
    """
    if len(number) != 15 or not number.isdigit():
        return number
    body = f"{number[:6]}19{number[6:]}"
    return body + id_check(body)


def born(number: str) -> str:
    """Return an ID number with month and day in order of size: equal where only these were exchanged.

    The check digit is left out: whoever works it out anew for the wrong date is found too.

    >>> born("530100196503121234") == born("530100196512031239")
    True
    """
    return number[:10] + "".join(sorted((number[10:12], number[12:14]))) + number[14:17]


def shorter(text: str) -> list[str]:
    """Return the text with each character left out in turn: one that lacks a character is among them.

    >>> shorter("王小明")
    ['小明', '王明', '王小']
    """
    return [text[:at] + text[at + 1 :] for at in range(len(text))] if len(text) > 2 else []


def changed(text: str) -> list[str]:
    """Return what two texts share that differ in one character, which may be any: its place, and the rest.

    >>> set(changed("户口")) & set(changed("户主")), set(changed("主户")) & set(changed("户主"))
    ({'1户'}, set())
    """
    return [f"{at}{text[:at]}{text[at + 1 :]}" for at in range(len(text))] if len(text) > 1 else []


@lru_cache(maxsize=200_000)
def pinyin(text: str) -> str:
    """Return the toneless pinyin of a text, what is not Chinese as it stands.

    >>> pinyin("张伟") == pinyin("章玮")
    True
    """
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(text))


_NOTHING = pl.lit(None, pl.String)


def _likeness(ledger: str, rule: Mapping[str, Any]) -> Likeness:
    columns = tuple(
        Compared(
            row["name"],
            row["title"],
            row["element"],
            row["kind"],
            levels(row["kind"], row["name"]),
            tuple(row.get("m", ())),
            tuple(row.get("u", ())),
        )
        for row in rule["columns"]
    )
    blocks = tuple(tuple(block) for block in rule["blocks"])
    return Likeness(ledger, rule["same"], rule["share"] / 100, rule["likely"], blocks, rule["unless"], columns)
