"""What a template is before and after it is read: a grid of cells, and the table that was understood in it.

`Grid` is where the readers of file formats and the understanding of layouts meet: every sheet of every workbook format,
and every table of a document, becomes a `Grid`. `TableReading` is what intake gives to everybody else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from schemas.faults import Finding

Layout = Literal["roster", "statistics", "card", "list"]
Role = Literal["fill", "derived", "serial", "meta"]
DataType = Literal["text", "integer", "decimal", "date", "code", "boolean", "identifier"]

PATH_SEPARATOR = " › "
"""Joins a header path where it is stored as one text."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that holds something. Rows and columns count from 0.

    text: what a person reads (white space kept); value: the typed value; formula: text without "=" when there is one;
    indent: steps of indentation from the cell's format; choices: the data validation list that governs the cell.
    """

    row: int
    col: int
    text: str
    value: Any = None
    formula: str | None = None
    comment: str | None = None
    number_format: str | None = None
    indent: int = 0
    is_bold: bool = False
    is_centred: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A merged range, inclusive, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet, or one table of a document.

    sheet: sheet name, or "table 1" … for the tables of a document (in reading order).
    cells: by (row, col); a merged range has only its top-left cell. `row_count`, `col_count`: the used range.
    before, after: paragraphs of a document that stand before and after the table, each with its 1-based number
    ("para N" addresses it). choices_by_cell: data validation lists of cells that are empty.
    bordered: cells (merged ranges expanded) drawn with a border on all sides, when the format tells; otherwise empty.
    """

    file: str
    sheet: str
    cells: dict[tuple[int, int], Cell]
    merges: tuple[Span, ...] = ()
    row_count: int = 0
    col_count: int = 0
    kind: Literal["sheet", "document", "csv"] = "sheet"
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_cols: frozenset[int] = frozenset()
    choices_by_cell: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    bordered: frozenset[tuple[int, int]] = frozenset()
    before: tuple[tuple[int, str], ...] = ()
    after: tuple[tuple[int, str], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One thing that a form asks for.

    path: header path from the outermost header to the leaf, white space removed. label_cell, cell: A1 style ("B4",
    "para 3"); cell is where the value goes (roster: the first data row). inline: n-th blank within the cell's own text.
    """

    path: tuple[str, ...]
    cell: str
    label_cell: str = ""
    unit: str | None = None
    code: str | None = None
    data_type: DataType = "text"
    data_type_reason: str = ""
    role: Role = "fill"
    inline: int | None = None
    options: tuple[str, ...] = ()
    note: str | None = None
    number_format: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A relation that the form itself states: a formula, a total, "11=01+02-05", 其中.

    kind: "formula" | "total" | "balance" | "part"; target and parts are cells. "sides": sums on both sides, or cells of
    several forms; target holds the cells of the left side, parts those of the right (`intake.statements`).
    """

    kind: Literal["formula", "total", "balance", "part", "sides"]
    target: str
    parts: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class TableReading:
    """What one table asks for, with its frame. Texts as printed; None where the form does not say."""

    file: str
    sheet: str
    layout: Layout | None = None
    range: str = ""
    title: str | None = None
    form_code: str | None = None
    issuing_body: str | None = None
    approving_body: str | None = None
    approval_no: str | None = None
    valid_until: str | None = None
    period: str | None = None
    respondent: str | None = None
    unit: str | None = None
    header_rows: tuple[int, int] | None = None
    data_rows: tuple[int, int] | None = None
    fields: tuple[FieldReading, ...] = ()
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()
    confidence: float = 1.0
    findings: tuple[Finding, ...] = ()
