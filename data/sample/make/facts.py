"""Reads the facts of the sample's forms: one TOML file per report in `reports/` becomes a `Report`.

A field is one line `表头 > 路径（单位） | 概念 | 选项`; README.md of `data/sample` describes the notation.
Adding a report is adding a file.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any


@lru_cache
def units() -> frozenset[str]:
    """Return the words that in brackets at the end of a label are a unit."""
    return frozenset((Path(__file__).parent / "facts" / "units.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True)
class Item:
    """One thing a form asks for: header path, unit as printed, what it means and how it is written there."""

    path: tuple[str, ...]
    printed: tuple[str, ...]
    unit: str
    concept: str
    role: str
    options: dict[str, str]
    depth: int = 0
    code: str = ""


@dataclass(frozen=True)
class Form:
    """One table of a report."""

    sheet: str
    layout: str
    subject: str
    title: str
    items: tuple[Item, ...]
    columns: tuple[tuple[str, tuple[str, ...], str], ...]
    facts: dict[str, Any]


@dataclass(frozen=True)
class Report:
    """One report: its line in the register, and its tables."""

    facts: dict[str, Any]
    forms: tuple[Form, ...] = field(default=())

    @property
    def report_id(self) -> str:
        """Return the number of the report in the register."""
        return str(self.facts["id"])


def read_reports(folder: Path) -> list[Report]:
    """Return all reports, in the order of their ids."""
    reports = [_report(tomllib.loads(file.read_text(encoding="utf-8"))) for file in folder.rglob("*.toml")]
    return sorted(reports, key=lambda report: report.report_id)


def key(concept: str, added: tuple[str, ...] = ()) -> str:
    """Return a concept with its qualifiers (and the added ones) sorted; an added "@名称" takes the property's place.

    >>> key("行政区域.人数[户籍；女]", ("上年",))
    '行政区域.人数[上年；女；户籍]'
    >>> key("行政区域.农作物[稻谷]", ("@播种面积",))
    '行政区域.播种面积[稻谷]'
    """
    head, _, inner = concept.partition("[")
    for part in added:
        if part.startswith("@"):
            head = head.partition(".")[0] + "." + part[1:]
    added = tuple(part for part in added if not part.startswith("@"))
    qualifiers = {part for part in inner.rstrip("]").split("；") if part} | set(added)
    return head + (f"[{'；'.join(sorted(qualifiers))}]" if qualifiers else "")


def split_unit(label: str) -> tuple[str, str]:
    """Return a label without the unit in its last brackets, and the unit.

    >>> split_unit("面积（亩）"), split_unit("家庭人口（含外出）")
    (('面积', '亩'), ('家庭人口（含外出）', ''))
    """
    match = re.fullmatch(r"(.+?)[（(]([^（()）]+)[)）]", label)
    return (match[1], match[2]) if match and match[2].removeprefix("单位：") in units() else (label, "")


def _report(facts: dict[str, Any]) -> Report:
    tables = facts.get("table") or [facts]
    return Report(facts, tuple(_form({**facts, **table}, len(tables)) for table in tables))


def _form(facts: dict[str, Any], tables: int) -> Form:
    layout = facts.get("layout", "roster")
    subject = facts.get("subject", "行政区域" if layout == "statistics" else "自然人")
    lines = [line for line in facts.get("fields", "").splitlines() if line.strip()]
    items = _rows(lines, subject) if layout == "statistics" else [_item(line, subject) for line in lines]
    columns = tuple(_column(line) for line in facts.get("columns", ["数量"]))
    title = facts.get("title", facts["name"])
    return Form(facts.get("sheet", "Sheet1"), layout, subject, title, tuple(items), columns, facts)


def _column(line: str) -> tuple[str, tuple[str, ...], str]:
    label, _, rest = line.partition("|")
    qualifiers, _, unit = rest.partition("|")
    return label.strip(), tuple(q.strip() for q in qualifiers.split("；") if q.strip()), unit.strip()


def _item(line: str, subject: str) -> Item:
    parts = [part.strip() for part in line.split("|")] + ["", ""]
    printed = tuple(part.strip() for part in parts[0].split(" > "))
    leaf, unit = split_unit(printed[-1])
    options = _options(parts[2])
    path = tuple(re.sub(r"^其中[：:]|\s", "", part) for part in (*printed[:-1], leaf))
    concept, role = _meaning(parts[1], path[-1], subject)
    return Item(path, printed, options.get("unit", unit), concept, role, options)


def _rows(lines: list[str], subject: str) -> list[Item]:
    """Rows of a statistics form: `指标 | 单位 | 代码 | 概念 | 选项`; two leading spaces a step down."""
    items, parents = [], list[str]()
    for line in lines:
        label, unit, code, concept, options, *_ = [part.strip() for part in line.split("|")] + ["", "", "", ""]
        depth = (len(line) - len(line.lstrip(" "))) // 2
        bare, inner_unit = split_unit(label)
        name = re.sub(r"^(?:其中[：:]|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、]|#)+", "", bare)
        name = re.sub(r"^其中[：:]|\s", "", name)
        parents[depth:] = [name]
        if not concept:
            key_, role = "", "heading"
        elif concept.startswith("="):
            key_, role = "", "derived"
        else:
            key_, role = _meaning(concept, name, subject)
        items.append(Item(tuple(parents), (label,), unit or inner_unit, key_, role, _options(options), depth, code))
    return items


def _meaning(concept: str, label: str, subject: str) -> tuple[str, str]:
    if label in ("序号", "编号序") or concept == "-":
        return "", "serial"
    if concept == "~":
        return "", "meta"
    if concept.startswith("="):
        return "", "derived"
    concept = concept or label
    return key(concept if "." in concept else f"{subject}.{concept}"), "fill"


def _options(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(" & ") if part.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}
