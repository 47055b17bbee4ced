"""The data dictionary as workbook and CSV (GB/T 19488.1 attributes), which a steward can edit and hand back.

What a steward approves (name, definition, protection, source department) stays as approved.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import polars as pl

from pipelines.catalogue.desk.dictionary_sheets import set_page, write_codes, write_help, write_value
from pipelines.catalogue.desk.review_sheet import row_height
from pipelines.text import squeeze
from schemas.elements import Elements
from schemas.faults import Finding
from schemas.faults.registry import (
    DICTIONARY_COLUMN,
    DICTIONARY_DRAFT,
    DICTIONARY_ELEMENT,
    DICTIONARY_VALUE,
    REVIEW_UNREADABLE,
)

SHEET, CODES, HELP = "数据字典", "代码表", "说明"
EDITABLE = ("element_name", "definition", "sensitivity", "share_type", "source_department", "source_reason", "status")
"""What a steward may change in the dictionary; the rest is worked out and comes back unread."""
DRAFT = "草案"
TYPES = {
    "text": ("字符型", "文本"),
    "identifier": ("字符型", "标识"),
    "code": ("字符型", "代码"),
    "boolean": ("布尔型", "指示符"),
    "date": ("日期型", "日期"),
    "integer": ("数值型", "数量"),
    "decimal": ("数值型", "数量"),
}
"""GB/T 19488.1 data type and representation term (表示词) of each data type."""
WIDTHS = {
    "element_name": 22,
    "definition": 44,
    "element_key": 30,
    "value_domain": 24,
    "source_reason": 30,
    "synonyms": 44,
    "中文全拼": 30,
}


@dataclass(frozen=True, slots=True)
class Dictionary:
    """elements: the catalogue with the steward's changes. findings: cells that were not taken."""

    elements: pl.DataFrame
    findings: list[Finding]


def dictionary_table(elements: pl.DataFrame) -> pl.DataFrame:
    """Return the dictionary as people read it: GB/T 19488.1 attributes, Chinese heads and values, a row per element.

    Adds to Elements 中文全拼 (syllables joined, words are not told apart) and 表示词, both worked out from the name.
    """
    from pypinyin import lazy_pinyin

    shown = elements.with_columns(
        pl.col("temporal").replace({"stock": "时点数", "flow": "时期数", "none": "与时间无关"}),
        pl.col("data_type").replace({name: title for name, (title, _) in TYPES.items()}),
        pl.col("aggregation").replace({"sum": "求和", "none": "不汇总"}),
    )
    names = elements["element_name"].to_list()
    pinyin = pl.Series("中文全拼", ["-".join(lazy_pinyin(name, errors="ignore")) for name in names], pl.String)
    terms = pl.Series("表示词", [TYPES.get(kind, ("", ""))[1] for kind in elements["data_type"]], pl.String)
    return shown.rename(Elements.titles()).with_columns(pinyin, terms)


def write_dictionary(elements: pl.DataFrame, path: Path) -> None:
    """Write the data dictionary workbook: a row per element, the code lists in use, and how to read it."""
    import xlsxwriter

    table = dictionary_table(elements)
    columns = {title: name for name, title in Elements.titles().items()}
    widths = [WIDTHS.get(columns.get(title, title), 12) for title in table.columns]
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        face = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter", "border": 1, "border_color": "#BFBFBF"}
        head = book.add_format(face | {"bold": True, "bg_color": "#DDEBF7", "text_wrap": True, "align": "center"})
        wrap = book.add_format(face | {"text_wrap": True})
        editable = book.add_format(face | {"text_wrap": True, "bg_color": "#FFF8DC"})
        sheet = book.add_worksheet(SHEET)
        for col, title in enumerate(table.columns):
            name = columns.get(title, "")
            sheet.write_string(0, col, title, head)
            sheet.set_column(col, col, widths[col])
            for row, value in enumerate(table[title], start=1):
                write_value(sheet, row, col, value, editable if name in EDITABLE else wrap)
            allowed = _allowed(name)
            if allowed and table.height:
                sheet.data_validation(1, col, table.height, col, {"validate": "list", "source": list(allowed)})
        for row, values in enumerate(table.iter_rows(), start=1):
            sheet.set_row(row, row_height([str(value or "") for value in values], widths))
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, max(table.height, 1), table.width - 1)
        set_page(sheet)
        write_codes(book.add_worksheet(CODES), elements, head, wrap)
        write_help(book.add_worksheet(HELP), wrap)


