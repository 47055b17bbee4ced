"""Rules that travel inside the workbook: drop-downs and checks in the cells, one per column, with hints in Chinese.

They warn and do not block (the words for "no value" must stay possible); what must hold is checked again on return.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.collection.columns import Column
from pipelines.collection.layout import LISTS_SHEET
from pipelines.text import column_letters
from schemas.words import NULL_REASONS

NO_VALUE = "没有的写“无此项”“不适用”或“暂未掌握”。"
LONGEST_HINT = 255
"""Excel's limit for the text of a hint; 32 for its title."""


@dataclass(slots=True)
class Lists:
    """The drop-down lists of a workbook, a column each on the hidden sheet; equal lists are kept once."""

    columns: dict[tuple[str, ...], int] = field(default_factory=dict)

    def source(self, choices: Sequence[str]) -> str:
        """Return the range of a list, adding it when it is new."""
        col = self.columns.setdefault(tuple(choices), len(self.columns))
        letters = column_letters(col)
        return f"='{LISTS_SHEET}'!${letters}$1:${letters}${len(choices)}"

    def write(self, book: Any) -> None:
        """Write the hidden sheet."""
        sheet = book.add_worksheet(LISTS_SHEET)
        for choices, col in self.columns.items():
            for row, choice in enumerate(choices):
                sheet.write_string(row, col, choice)
        sheet.very_hidden()


def rule(column: Column, first_cell: str, lists: Lists) -> dict[str, Any] | None:
    """Return XlsxWriter's data validation of a column, None when any text will do. first_cell: e.g. "E6"."""
    hint = _hint(column)
    warn = {"error_type": "warning", "input_title": column.title[:32], "error_title": "请核对"}
    if column.choices:
        offered = column.choices if column.choices == ("是",) else (*column.choices, *NULL_REASONS)
        message = f"“{column.title}”请从下拉列表选择。"
        return warn | {
            "validate": "list",
            "source": lists.source(offered),
            "input_message": hint,
            "error_message": message[:LONGEST_HINT],
        }
    if column.is_id_number:
        return warn | {
            "validate": "custom",
            "value": id_number_formula(first_cell),
            "input_message": hint,
            "error_message": "身份证号码不是 18 位，或者校验码不对。请对照证件核对。",
        }
    if column.is_credit_code:
        return warn | {
            "validate": "custom",
            "value": credit_code_formula(first_cell),
            "input_message": hint,
            "error_message": "统一社会信用代码不是 18 位，或者校验码不对。请对照证书核对。",
        }
    if column.data_type in ("integer", "decimal"):
        kind = "整数" if column.data_type == "integer" else "数字"
        below = "" if column.least is None else f"，不小于 {column.least}"
        return warn | {
            "validate": column.data_type,
            "criteria": "between",
            "minimum": -999_999_999 if column.least is None else column.least,
            "maximum": 999_999_999_999 if column.data_type == "decimal" else 2_000_000_000,
            "input_message": hint,
            "error_message": f"“{column.title[:60]}”应填{kind}{below}，单位不要写进单元格。{NO_VALUE}",
        }
    if column.data_type == "date":
        return warn | {
            "validate": "custom",
            "value": f"=OR(ISNUMBER({first_cell}),LEN({first_cell})<8)",
            "input_message": hint,
            "error_message": "请按 年-月-日 填写，例如 1990-01-05。",
        }
    return None


def id_number_formula(cell: str) -> str:
    """Return a formula that is true for a valid ID number (GB 11643; the weight of place i is 2^(18-i) mod 11).

    The places come from INDIRECT, so that inserting rows does not shift them.
    """
    place = 'ROW(INDIRECT("1:17"))'
    total = f"SUMPRODUCT(MID({cell},{place},1)*MOD(2^(18-{place}),11))"
    check = f'MID("10X98765432",MOD({total},11)+1,1)'
    return f"=IFERROR(AND(LEN({cell})=18,UPPER(RIGHT({cell},1))={check}),FALSE)"


def credit_code_formula(cell: str) -> str:
    """Return a formula that is true for a valid unified social credit code (GB 32100: weights 3^(i-1), modulo 31)."""
    place, letters = 'ROW(INDIRECT("1:17"))', '"0123456789ABCDEFGHJKLMNPQRTUWXY"'
    total = f"SUMPRODUCT((FIND(MID({cell},{place},1),{letters})-1)*MOD(3^({place}-1),31))"
    check = f"MID({letters},MOD(31-MOD({total},31),31)+1,1)"
    return f"=IFERROR(AND(LEN({cell})=18,RIGHT({cell},1)={check}),FALSE)"


def _hint(column: Column) -> str:
    if column.is_id_number:
        text = "18 位公民身份号码，末位 X 大写。"
    elif column.is_credit_code:
        text = "18 位统一社会信用代码，字母大写，没有 I、O、S、V、Z。"
    elif column.data_type == "date":
        text = "日期，如 1990-01-05。"
    elif column.choices:
        text = "从下拉列表选择。"
    else:
        text = f"填数字，单位：{column.unit}。" if column.unit else "填数字。"
    if column.choices != ("是",):
        text += NO_VALUE
    return text[:LONGEST_HINT]
