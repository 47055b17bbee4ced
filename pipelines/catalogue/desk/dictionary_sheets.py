"""The sheets beside the data dictionary: code lists in use, how to read it; and how its pages print."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.catalogue.domains import code_list


def write_value(sheet: Any, row: int, col: int, value: Any, style: Any) -> None:
    """Write a number as a number, a text as a text, nothing as a blank."""
    if value is None:
        sheet.write_blank(row, col, None, style)
    elif isinstance(value, int):
        sheet.write_number(row, col, value, style)
    else:
        sheet.write_string(row, col, str(value), style)


def write_codes(sheet: Any, elements: pl.DataFrame, head: Any, wrap: Any) -> None:
    """Write the national code lists that the elements use, a row per code."""
    for col, (title, width) in enumerate((("代码表", 24), ("标准", 20), ("代码", 8), ("名称", 24), ("标准名称", 30))):
        sheet.write_string(0, col, title, head)
        sheet.set_column(col, col, width)
    used = {}
    for object_class, prop, data_type in elements.select("object_class", "property", "data_type").iter_rows():
        found = code_list(object_class, prop, data_type)
        if found:
            used[found.title] = found
    row = 0
    for title in sorted(used):
        for code in used[title].codes:
            row += 1
            for col, text in enumerate((title, used[title].standard, code.code, code.name, code.standard_name)):
                sheet.write_string(row, col, text, wrap)
    sheet.freeze_panes(1, 0)
    set_page(sheet)


def write_help(sheet: Any, wrap: Any) -> None:
    """Write how to read and change the dictionary."""
    sheet.set_column(0, 0, 100)
    lines = (
        "本字典按 GB/T 19488.1《电子政务数据元 第1部分：设计和管理规范》的属性编列。",
        "表示格式：C..50 最长 50 个字，C18 恰好 18 个字，N..10 最多 10 位整数，N..16,2 其中 2 位小数，D8 日期。",
        "黄色各列可以修改：名称、定义、数据级别、共享属性、数源部门及依据、登记状态；其余由系统算出，改了也不采用。",
        "登记状态改为“已核准”后，这一行的名称、定义、单位、级别、共享属性和数源部门不再随规则变动。",
        "编号一经分配不再改变，也不再分配给别的数据元；停用的保留在表里。",
    )
    for row, text in enumerate(lines):
        sheet.write_string(row, 0, text, wrap)
    set_page(sheet)


def set_page(sheet: Any) -> None:
    """Set a sheet up for A3 paper, landscape, one page wide, heads on every page."""
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
