"""Lays a form out: from its facts to boxes on a grid, the same for a workbook, a document and a text file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from facts import Form, Item, split_unit

DIGITS = "甲乙丙丁戊己"


@dataclass(frozen=True)
class Box:
    """A cell or merged range of the grid. kind: head, label, row, blank, code, fixed, section; choices: drop-down."""

    row: int
    col: int
    rows: int
    cols: int
    text: str
    kind: str
    indent: int = 0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placed:
    """Where a field of the form stands in the grid; path, unit and code as a reader should find them."""

    item: Item
    path: tuple[str, ...]
    unit: str
    concept_added: tuple[str, ...]
    label: tuple[int, int]
    cell: tuple[int, int]
    code: str = ""
    role: str = ""


@dataclass
class Plan:
    """A form laid out: lines above, the grid, lines below; widths in characters."""

    form: Form
    boxes: list[Box] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    row_count: int = 0
    head_rows: int = 0


def lay_out(form: Form) -> Plan:
    """Return the plan of a form by its layout."""
    makers: dict[str, Callable[[Form], Plan]] = {"roster": _roster, "statistics": _statistics, "card": _card}
    return makers[form.layout](form)


def _roster(form: Form) -> Plan:
    plan, items = Plan(form), form.items
    depth = max(len(item.printed) for item in items)
    _headers(plan, items, 0, 0, depth)
    row = depth
    if form.facts.get("unit_row"):
        for col, item in enumerate(items):
            plan.boxes.append(Box(row, col, 1, 1, item.unit, "code"))
        row += 1
    if form.facts.get("code_row"):
        words, number = int(form.facts["code_row"]), 0
        for col in range(len(items)):
            number += col >= words
            plan.boxes.append(Box(row, col, 1, 1, DIGITS[col] if col < words else str(number), "code"))
        row += 1
    plan.head_rows = row
    if form.facts.get("total_row") == "top":
        row = _total(plan, row)
    for col, item in enumerate(items):
        label = (len(item.printed) - 1, col)
        plan.placed.append(
            Placed(item, item.path, item.unit, (), label, (row, col), item.options.get("code", ""), item.role)
        )
    for line in range(int(form.facts.get("blank_rows", 12))):
        for col, item in enumerate(items):
            text = str(line + 1) if item.role == "serial" and form.facts.get("numbered") else ""
            plan.boxes.append(Box(row, col, 1, 1, text, "blank", choices=_choices(item)))
        row += 1
    if form.facts.get("total_row") == "bottom":
        row = _total(plan, row)
    plan.row_count = row
    plan.widths = [_width(item) for item in items]
    return plan


def _headers(plan: Plan, items: tuple[Item, ...], top: int, left: int, depth: int) -> None:
    for level in range(depth):
        col = 0
        while col < len(items):
            path = items[col].printed
            if level >= len(path):
                col += 1
                continue
            end = col + 1
            is_leaf = level == len(path) - 1
            while not is_leaf and end < len(items) and items[end].printed[: level + 1] == path[: level + 1]:
                end += 1
            rows = depth - level if is_leaf else 1
            plan.boxes.append(Box(top + level, left + col, rows, end - col, path[level], "head"))
            col = end


def _total(plan: Plan, row: int) -> int:
    for col, item in enumerate(plan.form.items):
        plan.boxes.append(Box(row, col, 1, 1, "合计" if col == 0 else "", "fixed" if item.role != "fill" else "blank"))
    return row + 1


def _statistics(form: Form) -> Plan:
    plan, facts = Plan(form), form.facts
    has_unit, has_code = facts.get("unit_in", "column") == "column", any(item.code for item in form.items)
    leads = ["指标名称"] + ["计量单位"] * has_unit + ["代码"] * has_code
    leads = [facts.get("lead_names", {}).get(name, name) for name in leads]
    values = form.columns
    panels = int(facts.get("panels", 1))
    size = -(-len(form.items) // panels)
    wide = len(leads) + len(values)
    depth = max(len(label.split(" > ")) for label, _, _ in values)
    first = depth + bool(facts.get("code_row"))
    plan.head_rows = first
    for panel in range(panels):
        left = panel * wide
        for number, name in enumerate(leads):
            plan.boxes.append(Box(0, left + number, depth, 1, name, "head"))
        tops = tuple(Item((), tuple(label.split(" > ")), "", "", "", {}) for label, _, _ in values)
        _headers(plan, tops, 0, left + len(leads), depth)
        if facts.get("code_row"):
            for number in range(wide):
                text = DIGITS[number] if number < len(leads) else str(number - len(leads) + 1)
                plan.boxes.append(Box(depth, left + number, 1, 1, text, "code"))
        for row, item in enumerate(form.items[panel * size : (panel + 1) * size], start=first):
            _statistics_row(plan, item, row, left, has_unit, has_code)
        plan.widths += [34 if panels == 1 else 24, *([9] if has_unit else []), *([7] if has_code else [])]
        plan.widths += [12 if panels == 1 else 10 for _ in values]
    plan.row_count = first + size
    return plan


def _statistics_row(plan: Plan, item: Item, row: int, left: int, has_unit: bool, has_code: bool) -> None:
    plan.boxes.append(Box(row, left, 1, 1, item.printed[0], "row", item.depth))
    col = left + 1
    for shown, text in ((has_unit, item.unit), (has_code, item.code)):
        if shown:
            plan.boxes.append(Box(row, col, 1, 1, text if item.role != "heading" or text else "", "code"))
            col += 1
    plain = len(plan.form.columns) == 1 and plan.form.columns[0][0] in ("数量", "合计", "数值", "本年", "指标值")
    for number, (label, added, unit) in enumerate(plan.form.columns):
        cell = (row, col + number)
        if item.role == "heading":
            plan.boxes.append(Box(*cell, 1, 1, "", "fixed"))
            continue
        skip = item.options.get("only")
        if skip and str(number + 1) not in skip.split(","):
            plan.boxes.append(Box(*cell, 1, 1, "—", "fixed"))
            continue
        role = "derived" if added and added[0].startswith("=") else item.role
        formula = added[0] if added and added[0].startswith("={") else ""
        plan.boxes.append(Box(*cell, 1, 1, formula, "blank"))
        unit = unit or split_unit(label.split(" > ")[-1])[1] or str(plan.form.facts.get("unit", ""))
        steps = () if plain else tuple(split_unit(step)[0] for step in label.split(" > "))
        plan.placed.append(
            Placed(item, item.path + steps, unit or item.unit, added, (row, left), cell, item.code, role)
        )


def _card(form: Form) -> Plan:
    plan, facts = Plan(form), form.facts
    pairs = int(facts.get("per_row", 3))
    is_left = facts.get("sections", "left") == "left" and any(len(item.path) > 1 for item in form.items)
    shift = int(is_left)
    row, start = 0, 0
    items = form.items
    while start < len(items):
        head = items[start].path[:-1]
        end = start
        while end < len(items) and items[end].path[:-1] == head:
            end += 1
        if head and not is_left:
            plan.boxes.append(Box(row, 0, 1, pairs * 2, items[start].printed[0], "section"))
            row += 1
        top = row
        row = _card_block(plan, items[start:end], row, shift, pairs)
        if is_left:
            text = items[start].printed[0] if head else ""
            if text:
                plan.boxes.append(Box(top, 0, row - top, 1, text, "section"))
            else:
                _widen_first_column(plan, top, row)
        start = end
    plan.row_count, plan.head_rows = row, 0
    plan.widths = [5] * shift + [13, 15] * pairs
    return plan


def _widen_first_column(plan: Plan, top: int, bottom: int) -> None:
    for number, box in enumerate(plan.boxes):
        if top <= box.row < bottom and box.col == 1:
            plan.boxes[number] = Box(box.row, 0, box.rows, box.cols + 1, box.text, box.kind)
    for number, placed in enumerate(plan.placed):
        if top <= placed.label[0] < bottom and placed.label[1] == 1:
            plan.placed[number] = Placed(
                placed.item, placed.path, placed.unit, (), (placed.label[0], 0), placed.cell, placed.code, placed.role
            )


def _card_block(plan: Plan, items: tuple[Item, ...], row: int, shift: int, pairs: int) -> int:
    """Place the items of one section; return the row below it."""
    slot = 0
    number = 0
    while number < len(items):
        item = items[number]
        if "grid" in item.options:
            end = number
            while end < len(items) and "grid" in items[end].options:
                end += 1
            if slot:
                row, slot = row + 1, 0
            row = _card_grid(plan, items[number:end], row, shift, pairs)
            number = end
            continue
        rest = items[number + 1 :]
        take = pairs if "wide" in item.options else 1
        if slot + take > pairs:
            row, slot = row + 1, 0
        is_last = not rest or "wide" in rest[0].options or "grid" in rest[0].options
        if is_last:
            take = pairs - slot
        left = shift + slot * 2
        text = "  ".join(f"□{c}" for c in item.options["box"].split("、")) if "box" in item.options else ""
        plan.boxes.append(Box(row, left, 1, 1, item.printed[-1], "label"))
        plan.boxes.append(Box(row, left + 1, 1, take * 2 - 1, text, "blank", choices=_choices(item)))
        plan.placed.append(
            Placed(
                item, item.path, item.unit, (), (row, left), (row, left + 1), item.options.get("code", ""), item.role
            )
        )
        slot += take
        number += 1
    return row + 1 if slot else row


def _card_grid(plan: Plan, items: tuple[Item, ...], row: int, shift: int, pairs: int) -> int:
    total, count = pairs * 2, len(items)
    edges = [shift + total * n // count for n in range(count + 1)]
    blank = int(items[0].options["grid"])
    for item, left, right in zip(items, edges, edges[1:], strict=False):
        plan.boxes.append(Box(row, left, 1, right - left, item.printed[-1], "head"))
        plan.placed.append(Placed(item, item.path, item.unit, (), (row, left), (row + 1, left), "", item.role))
        plan.boxes += [Box(row + 1 + n, left, 1, right - left, "", "blank") for n in range(blank)]
    return row + 1 + blank


def _choices(item: Item) -> tuple[str, ...]:
    return tuple(item.options["choices"].split("、")) if "choices" in item.options else ()


def _width(item: Item) -> int:
    if item.role == "serial":
        return 5
    text = item.printed[-1]
    wide = (
        20
        if any(word in text for word in ("身份证", "公民身份", "证件号", "住址", "地址", "信用代码", "账号", "坐落"))
        else 0
    )
    short = len(text) + 3 if len(text) > 6 else 2 * len(text) + 1
    return max(wide, min(14, short), 7)
