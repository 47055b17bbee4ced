"""Reads the rules: data in `schemas/rules/`, with the county's own rows from its workspace on top."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).resolve().parent.parent / "schemas" / "rules"


def rows(name: str, own: Path | None = None, key: Sequence[str] = ()) -> list[dict[str, str]]:
    """Return the rows of a CSV rule table, e.g. `rows("units")` for units.csv; every value a stripped string.

    own: the workspace's `rules/` folder; its rows come after the shipped ones, or replace those with the same `key`.
    Lines that start with "#" are comments. Raises FileNotFoundError when the table is not shipped.
    """
    table = list(_shipped(name))
    extra = list(_csv(own / f"{name}.csv")) if own and (own / f"{name}.csv").exists() else []
    if not key:
        return [dict(row) for row in table + extra]
    merged = {tuple(row[column] for column in key): row for row in table + extra}
    return [dict(row) for row in merged.values()]


def own_rows(name: str, own: Path) -> list[dict[str, str]]:
    """Return the rows of a rule table that only a workspace has, such as its grants; empty when it has none."""
    return [dict(row) for row in _csv(own / f"{name}.csv")] if (own / f"{name}.csv").exists() else []


def settings(name: str, own: Path | None = None) -> dict[str, Any]:
    """Return a TOML rule file as a dict; the workspace's keys win over the shipped ones, table by table."""
    merged = _toml(SHIPPED / f"{name}.toml")
    if own and (own / f"{name}.toml").exists():
        for section, values in _toml(own / f"{name}.toml").items():
            merged[section] = merged.get(section, {}) | values if isinstance(values, dict) else values
    return merged


@lru_cache
def _shipped(name: str) -> tuple[dict[str, str], ...]:
    return _csv(SHIPPED / f"{name}.csv")


def _csv(path: Path) -> tuple[dict[str, str], ...]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        lines = (line for line in handle if not line.startswith("#"))
        return tuple({k: (v or "").strip() for k, v in row.items() if k} for row in csv.DictReader(lines))


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
