"""A workbook that is about to be damaged, and how kinds of damage are found by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from pipelines.collection.layout import FilledSheet, read_layout
from tests.unit.collection import county


@dataclass
class Bench:
    """A workbook that is about to be damaged."""

    path: Path
    other: Path
    earlier: Path
    case: dict[str, str]

    def __post_init__(self) -> None:
        self.book = openpyxl.load_workbook(self.path)
        self.layout: list[FilledSheet] = read_layout(self.path)

    @property
    def sheet(self) -> FilledSheet:
        """The sheet of the case's ledger."""
        return next(s for s in self.layout if s.ledger == self.case["ledger"] and s.level in ("", "村"))

    @property
    def page(self) -> Any:
        """The openpyxl sheet of the case's ledger."""
        return self.book[self.sheet.name]

    @property
    def element(self) -> str:
        """The id that the case's word stands for."""
        return getattr(county, self.case["element"], self.case["element"])

    @property
    def col(self) -> int:
        """The element's column, counted from 1."""
        return next(col for col, element in self.sheet.columns.items() if element == self.element) + 1

    @property
    def row(self) -> int:
        """The case's row, counted from 1: the n-th subject, or the element's row among indicators."""
        if self.sheet.is_indicator:
            return next(row for row, element in self.sheet.row_ids.items() if element == self.element) + 1
        return [row for row, key in self.sheet.row_ids.items() if key][int(self.case["row"] or 0)] + 1

    @property
    def first_village(self) -> int:
        """The first village's column, counted from 1."""
        return min(col for col, code in self.sheet.columns.items() if code.isdigit()) + 1


Damage = Callable[[Bench], bytes | None]


def kinds(module: Mapping[str, Any]) -> dict[str, Damage]:
    """Return the kinds of damage of a module by name: its functions of a bench, without the underscore."""
    return {
        name.removeprefix("_"): function
        for name, function in module.items()
        if name.startswith("_") and getattr(function, "__annotations__", {}).get("bench") == "Bench"
    }
