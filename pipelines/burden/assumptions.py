"""What the figures assume where nothing was counted or measured; read from the rules, never written in code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines import rulebook


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The declared values. Rates per year; times in the unit of their name; money in yuan.

    responses: frequency → times a year (only the countable ones). area_levels: respondent level → area level.
    per_village: respondent level → respondents per village. rows: (layout, respondent level) → rows, "*" for any.
    change: ledger → share of its cells that are typed again in a year. left_reasons: texts of the fill plan's reasons
    for not asking after which the item is still filled in its own form. time_methods: how a fill time must have been
    observed for G to rest on it. *_source: where the value is from, or 假定.
    """

    responses: Mapping[str, float]
    area_levels: Mapping[str, str]
    per_village: Mapping[str, float]
    rows: Mapping[tuple[str, str], float]
    minutes_overhead: float
    seconds_per_cell: float
    seconds_per_confirm: float
    yuan_per_hour: float
    cost_source: str
    change: Mapping[str, float]
    left_reasons: Sequence[str]
    time_methods: Sequence[str] = ("计时观察", "填报人自报")
    time_source: str = "假定"
    change_source: str = "假定"


def assumptions(own: Path | None = None) -> Assumptions:
    """Return the shipped assumptions with the workspace's own (`rules/` folder) on top."""
    levels = rulebook.rows("burden_levels", own, key=("respondent_level",))
    settings = rulebook.settings("burden", own)
    return Assumptions(
        responses={
            row["frequency"]: float(row["responses_per_year"])
            for row in rulebook.rows("burden_frequencies", own, key=("frequency",))
            if row["responses_per_year"]
        },
        area_levels={row["respondent_level"]: row["area_level"] for row in levels if row["area_level"]},
        per_village={row["respondent_level"]: float(row["per_village"]) for row in levels if row["per_village"]},
        rows={
            (row["layout"], row["respondent_level"]): float(row["rows"])
            for row in rulebook.rows("burden_rows", own, key=("layout", "respondent_level"))
        },
        minutes_overhead=float(settings["time"]["minutes_overhead"]),
        seconds_per_cell=float(settings["time"]["seconds_per_cell"]),
        seconds_per_confirm=float(settings["time"]["seconds_per_confirm"]),
        yuan_per_hour=float(settings["cost"]["yuan_per_hour"]),
        cost_source=str(settings["cost"]["source"]),
        change={ledger: float(share) for ledger, share in settings["change_per_year"].items()},
        left_reasons=[row["text"] for row in rulebook.rows("burden_left_reasons", own, key=("text",))],
        time_methods=[str(method) for method in settings["time"]["methods_counted"]],
        time_source=str(settings["time"]["source"]),
        change_source=str(settings["change_source"]["source"]),
    )


def declared_rows(assumed: Assumptions, layout: str | None, level: str) -> float:
    """Return the rows per response that the rules declare for a layout and level; the most specific row wins."""
    for key in ((layout or "*", level), (layout or "*", "*"), ("*", "*")):
        if key in assumed.rows:
            return assumed.rows[key]
    return 1.0
