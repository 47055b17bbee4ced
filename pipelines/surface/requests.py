"""The fill plan, correction requests and possible duplicates at the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from pipelines.collection import corrections
from pipelines.collection.duplicates import propose, standings
from pipelines.collection.ledger_list import QUESTIONS, ledgers
from pipelines.collection.ledgers import current
from pipelines.collection.likeness import features, likenesses
from pipelines.collection.merging import moved
from pipelines.collection.plan_sheet import listing, write_plan
from pipelines.store.warehouse import TABLES, Warehouse
from pipelines.store.workspace import Workspace
from pipelines.surface.listing import print_json
from pipelines.surface.screen import Screen
from pipelines.surface.tables import Table


@dataclass(frozen=True, slots=True)
class Asked:
    """A correction request as it was typed."""

    department: str
    raised_by: str
    subject: str
    element: str
    period: str
    reason: str
    suggested: str


def print_plan(workspace: Workspace, out: Path | None, as_json: bool) -> int:
    """Print how much is asked per ledger and what is not asked and why; with `out` write every element."""
    with Warehouse(workspace.database) as warehouse:
        fill_plan, elements, reports = (warehouse.read(name) for name in ("fill_plan", "elements", "reports"))
    rows = listing(fill_plan, elements, reports, workspace.rules)
    if as_json:
        print_json(rows)
        return 0
    console = Screen()
    if rows.is_empty():
        console.print("还没有填报方案。下一步：oneform run", highlight=False)
        return 1
    table = Table("台账", "要填", "不用填", title="填报方案", title_justify="left")
    for (ledger,), part in rows.group_by("台账", maintain_order=True):
        asked = part.filter(pl.col("是否填报") == "填").height
        table.add_row(str(ledger), str(asked), str(part.height - asked))
    console.print(table)
    spared = rows.filter(pl.col("是否填报") != "填")
    table = Table("不用填的", "台账", "为什么", title=f"不用填的 {spared.height} 项", title_justify="left")
    for row in spared.iter_rows(named=True):
        table.add_row(row["数据元"], row["台账"], row["理由"])
    console.print(table)
    if out:
        write_plan(rows, out)
        console.print(f"填报方案共 {rows.height} 项，已写到 {out}", highlight=False)
    return 0


def print_correct(workspace: Workspace, asked: Asked) -> int:
    """Record a request; say when it is due and where the respondent will see it."""
    console = Screen()
    with Warehouse(workspace.database) as warehouse:
        elements, values = warehouse.read("elements"), _values(warehouse)
        named = pl.col("element_name") == asked.element
        chosen = elements.filter((pl.col("element_id") == asked.element.upper()) | named)["element_id"].to_list()
        made = [
            corrections.request(
                values,
                asked.subject,
                element_id,
                asked.period,
                department=asked.department,
                raised_by=asked.raised_by,
                reason=asked.reason,
                suggested=asked.suggested,
                raised_at=datetime.now().isoformat(timespec="seconds"),
            )
            for element_id in chosen
        ]
        found = next((frame for frame in made if not frame.is_empty()), None)
        if found is None:
            console.print(
                f"台账里没有“{asked.subject}”的“{asked.element}”，没有可核实的值。"
                "主体写身份证号、户编号、区划代码等，数据元写编号或名称。",
                highlight=False,
                markup=False,
            )
            return 1
        warehouse.write({}, {"correction_requests": found})
        areas = dict(warehouse.read("areas").select("area_code", "area_name").iter_rows())
        every = warehouse.read("ledger_values")
    row = corrections.standings(found, every, f"{datetime.now():%Y-%m-%d}", workspace.rules).row(0, named=True)
    console.print(
        f"核实请求 {row['request_id']} 已登记，现在的值是“{row['value']}”，应于 {row['due']} 前答复。\n"
        f"它会出现在{areas.get(row['area_code'][:9] + '000', row['area_code'])}的下一个工作簿里；"
        "只有填报单位的报送能更正或确认，其他人都不能改。",
        highlight=False,
        markup=False,
    )
    return 0


def print_corrections(workspace: Workspace, as_json: bool) -> int:
    """Print how every request stands, those due first at the top; 1 when one is late."""
    with Warehouse(workspace.database) as warehouse:
        names = ("correction_requests", "ledger_values", "elements", "areas")
        requests, values, elements, areas = (warehouse.read(name) for name in names)
    today = f"{datetime.now():%Y-%m-%d}"
    found = corrections.standings(requests, values, today, workspace.rules).sort("outcome", "due", "request_id")
    if as_json:
        print_json(found)
        return int("逾期" in found["state"])
    console = Screen()
    if found.is_empty():
        console.print("没有核实请求。", highlight=False)
        return 0
    titles = dict(elements.select("element_id", "element_name").iter_rows())
    places = dict(areas.select("area_code", "area_name").iter_rows())
    columns = ("编号", "提出部门", "填报单位", "主体", "项目", "提出时的值", "现在的值", "应办结", "状态", "结果")
    table = Table(*columns, title="核实请求", title_justify="left")
    for row in found.iter_rows(named=True):
        left = f"（还有{row['days_left']}个工作日）" if not row["outcome"] and row["days_left"] >= 0 else ""
        texts = (
            row["request_id"],
            row["department_name"],
            places.get(row["area_code"], row["area_code"]),
            f"{row['subject_key']} {row['period']}".strip(),
            titles.get(row["element_id"], row["element_id"]),
            row["value"],
            row["value_now"],
            row["due"],
            row["state"] + left,
            row["outcome"],
        )
        table.add_row(*(str(text or "") for text in texts))
    console.print(table)
    return int("逾期" in found["state"])


def print_duplicates(workspace: Workspace, as_json: bool, is_listing: bool) -> int:
    """Look for possible duplicates in the ledgers as they stand, keep new ones, and print all with their state."""
    console = Screen()
    like = likenesses(workspace.rules)
    with Warehouse(workspace.database) as warehouse:
        if not is_listing:
            added = _look(warehouse, workspace)
            if not as_json:
                console.print(
                    f"新发现 {added} 对疑似重复；下一步：oneform issue 把它们列入下一期工作簿。", highlight=False
                )
        possible, values = warehouse.read("possible_duplicates"), warehouse.read("ledger_values")
    found = standings(possible, values, like)
    if as_json:
        print_json(found)
        return 0
    known = ledgers(workspace.rules)
    table = Table("台账", "甲", "乙", "可能性", "理由", "状态", title="疑似重复", title_justify="left")
    for row in found.iter_rows(named=True):
        chance = f"{row['probability']:.0%}"
        table.add_row(
            known[row["ledger"]].title, row["left_key"], row["right_key"], chance, row["reasons"], row["state"]
        )
    if found.is_empty():
        console.print("没有疑似重复的登记。", highlight=False)
    else:
        console.print(table)
    return 0


def _look(warehouse: Warehouse, workspace: Workspace) -> int:
    """Find pairs, append those that are new, and return how many these are."""
    from pipelines.store.linkage import pairs

    elements, known = warehouse.read("elements"), warehouse.read("possible_duplicates")
    areas = dict(warehouse.read("areas").select("area_code", "area_name").iter_rows())
    held = current(_values(warehouse), elements)
    in_use = elements.filter(pl.col("status") != "已停用")
    ids = dict(in_use.select("element_key", "element_id").iter_rows())
    now = datetime.now().isoformat(timespec="seconds")
    new = TABLES["possible_duplicates"].empty()
    for ledger, likeness in likenesses(workspace.rules).items():
        if ledger in held:
            subjects = features(held[ledger], likeness, ids)
            new = pl.concat([new, propose(pairs(subjects, likeness), subjects, likeness, known, areas, now)])
    warehouse.write({}, {"possible_duplicates": new})
    return new.height


def _values(warehouse: Warehouse) -> pl.DataFrame:
    held = warehouse.read("ledger_values").filter(~pl.col("ledger").is_in(QUESTIONS))
    return moved(held, warehouse.read("element_successors"))
