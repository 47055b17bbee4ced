"""What every cell of a report must show, worked out in plain Python: no SQL, nothing of what writes templates."""

from __future__ import annotations

import datetime as dt
import json
import re
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import polars as pl

from pipelines import rulebook
from pipelines.periods import SHORT, days
from pipelines.sharing.filling.template import roster_row
from pipelines.sharing.publish import Holdings
from pipelines.sharing.views.roll_up import PACED, period_of
from pipelines.text import address, position, squeeze
from tests.property.random_county import AS_OF, MONTH


class Oracle:
    """What a cell must show, from ledgers, element map and area table."""

    def __init__(self, held: Holdings, ledgers: dict[str, pl.DataFrame]) -> None:
        self.ledgers = ledgers
        self.elements = {row["element_id"]: row for row in held.elements.iter_rows(named=True)}
        self.map = {row["field_id"]: row for row in held.element_map.iter_rows(named=True)}
        self.by_key = {element["element_key"]: i for i, element in self.elements.items()}
        self.computed = set(held.derivations["element_id"])
        self.rows = {
            name: {row["subject_key"]: row for row in frame.iter_rows(named=True)}
            for name, frame in ledgers.items()
            if name != "indicator"
        }
        self.numbers = {(row["area_code"], row["period"]): row for row in ledgers["indicator"].iter_rows(named=True)}
        self.areas = dict(held.areas.select("area_code", "area_name").iter_rows())

    def value(self, ledger: str, row: dict, element_id: str):
        """The element's value for a ledger row; the second answer is whether anything could be expected."""
        if element_id in self.ledgers[ledger].columns:
            return row[element_id], True
        element = self.elements[element_id]
        if element_id in self.computed and ledger == "person":
            number = row.get(self.by_key.get("自然人.公民身份号码", ""))
            if number is None:
                return None, True
            if element["property"] == "出生日期":
                return f"{number[6:10]}-{number[10:12]}-{number[12:14]}", True
            if element["property"] == "性别":
                return "男" if int(number[16]) % 2 else "女", True
            if element["property"] == "年龄":
                return int(AS_OF[:4]) - int(number[6:10]) - (AS_OF[5:7] + AS_OF[8:] < number[10:14]), True
        for rule in rulebook.rows("sharing_joins"):
            left, right = self.by_key.get(rule["from_key"]), self.by_key.get(rule["to_key"])
            target = rule["to_ledger"]
            if rule["from_ledger"] != ledger or target not in self.rows or left not in row:
                continue
            if right not in self.ledgers[target].columns:
                continue
            found = [
                other
                for other in self.rows[target].values()
                if row[left] is not None
                and other[right] == row[left]
                and (rule["is_same_area"] != "是" or other["area_code"] == row["area_code"])
            ]
            if element_id in self.ledgers[target].columns:
                return (found[0][element_id] if found else None), True
            if element_id in self.computed and target == "person":
                return self.value("person", found[0], element_id) if found else (None, True)
        if not element["qualifiers"]:
            for rule in rulebook.rows("sharing_area_names"):
                if re.fullmatch(rule["property"], element["property"]):
                    return self.area(row["area_code"], rule["attribute"]), True
        return None, False

    def area(self, code: str, attribute: str) -> str:
        township, county_code = code[:9] + "000", code[:6] + "000000"
        full = self.areas[code] if code == township else self.areas[township] + self.areas[code]
        answers = {"code": code, "name": self.areas[code], "full_name": full}
        answers |= {"township_code": township, "township_name": self.areas[township]}
        return (answers | {"county_code": county_code, "county_name": self.areas[county_code]})[attribute]

    def shown(self, field_id: str, value):
        """A value in the department's rendering: a number, or text."""
        if value is None:
            return None
        mapped = self.map[field_id]
        rule = json.loads(mapped["rule"]) if mapped["rule"] else {}
        element = self.elements[mapped["element_id"]]
        if "codes" in rule:
            return rule["codes"].get(str(value), str(value))
        if "factor" in rule:
            text = rule["factor"]
            factor = Fraction(text) if len(text) < 16 else Fraction(text).limit_denominator(10**6)
            exact = Fraction(Decimal(str(value))) * factor
            return Decimal(round(exact * 10**10)) / 10**10
        if element["data_type"] == "date":
            year, month, day = str(value).split("-")
            tokens = {"YYYY": year, "MM": month, "DD": day, "M": str(int(month)), "D": str(int(day)), "YY": year[2:]}
            form = rule.get("date_format", "YYYY-MM-DD")
            return re.sub("YYYY|YY|MM|M|DD|D", lambda token: tokens[token[0]], form)
        if "mask" in rule:
            return str(value)[-int(rule["mask"].split(",")[1]) :]
        if element["data_type"] in ("integer", "decimal"):
            return Decimal(str(value))
        return str(value)


