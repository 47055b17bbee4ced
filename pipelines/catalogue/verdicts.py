"""The steward's verdicts: append-only, the last on a pair holds, and together they must not contradict each other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from schemas.elements import Verdicts
from schemas.faults import Finding
from schemas.faults.registry import (
    VERDICT_CONTRADICTS,
    VERDICT_FILE_COLUMN,
    VERDICT_WITH_ITSELF,
    VERDICT_WITHOUT_FIELD,
)

SAME, DIFFERENT, UNSURE, TAKEN_BACK = "相同", "不同", "不确定", "撤回"
COLUMNS = ("verdict_id", "left_field_key", "right_field_key", "answer", "decided_by", "decided_at", "reason")


@dataclass(frozen=True, slots=True)
class Settled:
    """What the verdicts say together.

    rows: Verdicts that hold and agree with each other. component: field key → one key for all that are judged the same.
    apart: pairs of components that are judged different (A=B and B≠C make A≠C). findings: what was set aside, and why.
    """

    rows: pl.DataFrame
    component: dict[str, str]
    apart: frozenset[frozenset[str]]
    findings: list[Finding]

    def between(self, left: str, right: str) -> str:
        """Return 相同, 不同 or "" for two field keys, propagated."""
        a, b = self.component.get(left, left), self.component.get(right, right)
        if a == b:
            return SAME
        return DIFFERENT if frozenset((a, b)) in self.apart else ""


def settle(verdicts: pl.DataFrame, field_keys: Iterable[str] | None = None) -> Settled:
    """Return the verdicts that hold now, without contradictions.

    verdicts: Verdicts, in any order. field_keys: the keys that exist; verdicts on others are kept but reported.
    Of contradicting verdicts the newer ones win: they are taken from new to old, and one that contradicts what the
    newer ones already imply is set aside with a finding.
    """
    forest: dict[str, str] = {}
    enemies: dict[str, set[str]] = {}
    findings: list[Finding] = []
    kept: list[dict[str, str]] = []
    about: dict[str, list[dict[str, str]]] = {}
    for row in _latest(verdicts, findings):
        left, right = sorted((_root(forest, row["left_field_key"]), _root(forest, row["right_field_key"])))
        is_apart = right in enemies.get(left, ())
        if (row["answer"] == SAME and is_apart) or (row["answer"] == DIFFERENT and left == right):
            findings.append(_contradiction(row, about))
            continue
        kept.append(row)
        for side in (row["left_field_key"], row["right_field_key"]):
            about.setdefault(side, []).append(row)
        if row["answer"] == DIFFERENT:
            enemies.setdefault(left, set()).add(right)
            enemies.setdefault(right, set()).add(left)
        elif left != right:
            forest[right] = left
            for enemy in enemies.pop(right, set()):
                enemies[enemy].discard(right)
                enemies[enemy].add(left)
                enemies.setdefault(left, set()).add(enemy)
    if field_keys is not None:
        findings += _vanished(kept, set(field_keys))
    component = {
        key: _root(forest, key) for key in {k for r in kept for k in (r["left_field_key"], r["right_field_key"])}
    }
    apart = frozenset(frozenset((left, right)) for left, others in enemies.items() for right in others)
    return Settled(Verdicts.frame(kept), component, apart, findings)


def verdict_id(left: str, right: str, answer: str, decided_by: str, decided_at: str) -> str:
    """Return the id of a verdict: the hash of what it says, so that importing a sheet twice adds nothing."""
    text = "\0".join((*sorted((left, right)), answer, decided_by, decided_at))
    return "V" + hashlib.sha256(text.encode()).hexdigest()[:16]


def verdict(left: str, right: str, answer: str, decided_by: str, decided_at: str, reason: str = "") -> dict[str, str]:
    """Return a row of Verdicts. decided_at: ISO 8601."""
    low, high = sorted((left, right))
    return dict(
        zip(
            COLUMNS,
            (
                verdict_id(left, right, answer, decided_by, decided_at),
                low,
                high,
                answer,
                decided_by,
                decided_at,
                reason,
            ),
            strict=True,
        )
    )


def append(before: pl.DataFrame, rows: list[dict[str, str]]) -> pl.DataFrame:
    """Return the verdicts with new rows after the old ones.

    A row is left out when it is there already, or when the last verdict on its pair is the same answer by the same
    person for the same reason: importing a review sheet twice adds nothing.
    """
    last: dict[tuple[str, ...], tuple[str, ...]] = {}
    for row in before.sort("decided_at", "verdict_id").select(COLUMNS).iter_rows(named=True):
        last[_pair(row)] = _said(row)
    seen = set(before["verdict_id"])
    fresh = {r["verdict_id"]: r for r in rows if r["verdict_id"] not in seen and last.get(_pair(r)) != _said(r)}
    return pl.concat([before.select(COLUMNS), Verdicts.frame(list(fresh.values()))])


def _pair(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(sorted((row["left_field_key"], row["right_field_key"])))


def _said(row: dict[str, str]) -> tuple[str, ...]:
    return row["answer"], row["decided_by"], row["reason"] or ""


def read_verdicts(path: Path) -> pl.DataFrame:
    """Return the verdicts kept in a CSV file (columns of Verdicts); empty when there is no such file.

    Raises ValueError with the finding's text when a column is missing: the record is append-only, so that is tampering.
    """
    if not path.exists():
        return Verdicts.empty()
    table = pl.read_csv(path, infer_schema=False, encoding="utf8-lossy")
    table = table.rename({name: name.lstrip("\ufeff") for name in table.columns})
    for column in COLUMNS:
        if column not in table.columns:
            raise ValueError(str(VERDICT_FILE_COLUMN.at(file=path.name, column=column)))
    return table.select(COLUMNS).fill_null("")


def write_verdicts(verdicts: pl.DataFrame, path: Path) -> None:
    """Write the verdicts as CSV beside the target, then swap, so that a broken run leaves the old record whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".tmp")
    verdicts.select(COLUMNS).write_csv(aside, include_bom=True)
    aside.replace(path)


