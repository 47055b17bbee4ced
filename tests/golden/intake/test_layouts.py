"""Golden cases of form layouts: a grid as text and what it asks for. A case is a file in `layouts/`; no Python needed.

A case has three parts parted by lines of dashes: head lines (`family`, `kind`, `sheet`, `merges`, `before`, `after`,
`hidden`, `choices`, `bordered`: the ranges drawn with lines, or “yes”), the rows with cells parted by “ | ” (`\\n` is a
line break inside a cell), and what is expected: per table a line `== layout; title=…; unit=…`, then per field
`cell: path / path [unit] #code <role> %inline {options}`, `! code cell` per finding, `= kind target: parts` per check
that must be there.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.intake.understand import understand
from pipelines.text import address, position
from schemas.templates import Cell, FieldReading, Grid, Span, TableReading

CASES = sorted((Path(__file__).parent / "layouts").glob("*.txt"))


def read_case(path: Path) -> tuple[Grid, list[str]]:
    head_text, grid_text, expected = re.split(r"^-{3,}\n", path.read_text(encoding="utf-8"), maxsplit=2, flags=re.M)
    head: dict[str, list[str]] = {}
    for line in head_text.splitlines():
        key, _, value = line.partition(":")
        head.setdefault(key.strip(), []).append(value.strip("\n").removeprefix(" "))
    rows = [re.split(r" ?\| ?|^\| ?", line) for line in grid_text.splitlines()]
    cells = {
        (r, c): Cell(r, c, text.replace("\\n", "\n"), text)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
        if text.strip()
    }
    merges = []
    for text in " ".join(head.get("merges", [])).split():
        (top, left), (bottom, right) = (position(part) for part in text.split(":"))
        merges.append(Span(top, left, bottom, right))
    cols = max([len(row) for row in rows] + [span.right + 1 for span in merges], default=0)
    count = max([len(rows)] + [span.bottom + 1 for span in merges])
    choices = {}
    for text in head.get("choices", []):
        cell, _, options = text.partition("=")
        choices[position(cell)] = tuple(options.split("、"))
    numbered = {key: tuple(enumerate(head.get(key, []), start=1)) for key in ("before", "after")}
    start = len(numbered["before"])
    grid = Grid(
        file=path.name,
        sheet=head.get("sheet", ["Sheet1"])[0],
        cells=cells,
        merges=tuple(merges),
        row_count=count,
        col_count=cols,
        kind="document" if head.get("kind") == ["document"] else "sheet",
        is_hidden="hidden" in head,
        choices_by_cell=choices,
        bordered=_bordered(head["bordered"], count, cols) if "bordered" in head else frozenset(),
        before=numbered["before"],
        after=tuple((number + start, text) for number, text in numbered["after"]),
    )
    return grid, expected.splitlines()


def _bordered(texts: list[str], rows: int, cols: int) -> frozenset[tuple[int, int]]:
    """Return the cells with lines: those of the ranges named, all for “yes”."""
    ranges = [text for text in " ".join(texts).split() if text != "yes"] or [f"A1:{address(rows - 1, cols - 1)}"]
    corners = [tuple(position(part) for part in text.split(":")) for text in ranges]
    return frozenset(
        (r, c)
        for (top, left), (bottom, right) in corners
        for r in range(top, bottom + 1)
        for c in range(left, right + 1)
    )


def show_field(field: FieldReading) -> str:
    parts = [f"{field.cell}: {' / '.join(field.path)}"]
    parts += [f"[{field.unit}]"] if field.unit else []
    parts += [f"#{field.code}"] if field.code else []
    parts += [f"<{field.role}>"] if field.role != "fill" else []
    parts += [f"%{field.inline}"] if field.inline else []
    parts += ["{" + "、".join(field.options) + "}"] if field.options else []
    return " ".join(parts)


def show(readings: list[TableReading]) -> list[str]:
    lines = []
    for reading in readings:
        frame = {
            "title": reading.title,
            "code": reading.form_code,
            "by": reading.issuing_body,
            "approved": reading.approving_body,
            "no": reading.approval_no,
            "until": reading.valid_until,
            "unit": reading.unit,
        }
        lines.append("; ".join([f"== {reading.layout}", *(f"{key}={value}" for key, value in frame.items() if value)]))
        lines += [show_field(field) for field in reading.fields]
        lines += [f"= {check.kind} {check.target}: {' '.join(check.parts)}" for check in reading.checks]
        lines += [f"! {finding.code} {finding.cell}".rstrip() for finding in reading.findings]
    return lines


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_layout(path: Path) -> None:
    grid, expected = read_case(path)
    assert show(understand(grid)) == [line for line in expected if line.strip()]


def test_every_family_has_a_case() -> None:
    families = {
        line.strip() for line in (Path(__file__).parent / "families.txt").read_text("utf-8").splitlines() if line
    }
    heads = [path.read_text("utf-8").splitlines()[0] for path in CASES]
    covered = {line.removeprefix("family:").strip() for line in heads}
    assert covered == families
