"""What changed between two contracts of a view, and the version that follows from it (Semantic Versioning 2.0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.rulebook import rows as rule_rows

FIRST = "1.0.0"
LEVELS = ("主", "次", "修")
"""Parts of a version, the heaviest first; their order is that of the numbers in it."""
_OF_VIEW = {"grain": "grain", "keys": "keys", "frequency": "frequency"}
_OF_COLUMN = {
    "type": "logicalType",
    "unit": "unit",
    "rule": "rule",
    "options": "options",
    "sensitivity": "sensitivity",
    "element": "element",
    "source": "source",
    "source_department": "sourceDepartment",
    "cell": "cell",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a contract. level: one of LEVELS; text: in Chinese."""

    change: str
    level: str
    text: str


def contract_changes(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, own: Path | None = None
) -> list[Change]:
    """Return what changed from one contract of a view to the next, the heaviest first; None: there is no such view."""
    rules = {row["change"]: row for row in rule_rows("sharing_changes", own, ("change",))}
    found = [
        Change(name, rules[name]["level"], rules[name]["text"].format(**words)) for name, words in _found(before, after)
    ]
    return sorted(found, key=lambda change: LEVELS.index(change.level))


def next_version(before: str, changes: Sequence[Change]) -> str:
    """Return the version after some changes.

    >>> next_version("1.2.3", [Change("unit", "主", ""), Change("cell", "修", "")]), next_version("1.2.3", [])
    ('2.0.0', '1.2.3')
    """
    if not changes:
        return before
    at = min(LEVELS.index(change.level) for change in changes)
    numbers = [int(part) for part in before.split(".")]
    return ".".join(str(part) for part in [*numbers[:at], numbers[at] + 1, *[0] * (2 - at)])


def versioned(made: dict[str, Any], before: Mapping[str, Any] | None, own: Path | None = None) -> dict[str, Any]:
    """Return a contract with its version, which follows from the one before; the first is 1.0.0."""
    if before is None:
        return {**made, "version": FIRST}
    return {**made, "version": next_version(before.get("version", FIRST), contract_changes(before, made, own))}


def _found(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[tuple[str, dict[str, str]]]:
    if after is None or before is None:
        if before is not None:
            yield "view_removed", {"before": before.get("version", FIRST)}
        elif after is not None:
            yield "view_added", {}
        return
    for name, key in _OF_VIEW.items():
        old, new = _shown(before.get(key)), _shown(after.get(key))
        if old != new:
            yield name, {"before": old, "after": new}
    olds, news = _given(before), _given(after)
    renamed = _renamed(olds, news)
    for name in olds:
        if name not in news and name not in renamed:
            yield "column_removed", {"column": name}
    for name in news:
        if name not in olds and name not in renamed.values():
            yield "column_added", {"column": name}
    for old_name, old_column in olds.items():
        new_name = renamed.get(old_name, old_name)
        if new_name not in news:
            continue
        if new_name != old_name:
            yield "column_renamed", {"before": old_name, "after": new_name}
        for name, key in _OF_COLUMN.items():
            old, new = _shown(old_column.get(key)), _shown(news[new_name].get(key))
            if old != new:
                yield name, {"column": new_name, "before": old, "after": new}
    if [renamed.get(name, name) for name in olds if renamed.get(name, name) in news] != [
        name for name in news if name in olds or name in renamed.values()
    ]:
        yield "order", {}


def _given(made: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {column["name"]: column for column in made["columns"] if column["isGiven"]}


def _renamed(olds: Mapping[str, Mapping[str, Any]], news: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return old name → new name of columns that are the same field under another name."""
    fresh = {(c["element"], c["path"]): name for name, c in news.items() if name not in olds}
    gone = {name: c for name, c in olds.items() if name not in news}
    same_field = {c["fieldId"]: name for name, c in news.items() if name not in olds}
    found = {name: fresh.get((c["element"], c["path"])) or same_field.get(c["fieldId"], "") for name, c in gone.items()}
    return {
        old: new
        for old, new in found.items()
        if new and news[new]["element"] == gone[old]["element"] and list(found.values()).count(new) == 1
    }


def _shown(value: Any) -> str:
    return "、".join(str(part) for part in value) if isinstance(value, (list, tuple)) else str(value or "无")
