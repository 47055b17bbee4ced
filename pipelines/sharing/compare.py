"""A snapshot against the one before, view by view: rows, columns, missing values and totals, and by how much."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import rulebook
from pipelines.sharing.changes import Change, contract_changes
from pipelines.sharing.views.view import AREA, PERIOD, SUBJECT
from schemas.faults import Finding
from schemas.faults.publishing import COLUMN_LOST_VALUES, COLUMN_TOTAL_MOVED, VIEW_LOST_ROWS

STATISTICS = "statistics.json"
COMPARISON = "comparison.json"
PAGE = "与上一版比较.md"


def statistics(frame: pl.DataFrame) -> dict[str, Any]:
    """Return rows, and for every column its missing values and, for numbers, its total as exact text."""
    columns = [name for name in frame.columns if name not in (SUBJECT, AREA, PERIOD)]
    missing = frame.select(columns).null_count().row(0, named=True) if columns else {}
    numbers = [name for name in columns if frame.schema[name].is_numeric()]
    totals = frame.select(pl.col(name).sum() for name in numbers).row(0, named=True) if numbers else {}
    return {
        "rows": frame.height,
        "columns": {
            name: {"missing": missing[name]} | ({"total": _plain(totals[name])} if name in totals else {})
            for name in columns
        },
    }


def contracts_of(snapshot: Path | None) -> dict[str, dict[str, Any]]:
    """Return the contracts of a snapshot by view; empty when there is none."""
    files = sorted((snapshot / "views").glob("*.json")) if snapshot else []
    made = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return {one["id"]: one for one in made if "columns" in one}


def changes_between(before: Path | None, after: Path, own: Path | None = None) -> dict[str, list[Change]]:
    """Return what changed in each view's contract, views without a change left out; empty for the first snapshot."""
    if before is None:
        return {}
    old, new = contracts_of(before), contracts_of(after)
    found = {name: contract_changes(old.get(name), new.get(name), own) for name in sorted(old.keys() | new.keys())}
    return {name: changes for name, changes in found.items() if changes}


def compared(before: Path | None, after: Path) -> list[dict[str, Any]]:
    """Return a row per view that both snapshots have, with the figures before and after; empty for the first one."""
    old, new = _statistics(before), _statistics(after)
    rows = []
    for name in sorted(old.keys() & new.keys()):
        columns = []
        for column, now in new[name]["columns"].items():
            was = old[name]["columns"].get(column)
            if was is not None and was != now:
                columns.append(
                    {"column": column, "missing": [was["missing"], now["missing"]]}
                    | ({"total": [was["total"], now["total"]]} if "total" in was and "total" in now else {})
                )
        rows.append({"view": name, "rows": [old[name]["rows"], new[name]["rows"]], "columns": columns})
    return rows


def remarks(rows: list[dict[str, Any]], own: Path | None = None) -> list[Finding]:
    """Return a finding for every difference that somebody should look at (thresholds: sharing_snapshots.toml)."""
    limits = rulebook.settings("sharing_snapshots", own)["remark"]
    found = []
    for row in rows:
        was, now = row["rows"]
        place = {"view": row["view"], "file": row["view"]}
        if was and (was - now) / was > limits["rows_drop"]:
            found.append(VIEW_LOST_ROWS.at(before=was, after=now, share=f"{(was - now) / was:.0%}", **place))
            continue
        for column in row["columns"]:
            empty = [
                count / height if height else 0 for count, height in zip(column["missing"], (was, now), strict=True)
            ]
            if empty[1] - empty[0] > limits["missing_rise"]:
                shares = {"before": f"{empty[0]:.0%}", "after": f"{empty[1]:.0%}"}
                found.append(COLUMN_LOST_VALUES.at(column=column["column"], **shares, **place))
            elif share := _moved(column, limits["total_change"]):
                totals = dict(zip(("before", "after"), column["total"], strict=True))
                found.append(COLUMN_TOTAL_MOVED.at(column=column["column"], share=share, **totals, **place))
    return found


def comparison_page(rows: list[dict[str, Any]], titles: Mapping[str, str], before: str) -> str:
    """Return the comparison for people (Markdown, Chinese)."""
    lines = [
        f"# 与上一版 {before} 比较",
        "",
        "| 视图 | 行数 | 有变化的列 | 空缺最多的变化 | 合计最大的变化 |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        was, now = row["rows"]
        empties = max(row["columns"], key=lambda c: abs(c["missing"][1] - c["missing"][0]), default=None)
        sums = max((c for c in row["columns"] if "total" in c), key=lambda c: abs(_share(c)), default=None)
        lines.append(
            f"| {titles.get(row['view'], '')} `{row['view']}` | {was} → {now} | {len(row['columns'])} | "
            + (f"{empties['column']}：{empties['missing'][0]} → {empties['missing'][1]}" if empties else "—")
            + " | "
            + (f"{sums['column']}：{sums['total'][0]} → {sums['total'][1]}" if sums else "—")
            + " |"
        )
    return "\n".join(lines) + "\n"


def _statistics(snapshot: Path | None) -> dict[str, Any]:
    file = snapshot / STATISTICS if snapshot else None
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file and file.exists() else {}
    return found


def _share(column: Mapping[str, Any]) -> float:
    was, now = (Decimal(text) for text in column["total"])
    return float((now - was) / abs(was)) if was else (0.0 if now == was else 1.0)


def _moved(column: Mapping[str, Any], limit: float) -> str:
    if "total" not in column or abs(_share(column)) <= limit:
        return ""
    return f"{_share(column):+.0%}"


def _plain(total: Any) -> str:
    text = format(Decimal(str(total or 0)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
