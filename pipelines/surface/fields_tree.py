"""A template as a steward checks it in the terminal: its frame in one line, its header paths as a tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from rich.text import Text
from rich.tree import Tree

from pipelines.surface.screen import Screen
from schemas.templates import FieldReading, TableReading

LAYOUTS = {"roster": "花名册", "statistics": "统计表", "card": "登记表", "list": "清单", None: "不是报表"}
ROLES = {"fill": "填", "derived": "算", "serial": "序", "meta": "记"}
"""One character per role, so that nothing hangs on colour alone: to fill, computed, serial number, about the report."""
STYLES = {"fill": "bold blue", "derived": "yellow", "serial": "dim", "meta": "green"}
SEVERITIES = {"error": ("✗", "bold red"), "warning": ("!", "yellow"), "info": ("·", "dim")}
_FRAME = (
    ("表号", "form_code"),
    ("制定机关", "issuing_body"),
    ("批准机关", "approving_body"),
    ("文号", "approval_no"),
    ("有效期", "valid_until"),
    ("填报单位", "respondent"),
    ("报告期", "period"),
    ("计量单位", "unit"),
)
_IN_LINE = 8
"""Leaves that fit behind their row's label; a wider row gets a line per leaf."""


@dataclass(slots=True)
class Branch:
    """A header with the headers under it; `fields` end here (several when a header stands twice)."""

    label: str
    below: dict[str, Branch] = field(default_factory=dict)
    fields: list[FieldReading] = field(default_factory=list)


def print_tables(console: Screen, tables: Iterable[TableReading]) -> None:
    """Print every table: a headline, the frame, the tree of header paths, the findings."""
    for table in tables:
        console.print(_headline(table))
        frame = [f"{label}：{value}" for label, name in _FRAME if (value := getattr(table, name))]
        if frame:
            console.print(Text("  " + "　".join(frame), style="cyan"))
        if table.fields:
            console.print(_tree(table))
        for finding in table.findings:
            mark, style = SEVERITIES[finding.severity]
            place = f" {finding.cell}" if finding.cell else ""
            console.print(Text(f"  {mark} {finding.code}{place} {finding.message}{finding.remedy}", style=style))
        console.print()


def branches(fields: Iterable[FieldReading]) -> Branch:
    """Return the fields as a tree of their header paths, in the order of the form.

    >>> tree = branches([FieldReading(("人口", "男"), "B2"), FieldReading(("人口", "女"), "C2")])
    >>> list(tree.below), list(tree.below["人口"].below)
    (['人口'], ['男', '女'])
    """
    root = Branch("")
    for one in fields:
        at = root
        for label in one.path:
            at = at.below.setdefault(label, Branch(label))
        at.fields.append(one)
    return root


def _headline(table: TableReading) -> Text:
    counts = Counter(str(one.role) for one in table.fields)
    told = "，".join(f"{ROLES[role]} {counts[role]}" for role in ROLES if counts[role])
    line = Text(f"{Path(table.file).name} ", style="bold")
    line.append(f"[{table.sheet}] ", style="cyan")
    line.append(f"《{table.title}》" if table.title else "", style="bold magenta")
    line.append(f" {LAYOUTS[table.layout]}")
    if table.fields:
        line.append(f" {table.range}  栏目 {len(table.fields)} 个（{told}）把握 {table.confidence:.0%}", style="dim")
    return line


def _tree(table: TableReading) -> Tree:
    tree = Tree(Text("填=要填 算=合计或计算 序=序号 记=填报信息", style="dim"), guide_style="dim")
    _grow(tree, branches(table.fields))
    return tree


def _grow(tree: Tree, branch: Branch) -> None:
    for child in branch.below.values():
        line = Text()
        if child.fields:
            line.append_text(_leaf(child.label, child.fields))
        else:
            line.append(child.label)
        leaves = list(child.below.values())
        if leaves and len(leaves) <= _IN_LINE and not any(leaf.below for leaf in leaves):
            for number, leaf in enumerate(leaves):
                line.append(" → " if number == 0 else " · ", style="dim")
                line.append_text(_leaf(leaf.label, leaf.fields))
            tree.add(line)
        else:
            _grow(tree.add(line), child)


def _leaf(label: str, fields: list[FieldReading]) -> Text:
    first = fields[0]
    text = Text()
    text.append(f"{ROLES[first.role]} ", style=STYLES[first.role])
    text.append(label)
    if first.unit:
        text.append(f"（{first.unit}）")
    if first.code:
        text.append(f" #{first.code}", style="magenta")
    if first.options:
        shown = "/".join(first.options[:4]) + ("…" if len(first.options) > 4 else "")
        text.append(f" {{{shown}}}", style="cyan")
    text.append(" " + ",".join(one.cell for one in fields[:3]) + ("…" if len(fields) > 3 else ""), style="dim")
    return text
