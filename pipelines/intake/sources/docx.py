"""Word documents: each top-level table a grid "table N" in reading order, with the numbered paragraphs round it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipelines.intake.sources.limits import limit
from pipelines.intake.sources.package import Package, open_package
from pipelines.intake.sources.word_table import TableCells, read_table
from pipelines.intake.sources.word_text import MC, W, boxed_blocks, text_of
from schemas.faults import Finding
from schemas.faults import intake as faults
from schemas.templates import Grid

_WRAPPERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "smartTag", "customXml", "ins", "moveTo")} | {
    f"{MC}Choice",
    f"{MC}AlternateContent",
}
_CLOSING = re.compile(
    r"^\s*[(（【]?(?:注(?!册|销)|备注|说明|填表说明|附注|附(?!件|表)|填[表报]人|经办人?|审核|审批|单位负责人|负责人|制表|联系"
    r"|签[章字名]|盖章|[0-9]+[、.．])"
)
"""How notes and signatures under a table begin."""

_HEADED = re.compile(r"^\s*(?:表\s*号|制[定表]机关)\s*[：:]")
"""Lines of a form's head; the title stands right over them."""

Run = list[tuple[int, str, bool]]
"""Paragraphs in a row: number, text, whether a new page begins with it."""


@dataclass(slots=True)
class Body:
    """The blocks of a document in order: paragraphs as (number, text, breaks page before), tables as elements."""

    blocks: list[tuple[int, str, bool] | etree._Element] = field(default_factory=list)
    paragraphs: int = 0


def read_docx(data: bytes, file: str) -> list[Grid]:
    """Return a grid per table. A document without tables gives one grid without cells, its paragraphs in `before`.

    Paragraphs outside tables are numbered from 1, empty ones included; that number is "para N". Nested tables follow
    their table as "table N.1" …. Raises Unreadable for damaged packages.
    """
    package = open_package(data, file)
    part = _main_part(package)
    root = package.xml(part)
    body = Body()
    container = root.find(f"{W}body")
    for block in _blocks(container if container is not None else root):
        if block.tag == f"{W}tbl":
            body.blocks.append(block)
        else:
            body.paragraphs += 1
            new_page = _breaks_page(block)
            body.blocks.append((body.paragraphs, text_of(block), new_page))
            boxed = boxed_blocks(block)
            body.blocks += [(body.paragraphs, one, False) if isinstance(one, str) else one for one in boxed]
    findings = _findings(package, root, body, file)
    return _grids(body, file, findings)


def _main_part(package: Package) -> str:
    for relation in package.relations("").values():
        if relation.type == "officeDocument" and not relation.is_external and package.has(relation.target):
            return relation.target
    return "word/document.xml"


def _blocks(container: etree._Element) -> Iterator[etree._Element]:
    for child in container:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)


def _breaks_page(paragraph: etree._Element) -> bool:
    shape = paragraph.find(f"{W}pPr")
    if shape is not None and (shape.find(f"{W}pageBreakBefore") is not None or shape.find(f"{W}sectPr") is not None):
        return True
    return any(node.get(f"{W}type") == "page" for node in paragraph.iter(f"{W}br"))


def _findings(package: Package, root: etree._Element, body: Body, file: str) -> list[Finding]:
    found = []
    if package.has("word/vbaproject.bin"):
        found.append(faults.MACRO.at(file=file))
    if any(not isinstance(block, tuple) for block in body.blocks):
        return found
    pictures = sum(name.startswith("word/media/") for name in package.names)
    has_text = any(isinstance(block, tuple) and block[1].strip() for block in body.blocks)
    if pictures and not has_text:
        found.append(faults.IMAGE_ONLY.at(file=file, count=pictures))
    else:
        found.append(faults.NO_TABLE.at(file=file, found="文字段落" if has_text else "空白页"))
    return found


def _grids(body: Body, file: str, findings: list[Finding]) -> list[Grid]:
    window, most = limit("document", "paragraph_window"), limit("document", "tables")
    runs: list[Run] = [[]]
    tables: list[etree._Element] = []
    for block in body.blocks:
        if isinstance(block, tuple):
            runs[-1].append(block)
        else:
            tables.append(block)
            runs.append([])
    if not tables:
        texts = tuple((number, text) for number, text, _ in runs[0] if text.strip())
        return [Grid(file=file, sheet="text", cells={}, kind="document", before=texts, findings=tuple(findings))]
    between: list[tuple[Run, Run]] = [([], runs[0])] + [_divide(run) for run in runs[1:-1]] + [(runs[-1], [])]
    grids: list[Grid] = []
    budget = limit("document", "cells")
    for number, table in enumerate(tables[:most], start=1):
        before, after = between[number - 1][1], between[number][0]
        cells = read_table(table, budget)
        budget -= len(cells.cells)
        grids.append(
            _grid(
                cells,
                file,
                f"table {number}",
                _printed(before)[-window:],
                _printed(after)[:window],
                findings if number == 1 else [],
            )
        )
        for inner, nested in enumerate(cells.nested, start=1):
            grids.append(_grid(read_table(nested, budget), file, f"table {number}.{inner}", [], [], []))
    return grids


def _printed(run: Run) -> Run:
    """Return the paragraphs that say something."""
    return [paragraph for paragraph in run if paragraph[1].strip()]


def _divide(run: Run) -> tuple[Run, Run]:
    """Divide the paragraphs between two tables into those after the first and those before the second.

    A page break divides; else the longest run of empty paragraphs, when notes or signatures stand above it; else all
    goes to the second table but the leading notes and signatures.
    """
    for at, (_, _, new_page) in enumerate(run):
        if new_page and at:
            return run[:at], run[at:]
    longest, cut, length = 0, 0, 0
    for at, (_, text, _) in enumerate(run):
        length = 0 if text.strip() else length + 1
        if length > longest:
            longest, cut = length, at + 1
    head = next((at for at, (_, text, _) in enumerate(run) if _HEADED.match(text)), len(run))
    while 0 < head < len(run) and run[head - 1][1].strip() and not _CLOSING.match(run[head - 1][1]):
        head -= 1
    cut = min(cut, head)
    if longest >= 2 and any(text.strip() for _, text, _ in run[:cut]):
        return run[:cut], run[cut:]
    at = 0
    while at < len(run) and (_CLOSING.match(run[at][1]) or not run[at][1].strip()):
        at += 1
    return run[:at], run[at:]


def _grid(
    table: TableCells,
    file: str,
    sheet: str,
    before: Run,
    after: Run,
    findings: list[Finding],
) -> Grid:
    return Grid(
        file=file,
        sheet=sheet,
        cells=table.cells,
        merges=tuple(table.merges),
        row_count=table.rows,
        col_count=table.cols,
        kind="document",
        choices_by_cell=table.choices,
        bordered=table.bordered,
        before=tuple((number, text) for number, text, _ in before),
        after=tuple((number, text) for number, text, _ in after),
        findings=tuple(findings),
    )
