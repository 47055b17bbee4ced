"""Notices to departments: which of their views have a new contract, what changed, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.sharing.changes import FIRST, LEVELS, Change, next_version
from pipelines.sharing.compare import changes_between, contracts_of

FOLDER, POSTED = "notices", "变更通知"
TODO = {
    "主": "取数程序、表格公式要按新契约修改后再用；上一版快照仍可对照。",
    "次": "原有用法不受影响；要用新增内容的，按新契约取数。",
    "修": "取数不受影响，只是来源说明有更新。",
}


def notices(before: Path | None, after: Path, own: Path | None = None) -> dict[str, str]:
    """Return the text of a notice (Markdown, Chinese) for every department whose contracts changed; by department."""
    old, new = contracts_of(before), contracts_of(after)
    by_department: dict[str, list[tuple[Mapping[str, Any], str, str, list[Change]]]] = {}
    for view, changes in changes_between(before, after, own).items():
        made = new.get(view) or old[view]
        was = old[view].get("version", FIRST) if view in old else ""
        now = made.get("version", FIRST) if view in new else next_version(was, changes)
        by_department.setdefault(made["tenant"], []).append((made, was, now, changes))
    return {department: notice(department, found, before) for department, found in sorted(by_department.items())}


def notice(
    department: str, found: Sequence[tuple[Mapping[str, Any], str, str, Sequence[Change]]], before: Path | None
) -> str:
    """Return one department's notice. found: (contract, version before, version now, changes) of each changed view."""
    heaviest = min((change.level for _, _, _, changes in found for change in changes), key=LEVELS.index)
    lines = [
        f"# 数据契约变更通知：{department}",
        "",
        f"贵单位有 {len(found)} 个共享视图的数据契约有变更（最高为{heaviest}版本变更）。{TODO[heaviest]}",
        "",
    ]
    for made, was, now, changes in found:
        lines += [
            f"## {made['name']}（`{made['id']}`）",
            "",
            f"契约版本：{was or '无'} → {now}",
            "",
            *(f"- 〔{change.level}〕{change.text}" for change in changes),
            "",
        ]
    lines.append(
        f"新契约见共享快照的 contracts 文件夹；上一版快照：{before.name if before else '无'}。有异议请联系县数据局。"
    )
    return "\n".join(lines) + "\n"


def post_notices(snapshot: Path, reports: Path) -> list[Path]:
    """Copy a snapshot's notices to where people look, `<reports>/变更通知/<version>/`, and return their files."""
    target = reports / POSTED / snapshot.name
    posted = []
    for file in sorted((snapshot / FOLDER).glob("*.md")):
        target.mkdir(parents=True, exist_ok=True)
        (target / file.name).write_bytes(file.read_bytes())
        posted.append(target / file.name)
    return posted


def posted_notices(reports: Path, department: str = "") -> list[tuple[str, str, Path]]:
    """Return (snapshot version, department, file) of the notices that were posted, the newest snapshot last."""
    files = sorted((reports / POSTED).glob("*/*.md"), key=lambda file: (file.parent.stat().st_mtime, file.name))
    return [(file.parent.name, file.stem, file) for file in files if department in ("", file.stem)]
