"""How an element's value is written in a department's column: SQL text per rule (unit, code, date format, mask).

Portable SQL: only what DuckDB and Spark read the same way (STRING, because Spark's VARCHAR wants a length).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

_DATE_TOKENS = re.compile("YYYY|YY|MM|M|DD|D")
MAX_LENGTH = 32
"""Characters of the longest number that is written in groups; longer than any bank account."""
MAX_DECIMALS = 6
"""Decimals kept of a quotient that never ends, e.g. 亩 in 公顷; more than any form prints."""
SIMPLEST = 1_000_000
"""A factor of 15 and more digits stands for the simplest fraction near it: 0.0666…67 is 1/15."""


def quote(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def name(column: str) -> str:
    """Return an SQL identifier in quotes."""
    return '"' + column.replace('"', '""') + '"'


def rendered(expression: str, data_type: str, rule: Mapping[str, Any], is_boolean: bool = False) -> str:
    """Return the SQL of an element's value as a department wants it.

    data_type: of the element (Elements.data_type). rule: ElementMap.rule. Numbers stay numbers, as exact decimals;
    everything else is text.
    """
    if is_boolean:
        expression = f"CASE WHEN {expression} THEN '是' WHEN NOT {expression} THEN '否' END"
    if rule.get("codes"):
        return _coded(f"CAST({expression} AS STRING)", rule["codes"])
    if rule.get("factor"):
        return _converted(expression, factor_of(rule["factor"]))
    if data_type == "date":
        return _date(expression, rule.get("date_format") or "YYYY-MM-DD")
    if rule.get("mask"):
        return _masked(f"CAST({expression} AS STRING)", rule["mask"])
    if rule.get("groups"):
        return _spaced(f"CAST({expression} AS STRING)", [int(size) for size in rule["groups"].split(",")])
    if data_type == "decimal":
        return f"CAST({expression} AS DECIMAL(24, {MAX_DECIMALS}))"
    if data_type == "integer":
        return f"CAST({expression} AS BIGINT)"
    return f"CAST({expression} AS STRING)" if not is_boolean else expression


def described(rule: Mapping[str, Any]) -> str:
    """Return the rule in Chinese, "" for none."""
    if rule.get("codes"):
        pairs = [f"{value}→{code}" for value, code in rule["codes"].items()]
        return "代码：" + "、".join(pairs[:6]) + ("…" if len(pairs) > 6 else "")
    if rule.get("factor"):
        factor = factor_of(rule["factor"])
        by = f"乘 {_decimal(factor)}" if _is_finite(factor) else f"乘 {factor.numerator} 除以 {factor.denominator}"
        return f"{rule.get('unit_from', '')}换算为{rule.get('unit_to', '')}：{by}"
    if rule.get("date_format"):
        return f"日期写作 {rule['date_format']}"
    if rule.get("mask"):
        head, tail = rule["mask"].split(",")
        return f"只显示前 {head} 位和后 {tail} 位" if head != "0" else f"只显示后 {tail} 位"
    if rule.get("groups"):
        sizes = rule["groups"].split(",")
        return f"每 {sizes[0]} 位空一格" if len(sizes) == 1 else f"按 {'、'.join(sizes)} 位分段，中间空一格"
    return ""


def factor_of(text: str | int | float) -> Fraction:
    """Return the exact factor of a rule.

    >>> factor_of("0.0001"), factor_of("0.06666666666666666666666666667"), factor_of("1/15")
    (Fraction(1, 10000), Fraction(1, 15), Fraction(1, 15))
    """
    exact = Fraction(str(text))
    return exact.limit_denominator(SIMPLEST) if len(str(text)) > 15 and "/" not in str(text) else exact


def _converted(expression: str, factor: Fraction) -> str:
    if _is_finite(factor):
        return f"CAST(CAST({expression} AS DECIMAL(24, 6)) * {_decimal(factor)} AS DECIMAL(30, 10))"
    scaled = f"CAST({expression} AS DOUBLE) * {factor.numerator} / {factor.denominator}"
    return f"CAST(ROUND({scaled}, {MAX_DECIMALS}) AS DECIMAL(24, {MAX_DECIMALS}))"


def _is_finite(factor: Fraction) -> bool:
    rest = factor.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _decimal(factor: Fraction) -> str:
    """Return a finite factor as plain decimal text."""
    digits = 0
    while (factor * 10**digits).denominator != 1:
        digits += 1
    whole = str(int(factor * 10**digits)).rjust(digits + 1, "0")
    return f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole


def _coded(expression: str, codes: Mapping[str, str]) -> str:
    cases = " ".join(f"WHEN {quote(str(value))} THEN {quote(str(code))}" for value, code in codes.items())
    return f"CASE {expression} {cases} ELSE {expression} END"


def _date(expression: str, date_format: str) -> str:
    iso = f"CAST({expression} AS STRING)"
    if date_format == "YYYY-MM-DD":
        return iso
    year, month, day = (f"SUBSTR({iso}, {start}, {length})" for start, length in ((1, 4), (6, 2), (9, 2)))
    parts = {
        "YYYY": year,
        "YY": f"SUBSTR({iso}, 3, 2)",
        "MM": month,
        "M": f"CAST(CAST({month} AS INTEGER) AS STRING)",
        "DD": day,
        "D": f"CAST(CAST({day} AS INTEGER) AS STRING)",
    }
    pieces, end, needed = [], 0, 4
    for token in _DATE_TOKENS.finditer(date_format):
        if token.start() > end:
            pieces.append(quote(date_format[end : token.start()]))
        pieces.append(parts[token[0]])
        end, needed = token.end(), max(needed, 10 if "D" in token[0] else 7 if "M" in token[0] else 4)
    if end < len(date_format):
        pieces.append(quote(date_format[end:]))
    written = " || ".join(pieces)
    if needed == 4:
        return written
    # a year, or a year and month, is all that some dates have: what is not known is not made up
    return f"CASE WHEN LENGTH({iso}) >= {needed} THEN {written} ELSE {iso} END"


def _masked(expression: str, mask: str) -> str:
    head, tail = (int(part) for part in mask.split(","))
    last = f"SUBSTR({expression}, LENGTH({expression}) - {tail - 1}, {tail})"
    if not head:
        return last
    stars = f"REPEAT('*', LENGTH({expression}) - {head + tail})"
    return f"SUBSTR({expression}, 1, {head}) || {stars} || {last}"


def _spaced(expression: str, sizes: Sequence[int]) -> str:
    """Return a number in groups; one size repeats. A number of another length than the groups' stays as it is."""
    groups = list(sizes) if len(sizes) > 1 else [sizes[0]] * (MAX_LENGTH // sizes[0])
    starts = [1 + sum(groups[:at]) for at in range(len(groups))]
    pieces = [f"SUBSTR({expression}, {start}, {size})" for start, size in zip(starts, groups, strict=True)]
    written = "RTRIM(" + " || ' ' || ".join(pieces) + ")"
    length = f"LENGTH({expression})"
    fits = f"{length} = {sum(groups)}" if len(sizes) > 1 else f"{length} <= {sum(groups)}"
    return f"CASE WHEN {fits} THEN {written} ELSE {expression} END"