def _latest(verdicts: pl.DataFrame, findings: list[Finding]) -> list[dict[str, str]]:
    """Return the verdict that holds of every pair, newest first. 撤回 and 不确定 leave the pair open."""
    rows = sorted(
        verdicts.select(COLUMNS).iter_rows(named=True), key=lambda r: (r["decided_at"], r["verdict_id"]), reverse=True
    )
    held: dict[frozenset[str], dict[str, str]] = {}
    for row in rows:
        pair = frozenset((row["left_field_key"], row["right_field_key"]))
        if len(pair) == 1:
            findings.append(VERDICT_WITH_ITSELF.at(decided_at=row["decided_at"], left=row["left_field_key"]))
        else:
            held.setdefault(pair, row)
    return [row for row in held.values() if row["answer"] in (SAME, DIFFERENT)]


def _root(forest: dict[str, str], key: str) -> str:
    root = key
    while root in forest:
        root = forest[root]
    while key != root:
        forest[key], key = root, forest[key]
    return root


def _contradiction(row: dict[str, str], about: dict[str, list[dict[str, str]]]) -> Finding:
    """Return the finding of a verdict set aside, naming newer ones about its sides. about: field key → those kept."""
    sides = (row["left_field_key"], row["right_field_key"])
    newer = {r["verdict_id"]: r for side in sides for r in about.get(side, [])[:2]}
    because = list(newer.values())[:3]
    text = "；".join(f"{r['decided_at']} {r['left_field_key']}与{r['right_field_key']}{r['answer']}" for r in because)
    return VERDICT_CONTRADICTS.at(
        decided_at=row["decided_at"],
        decided_by=row["decided_by"],
        left=row["left_field_key"],
        right=row["right_field_key"],
        answer=row["answer"],
        opposite=DIFFERENT if row["answer"] == SAME else SAME,
        because=text,
    )


def _vanished(kept: list[dict[str, str]], keys: set[str]) -> list[Finding]:
    found = []
    for row in kept:
        missing = [key for key in (row["left_field_key"], row["right_field_key"]) if key not in keys]
        if missing:
            found.append(
                VERDICT_WITHOUT_FIELD.at(
                    decided_at=row["decided_at"],
                    left=row["left_field_key"],
                    right=row["right_field_key"],
                    answer=row["answer"],
                    missing="”“".join(missing),
                )
            )
    return found
