"""Of whom a roster is: whether the county marks those subjects already, so that no list of names need be sent."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.text import fold

ROW_LAYOUTS = ("roster", "list", "card")
EVERYBODY = "全部人口"


@dataclass(frozen=True, slots=True)
class Population:
    """is_roster: the form has a row or card per subject. name, reports: a population of the register that the title
    names, and the reports of it; "" and () when the title names none."""

    is_roster: bool
    name: str = ""
    reports: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What to tell the department, "" for a form that is no roster."""
        if not self.is_roster:
            return ""
        if self.name:
            return f"对象范围“{self.name}”已经标记（{'、'.join(self.reports[:3])}），名单不必另报。"
        return "题名说的对象范围没有现成的标记，请写明按哪些条件认定；能用已有的列筛选出来的，不另报名单。"


def population(title: str, fields: pl.DataFrame, populations: pl.DataFrame) -> Population:
    """Return of whom a form is. fields: ReportFields of the form; populations: Populations of the register.

    The longest name of a population that stands in the title counts, so that “残疾人两项补贴对象” is not “残疾人”.
    """
    is_roster = bool(set(fields["layout"].drop_nulls()) & set(ROW_LAYOUTS))
    named = [name for name in populations["population"].unique() if name != EVERYBODY and fold(name) in fold(title)]
    if not is_roster or not named:
        return Population(is_roster)
    best = max(named, key=lambda name: (len(name), name))
    reports = populations.filter(pl.col("population") == best)["report_id"].unique().sort().to_list()
    return Population(True, best, tuple(reports))
