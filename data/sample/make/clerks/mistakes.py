"""Typical mistakes of returned workbooks, made on purpose: the demonstration shows a return and its correction."""

from __future__ import annotations

import csv
from pathlib import Path

from fill import Filled
from holdings import Holdings
from patch import rename_sheet

SENT_AS_IS = ("renamed_sheet", "full_width")
"""Slips that the platform copes with: nothing is returned, so no correction follows."""


def planned(facts: Path, month: str) -> dict[str, str]:
    """Return township code → mistake for a month."""
    with (facts / "mistakes.csv").open(encoding="utf-8", newline="") as file:
        return {row["township"]: row["mistake"] for row in csv.DictReader(file) if row["period"] == month}


def make(kind: str, filled: Filled, holdings: Holdings) -> None:
    """Make a mistake in a filled workbook before it is saved. Raises KeyError on a kind that is none."""
    {
        "check_digit": _check_digit,
        "renamed_sheet": _rename,
        "full_width": _full_width,
        "text_for_number": _text_for_number,
        "foreign_village": _foreign_village,
        "unknown_village": _unknown_village,
        "date_as_text": _date_as_text,
        "part_over_whole": _part_over_whole,
    }[kind](filled, holdings)


def _subject_cells(filled: Filled, ledger: str, wanted: str, holdings: Holdings) -> list[tuple[str, int, int]]:
    """Return (sheet, row, col) of the cells of a ledger's sheets under an element of a data type, key or AREA."""
    found = []
    for sheet in filled.sheets:
        if sheet.ledger != ledger:
            continue
        for col, name in sheet.columns.items():
            element = holdings.elements.get(name)
            is_wanted = name == wanted or (element is not None and wanted in (element.data_type, element.key))
            if is_wanted:
                rows = {row for row, column in (*filled.typed.get(sheet.name, {}), *sheet.values) if column == col}
                found += [(sheet.name, row, col) for row in sorted(rows)]
    return found


def _type(filled: Filled, place: tuple[str, int, int], text: str) -> None:
    sheet, row, col = place
    filled.typed.setdefault(sheet, {})[row, col] = text


def _now(filled: Filled, place: tuple[str, int, int]) -> str:
    sheet, row, col = place
    typed = filled.typed.get(sheet, {}).get((row, col))
    stands = next(s for s in filled.sheets if s.name == sheet).values.get((row, col), "")
    return str(stands if typed is None else typed)


def _check_digit(filled: Filled, holdings: Holdings) -> None:
    for place in _subject_cells(filled, "person", "自然人.公民身份号码", holdings)[3:5]:
        number = _now(filled, place)
        _type(filled, place, number[:-1] + ("1" if number[-1] != "1" else "2"))


def _rename(filled: Filled, holdings: Holdings) -> None:
    first = next(sheet for sheet in filled.sheets if not sheet.is_indicator)
    filled.finish()
    filled.typed.clear()
    rename_sheet(filled.parts, first.name, "1.人员信息（定稿）")


def _full_width(filled: Filled, holdings: Holdings) -> None:
    for place in _subject_cells(filled, "household", "户.家庭人口数", holdings)[:6]:
        number = _now(filled, place).removesuffix(".0")
        _type(filled, place, "".join(chr(ord(digit) + 0xFEE0) for digit in number))


def _text_for_number(filled: Filled, holdings: Holdings) -> None:
    for place in _subject_cells(filled, "household", "decimal", holdings)[:2]:
        _type(filled, place, "约3万元")


def _foreign_village(filled: Filled, holdings: Holdings) -> None:
    township = filled.sheets[0].area_code[:9]
    foreign = next(name for code, name in holdings.villages.items() if not code.startswith(township))
    for place in _subject_cells(filled, "person", "AREA", holdings)[10:12]:
        _type(filled, place, foreign)


def _unknown_village(filled: Filled, holdings: Holdings) -> None:
    for place in _subject_cells(filled, "person", "AREA", holdings)[:1]:
        _type(filled, place, "桃花源村民委员会")


def _date_as_text(filled: Filled, holdings: Holdings) -> None:
    places = _subject_cells(filled, "person", "date", holdings)
    for place in places[:3]:
        _type(filled, place, "九零年一月")


def _part_over_whole(filled: Filled, holdings: Holdings) -> None:
    """Write more women than people."""
    for sheet in filled.sheets:
        if not sheet.is_indicator:
            continue
        for row, element_id in sheet.row_ids.items():
            element = holdings.elements.get(element_id)
            if element and "行政区域.人数[女；户籍]" in element.concepts:
                col = min(col for col, area in sheet.columns.items() if area.isdigit())
                filled.typed.setdefault(sheet.name, {})[row, col] = 9999.0
                return