def read_dictionary(path: Path, elements: pl.DataFrame) -> Dictionary:
    """Return the elements with what a steward changed in a dictionary workbook or CSV (`EDITABLE` columns).

    Rows may be sorted, filtered away or left out; an element that is not in the file stays as it is. A bad cell is a
    finding and its row is not taken.
    """
    try:
        rows = _rows(path)
    except (BadZipFile, OSError, ValueError) as error:
        return Dictionary(elements, [REVIEW_UNREADABLE.at(file=path.name, why=str(error))])
    titles = Elements.titles()
    names = [squeeze(cell) for cell in rows[0]] if rows else []
    for column in ("element_id", *EDITABLE):
        if titles[column] not in names:
            return Dictionary(elements, [DICTIONARY_COLUMN.at(file=path.name, sheet=SHEET, column=titles[column])])
    at = {column: names.index(titles[column]) for column in ("element_id", *EDITABLE)}
    by_id = {row["element_id"]: row for row in elements.iter_rows(named=True)}
    findings: list[Finding] = []
    for number, cells in enumerate(rows[1:], start=2):
        texts = {column: _text(cells, col) for column, col in at.items()}
        if not any(texts.values()):
            continue
        faults = _faults(texts, number, path.name, by_id.keys(), titles)
        findings += faults
        if faults:
            continue
        row = by_id[texts["element_id"]]
        is_changed = any((row[column] or "") != texts[column] for column in EDITABLE)
        if is_changed and texts["status"] == DRAFT:
            cell = f"第{number}行"
            findings.append(DICTIONARY_DRAFT.at(file=path.name, sheet=SHEET, cell=cell, name=texts["element_name"]))
        row |= {column: texts[column] or None for column in EDITABLE}
    return Dictionary(Elements.frame([by_id[element_id] for element_id in elements["element_id"]]), findings)


def write_dictionary_csv(elements: pl.DataFrame, path: Path) -> None:
    """Write the same table as CSV (UTF-8 with a mark, for Excel)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    dictionary_table(elements).write_csv(path, include_bom=True)


def _allowed(column: str) -> tuple[str, ...]:
    """Return the permitted values of a column that a steward may change, from the contract."""
    if column not in EDITABLE:
        return ()
    for check in Elements.to_schema().columns[column].checks:
        if check.name == "isin":
            return tuple(check.statistics["allowed_values"])
    return ()


def _faults(texts: dict[str, str], number: int, file: str, known: Any, titles: dict[str, str]) -> list[Finding]:
    if texts["element_id"] not in known:
        return [
            DICTIONARY_ELEMENT.at(
                file=file, sheet=SHEET, cell=f"第{number}行", row=number, element_id=texts["element_id"]
            )
        ]
    found = []
    for column in EDITABLE:
        allowed = _allowed(column)
        if (allowed and texts[column] not in allowed) or (column == "element_name" and not texts[column]):
            found.append(
                DICTIONARY_VALUE.at(
                    file=file,
                    sheet=SHEET,
                    cell=f"第{number}行",
                    row=number,
                    column=titles[column],
                    value=texts[column],
                    expected="、".join(allowed) or "不能为空",
                )
            )
    return found


def _rows(path: Path) -> list[list[Any]]:
    """Return the dictionary's rows, heads first. Raises ValueError when the file cannot be read."""
    if path.suffix.lower() == ".csv":
        table = pl.read_csv(path, infer_schema=False, encoding="utf8-lossy", has_header=False)
        return [[str(cell or "").removeprefix("\ufeff") for cell in row] for row in table.iter_rows()]
    from python_calamine import CalamineError, load_workbook

    try:
        book = load_workbook(path)
        rows: list[list[Any]] = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise ValueError(str(error)) from error
    return rows


def _text(cells: list[Any], at: int) -> str:
    return str(cells[at]).strip() if at < len(cells) and cells[at] is not None else ""