def agrees(expected, found, column) -> bool:
    """Whether a cell shows what is expected; text files and documents hold numbers as text."""
    if isinstance(expected, str) and "\n" in expected and isinstance(found, str):
        return squeeze(expected) in squeeze(found) if column.inline is not None else squeeze(expected) == squeeze(found)
    if expected in (None, ""):
        return found is None or column.inline is not None or bool(column.options)
    if isinstance(found, (dt.datetime, dt.date)):
        written = re.sub(r"\D", "", str(expected))
        return written in (f"{found:%Y%m%d}", f"{found.year}{found.month}{found.day}")
    if isinstance(expected, Decimal):
        try:
            number = Decimal(str(found).strip())
        except ArithmeticError:
            return column.inline is not None and f"{expected.normalize():f}" in str(found)
        if "%" in column.number_format:
            number *= 100
        return abs(number - expected).quantize(Decimal("0.000001"), ROUND_HALF_EVEN) == 0
    if column.inline is not None:
        ticked = rf"☑\s*{re.escape(expected)}|{re.escape(expected)}\s*☑"
        return expected.strip() in str(found) or bool(re.search(ticked, squeeze(found)))
    return str(found) == expected or str(found) == expected.replace("\n", "")


def expected_cells(tables, oracle: Oracle):
    """(sheet, cell, column) → what must stand there, for every mapped field that a person or the area gives."""
    wanted = {}
    for view, rows in tables:
        first = roster_row(view)
        for index, row in enumerate(rows if first is not None else rows[:1]):
            if view.ledger == "indicator":
                source = {"area_code": row["_area_code"]}
            else:
                source = oracle.rows[view.ledger][row["_subject_key"]]
            for column in view.columns:
                if not column.element_id or not column.sql or column.source.startswith("本表"):
                    continue
                is_row = first is not None and column.inline is None and position(column.cell)[0] == first
                if not is_row and index:
                    continue
                value, is_known = known(oracle, view, source, column)
                if is_known:
                    cell = address(first + index, position(column.cell)[1]) if is_row else column.cell
                    wanted[(view.sheet, cell, column)] = oracle.shown(column.field_id, value)
    return wanted


def known(oracle: Oracle, view, source, column):
    if view.ledger == "indicator" and column.element_id in oracle.computed:
        return None, False  # counts of other ledgers: tests/unit/sharing
    if view.ledger == "indicator" and column.element_id in oracle.ledgers["indicator"].columns:
        at = view.frequency
        periods = [period_of(at, MONTH)] if at in SHORT else [period_of(at, MONTH), MONTH]
        if at not in PACED:
            periods = sorted((period_of(pace, MONTH) for pace in PACED), key=lambda p: days(p)[::-1], reverse=True)
        values = [oracle.numbers.get((source["area_code"], p), {}).get(column.element_id) for p in periods]
        return next((value for value in values if value is not None), None), True
    return oracle.value(view.ledger, source, column.element_id)
