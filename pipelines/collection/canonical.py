"""From what a clerk typed to the canonical value of an element: lenient about form, strict about content.

Tolerated: full-width digits, spaces, apostrophes, thousand separators, ways of writing dates, aliases and codes of a
code list. Refused: another type, an unknown code, a wrong check digit (GB 11643, GB 32100), lost digits, error values.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipelines.collection.check_digits import credit_code_fault, id_number_fault
from pipelines.collection.ranges import least
from pipelines.rulebook import rows
from pipelines.text import fold
from schemas.faults import Fault, returns
from schemas.faults import collection as faults
from schemas.words import LIST_SEPARATOR, NULL_REASONS

_ERROR = re.compile(r"^#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!)?$|^#(REF|N/A|VALUE|DIV/0|NAME|NUM|NULL)\b")
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?E\+?\d+$", re.IGNORECASE)
_DATE = re.compile(r"^(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})[日号]?|月)?(?:[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})?$")
_ID_NUMBER = re.compile(r"(公民身份号码|身份证号码?)$")
_CREDIT_CODE = re.compile(r"统一社会信用代码$")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff]")
_EPOCH = date(1899, 12, 30)
SAFE_DIGITS = 15
"""A number in a sheet keeps 15 digits (IEEE 754); identifiers with more have lost theirs."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a cell says: a value, a reason why there is none, or a fault with the details of its message."""

    value: str | None = None
    null_reason: str | None = None
    fault: Fault | None = None
    details: Mapping[str, str] = field(default_factory=dict)


BLANK = Answer()


@dataclass(frozen=True, slots=True)
class Domain:
    """What is needed to read an element's values. choices: folded name, alias or code → the value's name."""

    element_id: str
    name: str
    data_type: str
    property: str = ""
    representation: str = ""
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    offered: tuple[str, ...] = ()
    least: int | None = None


def domain(element: Mapping[str, Any], own_rules: Path | None = None) -> Domain:
    """Return the domain of a row of Elements."""
    offered = tuple(part for part in (element["value_domain"] or "").split(LIST_SEPARATOR) if part)
    if element["data_type"] == "boolean":
        offered = ("是", "否")
    choices = _choices(element["object_class"], element["property"], element["data_type"], offered, own_rules)
    return Domain(
        element["element_id"],
        element["element_name"],
        element["data_type"],
        element["property"],
        element["representation"] or "",
        element["unit"] or "",
        choices,
        offered,
        least(element, own_rules),
    )


def reader(of: Domain) -> Callable[[Any], Answer]:
    """Return a function from a cell's value to its Answer; it remembers answers (rosters repeat themselves)."""
    known: dict[Any, Answer] = {}

    def read(raw: Any) -> Answer:
        marked = (raw.__class__, raw)
        answer = known.get(marked)
        if answer is None:
            if len(known) > 100_000:
                known.clear()
            answer = known[marked] = canonical(raw, of)
        return answer

    return read


def canonical(raw: Any, of: Domain) -> Answer:
    """Return what a cell says as a value of the domain.

    >>> canonical("１９９０年１月５日", Domain("DE1", "出生日期", "date")).value
    '1990-01-05'
    >>> canonical("不适用", Domain("DE1", "残疾等级", "code")).null_reason
    '不适用'
    """
    if raw is None or raw == "":
        return BLANK
    if isinstance(raw, str):
        text = _CONTROL.sub("", unicodedata.normalize("NFKC", raw) if of.data_type != "text" else raw)
        text = text.strip().lstrip("'’‘").strip()
        if not text:
            return BLANK
        if text in NULL_REASONS:
            return Answer(null_reason=text)
        if text.startswith("#") and _ERROR.match(text):
            return Answer(fault=faults.VALUE_ERROR, details={"value": text})
        raw = text
    return _READERS.get(of.data_type, _text)(raw, of)


def _text(raw: Any, of: Domain) -> Answer:
    return Answer(value=_plain(raw))


def _number(raw: Any, of: Domain) -> Answer:
    if isinstance(raw, bool | date | timedelta):
        return _wrong(raw, "数字", "12.5")
    if isinstance(raw, str):
        cleaned = raw.replace(",", "").replace(" ", "")
        if of.unit and cleaned.endswith(of.unit):
            cleaned = cleaned[: -len(of.unit)]
        percent = cleaned.endswith("%") and of.unit in ("%", "％")
        try:
            number = Decimal(cleaned[:-1] if percent else cleaned)
        except InvalidOperation:
            return _wrong(raw, "数字", "12.5")
        if not number.is_finite():
            return _wrong(raw, "数字", "12.5")
    else:
        number = Decimal(repr(round(raw, 6)) if isinstance(raw, float) else raw)
    if of.least is not None and number < of.least:
        return Answer(fault=returns.VALUE_NEGATIVE, details={"value": str(raw)})
    if of.data_type == "integer":
        if number != number.to_integral_value():
            return _wrong(raw, "整数", "12")
        return Answer(value=str(int(number)))
    shown = format(number.normalize(), "f")
    return Answer(value="0" if shown in ("-0", "") else shown)


