"""One check factory: from a table's Pandera contract to the list of what breaks it.

The write into the warehouse is refused on the same contract; these findings are what a person reads about it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from schemas.faults import Finding
from schemas.faults import quality as faults

if TYPE_CHECKING:
    import polars as pl

    from schemas.model import Table

SHOWN_ROWS = 5
"""Row numbers named in one finding; the count says how many more there are."""

_SAYS = {
    "not_nullable": "必填",
    "field_uniqueness": "不重复",
    "isin": "取值在 {argument} 之内",
    "str_matches": "写法符合 {argument}",
    "ge": "不小于 {argument}",
    "gt": "大于 {argument}",
    "le": "不大于 {argument}",
    "lt": "小于 {argument}",
}


def contract_findings(table: str, contract: type[Table], frame: pl.DataFrame) -> list[Finding]:
    """Return what breaks the contract of a table, a finding per column and rule; empty when it is kept.

    table: the table's name in the messages. frame: a collected DataFrame (a LazyFrame would be checked by schema only,
    so it is refused). Values are never quoted: tables hold personal data. Raises TypeError for any other frame.
    """
    import pandera.errors
    import polars as pl

    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"a contract is checked on a collected DataFrame, not on {type(frame).__name__}")
    titles = contract.titles()
    missing = [name for name in titles if name not in frame.columns]
    unknown = [name for name in frame.columns if name not in titles]
    if missing or unknown:  # Pandera cannot cast a column that is not there: it fails before it lists anything
        return [faults.COLUMN_MISSING.at(table=table, column=titles[name]) for name in missing] + [
            faults.COLUMN_UNKNOWN.at(table=table, column=name) for name in unknown
        ]
    try:
        contract.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return findings_of(table, titles, errors.failure_cases)
    return []


def findings_of(table: str, titles: dict[str, str], cases: Any) -> list[Finding]:
    """Return a finding per column and rule of Pandera's failure cases. titles: column → its name for people."""
    broken: dict[tuple[str, str], list[int]] = {}
    for case in cases.iter_rows(named=True):
        rows = broken.setdefault((str(case["column"]), _expected(str(case["check"]))), [])
        if case["index"] is not None:
            rows.append(int(case["index"]) + 1)
    return [
        faults.VALUE_BROKEN.at(
            table=table,
            column=titles.get(column, column),
            expected=expected,
            count=len(rows) or "若干",
            rows="、".join(map(str, sorted(rows)[:SHOWN_ROWS])) or "—",
        )
        for (column, expected), rows in sorted(broken.items())
    ]


def _expected(check: str) -> str:
    """Return what a failed Pandera check asked for, in Chinese; its own text when it has no translation."""
    name, _, rest = check.partition("(")
    argument = re.sub(r"['\"\[\]{}()]", "", rest)
    if name.startswith("dtype") or name.startswith("coerce_dtype"):
        return f"类型为 {argument}"
    return _SAYS[name].format(argument=argument) if name in _SAYS else check
