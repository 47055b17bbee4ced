"""Between the writing of a snapshot and the swap: contracts checked, compared with the one before, notices."""

from __future__ import annotations

import json
from pathlib import Path

from pipelines.quality.view_contracts import view_findings
from pipelines.sharing.compare import COMPARISON, PAGE, compared, comparison_page, contracts_of, remarks
from pipelines.sharing.notices import FOLDER, notices
from pipelines.sharing.report_files import safe_name
from schemas.faults import Finding
from schemas.faults.publishing import CONTRACT_CHANGED


def finish(aside: Path, before: Path | None, own: Path | None = None) -> list[Finding]:
    """Check every view of a new snapshot against its contract and say how it differs from the one before.

    aside: the new snapshot's folder, not published yet; it gets comparison.json, its page for people, and a notice for
    every department whose contracts changed. before: the current snapshot. Findings of severity "error" are breaches.
    """
    made = contracts_of(aside)
    found = [
        finding for name, one in made.items() for finding in view_findings(one, aside / "views" / f"{name}.parquet")
    ]
    rows = compared(before, aside)
    (aside / COMPARISON).write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    if before is None:
        return found
    titles = {name: one["name"] for name, one in made.items()}
    (aside / PAGE).write_text(comparison_page(rows, titles, before.name), encoding="utf-8")
    found += remarks(rows, own)
    written = notices(before, aside, own)
    for department, text in written.items():
        file = aside / FOLDER / f"{safe_name(department)}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        count = text.count("\n## ")
        found.append(CONTRACT_CHANGED.at(department=department, count=count, notice=f"{FOLDER}/{file.name}"))
    return found