def _date(raw: Any, of: Domain) -> Answer:
    by_month = of.representation == "C7"
    if of.representation == "N4":
        match_year = re.fullmatch(r"(\d{4})(\.0)?年?", str(raw))
        return Answer(value=match_year[1]) if match_year else _wrong(raw, "年份", "1990")
    if isinstance(raw, datetime | date):
        return Answer(value=f"{raw:%Y-%m}" if by_month else f"{raw:%Y-%m-%d}")
    text = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw).replace(" 0:00:00", "").strip()
    if re.fullmatch(r"\d{4,5}", text) and 10_000 <= int(text) <= 73_050:
        return _date(_EPOCH + timedelta(days=int(text)), of)
    match = _COMPACT.match(text) or _DATE.match(text.replace(" ", "") if ":" not in text else text)
    example = "1990-01" if by_month else "1990-01-05"
    if not match:
        return _wrong(raw, "日期", example)
    year, month, day = int(match[1]), int(match[2]), int(match[3]) if match[3] else 0
    try:
        found = date(year, month, day or 1)
    except ValueError:
        return _wrong(raw, "日期", example)
    if not 1850 <= found.year <= 2150:
        return _wrong(raw, "日期", example)
    if by_month:
        return Answer(value=f"{found:%Y-%m}")
    return Answer(value=f"{found:%Y-%m-%d}") if day else _wrong(raw, "写到日的日期", example)


def _code(raw: Any, of: Domain) -> Answer:
    if isinstance(raw, bool):
        raw = "是" if raw else "否"
    text = _plain(raw)
    if not of.choices:
        return Answer(value=text)
    found = of.choices.get(fold(text)) or of.choices.get(fold(text).zfill(2))
    if found:
        return Answer(value=found)
    shown = "、".join(of.offered[:12]) + ("……" if len(of.offered) > 12 else "")
    return Answer(fault=faults.VALUE_CODE, details={"value": text, "choices": shown})


def _identifier(raw: Any, of: Domain) -> Answer:
    if isinstance(raw, float) and abs(raw) >= 10**SAFE_DIGITS:
        return Answer(fault=faults.DIGITS_LOST, details={"value": f"{raw:.5E}"})
    text = re.sub(r"\s+", "", _plain(raw))
    if _SCIENTIFIC.match(text) and "E" in text.upper() and "." in text:
        return Answer(fault=faults.DIGITS_LOST, details={"value": text})
    if _ID_NUMBER.search(of.property):
        text = text.upper()
        why = id_number_fault(text)
        return Answer(fault=faults.VALUE_ID, details={"value": text, "why": why}) if why else Answer(value=text)
    if _CREDIT_CODE.search(of.property):
        text = text.upper()
        why = credit_code_fault(text)
        return (
            Answer(fault=faults.VALUE_CREDIT_CODE, details={"value": text, "why": why}) if why else Answer(value=text)
        )
    return Answer(value=text)


def _wrong(raw: Any, expected: str, example: str) -> Answer:
    return Answer(fault=faults.VALUE_TYPE, details={"value": _plain(raw), "expected": expected, "example": example})


def _plain(raw: Any) -> str:
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 10**SAFE_DIGITS else repr(raw)
    if isinstance(raw, datetime):
        return f"{raw:%Y-%m-%d}" if (raw.hour, raw.minute) == (0, 0) else f"{raw:%Y-%m-%d %H:%M}"
    return str(raw)


_READERS: dict[str, Callable[[Any, Domain], Answer]] = {
    "integer": _number,
    "decimal": _number,
    "date": _date,
    "code": _code,
    "boolean": _code,
    "identifier": _identifier,
}


def _choices(
    object_class: str, property_name: str, data_type: str, offered: tuple[str, ...], own_rules: Path | None
) -> dict[str, str]:
    """Return folded label → offered name; aliases and codes of the national list lead to the name that is offered."""
    found: dict[str, str] = {}
    for code, labels in _code_list(object_class, property_name, data_type, own_rules):
        name = next((label for label in labels if label in offered), None)
        if name:
            found |= {fold(label): name for label in labels}
            found.setdefault(fold(code), name)
    return found | {fold(name): name for name in offered}


@lru_cache(maxsize=2000)
def _code_list(
    object_class: str, property_name: str, data_type: str, own_rules: Path | None
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return (code, labels) of the national list of an element, empty when there is none."""
    chosen = "yes_no" if data_type == "boolean" else ""
    for row in rows("code_lists/index", own_rules):
        if row["object_class"] in ("*", object_class) and property_name in row["property"].split(LIST_SEPARATOR):
            chosen = chosen or row["list"]
    if not chosen:
        return ()
    return tuple(
        (
            row["code"],
            tuple(
                dict.fromkeys(
                    label
                    for label in (row["name"], row["standard_name"], *row["aliases"].split(LIST_SEPARATOR))
                    if label
                )
            ),
        )
        for row in rows(f"code_lists/{chosen}", own_rules)
    )
