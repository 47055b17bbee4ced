"""A published snapshot as departments see it: its catalogue, contracts, areas and rows, read once and kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.sharing.disclosure import HIDDEN, Hidden, hidden_in_view
from pipelines.sharing.refusal import Refusal, shown
from pipelines.sharing.view_rows import ViewRows
from pipelines.sharing.views.sources import INDICATOR
from schemas.faults import sharing as faults

PLAIN_NAME = re.compile(r"[\w\u4e00-\u9fff（）()·、．.\- ]{1,80}")
"""Names of departments, reports and columns: no path, no quote, no line end."""
Contract = Mapping[str, Any]


class SnapshotReader:
    """A version's folder. Nothing in it changes, so what was read stays true as long as the object lives."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.version = path.name
        self.facts: dict[str, Any] = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        self.catalogue = pl.read_csv(path / "catalogue.csv", infer_schema=False).to_dicts()
        self._contracts: dict[str, Contract] = {}
        self._rows: dict[str, ViewRows] = {}
        self._hidden: dict[str, Hidden] = {}

    @cached_property
    def areas(self) -> pl.DataFrame:
        """Return the areas: area_code, area_name, area_level, parent_code."""
        return pl.read_parquet(self.path / "areas.parquet")

    @cached_property
    def departments(self) -> frozenset[str]:
        """Return the departments that the snapshot knows."""
        return frozenset(self.facts.get("departments", ())) | {row["department_name"] for row in self.catalogue}

    @cached_property
    def county(self) -> str:
        """Return the code of the county."""
        return str(self.areas.filter(pl.col("area_level") == "县")["area_code"].first())

    def area(self, text: str) -> str:
        """Return the area code asked for; a name will do when only one area has it; "" is the county."""
        if not text:
            return self.county
        found = self._area_codes.get(text, ())
        if len(found) != 1:
            raise Refusal(faults.AREA_NOT_GRANTED.at(area=shown(text)))
        return next(iter(found))

    @cached_property
    def _area_codes(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for code, name in self.areas.select("area_code", "area_name").iter_rows():
            found.setdefault(code, set()).add(code)
            found.setdefault(name, set()).add(code)
        return found

    def contract(self, view_name: str) -> Contract:
        """Return a view's contract; the name must come from the catalogue."""
        if view_name not in self._contracts:
            text = (self.path / "views" / f"{view_name}.json").read_text(encoding="utf-8")
            self._contracts[view_name] = json.loads(text)
        return self._contracts[view_name]

    def chosen(self, report: str, is_whole: bool) -> list[Contract]:
        """Return the contracts of what is asked for by id, name or view name, in the order of the report's tables.

        is_whole: all tables of the report. Raises Refusal for what is not there, or is more than one table.
        """
        if not PLAIN_NAME.fullmatch(report):
            raise Refusal(faults.NAME_NOT_ALLOWED.at(what=shown(report)))
        squeezed = re.sub(r"\s", "", report)
        found = [
            row
            for row in self.catalogue
            if report in (row["view_name"], row["report_id"]) or re.sub(r"\s", "", row["title"]) == squeezed
        ]
        if not found:
            raise Refusal(faults.UNKNOWN_VIEW.at(view=shown(report)))
        if is_whole:
            found = [row for row in self.catalogue if row["report_id"] == found[0]["report_id"]]
        elif len(found) > 1:
            names = "、".join(row["view_name"] for row in found)
            raise Refusal(faults.VIEW_CHOICE.at(report=shown(report), views=names))
        return [self.contract(row["view_name"]) for row in found]

    def rows(self, view_name: str) -> ViewRows:
        """Return where a view's rows lie."""
        if view_name not in self._rows:
            self._rows[view_name] = ViewRows(self.path / "views" / f"{view_name}.parquet")
        return self._rows[view_name]

    def hidden(self, view_name: str) -> Hidden:
        """Return the cells of a statistical view that other departments do not see: column → {(area, period)}."""
        if view_name not in self._hidden:
            made = self.contract(view_name)
            if made["ledger"] != INDICATOR:
                self._hidden[view_name] = {}
            elif (self.path / HIDDEN).exists():
                self._hidden[view_name] = self._listed.get(view_name, {})
            else:  # published before the list was kept, or by somebody else
                parents = dict(self.areas.select("area_code", "parent_code").iter_rows())
                self._hidden[view_name] = hidden_in_view(made, pl.read_parquet(self.rows(view_name).path), parents)
        return self._hidden[view_name]

    @cached_property
    def _listed(self) -> dict[str, dict[str, set[tuple[str, str]]]]:
        found: dict[str, dict[str, set[tuple[str, str]]]] = {}
        for view_name, column, area, period in pl.read_parquet(self.path / HIDDEN).iter_rows():
            found.setdefault(view_name, {}).setdefault(column, set()).add((area, period))
        return found
