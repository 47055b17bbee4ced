"""Which cells of the statistical views other departments do not see, for a whole snapshot at once.

A count that is hidden in one view must not stand in another, nor follow from two of them together: the same data
element of the same area and period is one cell here, whatever views show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

import polars as pl

from pipelines.periods import SHORT, containing, pace
from pipelines.rulebook import settings
from pipelines.sharing.suppression import suppress
from pipelines.sharing.views.build import AREA, PERIOD
from pipelines.sharing.views.sources import INDICATOR

HIDDEN = "hidden.parquet"
"""The file of a snapshot that lists them: view_name, column_name, area_code, period."""
Key = str
Place = tuple[Key, str, str]
Hidden = Mapping[str, set[tuple[str, str]]]
_SCHEMA = dict.fromkeys(("view_name", "column_name", "area_code", "period"), pl.String)


def hidden_cells(
    contracts: Sequence[Mapping[str, Any]],
    frames: Mapping[str, pl.DataFrame],
    parents: Mapping[str, str | None],
) -> pl.DataFrame:
    """Return the cells to hide: view_name, column_name, area_code, period, sorted.

    contracts: of the views; frames: view name → its rows; parents: area → the area it adds up to. Which units are
    counts of persons or households, and how small is too small, is in `rules/disclosure.toml`.
    """
    rule = settings("disclosure")["counts"]
    chosen = [(made, _columns(made, rule["units"])) for made in contracts if made["ledger"] == INDICATOR]
    table = _Cells()
    for made, columns in chosen:
        table.take(frames[made["id"]], columns)
    sums = [*table.over_areas(parents), *table.over_periods()]
    for made, columns in chosen:
        sums += table.over_columns(made, columns)
    hidden = suppress(table.values, sums, int(rule["smallest_shown"]))
    found = []
    for made, columns in chosen:
        frame = frames[made["id"]]
        for column, (key, _) in columns.items():
            for area, period in zip(frame[AREA], frame[PERIOD], strict=True):
                if table.place.get((key, area, period)) in hidden:
                    found.append((made["id"], column, area, period))
    return pl.DataFrame(sorted(found), schema=_SCHEMA, orient="row")


def hidden_in_view(made: Mapping[str, Any], frame: pl.DataFrame, parents: Mapping[str, str | None]) -> Hidden:
    """Return the cells to hide of one view by itself: column → {(area, period)}."""
    found: dict[str, set[tuple[str, str]]] = {}
    for _, column, area, period in hidden_cells([made], {made["id"]: frame}, parents).iter_rows():
        found.setdefault(column, set()).add((area, period))
    return found


def _columns(made: Mapping[str, Any], units: Sequence[str]) -> dict[str, tuple[Key, float]]:
    """Return the columns of a view that count somebody: name → (key, factor from the element's unit to the shown one).

    A computed total counts when one of its parts does.
    """
    given = [column for column in made["columns"] if column["isGiven"]]
    found = {
        c["name"]: (c["element"] or f"{made['id']}:{c['name']}", float(c.get("factor") or 1))
        for c in given
        if c.get("elementUnit", c["unit"]) in units
    }
    names = {column["name"] for column in given}
    for total, parts in made.get("sums", ()):
        if total in names and total not in found and any(part in found for part, _ in parts):
            found[total] = (f"{made['id']}:{total}", next(found[part][1] for part, _ in parts if part in found))
    return found


class _Cells:
    """Every count of every view once: its number by (key, area, period), and its value in the element's unit."""

    def __init__(self) -> None:
        self.place: dict[Place, int] = {}
        self.values: list[float] = []

    def take(self, frame: pl.DataFrame, columns: Mapping[str, tuple[Key, float]]) -> None:
        """Add the cells of a view; what another view gave already stays."""
        areas, periods = frame[AREA].to_list(), frame[PERIOD].to_list()
        for column, (key, factor) in columns.items():
            numbers = frame[column].cast(pl.Float64, strict=False).fill_null(0.0) / factor
            for area, period, value in zip(areas, periods, numbers.round(6), strict=True):
                at = self.place.setdefault((key, area, period), len(self.values))
                if at == len(self.values):
                    self.values.append(value)
                elif not self.values[at]:
                    self.values[at] = value

    def over_areas(self, parents: Mapping[str, str | None]) -> Iterator[dict[int, int]]:
        """Yield the sums of areas to the area above."""
        groups: dict[Place, list[int]] = {}
        for (key, area, period), at in self.place.items():
            over = parents.get(area)
            if over:
                groups.setdefault((key, over, period), []).append(at)
        yield from self._true((self.place[total], parts) for total, parts in groups.items() if total in self.place)

    def over_periods(self) -> Iterator[dict[int, int]]:
        """Yield the sums of months to a slower period, and of shorter periods to a month or to each other; of a stock,
        that its newest part is the period's value.
        """
        inside = _parts({period for _, _, period in self.place})
        by_cell: dict[tuple[Key, str], dict[str, int]] = {}
        for (key, area, period), at in self.place.items():
            by_cell.setdefault((key, area), {})[period] = at
        for held in by_cell.values():
            for period, total in held.items():
                for parts in inside[period]:
                    held_parts = [held[part] for part in parts if part in held]
                    if held_parts:
                        yield from self._true([(total, held_parts), (total, held_parts[-1:])])

    def over_columns(
        self, made: Mapping[str, Any], columns: Mapping[str, tuple[Key, float]]
    ) -> Iterator[dict[int, int]]:
        """Yield the sums of columns that the form states or the view computes (男＋女＝合计)."""
        spots = {(area, period) for _, area, period in self.place}
        for total, parts in made.get("sums", ()):
            if total not in columns or any(name not in columns for name, _ in parts):
                continue
            for area, period in spots:
                wanted = [(columns[name][0], area, period) for name in (total, *(part for part, _ in parts))]
                if any(place not in self.place for place in wanted):
                    continue
                signs = [-1, *(sign for _, sign in parts)]
                relation: dict[int, int] = {}
                for at, sign in zip((self.place[place] for place in wanted), signs, strict=True):
                    relation[at] = relation.get(at, 0) + sign
                if not sum(self.values[at] * sign for at, sign in relation.items()):
                    yield {at: sign for at, sign in relation.items() if sign}

    def _true(self, groups: Iterable[tuple[int, list[int]]]) -> Iterator[dict[int, int]]:
        for total, parts in groups:
            if total not in parts and abs(self.values[total] - sum(self.values[at] for at in parts)) < 1e-6:
                yield {total: 1} | dict.fromkeys(parts, -1)


def _parts(periods: Set[str]) -> dict[str, list[list[str]]]:
    """Return, of each period, the finer ones that lie in it: a list per pace that it can be added up from."""
    finer = {"周": SHORT[:1], "旬": SHORT[:2], "月": SHORT} | dict.fromkeys(("季", "半年", "年"), ("月",))
    by_pace: dict[str, list[str]] = {}
    for period in sorted(periods):
        by_pace.setdefault(pace(period), []).append(period)
    return {
        period: [
            [part for part in by_pace.get(frequency, ()) if containing(pace(period), part) == period]
            for frequency in finer.get(pace(period), ())
        ]
        for period in periods
    }
