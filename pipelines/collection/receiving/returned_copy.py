"""The returned copy: the clerk's own workbook with every wrong cell marked and a list of problems with links."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.collection.receiving.marking.cells import anchors, colour
from pipelines.collection.receiving.marking.looks import Looks
from pipelines.collection.receiving.marking.notes import put_notes
from pipelines.collection.receiving.marking.parts import NotPlain, Parts, read_parts
from pipelines.collection.receiving.marking.plain import check_plain, forget_results, looks_part, sheets
from pipelines.collection.receiving.marking.problem_list import COLOURS, put_list
from pipelines.collection.receiving.marking.rewritten import rewritten
from pipelines.garbage import uncollected
from schemas.faults import Finding

ORDER = {"error": 0, "warning": 1, "info": 2}


@uncollected()
def write_returned_copy(path: Path, file_name: str, found: Sequence[Finding], target: Path) -> Path:
    """Write the copy and return its path.

    file_name: as the file came; found: what was found in it. The marks are put into the file's own XML. What starts or
    fetches something, or is no .xlsx as programs write it, is rewritten first, at ten times the cost.
    """
    findings = sorted(found, key=lambda finding: ORDER[finding.severity])
    try:
        parts = read_parts(path)
        check_plain(parts)
        data = _marked(parts, findings, file_name)
    except NotPlain:
        data = _marked(read_parts(rewritten(path)), findings, file_name)
    aside = target.with_name(f".{target.name}")
    aside.write_bytes(data)
    aside.replace(target)
    return target


def _marked(parts: Parts, findings: Sequence[Finding], file_name: str) -> bytes:
    """Return a package with marks and list. Raises NotPlain when its XML is not written as programs write it."""
    looks = Looks(parts.tree(looks_part(parts), to_change=True))
    forget_results(parts)
    for sheet in sheets(parts):
        here = [finding for finding in findings if finding.sheet == sheet.name and finding.cell]
        if here:
            _mark(parts, sheet.part, here, looks)
    put_list(parts, findings, file_name, looks)
    return parts.packed()


def _mark(parts: Parts, sheet: str, findings: Sequence[Finding], looks: Looks) -> None:
    """Colour the cells that findings name, by the worst of each, and say on them what was found."""
    root = parts.tree(sheet, to_change=True)
    places = anchors(root, [str(finding.cell) for finding in findings])
    by_place: dict[str, list[Finding]] = {}
    for finding in findings:
        by_place.setdefault(places[str(finding.cell)], []).append(finding)
    worst = {place: COLOURS.get(here[0].severity) for place, here in by_place.items()}
    colour(root, {place: wanted for place, wanted in worst.items() if wanted}, looks)
    put_notes(parts, sheet, {place: "\n".join(map(_told, here)) for place, here in by_place.items()})


def _told(finding: Finding) -> str:
    return f"{finding.title}：{finding.message}{finding.remedy}（{finding.code}）"
