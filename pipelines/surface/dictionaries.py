"""The data dictionary out and back: workbook, CSV, and a Table Schema per form."""

from __future__ import annotations

from pathlib import Path

from pipelines.catalogue.desk.dictionary import EDITABLE, read_dictionary, write_dictionary, write_dictionary_csv
from pipelines.catalogue.desk.handover import hand_over
from pipelines.store.warehouse import Warehouse
from pipelines.store.workspace import Workspace
from pipelines.surface.desk import load, print_problems
from pipelines.surface.screen import Screen
from schemas.elements import Elements

SHOWN = 30


def export_dictionary(workspace: Workspace, out: Path) -> int:
    """Write the data dictionary: a workbook, a CSV, or with a folder both and a Table Schema per form."""
    catalogue, fields, _, _ = load(workspace)
    if out.suffix.lower() == ".csv":
        write_dictionary_csv(catalogue.elements, out)
    elif out.suffix:
        write_dictionary(catalogue.elements, out)
    else:
        files = hand_over(fields, catalogue.elements, catalogue.element_map, out)
        Screen().print(f"数据元目录和 {len(files) - 2} 张表的 Table Schema 已写到 {out}", highlight=False)
        return 0
    Screen().print(f"数据元目录已写到 {out}", highlight=False)
    return 0


def import_dictionary(workspace: Workspace, path: Path, is_dry_run: bool) -> int:
    """Take over what a steward changed in a dictionary; a bad cell is a finding and its row stays as it was."""
    console = Screen()
    with Warehouse(workspace.database) as warehouse:
        before = warehouse.read("elements")
        made = read_dictionary(path, before)
        changes = list(_changes(before.to_dicts(), made.elements.to_dicts()))
        for line in changes[:SHOWN]:
            console.print(line, highlight=False, markup=False)
        if len(changes) > SHOWN:
            console.print(f"……还有 {len(changes) - SHOWN} 个", highlight=False)
        status = print_problems(console, made.findings)
        if is_dry_run or not changes:
            console.print("没有可采用的改动。" if not changes else "以上是预览，没有保存。")
            return status
        warehouse.write({"elements": made.elements})
    console.print(f"采用 {len(changes)} 个数据元的改动。下一步：oneform run", highlight=False)
    return status


def _changes(before: list[dict[str, object]], after: list[dict[str, object]]) -> list[str]:
    titles = Elements.titles()
    lines = []
    for old, new in zip(before, after, strict=True):
        what = [
            f"{titles[name]}由“{old[name] or ''}”改为“{new[name] or ''}”" for name in EDITABLE if old[name] != new[name]
        ]
        if what:
            lines.append(f"{new['element_id']} {new['element_name']}：{'；'.join(what)}")
    return lines
